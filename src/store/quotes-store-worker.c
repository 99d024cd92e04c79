/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-store-worker.h"

/* Of what may wait: who asks for more than this has to ask again. */
#define READER_JOBS_MAX 256

/* A step for the thread. */
typedef struct
{
  QuotesStoreFile file;
  QuotesStoreJob job; /* (nullable): in the last one */
  GTask *task;        /* (owned) (nullable) */
} Step;

struct _QuotesStoreWorker
{
  char *dir; /* (owned) */
  gboolean is_writer;
  GThreadPool *pool;     /* (owned): exactly one thread */
  GAsyncQueue *done;     /* (owned): gets one item when the thread has closed its files */
  GCancellable *closing; /* (owned) (nullable): ends the jobs of a reader */
  gboolean is_closing;

  /* Of the thread alone: (owned) (nullable) */
  QuotesDatabase *databases[QUOTES_N_STORE_FILES];
};

static const struct
{
  const char *name;
  const QuotesSchema *schema;
} files[QUOTES_N_STORE_FILES] = {
  [QUOTES_STORE_FILE_MARKET] = {"market.db", &quotes_schema_market},
  [QUOTES_STORE_FILE_PRIVATE] = {"private.db", &quotes_schema_private},
};

char *
quotes_store_file_dup_path (const char *dir, QuotesStoreFile file)
{
  return g_build_filename (dir, files[file].name, NULL);
}

const QuotesSchema *
quotes_store_file_get_schema (QuotesStoreFile file)
{
  return files[file].schema;
}

static QuotesDatabase *
ensure_database_in_worker (QuotesStoreWorker *self, QuotesStoreFile file, GError **error)
{
  g_autofree char *path = NULL;

  if (self->databases[file] != NULL)
    return self->databases[file];

  path = quotes_store_file_dup_path (self->dir, file);
  self->databases[file] = self->is_writer
                            ? quotes_database_open (path, files[file].schema, error)
                            : quotes_database_open_reader (path, files[file].schema, error);
  return self->databases[file];
}

static gboolean
do_job_in_worker (QuotesStoreWorker *self, const Step *step, GError **error)
{
  GCancellable *cancellable = g_task_get_cancellable (step->task);
  QuotesDatabase *database = NULL;
  gboolean is_done = FALSE;

  /* One that fired while the job waited: the task would ignore what is done now. */
  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      g_cancellable_set_error_if_cancelled (self->closing, error))
    return FALSE;
  database = ensure_database_in_worker (self, step->file, error);
  if (database == NULL)
    return FALSE;

  /* What is written is short, and better whole than half. */
  if (!self->is_writer)
    quotes_database_set_cancellable (database, cancellable, self->closing);
  is_done = step->job (database, g_task_get_task_data (step->task), error);
  quotes_database_set_cancellable (database, NULL, NULL);
  quotes_database_roll_back (database);
  return is_done;
}

static void
close_in_worker (QuotesStoreWorker *self)
{
  for (guint i = 0; i < QUOTES_N_STORE_FILES; i++)
    {
      g_autoptr (GError) error = NULL;

      if (self->databases[i] != NULL && self->is_writer &&
          !quotes_database_checkpoint (self->databases[i], &error))
        g_info ("%s", error->message);
      g_clear_pointer (&self->databases[i], quotes_database_close);
    }
}

static void
step_in_worker (gpointer data, gpointer user_data)
{
  g_autofree Step *step = data;
  g_autoptr (GTask) task = g_steal_pointer (&step->task);
  QuotesStoreWorker *self = user_data;
  GAsyncQueue *done = NULL;
  g_autoptr (GError) error = NULL;

  if (step->job != NULL)
    {
      step->task = task;
      if (do_job_in_worker (self, step, &error))
        g_task_return_boolean (task, TRUE);
      else
        g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  close_in_worker (self);
  /* From here on the owner may free the worker. */
  done = self->done;
  g_async_queue_push (done, done);
  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static QuotesStoreWorker *
worker_new (const char *dir, gboolean is_writer)
{
  QuotesStoreWorker *self = g_new0 (QuotesStoreWorker, 1);

  self->dir = g_strdup (dir);
  self->is_writer = is_writer;
  self->done = g_async_queue_new ();
  self->closing = is_writer ? NULL : g_cancellable_new ();
  /* Should there be no thread now, each push tries again. */
  self->pool = g_thread_pool_new (step_in_worker, self, 1, TRUE, NULL);

  return self;
}

/* @dir: where the files are */
QuotesStoreWorker *
quotes_store_worker_new_writer (const char *dir)
{
  return worker_new (dir, TRUE);
}

/* One whose connections cannot write, to files that a writer has opened. */
QuotesStoreWorker *
quotes_store_worker_new_reader (const char *dir)
{
  return worker_new (dir, FALSE);
}

/* @database: (transfer full): opened already; before the first job */
void
quotes_store_worker_give (QuotesStoreWorker *self, QuotesStoreFile file, QuotesDatabase *database)
{
  self->databases[file] = database;
}

static void
push_step (QuotesStoreWorker *self, QuotesStoreFile file, QuotesStoreJob job, GTask *task)
{
  Step *step = g_new0 (Step, 1);
  g_autoptr (GError) error = NULL;

  step->file = file;
  step->job = job;
  step->task = task;
  /* It is queued in any case; without a thread now, the next one does it. */
  if (!g_thread_pool_push (self->pool, step, &error))
    g_warning ("Could not start a thread: %s", error->message);
}

/**
 * quotes_store_worker_push:
 * @self: a worker
 * @file: which file @job is about
 * @job: what to do; it gets the task data of @task
 * @task: (transfer full): returns a boolean, or why it could not be done. A reader's job ends soon
 *   after its cancellable fired; a writer's is done whole or not begun.
 */
void
quotes_store_worker_push (QuotesStoreWorker *self,
                          QuotesStoreFile file,
                          QuotesStoreJob job,
                          GTask *task)
{
  const char *problem = NULL;

  if (self == NULL || self->is_closing)
    problem = "Could not ask the store: it is closed";
  else if (!self->is_writer && g_thread_pool_unprocessed (self->pool) >= READER_JOBS_MAX)
    problem = "Could not ask the store: too many do already";

  if (problem == NULL)
    {
      push_step (self, file, job, task);
      return;
    }
  g_task_return_new_error (task, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_CLOSED, "%s", problem);
  g_object_unref (task);
}

/**
 * quotes_store_worker_begin_close:
 * @self: a worker
 * @task: (transfer full) (nullable): returns %TRUE when all that waited is done and the files are
 *   closed
 *
 * It takes no more jobs. A writer does those that wait, a reader gives them up.
 */
void
quotes_store_worker_begin_close (QuotesStoreWorker *self, GTask *task)
{
  g_return_if_fail (!self->is_closing);

  self->is_closing = TRUE;
  g_cancellable_cancel (self->closing);
  push_step (self, QUOTES_STORE_FILE_MARKET, NULL, task);
}

/**
 * quotes_store_worker_close:
 * @self: (transfer full): a worker that quotes_store_worker_begin_close() was called for
 * @limit_us: how long to wait for it
 *
 * A pool that is freed with jobs in it would lose them, so it is freed only when its last one is
 * done. A worker that takes longer, because its disk hangs, is left to the end of the process.
 *
 * Returns: whether it is gone
 */
gboolean
quotes_store_worker_close (QuotesStoreWorker *self, gint64 limit_us)
{
  if (g_async_queue_timeout_pop (self->done, (guint64) MAX (limit_us, 0)) == NULL)
    return FALSE;

  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_async_queue_unref (self->done);
  g_clear_object (&self->closing);
  g_free (self->dir);
  g_free (self);
  return TRUE;
}
