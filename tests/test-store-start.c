/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "store-fixture.h"
#include "wait.h"

/* What a store says and does about what it finds; what may be found: test-database. */

static void
put (StoreFixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->dir, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static const char *
get_message (StoreFixture *fixture)
{
  return quotes_archive_get_message (QUOTES_ARCHIVE (fixture->store));
}

static void
test_a_broken_file_is_told_and_replaced (StoreFixture *fixture,
                                         G_GNUC_UNUSED gconstpointer user_data)
{
  store_fixture_close (fixture);
  put (fixture, "market.db", "this is no database, however long one looks at it");
  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "*market.db.corrupt-2*");
  store_fixture_open (fixture);
  g_test_assert_expected_messages ();

  g_assert_cmpstr (store_fixture_get_state (fixture), ==, "ok");
  g_assert_nonnull (strstr (get_message (fixture), "market.db.corrupt-2"));
  store_fixture_append_price (fixture, "XAU", 1);
  store_fixture_wait_until_stored (fixture);
  store_fixture_assert (fixture, "SELECT count(*) FROM ticks", "1");
}

static void
test_a_newer_file_is_told_and_left_alone (StoreFixture *fixture,
                                          G_GNUC_UNUSED gconstpointer user_data)
{
  store_fixture_append_price (fixture, "XAU", 1);
  store_fixture_close (fixture);
  g_free (store_fixture_ask (fixture, "PRAGMA user_version = 1000"));
  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "*newer version*");
  store_fixture_open (fixture);
  g_test_assert_expected_messages ();

  g_assert_cmpstr (store_fixture_get_state (fixture), ==, "newer");
  store_fixture_append_price (fixture, "XAU", 2);
  fake_clock_advance_us (fixture->clock, 10 * G_USEC_PER_SEC);
  wait_settle ();
  g_assert_cmpuint (store_fixture_get_stored (fixture), ==, 0);
  store_fixture_close (fixture);
  store_fixture_assert (fixture, "SELECT group_concat(price) FROM ticks", "1.0");
  store_fixture_assert (fixture, "PRAGMA user_version", "1000");
}

static void
test_too_many_broken_ones_are_left_where_they_are (StoreFixture *fixture,
                                                   G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *found = NULL;

  store_fixture_close (fixture);
  put (fixture, "market.db", "the fourth one");
  put (fixture, "market.db.corrupt-1", "");
  put (fixture, "market.db.corrupt-2", "");
  put (fixture, "market.db.corrupt-3", "");
  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "*move them away*");
  store_fixture_open (fixture);
  g_test_assert_expected_messages ();

  g_assert_cmpstr (store_fixture_get_state (fixture), ==, "failed");
  store_fixture_append_price (fixture, "XAU", 2);
  fake_clock_advance_us (fixture->clock, 10 * G_USEC_PER_SEC);
  store_fixture_close (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, "the fourth one");
}

static void
save_alert (StoreFixture *fixture, const char *id, const char *symbol)
{
  QuotesAlert fields = QUOTES_ALERT_INIT;
  g_autoptr (QuotesAlert) alert = NULL;

  fields.id = id;
  fields.symbol = symbol;
  fields.level = 1;
  alert = quotes_alert_new (&fields);
  quotes_store_save_alert (fixture->store, alert);
}

/* Else the first new one would come into the place of the first old one. */
static void
test_alerts_that_cannot_be_read_are_not_written_over (StoreFixture *fixture,
                                                      G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *path = g_build_filename (fixture->dir, "private.db", NULL);
  g_autofree char *log = g_build_filename (fixture->dir, "private.db-wal", NULL);
  g_autoptr (GPtrArray) alerts = NULL;

  save_alert (fixture, "1", "XAU");
  store_fixture_close (fixture);
  /* A log that cannot be opened. */
  g_assert_cmpint (g_mkdir (log, 0700), ==, 0);
  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "*private.db*");
  store_fixture_open (fixture);
  g_test_assert_expected_messages ();
  g_assert_cmpstr (store_fixture_get_state (fixture), ==, "failed");
  g_assert_cmpint (g_rmdir (log), ==, 0);
  save_alert (fixture, "1", "BTC");
  store_fixture_reopen (fixture);

  alerts = quotes_store_dup_alerts (fixture->store);
  g_assert_cmpuint (alerts->len, ==, 1);
  g_assert_cmpstr (((QuotesAlert *) g_ptr_array_index (alerts, 0))->symbol, ==, "XAU");
}

static void
test_a_folder_that_is_none_is_an_error (void)
{
  const QuotesStoreOptions options = {.run = 1};
  g_autoptr (FakeClock) clock = fake_clock_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (quotes_store_open ("/nowhere/at/all", QUOTES_CLOCK (clock), &options, &error));
  g_assert_error (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_FAILED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function)                                                                        \
  g_test_add (name, StoreFixture, NULL, store_fixture_set_up, function, store_fixture_tear_down)
  ADD ("/store-start/a-broken-file-is-told-and-replaced", test_a_broken_file_is_told_and_replaced);
  ADD ("/store-start/a-newer-file-is-told-and-left-alone",
       test_a_newer_file_is_told_and_left_alone);
  ADD ("/store-start/too-many-broken-ones-are-left-where-they-are",
       test_too_many_broken_ones_are_left_where_they_are);
  ADD ("/store-start/alerts-that-cannot-be-read-are-not-written-over",
       test_alerts_that_cannot_be_read_are_not_written_over);
#undef ADD
  g_test_add_func ("/store-start/a-folder-that-is-none-is-an-error",
                   test_a_folder_that_is_none_is_an_error);

  return g_test_run ();
}
