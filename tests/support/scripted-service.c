/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "scripted-service.h"

#include <string.h>

#include "quote-maker.h"
#include "quotes-http-client.h"
#include "quotes-quote-json.h"
#include "wait.h"

#define PATIENCE 20

static void
stream_finished_cb (SoupServerMessage *message, ScriptedService *self)
{
  self->n_open--;
  if (self->stream == message)
    g_clear_object (&self->stream);
}

static void
open_stream (ScriptedService *self, SoupServerMessage *message)
{
  const char *id = soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                 "Last-Event-ID");

  g_set_object (&self->stream, message);
  g_free (self->last_event_id);
  self->last_event_id = g_strdup (id);
  self->n_streams++;
  self->n_open++;
  g_signal_connect (message, "finished", G_CALLBACK (stream_finished_cb), self);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                     SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  soup_server_message_pause (message);
}

static void
answer_cb (G_GNUC_UNUSED SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           G_GNUC_UNUSED GHashTable *query,
           gpointer user_data)
{
  ScriptedService *self = user_data;
  g_autoptr (GBytes) request =
    soup_message_body_flatten (soup_server_message_get_request_body (message));

  g_free (self->requested);
  self->requested = g_strdup_printf ("%s %s %.*s", soup_server_message_get_method (message), path,
                                     (int) g_bytes_get_size (request),
                                     (const char *) g_bytes_get_data (request, NULL));
  g_free (self->query);
  self->query = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));
  if (self->n_too_many > 0)
    {
      self->n_too_many--;
      soup_server_message_set_status (message, 429, NULL);
      soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                    "Retry-After", "0");
      return;
    }
  soup_server_message_set_status (message, self->status, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Content-Type",
                                self->type);
  if (self->status == 302)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location",
                                  "/elsewhere");
  if (g_str_equal (path, SCRIPTED_STREAM_PATH) && self->status == 200)
    open_stream (self, message);
  else
    soup_server_message_set_response (message, self->type, SOUP_MEMORY_COPY, self->body,
                                      strlen (self->body));
}

static void
changed_cb (G_GNUC_UNUSED QuotesClient *client, QuotesSnapshot *snapshot, ScriptedService *self)
{
  self->n_changed++;
  g_clear_pointer (&self->snapshot, quotes_snapshot_unref);
  self->snapshot = quotes_snapshot_ref (snapshot);
}

static void
state_changed_cb (G_GNUC_UNUSED QuotesClient *client,
                  gboolean connected,
                  const char *reason,
                  ScriptedService *self)
{
  self->n_found += connected ? 1 : 0;
  self->n_lost += connected ? 0 : 1;
  g_free (self->reason);
  self->reason = g_strdup (reason);
}

void
scripted_service_say (ScriptedService *self, guint status, const char *type, const char *body)
{
  self->status = status;
  self->type = type;
  g_free (self->body);
  self->body = g_strdup (body);
}

void
scripted_service_set_client (ScriptedService *self, const char *address)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->client);
  self->client = quotes_http_client_new (address, &error);
  g_assert_no_error (error);
  g_signal_connect (self->client, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect (self->client, "state-changed", G_CALLBACK (state_changed_cb), self);
}

static void
accepted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
    g_socket_listener_accept_finish (G_SOCKET_LISTENER (source), result, NULL, &error);
  g_autoptr (GSocketAddress) local = NULL;
  g_autoptr (GSocketAddress) remote = NULL;
  ScriptedService *self = user_data;

  if (connection == NULL)
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      self->n_accepting--;
      return;
    }
  local = g_socket_connection_get_local_address (connection, NULL);
  remote = g_socket_connection_get_remote_address (connection, NULL);
  g_assert_true (
    soup_server_accept_iostream (self->server, G_IO_STREAM (connection), local, remote, &error));
  g_socket_listener_accept_async (self->listener, self->cancellable, accepted_cb, self);
}

static void
stop_accepting (ScriptedService *self)
{
  g_cancellable_cancel (self->cancellable);
  wait_until (self->n_accepting == 0, PATIENCE);
  g_clear_object (&self->cancellable);
}

/* Returns: (transfer full): where @address, which may leave the port open, is listened at */
GSocketAddress *
scripted_service_listen_at (ScriptedService *self, GSocketAddress *address)
{
  GSocketAddress *effective = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_listener_add_address (self->listener, address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_DEFAULT, NULL, &effective, &error);
  g_assert_no_error (error);
  /* One at a time, for all addresses: two would wait for the same connection. */
  if (self->cancellable != NULL)
    stop_accepting (self);
  self->cancellable = g_cancellable_new ();
  self->n_accepting++;
  g_socket_listener_accept_async (self->listener, self->cancellable, accepted_cb, self);
  return effective;
}

void
scripted_service_set_up (ScriptedService *self, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;

  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, answer_cb, self, NULL);
  self->listener = g_socket_listener_new ();
  address = scripted_service_listen_at (self, any_port);
  self->address = g_strdup_printf (
    "http://127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  scripted_service_say (self, 200, "application/json", "{}");
  scripted_service_set_client (self, self->address);
}

void
scripted_service_end_stream (ScriptedService *self)
{
  soup_message_body_complete (soup_server_message_get_response_body (self->stream));
  soup_server_message_unpause (self->stream);
}

void
scripted_service_tear_down (ScriptedService *self, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_finalize_object (g_steal_pointer (&self->client));
  /* The server does not look whether the reader of a stream is gone, and loses what is open. */
  if (self->stream != NULL)
    scripted_service_end_stream (self);
  wait_until (self->n_open == 0, PATIENCE);
  stop_accepting (self);
  g_socket_listener_close (self->listener);
  soup_server_disconnect (self->server);
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&self->listener));
  g_assert_finalize_object (g_steal_pointer (&self->server));
  g_clear_pointer (&self->snapshot, quotes_snapshot_unref);
  g_free (self->address);
  g_free (self->body);
  g_free (self->requested);
  g_free (self->query);
  g_free (self->last_event_id);
  g_free (self->reason);
}

void
scripted_service_send (ScriptedService *self, const char *text)
{
  soup_message_body_append (soup_server_message_get_response_body (self->stream), SOUP_MEMORY_COPY,
                            text, strlen (text));
  soup_server_message_unpause (self->stream);
}

char *
scripted_service_dup_item (const char *symbol, double price)
{
  QuotesQuote fields = maker_get_fields (symbol, "A “name”\n");
  GString *text = g_string_new (NULL);

  fields.price = price;
  quotes_quote_append_json (&fields, NULL, text);
  return g_string_free (text, FALSE);
}
