/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <sqlite3.h>

#include "poller-fixture.h"
#include "quotes-keeping.h"
#include "remove-tree.h"
#include "wait.h"

typedef struct
{
  PollerFixture core;
  char *dir;                /* (owned) */
  QuotesSettings *settings; /* (owned) */
  QuotesKeeping *keeping;   /* (owned) */
} Fixture;

static void
start (Fixture *fixture)
{
  g_autofree char *file = g_build_filename (fixture->dir, "settings.ini", NULL);
  g_autoptr (GError) error = NULL;

  poller_fixture_set_up (&fixture->core, NULL);
  fixture->settings = quotes_settings_new (file, &error);
  g_assert_no_error (error);
  fixture->keeping =
    quotes_keeping_new (fixture->dir, fixture->settings, fixture->core.hub, fixture->core.poller,
                        QUOTES_CLOCK (fixture->core.clock), &error);
  g_assert_no_error (error);
  quotes_keeping_adopt (fixture->keeping);
}

static void
end (Fixture *fixture)
{
  quotes_keeping_free (g_steal_pointer (&fixture->keeping));
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->settings));
  poller_fixture_tear_down (&fixture->core, NULL);
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fixture->dir = g_dir_make_tmp ("marketwell-keeping-XXXXXX", NULL);
  start (fixture);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  end (fixture);
  remove_tree (fixture->dir);
  g_free (fixture->dir);
}

/* As the program does at its next start. */
static void
start_again (Fixture *fixture)
{
  end (fixture);
  fixture->core = (PollerFixture){0};
  start (fixture);
}

static const QuotesQuote *
lookup (Fixture *fixture, const char *symbol)
{
  return quotes_hub_lookup (fixture->core.hub, symbol);
}

static void
answer (Fixture *fixture, double price)
{
  fake_provider_answer (fixture->core.yahoo, price);
  poller_fixture_settle ();
  g_assert_nonnull (lookup (fixture, "XAU"));
  wait_until (quotes_archive_get_stored (quotes_keeping_get_archive (fixture->keeping)) ==
                quotes_hub_get_snapshot (fixture->core.hub)->version,
              10);
}

static void
assert_shown_as_stored (Fixture *fixture, double price)
{
  g_assert_nonnull (lookup (fixture, "XAU"));
  g_assert_cmpfloat (lookup (fixture, "XAU")->price, ==, price);
  g_assert_cmpint (lookup (fixture, "XAU")->stale_reason, ==, QUOTES_STALE_REASON_STORED);
}

static void
test_the_last_prices_are_shown_at_once (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 fetched_us = 0;

  answer (fixture, 2400.5);
  fetched_us = lookup (fixture, "XAU")->fetched_us;
  start_again (fixture);
  assert_shown_as_stored (fixture, 2400.5);
  g_assert_cmpint (lookup (fixture, "XAU")->fetched_us, ==, fetched_us);

  /* No network takes them away. */
  fake_provider_fail (fixture->core.yahoo, QUOTES_PROVIDER_ERROR_NETWORK, 0);
  poller_fixture_settle ();
  assert_shown_as_stored (fixture, 2400.5);
  poller_fixture_wait_for_fetch (&fixture->core, fixture->core.yahoo);
  answer (fixture, 2400.5);
  g_assert_cmpint (lookup (fixture, "XAU")->stale_reason, ==, QUOTES_STALE_REASON_NONE);
}

static char *
ask (Fixture *fixture, const char *sql)
{
  g_autofree char *path = g_build_filename (fixture->dir, "market.db", NULL);
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;
  char *text = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  sqlite3_close (handle);
  return text;
}

static void
test_rows_name_the_run_of_the_events (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  guint32 run = quotes_keeping_get_run (fixture->keeping);
  g_autofree char *expected = g_strdup_printf ("%08x", run);
  g_autofree char *epoch = NULL;

  g_assert_cmpuint (run, !=, 0);
  answer (fixture, 1);
  epoch = ask (fixture, "SELECT epoch FROM runs");
  g_assert_cmpstr (epoch, ==, expected);
}

int
main (int argc, char *argv[])
{
  g_autofree char *schemas = NULL;

  g_test_init (&argc, &argv, NULL);
  schemas = g_test_build_filename (G_TEST_BUILT, "..", "data", NULL);
  g_setenv ("GSETTINGS_SCHEMA_DIR", schemas, TRUE);

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
  ADD ("/keeping/the-last-prices-are-shown-at-once", test_the_last_prices_are_shown_at_once);
  ADD ("/keeping/rows-name-the-run-of-the-events", test_rows_name_the_run_of_the_events);
#undef ADD

  return g_test_run ();
}
