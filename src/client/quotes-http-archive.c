/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-http-archive.h"

#include "quotes-history-reader.h"
#include "quotes-http-request.h"
#include "quotes-quote-json.h"

#define QUOTES_PATH "/api/v1/widgets/quotes"
#define HISTORY_PATH "/api/v1/history"

/* A service that never has time for us would hold an export for ever. */
#define TRIES_MAX 20
#define PAUSE_MAX_SECONDS 60

static void
history_async (QuotesArchiveClient *client,
               const char *symbol,
               QuotesRange range,
               guint n_points,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  QuotesHttpClient *self = QUOTES_HTTP_CLIENT (client);
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);
  g_autofree char *query =
    g_strdup_printf ("range=%s&points=%u", quotes_range_to_string (range), n_points);
  g_autoptr (GUri) uri = quotes_http_client_make_uri (self, QUOTES_PATH, symbol, "/history", query);
  g_autoptr (SoupMessage) message = NULL;

  g_task_set_source_tag (task, history_async);
  message = quotes_http_client_send (self, SOUP_METHOD_GET, uri, NULL, g_steal_pointer (&task));
}

static QuotesHistory *
history_finish (QuotesArchiveClient *client, GAsyncResult *result, GError **error)
{
  JsonObject *object = NULL;
  g_autoptr (JsonNode) node =
    quotes_http_client_finish_object (QUOTES_HTTP_CLIENT (client), result, &object, error);

  return node != NULL ? quotes_history_read_json (object, error) : NULL;
}

/* The whole operation; each of its requests has a task of its own. */
typedef struct
{
  QuotesInterval interval;
  gint64 after;
  GUri *uri;            /* (owned) */
  SoupMessage *message; /* (owned) (nullable): of the request under way */
  guint n_tries;
} Records;

static void
records_free (gpointer data)
{
  Records *records = data;

  g_uri_unref (records->uri);
  g_clear_object (&records->message);
  g_free (records);
}

static void ask_for_records (GTask *task);

static gboolean
records_pause_over_cb (gpointer user_data)
{
  ask_for_records (g_object_ref (G_TASK (user_data)));
  return G_SOURCE_REMOVE;
}

static const char *
get_retry_after (SoupMessage *message)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");
}

/* What the service wants us to wait; it says so in whole seconds. */
static guint
get_pause_seconds (SoupMessage *message)
{
  const char *text = get_retry_after (message);
  guint64 seconds = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT, &seconds, NULL))
    return 1;
  return (guint) MIN (seconds, PAUSE_MAX_SECONDS);
}

/* Too often, or too much at once for its disk. */
static gboolean
is_for_later (const GError *error, SoupMessage *message)
{
  return g_error_matches (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_LIMITS_EXCEEDED) ||
         (g_error_matches (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_UNAVAILABLE) &&
          soup_message_get_status (message) == SOUP_STATUS_SERVICE_UNAVAILABLE &&
          get_retry_after (message) != NULL);
}

/* Asks again after the pause, or at once when it is cancelled, which ends it. */
static void
pause_records (GTask *task, guint seconds)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GSource) source = g_timeout_source_new_seconds (seconds);

  if (cancellable != NULL)
    {
      g_autoptr (GSource) cancelled = g_cancellable_source_new (cancellable);

      /* A child makes its parent ready. */
      g_source_set_dummy_callback (cancelled);
      g_source_add_child_source (source, cancelled);
    }
  g_task_attach_source (task, source, records_pause_over_cb);
}

static void
records_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  Records *records = g_task_get_task_data (task);
  JsonObject *object = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node =
    quotes_http_client_finish_object (QUOTES_HTTP_CLIENT (source), result, &object, &error);
  g_autoptr (QuotesRecordPage) page = NULL;

  if (is_for_later (error, records->message) && records->n_tries < TRIES_MAX)
    {
      pause_records (task, get_pause_seconds (records->message));
      return;
    }
  if (node != NULL)
    page = quotes_record_page_read_json (object, records->interval, records->after, &error);
  if (page != NULL)
    g_task_return_pointer (task, g_steal_pointer (&page), (GDestroyNotify) quotes_record_page_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Takes @task. */
static void
ask_for_records (GTask *task)
{
  Records *records = g_task_get_task_data (task);
  QuotesHttpClient *self = g_task_get_source_object (task);
  g_autoptr (GTask) request =
    g_task_new (self, g_task_get_cancellable (task), records_answered_cb, task);

  g_task_set_source_tag (request, ask_for_records);
  records->n_tries++;
  g_clear_object (&records->message);
  records->message =
    quotes_http_client_send (self, SOUP_METHOD_GET, records->uri, NULL, g_steal_pointer (&request));
}

static void
records_async (QuotesArchiveClient *client,
               QuotesInterval interval,
               gint64 since_us,
               gint64 after,
               guint n_records,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);
  Records *records = g_new0 (Records, 1);
  g_autoptr (GString) query = g_string_new (NULL);

  g_task_set_source_tag (task, records_async);
  g_string_printf (query, "interval=%s&after=%" G_GINT64_FORMAT "&limit=%u",
                   quotes_interval_to_string (interval), after, n_records);
  if (since_us > 0)
    {
      g_autoptr (GString) time = g_string_new (NULL);
      g_autofree char *escaped = NULL;

      quotes_json_append_time (time, since_us);
      /* Without its quotation marks; its "+" would be a space. */
      g_string_truncate (time, time->len - 1);
      escaped = g_uri_escape_string (time->str + 1, NULL, FALSE);
      g_string_append_printf (query, "&since=%s", escaped);
    }
  records->interval = interval;
  records->after = after;
  records->uri =
    quotes_http_client_make_uri (QUOTES_HTTP_CLIENT (client), HISTORY_PATH, NULL, NULL, query->str);
  g_task_set_task_data (task, records, records_free);
  ask_for_records (g_steal_pointer (&task));
}

static QuotesRecordPage *
records_finish (QuotesArchiveClient *client, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
quotes_http_archive_iface_init (QuotesArchiveClientInterface *iface)
{
  iface->history_async = history_async;
  iface->history_finish = history_finish;
  iface->records_async = records_async;
  iface->records_finish = records_finish;
}
