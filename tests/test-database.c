/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quotes-database-open.h"
#include "remove-tree.h"

/* 2026-02-17T09:30:00Z */
#define NOW_US (G_GINT64_CONSTANT (1771320600) * G_USEC_PER_SEC)
#define ASIDE ".corrupt-20260217T093000Z"

typedef struct
{
  char *dir;  /* (owned) */
  char *path; /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fixture->dir = g_dir_make_tmp ("marketwell-database-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->dir, "market.db", NULL);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  remove_tree (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
}

static QuotesDatabase *
open_it (Fixture *fixture, char **aside, GError **error)
{
  return quotes_database_open_or_set_aside (fixture->path, &quotes_schema_market, NOW_US, aside,
                                            error);
}

static gint64
ask (QuotesDatabase *database, const char *sql)
{
  gboolean has_row = FALSE;
  sqlite3_stmt *statement = quotes_database_prepare (database, sql, NULL);
  gint64 number = 0;

  g_assert_nonnull (statement);
  g_assert_true (quotes_database_step (database, statement, &has_row, NULL));
  g_assert_true (has_row);
  number = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return number;
}

static gboolean
is_there (Fixture *fixture, const char *suffix)
{
  g_autofree char *path = g_strconcat (fixture->path, suffix, NULL);
  GStatBuf info = {0};

  return g_lstat (path, &info) == 0;
}

/* A good one with @n runs in it, whose log is in the file. */
static void
make_good (Fixture *fixture, int n)
{
  g_autofree char *aside = NULL;
  g_autoptr (QuotesDatabase) database = open_it (fixture, &aside, NULL);

  for (int i = 0; i < n; i++)
    g_assert_true (quotes_database_execute (
      database, "INSERT INTO runs (epoch, started_us) VALUES ('00c0ffee', 1)", NULL));
}

static void
test_a_new_one_is_ours_alone (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *aside = NULL;
  mode_t mask = umask (0);
  g_autoptr (QuotesDatabase) database = open_it (fixture, &aside, NULL);
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  GStatBuf info = {0};

  umask (mask);
  g_assert_nonnull (database);
  g_assert_null (aside);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (log, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (ask (database, "PRAGMA application_id"), ==,
                   quotes_schema_market.application_id);
  g_assert_cmpint (ask (database, "PRAGMA user_version"), ==, quotes_schema_market.n_migrations);
  g_assert_cmpint (ask (database, "PRAGMA auto_vacuum"), ==, 2);
  g_assert_cmpint (ask (database, "PRAGMA synchronous"), ==, 1);
  g_assert_cmpint (ask (database, "PRAGMA page_size"), ==, 4096);
  g_assert_cmpint (ask (database, "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = "
                                  "'wal'"),
                   ==, 1);
}

static void
test_what_was_written_is_there_again (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *aside = NULL;
  g_autoptr (QuotesDatabase) database = NULL;

  make_good (fixture, 3);
  database = open_it (fixture, &aside, NULL);
  g_assert_null (aside);
  g_assert_cmpint (ask (database, "SELECT count(*) FROM runs"), ==, 3);
}

static void
test_a_reader_cannot_write (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesDatabase) reader = NULL;
  g_autoptr (GError) error = NULL;

  make_good (fixture, 1);
  reader = quotes_database_open_reader (fixture->path, &quotes_schema_market, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ask (reader, "SELECT count(*) FROM runs"), ==, 1);
  g_assert_false (quotes_database_execute (reader, "DELETE FROM runs", &error));
  g_assert_error (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_READ_ONLY);
}

/* Row R13 of the reliability promises: opens, and the bad file is beside the new one. */
static void
assert_set_aside (Fixture *fixture)
{
  g_autofree char *aside = NULL;
  g_autofree char *expected = g_strconcat (fixture->path, ASIDE, NULL);
  g_autoptr (GError) error = NULL;
  gint64 begin_us = g_get_monotonic_time ();
  g_autoptr (QuotesDatabase) database = open_it (fixture, &aside, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (aside, ==, expected);
  g_assert_true (is_there (fixture, ASIDE));
  g_assert_cmpint (ask (database, "SELECT count(*) FROM runs"), ==, 0);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, 3 * G_USEC_PER_SEC);
}

static void
test_random_bytes_are_set_aside (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (13);
  guint8 bytes[8192];
  g_autofree char *aside = g_strconcat (fixture->path, ASIDE, NULL);
  g_autofree char *kept = NULL;
  gsize size = 0;

  for (gsize i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8) g_rand_int_range (random, 0, 256);
  g_assert_true (g_file_set_contents (fixture->path, (const char *) bytes, sizeof bytes, NULL));
  assert_set_aside (fixture);
  g_assert_true (g_file_get_contents (aside, &kept, &size, NULL));
  g_assert_cmpmem (kept, size, bytes, sizeof bytes);
}

static char *
read_all (const char *path, gsize *size)
{
  char *data = NULL;

  g_assert_true (g_file_get_contents (path, &data, size, NULL));
  return data;
}

/* Some of it is only found when it is looked at. */
static void
test_flipped_pages_are_set_aside (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *data = NULL;
  gsize size = 0;

  make_good (fixture, 2000);
  data = read_all (fixture->path, &size);
  g_assert_cmpuint (size, >, 4096 * 12);
  for (gsize i = 4096; i < size; i++)
    data[i] = (char) ~data[i];
  g_assert_true (g_file_set_contents (fixture->path, data, (gssize) size, NULL));
  assert_set_aside (fixture);
}

static void
test_a_log_goes_with_its_file (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);

  g_assert_true (g_file_set_contents (fixture->path, "no database", -1, NULL));
  g_assert_true (g_file_set_contents (log, "its log", -1, NULL));
  assert_set_aside (fixture);
  g_assert_true (is_there (fixture, ASIDE "-wal"));
}

/* SQLite would delete it. */
static void
test_a_log_without_its_file_is_set_aside (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  g_autofree char *aside = NULL;
  g_autoptr (QuotesDatabase) database = NULL;

  g_assert_true (g_file_set_contents (log, "a log", -1, NULL));
  database = open_it (fixture, &aside, NULL);
  g_assert_nonnull (database);
  g_assert_true (is_there (fixture, ASIDE "-wal"));
}

static void
test_zero_bytes_are_a_new_one (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *aside = NULL;
  g_autoptr (QuotesDatabase) database = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "", 0, NULL));
  database = open_it (fixture, &aside, NULL);
  g_assert_nonnull (database);
  g_assert_null (aside);
}

static void
test_a_folder_in_its_place_is_set_aside (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  assert_set_aside (fixture);
}

static void
test_a_link_to_nothing_is_set_aside (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_cmpint (symlink ("/nowhere/at/all", fixture->path), ==, 0);
  assert_set_aside (fixture);
}

static void
test_a_link_to_a_file_is_followed (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *elsewhere = g_strconcat (fixture->dir, "/elsewhere.db", NULL);
  g_autofree char *aside = NULL;
  g_autoptr (QuotesDatabase) database = NULL;

  make_good (fixture, 3);
  g_assert_cmpint (g_rename (fixture->path, elsewhere), ==, 0);
  g_assert_cmpint (symlink (elsewhere, fixture->path), ==, 0);
  database = open_it (fixture, &aside, NULL);
  g_assert_null (aside);
  g_assert_cmpint (ask (database, "SELECT count(*) FROM runs"), ==, 3);
}

static void
change (Fixture *fixture, const char *sql)
{
  sqlite3 *handle = NULL;

  g_assert_cmpint (sqlite3_open (fixture->path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
}

static void
test_a_database_of_others_is_set_aside (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  change (fixture, "CREATE TABLE recipes (name TEXT)");
  assert_set_aside (fixture);
}

static void
test_a_missing_table_is_damage (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  make_good (fixture, 1);
  change (fixture, "DROP TABLE gaps");
  assert_set_aside (fixture);
}

/* Also when the log is all that says so. */
static void
assert_newer (Fixture *fixture)
{
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  gboolean has_log = is_there (fixture, "-wal");
  gsize size = 0;
  gsize log_size = 0;
  gsize size_after = 0;
  g_autofree char *before = read_all (fixture->path, &size);
  g_autofree char *log_before = has_log ? read_all (log, &log_size) : NULL;
  g_autofree char *after = NULL;
  g_autofree char *log_after = NULL;
  g_autofree char *aside = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (open_it (fixture, &aside, &error));
  g_assert_error (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_NEWER);
  g_assert_null (aside);
  after = read_all (fixture->path, &size_after);
  g_assert_cmpmem (before, size, after, size_after);
  if (has_log)
    {
      log_after = read_all (log, &size_after);
      g_assert_cmpmem (log_before, log_size, log_after, size_after);
    }
}

static void
test_a_newer_one_is_left_alone (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  make_good (fixture, 1);
  change (fixture, "PRAGMA user_version = 1000");
  assert_newer (fixture);
}

static void
test_one_whose_log_is_newer_is_left_alone (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  sqlite3 *handle = NULL;

  make_good (fixture, 1);
  g_assert_cmpint (sqlite3_open (fixture->path, &handle), ==, SQLITE_OK);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  g_assert_cmpint (sqlite3_exec (handle, "PRAGMA user_version = 1000", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  sqlite3_close (handle);
  g_assert_true (is_there (fixture, "-wal"));
  assert_newer (fixture);
}

static void
test_a_log_that_is_cut_is_used_as_far_as_it_goes (Fixture *fixture,
                                                  G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  g_autofree char *aside = NULL;
  g_autoptr (QuotesDatabase) database = open_it (fixture, &aside, NULL);
  GStatBuf info = {0};
  gint64 n = 0;

  sqlite3_db_config (quotes_database_get_handle (database), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                     NULL);
  for (int i = 0; i < 10; i++)
    g_assert_true (quotes_database_execute (
      database, "INSERT INTO runs (epoch, started_us) VALUES ('00c0ffee', 1)", NULL));
  g_clear_pointer (&database, quotes_database_close);
  g_assert_cmpint (g_stat (log, &info), ==, 0);
  g_assert_cmpint (truncate (log, info.st_size - 5000), ==, 0);

  database = open_it (fixture, &aside, NULL);
  g_assert_null (aside);
  n = ask (database, "SELECT count(*) FROM runs");
  g_assert_cmpint (n, >, 5);
  g_assert_cmpint (n, <, 10);
}

static void
test_three_are_kept_and_none_is_deleted (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const char *const names[] = {ASIDE, ASIDE ".2", ASIDE ".3"};
  g_autofree char *aside = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i <= QUOTES_DATABASE_ASIDE_MAX; i++)
    {
      g_autoptr (QuotesDatabase) database = NULL;

      g_clear_pointer (&aside, g_free);
      g_assert_true (g_file_set_contents (fixture->path, "no database at all", -1, NULL));
      database = open_it (fixture, &aside, &error);
      g_assert_true ((database != NULL) == (i < QUOTES_DATABASE_ASIDE_MAX));
    }
  g_assert_error (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_CORRUPT);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (is_there (fixture, names[i]));
  g_assert_true (is_there (fixture, ""));
}

/* root may write everywhere, so the folder is gone instead. */
static void
test_what_cannot_be_opened_is_not_moved (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *path = g_strconcat (fixture->dir, "/none/market.db", NULL);
  g_autofree char *aside = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (
    quotes_database_open_or_set_aside (path, &quotes_schema_market, NOW_US, &aside, &error));
  g_assert_error (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_FAILED);
  g_assert_null (aside);
}

static void
test_mutated_files_never_crash (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (14);
  g_autofree char *good = NULL;
  gsize size = 0;
  int n_aside = 0;

  make_good (fixture, 300);
  good = read_all (fixture->path, &size);
  for (int i = 0; i < 100; i++)
    {
      g_autofree char *data = g_memdup2 (good, size);
      g_autofree char *aside = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (QuotesDatabase) database = NULL;

      for (int j = g_rand_int_range (random, 1, 64); j > 0; j--)
        data[g_rand_int_range (random, 0, (gint32) size)] = (char) g_rand_int (random);
      g_assert_true (g_file_set_contents (fixture->path, data, (gssize) size, NULL));
      database = open_it (fixture, &aside, &error);
      g_assert_true (database != NULL || error != NULL);
      g_clear_pointer (&database, quotes_database_close);
      if (aside != NULL)
        {
          n_aside++;
          g_assert_cmpint (g_remove (aside), ==, 0);
        }
    }
  g_test_message ("%d of 100 set aside", n_aside);
  g_assert_cmpint (n_aside, >, 20);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
  ADD ("/database/a-new-one-is-ours-alone", test_a_new_one_is_ours_alone);
  ADD ("/database/what-was-written-is-there-again", test_what_was_written_is_there_again);
  ADD ("/database/a-reader-cannot-write", test_a_reader_cannot_write);
  ADD ("/database/random-bytes-are-set-aside", test_random_bytes_are_set_aside);
  ADD ("/database/flipped-pages-are-set-aside", test_flipped_pages_are_set_aside);
  ADD ("/database/a-log-goes-with-its-file", test_a_log_goes_with_its_file);
  ADD ("/database/a-log-without-its-file-is-set-aside", test_a_log_without_its_file_is_set_aside);
  ADD ("/database/zero-bytes-are-a-new-one", test_zero_bytes_are_a_new_one);
  ADD ("/database/a-folder-in-its-place-is-set-aside", test_a_folder_in_its_place_is_set_aside);
  ADD ("/database/a-link-to-nothing-is-set-aside", test_a_link_to_nothing_is_set_aside);
  ADD ("/database/a-link-to-a-file-is-followed", test_a_link_to_a_file_is_followed);
  ADD ("/database/a-database-of-others-is-set-aside", test_a_database_of_others_is_set_aside);
  ADD ("/database/a-missing-table-is-damage", test_a_missing_table_is_damage);
  ADD ("/database/a-newer-one-is-left-alone", test_a_newer_one_is_left_alone);
  ADD ("/database/one-whose-log-is-newer-is-left-alone", test_one_whose_log_is_newer_is_left_alone);
  ADD ("/database/a-log-that-is-cut-is-used-as-far-as-it-goes",
       test_a_log_that_is_cut_is_used_as_far_as_it_goes);
  ADD ("/database/three-are-kept-and-none-is-deleted", test_three_are_kept_and_none_is_deleted);
  ADD ("/database/what-cannot-be-opened-is-not-moved", test_what_cannot_be_opened_is_not_moved);
  ADD ("/database/mutated-files-never-crash", test_mutated_files_never_crash);
#undef ADD

  return g_test_run ();
}
