/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-yahoo-meta.h"

#include <math.h>
#include <string.h>

#include "quotes-answer.h"
#include "quotes-decimal.h"
#include "quotes-json.h"

#define DECIMALS_MAX 12
#define DAY_S 86400
#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
/* `America/Argentina/ComodRivadavia` is the longest. */
#define CODE_BYTES_MAX 40

static const char *const period_names[] = {"pre", "regular", "post"};

void
quotes_yahoo_meta_free (QuotesYahooMeta *self)
{
  g_free (self->type);
  g_free (self->name);
  g_free (self->short_name);
  g_free (self->currency);
  g_free (self->exchange);
  g_free (self->exchange_code);
  g_free (self->exchange_timezone);
  g_free (self);
}

/* The bars of an answer: equally long arrays with nulls, any of which may be missing. */
typedef struct
{
  JsonArray *times;  /* (nullable) */
  JsonArray *opens;  /* (nullable) */
  JsonArray *closes; /* (nullable) */
} Bars;

static void
bars_read (Bars *self, JsonObject *result)
{
  JsonArray *quotes =
    quotes_json_object_get_array (quotes_json_object_get_object (result, "indicators"), "quote");
  JsonObject *quote = quotes != NULL && json_array_get_length (quotes) > 0
                        ? quotes_json_get_object (json_array_get_element (quotes, 0))
                        : NULL;

  self->times = quotes_json_object_get_array (result, "timestamp");
  self->opens = quotes_json_object_get_array (quote, "open");
  self->closes = quotes_json_object_get_array (quote, "close");
}

/* The last bar before @end that has a close; -1 = none. */
static int
bars_find_close (const Bars *self, int end)
{
  for (int i = end - 1; i >= 0; i--)
    if (isfinite (quotes_json_array_get_number (self->closes, (guint) i)))
      return i;
  return -1;
}

static int
bars_find_last_close (const Bars *self)
{
  return self->closes != NULL ? bars_find_close (self, (int) json_array_get_length (self->closes))
                              : -1;
}

static gboolean
is_text (JsonObject *object, const char *member, const char *expected)
{
  return g_strcmp0 (quotes_json_object_get_string (object, member), expected) == 0;
}

static double
get_local_day (double time, double offset)
{
  return floor ((time + offset) / DAY_S);
}

/* Whether bar @i is of the day, by the exchange's own calendar, on which the price was made. */
static gboolean
bars_is_of_today (const Bars *self, int i, JsonObject *meta)
{
  double time = quotes_json_array_get_number (self->times, (guint) i);
  double market_time = quotes_json_object_get_number (meta, "regularMarketTime");
  double offset = quotes_json_object_get_number (meta, "gmtoffset");

  return isfinite (time) && isfinite (market_time) && isfinite (offset) &&
         fabs (get_local_day (time, offset) - get_local_day (market_time, offset)) < 0.5;
}

/* Of the bars of some days: yesterday's close is the last but one, if the last one is today's. */
static double
bars_get_previous_close (const Bars *self, JsonObject *meta)
{
  int last = bars_find_last_close (self);

  if (last < 0 || !is_text (meta, "dataGranularity", "1d") || !bars_is_of_today (self, last, meta))
    return NAN;

  return quotes_json_array_get_number (self->closes, (guint) bars_find_close (self, last));
}

static double
bars_get_open (const Bars *self, JsonObject *meta)
{
  int last = bars_find_last_close (self);
  guint n_bars = self->opens != NULL ? json_array_get_length (self->opens) : 0;

  if (is_text (meta, "dataGranularity", "1d"))
    return last >= 0 && bars_is_of_today (self, last, meta)
             ? quotes_json_array_get_number (self->opens, (guint) last)
             : (double) NAN;
  if (!is_text (meta, "range", "1d"))
    return NAN;

  for (guint i = 0; i < n_bars; i++)
    if (isfinite (quotes_json_array_get_number (self->opens, i)))
      return quotes_json_array_get_number (self->opens, i);
  return NAN;
}

/* Regular price, else the newest bar. A price that is there but is no number is not made up for. */
static void
read_price (QuotesYahooMeta *self, JsonObject *meta, const Bars *bars)
{
  int last = bars_find_last_close (bars);

  self->price = quotes_json_object_get_number (meta, "regularMarketPrice");
  self->quote_time = quotes_json_object_get_number (meta, "regularMarketTime");
  self->is_invalid = quotes_json_object_is_invalid_number (meta, "regularMarketPrice");
  if (isfinite (self->price) || self->is_invalid || last < 0)
    return;

  self->price = quotes_json_array_get_number (bars->closes, (guint) last);
  if (!isfinite (self->quote_time))
    self->quote_time = quotes_json_array_get_number (bars->times, (guint) last);
}

/* providers.md 3.2, in its order. `chartPreviousClose` is the close before what was asked for,
 * which is yesterday's only for one day. */
static double
find_previous_close (double price, JsonObject *meta, const Bars *bars)
{
  double close = quotes_json_object_get_number (meta, "previousClose");
  double change = quotes_json_object_get_number (meta, "fulldayChange");
  double percent = quotes_json_object_get_number (meta, "regularMarketChangePercent");

  if (isfinite (close))
    return close;
  if (isfinite (change))
    return quotes_decimal_subtract (price, change);

  close = is_text (meta, "range", "1d") ? quotes_json_object_get_number (meta, "chartPreviousClose")
                                        : (double) NAN;
  if (!isfinite (close))
    close = bars_get_previous_close (bars, meta);
  if (isfinite (close))
    return close;

  close = price / (1 + percent / 100);
  return isfinite (close) ? close : (double) NAN;
}

/* Yahoo writes 0 for what it does not know. */
static double
forget_zero (double value, double price)
{
  return value == 0 && price != 0 ? (double) NAN : value;
}

/* Nothing is traded in an index, and nobody counts what is in a currency: their 0 says nothing. */
static double
read_volume (const QuotesYahooMeta *self, JsonObject *meta)
{
  double volume = quotes_json_object_get_number (meta, "regularMarketVolume");
  gboolean is_uncounted =
    g_strcmp0 (self->type, "INDEX") == 0 || g_strcmp0 (self->type, "CURRENCY") == 0;

  return volume < 0 || (volume == 0 && is_uncounted) ? (double) NAN : volume;
}

static void
read_periods (QuotesYahooMeta *self, JsonObject *meta)
{
  JsonObject *periods = quotes_json_object_get_object (meta, "currentTradingPeriod");

  for (guint i = 0; i < QUOTES_YAHOO_N_PERIODS; i++)
    {
      JsonObject *period = quotes_json_object_get_object (periods, period_names[i]);
      /* A session may begin in the future; no later than that. */
      gint64 start_us =
        quotes_answer_get_time_us (quotes_json_object_get_number (period, "start"), G_MAXINT64 / 2);
      gint64 end_us =
        quotes_answer_get_time_us (quotes_json_object_get_number (period, "end"), G_MAXINT64 / 2);

      if (start_us == 0 || end_us < start_us)
        continue;
      self->starts_us[i] = start_us;
      self->ends_us[i] = end_us;
    }
}

static char *
dup_member (JsonObject *meta, const char *member, const char *otherwise)
{
  char *text = quotes_answer_dup_text (quotes_json_object_get_string (meta, member));

  if (text == NULL && otherwise != NULL)
    text = quotes_answer_dup_text (quotes_json_object_get_string (meta, otherwise));
  return text;
}

/* For what goes by a code; a longer text, or one with other signs, would be something else. */
static char *
dup_code (JsonObject *meta, const char *member)
{
  const char *text = quotes_json_object_get_string (meta, member);
  gsize length = text != NULL ? strlen (text) : 0;

  return length > 0 && length <= CODE_BYTES_MAX &&
             strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_/+-") == length
           ? g_strdup (text)
           : NULL;
}

/**
 * quotes_yahoo_meta_read:
 * @result: one result of a chart, or one response of a spark
 * @now_us: the real time
 *
 * Returns: (transfer full) (nullable): %NULL when there is no `meta`
 */
QuotesYahooMeta *
quotes_yahoo_meta_read (JsonObject *result, gint64 now_us)
{
  JsonObject *meta = quotes_json_object_get_object (result, "meta");
  QuotesYahooMeta *self = NULL;
  gint64 hint = -1;
  Bars bars;

  if (meta == NULL)
    return NULL;

  self = g_new0 (QuotesYahooMeta, 1);
  bars_read (&bars, result);
  read_price (self, meta, &bars);
  self->previous_close = find_previous_close (self->price, meta, &bars);
  self->open = forget_zero (bars_get_open (&bars, meta), self->price);
  self->high =
    forget_zero (quotes_json_object_get_number (meta, "regularMarketDayHigh"), self->price);
  self->low =
    forget_zero (quotes_json_object_get_number (meta, "regularMarketDayLow"), self->price);
  self->price_hint = quotes_json_object_get_int (meta, "priceHint", &hint)
                       ? (int) CLAMP (hint, 0, DECIMALS_MAX)
                       : -1;
  self->type = dup_code (meta, "instrumentType");
  self->volume = read_volume (self, meta);
  self->name = dup_member (meta, "longName", "shortName");
  self->short_name = dup_member (meta, "shortName", NULL);
  self->currency = dup_code (meta, "currency");
  self->exchange = dup_member (meta, "fullExchangeName", "exchangeName");
  self->exchange_code = dup_code (meta, "exchangeName");
  self->exchange_timezone = dup_code (meta, "exchangeTimezoneName");
  read_periods (self, meta);
  self->fetched_us = now_us;

  return self;
}

static gboolean
is_in_period (const QuotesYahooMeta *self, QuotesYahooPeriod period, gint64 at_us)
{
  return at_us >= self->starts_us[period] && at_us < self->ends_us[period];
}

/**
 * quotes_yahoo_meta_get_state:
 *
 * Returns: the state of the market at @now_us, as far as the periods tell
 */
QuotesMarketState
quotes_yahoo_meta_get_state (const QuotesYahooMeta *self, gint64 now_us)
{
  if (g_strcmp0 (self->type, "CRYPTOCURRENCY") == 0)
    return QUOTES_MARKET_STATE_ALWAYS;
  if (self->ends_us[QUOTES_YAHOO_PERIOD_REGULAR] == 0)
    return QUOTES_MARKET_STATE_UNKNOWN;
  if (is_in_period (self, QUOTES_YAHOO_PERIOD_REGULAR, now_us))
    return QUOTES_MARKET_STATE_REGULAR;
  if (is_in_period (self, QUOTES_YAHOO_PERIOD_PRE, now_us))
    return QUOTES_MARKET_STATE_PRE;
  if (is_in_period (self, QUOTES_YAHOO_PERIOD_POST, now_us))
    return QUOTES_MARKET_STATE_POST;
  return QUOTES_MARKET_STATE_CLOSED;
}

/**
 * quotes_yahoo_meta_has_ended:
 *
 * Returns: whether the session that @self knows is over at @at_us
 */
gboolean
quotes_yahoo_meta_has_ended (const QuotesYahooMeta *self, gint64 at_us)
{
  gint64 end_us =
    MAX (self->ends_us[QUOTES_YAHOO_PERIOD_REGULAR], self->ends_us[QUOTES_YAHOO_PERIOD_POST]);

  return at_us > (end_us != 0 ? end_us : self->fetched_us + DAY_US);
}

/* When the price was made; at the latest when it came. */
static gint64
get_price_time_us (const QuotesYahooMeta *self)
{
  gint64 time_us = quotes_answer_get_time_us (self->quote_time, self->fetched_us);

  return time_us != 0 ? time_us : self->fetched_us;
}

/**
 * quotes_yahoo_meta_is_same_session:
 * @self: a newer answer
 * @facts: an older one
 *
 * Returns: whether the day's figures of @facts are still those of the day of @self's price
 */
gboolean
quotes_yahoo_meta_is_same_session (const QuotesYahooMeta *self, const QuotesYahooMeta *facts)
{
  gint64 start_us = facts->starts_us[QUOTES_YAHOO_PERIOD_REGULAR];
  gint64 price_us = get_price_time_us (self);

  if (quotes_yahoo_meta_has_ended (facts, price_us))
    return FALSE;
  /* The session of a closed market is the next one: it has begun since, and has figures now. */
  return get_price_time_us (facts) >= start_us || price_us < start_us;
}
