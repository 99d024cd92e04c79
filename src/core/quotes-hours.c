/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-hours.h"

#define MINUTE_US (60 * G_USEC_PER_SEC)
/* providers.md 3.6. */
#define BEFORE_OPENING_US (30 * G_USEC_PER_SEC)
#define AFTER_CLOSING_US (60 * G_USEC_PER_SEC)
/* No session of a week that we know is further away. */
#define DAYS_MAX 8

typedef struct
{
  gint64 opens_us;
  gint64 closes_us;
} Session;

/* A week of sessions at New York's time, which all of CME Group and the world's currency trade
 * keep: each ends at 17:00 of a day on which one ends. */
typedef struct
{
  guint end_days; /* bit n = day n of the week, 1 = Monday */
  int n_days;     /* from the day of its beginning */
  int opening_hour;
} Week;

#define CLOSING_HOUR 17
#define DAY(n) (1U << (n))

static const Week futures_week = {
  .end_days = DAY (G_DATE_MONDAY) | DAY (G_DATE_TUESDAY) | DAY (G_DATE_WEDNESDAY) |
              DAY (G_DATE_THURSDAY) | DAY (G_DATE_FRIDAY),
  .n_days = 1,
  .opening_hour = 18,
};

static const Week currency_week = {
  .end_days = DAY (G_DATE_FRIDAY),
  .n_days = 5,
  .opening_hour = 17,
};

/* NULL = not one that we know. */
static const Week *
find_week (const QuotesQuote *quote)
{
  /* Not CBOT: grain has a day of its own. */
  static const char *const exchanges[] = {"CME", "COMEX", "NY Mercantile", "NYMEX", NULL};

  if (quote->asset_class == QUOTES_ASSET_CLASS_FX)
    return &currency_week;
  if (quote->asset_class == QUOTES_ASSET_CLASS_METAL ||
      quote->asset_class == QUOTES_ASSET_CLASS_OIL ||
      (quote->exchange != NULL && g_strv_contains (exchanges, quote->exchange)))
    return &futures_week;
  return NULL;
}

/* By the wall clock there, so that a day of 23 or 25 hours is one. */
static GDateTime *
get_hour (GDateTime *day, GTimeZone *zone, int n_days_later, int hour)
{
  g_autoptr (GDateTime) other = g_date_time_add_days (day, n_days_later);

  return g_date_time_new (zone, g_date_time_get_year (other), g_date_time_get_month (other),
                          g_date_time_get_day_of_month (other), hour, 0, 0);
}

static gint64
get_us (GDateTime *time)
{
  return g_date_time_to_unix (time) * G_USEC_PER_SEC;
}

/* The first session of the week that ends after @after_us. */
static gboolean
find_session (const Week *week, GTimeZone *new_york, gint64 after_us, Session *session)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (after_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) today = utc != NULL ? g_date_time_to_timezone (utc, new_york) : NULL;

  for (int i = 0; today != NULL && i < DAYS_MAX; i++)
    {
      g_autoptr (GDateTime) end = get_hour (today, new_york, i, CLOSING_HOUR);
      g_autoptr (GDateTime) begin = NULL;

      if (end == NULL || get_us (end) <= after_us ||
          (week->end_days & DAY (g_date_time_get_day_of_week (end))) == 0)
        continue;
      begin = get_hour (today, new_york, i - week->n_days, week->opening_hour);
      if (begin == NULL)
        return FALSE;
      session->opens_us = get_us (begin);
      session->closes_us = get_us (end);
      return TRUE;
    }
  return FALSE;
}

/* A late feed has the prices of the last minutes when the market is closed already; until then it
 * moves as if the market were open. */
static gint64
get_lateness_us (const QuotesQuote *quote)
{
  return MAX (quote->delay_minutes, quote->feed_delay_minutes) * MINUTE_US + AFTER_CLOSING_US;
}

static void
apply_session (QuotesHours *self, const Session *session, gint64 lateness_us, gint64 now_us)
{
  gint64 last_us = session->closes_us + lateness_us;
  gboolean is_extended =
    self->state == QUOTES_MARKET_STATE_PRE || self->state == QUOTES_MARKET_STATE_POST;

  if (now_us >= session->opens_us && now_us < last_us)
    {
      if (self->state != QUOTES_MARKET_STATE_POST || now_us < session->closes_us)
        self->state = QUOTES_MARKET_STATE_REGULAR;
      self->ask_us = last_us;
      self->change_us = last_us;
      return;
    }
  if (!is_extended)
    self->state = QUOTES_MARKET_STATE_CLOSED;
  self->ask_us = now_us < session->opens_us ? session->opens_us - BEFORE_OPENING_US : last_us;
  self->change_us = now_us < session->opens_us ? session->opens_us : 0;
}

/**
 * quotes_hours_judge:
 * @quote: the last one, with the state and the session that its provider said
 * @new_york: (nullable): that time zone; %NULL = the system knows none
 * @now_us: the real time
 *
 * The session says more than the state, which is as old as the quote. For futures and currencies
 * the week of their exchanges is asked when there is no session, or when it is over: what Yahoo
 * calls the session of a future is a day from midnight to midnight, without Sunday's evening.
 */
void
quotes_hours_judge (QuotesHours *self, const QuotesQuote *quote, GTimeZone *new_york, gint64 now_us)
{
  Session session = {quote->opens_us, quote->closes_us};
  gint64 lateness_us = get_lateness_us (quote);
  gboolean has_session = session.opens_us > 0 && session.closes_us > session.opens_us;
  gboolean is_open =
    has_session && now_us >= session.opens_us && now_us < session.closes_us + lateness_us;
  const Week *week = find_week (quote);

  *self = (QuotesHours){.state = quote->market_state};
  if (quote->market_state == QUOTES_MARKET_STATE_ALWAYS ||
      quote->asset_class == QUOTES_ASSET_CLASS_CRYPTO)
    {
      self->state = QUOTES_MARKET_STATE_ALWAYS;
      return;
    }
  if (week != NULL && !is_open && new_york != NULL &&
      find_session (week, new_york, now_us - lateness_us, &session))
    has_session = TRUE;
  if (has_session)
    apply_session (self, &session, lateness_us, now_us);
}
