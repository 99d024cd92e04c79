/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <sqlite3.h>
#include <string.h>

#include "faulty-disk.h"
#include "store-fixture.h"
#include "wait.h"

/* Row R14 of the reliability promises: so many steps of a session fail in turn. */
#define N_POINTS 200
#define RETRY_US STORE_FIXTURE_RETRY_US

static guint n_warnings;
static guint n_changes;

/* Warnings are what is tested here; of anything worse the test dies as always. */
static void
log_cb (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  if ((level & G_LOG_LEVEL_WARNING) != 0)
    n_warnings++;
  else if ((level & (G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG)) == 0)
    g_log_default_handler (domain, level, message, user_data);
}

static gboolean
has_state (StoreFixture *fixture, const char *state)
{
  return g_str_equal (store_fixture_get_state (fixture), state);
}

static void
count_changes_cb (void)
{
  n_changes++;
}

static void
count_changes (StoreFixture *fixture)
{
  n_changes = 0;
  g_signal_connect_swapped (fixture->store, "changed", G_CALLBACK (count_changes_cb), NULL);
}

static void
test_a_full_disk_is_told_once_and_resumes (StoreFixture *fixture,
                                           G_GNUC_UNUSED gconstpointer user_data)
{
  store_fixture_append_price (fixture, "XAU", 1);
  store_fixture_wait_until_stored (fixture);
  n_warnings = 0;
  faulty_disk_fail_all (SQLITE_FULL);
  store_fixture_append_price (fixture, "XAU", 2);
  wait_until (has_state (fixture, "full"), 10);
  g_assert_nonnull (
    strstr (quotes_archive_get_message (QUOTES_ARCHIVE (fixture->store)), "market.db"));
  for (int i = 3; i <= 20; i++)
    {
      store_fixture_append_price (fixture, "XAU", i);
      wait_settle ();
      fake_clock_advance_us (fixture->clock, RETRY_US);
    }
  g_assert_cmpuint (store_fixture_get_stored (fixture), ==, 1);
  /* One for the reserve, one for the state. */
  g_assert_cmpuint (n_warnings, ==, 2);

  faulty_disk_fail_all (0);
  wait_settle ();
  fake_clock_advance_us (fixture->clock, RETRY_US);
  store_fixture_wait_until_stored (fixture);
  g_assert_true (has_state (fixture, "ok"));
  g_assert_null (quotes_archive_get_message (QUOTES_ARCHIVE (fixture->store)));
  store_fixture_assert (fixture, "SELECT group_concat(price) FROM ticks",
                        "1.0,2.0,3.0,4.0,5.0,6.0,7.0,8.0,9.0,10.0,11.0,12.0,13.0,14.0,15.0,16.0,"
                        "17.0,18.0,19.0,20.0");
  store_fixture_assert (fixture, "SELECT count(*) FROM gaps", "0");
}

static void
test_a_new_price_is_a_new_try (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  faulty_disk_fail_all (SQLITE_IOERR_WRITE);
  store_fixture_append_price (fixture, "XAU", 1);
  wait_until (has_state (fixture, "failed"), 10);
  faulty_disk_fail_all (0);
  count_changes (fixture);
  store_fixture_append_price (fixture, "XAU", 2);
  store_fixture_wait_until_stored (fixture);
  g_assert_cmpuint (n_changes, >, 0);
  g_assert_true (has_state (fixture, "ok"));
}

static void
test_what_waits_too_long_is_a_gap (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  faulty_disk_fail_all (SQLITE_FULL);
  store_fixture_append_many (fixture, 100);
  wait_until (has_state (fixture, "full"), 10);
  count_changes (fixture);
  for (int i = 1; i < 30; i++)
    store_fixture_append_many (fixture, 100);
  wait_until (n_changes == 1, 10);
  faulty_disk_fail_all (0);
  fake_clock_advance_us (fixture->clock, RETRY_US);
  store_fixture_wait_until_stored (fixture);

  store_fixture_assert (fixture,
                        "SELECT from_version || '-' || to_version || ' ' || n_rows || ' ' ||"
                        " reason FROM gaps",
                        "1-20 2000 full");
  store_fixture_assert (fixture, "SELECT min(version) || ' ' || count(*) FROM versions", "21 10");
  store_fixture_assert (fixture, "SELECT count(*) FROM ticks", "1000");
  /* What only a lost version said is known all the same. */
  store_fixture_assert (fixture, "SELECT count(*) FROM quotes", "100");
}

static void
test_the_newest_version_waits_whole (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  faulty_disk_fail_all (SQLITE_FULL);
  store_fixture_append_many (fixture, 1500);
  wait_until (has_state (fixture, "full"), 10);
  count_changes (fixture);
  store_fixture_append_many (fixture, 1500);
  wait_until (n_changes == 1, 10);
  faulty_disk_fail_all (0);
  fake_clock_advance_us (fixture->clock, RETRY_US);
  store_fixture_wait_until_stored (fixture);

  store_fixture_assert (fixture, "SELECT version || ':' || count(*) FROM ticks GROUP BY version",
                        "2:1500");
}

static void
test_words_for_what_fails (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const struct
  {
    int code;
    const char *state;
  } rows[] = {
    {SQLITE_FULL, "full"},
    {SQLITE_READONLY, "read-only"},
    {SQLITE_IOERR_WRITE, "failed"},
    {SQLITE_NOMEM, "failed"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      faulty_disk_fail_all (rows[i].code);
      store_fixture_append_price (fixture, "XAU", 1 + (double) i);
      wait_until (has_state (fixture, rows[i].state), 10);
      faulty_disk_fail_all (0);
      fake_clock_advance_us (fixture->clock, RETRY_US);
      store_fixture_wait_until_stored (fixture);
    }
  store_fixture_assert (fixture, "SELECT count(*) FROM ticks", "4");
}

static void
test_alerts_and_calls_wait_too (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  QuotesAlert fields = QUOTES_ALERT_INIT;
  g_autoptr (QuotesAlert) alert = NULL;
  g_autoptr (GPtrArray) alerts = NULL;

  fields.id = "1";
  fields.symbol = "XAU";
  fields.level = 5;
  alert = quotes_alert_new (&fields);
  faulty_disk_fail_all (SQLITE_FULL);
  quotes_store_save_alert (fixture->store, alert);
  wait_until (has_state (fixture, "full"), 10);
  quotes_store_count_calls (fixture->store, "yahoo", 3, 0);
  quotes_store_count_calls (fixture->store, "yahoo", 4, 0);
  wait_settle ();
  faulty_disk_fail_all (0);
  wait_until (has_state (fixture, "ok") || (store_fixture_let_retry (fixture), FALSE), 10);
  store_fixture_reopen (fixture);

  alerts = quotes_store_dup_alerts (fixture->store);
  g_assert_cmpuint (alerts->len, ==, 1);
  g_assert_cmpuint (quotes_store_get_calls_today (fixture->store, "yahoo"), ==, 7);
}

static void
test_closing_a_full_disk_ends (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  store_fixture_append_price (fixture, "XAU", 1);
  store_fixture_wait_until_stored (fixture);
  faulty_disk_fail_all (SQLITE_FULL);
  store_fixture_append_price (fixture, "XAU", 2);
  store_fixture_close (fixture);
  faulty_disk_fail_all (0);
  store_fixture_open (fixture);
  g_assert_true (has_state (fixture, "ok"));
  store_fixture_assert (fixture, "SELECT group_concat(price) FROM ticks", "1.0");
}

static void
test_a_disk_that_was_full_at_the_start_is_used_later (StoreFixture *fixture,
                                                      G_GNUC_UNUSED gconstpointer user_data)
{
  store_fixture_append_price (fixture, "XAU", 1);
  store_fixture_close (fixture);
  fake_clock_advance_us (fixture->clock, G_USEC_PER_SEC);
  faulty_disk_fail_all (SQLITE_FULL);
  store_fixture_open (fixture);
  g_assert_true (has_state (fixture, "full"));
  store_fixture_append_price (fixture, "XAU", 2);
  wait_settle ();
  faulty_disk_fail_all (0);
  store_fixture_append_price (fixture, "XAU", 3);
  store_fixture_wait_until_stored (fixture);
  store_fixture_assert (fixture, "SELECT group_concat(price) FROM ticks", "1.0,2.0,3.0");
}

static gboolean
has_reserve (StoreFixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->dir, "reserve", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_the_reserve_is_given_up_for_what_is_new (StoreFixture *fixture,
                                              G_GNUC_UNUSED gconstpointer user_data)
{
  store_fixture_append_price (fixture, "XAU", 1);
  store_fixture_wait_until_stored (fixture);
  if (!has_reserve (fixture))
    {
      g_test_skip ("There is no room for a reserve here");
      return;
    }

  n_warnings = 0;
  faulty_disk_fail_once (1, SQLITE_FULL);
  store_fixture_append_price (fixture, "XAU", 2);
  store_fixture_wait_until_stored (fixture);
  g_assert_true (has_state (fixture, "ok"));
  g_assert_cmpuint (n_warnings, ==, 1);
  g_assert_false (has_reserve (fixture));

  store_fixture_append_price (fixture, "XAU", 3);
  store_fixture_wait_until_stored (fixture);
  g_assert_true (has_reserve (fixture));
  store_fixture_assert (fixture, "SELECT group_concat(price) FROM ticks", "1.0,2.0,3.0");
}

static void
test_any_step_may_fail (gconstpointer user_data)
{
  int code = GPOINTER_TO_INT (user_data);
  int n_failed = 0;

  for (int i = 1; i <= N_POINTS; i++)
    {
      StoreFixture fixture = {0};
      guint64 stored = 0;

      /* Odd ones fail while the files are made, too. */
      if (i % 2 == 0)
        faulty_disk_fail_once (i, code);
      store_fixture_set_up (&fixture, NULL);
      if (i % 2 == 1)
        faulty_disk_fail_once (i, code);
      stored = store_fixture_run_session (&fixture);
      if (faulty_disk_has_failed ())
        n_failed++;
      faulty_disk_fail_once (0, 0);
      store_fixture_check_session (&fixture, stored);
      store_fixture_tear_down (&fixture, NULL);
    }
  g_test_message ("%d of %d steps failed with %d: nothing torn, nothing lost", n_failed, N_POINTS,
                  code);
  g_assert_cmpint (n_failed, >, N_POINTS / 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_log_set_default_handler (log_cb, NULL);
  faulty_disk_install ();

#define ADD(name, function)                                                                        \
  g_test_add (name, StoreFixture, NULL, store_fixture_set_up, function, store_fixture_tear_down)
  ADD ("/store-faults/a-full-disk-is-told-once-and-resumes",
       test_a_full_disk_is_told_once_and_resumes);
  ADD ("/store-faults/a-new-price-is-a-new-try", test_a_new_price_is_a_new_try);
  ADD ("/store-faults/what-waits-too-long-is-a-gap", test_what_waits_too_long_is_a_gap);
  ADD ("/store-faults/the-newest-version-waits-whole", test_the_newest_version_waits_whole);
  ADD ("/store-faults/words-for-what-fails", test_words_for_what_fails);
  ADD ("/store-faults/alerts-and-calls-wait-too", test_alerts_and_calls_wait_too);
  ADD ("/store-faults/the-reserve-is-given-up-for-what-is-new",
       test_the_reserve_is_given_up_for_what_is_new);
  ADD ("/store-faults/closing-a-full-disk-ends", test_closing_a_full_disk_ends);
  ADD ("/store-faults/a-disk-that-was-full-at-the-start-is-used-later",
       test_a_disk_that_was_full_at_the_start_is_used_later);
#undef ADD
  g_test_add_data_func ("/store-faults/any-step-may-fail-for-want-of-space",
                        GINT_TO_POINTER (SQLITE_FULL), test_any_step_may_fail);
  g_test_add_data_func ("/store-faults/any-step-may-fail-with-an-error",
                        GINT_TO_POINTER (SQLITE_IOERR), test_any_step_may_fail);

  return g_test_run ();
}
