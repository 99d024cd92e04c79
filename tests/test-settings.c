/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>

#include "catalog-file.h"
#include "quotes-settings.h"
#include "wait.h"

static const char *const defaults[] = {"coingecko:bitcoin", "yahoo:GC=F", NULL};

typedef struct
{
  char *dir;                /* (owned) */
  char *file;               /* (owned) */
  QuotesCatalog *catalog;   /* (owned) */
  QuotesWatchlist *list;    /* (owned) */
  QuotesSettings *settings; /* (owned) */
} Fixture;

static QuotesSettings *
open_settings (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  QuotesSettings *settings = quotes_settings_new (fixture->file, &error);

  g_assert_no_error (error);
  return settings;
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fixture->dir = g_dir_make_tmp ("marketwell-settings-XXXXXX", NULL);
  fixture->file = g_build_filename (fixture->dir, "settings.ini", NULL);
  fixture->catalog = load_shipped_catalog ();
  fixture->list = quotes_watchlist_new (fixture->catalog);
  fixture->settings = open_settings (fixture);
}

/* As the program does at its next start. */
static void
start_again (Fixture *fixture)
{
  quotes_settings_flush (fixture->settings);
  g_assert_finalize_object (g_steal_pointer (&fixture->settings));
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  fixture->list = quotes_watchlist_new (fixture->catalog);
  fixture->settings = open_settings (fixture);
  quotes_settings_bind_watchlist (fixture->settings, fixture->list, defaults);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->settings));
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  g_assert_finalize_object (g_steal_pointer (&fixture->catalog));
  g_remove (fixture->file);
  g_rmdir (fixture->dir);
  g_free (fixture->file);
  g_free (fixture->dir);
}

static void
assert_list (Fixture *fixture, const char *expected)
{
  g_auto (GStrv) texts = quotes_watchlist_dup_texts (fixture->list);
  g_autofree char *joined = g_strjoinv (" ", texts);

  g_assert_cmpstr (joined, ==, expected);
}

static void
add (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  gboolean added = FALSE;

  quotes_watchlist_add (fixture->list, text, &added, &error);
  g_assert_no_error (error);
  g_assert_true (added);
}

static void
test_nothing_set_gives_the_defaults (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_auto (GStrv) hosts = quotes_settings_dup_allowed_hosts (fixture->settings);

  g_assert_null (quotes_settings_dup_watchlist (fixture->settings));
  g_assert_null (quotes_settings_dup_contact (fixture->settings));
  g_assert_cmpuint (g_strv_length (hosts), ==, 0);
  g_assert_cmpint (quotes_settings_get_interval_us (fixture->settings), ==, 30 * G_USEC_PER_SEC);
  g_assert_true (quotes_settings_is_adaptive (fixture->settings));

  quotes_settings_bind_watchlist (fixture->settings, fixture->list, defaults);
  assert_list (fixture, "coingecko:bitcoin yahoo:GC=F");
  /* Looking is not deciding: later defaults still reach this user. */
  g_assert_false (g_file_test (fixture->file, G_FILE_TEST_EXISTS));
}

static void
test_the_list_outlives_the_program (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  quotes_settings_bind_watchlist (fixture->settings, fixture->list, defaults);
  add (fixture, "yahoo:AAPL");
  g_assert_true (quotes_watchlist_remove (fixture->list, "BTC", &error));
  start_again (fixture);

  assert_list (fixture, "yahoo:GC=F yahoo:AAPL");
}

static void
test_an_emptied_list_stays_empty (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  quotes_settings_bind_watchlist (fixture->settings, fixture->list, defaults);
  g_assert_true (quotes_watchlist_remove (fixture->list, "BTC", &error));
  g_assert_true (quotes_watchlist_remove (fixture->list, "XAU", &error));
  start_again (fixture);

  assert_list (fixture, "");
}

static void
test_what_nobody_knows_now_is_kept (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const texts[] = {"yahoo:GC=F", "elsewhere:thing", NULL};
  g_auto (GStrv) stored = NULL;
  g_autofree char *joined = NULL;

  quotes_settings_set_watchlist (fixture->settings, texts);
  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "*Left out an instrument*");
  quotes_settings_bind_watchlist (fixture->settings, fixture->list, defaults);
  g_test_assert_expected_messages ();
  add (fixture, "yahoo:AAPL");

  stored = quotes_settings_dup_watchlist (fixture->settings);
  joined = g_strjoinv (" ", stored);
  g_assert_cmpstr (joined, ==, "yahoo:GC=F yahoo:AAPL elsewhere:thing");
}

static void
note_key_cb (G_GNUC_UNUSED QuotesSettings *settings, const char *key, gpointer user_data)
{
  char **noted = user_data;

  g_free (*noted);
  *noted = g_strdup (key);
}

static void
test_an_edited_file_is_taken_over (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *noted = NULL;
  g_autoptr (GError) error = NULL;
  static const char text[] = "[marketwell]\n"
                             "watchlist=['yahoo:AAPL', 'XAU']\n"
                             "refresh-interval=uint32 60\nadaptive-interval=false\n"
                             "user-agent-contact='https://example.org/'\n";

  quotes_settings_bind_watchlist (fixture->settings, fixture->list, defaults);
  g_signal_connect (fixture->settings, "changed::refresh-interval", G_CALLBACK (note_key_cb),
                    &noted);
  g_assert_true (g_file_set_contents (fixture->file, text, -1, &error));
  wait_until (noted != NULL, 10);

  g_assert_cmpstr (noted, ==, "refresh-interval");
  g_assert_cmpint (quotes_settings_get_interval_us (fixture->settings), ==, 60 * G_USEC_PER_SEC);
  g_assert_false (quotes_settings_is_adaptive (fixture->settings));
  wait_until (quotes_watchlist_lookup (fixture->list, "AAPL") != NULL, 10);
  assert_list (fixture, "yahoo:AAPL yahoo:GC=F");
}

static void
test_how_long_things_are_kept_is_bounded (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  QuotesHistoryLimits limits = {0};
  static const char text[] = "[marketwell]\nhistory-tick-days=uint32 3\n"
                             "history-max-mib=uint32 1\n";

  quotes_settings_get_history_limits (fixture->settings, &limits);
  g_assert_cmpint (limits.tick_days, ==, 7);
  g_assert_cmpint (limits.minute_days, ==, 30);
  g_assert_cmpint (limits.hour_days, ==, 730);
  g_assert_cmpint (limits.max_mib, ==, 64);

  g_assert_true (g_file_set_contents (fixture->file, text, -1, NULL));
  start_again (fixture);
  quotes_settings_get_history_limits (fixture->settings, &limits);
  g_assert_cmpint (limits.tick_days, ==, 3);
  g_assert_cmpint (limits.max_mib, ==, 64);
}

static void
test_a_value_out_of_range_is_not_taken (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  static const char text[] = "[marketwell]\nrefresh-interval=uint32 1\nwatchlist=7\n";

  g_assert_true (g_file_set_contents (fixture->file, text, -1, &error));
  start_again (fixture);

  g_assert_cmpint (quotes_settings_get_interval_us (fixture->settings), ==, 30 * G_USEC_PER_SEC);
  assert_list (fixture, "coingecko:bitcoin yahoo:GC=F");
}

/* Its default source was read without our schema, and is not read again in one process. */
static void
test_the_schema_is_found_beside_the_program (void)
{
  if (g_test_subprocess ())
    {
      g_autofree char *program =
        g_test_build_filename (G_TEST_BUILT, "..", "src", "daemon", "marketwelld", NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (QuotesSettings) settings = NULL;

      settings = quotes_settings_new_for_program (NULL, "/nonexistent/src/daemon/x", &error);
      g_assert_null (settings);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
      g_clear_error (&error);

      settings = quotes_settings_new_for_program (NULL, program, &error);
      g_assert_no_error (error);
      g_assert_cmpint (quotes_settings_get_interval_us (settings), ==, 30 * G_USEC_PER_SEC);
      return;
    }

  g_unsetenv ("GSETTINGS_SCHEMA_DIR");
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* A limit on the size of files stands in for a disk that is full. */
static void
set_disk_is_full (gboolean is_full)
{
  struct rlimit limit = {0};

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = is_full ? 100 : limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static guint
count_stored (Fixture *fixture)
{
  g_auto (GStrv) stored = quotes_settings_dup_watchlist (fixture->settings);

  return g_strv_length (stored);
}

static void
test_full_disk (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  signal (SIGXFSZ, SIG_IGN);
  quotes_settings_bind_watchlist (fixture->settings, fixture->list, defaults);
  add (fixture, "yahoo:AAPL");

  set_disk_is_full (TRUE);
  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "Could not store the list*");
  add (fixture, "yahoo:MSFT");
  g_test_assert_expected_messages ();
  g_assert_true (quotes_watchlist_remove (fixture->list, "AAPL", &error));
  g_assert_no_error (error);
  wait_settle ();
  assert_list (fixture, "coingecko:bitcoin yahoo:GC=F yahoo:MSFT");
  start_again (fixture);
  assert_list (fixture, "coingecko:bitcoin yahoo:GC=F yahoo:AAPL");

  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "Could not store the list*");
  add (fixture, "yahoo:MSFT");
  g_test_assert_expected_messages ();
  set_disk_is_full (FALSE);
  wait_until (count_stored (fixture) == 4, 20);
}

int
main (int argc, char *argv[])
{
  g_autofree char *schema_dir = NULL;

  g_test_init (&argc, &argv, NULL);
  schema_dir = g_test_build_filename (G_TEST_BUILT, "..", "data", NULL);
  if (!g_test_subprocess ())
    g_setenv ("GSETTINGS_SCHEMA_DIR", schema_dir, TRUE);
  g_setenv ("XDG_DATA_DIRS", "/nonexistent", TRUE);

  g_test_add ("/settings/nothing-set-gives-the-defaults", Fixture, NULL, set_up,
              test_nothing_set_gives_the_defaults, tear_down);
  g_test_add ("/settings/the-list-outlives-the-program", Fixture, NULL, set_up,
              test_the_list_outlives_the_program, tear_down);
  g_test_add ("/settings/a-full-disk-loses-nothing-and-is-tried-again", Fixture, NULL, set_up,
              test_full_disk, tear_down);
  g_test_add ("/settings/an-emptied-list-stays-empty", Fixture, NULL, set_up,
              test_an_emptied_list_stays_empty, tear_down);
  g_test_add ("/settings/what-nobody-knows-now-is-kept", Fixture, NULL, set_up,
              test_what_nobody_knows_now_is_kept, tear_down);
  g_test_add ("/settings/an-edited-file-is-taken-over", Fixture, NULL, set_up,
              test_an_edited_file_is_taken_over, tear_down);
  g_test_add ("/settings/how-long-things-are-kept-is-bounded", Fixture, NULL, set_up,
              test_how_long_things_are_kept_is_bounded, tear_down);
  g_test_add ("/settings/a-value-out-of-range-is-not-taken", Fixture, NULL, set_up,
              test_a_value_out_of_range_is_not_taken, tear_down);
  g_test_add_func ("/settings/the-schema-is-found-beside-the-program",
                   test_the_schema_is_found_beside_the_program);

  return g_test_run ();
}
