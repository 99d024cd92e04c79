/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-history-asker.h"

#include <glib/gi18n.h>

/**
 * QuotesHistoryAsker:
 *
 * What the providers' history requests have in common: they take only what the host's limit can
 * spare, and a long answer is parsed on a thread of its own. 600 kB, five days of a future's
 * minutes, take a tenth of a second, for which no stream may have to wait.
 *
 * The thread is there only while there is something to parse; it touches nothing but what a job
 * holds, all of it immutable.
 */
struct _QuotesHistoryAsker
{
  GObject parent_instance;

  QuotesUpstream *upstream; /* (owned) */
  QuotesClock *clock;       /* (owned) */
  QuotesHistoryParser parse;
  GThreadPool *pool; /* (owned): of one thread */
  guint n_requests;
};

G_DEFINE_FINAL_TYPE (QuotesHistoryAsker, quotes_history_asker, G_TYPE_OBJECT)

/* What is asked for, and then what there is to parse. */
typedef struct
{
  QuotesHistoryParser parse;
  QuotesInstrument *instrument; /* (owned) */
  QuotesInterval interval;
  QuotesHttpAnswer *answer; /* (owned) (nullable): %NULL until it came */
  gint64 now_us;
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;

  quotes_instrument_unref (self->instrument);
  g_clear_pointer (&self->answer, quotes_http_answer_free);
  g_free (self);
}

static void
parse_in_worker (gpointer data, G_GNUC_UNUSED gpointer pool_data)
{
  g_autoptr (GTask) task = G_TASK (data);
  const Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  QuotesHistory *history =
    job->parse (job->answer, job->instrument, job->interval, job->now_us, &error);

  if (history != NULL)
    g_task_return_pointer (task, history, (GDestroyNotify) quotes_history_unref);
  else
    g_task_return_error (task, error);
}

static void
quotes_history_asker_dispose (GObject *object)
{
  QuotesHistoryAsker *self = QUOTES_HISTORY_ASKER (object);

  g_clear_object (&self->upstream);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_history_asker_parent_class)->dispose (object);
}

static void
quotes_history_asker_finalize (GObject *object)
{
  /* Who asks keeps us until there is an answer: nothing is queued. */
  g_thread_pool_free (QUOTES_HISTORY_ASKER (object)->pool, FALSE, TRUE);

  G_OBJECT_CLASS (quotes_history_asker_parent_class)->finalize (object);
}

static void
quotes_history_asker_class_init (QuotesHistoryAskerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_history_asker_dispose;
  object_class->finalize = quotes_history_asker_finalize;
}

static void
quotes_history_asker_init (QuotesHistoryAsker *self)
{
  self->pool = g_thread_pool_new (parse_in_worker, NULL, 1, FALSE, NULL);
}

/**
 * quotes_history_asker_new:
 * @parse: what understands the answers
 *
 * Returns: (transfer full): one that asks @upstream
 */
QuotesHistoryAsker *
quotes_history_asker_new (QuotesUpstream *upstream, QuotesClock *clock, QuotesHistoryParser parse)
{
  QuotesHistoryAsker *self = g_object_new (QUOTES_TYPE_HISTORY_ASKER, NULL);

  self->upstream = g_object_ref (upstream);
  self->clock = g_object_ref (clock);
  self->parse = parse;

  return self;
}

/* How one request goes: the caller's task, ourselves, and what is to be parsed. */
typedef struct
{
  QuotesHistoryAsker *asker; /* (owned) */
  GTask *task;               /* (owned) */
  Job *job;                  /* (owned) (nullable): %NULL when the worker has it */
} Request;

static void
request_free (Request *self)
{
  g_object_unref (self->asker);
  g_object_unref (self->task);
  g_clear_pointer (&self->job, job_free);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
ask_parsed_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  GError *error = NULL;
  QuotesHistory *history = g_task_propagate_pointer (G_TASK (result), &error);

  if (history != NULL)
    g_task_return_pointer (request->task, history, (GDestroyNotify) quotes_history_unref);
  else
    g_task_return_error (request->task, error);
}

/* The worker's task has no source: it may be the one to drop it, and must not drop us. */
static void
hand_over (Request *request)
{
  QuotesHistoryAsker *self = request->asker;
  GTask *task = g_task_new (NULL, NULL, ask_parsed_cb, request);

  g_task_set_source_tag (task, hand_over);
  g_task_set_task_data (task, g_steal_pointer (&request->job), job_free);
  g_thread_pool_push (self->pool, task, NULL);
}

static void
ask_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  QuotesHistoryAsker *self = request->asker;
  GError *error = NULL;
  QuotesHttpAnswer *answer = quotes_upstream_get_finish (QUOTES_UPSTREAM (source), result, &error);

  if (!g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_THROTTLED) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->n_requests++;
  if (answer == NULL)
    {
      g_task_return_error (request->task, error);
      return;
    }

  request->job->answer = answer;
  if (self->clock == NULL)
    {
      g_task_return_new_error (request->task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Closed"));
      return;
    }
  request->job->now_us = quotes_clock_get_real_us (self->clock);
  hand_over (g_steal_pointer (&request));
}

/**
 * quotes_history_asker_ask:
 * @self: an asker
 * @task: (transfer full): of the provider; gets a #QuotesHistory or a #QuotesProviderError
 * @path: of the request
 * @instrument: what it is about
 * @interval: likewise
 */
void
quotes_history_asker_ask (QuotesHistoryAsker *self,
                          GTask *task,
                          const char *path,
                          QuotesInstrument *instrument,
                          QuotesInterval interval)
{
  Request *request = NULL;

  g_return_if_fail (QUOTES_IS_HISTORY_ASKER (self));

  if (!quotes_upstream_has_spare (self->upstream))
    {
      g_task_return_new_error (task, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_THROTTLED,
                               _ ("Not asked yet: we ask this host only so often"));
      g_object_unref (task);
      return;
    }

  request = g_new0 (Request, 1);
  request->asker = g_object_ref (self);
  request->task = task;
  request->job = g_new0 (Job, 1);
  request->job->parse = self->parse;
  request->job->instrument = quotes_instrument_ref (instrument);
  request->job->interval = interval;
  quotes_upstream_get_async (self->upstream, path, g_task_get_cancellable (task), ask_answered_cb,
                             request);
}

/* Returns: how many requests were sent since the last call */
guint
quotes_history_asker_steal_n_requests (QuotesHistoryAsker *self)
{
  guint n_requests = 0;

  g_return_val_if_fail (QUOTES_IS_HISTORY_ASKER (self), 0);

  n_requests = self->n_requests;
  self->n_requests = 0;
  return n_requests;
}
