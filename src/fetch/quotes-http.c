/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-http.h"

#include <glib/gi18n.h>

/* Contract 8. The longest real answer recorded is some tens of KiB. */
#define MAX_BODY_BYTES (1024 * 1024)
#define CONNECT_LIMIT_US (5 * G_USEC_PER_SEC)
#define IDLE_LIMIT_US (10 * G_USEC_PER_SEC)
#define TOTAL_LIMIT_US (15 * G_USEC_PER_SEC)
#define MAX_CONNECTIONS_PER_HOST 2
/* Keep-alive: a bit more than the usual round, so that most rounds need no new handshake. */
#define KEEP_CONNECTION_S 60
#define CHUNK_BYTES (16 * 1024)

/* providers.md 3.5: what a host may ask for. 418 is a ban, and obeyed for longer. */
#define RETRY_AFTER_MIN_US G_USEC_PER_SEC
#define RETRY_AFTER_MAX_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define BAN_MAX_US (72 * RETRY_AFTER_MAX_US)
#define STATUS_BANNED 418
/* More digits than this are more than any limit above. */
#define RETRY_AFTER_MAX_DIGITS 9

/**
 * QuotesHttp:
 *
 * The one HTTP session of the daemon: an honest name, time and size limits, and nothing that
 * remembers (no cookies, no cache, no passwords). An answer is an answer whatever its status;
 * errors are #QuotesProviderError. Neither says anything of the path or the query, which may hold
 * what the user is interested in.
 */
struct _QuotesHttp
{
  GObject parent_instance;

  QuotesClock *clock;   /* (owned) */
  SoupSession *session; /* (owned) */
};

G_DEFINE_FINAL_TYPE (QuotesHttp, quotes_http, G_TYPE_OBJECT)

/**
 * quotes_http_answer_new:
 * @content_type: (nullable): copied
 * @body: (transfer none): a reference is kept
 */
QuotesHttpAnswer *
quotes_http_answer_new (guint status, const char *content_type, GBytes *body, gint64 retry_after_us)
{
  QuotesHttpAnswer *self = g_new0 (QuotesHttpAnswer, 1);

  self->status = status;
  self->content_type = content_type != NULL ? g_ascii_strdown (content_type, -1) : NULL;
  self->body = g_bytes_ref (body);
  self->retry_after_us = retry_after_us;

  return self;
}

void
quotes_http_answer_free (QuotesHttpAnswer *self)
{
  g_free (self->content_type);
  g_bytes_unref (self->body);
  g_free (self);
}

QuotesProviderError
quotes_http_status_to_error (guint status)
{
  switch (status)
    {
    case SOUP_STATUS_UNAUTHORIZED:
      return QUOTES_PROVIDER_ERROR_AUTH;
    case SOUP_STATUS_FORBIDDEN:
      return QUOTES_PROVIDER_ERROR_BLOCKED;
    case STATUS_BANNED:
    case 429:
      return QUOTES_PROVIDER_ERROR_RATE_LIMITED;
    case 451:
      return QUOTES_PROVIDER_ERROR_BARRED;
    case SOUP_STATUS_BAD_GATEWAY:
    case SOUP_STATUS_SERVICE_UNAVAILABLE:
    case SOUP_STATUS_GATEWAY_TIMEOUT:
      return QUOTES_PROVIDER_ERROR_UNAVAILABLE;
    default:
      return QUOTES_PROVIDER_ERROR_HTTP;
    }
}

static void
quotes_http_dispose (GObject *object)
{
  QuotesHttp *self = QUOTES_HTTP (object);

  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_http_parent_class)->dispose (object);
}

static void
quotes_http_class_init (QuotesHttpClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = quotes_http_dispose;
}

static void
quotes_http_init (G_GNUC_UNUSED QuotesHttp *self)
{
}

/* What can stand in a comment of a User-Agent. */
static gboolean
is_contact (const char *text)
{
  if (text == NULL || text[0] == '\0')
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p) || strchr ("()\\", *p) != NULL)
      return FALSE;
  return TRUE;
}

/* Yahoo refuses clients without a name and libraries' default names, but takes an honest one. */
static char *
make_user_agent (const char *contact)
{
  gboolean has_contact = is_contact (contact);

  return g_strconcat ("Mozilla/5.0 (compatible; Marketwell/", VERSION, has_contact ? "; +" : "",
                      has_contact ? contact : "", ")", NULL);
}

/**
 * quotes_http_new:
 * @clock: for the time limits
 * @contact: (nullable): how the host's owner finds the user: an address; sent only when it is one
 *
 * Returns: (transfer full): a session
 */
QuotesHttp *
quotes_http_new (QuotesClock *clock, const char *contact)
{
  QuotesHttp *self = g_object_new (QUOTES_TYPE_HTTP, NULL);
  g_autofree char *user_agent = make_user_agent (contact);

  self->clock = g_object_ref (clock);
  self->session = soup_session_new_with_options ("user-agent", user_agent, "max-conns-per-host",
                                                 MAX_CONNECTIONS_PER_HOST, "idle-timeout",
                                                 KEEP_CONNECTION_S, NULL);
  /* On by default: it would answer a 401 with what it finds in a URL. */
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_AUTH_MANAGER);

  return self;
}

/* Returns: (transfer none): for tests, to see what it is made of */
SoupSession *
quotes_http_get_session (QuotesHttp *self)
{
  g_return_val_if_fail (QUOTES_IS_HTTP (self), NULL);

  return self->session;
}

/* Ends what is under way, and what is kept for the next request. */
void
quotes_http_drop_connections (QuotesHttp *self)
{
  g_return_if_fail (QUOTES_IS_HTTP (self));

  soup_session_abort (self->session);
}

/* Seconds, or the moment as an HTTP date (RFC 9110, 10.2.3); -1 = neither. */
static gint64
parse_retry_after (const char *text, gint64 real_us)
{
  g_autoptr (GDateTime) date = NULL;
  gsize n_digits = strspn (text, "0123456789");

  if (n_digits > 0 && text[n_digits] == '\0')
    return n_digits > RETRY_AFTER_MAX_DIGITS
             ? BAN_MAX_US
             : g_ascii_strtoll (text, NULL, 10) * (gint64) G_USEC_PER_SEC;

  date = soup_date_time_new_from_http_string (text);
  return date != NULL ? MAX (g_date_time_to_unix (date) * (gint64) G_USEC_PER_SEC - real_us, 0)
                      : -1;
}

static gint64
get_retry_after_us (QuotesHttp *self, SoupMessage *message)
{
  const char *text =
    soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");
  gint64 wait_us =
    text != NULL ? parse_retry_after (text, quotes_clock_get_real_us (self->clock)) : -1;
  gint64 max_us =
    soup_message_get_status (message) == STATUS_BANNED ? BAN_MAX_US : RETRY_AFTER_MAX_US;

  return wait_us < 0 ? -1 : CLAMP (wait_us, RETRY_AFTER_MIN_US, max_us);
}

/* One request. */
typedef struct
{
  QuotesClock *clock;        /* (owned) */
  SoupMessage *message;      /* (owned) */
  GCancellable *cancellable; /* (owned): ours, so that a limit can end the request */
  GSource *caller_gave_up;   /* (owned) (nullable) */
  GInputStream *stream;      /* (owned) (nullable) */
  GByteArray *body;          /* (owned) */
  gint64 end_us;             /* monotonic */
  gint64 phase_end_us;       /* monotonic: of connecting, or of waiting for the next byte */
  guint alarm_id;
  gboolean is_late;
  char chunk[CHUNK_BYTES];
} Request;

/* After this nothing comes from outside any more: the task is about to be returned. */
static void
request_end (Request *self)
{
  if (self->alarm_id != 0)
    quotes_clock_remove_alarm (self->clock, self->alarm_id);
  self->alarm_id = 0;
  if (self->caller_gave_up != NULL)
    g_source_destroy (self->caller_gave_up);
  g_clear_pointer (&self->caller_gave_up, g_source_unref);
  g_signal_handlers_disconnect_by_data (self->message, self);
}

static void
request_free (gpointer data)
{
  Request *self = data;

  request_end (self);
  g_clear_object (&self->stream);
  g_object_unref (self->message);
  g_object_unref (self->cancellable);
  g_object_unref (self->clock);
  g_byte_array_unref (self->body);
  g_free (self);
}

static void
request_is_late_cb (gpointer user_data)
{
  Request *self = user_data;

  self->alarm_id = 0;
  self->is_late = TRUE;
  g_cancellable_cancel (self->cancellable);
}

static void
request_begin_phase (Request *self, gint64 limit_us)
{
  self->phase_end_us = quotes_clock_get_monotonic_us (self->clock) + limit_us;
  if (self->alarm_id != 0)
    quotes_clock_remove_alarm (self->clock, self->alarm_id);
  self->alarm_id = quotes_clock_add_alarm (self->clock, MIN (self->phase_end_us, self->end_us),
                                           request_is_late_cb, self);
}

static void
network_event_cb (Request *self, GSocketClientEvent event)
{
  if (!self->is_late && event == G_SOCKET_CLIENT_RESOLVING)
    request_begin_phase (self, CONNECT_LIMIT_US);
}

static void
starting_cb (Request *self)
{
  if (!self->is_late)
    request_begin_phase (self, IDLE_LIMIT_US);
}

static gboolean
caller_gave_up_cb (G_GNUC_UNUSED GCancellable *cancellable, gpointer user_data)
{
  Request *self = user_data;

  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static Request *
request_new (QuotesClock *clock, SoupMessage *message, GCancellable *cancellable)
{
  Request *self = g_new0 (Request, 1);

  self->clock = g_object_ref (clock);
  self->message = g_object_ref (message);
  self->cancellable = g_cancellable_new ();
  self->body = g_byte_array_new ();
  self->end_us = quotes_clock_get_monotonic_us (clock) + TOTAL_LIMIT_US;
  request_begin_phase (self, TOTAL_LIMIT_US);

  g_signal_connect_swapped (message, "network-event", G_CALLBACK (network_event_cb), self);
  g_signal_connect_swapped (message, "starting", G_CALLBACK (starting_cb), self);
  if (cancellable != NULL)
    {
      /* A source rather than a handler: nothing is torn down inside the caller's own call. */
      self->caller_gave_up = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->caller_gave_up, G_SOURCE_FUNC (caller_gave_up_cb), self, NULL);
      g_source_attach (self->caller_gave_up, g_main_context_get_thread_default ());
    }
  return self;
}

static gboolean
is_broken_connection (const GError *error)
{
  /* G_IO_ERROR_BROKEN_PIPE and G_IO_ERROR_CONNECTION_CLOSED are one number. */
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) ||
         g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_EOF);
}

static QuotesProviderError
classify (const GError *error)
{
  if (is_broken_connection (error))
    return QUOTES_PROVIDER_ERROR_BROKEN_OFF;
  if (error->domain == G_TLS_ERROR)
    return QUOTES_PROVIDER_ERROR_TLS;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return QUOTES_PROVIDER_ERROR_TIMEOUT;
  /* Broken compression, or not HTTP at all. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) ||
      error->domain == SOUP_SESSION_ERROR)
    return QUOTES_PROVIDER_ERROR_BAD_DATA;
  return QUOTES_PROVIDER_ERROR_NETWORK;
}

static void
return_error (GTask *task, const GError *cause)
{
  Request *request = g_task_get_task_data (task);
  const char *host = g_uri_get_host (soup_message_get_uri (request->message));

  request_end (request);
  /* The task itself says so when it was the caller who gave up. */
  if (request->is_late)
    g_task_return_new_error (task, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_TIMEOUT,
                             _ ("Could not fetch from %s: it took too long"), host);
  else
    g_task_return_new_error (task, QUOTES_PROVIDER_ERROR, (int) classify (cause),
                             _ ("Could not fetch from %s: %s"), host, cause->message);
}

static void
return_too_large (GTask *task)
{
  Request *request = g_task_get_task_data (task);
  const char *host = g_uri_get_host (soup_message_get_uri (request->message));

  request_end (request);
  /* First this, or closing the stream would read the rest. */
  g_cancellable_cancel (request->cancellable);
  g_task_return_new_error (task, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_TOO_LARGE,
                           _ ("Could not fetch from %s: the answer is too long"), host);
}

static void
return_answer (GTask *task)
{
  QuotesHttp *self = g_task_get_source_object (task);
  Request *request = g_task_get_task_data (task);
  g_autoptr (GBytes) body = g_byte_array_free_to_bytes (g_steal_pointer (&request->body));
  const char *content_type = soup_message_headers_get_content_type (
    soup_message_get_response_headers (request->message), NULL);
  guint status = soup_message_get_status (request->message);
  QuotesHttpAnswer *answer = quotes_http_answer_new (status, content_type, body,
                                                     get_retry_after_us (self, request->message));

  request->body = g_byte_array_new ();
  request_end (request);
  g_task_return_pointer (task, answer, (GDestroyNotify) quotes_http_answer_free);
}

static void read_next (GTask *task);

static void
get_chunk_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  Request *request = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gssize n_read = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n_read < 0)
    return_error (task, error);
  else if (n_read == 0)
    return_answer (task);
  else if (request->body->len + (gsize) n_read > MAX_BODY_BYTES)
    return_too_large (task);
  else
    {
      g_byte_array_append (request->body, (const guint8 *) request->chunk, (guint) n_read);
      if (!request->is_late)
        request_begin_phase (request, IDLE_LIMIT_US);
      read_next (g_steal_pointer (&task));
    }
}

/* The read is asked for piece by piece: a bomb is noticed while it unfolds, not afterwards. */
static void
read_next (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  g_input_stream_read_async (request->stream, request->chunk, sizeof request->chunk,
                             G_PRIORITY_DEFAULT, request->cancellable, get_chunk_read_cb, task);
}

static void
get_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  Request *request = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  request->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (request->stream == NULL)
    return_error (task, error);
  else
    read_next (g_steal_pointer (&task));
}

/**
 * quotes_http_get_async:
 * @self: a session
 * @uri: absolute http or https URI; never logged
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called on the main context, never inside this call
 * @user_data: for @callback
 */
void
quotes_http_get_async (QuotesHttp *self,
                       const char *uri,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (SoupMessage) message = NULL;
  Request *request = NULL;

  g_return_if_fail (QUOTES_IS_HTTP (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, quotes_http_get_async);

  message = soup_message_new (SOUP_METHOD_GET, uri);
  if (message == NULL)
    {
      g_task_return_new_error (task, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_NETWORK,
                               _ ("Could not fetch: this is not an HTTP address"));
      return;
    }

  /* A key in a header would go with the redirect to whoever it leads to. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Accept",
                                "application/json");
  request = request_new (self->clock, message, cancellable);
  g_task_set_task_data (task, request, request_free);
  soup_session_send_async (self->session, message, G_PRIORITY_DEFAULT, request->cancellable,
                           get_sent_cb, g_steal_pointer (&task));
}

/**
 * quotes_http_get_finish:
 *
 * Returns: (transfer full) (nullable): what the host said, with whatever status; on error a
 *   #QuotesProviderError (`NETWORK`, `BROKEN_OFF`, `TLS`, `TIMEOUT`, `TOO_LARGE`, `BAD_DATA`), or
 *   %G_IO_ERROR_CANCELLED
 */
QuotesHttpAnswer *
quotes_http_get_finish (QuotesHttp *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
