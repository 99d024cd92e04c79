/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "provider-rig.h"
#include "quotes-coingecko-history.h"
#include "shared-data.h"

#define NOW_US (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)
#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define DAY_US (24 * HOUR_US)
#define SHARED "fixtures/providers/coingecko/market_chart_btc_2026-05-17.json"

static QuotesHistory *
parse (const QuotesHttpAnswer *answer, QuotesInterval interval, gint64 now_us, GError **error)
{
  g_autoptr (QuotesInstrument) instrument = rig_make_instrument ("coingecko", "bitcoin");

  return quotes_coingecko_parse_history (answer, instrument, interval, now_us, error);
}

static QuotesHistory *
parse_text (const char *text, QuotesInterval interval, GError **error)
{
  g_autoptr (QuotesHttpAnswer) answer = rig_make_answer (text, 200, "application/json");

  return parse (answer, interval, NOW_US, error);
}

static void
assert_bar (const QuotesHistory *history, guint i, QuotesBar expected)
{
  const QuotesBar *bar = &g_array_index (history->bars, QuotesBar, i);

  g_assert_cmpuint (i, <, history->bars->len);
  g_assert_cmpint (bar->start_us, ==, expected.start_us);
  g_assert_cmpfloat (bar->open, ==, expected.open);
  g_assert_cmpfloat (bar->high, ==, expected.high);
  g_assert_cmpfloat (bar->low, ==, expected.low);
  g_assert_cmpfloat (bar->close, ==, expected.close);
  g_assert_cmpstr (bar->source, ==, "coingecko:market_chart");
}

static void
test_points_are_folded_into_bars (void)
{
  /* 21:00:03, 21:05:01, 21:55:02, 22:00:04 and a point of this minute. */
  const char *text = "{\"prices\":[[1699995603041,35500.5],[1699995901000,35610.25],"
                     "[1699998902000,35400.125],[1699999204000,35450],[1699999990000,35475.5]],"
                     "\"market_caps\":[],\"total_volumes\":[]}";
  gint64 nine_us = G_GINT64_CONSTANT (1699995600) * G_USEC_PER_SEC;
  gint64 day_us = G_GINT64_CONSTANT (1699920000) * G_USEC_PER_SEC;
  g_autoptr (QuotesHistory) hours = parse_text (text, QUOTES_INTERVAL_HOUR, NULL);
  g_autoptr (QuotesHistory) days = parse_text (text, QUOTES_INTERVAL_DAY, NULL);
  g_autoptr (QuotesHistory) minutes = parse_text (text, QUOTES_INTERVAL_MINUTE, NULL);

  g_assert_cmpstr (hours->symbol, ==, "bitcoin");
  g_assert_cmpstr (hours->currency, ==, "USD");
  g_assert_cmpint (hours->interval, ==, QUOTES_INTERVAL_HOUR);
  g_assert_cmpuint (hours->bars->len, ==, 2);
  assert_bar (hours, 0, (QuotesBar){nine_us, 35500.5, 35610.25, 35400.125, 35400.125});
  assert_bar (hours, 1, (QuotesBar){nine_us + HOUR_US, 35450, 35475.5, 35450, 35475.5});
  g_assert_cmpuint (days->bars->len, ==, 1);
  assert_bar (days, 0, (QuotesBar){day_us, 35500.5, 35610.25, 35400.125, 35475.5});
  g_assert_cmpuint (minutes->bars->len, ==, 5);
  assert_bar (minutes, 4,
              (QuotesBar){NOW_US - 20 * G_USEC_PER_SEC, 35475.5, 35475.5, 35475.5, 35475.5});
}

static void
test_only_points_that_were_count (void)
{
  static const struct
  {
    const char *prices;
    guint n_bars;
  } cases[] = {
    {"[]", 0},
    {"[[1699995603041,1.5]]", 1},
    {"[[1699995603041,null]]", 0},
    {"[[1699995603041,\"1.5\"]]", 0},
    {"[[1699995603041,1e400]]", 0},
    {"[[1699995603041]]", 0},
    {"[[]]", 0},
    {"[null,7,\"x\",{}]", 0},
    {"[[null,1.5]]", 0},
    {"[[0,1.5]]", 0},
    {"[[-1699995603041,1.5]]", 0},
    {"[[1800000000000,1.5]]", 0},
    {"[[1699995603041,1.5],[1699985603041,2.5]]", 2},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"prices\":%s}", cases[i].prices);
      g_autoptr (GError) error = NULL;
      g_autoptr (QuotesHistory) history = parse_text (text, QUOTES_INTERVAL_HOUR, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (history->bars->len, ==, cases[i].n_bars);
      for (guint k = 1; k < history->bars->len; k++)
        g_assert_cmpint (g_array_index (history->bars, QuotesBar, k).start_us, >,
                         g_array_index (history->bars, QuotesBar, k - 1).start_us);
    }
}

static void
test_refusals_have_their_meaning (void)
{
  static const struct
  {
    guint status;
    const char *body;
    QuotesProviderError error;
  } cases[] = {
    {404, "{\"error\":\"coin not found\"}", QUOTES_PROVIDER_ERROR_NOT_FOUND},
    {429, "{\"status\":{\"error_code\":429}}", QUOTES_PROVIDER_ERROR_RATE_LIMITED},
    {200, "{\"status\":{\"error_code\":429}}", QUOTES_PROVIDER_ERROR_RATE_LIMITED},
    {401, "{\"error\":{\"status\":{\"error_code\":10012}}}", QUOTES_PROVIDER_ERROR_AUTH},
    {200, "{}", QUOTES_PROVIDER_ERROR_BAD_DATA},
    {200, "[]", QUOTES_PROVIDER_ERROR_BAD_DATA},
    {200, "{\"prices\":{}}", QUOTES_PROVIDER_ERROR_BAD_DATA},
    {503, "<html>", QUOTES_PROVIDER_ERROR_UNAVAILABLE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QuotesHttpAnswer) answer =
        rig_make_answer (cases[i].body, cases[i].status, "application/json");
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (answer, QUOTES_INTERVAL_HOUR, NOW_US, &error));
      g_assert_error (error, QUOTES_PROVIDER_ERROR, (int) cases[i].error);
    }
}

static void
test_too_many_points_are_too_large (void)
{
  g_autoptr (GString) text = g_string_new ("{\"prices\":[[0,1]");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < QUOTES_HISTORY_BARS_MAX; i++)
    g_string_append (text, ",[0,1]");
  g_string_append (text, "]}");
  g_assert_null (parse_text (text->str, QUOTES_INTERVAL_HOUR, &error));
  g_assert_error (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_TOO_LARGE);
}

static void
test_days_are_counted_up (void)
{
  static const struct
  {
    gint64 ago_us;
    const char *days;
  } cases[] = {
    {1, "1"}, {DAY_US, "1"}, {DAY_US + 1, "2"}, {90 * DAY_US, "90"}, {3000 * DAY_US, "365"},
  };
  g_autoptr (QuotesInstrument) instrument = rig_make_instrument ("coingecko", "a/b");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path =
        quotes_coingecko_build_history_path (instrument, NOW_US - cases[i].ago_us, NOW_US);
      g_autofree char *expected =
        g_strconcat ("/coins/a%2Fb/market_chart?vs_currency=usd&days=", cases[i].days, NULL);

      g_assert_cmpstr (path, ==, expected);
    }
}

static void
test_a_recorded_answer_gives_bars (void)
{
  g_autoptr (GBytes) body = NULL;
  g_autoptr (QuotesHttpAnswer) answer = NULL;
  g_autoptr (QuotesHistory) history = NULL;

  if (!shared_data_require (SHARED))
    return;
  body = shared_data_load (SHARED);
  answer = quotes_http_answer_new (200, NULL, body, -1);
  history =
    parse (answer, QUOTES_INTERVAL_MINUTE, G_GINT64_CONSTANT (1795000000) * G_USEC_PER_SEC, NULL);
  g_assert_cmpuint (history->bars->len, ==, 2);
  assert_bar (history, 0,
              (QuotesBar){G_GINT64_CONSTANT (1779027840) * G_USEC_PER_SEC, 77953.82550382407,
                          77953.82550382407, 77953.82550382407, 77953.82550382407});
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define add(name, func) g_test_add_func ("/coingecko-history/" name, func)
  add ("points-are-folded-into-bars", test_points_are_folded_into_bars);
  add ("only-points-that-were-count", test_only_points_that_were_count);
  add ("refusals-have-their-meaning", test_refusals_have_their_meaning);
  add ("too-many-points-are-too-large", test_too_many_points_are_too_large);
  add ("days-are-counted-up", test_days_are_counted_up);
  add ("a-recorded-answer-gives-bars", test_a_recorded_answer_gives_bars);
#undef add

  return g_test_run ();
}
