/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-hours.h"
#include "quotes-pace.h"

#define SECOND_US ((gint64) G_USEC_PER_SEC)
#define BASE_US (30 * SECOND_US)
#define CLOSED_US (900 * SECOND_US)
/* 2026-02-17T14:30:00Z to 21:00:00Z, a Tuesday at the New York Stock Exchange */
#define OPENS "2026-02-17T14:30:00Z"
#define CLOSES "2026-02-17T21:00:00Z"

static gint64
parse_us (const char *text)
{
  g_autoptr (GDateTime) time = NULL;

  if (text == NULL)
    return 0;
  time = g_date_time_new_from_iso8601 (text, NULL);
  g_assert_nonnull (time);
  return g_date_time_to_unix (time) * SECOND_US;
}

typedef struct
{
  const char *what;
  QuotesAssetClass asset_class;
  const char *exchange;
  QuotesMarketState given;
  int delay_minutes;
  const char *opens;
  const char *closes;
  const char *now;
  QuotesMarketState state;
  const char *ask;
  const char *change;
} HoursRow;

#define PRE QUOTES_MARKET_STATE_PRE
#define REGULAR QUOTES_MARKET_STATE_REGULAR
#define POST QUOTES_MARKET_STATE_POST
#define CLOSED QUOTES_MARKET_STATE_CLOSED
#define ALWAYS QUOTES_MARKET_STATE_ALWAYS
#define UNKNOWN QUOTES_MARKET_STATE_UNKNOWN
#define INDEX QUOTES_ASSET_CLASS_INDEX
#define METAL QUOTES_ASSET_CLASS_METAL
#define OIL QUOTES_ASSET_CLASS_OIL
#define FX QUOTES_ASSET_CLASS_FX
#define OTHER QUOTES_ASSET_CLASS_OTHER
#define CRYPTO QUOTES_ASSET_CLASS_CRYPTO

/* clang-format off */
static const HoursRow sessions[] = {
  {"the night before", INDEX, NULL, CLOSED, 0, OPENS, CLOSES, "2026-02-17T03:00:00Z",
   CLOSED, "2026-02-17T14:29:30Z", OPENS},
  {"before the opening", INDEX, NULL, PRE, 0, OPENS, CLOSES, "2026-02-17T14:29:59Z",
   PRE, "2026-02-17T14:29:30Z", OPENS},
  {"at the opening, by a state that is old", INDEX, NULL, PRE, 0, OPENS, CLOSES, OPENS,
   REGULAR, "2026-02-17T21:01:00Z", "2026-02-17T21:01:00Z"},
  {"the last moment", INDEX, NULL, REGULAR, 0, OPENS, CLOSES, "2026-02-17T20:59:59Z",
   REGULAR, "2026-02-17T21:01:00Z", "2026-02-17T21:01:00Z"},
  {"the last price is on its way", INDEX, NULL, REGULAR, 0, OPENS, CLOSES, CLOSES,
   REGULAR, "2026-02-17T21:01:00Z", "2026-02-17T21:01:00Z"},
  {"the last price came", INDEX, NULL, REGULAR, 0, OPENS, CLOSES, "2026-02-17T21:01:00Z",
   CLOSED, "2026-02-17T21:01:00Z", NULL},
  {"a late feed still moves", INDEX, NULL, CLOSED, 15, OPENS, CLOSES, "2026-02-17T21:15:59Z",
   REGULAR, "2026-02-17T21:16:00Z", "2026-02-17T21:16:00Z"},
  {"a late feed has ended", INDEX, NULL, CLOSED, 15, OPENS, CLOSES, "2026-02-17T21:16:00Z",
   CLOSED, "2026-02-17T21:16:00Z", NULL},
  {"after the closing", INDEX, NULL, POST, 0, OPENS, CLOSES, "2026-02-17T21:00:30Z",
   POST, "2026-02-17T21:01:00Z", "2026-02-17T21:01:00Z"},
  {"long after the closing", INDEX, NULL, POST, 0, OPENS, CLOSES, "2026-02-17T23:00:00Z",
   POST, "2026-02-17T21:01:00Z", NULL},
  {"without a session the state holds", INDEX, NULL, CLOSED, 0, NULL, NULL, OPENS,
   CLOSED, NULL, NULL},
  {"without anything nothing is known", INDEX, NULL, UNKNOWN, 0, NULL, NULL, OPENS,
   UNKNOWN, NULL, NULL},
  {"a session that ends before it begins is none", INDEX, NULL, REGULAR, 0, CLOSES, OPENS, OPENS,
   REGULAR, NULL, NULL},
  {"coins never rest", CRYPTO, NULL, UNKNOWN, 0, OPENS, CLOSES, "2026-02-15T03:00:00Z",
   ALWAYS, NULL, NULL},
};

/* The clocks of New York go forward on 2026-03-08 and back on 2026-11-01, both Sundays. */
static const HoursRow weeks[] = {
  {"Friday, the last moment", METAL, NULL, UNKNOWN, 10, NULL, NULL, "2026-03-06T16:59:59-05:00",
   REGULAR, "2026-03-06T17:11:00-05:00", "2026-03-06T17:11:00-05:00"},
  {"Friday, the last price", METAL, NULL, UNKNOWN, 10, NULL, NULL, "2026-03-06T17:10:59-05:00",
   REGULAR, "2026-03-06T17:11:00-05:00", "2026-03-06T17:11:00-05:00"},
  {"Friday, it is over", METAL, NULL, UNKNOWN, 10, NULL, NULL, "2026-03-06T17:11:00-05:00",
   CLOSED, "2026-03-08T17:59:30-04:00", "2026-03-08T18:00:00-04:00"},
  {"Saturday", OIL, NULL, CLOSED, 0, NULL, NULL, "2026-03-07T12:00:00-05:00",
   CLOSED, "2026-03-08T17:59:30-04:00", "2026-03-08T18:00:00-04:00"},
  {"Sunday of spring, a moment before", OIL, NULL, CLOSED, 0, NULL, NULL, "2026-03-08T21:59:59Z",
   CLOSED, "2026-03-08T21:59:30Z", "2026-03-08T22:00:00Z"},
  {"Sunday of spring, open", OIL, NULL, CLOSED, 0, NULL, NULL, "2026-03-08T22:00:00Z",
   REGULAR, "2026-03-09T21:01:00Z", "2026-03-09T21:01:00Z"},
  {"Sunday of winter, not yet", OIL, NULL, CLOSED, 0, NULL, NULL, "2026-11-01T22:00:00Z",
   CLOSED, "2026-11-01T22:59:30Z", "2026-11-01T23:00:00Z"},
  {"Sunday of winter, open", OIL, NULL, CLOSED, 0, NULL, NULL, "2026-11-01T23:00:00Z",
   REGULAR, "2026-11-02T22:01:00Z", "2026-11-02T22:01:00Z"},
  {"the pause of a Wednesday", METAL, NULL, UNKNOWN, 0, NULL, NULL, "2026-07-08T17:30:00-04:00",
   CLOSED, "2026-07-08T17:59:30-04:00", "2026-07-08T18:00:00-04:00"},
  {"after the pause", METAL, NULL, UNKNOWN, 0, NULL, NULL, "2026-07-08T18:00:00-04:00",
   REGULAR, "2026-07-09T17:01:00-04:00", "2026-07-09T17:01:00-04:00"},
  {"a future by its exchange", OTHER, "CME", UNKNOWN, 0, NULL, NULL, "2026-07-11T12:00:00Z",
   CLOSED, "2026-07-12T17:59:30-04:00", "2026-07-12T18:00:00-04:00"},
  {"another exchange is not known", OTHER, "CBOT", UNKNOWN, 0, NULL, NULL, "2026-07-11T12:00:00Z",
   UNKNOWN, NULL, NULL},
  {"Sunday's evening, though the session is Monday's day", METAL, NULL, CLOSED, 0,
   "2026-07-13T00:00:00-04:00", "2026-07-13T23:59:00-04:00", "2026-07-12T19:00:00-04:00",
   REGULAR, "2026-07-13T17:01:00-04:00", "2026-07-13T17:01:00-04:00"},
  {"a session that is on comes first", METAL, NULL, REGULAR, 0,
   "2026-07-13T00:00:00-04:00", "2026-07-13T23:59:00-04:00", "2026-07-13T17:30:00-04:00",
   REGULAR, "2026-07-14T00:00:00-04:00", "2026-07-14T00:00:00-04:00"},
  {"currencies, a Wednesday at 17:30", FX, "CCY", UNKNOWN, 0, NULL, NULL,
   "2026-07-08T17:30:00-04:00", REGULAR, "2026-07-10T17:01:00-04:00", "2026-07-10T17:01:00-04:00"},
  {"currencies, Friday", FX, "CCY", UNKNOWN, 0, NULL, NULL, "2026-10-30T17:01:00-04:00",
   CLOSED, "2026-11-01T16:59:30-05:00", "2026-11-01T17:00:00-05:00"},
  {"currencies, Sunday", FX, "CCY", CLOSED, 0, NULL, NULL, "2026-11-01T17:00:00-05:00",
   REGULAR, "2026-11-06T17:01:00-05:00", "2026-11-06T17:01:00-05:00"},
};
/* clang-format on */

static QuotesQuote
make_quote (QuotesAssetClass asset_class, QuotesMarketState state)
{
  QuotesQuote fields = QUOTES_QUOTE_INIT;

  fields.symbol = "X";
  fields.name = "X";
  fields.instrument = "yahoo:X";
  fields.provider_symbol = "X";
  fields.currency = "USD";
  fields.source = "yahoo";
  fields.price = 1;
  fields.asset_class = asset_class;
  fields.market_state = state;
  return fields;
}

static void
check_rows (const HoursRow *rows, gsize n_rows)
{
  g_autoptr (GTimeZone) new_york = g_time_zone_new_identifier ("America/New_York");

  g_assert_nonnull (new_york);
  for (gsize i = 0; i < n_rows; i++)
    {
      const HoursRow *row = &rows[i];
      QuotesQuote quote = make_quote (row->asset_class, row->given);
      QuotesHours hours = {0};

      g_test_message ("%s", row->what);
      quote.exchange = row->exchange;
      quote.feed_delay_minutes = row->delay_minutes;
      quote.opens_us = parse_us (row->opens);
      quote.closes_us = parse_us (row->closes);
      quotes_hours_judge (&hours, &quote, new_york, parse_us (row->now));
      g_assert_cmpint (hours.state, ==, row->state);
      g_assert_cmpint (hours.ask_us, ==, parse_us (row->ask));
      g_assert_cmpint (hours.change_us, ==, parse_us (row->change));
    }
}

static void
test_the_session_tells_what_comes (void)
{
  check_rows (sessions, G_N_ELEMENTS (sessions));
}

static void
test_the_week_is_that_of_new_york (void)
{
  check_rows (weeks, G_N_ELEMENTS (weeks));
}

/* From bell to bell through two years: each is in the future, and it changes then. */
static void
test_what_is_announced_happens (void)
{
  g_autoptr (GTimeZone) new_york = g_time_zone_new_identifier ("America/New_York");
  QuotesQuote quote = make_quote (OIL, UNKNOWN);
  gint64 end_us = parse_us ("2027-12-31T00:00:00Z");
  guint n_openings = 0;

  for (gint64 now_us = parse_us ("2026-01-02T12:00:00Z"); now_us < end_us;)
    {
      QuotesHours before = {0};
      QuotesHours hours = {0};
      QuotesHours after = {0};

      quotes_hours_judge (&hours, &quote, new_york, now_us);
      g_assert_cmpint (hours.change_us, >, now_us);
      g_assert_cmpint (hours.change_us - now_us, <=, 3 * 86400 * SECOND_US);
      quotes_hours_judge (&before, &quote, new_york, hours.change_us - 1);
      quotes_hours_judge (&after, &quote, new_york, hours.change_us);
      g_assert_cmpint (before.state, ==, hours.state);
      g_assert_cmpint (after.state, !=, hours.state);
      n_openings += after.state == REGULAR;
      now_us = hours.change_us;
    }
  /* For each Monday to Friday from 2026-01-05 to 2027-12-31. */
  g_assert_cmpuint (n_openings, ==, 103 * 5 + 5);
}

static void
test_without_time_zones_the_state_holds (void)
{
  QuotesQuote quote = make_quote (METAL, REGULAR);
  QuotesHours hours = {0};

  quotes_hours_judge (&hours, &quote, NULL, parse_us ("2026-07-11T12:00:00Z"));
  g_assert_cmpint (hours.state, ==, REGULAR);
  g_assert_cmpint (hours.change_us, ==, 0);
}

typedef struct
{
  const char *what;
  QuotesMarketState states[3]; /* -1 = no more */
  QuotesPaceConditions conditions;
  guint n_quiet;
  gboolean is_waiting;
  int base_s;
  int interval_s;
  QuotesPaceReason reason;
} PaceRow;

#define NONE ((QuotesMarketState) -1)
#define UNWATCHED                                                                                  \
  {                                                                                                \
    .is_unwatched = TRUE                                                                           \
  }
#define METERED                                                                                    \
  {                                                                                                \
    .is_metered = TRUE                                                                             \
  }
#define SAVER                                                                                      \
  {                                                                                                \
    .is_power_saver = TRUE                                                                         \
  }
#define ALL                                                                                        \
  {                                                                                                \
    FALSE, TRUE, TRUE, TRUE                                                                        \
  }
#define FREE                                                                                       \
  {                                                                                                \
    0                                                                                              \
  }

/* clang-format off */
static const PaceRow paces[] = {
  {"nothing to ask for", {NONE}, FREE, 0, FALSE, 30, 30, QUOTES_PACE_REGULAR},
  {"open", {REGULAR, NONE}, FREE, 0, FALSE, 30, 30, QUOTES_PACE_REGULAR},
  {"unknown is as open", {UNKNOWN, CLOSED, NONE}, FREE, 0, FALSE, 30, 30, QUOTES_PACE_REGULAR},
  {"early", {PRE, CLOSED, NONE}, FREE, 0, FALSE, 30, 60, QUOTES_PACE_EXTENDED},
  {"late", {POST, NONE}, FREE, 0, FALSE, 30, 60, QUOTES_PACE_EXTENDED},
  {"late, and never more often than wanted", {POST, NONE}, FREE, 0, FALSE, 600, 600, QUOTES_PACE_EXTENDED},
  {"closed", {CLOSED, CLOSED, NONE}, FREE, 0, FALSE, 30, 900, QUOTES_PACE_CLOSED},
  {"closed, and wanted rarely", {CLOSED, NONE}, FREE, 0, FALSE, 3600, 3600, QUOTES_PACE_CLOSED},
  {"one of three is open", {CLOSED, PRE, REGULAR}, FREE, 0, FALSE, 10, 10, QUOTES_PACE_REGULAR},
  {"coins do not sleep", {CLOSED, ALWAYS, NONE}, FREE, 0, FALSE, 30, 30, QUOTES_PACE_REGULAR},
  {"equal paces: who is more awake", {CLOSED, POST, NONE}, FREE, 0, FALSE, 900, 900, QUOTES_PACE_EXTENDED},
  {"four rounds are no holiday", {REGULAR, NONE}, FREE, 4, FALSE, 30, 30, QUOTES_PACE_REGULAR},
  {"five are", {REGULAR, NONE}, FREE, 5, FALSE, 30, 60, QUOTES_PACE_QUIET},
  {"ten are more", {REGULAR, NONE}, FREE, 10, FALSE, 30, 120, QUOTES_PACE_QUIET},
  {"a thousand are not", {REGULAR, NONE}, FREE, 1000, FALSE, 30, 120, QUOTES_PACE_QUIET},
  {"a coin has no holiday", {REGULAR, ALWAYS, NONE}, FREE, 10, FALSE, 30, 30, QUOTES_PACE_REGULAR},
  {"nobody looks", {REGULAR, NONE}, UNWATCHED, 0, FALSE, 30, 300, QUOTES_PACE_UNWATCHED},
  {"nobody looks, and wanted rarely", {REGULAR, NONE}, UNWATCHED, 0, FALSE, 600, 600, QUOTES_PACE_UNWATCHED},
  {"nobody looks at the closed", {CLOSED, NONE}, UNWATCHED, 0, FALSE, 30, 900, QUOTES_PACE_UNWATCHED},
  {"it costs", {REGULAR, NONE}, METERED, 0, FALSE, 30, 120, QUOTES_PACE_METERED},
  {"it costs while closed", {CLOSED, NONE}, METERED, 0, FALSE, 30, 3600, QUOTES_PACE_CLOSED},
  {"power is short", {ALWAYS, NONE}, SAVER, 0, FALSE, 30, 120, QUOTES_PACE_POWER_SAVER},
  {"all at once", {REGULAR, NONE}, ALL, 5, FALSE, 30, 1200, QUOTES_PACE_UNWATCHED},
  {"a first price waits for nothing", {CLOSED, NONE}, ALL, 5, TRUE, 30, 30, QUOTES_PACE_REGULAR},
  {"the command line has said", {CLOSED, NONE}, {TRUE, TRUE, TRUE, TRUE}, 5, TRUE, 7, 7, QUOTES_PACE_FIXED},
};
/* clang-format on */

static GPtrArray *
make_quotes (const QuotesMarketState *states)
{
  GPtrArray *quotes = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);

  for (guint i = 0; i < 3 && states[i] != NONE; i++)
    {
      QuotesQuote fields = make_quote (INDEX, states[i]);

      g_ptr_array_add (quotes, quotes_quote_new (&fields));
    }
  return quotes;
}

static void
test_the_fastest_market_and_the_conditions_decide (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (paces); i++)
    {
      const PaceRow *row = &paces[i];
      g_autoptr (GPtrArray) quotes = make_quotes (row->states);
      const QuotesPaceFacts facts = {
        .base_us = row->base_s * SECOND_US,
        .conditions = row->conditions,
        .quotes = quotes,
        .is_waiting = row->is_waiting,
        .n_quiet = row->n_quiet,
        .now_us = parse_us (OPENS),
      };
      QuotesPace pace = {0};

      g_test_message ("%s", row->what);
      quotes_pace_judge (&pace, &facts);
      g_assert_cmpint (pace.interval_us, ==, row->interval_s * SECOND_US);
      g_assert_cmpstr (quotes_pace_reason_to_string (pace.reason), ==,
                       quotes_pace_reason_to_string (row->reason));
    }
}

/* Two exchanges: each opening and each closing is asked about once. */
static void
test_each_bell_is_asked_about_once (void)
{
  g_autoptr (GPtrArray) quotes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  QuotesQuote early = make_quote (INDEX, CLOSED);
  QuotesQuote late = make_quote (INDEX, CLOSED);
  static const char *const bells[] = {"2026-02-17T14:29:30Z", "2026-02-17T15:29:30Z",
                                      "2026-02-17T21:01:00Z", "2026-02-17T22:01:00Z"};
  QuotesPaceFacts facts = {.base_us = BASE_US, .quotes = quotes};
  QuotesPace pace = {0};

  early.opens_us = parse_us (OPENS);
  early.closes_us = parse_us (CLOSES);
  late.opens_us = early.opens_us + 3600 * SECOND_US;
  late.closes_us = early.closes_us + 3600 * SECOND_US;
  g_ptr_array_add (quotes, quotes_quote_new (&early));
  g_ptr_array_add (quotes, quotes_quote_new (&late));

  facts.now_us = facts.asked_us = parse_us ("2026-02-17T03:00:00Z");
  for (gsize i = 0; i < G_N_ELEMENTS (bells); i++)
    {
      g_test_message ("%s", bells[i]);
      quotes_pace_judge (&pace, &facts);
      while (pace.change_us != 0 && pace.change_us <= parse_us (bells[i]))
        {
          facts.now_us = pace.change_us;
          quotes_pace_judge (&pace, &facts);
        }
      g_assert_cmpint (pace.ask_us, ==, parse_us (bells[i]));
      /* Late is better than never, and once is enough. */
      facts.now_us = pace.ask_us + 7 * SECOND_US;
      quotes_pace_judge (&pace, &facts);
      g_assert_cmpint (pace.ask_us, ==, parse_us (bells[i]));
      facts.asked_us = facts.now_us;
      quotes_pace_judge (&pace, &facts);
      g_assert_true (pace.ask_us == 0 || pace.ask_us > facts.now_us);
    }
  g_assert_cmpint (pace.interval_us, ==, CLOSED_US);
  g_assert_cmpint (pace.ask_us, ==, 0);
  g_assert_cmpint (pace.change_us, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/hours/the-session-tells-what-comes", test_the_session_tells_what_comes);
  g_test_add_func ("/hours/the-week-is-that-of-new-york", test_the_week_is_that_of_new_york);
  g_test_add_func ("/hours/what-is-announced-happens", test_what_is_announced_happens);
  g_test_add_func ("/hours/without-time-zones-the-state-holds",
                   test_without_time_zones_the_state_holds);
  g_test_add_func ("/pace/the-fastest-market-and-the-conditions-decide",
                   test_the_fastest_market_and_the_conditions_decide);
  g_test_add_func ("/pace/each-bell-is-asked-about-once", test_each_bell_is_asked_about_once);

  return g_test_run ();
}
