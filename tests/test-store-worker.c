/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-store-worker.h"
#include "remove-tree.h"
#include "wait.h"

#define LIMIT_US (20 * G_USEC_PER_SEC)

typedef struct
{
  char *dir;                 /* (owned) */
  QuotesStoreWorker *writer; /* (owned) (nullable) */
  QuotesStoreWorker *reader; /* (owned) (nullable) */
} Fixture;

/* One job, and what came of it. */
typedef struct
{
  const char *sql;
  gint has_begun;
  gboolean is_done;
  GError *error; /* (owned) (nullable) */
} Job;

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fixture->dir = g_dir_make_tmp ("marketwell-worker-XXXXXX", NULL);
  fixture->writer = quotes_store_worker_new_writer (fixture->dir);
  fixture->reader = quotes_store_worker_new_reader (fixture->dir);
}

static void
close_worker (QuotesStoreWorker **worker)
{
  if (*worker == NULL)
    return;
  quotes_store_worker_begin_close (*worker, NULL);
  g_assert_true (quotes_store_worker_close (g_steal_pointer (worker), LIMIT_US));
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  close_worker (&fixture->reader);
  close_worker (&fixture->writer);
  wait_settle ();
  remove_tree (fixture->dir);
  g_free (fixture->dir);
}

static gboolean
run_in_worker (QuotesDatabase *database, gpointer data, GError **error)
{
  Job *job = *(Job **) data;

  g_atomic_int_set (&job->has_begun, TRUE);
  return quotes_database_execute (database, job->sql, error);
}

static void
done_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Job *job = user_data;

  g_task_propagate_boolean (G_TASK (result), &job->error);
  job->is_done = TRUE;
}

static void
push (QuotesStoreWorker *worker, Job *job, GCancellable *cancellable)
{
  GTask *task = g_task_new (NULL, cancellable, done_cb, job);

  g_task_set_task_data (task, g_memdup2 (&job, sizeof job), g_free);
  quotes_store_worker_push (worker, QUOTES_STORE_FILE_MARKET, run_in_worker, task);
}

static void
wait_for (Job *job)
{
  wait_until (job->is_done, 20);
}

#define INSERT "INSERT INTO runs (epoch, started_us) VALUES ('00c0ffee', 1)"
/* Does not end by itself. */
#define LONG "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c"

static void
test_jobs_are_done_in_order (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  Job first = {.sql = INSERT};
  Job second = {.sql = "INSERT INTO runs (id, epoch, started_us) VALUES (1, '00c0ffee', 1)"};
  Job third = {.sql = INSERT};

  push (fixture->writer, &first, NULL);
  push (fixture->writer, &second, NULL);
  push (fixture->writer, &third, NULL);
  wait_for (&third);
  g_assert_no_error (first.error);
  g_assert_error (second.error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_FAILED);
  g_assert_no_error (third.error);
  g_clear_error (&second.error);
}

static void
test_what_is_left_open_is_rolled_back (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  Job open = {.sql = "BEGIN; " INSERT};
  Job next = {.sql = "BEGIN; COMMIT"};

  push (fixture->writer, &open, NULL);
  push (fixture->writer, &next, NULL);
  wait_for (&next);
  g_assert_no_error (next.error);
}

static void
test_one_that_was_cancelled_is_not_begun (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Job job = {.sql = INSERT};

  g_cancellable_cancel (cancellable);
  push (fixture->writer, &job, cancellable);
  wait_for (&job);
  g_assert_error (job.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (job.has_begun);
  g_clear_error (&job.error);
}

static void
make_files (Fixture *fixture)
{
  Job job = {.sql = INSERT};

  push (fixture->writer, &job, NULL);
  wait_for (&job);
}

static void
test_a_reader_stops_when_it_is_cancelled (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Job job = {.sql = LONG};
  Job next = {.sql = "SELECT 1"};

  make_files (fixture);
  push (fixture->reader, &job, cancellable);
  wait_until (g_atomic_int_get (&job.has_begun), 20);
  g_cancellable_cancel (cancellable);
  wait_for (&job);
  g_assert_error (job.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&job.error);

  push (fixture->reader, &next, NULL);
  wait_for (&next);
  g_assert_no_error (next.error);
}

static void
test_a_reader_ends_when_it_is_closed (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  Job job = {.sql = LONG};
  Job waiting = {.sql = LONG};

  make_files (fixture);
  push (fixture->reader, &job, NULL);
  push (fixture->reader, &waiting, NULL);
  wait_until (g_atomic_int_get (&job.has_begun), 20);
  close_worker (&fixture->reader);
  wait_for (&waiting);
  g_assert_error (job.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (waiting.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (waiting.has_begun);
  g_clear_error (&job.error);
  g_clear_error (&waiting.error);
}

static void
test_a_writer_does_what_waits_before_it_ends (Fixture *fixture,
                                              G_GNUC_UNUSED gconstpointer user_data)
{
  Job jobs[50];

  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      jobs[i] = (Job){.sql = INSERT};
      push (fixture->writer, &jobs[i], NULL);
    }
  close_worker (&fixture->writer);
  wait_for (&jobs[G_N_ELEMENTS (jobs) - 1]);
  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_assert_true (jobs[i].is_done);
      g_assert_no_error (jobs[i].error);
    }
}

static void
test_one_that_is_closed_says_so (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  Job job = {.sql = INSERT};

  quotes_store_worker_begin_close (fixture->writer, NULL);
  push (fixture->writer, &job, NULL);
  wait_for (&job);
  g_assert_error (job.error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_CLOSED);
  g_clear_error (&job.error);
  g_assert_true (quotes_store_worker_close (g_steal_pointer (&fixture->writer), LIMIT_US));
}

static void
test_one_that_hangs_is_left (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  QuotesStoreWorker *reader = fixture->reader;
  Job job = {.sql = LONG};

  make_files (fixture);
  push (reader, &job, cancellable);
  wait_until (g_atomic_int_get (&job.has_begun), 20);
  g_assert_false (quotes_store_worker_close (reader, 0));
  g_cancellable_cancel (cancellable);
  wait_for (&job);
  g_clear_error (&job.error);
}

static void
test_a_reader_without_a_file_says_so (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  Job job = {.sql = "SELECT 1"};

  push (fixture->reader, &job, NULL);
  wait_for (&job);
  g_assert_error (job.error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_FAILED);
  g_clear_error (&job.error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
  ADD ("/store-worker/jobs-are-done-in-order", test_jobs_are_done_in_order);
  ADD ("/store-worker/what-is-left-open-is-rolled-back", test_what_is_left_open_is_rolled_back);
  ADD ("/store-worker/one-that-was-cancelled-is-not-begun",
       test_one_that_was_cancelled_is_not_begun);
  ADD ("/store-worker/a-reader-stops-when-it-is-cancelled",
       test_a_reader_stops_when_it_is_cancelled);
  ADD ("/store-worker/a-reader-ends-when-it-is-closed", test_a_reader_ends_when_it_is_closed);
  ADD ("/store-worker/a-writer-does-what-waits-before-it-ends",
       test_a_writer_does_what_waits_before_it_ends);
  ADD ("/store-worker/one-that-is-closed-says-so", test_one_that_is_closed_says_so);
  ADD ("/store-worker/one-that-hangs-is-left", test_one_that_hangs_is_left);
  ADD ("/store-worker/a-reader-without-a-file-says-so", test_a_reader_without_a_file_says_so);
#undef ADD

  return g_test_run ();
}
