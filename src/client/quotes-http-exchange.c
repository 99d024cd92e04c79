/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-http-exchange.h"

#include <glib/gi18n.h>

#include "quotes-client.h"
#include "quotes-json.h"

#define CHUNK (64 * 1024)

/* By status, unless the problem's `code` says more. */
static const struct
{
  guint status;
  const char *problem; /* (nullable): any */
  QuotesClientError code;
} refusals[] = {
  {400, NULL, QUOTES_CLIENT_ERROR_INVALID_ARGUMENT},
  {404, "no_quote", QUOTES_CLIENT_ERROR_NO_QUOTE},
  {404, "unknown_symbol", QUOTES_CLIENT_ERROR_UNKNOWN_SYMBOL},
  {404, "unknown_alert", QUOTES_CLIENT_ERROR_UNKNOWN_ALERT},
  {409, NULL, QUOTES_CLIENT_ERROR_LIST_FULL},
  {413, NULL, QUOTES_CLIENT_ERROR_INVALID_ARGUMENT},
  {414, NULL, QUOTES_CLIENT_ERROR_INVALID_ARGUMENT},
  {422, "list_full", QUOTES_CLIENT_ERROR_LIST_FULL},
  {422, "invalid_alert", QUOTES_CLIENT_ERROR_INVALID_ALERT},
  {422, NULL, QUOTES_CLIENT_ERROR_INVALID_INSTRUMENT},
  {429, NULL, QUOTES_CLIENT_ERROR_LIMITS_EXCEEDED},
  {503, "no_history", QUOTES_CLIENT_ERROR_NO_HISTORY},
  {503, NULL, QUOTES_CLIENT_ERROR_UNAVAILABLE},
};

static const char *
get_message (QuotesClientError code)
{
  switch (code)
    {
    case QUOTES_CLIENT_ERROR_INVALID_INSTRUMENT:
      return _ ("No provider can have this instrument; type it as PROVIDER:NAME");
    case QUOTES_CLIENT_ERROR_UNKNOWN_SYMBOL:
      return _ ("The list has no such symbol");
    case QUOTES_CLIENT_ERROR_NO_QUOTE:
      return _ ("There is no price yet");
    case QUOTES_CLIENT_ERROR_NO_HISTORY:
      return _ ("The service keeps nothing of the past");
    case QUOTES_CLIENT_ERROR_LIST_FULL:
      return _ ("The list is full; remove an instrument first");
    case QUOTES_CLIENT_ERROR_LIMITS_EXCEEDED:
      return _ ("Too much at once; try again later");
    case QUOTES_CLIENT_ERROR_INVALID_ARGUMENT:
      return _ ("The service does not accept this argument");
    case QUOTES_CLIENT_ERROR_INVALID_ALERT:
      return _ ("An alert cannot be like that");
    case QUOTES_CLIENT_ERROR_UNKNOWN_ALERT:
      return _ ("There is no such alert");
    case QUOTES_CLIENT_ERROR_UNAVAILABLE:
      return _ ("The service is too busy to answer");
    default:
      return _ ("The service refused");
    }
}

/**
 * quotes_http_translate_status:
 * @status: of an answer that is no success
 * @body: (nullable): problem details, perhaps
 *
 * Returns: (transfer full): the #QuotesClientError for it
 */
GError *
quotes_http_translate_status (guint status, GBytes *body)
{
  g_autoptr (JsonNode) node = body != NULL ? quotes_json_parse (body, CHUNK, NULL) : NULL;
  JsonObject *object = node != NULL ? quotes_json_get_object (node) : NULL;
  const char *problem = object != NULL ? quotes_json_object_get_string (object, "code") : NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (refusals[i].status == status &&
        (refusals[i].problem == NULL || g_strcmp0 (refusals[i].problem, problem) == 0))
      return g_error_new_literal (QUOTES_CLIENT_ERROR, (int) refusals[i].code,
                                  get_message (refusals[i].code));

  return g_error_new (QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_REFUSED,
                      _ ("The service refused with HTTP status %u"), status);
}

/**
 * quotes_http_translate_error:
 * @error: why there was no answer
 *
 * Returns: (transfer full): the #QuotesClientError for it, or a copy when it was cancelled
 */
GError *
quotes_http_translate_error (const GError *error)
{
  if (error->domain == QUOTES_CLIENT_ERROR ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);

  return g_error_new (QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_UNAVAILABLE,
                      _ ("The service does not answer: %s"), error->message);
}

typedef struct
{
  SoupMessage *message; /* (owned) */
  GByteArray *body;     /* (owned) */
  gsize max_size;
} Exchange;

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  g_object_unref (exchange->message);
  g_byte_array_unref (exchange->body);
  g_free (exchange);
}

static void
return_answer (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);
  guint status = soup_message_get_status (exchange->message);
  g_autoptr (GBytes) body = g_bytes_new (exchange->body->data, exchange->body->len);

  if (SOUP_STATUS_IS_SUCCESSFUL (status))
    g_task_return_pointer (task, g_steal_pointer (&body), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, quotes_http_translate_status (status, body));
}

static void
exchange_chunk_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  Exchange *exchange = g_task_get_task_data (task);
  GInputStream *stream = G_INPUT_STREAM (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) chunk = g_input_stream_read_bytes_finish (stream, result, &error);
  gconstpointer bytes = NULL;
  gsize size = 0;

  if (chunk == NULL)
    {
      g_task_return_error (task, quotes_http_translate_error (error));
      return;
    }

  bytes = g_bytes_get_data (chunk, &size);
  if (size == 0)
    {
      return_answer (task);
      return;
    }
  if (exchange->body->len + size > exchange->max_size)
    {
      g_task_return_new_error (task, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER,
                               _ ("The service gave an answer that is too long"));
      return;
    }

  g_byte_array_append (exchange->body, bytes, (guint) size);
  g_input_stream_read_bytes_async (stream, CHUNK, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                                   exchange_chunk_read_cb, g_object_ref (task));
}

static void
exchange_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream =
    soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (stream == NULL)
    {
      g_task_return_error (task, quotes_http_translate_error (error));
      return;
    }

  g_input_stream_read_bytes_async (stream, CHUNK, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                                   exchange_chunk_read_cb, g_object_ref (task));
}

void
quotes_http_exchange_async (SoupSession *session,
                            SoupMessage *message,
                            gsize max_size,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (session, cancellable, callback, user_data);
  Exchange *exchange = g_new0 (Exchange, 1);

  g_task_set_source_tag (task, quotes_http_exchange_async);
  exchange->message = g_object_ref (message);
  exchange->body = g_byte_array_new ();
  exchange->max_size = max_size;
  g_task_set_task_data (task, exchange, exchange_free);

  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, cancellable, exchange_sent_cb,
                           g_steal_pointer (&task));
}

GBytes *
quotes_http_exchange_finish (SoupSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
