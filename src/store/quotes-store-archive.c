/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-closes-query.h"
#include "quotes-fill.h"
#include "quotes-history-query.h"
#include "quotes-page-query.h"
#include "quotes-store-inside.h"

/**
 * Question:
 *
 * What is asked, and then the answer to it. The thread that answers has it alone until its task
 * returns. The time is that of the asking, because only the main context looks at the clock.
 */
typedef struct
{
  char *symbol; /* (owned) (nullable) */
  QuotesRange range;
  QuotesInterval interval;
  guint n_points;
  gint64 since_us;
  gint64 after;
  gint64 now_us;

  QuotesHistory *history; /* (owned) (nullable): of a fill what is asked */
  GHashTable *closes;     /* (owned) (nullable) */
  QuotesRecordPage *page; /* (owned) (nullable) */
  gint64 newest_us;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_free (self->symbol);
  g_clear_pointer (&self->history, quotes_history_unref);
  g_clear_pointer (&self->closes, g_hash_table_unref);
  g_clear_pointer (&self->page, quotes_record_page_free);
  g_free (self);
}

static Question *
question_new (QuotesArchive *archive)
{
  Question *self = g_new0 (Question, 1);

  self->now_us = quotes_clock_get_real_us (quotes_store_get_clock (QUOTES_STORE (archive)));
  return self;
}

/* @question: (transfer full) */
static GTask *
make_task (QuotesArchive *archive,
           Question *question,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  GTask *task = g_task_new (archive, cancellable, callback, user_data);

  g_task_set_task_data (task, question, question_free);
  return task;
}

static void
push_read (QuotesArchive *archive, QuotesStoreJob job, GTask *task)
{
  quotes_store_worker_push (quotes_store_get_reader (QUOTES_STORE (archive)),
                            QUOTES_STORE_FILE_MARKET, job, task);
}

/* Returns: (transfer none) (nullable): with its answer; %NULL = error */
static Question *
finish (QuotesArchive *archive, GAsyncResult *result, gpointer tag, GError **error)
{
  GTask *task = G_TASK (result);

  g_return_val_if_fail (g_task_is_valid (task, archive), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);

  return g_task_propagate_boolean (task, error) ? g_task_get_task_data (task) : NULL;
}

static gboolean
read_history_in_worker (QuotesDatabase *database, gpointer data, GError **error)
{
  Question *self = data;

  self->history = quotes_history_query_read (database, self->symbol, self->range, self->n_points,
                                             self->now_us, error);
  return self->history != NULL;
}

static void
read_history_async (QuotesArchive *archive,
                    const char *symbol,
                    QuotesRange range,
                    guint n_points,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  Question *question = question_new (archive);
  GTask *task = make_task (archive, question, cancellable, callback, user_data);

  g_task_set_source_tag (task, read_history_async);
  question->symbol = g_strdup (symbol);
  question->range = range;
  question->n_points = n_points;
  push_read (archive, read_history_in_worker, task);
}

static QuotesHistory *
read_history_finish (QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  Question *question = finish (archive, result, read_history_async, error);

  return question != NULL ? g_steal_pointer (&question->history) : NULL;
}

static gboolean
read_closes_in_worker (QuotesDatabase *database, gpointer data, GError **error)
{
  Question *self = data;

  self->closes = quotes_closes_query_read (database, self->n_points, self->now_us, error);
  return self->closes != NULL;
}

static void
read_closes_async (QuotesArchive *archive,
                   guint n_points,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  Question *question = question_new (archive);
  GTask *task = make_task (archive, question, cancellable, callback, user_data);

  g_task_set_source_tag (task, read_closes_async);
  question->n_points = n_points;
  push_read (archive, read_closes_in_worker, task);
}

static GHashTable *
read_closes_finish (QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  Question *question = finish (archive, result, read_closes_async, error);

  return question != NULL ? g_steal_pointer (&question->closes) : NULL;
}

static gboolean
read_page_in_worker (QuotesDatabase *database, gpointer data, GError **error)
{
  Question *self = data;

  self->page = quotes_page_query_read (database, self->interval, self->since_us, self->after,
                                       self->n_points, error);
  return self->page != NULL;
}

static void
read_page_async (QuotesArchive *archive,
                 QuotesInterval interval,
                 gint64 since_us,
                 gint64 after,
                 guint n_records,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  Question *question = question_new (archive);
  GTask *task = make_task (archive, question, cancellable, callback, user_data);

  g_task_set_source_tag (task, read_page_async);
  question->interval = interval;
  question->since_us = since_us;
  question->after = after;
  question->n_points = n_records;
  push_read (archive, read_page_in_worker, task);
}

static QuotesRecordPage *
read_page_finish (QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  Question *question = finish (archive, result, read_page_async, error);

  return question != NULL ? g_steal_pointer (&question->page) : NULL;
}

static gboolean
read_newest_in_worker (QuotesDatabase *database, gpointer data, GError **error)
{
  Question *self = data;

  self->newest_us = quotes_history_query_read_newest (database, self->symbol, self->now_us, error);
  return self->newest_us >= 0;
}

static void
read_newest_async (QuotesArchive *archive,
                   const char *symbol,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  Question *question = question_new (archive);
  GTask *task = make_task (archive, question, cancellable, callback, user_data);

  g_task_set_source_tag (task, read_newest_async);
  question->symbol = g_strdup (symbol);
  push_read (archive, read_newest_in_worker, task);
}

static gint64
read_newest_finish (QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  Question *question = finish (archive, result, read_newest_async, error);

  return question != NULL ? question->newest_us : -1;
}

static gboolean
fill_in_worker (QuotesDatabase *database, gpointer data, GError **error)
{
  const Question *self = data;

  return quotes_fill_write (database, self->history, self->now_us, error);
}

static void
fill_async (QuotesArchive *archive,
            QuotesHistory *history,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  Question *question = question_new (archive);
  GTask *task = make_task (archive, question, cancellable, callback, user_data);

  g_task_set_source_tag (task, fill_async);
  question->history = quotes_history_ref (history);
  quotes_store_worker_push (quotes_store_get_writer (QUOTES_STORE (archive)),
                            QUOTES_STORE_FILE_MARKET, fill_in_worker, task);
}

static gboolean
fill_finish (QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  return finish (archive, result, fill_async, error) != NULL;
}

void
quotes_store_archive_init (QuotesArchiveInterface *iface)
{
  iface->read_history_async = read_history_async;
  iface->read_history_finish = read_history_finish;
  iface->read_closes_async = read_closes_async;
  iface->read_closes_finish = read_closes_finish;
  iface->read_page_async = read_page_async;
  iface->read_page_finish = read_page_finish;
  iface->read_newest_async = read_newest_async;
  iface->read_newest_finish = read_newest_finish;
  iface->fill_async = fill_async;
  iface->fill_finish = fill_finish;
}
