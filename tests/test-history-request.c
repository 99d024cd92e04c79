/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-history-request.h"
#include "quotes-quote-json.h"

/* 2026-01-31 12:00. */
#define NOON_US G_GINT64_CONSTANT (1769860800000000)

static void
assert_history (const char *query, QuotesRange range, guint n_points)
{
  QuotesHistoryRequest request;
  const char *detail = "";

  g_test_message ("%s", query);
  g_assert_true (quotes_history_request_parse (query, &request, &detail));
  g_assert_null (detail);
  g_assert_cmpint (request.range, ==, range);
  g_assert_cmpuint (request.n_points, ==, n_points);
}

static void
test_history (void)
{
  assert_history (NULL, QUOTES_RANGE_1D, 500);
  assert_history ("", QUOTES_RANGE_1D, 500);
  assert_history ("&", QUOTES_RANGE_1D, 500);
  assert_history ("range=5d", QUOTES_RANGE_5D, 500);
  assert_history ("points=3", QUOTES_RANGE_1D, 3);
  assert_history ("points=5000&range=max", QUOTES_RANGE_MAX, 5000);
  assert_history ("&range=1mo&&points=48&", QUOTES_RANGE_1MO, 48);
  assert_history ("range=%31%64", QUOTES_RANGE_1D, 500);
}

static void
assert_page (const char *query,
             QuotesInterval interval,
             gint64 since_us,
             gint64 after,
             guint n_records)
{
  QuotesRecordsRequest request;
  const char *detail = "";

  g_test_message ("%s", query);
  g_assert_true (quotes_records_request_parse (query, &request, &detail));
  g_assert_null (detail);
  g_assert_cmpint (request.interval, ==, interval);
  g_assert_cmpint (request.since_us, ==, since_us);
  g_assert_cmpint (request.after, ==, after);
  g_assert_cmpuint (request.n_records, ==, n_records);
}

static void
test_page (void)
{
  assert_page ("interval=tick", QUOTES_INTERVAL_TICK, G_MININT64, 0, 5000);
  assert_page ("interval=1m&after=77&limit=1", QUOTES_INTERVAL_MINUTE, G_MININT64, 77, 1);
  assert_page ("limit=5000&interval=1d&after=9223372036854775807", QUOTES_INTERVAL_DAY, G_MININT64,
               G_MAXINT64, 5000);
  assert_page ("interval=1h&since=2026-01-31T12:00:00Z", QUOTES_INTERVAL_HOUR, NOON_US, 0, 5000);
  assert_page ("interval=1h&since=2026-01-31T13:30:00.5%2B01:30", QUOTES_INTERVAL_HOUR,
               NOON_US + 500000, 0, 5000);
  assert_page ("interval=1d&since=1927-12-30T00:00:00+00:00", QUOTES_INTERVAL_DAY,
               G_GINT64_CONSTANT (-1325635200000000), 0, 5000);
}

/* Whatever time we write can be asked for, to the microsecond. */
static void
test_own_times (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < 20000; i++)
    {
      gint64 time_us = (gint64) g_rand_int_range (rand, -2000000000, G_MAXINT32) * G_USEC_PER_SEC +
                       g_rand_int_range (rand, 0, G_USEC_PER_SEC);
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *query = NULL;
      QuotesRecordsRequest request;
      const char *detail = NULL;

      quotes_json_append_instant (text, time_us);
      query = g_strdup_printf ("interval=1d&since=%.*s", (int) text->len - 2, text->str + 1);
      g_assert_true (quotes_records_request_parse (query, &request, &detail));
      g_assert_cmpint (request.since_us, ==, time_us);
    }
}

/* What is said of each bad query. */
static void
test_bad_history (void)
{
  const struct
  {
    const char *query;
    const char *detail;
  } cases[] = {
    {"range=2d", "range is one of 1d, 5d, 1mo, 3mo, 1y and max"},
    {"range=1D", "range is one of 1d, 5d, 1mo, 3mo, 1y and max"},
    {"range=", "range is one of 1d, 5d, 1mo, 3mo, 1y and max"},
    {"range", "range is one of 1d, 5d, 1mo, 3mo, 1y and max"},
    {"range=1d%00", "range is one of 1d, 5d, 1mo, 3mo, 1y and max"},
    {"range=%ff", "range is one of 1d, 5d, 1mo, 3mo, 1y and max"},
    {"range=1d=", "range is one of 1d, 5d, 1mo, 3mo, 1y and max"},
    {"points=2", "points is a whole number from 3 to 5000"},
    {"points=5001", "points is a whole number from 3 to 5000"},
    {"points=-3", "points is a whole number from 3 to 5000"},
    {"points=+3", "points is a whole number from 3 to 5000"},
    {"points=%203", "points is a whole number from 3 to 5000"},
    {"points=3.5", "points is a whole number from 3 to 5000"},
    {"points=1e3", "points is a whole number from 3 to 5000"},
    {"points=0x10", "points is a whole number from 3 to 5000"},
    {"points=", "points is a whole number from 3 to 5000"},
    {"points=18446744073709551619", "points is a whole number from 3 to 5000"},
    {"points=\xd9\xa3\xd9\xa0", "points is a whole number from 3 to 5000"},
    {"range=1d&range=1d", "a parameter stands there twice"},
    {"points=9&points", "a parameter stands there twice"},
    {"interval=1m", "there is no such parameter"},
    {"Range=1d", "there is no such parameter"},
    {"%72ange=1d", "there is no such parameter"},
    {"=1d", "there is no such parameter"},
    {"range=1d;points=9", "range is one of 1d, 5d, 1mo, 3mo, 1y and max"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      QuotesHistoryRequest request;
      const char *detail = NULL;

      g_test_message ("%s", cases[i].query);
      g_assert_false (quotes_history_request_parse (cases[i].query, &request, &detail));
      g_assert_cmpstr (detail, ==, cases[i].detail);
    }
}

static void
test_bad_page (void)
{
  const struct
  {
    const char *query;
    const char *detail;
  } cases[] = {
    {NULL, "interval is one of tick, 1m, 1h and 1d"},
    {"limit=9", "interval is one of tick, 1m, 1h and 1d"},
    {"interval=5m", "interval is one of tick, 1m, 1h and 1d"},
    {"interval=1m&limit=0", "limit is a whole number from 1 to 5000"},
    {"interval=1m&limit=5001", "limit is a whole number from 1 to 5000"},
    {"interval=1m&after=-1", "after is the next of the page before"},
    {"interval=1m&after=9223372036854775808", "after is the next of the page before"},
    {"interval=1m&after=null", "after is the next of the page before"},
    {"interval=1m&since=2026-01-31", "since is a time with its zone, as 2026-01-31T12:00:00Z"},
    {"interval=1m&since=2026-01-31T12:00:00",
     "since is a time with its zone, as 2026-01-31T12:00:00Z"},
    {"interval=1m&since=2026-02-30T12:00:00Z",
     "since is a time with its zone, as 2026-01-31T12:00:00Z"},
    {"interval=1m&since=1769860800", "since is a time with its zone, as 2026-01-31T12:00:00Z"},
    {"interval=1m&since=", "since is a time with its zone, as 2026-01-31T12:00:00Z"},
    {"interval=1m&interval=1m", "a parameter stands there twice"},
    {"interval=1m&symbol=XAU", "there is no such parameter"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      QuotesRecordsRequest request;
      const char *detail = NULL;

      g_test_message ("%s", cases[i].query);
      g_assert_false (quotes_records_request_parse (cases[i].query, &request, &detail));
      g_assert_cmpstr (detail, ==, cases[i].detail);
    }
}

static void
test_long (void)
{
  g_autofree char *many = g_strnfill (3000, '&');
  g_autofree char *digits = g_strnfill (65, '1');
  g_autofree char *time = g_strdup_printf ("interval=tick&since=2026-01-31T12:00:00.%sZ", digits);
  QuotesRecordsRequest records;
  QuotesHistoryRequest history;
  const char *detail = NULL;

  g_assert_false (quotes_history_request_parse (many, &history, &detail));
  g_assert_cmpstr (detail, ==, "the query is too long");
  g_assert_false (quotes_records_request_parse (time, &records, &detail));
}

static void
test_list (void)
{
  const struct
  {
    const char *query;
    int sparklines; /* -1 = refused */
  } cases[] = {
    {NULL, 0},
    {"", 0},
    {"sparkline=1", 1},
    {"sparkline=0", 0},
    {"unknown=1&limit=x&limit", 0},
    {"a&sparkline=1&=%zz", 1},
    {"Sparkline=1", 0},
    {"sparkline", -1},
    {"sparkline=", -1},
    {"sparkline=true", -1},
    {"sparkline=11", -1},
    {"sparkline=1&sparkline=1", -1},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean has_sparklines = FALSE;
      const char *detail = NULL;
      gboolean is_good = quotes_list_request_parse (cases[i].query, &has_sparklines, &detail);

      g_test_message ("%s", cases[i].query);
      g_assert_true (is_good == (cases[i].sparklines >= 0));
      g_assert_true (is_good == (detail == NULL));
      if (is_good)
        g_assert_cmpint (has_sparklines, ==, cases[i].sparklines);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/history-request/a-history-has-a-range-and-points", test_history);
  g_test_add_func ("/history-request/a-page-has-an-interval-and-a-place", test_page);
  g_test_add_func ("/history-request/every-time-that-we-write-can-be-asked-for", test_own_times);
  g_test_add_func ("/history-request/what-is-wrong-is-said", test_bad_history);
  g_test_add_func ("/history-request/what-is-wrong-with-a-page-is-said", test_bad_page);
  g_test_add_func ("/history-request/nothing-long-is-read", test_long);
  g_test_add_func ("/history-request/the-list-ignores-what-it-does-not-know", test_list);

  return g_test_run ();
}
