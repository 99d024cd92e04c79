/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-http-watch.h"

#include <glib/gi18n.h>

#include "quotes-http-exchange.h"
#include "quotes-json.h"
#include "quotes-quote-reader.h"
#include "quotes-sse-parser.h"

#define CHUNK (64 * 1024)
/* A full list of 2,000 is under 2 MiB. */
#define MAX_EVENT (8 * 1024 * 1024)

/* When the stream does not say how long to wait (contract 5 does: 3 s and jitter). */
#define RETRY_MS 1000
/* The service is on this machine, as a rule: asking costs nothing, and somebody looks. */
#define RETRY_GROWN_MS 5000
#define RETRY_MAX_MS 30000

/**
 * QuotesHttpWatch:
 *
 * Follows the prices over an event stream, on behalf of a client. When the stream ends it connects
 * again, after a pause that grows as long as nothing comes, and resumes where it was.
 */
struct _QuotesHttpWatch
{
  GObject parent_instance;

  QuotesClient *client;      /* (unowned), outlives us: it owns us; NULL = over */
  SoupSession *session;      /* (owned) */
  GUri *uri;                 /* (owned) */
  GCancellable *cancellable; /* (owned) */
  SoupMessage *message;      /* (owned) (nullable): of the stream that is open */
  QuotesSseParser *parser;   /* (owned) */
  GPtrArray *quotes;         /* (owned) (nullable) (element-type QuotesQuote): the list */
  guint64 n_changes;
  guint n_failures;
  guint retry_id;
  gboolean has_news;
};

G_DEFINE_FINAL_TYPE (QuotesHttpWatch, quotes_http_watch, G_TYPE_OBJECT)

static void connect_stream (QuotesHttpWatch *self);

static GPtrArray *
copy_quotes (GPtrArray *quotes)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);

  for (guint i = 0; i < quotes->len; i++)
    g_ptr_array_add (copy, quotes_quote_ref (g_ptr_array_index (quotes, i)));
  return copy;
}

/* Shows the list after everything that came at once, so that the changes of one version are seen
 * together. */
static void
tell_news (QuotesHttpWatch *self)
{
  g_autoptr (QuotesSnapshot) snapshot = NULL;

  if (!self->has_news || self->client == NULL)
    return;

  self->has_news = FALSE;
  self->n_changes++;
  snapshot = quotes_snapshot_new (self->n_changes, g_get_real_time (), copy_quotes (self->quotes));
  g_signal_emit_by_name (self->client, "changed", snapshot);
}

static void
take_snapshot (QuotesHttpWatch *self, JsonArray *array)
{
  g_clear_pointer (&self->quotes, g_ptr_array_unref);
  self->quotes = quotes_quotes_read_json (array);
  self->has_news = TRUE;
}

static void
take_update (QuotesHttpWatch *self, JsonObject *object)
{
  const QuotesMembers members = {.object = object};
  g_autoptr (QuotesQuote) quote = quotes_quote_read (&members);

  if (quote == NULL || self->quotes == NULL)
    return;

  self->has_news = TRUE;
  for (guint i = 0; i < self->quotes->len; i++)
    {
      QuotesQuote *old = g_ptr_array_index (self->quotes, i);

      if (g_str_equal (old->symbol, quote->symbol))
        {
          g_ptr_array_index (self->quotes, i) = g_steal_pointer (&quote);
          quotes_quote_unref (old);
          return;
        }
    }
  g_ptr_array_add (self->quotes, g_steal_pointer (&quote));
}

static void
take_event_cb (const QuotesSseEvent *event, gpointer user_data)
{
  QuotesHttpWatch *self = user_data;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) node = NULL;
  gboolean is_snapshot = g_str_equal (event->type, "snapshot");

  self->n_failures = 0;
  if (!is_snapshot && !g_str_equal (event->type, "update"))
    return;

  bytes = g_bytes_new (event->data, event->size);
  node = quotes_json_parse (bytes, MAX_EVENT, NULL);
  if (node == NULL)
    return;
  if (is_snapshot && quotes_json_get_array (node) != NULL)
    take_snapshot (self, quotes_json_get_array (node));
  else if (!is_snapshot && quotes_json_get_object (node) != NULL)
    take_update (self, quotes_json_get_object (node));
}

static gboolean
retry_due_cb (gpointer user_data)
{
  QuotesHttpWatch *self = user_data;

  self->retry_id = 0;
  connect_stream (self);
  return G_SOURCE_REMOVE;
}

static guint
get_pause_ms (QuotesHttpWatch *self)
{
  gint64 base_ms = quotes_sse_parser_get_retry_ms (self->parser);
  double pause_ms = base_ms >= 0 ? (double) base_ms : RETRY_MS;

  for (guint i = 0; i < self->n_failures && pause_ms < RETRY_GROWN_MS; i++)
    pause_ms = MIN (MAX (pause_ms, 1) * 2, RETRY_GROWN_MS);

  /* Scattered, so that all readers of a service that comes back do not come at once. */
  return (guint) (MIN (pause_ms, RETRY_MAX_MS) * g_random_double_range (0.75, 1.25));
}

/* The stream is over, or never began. */
static void
fail (QuotesHttpWatch *self, const GError *error)
{
  g_autoptr (GError) translated = quotes_http_translate_error (error);

  g_clear_object (&self->message);
  if (self->client == NULL)
    return;

  self->retry_id = g_timeout_add (get_pause_ms (self), retry_due_cb, self);
  if (self->n_failures < 16)
    self->n_failures++;
  g_signal_emit_by_name (self->client, "state-changed", FALSE, translated->message);
}

static void
fail_with (QuotesHttpWatch *self, QuotesClientError code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (QUOTES_CLIENT_ERROR, (int) code, message);

  fail (self, error);
}

static void read_on (QuotesHttpWatch *self, GInputStream *stream);

static void
chunk_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QuotesHttpWatch) self = user_data;
  GInputStream *stream = G_INPUT_STREAM (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) chunk = g_input_stream_read_bytes_finish (stream, result, &error);
  gboolean is_readable = FALSE;

  if (self->client == NULL)
    return;
  if (chunk == NULL)
    {
      fail (self, error);
      return;
    }
  if (g_bytes_get_size (chunk) == 0)
    {
      fail_with (self, QUOTES_CLIENT_ERROR_UNAVAILABLE, _ ("The service closed the stream"));
      return;
    }

  is_readable =
    quotes_sse_parser_push (self->parser, g_bytes_get_data (chunk, NULL), g_bytes_get_size (chunk));
  tell_news (self);
  if (is_readable)
    read_on (self, stream);
  else
    fail_with (self, QUOTES_CLIENT_ERROR_BAD_ANSWER,
               _ ("The service sent an event that is too long"));
}

static void
read_on (QuotesHttpWatch *self, GInputStream *stream)
{
  if (self->client != NULL)
    g_input_stream_read_bytes_async (stream, CHUNK, G_PRIORITY_DEFAULT, self->cancellable,
                                     chunk_read_cb, g_object_ref (self));
}

static gboolean
is_event_stream (SoupMessage *message)
{
  const char *type =
    soup_message_headers_get_content_type (soup_message_get_response_headers (message), NULL);

  return g_strcmp0 (type, "text/event-stream") == 0;
}

static void
stream_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QuotesHttpWatch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream =
    soup_session_send_finish (SOUP_SESSION (source), result, &error);
  guint status = 0;

  if (self->client == NULL)
    return;
  if (stream == NULL)
    {
      fail (self, error);
      return;
    }

  status = soup_message_get_status (self->message);
  if (status != SOUP_STATUS_OK)
    {
      error = quotes_http_translate_status (status, NULL);
      fail (self, error);
      return;
    }
  if (!is_event_stream (self->message))
    {
      fail_with (self, QUOTES_CLIENT_ERROR_BAD_ANSWER,
                 _ ("What answers at this address is not the service"));
      return;
    }

  quotes_sse_parser_restart (self->parser);
  g_signal_emit_by_name (self->client, "state-changed", TRUE, NULL);
  /* A stream that is resumed may have nothing new to say. */
  self->has_news = self->quotes != NULL;
  tell_news (self);
  read_on (self, stream);
}

static void
connect_stream (QuotesHttpWatch *self)
{
  const char *id = quotes_sse_parser_get_last_event_id (self->parser);
  SoupMessageHeaders *headers = NULL;

  self->message = soup_message_new_from_uri (SOUP_METHOD_GET, self->uri);
  soup_message_add_flags (self->message, SOUP_MESSAGE_NO_REDIRECT);
  headers = soup_message_get_request_headers (self->message);
  soup_message_headers_replace (headers, "Accept", "text/event-stream");
  if (*id != '\0' && self->quotes != NULL)
    soup_message_headers_replace (headers, "Last-Event-ID", id);

  soup_session_send_async (self->session, self->message, G_PRIORITY_DEFAULT, self->cancellable,
                           stream_opened_cb, g_object_ref (self));
}

static void
quotes_http_watch_dispose (GObject *object)
{
  QuotesHttpWatch *self = QUOTES_HTTP_WATCH (object);

  self->client = NULL;
  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->message);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (quotes_http_watch_parent_class)->dispose (object);
}

static void
quotes_http_watch_finalize (GObject *object)
{
  QuotesHttpWatch *self = QUOTES_HTTP_WATCH (object);

  g_uri_unref (self->uri);
  g_clear_pointer (&self->quotes, g_ptr_array_unref);
  quotes_sse_parser_free (self->parser);

  G_OBJECT_CLASS (quotes_http_watch_parent_class)->finalize (object);
}

static void
quotes_http_watch_class_init (QuotesHttpWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_http_watch_dispose;
  object_class->finalize = quotes_http_watch_finalize;
}

static void
quotes_http_watch_init (QuotesHttpWatch *self)
{
  self->cancellable = g_cancellable_new ();
  self->parser = quotes_sse_parser_new (MAX_EVENT, take_event_cb, self);
}

/**
 * quotes_http_watch_new:
 * @client: emits the signals; owns the watch and ends it with g_object_run_dispose()
 * @session: what reaches the service; its time limit is longer than the stream's keepalive
 * @uri: of the stream
 *
 * Returns: (transfer full): a watch that has begun
 */
QuotesHttpWatch *
quotes_http_watch_new (QuotesClient *client, SoupSession *session, GUri *uri)
{
  QuotesHttpWatch *self = g_object_new (QUOTES_TYPE_HTTP_WATCH, NULL);

  self->client = client;
  self->session = g_object_ref (session);
  self->uri = g_uri_ref (uri);
  connect_stream (self);

  return self;
}
