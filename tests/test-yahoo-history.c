/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "provider-rig.h"
#include "quotes-yahoo-history.h"
#include "shared-data.h"

#define NOW_S 1700000000
#define NOW_US (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)
#define DAY_S 86400
/* Midnight before NOW_S, UTC. */
#define TODAY_S 1699920000
#define SHARED "fixtures/providers/yahoo/"

static QuotesHistory *
parse (const QuotesHttpAnswer *answer,
       const char *name,
       QuotesInterval interval,
       gint64 now_us,
       GError **error)
{
  g_autoptr (QuotesInstrument) instrument = rig_make_instrument ("yahoo", name);

  return quotes_yahoo_parse_history (answer, instrument, interval, now_us, error);
}

static QuotesHistory *
parse_file (const char *file, const char *name, QuotesInterval interval)
{
  g_autoptr (QuotesHttpAnswer) answer = rig_load_answer (file, 200);
  g_autoptr (GError) error = NULL;
  QuotesHistory *history = parse (answer, name, interval, NOW_US, &error);

  g_assert_no_error (error);
  return history;
}

/* Of a chart of `X`; @columns: what stands beside `meta`, quotes written as '. */
static QuotesHistory *
parse_columns (const char *meta, const char *columns, QuotesInterval interval, GError **error)
{
  g_autofree char *text = g_strconcat ("{'chart':{'result':[{'meta':{'symbol':'X'", meta, "},",
                                       columns, "}],'error':null}}", NULL);
  g_autoptr (QuotesHttpAnswer) answer =
    rig_make_answer (g_strdelimit (text, "'", '"'), 200, "application/json");

  return parse (answer, "X", interval, NOW_US, error);
}

static void
assert_bar (const QuotesHistory *history, guint i, QuotesBar expected)
{
  const QuotesBar *bar = &g_array_index (history->bars, QuotesBar, i);

  g_assert_cmpuint (i, <, history->bars->len);
  g_assert_cmpint (bar->start_us, ==, expected.start_us * G_USEC_PER_SEC);
  g_assert_cmpfloat (bar->open, ==, expected.open);
  g_assert_cmpfloat (bar->high, ==, expected.high);
  g_assert_cmpfloat (bar->low, ==, expected.low);
  g_assert_cmpfloat (bar->close, ==, expected.close);
  g_assert_cmpstr (bar->source, ==, "yahoo:chart");
  g_assert_false (bar->is_roll);
}

static void
test_days_are_those_of_the_session (void)
{
  g_autoptr (QuotesHistory) history =
    parse_file ("yahoo/history-days.json", "GC=F", QUOTES_INTERVAL_DAY);

  g_assert_cmpstr (history->symbol, ==, "GC=F");
  g_assert_cmpstr (history->currency, ==, "USD");
  g_assert_cmpint (history->interval, ==, QUOTES_INTERVAL_DAY);
  g_assert_cmpuint (history->bars->len, ==, 7);
  /* A Friday whose midnight was an hour earlier than midnight is now; rounded as `priceHint` says.
   */
  assert_bar (history, 0, (QuotesBar){TODAY_S - 11 * DAY_S, 1992.5, 2012.1, 1990.4, 1999.2});
  assert_bar (history, 1, (QuotesBar){TODAY_S - 8 * DAY_S, 1993, 1996.8, 1982.9, 1988.6});
  /* The Friday without a close is left out. */
  assert_bar (history, 5, (QuotesBar){TODAY_S - DAY_S, 1944, 1955.5, 1935.6, 1950.2});
  /* Today's bar, and the price of just now. */
  assert_bar (history, 6, (QuotesBar){TODAY_S, 1952, 1975.8, 1947.6, 1971.3});
}

static void
test_pence_become_pounds_and_gaps_are_closed (void)
{
  g_autoptr (QuotesHistory) history =
    parse_file ("yahoo/history-hours-pence.json", "ABC.L", QUOTES_INTERVAL_HOUR);
  gint64 eight = TODAY_S + 8 * 3600;

  g_assert_cmpstr (history->currency, ==, "GBP");
  g_assert_cmpuint (history->bars->len, ==, 5);
  assert_bar (history, 0, (QuotesBar){eight, 3.053, 3.061, 3.048, 3.06});
  /* The high lies below the open: a tail of single precision. */
  assert_bar (history, 1, (QuotesBar){eight + 3600, 3.06, 3.065, 3.055, 3.056});
  /* Zeros and nulls are unknown: the close stands for them. */
  assert_bar (history, 2, (QuotesBar){eight + 7200, 3.065, 3.065, 3.065, 3.065});
  assert_bar (history, 3, (QuotesBar){eight + 10800, 3.065, 3.068, 3.064, 3.068});
  /* Half past four, and the last price, five minutes later. */
  assert_bar (history, 4, (QuotesBar){eight + 8 * 3600, 3.07, 3.074, 3.068, 3.074});
}

static void
test_only_what_was_counts (void)
{
  static const struct
  {
    const char *times;
    const char *closes;
    guint n_bars;
  } cases[] = {
    {"[1699999980]", "[1.5]", 1},
    /* A minute is forgiven, but not a bar that has not begun. */
    {"[1700000041,1699999980]", "[1.5,2]", 1},
    {"[1700000700]", "[1.5]", 0},
    {"[-300]", "[1.5]", 0},
    {"[0]", "[1.5]", 0},
    {"['1699999980']", "[1.5]", 0},
    {"[null,1699999980]", "[1.5,1]", 1},
    {"[1699999980]", "['1.5']", 0},
    {"[1699999980,1699999920]", "[1e400,1]", 1},
    {"[1699999980]", "[null]", 0},
    {"[1e300]", "[1.5]", 0},
    {"[1699999980]", "[-37.63]", 1},
    {"[1699999981,1699999982,1699999980]", "[1,2,3]", 1},
    {"[1699999980,1699999860,1699999920]", "[1,2,3]", 3},
    {"[]", "[]", 0},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *columns = g_strdup_printf (
        "'timestamp':%s,'indicators':{'quote':[{'close':%s}]}", cases[i].times, cases[i].closes);
      g_autoptr (GError) error = NULL;
      g_autoptr (QuotesHistory) history =
        parse_columns ("", columns, QUOTES_INTERVAL_MINUTE, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (history->bars->len, ==, cases[i].n_bars);
      for (guint k = 0; k < history->bars->len; k++)
        {
          const QuotesBar *bar = &g_array_index (history->bars, QuotesBar, k);

          g_assert_cmpint (bar->start_us % (60 * G_USEC_PER_SEC), ==, 0);
          g_assert_cmpint (bar->start_us, <=, NOW_US);
          g_assert_true (k == 0 || bar->start_us > (bar - 1)->start_us);
        }
    }
}

static void
test_the_evening_of_futures_is_tomorrow (void)
{
  static const struct
  {
    const char *meta;
    int day;
  } cases[] = {
    /* Half past eight in the evening in New York, of the day before. */
    {",'gmtoffset':-18000,'regularMarketTime':1699925400,'instrumentType':'FUTURE'", 0},
    {",'gmtoffset':-18000,'regularMarketTime':1699925400,'instrumentType':'INDEX'", -1},
    {",'gmtoffset':-18000,'regularMarketTime':1699990000,'instrumentType':'FUTURE'", -1},
    /* In Tokyo it is morning. */
    {",'gmtoffset':32400,'regularMarketTime':1699925400,'instrumentType':'INDEX'", 0},
    {",'gmtoffset':1e9", 0},
    {"", 0},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QuotesHistory) history = parse_columns (
        cases[i].meta, "'timestamp':[1699925400],'indicators':{'quote':[{'close':[5]}]}",
        QUOTES_INTERVAL_DAY, &error);

      g_assert_no_error (error);
      assert_bar (history, 0, (QuotesBar){TODAY_S + cases[i].day * DAY_S, 5, 5, 5, 5});
    }
}

static void
test_what_is_no_table_is_refused (void)
{
  static const struct
  {
    const char *meta;
    const char *columns;
    int error; /* -1 = none */
  } cases[] = {
    {"", "'indicators':{'quote':[{}]}", -1},
    {"", "'indicators':{}", -1},
    {"", "'timestamp':[60],'indicators':{'quote':[{}]}", QUOTES_PROVIDER_ERROR_BAD_DATA},
    {"", "'timestamp':[60],'indicators':{'quote':[{'close':[]}]}", QUOTES_PROVIDER_ERROR_BAD_DATA},
    {"", "'indicators':{'quote':[{'close':[1]}]}", QUOTES_PROVIDER_ERROR_BAD_DATA},
    {"", "'timestamp':[60],'indicators':{'quote':[{'close':[1],'high':[1,2]}]}",
     QUOTES_PROVIDER_ERROR_BAD_DATA},
    {"", "'timestamp':[60],'indicators':{'quote':[{'close':[1],'open':[]}]}",
     QUOTES_PROVIDER_ERROR_BAD_DATA},
    {"", "'timestamp':[60],'indicators':{'quote':[{'close':[1],'low':[]}]}",
     QUOTES_PROVIDER_ERROR_BAD_DATA},
    {"", "'timestamp':[60],'indicators':{'quote':[{'close':[1],'low':null}]}", -1},
    {",'dataGranularity':'1d'", "'indicators':{'quote':[{}]}", QUOTES_PROVIDER_ERROR_BAD_DATA},
    {",'dataGranularity':'60m'", "'indicators':{'quote':[{}]}", -1},
    {",'dataGranularity':'1h'", "'indicators':{'quote':[{}]}", -1},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QuotesHistory) history =
        parse_columns (cases[i].meta, cases[i].columns, QUOTES_INTERVAL_HOUR, &error);

      g_assert_true ((history == NULL) == (error != NULL));
      if (cases[i].error < 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, QUOTES_PROVIDER_ERROR, cases[i].error);
    }
}

static void
test_too_many_bars_are_too_large (void)
{
  g_autoptr (GString) columns = g_string_new ("'timestamp':[0");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < QUOTES_HISTORY_BARS_MAX; i++)
    g_string_append_printf (columns, ",%u", i);
  g_string_append (columns, "],'indicators':{'quote':[{'close':[0");
  for (guint i = 0; i < QUOTES_HISTORY_BARS_MAX; i++)
    g_string_append (columns, ",1");
  g_string_append (columns, "]}]}");
  g_assert_null (parse_columns ("", columns->str, QUOTES_INTERVAL_HOUR, &error));
  g_assert_error (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_TOO_LARGE);
}

static void
test_refusals_have_their_meaning (void)
{
  static const struct
  {
    const char *file;
    guint status;
    QuotesProviderError error;
  } cases[] = {
    {"yahoo/not-found.json", 404, QUOTES_PROVIDER_ERROR_NOT_FOUND},
    {"yahoo/not-found.json", 200, QUOTES_PROVIDER_ERROR_NOT_FOUND},
    {"yahoo/unauthorized.json", 401, QUOTES_PROVIDER_ERROR_AUTH},
    {"yahoo/bad-request.json", 400, QUOTES_PROVIDER_ERROR_HTTP},
    {"yahoo/no-such-api.json", 404, QUOTES_PROVIDER_ERROR_HTTP},
    {"yahoo/right-back.html", 502, QUOTES_PROVIDER_ERROR_UNAVAILABLE},
    {"yahoo/spark.json", 200, QUOTES_PROVIDER_ERROR_BAD_DATA},
    /* Of another symbol. */
    {"yahoo/history-days.json", 200, QUOTES_PROVIDER_ERROR_NOT_FOUND},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QuotesHttpAnswer) answer = rig_load_answer (cases[i].file, cases[i].status);
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (answer, "SI=F", QUOTES_INTERVAL_DAY, NOW_US, &error));
      g_assert_error (error, QUOTES_PROVIDER_ERROR, (int) cases[i].error);
    }
}

static void
test_a_path_is_encoded (void)
{
  g_autoptr (QuotesInstrument) instrument = rig_make_instrument ("yahoo", "^GS/P=F");
  g_autofree char *path =
    quotes_yahoo_build_history_path (instrument, QUOTES_INTERVAL_MINUTE, NOW_US - 1, NOW_US + 1);

  g_assert_cmpstr (path, ==,
                   "/v8/finance/chart/%5EGS%2FP%3DF?interval=1m&period1=1699999999"
                   "&period2=1700000001&includePrePost=false");
}

/* What was recorded; the times are of their first and last bar. */
static const struct
{
  const char *file;
  const char *name;
  QuotesInterval interval;
  const char *currency;
  guint n_bars;
  QuotesBar first;
  QuotesBar last;
} recorded[] = {
  {"chart_AAPL_history49.json",
   "AAPL",
   QUOTES_INTERVAL_DAY,
   "USD",
   49,
   {1598832000, 127.58, 131, 126, 129.04},
   {1604620800, 118.32, 119.2, 116.13, 118.69}},
  {"chart_AAPL_1m_empty.json", "AAPL", QUOTES_INTERVAL_MINUTE, "USD", 0, {0}, {0}},
  {"chart_GC=F_5d_2026-08-18.json",
   "GC=F",
   QUOTES_INTERVAL_DAY,
   "USD",
   5,
   {1786492800},
   {1787011200}},
  {"chart_GC=F_window2020.json", "GC=F", QUOTES_INTERVAL_DAY, "USD", 1, {1577923200}, {1577923200}},
  {"chart_^SOX_1mo_2026-10-05.json",
   "^SOX",
   QUOTES_INTERVAL_DAY,
   "USD",
   20,
   {1788825600},
   {1791158400}},
  {"chart_OCDO.L_pence.json", "OCDO.L", QUOTES_INTERVAL_DAY, "GBP", 1, {1577923200}, {1577923200}},
};

static void
assert_recorded (const QuotesHistory *history, guint i, QuotesBar expected)
{
  const QuotesBar *bar = &g_array_index (history->bars, QuotesBar, i);

  g_assert_cmpint (bar->start_us, ==, expected.start_us * G_USEC_PER_SEC);
  if (expected.close != 0)
    assert_bar (history, i, expected);
}

static void
test_recorded_charts_give_bars (void)
{
  if (!shared_data_require (SHARED "chart_AAPL_history49.json"))
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (recorded); i++)
    {
      g_autofree char *file = g_strconcat (SHARED, recorded[i].file, NULL);
      g_autoptr (GBytes) body = shared_data_load (file);
      g_autoptr (QuotesHttpAnswer) answer = quotes_http_answer_new (200, NULL, body, -1);
      g_autoptr (GError) error = NULL;
      /* November 2026: after everything that was recorded. */
      g_autoptr (QuotesHistory) history =
        parse (answer, recorded[i].name, recorded[i].interval,
               G_GINT64_CONSTANT (1795000000) * G_USEC_PER_SEC, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (history->currency, ==, recorded[i].currency);
      g_assert_cmpuint (history->bars->len, ==, recorded[i].n_bars);
      if (recorded[i].n_bars == 0)
        continue;
      assert_recorded (history, 0, recorded[i].first);
      assert_recorded (history, recorded[i].n_bars - 1, recorded[i].last);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define add(name, func) g_test_add_func ("/yahoo-history/" name, func)
  add ("days-are-those-of-the-session", test_days_are_those_of_the_session);
  add ("pence-become-pounds-and-gaps-are-closed", test_pence_become_pounds_and_gaps_are_closed);
  add ("only-what-was-counts", test_only_what_was_counts);
  add ("the-evening-of-futures-is-tomorrow", test_the_evening_of_futures_is_tomorrow);
  add ("what-is-no-table-is-refused", test_what_is_no_table_is_refused);
  add ("too-many-bars-are-too-large", test_too_many_bars_are_too_large);
  add ("refusals-have-their-meaning", test_refusals_have_their_meaning);
  add ("a-path-is-encoded", test_a_path_is_encoded);
  add ("recorded-charts-give-bars", test_recorded_charts_give_bars);
#undef add

  return g_test_run ();
}
