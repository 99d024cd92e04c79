/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "fake-clock.h"
#include "market-file.h"
#include "quotes-retention.h"
#include "wait.h"

#define MIB (G_GINT64_CONSTANT (1024) * 1024)

typedef struct
{
  MarketFile file;
  FakeClock *clock;           /* (owned) */
  GObject *owner;             /* (owned): of the tasks */
  QuotesStoreWorker *writer;  /* (owned) */
  QuotesRetention *retention; /* (owned) (nullable) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  market_file_set_up (&fixture->file, user_data);
  fixture->clock = fake_clock_new ();
  fixture->owner = g_object_new (G_TYPE_OBJECT, NULL);
  fixture->writer = quotes_store_worker_new_writer (fixture->file.dir);
  market_file_add_instrument (&fixture->file, "XAU", 0);
  market_file_add_instrument (&fixture->file, "XAG", 0);
  market_file_add_source (&fixture->file, "yahoo");
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  if (fixture->retention != NULL)
    {
      quotes_retention_stop (fixture->retention);
      wait_until (!quotes_retention_is_running (fixture->retention), 10);
    }
  g_clear_pointer (&fixture->retention, quotes_retention_free);
  quotes_store_worker_begin_close (fixture->writer, NULL);
  g_assert_true (quotes_store_worker_close (fixture->writer, 10 * G_USEC_PER_SEC));
  wait_settle ();
  g_assert_finalize_object (fixture->owner);
  g_assert_cmpuint (fake_clock_get_n_alarms (fixture->clock), ==, 0);
  g_assert_finalize_object (fixture->clock);
  market_file_tear_down (&fixture->file, user_data);
}

static gint64
get_now_us (Fixture *fixture)
{
  return quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock));
}

static gint64
ask (Fixture *fixture, const char *sql)
{
  return market_file_ask (&fixture->file, sql);
}

static gint64
count_ticks (Fixture *fixture)
{
  return ask (fixture, "SELECT count(*) FROM ticks");
}

/* @max_bytes: 0 = more than any test writes */
static void
start_with_days (Fixture *fixture, gint64 max_bytes, int tick_days)
{
  const QuotesStoreOptions options = {.max_bytes = max_bytes != 0 ? max_bytes : 1024 * MIB,
                                      .tick_days = tick_days,
                                      .minute_days = 30,
                                      .hour_days = 730};

  fixture->retention =
    quotes_retention_new (fixture->owner, QUOTES_CLOCK (fixture->clock), &options);
  quotes_retention_start (fixture->retention, fixture->writer);
  wait_until (!quotes_retention_is_running (fixture->retention), 10);
}

static void
start (Fixture *fixture, gint64 max_bytes)
{
  start_with_days (fixture, max_bytes, 7);
}

/* Ten minutes later, when the next run has ended. */
static void
run (Fixture *fixture)
{
  fake_clock_advance_us (fixture->clock, 10 * MINUTE_US);
  g_assert_true (quotes_retention_is_running (fixture->retention));
  wait_until (!quotes_retention_is_running (fixture->retention), 30);
  g_assert_cmpint (quotes_retention_get_last_run (fixture->retention)->phase, ==,
                   QUOTES_RETENTION_PHASE_DONE);
}

static void
run_often (Fixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    run (fixture);
}

/* One each @step_us, the first at @first_us; each with a version. */
static void
add_ticks (Fixture *fixture, gint64 first_us, gint64 step_us, guint n)
{
  g_autofree char *sql = g_strdup_printf (
    "BEGIN;"
    "WITH RECURSIVE i(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n < %u - 1)"
    " INSERT INTO ticks (run, version, instrument_id, at_us, price, source_id, is_roll)"
    " SELECT 1, ifnull((SELECT max(id) FROM ticks), 0) + n + 1, 1 + n %% 2, %" G_GINT64_FORMAT
    " + n * %" G_GINT64_FORMAT ", n, 1, 0 FROM i;"
    "INSERT INTO versions SELECT run, version, at_us, 1 FROM ticks"
    " WHERE version > ifnull((SELECT max(version) FROM versions), 0);"
    "COMMIT",
    n, first_us, step_us);

  market_file_execute (&fixture->file, sql);
}

static void
add_bars (Fixture *fixture, QuotesInterval interval, gint64 first_us, guint n)
{
  gint64 interval_us = quotes_interval_get_us (interval);
  g_autofree char *sql = g_strdup_printf (
    "WITH RECURSIVE i(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n < %u - 1)"
    " INSERT INTO bars SELECT '%s', id, %" G_GINT64_FORMAT " + n * %" G_GINT64_FORMAT
    ", 1.5, 2.5, 0.5, 1.25, 1, 0 FROM i, instruments",
    n, quotes_interval_to_string (interval), first_us - first_us % interval_us, interval_us);

  market_file_execute (&fixture->file, sql);
}

static void
test_the_first_run_comes_after_a_minute (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  add_ticks (fixture, get_now_us (fixture) - 9 * DAY_US, DAY_US / 10, 90);
  start (fixture, 0);
  fake_clock_advance_us (fixture->clock, MINUTE_US - 1);
  g_assert_false (quotes_retention_is_running (fixture->retention));
  g_assert_cmpint (count_ticks (fixture), ==, 90);
  fake_clock_advance_us (fixture->clock, 1);
  wait_until (!quotes_retention_is_running (fixture->retention), 10);
  g_assert_cmpint (count_ticks (fixture), ==, 85);
}

static void
test_old_prices_go (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 now_us = get_now_us (fixture);

  add_ticks (fixture, now_us - 10 * DAY_US, HOUR_US, 240);
  start (fixture, 0);
  run_often (fixture, 20);
  g_assert_cmpint (ask (fixture, "SELECT min(at_us) FROM ticks"), >=, now_us - 7 * DAY_US);
  /* Three days, and what became old in these three hours and twenty minutes. */
  g_assert_cmpint (count_ticks (fixture), ==, 7 * 24 - 4);
  g_assert_cmpint (ask (fixture, "SELECT max(at_us) FROM ticks"), ==, now_us - HOUR_US);
}

static void
test_a_run_deletes_a_twentieth (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 n_before = 50000;

  add_ticks (fixture, get_now_us (fixture) - 20 * DAY_US, MINUTE_US / 10, 50000);
  add_bars (fixture, QUOTES_INTERVAL_MINUTE, get_now_us (fixture) - 40 * DAY_US, 5000);
  start (fixture, 0);
  for (guint i = 0; i < 3; i++)
    {
      run (fixture);
      g_assert_cmpint (n_before - count_ticks (fixture), ==, (n_before + 19) / 20);
      n_before = count_ticks (fixture);
    }
  g_assert_cmpint (ask (fixture, "SELECT count(*) FROM bars WHERE instrument_id = 1"), ==,
                   5000 - 250 - 238 - 226);
}

static void
test_versions_go_with_their_prices (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  add_ticks (fixture, get_now_us (fixture) - 9 * DAY_US, HOUR_US, 200);
  start (fixture, 0);
  run_often (fixture, 10);
  g_assert_cmpint (count_ticks (fixture), <, 160);
  g_assert_cmpint (count_ticks (fixture), ==, ask (fixture, "SELECT count(*) FROM versions"));
  g_assert_cmpint (ask (fixture, "SELECT min(version) FROM ticks"), ==,
                   ask (fixture, "SELECT min(version) FROM versions"));
}

static void
test_bars_go_each_at_their_age (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 now_us = get_now_us (fixture);

  add_bars (fixture, QUOTES_INTERVAL_MINUTE, now_us - 31 * DAY_US, 31 * 1440);
  add_bars (fixture, QUOTES_INTERVAL_HOUR, now_us - 735 * DAY_US, 735 * 24);
  add_bars (fixture, QUOTES_INTERVAL_DAY, now_us - 4000 * DAY_US, 4000);
  start (fixture, 0);
  run_often (fixture, 6);

  g_assert_cmpint (ask (fixture, "SELECT min(start_us) FROM bars WHERE interval = '1m'"), >=,
                   now_us - 30 * DAY_US);
  g_assert_cmpint (ask (fixture, "SELECT min(start_us) FROM bars WHERE interval = '1m'"), <,
                   now_us - 29 * DAY_US);
  g_assert_cmpint (ask (fixture, "SELECT min(start_us) FROM bars WHERE interval = '1h'"), >=,
                   now_us - 730 * DAY_US);
  g_assert_cmpint (ask (fixture, "SELECT min(start_us) FROM bars WHERE interval = '1h'"), <,
                   now_us - 729 * DAY_US);
  g_assert_cmpint (ask (fixture, "SELECT count(*) FROM bars WHERE interval = '1d'"), ==, 8000);
}

/* Somebody sets the date while this runs; it is wrong for hours, and prices go on. */
static void
test_no_leap_makes_anything_old (Fixture *fixture, gconstpointer user_data)
{
  gint64 leap_us = *(const gint64 *) user_data;
  gint64 first_us = get_now_us (fixture) - 6 * DAY_US;

  add_ticks (fixture, first_us, MINUTE_US, 6 * 1440);
  add_bars (fixture, QUOTES_INTERVAL_MINUTE, first_us, 6 * 1440);
  add_bars (fixture, QUOTES_INTERVAL_HOUR, first_us, 6 * 24);
  start (fixture, 0);
  run (fixture);
  fake_clock_step_real_us (fixture->clock, leap_us);
  for (guint i = 0; i < 72; i++)
    {
      add_ticks (fixture, get_now_us (fixture), MINUTE_US, 10);
      run (fixture);
    }

  g_assert_cmpint (count_ticks (fixture), ==, 6 * 1440 + 720);
  g_assert_cmpint (ask (fixture, "SELECT count(*) FROM bars"), ==, 2 * (6 * 1440 + 6 * 24));
}

/* Then it is put right. What was recorded meanwhile is of a far future, and goes in its turn. */
static void
test_prices_of_the_future_go_in_their_turn (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 now_us = get_now_us (fixture);

  add_ticks (fixture, now_us - 10 * DAY_US, HOUR_US, 24);
  add_ticks (fixture, now_us + 3650 * DAY_US, HOUR_US, 24);
  add_ticks (fixture, now_us - 8 * DAY_US, HOUR_US, 20);
  add_ticks (fixture, now_us - 2 * DAY_US, HOUR_US, 24);
  add_ticks (fixture, now_us + 3650 * DAY_US, HOUR_US, 8);
  start (fixture, 0);
  run_often (fixture, 60);

  g_assert_cmpint (count_ticks (fixture), ==, 24 + 8);
  g_assert_cmpint (ask (fixture, "SELECT at_us FROM ticks ORDER BY id LIMIT 1"), ==,
                   now_us - 2 * DAY_US);
}

/* The date is ten years ahead, and stays so: what was recorded before is old after two days. */
static void
test_ages_go_by_the_time_that_passes (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  add_ticks (fixture, get_now_us (fixture) - DAY_US, HOUR_US, 24);
  start_with_days (fixture, 0, 2);
  fake_clock_step_real_us (fixture->clock, 3650 * DAY_US);
  run_often (fixture, 144 - 2);
  g_assert_cmpint (count_ticks (fixture), ==, 24);
  run_often (fixture, 150);
  g_assert_cmpint (count_ticks (fixture), ==, 0);
}

/* The date was wrong when the machine started: nobody saw a leap. */
static void
test_the_last_day_stays_for_a_day (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 last_us = get_now_us (fixture);

  add_ticks (fixture, last_us - 3 * DAY_US, MINUTE_US, 3 * 1440);
  fake_clock_step_real_us (fixture->clock, 3650 * DAY_US);
  start (fixture, 0);
  add_ticks (fixture, get_now_us (fixture), MINUTE_US, 10);
  run_often (fixture, 140);
  g_assert_cmpint (ask (fixture, "SELECT count(*) FROM ticks"), >=, 1440);
  g_assert_cmpint (ask (fixture, "SELECT min(at_us) FROM ticks"), <=, last_us - DAY_US + MINUTE_US);
}

static void
test_the_oldest_goes_first_when_there_is_too_much (Fixture *fixture,
                                                   G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *path = g_build_filename (fixture->file.dir, "market.db", NULL);
  GStatBuf info = {0};
  gint64 now_us = get_now_us (fixture);
  gint64 n_ticks = 60000;

  add_ticks (fixture, now_us - 6 * DAY_US, MINUTE_US / 10, (guint) n_ticks);
  add_bars (fixture, QUOTES_INTERVAL_MINUTE, now_us - 29 * DAY_US, 5000);
  g_assert_true (quotes_database_checkpoint (fixture->file.database, NULL));
  g_stat (path, &info);
  g_assert_cmpint (info.st_size, >, 3 * MIB);

  start (fixture, 3 * MIB);
  run (fixture);
  g_stat (path, &info);
  g_assert_cmpint (info.st_size, <=, 3 * MIB);
  g_assert_cmpint (count_ticks (fixture), <, n_ticks);
  g_assert_cmpint (count_ticks (fixture), >, n_ticks / 4);
  g_assert_cmpint (ask (fixture, "SELECT max(id) FROM ticks"), ==, n_ticks);
  g_assert_cmpint (ask (fixture, "SELECT count(*) FROM bars"), ==, 10000);
  g_assert_cmpint (
    ask (fixture, "SELECT count(*) FROM pragma_quick_check WHERE quick_check = 'ok'"), ==, 1);
}

static void
test_bars_go_when_there_are_no_prices (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *path = g_build_filename (fixture->file.dir, "market.db", NULL);
  GStatBuf info = {0};
  gint64 now_us = get_now_us (fixture);

  add_ticks (fixture, now_us - DAY_US, MINUTE_US, 1000);
  add_bars (fixture, QUOTES_INTERVAL_MINUTE, now_us - 20 * DAY_US, 20 * 1440);
  add_bars (fixture, QUOTES_INTERVAL_HOUR, now_us - 700 * DAY_US, 700 * 24);
  add_bars (fixture, QUOTES_INTERVAL_DAY, now_us - 3000 * DAY_US, 3000);
  start (fixture, 2 * MIB);
  run (fixture);

  g_stat (path, &info);
  g_assert_cmpint (info.st_size, <=, 2 * MIB);
  g_assert_cmpint (count_ticks (fixture), ==, 0);
  g_assert_cmpint (ask (fixture, "SELECT count(*) FROM bars WHERE interval = '1m'"), ==, 0);
  g_assert_cmpint (ask (fixture, "SELECT count(*) FROM bars WHERE interval = '1h'"), <,
                   2 * 700 * 24);
  g_assert_cmpint (ask (fixture, "SELECT count(*) FROM bars WHERE interval = '1h'"), >, 1000);
  g_assert_cmpint (ask (fixture, "SELECT max(start_us) FROM bars WHERE interval = '1h'"), >=,
                   now_us - 2 * HOUR_US);
  g_assert_cmpint (ask (fixture, "SELECT count(*) FROM bars WHERE interval = '1d'"), ==, 6000);
}

/* Days are for ever, and so is a limit that they alone go beyond: it ends all the same. */
static void
test_days_are_kept_beyond_the_limit (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  add_bars (fixture, QUOTES_INTERVAL_DAY, get_now_us (fixture) - 9000 * DAY_US, 9000);
  start (fixture, MIB / 2);
  run (fixture);
  g_assert_cmpint (ask (fixture, "SELECT count(*) FROM bars"), ==, 18000);
}

static void
test_the_size_is_looked_at_soon (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  start (fixture, 3 * MIB);
  add_ticks (fixture, get_now_us (fixture), 1, 80000);
  quotes_retention_look (fixture->retention);
  g_assert_false (quotes_retention_is_running (fixture->retention));
  fake_clock_advance_us (fixture->clock, 10 * G_USEC_PER_SEC);
  quotes_retention_look (fixture->retention);
  wait_until (!quotes_retention_is_running (fixture->retention), 30);
  g_assert_cmpint (count_ticks (fixture), <, 80000);
}

static gboolean
do_nothing_in_worker (G_GNUC_UNUSED QuotesDatabase *database,
                      G_GNUC_UNUSED gpointer data,
                      G_GNUC_UNUSED GError **error)
{
  return TRUE;
}

static void
done_cb (G_GNUC_UNUSED GObject *source, G_GNUC_UNUSED GAsyncResult *result, gpointer user_data)
{
  gboolean *is_done = user_data;

  *is_done = TRUE;
}

/* Each step is a job of its own: what is appended waits for one of them, not for all. */
static void
test_appends_come_in_between (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  guint n_between = 0;

  add_ticks (fixture, get_now_us (fixture) - DAY_US, 1, 150000);
  start (fixture, 2 * MIB);
  fake_clock_advance_us (fixture->clock, 10 * MINUTE_US);
  while (quotes_retention_is_running (fixture->retention))
    {
      gboolean is_done = FALSE;

      quotes_store_worker_push (fixture->writer, QUOTES_STORE_FILE_MARKET, do_nothing_in_worker,
                                g_task_new (fixture->owner, NULL, done_cb, &is_done));
      wait_until (is_done, 10);
      n_between++;
    }
  g_assert_cmpuint (n_between, >=, 5);
  g_assert_cmpuint (quotes_retention_get_last_run (fixture->retention)->n_steps, >=, 5);
  g_assert_cmpint (count_ticks (fixture), <, 150000);
}

static void
test_it_stops_after_a_step (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  add_ticks (fixture, get_now_us (fixture) - DAY_US, 1, 150000);
  start (fixture, 2 * MIB);
  fake_clock_advance_us (fixture->clock, 10 * MINUTE_US);
  g_assert_true (quotes_retention_is_running (fixture->retention));
  quotes_retention_stop (fixture->retention);
  wait_until (!quotes_retention_is_running (fixture->retention), 10);
  g_assert_cmpuint (quotes_retention_get_last_run (fixture->retention)->n_steps, <=, 1);
  g_assert_cmpint (count_ticks (fixture), >, 100000);
}

static void
add (const char *name, void (*func) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/retention/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc, char *argv[])
{
  static const gint64 day_us = DAY_US;
  static const gint64 back_us = -DAY_US;
  static const gint64 years_us = 3650 * DAY_US;

  g_test_init (&argc, &argv, NULL);

  add ("the-first-run-comes-after-a-minute", test_the_first_run_comes_after_a_minute);
  add ("old-prices-go", test_old_prices_go);
  add ("a-run-deletes-a-twentieth", test_a_run_deletes_a_twentieth);
  add ("versions-go-with-their-prices", test_versions_go_with_their_prices);
  add ("bars-go-each-at-their-age", test_bars_go_each_at_their_age);
  g_test_add ("/retention/a-day-forward-makes-nothing-old", Fixture, &day_us, set_up,
              test_no_leap_makes_anything_old, tear_down);
  g_test_add ("/retention/a-day-back-makes-nothing-old", Fixture, &back_us, set_up,
              test_no_leap_makes_anything_old, tear_down);
  g_test_add ("/retention/ten-years-forward-make-nothing-old", Fixture, &years_us, set_up,
              test_no_leap_makes_anything_old, tear_down);
  add ("prices-of-the-future-go-in-their-turn", test_prices_of_the_future_go_in_their_turn);
  add ("ages-go-by-the-time-that-passes", test_ages_go_by_the_time_that_passes);
  add ("the-last-day-stays-for-a-day", test_the_last_day_stays_for_a_day);
  add ("the-oldest-goes-first-when-there-is-too-much",
       test_the_oldest_goes_first_when_there_is_too_much);
  add ("bars-go-when-there-are-no-prices", test_bars_go_when_there_are_no_prices);
  add ("days-are-kept-beyond-the-limit", test_days_are_kept_beyond_the_limit);
  add ("the-size-is-looked-at-soon", test_the_size_is_looked_at_soon);
  add ("appends-come-in-between", test_appends_come_in_between);
  add ("it-stops-after-a-step", test_it_stops_after_a_step);

  return g_test_run ();
}
