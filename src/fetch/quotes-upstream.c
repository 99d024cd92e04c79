/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-upstream.h"

#include <glib/gi18n.h>

#include "quotes-token-bucket.h"

/* The part of the burst that is kept for prices: what can wait takes only what is above. */
#define KEPT_FOR_PRICES 0.5

/**
 * QuotesUpstream:
 *
 * One host that is asked: where it is, how often it may be asked, and how far apart. A host that
 * the user put in the place of the public one (`--upstream`) has neither limit.
 */
struct _QuotesUpstream
{
  GObject parent_instance;

  QuotesHttp *http;   /* (owned) */
  QuotesClock *clock; /* (owned) */
  GRand *random;      /* (owned) */
  char *base_url;     /* (owned): without a slash at its end */
  gboolean is_public;
  QuotesTokenBucket bucket;
  gint64 min_spacing_us;
  gint64 max_spacing_us;
  gint64 next_us; /* monotonic: when the next request may be sent */
};

G_DEFINE_FINAL_TYPE (QuotesUpstream, quotes_upstream, G_TYPE_OBJECT)

static void
quotes_upstream_dispose (GObject *object)
{
  QuotesUpstream *self = QUOTES_UPSTREAM (object);

  g_clear_object (&self->http);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_upstream_parent_class)->dispose (object);
}

static void
quotes_upstream_finalize (GObject *object)
{
  QuotesUpstream *self = QUOTES_UPSTREAM (object);

  g_rand_free (self->random);
  g_free (self->base_url);

  G_OBJECT_CLASS (quotes_upstream_parent_class)->finalize (object);
}

static void
quotes_upstream_class_init (QuotesUpstreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_upstream_dispose;
  object_class->finalize = quotes_upstream_finalize;
}

static void
quotes_upstream_init (QuotesUpstream *self)
{
  self->random = g_rand_new ();
}

static char *
dup_without_slash (const char *url)
{
  gsize length = strlen (url);

  while (length > 0 && url[length - 1] == '/')
    length--;
  return g_strndup (url, length);
}

/**
 * quotes_upstream_new:
 * @http: the session
 * @clock: the clock
 * @plan: how the public host is treated
 * @base_url: (nullable): what stands in for the public host; %NULL = the public one
 *
 * Returns: (transfer full): an upstream
 */
QuotesUpstream *
quotes_upstream_new (QuotesHttp *http,
                     QuotesClock *clock,
                     const QuotesUpstreamPlan *plan,
                     const char *base_url)
{
  QuotesUpstream *self = g_object_new (QUOTES_TYPE_UPSTREAM, NULL);

  self->http = g_object_ref (http);
  self->clock = g_object_ref (clock);
  self->is_public = base_url == NULL;
  self->base_url = dup_without_slash (self->is_public ? plan->base_url : base_url);
  self->min_spacing_us = plan->min_spacing_us;
  self->max_spacing_us = plan->max_spacing_us;
  quotes_token_bucket_init (&self->bucket, plan->requests_per_minute / 60, plan->burst,
                            quotes_clock_get_monotonic_us (clock));

  return self;
}

gboolean
quotes_upstream_is_public (QuotesUpstream *self)
{
  g_return_val_if_fail (QUOTES_IS_UPSTREAM (self), FALSE);

  return self->is_public;
}

/**
 * quotes_upstream_has_spare:
 *
 * Returns: whether a request that no price waits for may be sent now: enough tokens stay for the
 *   prices of the next rounds
 */
gboolean
quotes_upstream_has_spare (QuotesUpstream *self)
{
  g_return_val_if_fail (QUOTES_IS_UPSTREAM (self), FALSE);

  return !self->is_public ||
         quotes_token_bucket_count (&self->bucket, quotes_clock_get_monotonic_us (self->clock)) >=
           1 + KEPT_FOR_PRICES * self->bucket.burst;
}

/**
 * quotes_upstream_get_wait_us:
 *
 * Returns: how long until a request would not be %QUOTES_PROVIDER_ERROR_THROTTLED; 0 = now
 */
gint64
quotes_upstream_get_wait_us (QuotesUpstream *self)
{
  g_return_val_if_fail (QUOTES_IS_UPSTREAM (self), 0);

  return self->is_public ? quotes_token_bucket_get_wait_us (
                             &self->bucket, quotes_clock_get_monotonic_us (self->clock))
                         : 0;
}

/* A request that waits for its moment. */
typedef struct
{
  QuotesClock *clock; /* (owned) */
  char *url;          /* (owned) */
  guint alarm_id;
  GSource *caller_gave_up; /* (owned) (nullable) */
} Wait;

static void
wait_end (Wait *self)
{
  if (self->alarm_id != 0)
    quotes_clock_remove_alarm (self->clock, self->alarm_id);
  self->alarm_id = 0;
  if (self->caller_gave_up != NULL)
    g_source_destroy (self->caller_gave_up);
  g_clear_pointer (&self->caller_gave_up, g_source_unref);
}

static void
wait_free (gpointer data)
{
  Wait *self = data;

  wait_end (self);
  g_object_unref (self->clock);
  g_free (self->url);
  g_free (self);
}

static void
postpone (QuotesUpstream *self, gint64 from_us)
{
  gint64 spacing_us = self->min_spacing_us;

  if (self->max_spacing_us > self->min_spacing_us)
    spacing_us += (gint64) g_rand_double_range (
      self->random, 0, (double) (self->max_spacing_us - self->min_spacing_us));
  self->next_us = MAX (self->next_us, from_us + spacing_us);
}

static void
get_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  QuotesUpstream *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  QuotesHttpAnswer *answer = quotes_http_get_finish (QUOTES_HTTP (source), result, &error);

  /* Also counted from the end of a slow answer: the host is busy enough. */
  if (self->clock != NULL)
    postpone (self, quotes_clock_get_monotonic_us (self->clock));
  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) quotes_http_answer_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Takes over @task. */
static void
send_now (GTask *task)
{
  QuotesUpstream *self = g_task_get_source_object (task);
  Wait *wait = g_task_get_task_data (task);

  wait_end (wait);
  if (self->http == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Closed"));
      g_object_unref (task);
      return;
    }
  quotes_http_get_async (self->http, wait->url, g_task_get_cancellable (task), get_answered_cb,
                         task);
}

static void
get_moment_came_cb (gpointer user_data)
{
  GTask *task = G_TASK (user_data);
  Wait *wait = g_task_get_task_data (task);

  wait->alarm_id = 0;
  send_now (task);
}

static gboolean
get_given_up_cb (G_GNUC_UNUSED GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);

  wait_end (g_task_get_task_data (task));
  /* Says that it was cancelled. */
  g_task_return_pointer (task, NULL, NULL);
  return G_SOURCE_REMOVE;
}

/* Takes over @task. */
static void
send_later (GTask *task, gint64 at_us)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Wait *wait = g_task_get_task_data (task);

  wait->alarm_id = quotes_clock_add_alarm (wait->clock, at_us, get_moment_came_cb, task);
  if (cancellable == NULL)
    return;
  wait->caller_gave_up = g_cancellable_source_new (cancellable);
  g_source_set_callback (wait->caller_gave_up, G_SOURCE_FUNC (get_given_up_cb), task, NULL);
  g_source_attach (wait->caller_gave_up, g_main_context_get_thread_default ());
}

/**
 * quotes_upstream_get_async:
 * @self: an upstream
 * @path_and_query: begins with a slash; encoded
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called on the main context, never inside this call
 * @user_data: for @callback
 *
 * Asks the host, some moments later if it was asked just now.
 */
void
quotes_upstream_get_async (QuotesUpstream *self,
                           const char *path_and_query,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Wait *wait = NULL;
  gint64 now_us = 0;
  gint64 at_us = 0;

  g_return_if_fail (QUOTES_IS_UPSTREAM (self));
  g_return_if_fail (path_and_query != NULL && path_and_query[0] == '/');

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, quotes_upstream_get_async);
  now_us = quotes_clock_get_monotonic_us (self->clock);
  if (self->is_public && !quotes_token_bucket_take (&self->bucket, now_us))
    {
      g_task_return_new_error (task, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_THROTTLED,
                               _ ("Not asked yet: we ask this host only so often"));
      return;
    }

  wait = g_new0 (Wait, 1);
  wait->clock = g_object_ref (self->clock);
  wait->url = g_strconcat (self->base_url, path_and_query, NULL);
  g_task_set_task_data (task, wait, wait_free);
  at_us = self->is_public ? MAX (self->next_us, now_us) : now_us;
  if (self->is_public)
    postpone (self, at_us);
  if (at_us > now_us)
    send_later (g_steal_pointer (&task), at_us);
  else
    send_now (g_steal_pointer (&task));
}

/**
 * quotes_upstream_get_finish:
 *
 * Returns: (transfer full) (nullable): as quotes_http_get_finish(); also
 *   %QUOTES_PROVIDER_ERROR_THROTTLED: nothing was sent, see quotes_upstream_get_wait_us()
 */
QuotesHttpAnswer *
quotes_upstream_get_finish (QuotesUpstream *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
