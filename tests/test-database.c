/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
  ADD ("/database/a-new-one-is-ours-alone", test_a_new_one_is_ours_alone);
  ADD ("/database/what-was-written-is-there-again", test_what_was_written_is_there_again);
  ADD ("/database/a-reader-cannot-write", test_a_reader_cannot_write);
  ADD ("/database/random-bytes-are-set-aside", test_random_bytes_are_set_aside);
#undef ADD

  return g_test_run ();
}
