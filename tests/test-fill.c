/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "market-file.h"
#include "quotes-fill.h"

#include <math.h>

#define NOW_US (TODAY_US + 10 * HOUR_US + 59 * MINUTE_US)
/* Where recording began in most of these. */
#define BEGIN_US (TODAY_US + 10 * HOUR_US + 35 * MINUTE_US)

static QuotesHistory *
make_history (QuotesInterval interval)
{
  return quotes_history_new ("XAU", "USD", interval);
}

/* Open @price, close one more, high and low three more and less. */
static void
append (QuotesHistory *history, gint64 start_us, double price)
{
  QuotesBar bar = {start_us, price, price + 3, price - 3, price + 1, "yahoo:chart", FALSE};

  quotes_history_append (history, &bar);
}

static QuotesHistory *
make_bars (QuotesInterval interval, gint64 first_us, guint n_bars, double price)
{
  QuotesHistory *history = make_history (interval);

  for (guint i = 0; i < n_bars; i++)
    append (history, first_us + i * quotes_interval_get_us (interval), price + i);
  return history;
}

static void
fill (MarketFile *file, const QuotesHistory *history)
{
  g_autoptr (GError) error = NULL;

  quotes_fill_write (file->database, history, NOW_US, &error);
  g_assert_no_error (error);
}

/* As a price is recorded: into the bars of all lengths. */
static void
record (MarketFile *file, gint64 at_us, double price)
{
  market_file_add_source (file, "yahoo");
  for (int i = QUOTES_INTERVAL_MINUTE; i < QUOTES_N_INTERVALS; i++)
    {
      gint64 interval_us = quotes_interval_get_us ((QuotesInterval) i);
      g_autofree char *sql = g_strdup_printf (
        "INSERT INTO bars SELECT '%s', instruments.id, %" G_GINT64_FORMAT
        ", %f, %f, %f, %f, sources.id, 0"
        " FROM instruments, sources WHERE symbol = 'XAU' AND sources.name = 'yahoo'"
        " ON CONFLICT DO UPDATE SET high = max (high, excluded.high),"
        " low = min (low, excluded.low), close = excluded.close, source_id = excluded.source_id",
        quotes_interval_to_string ((QuotesInterval) i), at_us - at_us % interval_us, price, price,
        price, price);

      market_file_execute (file, sql);
    }
}

static void
assert_bar (MarketFile *file,
            QuotesInterval interval,
            gint64 start_us,
            const double prices[4],
            const char *source)
{
  sqlite3_stmt *statement = quotes_database_prepare (
    file->database,
    "SELECT open, high, low, close, sources.name FROM bars JOIN sources ON sources.id = source_id"
    " JOIN instruments ON instruments.id = instrument_id"
    " WHERE interval = ?1 AND start_us = ?2 AND symbol = 'XAU'",
    NULL);
  gboolean has_row = FALSE;

  sqlite3_bind_text (statement, 1, quotes_interval_to_string (interval), -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, start_us);
  g_assert_true (quotes_database_step (file->database, statement, &has_row, NULL));
  g_assert_true (has_row);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat (sqlite3_column_double (statement, i), ==, prices[i]);
  g_assert_cmpstr ((const char *) sqlite3_column_text (statement, 4), ==, source);
  sqlite3_reset (statement);
}

/* All of the table, as one text. */
static char *
dump (MarketFile *file)
{
  GString *text = g_string_new (NULL);
  sqlite3_stmt *statement = quotes_database_prepare (
    file->database,
    "SELECT format('%s %d %d %.17g %.17g %.17g %.17g %d %d', interval, instrument_id, start_us,"
    " open, high, low, close, source_id, is_roll) FROM bars",
    NULL);
  gboolean has_row = FALSE;

  while (quotes_database_step (file->database, statement, &has_row, NULL) && has_row)
    g_string_append_printf (text, "%s\n", (const char *) sqlite3_column_text (statement, 0));
  return g_string_free (text, FALSE);
}

static void
set_up (MarketFile *file, gconstpointer user_data)
{
  market_file_set_up (file, user_data);
  market_file_add_instrument (file, "OTHER", 0);
  market_file_add_instrument (file, "XAU", 0);
  market_file_add_bar (file, "OTHER", QUOTES_INTERVAL_MINUTE, BEGIN_US, 7);
}

static void
test_bars_are_folded_up (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) minutes =
    make_bars (QUOTES_INTERVAL_MINUTE, TODAY_US + 2 * HOUR_US + 50 * MINUTE_US, 20, 100);

  fill (file, minutes);
  g_assert_cmpint (market_file_ask (file, "SELECT count(*) FROM bars WHERE instrument_id = 2"), ==,
                   20 + 2 + 1);
  assert_bar (file, QUOTES_INTERVAL_MINUTE, TODAY_US + 2 * HOUR_US + 51 * MINUTE_US,
              (double[]){101, 104, 98, 102}, "yahoo:chart");
  assert_bar (file, QUOTES_INTERVAL_HOUR, TODAY_US + 2 * HOUR_US, (double[]){100, 112, 97, 110},
              "yahoo:chart");
  assert_bar (file, QUOTES_INTERVAL_HOUR, TODAY_US + 3 * HOUR_US, (double[]){110, 122, 107, 120},
              "yahoo:chart");
  assert_bar (file, QUOTES_INTERVAL_DAY, TODAY_US, (double[]){100, 122, 97, 120}, "yahoo:chart");
}

static void
test_what_was_recorded_stays (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) minutes =
    make_bars (QUOTES_INTERVAL_MINUTE, BEGIN_US - MINUTE_US, 3, 100);
  g_autoptr (QuotesHistory) hours = make_bars (QUOTES_INTERVAL_HOUR, TODAY_US, 11, 300);

  record (file, BEGIN_US, 50);
  fill (file, minutes);
  assert_bar (file, QUOTES_INTERVAL_MINUTE, BEGIN_US, (double[]){50, 50, 50, 50}, "yahoo");
  assert_bar (file, QUOTES_INTERVAL_MINUTE, BEGIN_US + MINUTE_US, (double[]){102, 105, 99, 103},
              "yahoo:chart");
  fill (file, hours);
  assert_bar (file, QUOTES_INTERVAL_HOUR, TODAY_US + 10 * HOUR_US, (double[]){100, 105, 50, 103},
              "yahoo");
}

/* The minutes before it belong to its hour and its day; both stay recorded ones. */
static void
test_the_hour_of_the_beginning_is_completed (MarketFile *file,
                                             G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) minutes =
    make_bars (QUOTES_INTERVAL_MINUTE, TODAY_US + 10 * HOUR_US, 35, 100);

  record (file, BEGIN_US, 120);
  record (file, BEGIN_US + MINUTE_US, 119);
  fill (file, minutes);

  assert_bar (file, QUOTES_INTERVAL_HOUR, TODAY_US + 10 * HOUR_US, (double[]){100, 137, 97, 119},
              "yahoo");
  assert_bar (file, QUOTES_INTERVAL_DAY, TODAY_US, (double[]){100, 137, 97, 119}, "yahoo");
}

/* The day began with an hour that is known without its minutes. */
static void
test_minutes_do_not_move_the_beginning_of_the_day (MarketFile *file,
                                                   G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) hours = make_bars (QUOTES_INTERVAL_HOUR, TODAY_US, 10, 90);
  g_autoptr (QuotesHistory) minutes =
    make_bars (QUOTES_INTERVAL_MINUTE, TODAY_US + 10 * HOUR_US, 35, 100);

  record (file, BEGIN_US, 120);
  fill (file, hours);
  assert_bar (file, QUOTES_INTERVAL_DAY, TODAY_US, (double[]){90, 120, 87, 120}, "yahoo");
  fill (file, minutes);
  assert_bar (file, QUOTES_INTERVAL_DAY, TODAY_US, (double[]){90, 137, 87, 120}, "yahoo");
}

/* A night off: the hole is in the middle. */
static void
test_a_hole_moves_neither_open_nor_close (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) minutes =
    make_bars (QUOTES_INTERVAL_MINUTE, TODAY_US + 10 * HOUR_US + 10 * MINUTE_US, 10, 100);

  record (file, TODAY_US + 10 * HOUR_US, 98);
  record (file, BEGIN_US, 99);
  fill (file, minutes);

  assert_bar (file, QUOTES_INTERVAL_HOUR, TODAY_US + 10 * HOUR_US, (double[]){98, 112, 97, 99},
              "yahoo");
}

/* Its minutes are deleted since long, but it remembers when they began. */
static void
test_a_longer_bar_may_know_more (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) minutes =
    make_bars (QUOTES_INTERVAL_MINUTE, BEGIN_US + 5 * MINUTE_US, 5, 100);

  record (file, BEGIN_US, 98);
  record (file, BEGIN_US + 20 * MINUTE_US, 99);
  market_file_execute (file, "DELETE FROM bars WHERE interval = '1m'");
  fill (file, minutes);

  assert_bar (file, QUOTES_INTERVAL_HOUR, TODAY_US + 10 * HOUR_US, (double[]){98, 107, 97, 99},
              "yahoo");
}

static void
test_an_hour_that_was_not_over_is_replaced (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) early = make_bars (QUOTES_INTERVAL_HOUR, TODAY_US, 3, 100);
  g_autoptr (QuotesHistory) late = make_bars (QUOTES_INTERVAL_HOUR, TODAY_US + 2 * HOUR_US, 3, 200);

  fill (file, early);
  fill (file, late);
  assert_bar (file, QUOTES_INTERVAL_HOUR, TODAY_US + HOUR_US, (double[]){101, 104, 98, 102},
              "yahoo:chart");
  assert_bar (file, QUOTES_INTERVAL_HOUR, TODAY_US + 2 * HOUR_US, (double[]){200, 203, 197, 201},
              "yahoo:chart");
  assert_bar (file, QUOTES_INTERVAL_DAY, TODAY_US, (double[]){100, 205, 97, 203}, "yahoo:chart");
}

static QuotesHistory *
make_random (QuotesInterval interval)
{
  QuotesHistory *history = make_history (interval);
  gint64 interval_us = quotes_interval_get_us (interval);
  gint64 start_us = TODAY_US - 2 * DAY_US;

  start_us += g_test_rand_int_range (0, 60) * interval_us;
  for (guint i = 0; i < 60 && start_us < NOW_US; i++)
    {
      append (history, start_us, g_test_rand_int_range (1, 1000));
      start_us += g_test_rand_int_range (1, 20) * interval_us;
    }
  return history;
}

/* Whatever was recorded and filled in before, in whatever order. */
static void
test_the_same_fill_changes_nothing (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  for (guint round = 0; round < 60; round++)
    {
      QuotesInterval interval =
        (QuotesInterval) g_test_rand_int_range (QUOTES_INTERVAL_MINUTE, QUOTES_N_INTERVALS);
      g_autoptr (QuotesHistory) history = make_random (interval);
      g_autofree char *once = NULL;
      g_autofree char *twice = NULL;

      if (round % 10 == 0)
        market_file_execute (file, "DELETE FROM bars WHERE instrument_id = 2");
      if (round % 7 == 3)
        market_file_execute (file, "DELETE FROM bars WHERE interval = '1m'");
      for (guint i = 0; i < 30; i++)
        record (file, TODAY_US - 2 * DAY_US + g_test_rand_int_range (0, 3400) * MINUTE_US,
                g_test_rand_int_range (1, 1000));
      fill (file, history);
      once = dump (file);
      fill (file, history);
      twice = dump (file);
      g_assert_cmpstr (once, ==, twice);
    }
}

/* With all of its minutes there, each longer bar is what they are together, whatever came first. */
static void
test_longer_bars_are_what_the_minutes_are (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char wrong[] =
    "SELECT count(*) FROM bars AS b WHERE instrument_id = 2 AND interval IN ('1h', '1d') AND ("
    " high != (SELECT max(high) FROM bars AS m WHERE m.interval = '1m' AND m.instrument_id = 2 AND"
    "  m.start_us >= b.start_us AND m.start_us < b.start_us + iif(b.interval = '1h', 1, 24) *"
    "  3600000000) OR"
    " low != (SELECT min(low) FROM bars AS m WHERE m.interval = '1m' AND m.instrument_id = 2 AND"
    "  m.start_us >= b.start_us AND m.start_us < b.start_us + iif(b.interval = '1h', 1, 24) *"
    "  3600000000) OR"
    " open != (SELECT open FROM bars AS m WHERE m.interval = '1m' AND m.instrument_id = 2 AND"
    "  m.start_us >= b.start_us ORDER BY m.start_us LIMIT 1) OR"
    " close != (SELECT close FROM bars AS m WHERE m.interval = '1m' AND m.instrument_id = 2 AND"
    "  m.start_us < b.start_us + iif(b.interval = '1h', 1, 24) * 3600000000"
    "  ORDER BY m.start_us DESC LIMIT 1))";
  gint64 at_us = TODAY_US - 2 * DAY_US + 5 * HOUR_US;

  for (guint i = 0; i < 200; i++, at_us += (i % 20 == 0 ? 97 : 3) * MINUTE_US)
    record (file, at_us, 40 + (i * 29) % 120);
  for (guint round = 0; round < 20; round++)
    {
      g_autoptr (QuotesHistory) history = make_history (QUOTES_INTERVAL_MINUTE);
      gint64 n_minutes = (round * 7 % 20) * 97;

      /* Between and before what was recorded; a provider says the same of a minute each time. */
      for (guint i = 0; i < 100; n_minutes += 1 + i % 13, i++)
        append (history, TODAY_US - 2 * DAY_US + n_minutes * MINUTE_US,
                50 + (double) (n_minutes * 31 % 97));
      fill (file, history);
    }
  g_assert_cmpint (market_file_ask (file, "SELECT count(*) FROM bars WHERE interval = '1h'"), >,
                   20);
  /* A minute that is recorded after it was filled in keeps its open, and so does its hour, whose
   * other bars do not know: high and low may be wider there, but nothing is narrower. */
  g_assert_cmpint (market_file_ask (file, wrong), ==, 0);
}

static void
test_rolls_are_kept (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) history = make_bars (QUOTES_INTERVAL_MINUTE, TODAY_US, 3, 100);
  g_autoptr (QuotesHistory) again = make_bars (QUOTES_INTERVAL_MINUTE, TODAY_US, 90, 100);

  g_array_index (history->bars, QuotesBar, 1).is_roll = TRUE;
  fill (file, history);
  fill (file, again);
  g_assert_cmpint (market_file_ask (file, "SELECT count(*) FROM bars WHERE is_roll"), ==, 3);
  g_assert_cmpint (market_file_ask (file, "SELECT max(start_us) FROM bars WHERE is_roll"), ==,
                   TODAY_US + MINUTE_US);
}

/* A session that opens at half past, and the last bar of a provider, which begins now. */
static void
test_bars_begin_at_multiples (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) history = make_history (QUOTES_INTERVAL_HOUR);

  append (history, TODAY_US + 8 * HOUR_US + 30 * MINUTE_US, 100);
  append (history, TODAY_US + 9 * HOUR_US + 30 * MINUTE_US, 110);
  append (history, TODAY_US + 9 * HOUR_US + 50 * MINUTE_US, 105);
  fill (file, history);

  assert_bar (file, QUOTES_INTERVAL_HOUR, TODAY_US + 8 * HOUR_US, (double[]){100, 103, 97, 101},
              "yahoo:chart");
  assert_bar (file, QUOTES_INTERVAL_HOUR, TODAY_US + 9 * HOUR_US, (double[]){110, 113, 102, 106},
              "yahoo:chart");
}

static void
test_what_is_no_bar_is_left_out (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  static const QuotesBar bad[] = {
    {TODAY_US, NAN, 3, 1, 2, "yahoo:chart", FALSE},
    {TODAY_US, 2, INFINITY, 1, 2, "yahoo:chart", FALSE},
    {TODAY_US, 2, 3, -INFINITY, 2, "yahoo:chart", FALSE},
    {TODAY_US, 2, 3, 1, NAN, "yahoo:chart", FALSE},
    {TODAY_US, 4, 3, 1, 2, "yahoo:chart", FALSE},
    {TODAY_US, 2, 3, 1, 0.5, "yahoo:chart", FALSE},
    {-HOUR_US, 2, 3, 1, 2, "yahoo:chart", FALSE},
    {NOW_US + 25 * HOUR_US, 2, 3, 1, 2, "yahoo:chart", FALSE},
    {G_MAXINT64, 2, 3, 1, 2, "yahoo:chart", FALSE},
    {TODAY_US, 2, 3, 1, 2, "yahoo", FALSE},
    {TODAY_US, 2, 3, 1, 2, NULL, FALSE},
  };
  g_autoptr (QuotesHistory) history = make_history (QUOTES_INTERVAL_HOUR);
  g_autoptr (QuotesHistory) oil = make_history (QUOTES_INTERVAL_HOUR);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    quotes_history_append (history, &bad[i]);
  fill (file, history);
  g_assert_cmpint (market_file_ask (file, "SELECT count(*) FROM bars WHERE instrument_id = 2"), ==,
                   0);

  /* As in April 2020. */
  append (oil, TODAY_US, -37.63);
  fill (file, oil);
  assert_bar (file, QUOTES_INTERVAL_DAY, TODAY_US,
              (double[]){-37.63, -37.63 + 3, -37.63 - 3, -37.63 + 1}, "yahoo:chart");
}

static void
test_some_fills_are_refused (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) ticks = make_history (QUOTES_INTERVAL_TICK);
  g_autoptr (QuotesHistory) pounds = quotes_history_new ("XAU", "GBP", QUOTES_INTERVAL_HOUR);
  g_autoptr (QuotesHistory) many = make_bars (QUOTES_INTERVAL_MINUTE, 0, 20001, 1);
  g_autofree char *before = dump (file);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  append (ticks, TODAY_US, 1);
  append (pounds, TODAY_US, 1);
  g_assert_false (quotes_fill_write (file->database, ticks, NOW_US, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (quotes_fill_write (file->database, many, NOW_US, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (quotes_fill_write (file->database, pounds, NOW_US, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_cmpstr (error->message, ==,
                   "Could not fill in the history of XAU: it is in USD, and this is in GBP");

  after = dump (file);
  g_assert_cmpstr (before, ==, after);
}

/* Its first price may come later than its history. */
static void
test_an_unknown_instrument_is_named (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) history = quotes_history_new ("AAPL", "USD", QUOTES_INTERVAL_DAY);

  append (history, TODAY_US, 1);
  fill (file, history);
  g_assert_cmpint (market_file_ask (file, "SELECT count(*) FROM bars JOIN instruments"
                                          " ON instruments.id = instrument_id"
                                          " WHERE symbol = 'AAPL' AND currency = 'USD'"),
                   ==, 1);
}

static void
add (const char *name, void (*func) (MarketFile *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/fill/", name, NULL);

  g_test_add (path, MarketFile, NULL, set_up, func, market_file_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("bars-are-folded-up", test_bars_are_folded_up);
  add ("what-was-recorded-stays", test_what_was_recorded_stays);
  add ("the-hour-of-the-beginning-is-completed", test_the_hour_of_the_beginning_is_completed);
  add ("minutes-do-not-move-the-beginning-of-the-day",
       test_minutes_do_not_move_the_beginning_of_the_day);
  add ("a-hole-moves-neither-open-nor-close", test_a_hole_moves_neither_open_nor_close);
  add ("a-longer-bar-may-know-more", test_a_longer_bar_may_know_more);
  add ("an-hour-that-was-not-over-is-replaced", test_an_hour_that_was_not_over_is_replaced);
  add ("the-same-fill-changes-nothing", test_the_same_fill_changes_nothing);
  add ("longer-bars-are-what-the-minutes-are", test_longer_bars_are_what_the_minutes_are);
  add ("rolls-are-kept", test_rolls_are_kept);
  add ("bars-begin-at-multiples", test_bars_begin_at_multiples);
  add ("what-is-no-bar-is-left-out", test_what_is_no_bar_is_left_out);
  add ("some-fills-are-refused", test_some_fills_are_refused);
  add ("an-unknown-instrument-is-named", test_an_unknown_instrument_is_named);

  return g_test_run ();
}
