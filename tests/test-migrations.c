/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faulty-disk.h"
#include "quotes-database.h"
#include "remove-tree.h"

#define N_KILLS 30

typedef struct
{
  char *dir;  /* (owned) */
  char *path; /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fixture->dir = g_dir_make_tmp ("marketwell-migrations-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->dir, "some.db", NULL);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  remove_tree (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
}

static char *
ask (const char *path, const char *sql)
{
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;
  char *answer = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  answer = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  sqlite3_close (handle);
  return answer;
}

static char *
ask_schema (const char *path)
{
  /* Without regard to how it is written: a file keeps the text that made it. */
  g_autofree char *text =
    ask (path, "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema WHERE sql IS NOT"
               " NULL AND name NOT LIKE 'sqlite_%' ORDER BY name)");
  g_auto (GStrv) words = g_strsplit_set (text, " \n", -1);

  return g_strjoinv ("", words);
}

/* A file as that version left it. */
static void
build_old (Fixture *fixture, const char *name, guint version)
{
  g_autofree char *file = g_strdup_printf ("%s-v%u.sql", name, version);
  g_autofree char *sql_path = g_test_build_filename (G_TEST_DIST, "fixtures", "store", file, NULL);
  g_autofree char *sql = NULL;
  sqlite3 *handle = NULL;

  /* A version without a file of its own cannot be tested, and so cannot be released. */
  g_assert_true (g_file_get_contents (sql_path, &sql, NULL, NULL));
  g_assert_cmpint (sqlite3_open (fixture->path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
}

static void
check_each_version (Fixture *fixture, const char *name, const QuotesSchema *schema)
{
  g_autofree char *fresh_path = g_build_filename (fixture->dir, "fresh.db", NULL);
  g_autoptr (QuotesDatabase) fresh = quotes_database_open (fresh_path, schema, NULL);
  g_autofree char *expected = ask_schema (fresh_path);

  for (guint version = 1; version <= schema->n_migrations; version++)
    {
      g_autofree char *schema_text = NULL;
      g_autofree char *check = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (QuotesDatabase) database = NULL;

      build_old (fixture, name, version);
      database = quotes_database_open (fixture->path, schema, &error);
      g_assert_no_error (error);
      schema_text = ask_schema (fixture->path);
      check = ask (fixture->path, "PRAGMA integrity_check");
      g_assert_cmpstr (schema_text, ==, expected);
      g_assert_cmpstr (check, ==, "ok");
      for (gsize i = 0; schema->tables[i] != NULL; i++)
        {
          g_autofree char *sql = g_strconcat ("SELECT count(*) FROM ", schema->tables[i], NULL);
          g_autofree char *n = ask (fixture->path, sql);

          g_assert_cmpstr (n, ==, "1");
        }
      g_clear_pointer (&database, quotes_database_close);
      g_assert_cmpint (g_remove (fixture->path), ==, 0);
    }
}

static void
test_each_version_of_the_market (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  check_each_version (fixture, "market", &quotes_schema_market);
}

static void
test_each_version_of_what_is_private (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  check_each_version (fixture, "private", &quotes_schema_private);
}

static const char *const tables[] = {"a", NULL};

static const char *const first[] = {"CREATE TABLE a (x INTEGER NOT NULL); INSERT INTO a VALUES"
                                    " (1), (2)"};

/* The second step fails after it did something. */
static const char *const failing[] = {
  "CREATE TABLE a (x INTEGER NOT NULL); INSERT INTO a VALUES (1), (2)",
  "CREATE TABLE b (y INTEGER); UPDATE a SET x = 10; INSERT INTO a VALUES (NULL)",
};

/* And this one is long. */
static const char *const working[] = {
  "CREATE TABLE a (x INTEGER NOT NULL); INSERT INTO a VALUES (1), (2)",
  "CREATE TABLE b (y INTEGER); UPDATE a SET x = 10;"
  "INSERT INTO b WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000)"
  " SELECT n FROM c",
};

static const QuotesSchema first_schema = {1, 1, first, tables};
static const QuotesSchema failing_schema = {1, 2, failing, tables};
static const QuotesSchema working_schema = {1, 2, working, tables};

static void
make_first (Fixture *fixture)
{
  g_autoptr (QuotesDatabase) database = quotes_database_open (fixture->path, &first_schema, NULL);

  g_assert_nonnull (database);
}

/* Returns: the version, of which it has all */
static int
assert_not_between (Fixture *fixture)
{
  g_autofree char *version = ask (fixture->path, "PRAGMA user_version");
  g_autofree char *sum = ask (fixture->path, "SELECT sum(x) FROM a");
  g_autofree char *check = ask (fixture->path, "PRAGMA integrity_check");
  g_autofree char *n_tables =
    ask (fixture->path, "SELECT count(*) FROM sqlite_schema WHERE name = 'b'");

  g_assert_cmpstr (check, ==, "ok");
  if (g_str_equal (version, "1"))
    {
      g_assert_cmpstr (n_tables, ==, "0");
      g_assert_cmpstr (sum, ==, "3");
      return 1;
    }
  g_assert_cmpstr (version, ==, "2");
  g_assert_cmpstr (n_tables, ==, "1");
  g_assert_cmpstr (sum, ==, "20");
  g_clear_pointer (&sum, g_free);
  sum = ask (fixture->path, "SELECT count(*) FROM b");
  g_assert_cmpstr (sum, ==, "5000");
  return 2;
}

static void
test_one_that_fails_changes_nothing (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  make_first (fixture);
  g_assert_null (quotes_database_open (fixture->path, &failing_schema, &error));
  g_assert_error (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_FAILED);
  g_assert_cmpint (assert_not_between (fixture), ==, 1);
}

static void
test_any_step_of_the_disk_may_fail (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  int n_points = 0;
  gboolean has_failed = FALSE;

  do
    {
      g_autoptr (QuotesDatabase) database = NULL;

      make_first (fixture);
      faulty_disk_fail_once (++n_points, SQLITE_IOERR);
      database = quotes_database_open (fixture->path, &working_schema, NULL);
      g_clear_pointer (&database, quotes_database_close);
      has_failed = faulty_disk_has_failed ();
      faulty_disk_fail_once (0, 0);
      assert_not_between (fixture);
      database = quotes_database_open (fixture->path, &working_schema, NULL);
      g_assert_nonnull (database);
      g_clear_pointer (&database, quotes_database_close);
      g_assert_cmpint (assert_not_between (fixture), ==, 2);
      g_assert_cmpint (g_remove (fixture->path), ==, 0);
    }
  while (has_failed && n_points < 200);
  g_test_message ("%d points", n_points);
  g_assert_cmpint (n_points, >, 5);
}

static void
test_killed_in_the_middle_it_is_old_or_new (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (24);
  int n_new = 0;

  for (int i = 0; i < N_KILLS; i++)
    {
      pid_t pid = 0;
      int status = 0;

      make_first (fixture);
      pid = fork ();
      g_assert_cmpint (pid, >=, 0);
      if (pid == 0)
        {
          quotes_database_open (fixture->path, &working_schema, NULL);
          pause ();
          _exit (0);
        }
      g_usleep ((gulong) g_rand_int_range (random, 0, 15000));
      kill (pid, SIGKILL);
      g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
      if (assert_not_between (fixture) == 2)
        n_new++;
      g_assert_cmpint (g_remove (fixture->path), ==, 0);
    }
  g_test_message ("%d kills: %d old, %d new", N_KILLS, N_KILLS - n_new, n_new);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  faulty_disk_install ();

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
  ADD ("/migrations/each-version-of-the-market", test_each_version_of_the_market);
  ADD ("/migrations/each-version-of-what-is-private", test_each_version_of_what_is_private);
  ADD ("/migrations/one-that-fails-changes-nothing", test_one_that_fails_changes_nothing);
  ADD ("/migrations/any-step-of-the-disk-may-fail", test_any_step_of_the_disk_may_fail);
  ADD ("/migrations/killed-in-the-middle-it-is-old-or-new",
       test_killed_in_the_middle_it_is_old_or_new);
#undef ADD

  return g_test_run ();
}
