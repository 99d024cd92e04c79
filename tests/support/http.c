/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "wait.h"

#define CHUNK (64 * 1024)

static void read_on (HttpExchange *self);

static void
chunk_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HttpExchange *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) chunk =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  self->n_pending--;
  if (chunk == NULL || g_bytes_get_size (chunk) == 0)
    {
      self->is_closed = TRUE;
      return;
    }
  g_string_append_len (self->received, g_bytes_get_data (chunk, NULL),
                       (gssize) g_bytes_get_size (chunk));
  read_on (self);
}

static void
read_on (HttpExchange *self)
{
  self->n_pending++;
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (G_IO_STREAM (self->connection)),
                                   CHUNK, G_PRIORITY_DEFAULT, self->cancellable, chunk_read_cb,
                                   self);
}

/* A refusal may come before everything is written; what has come is read all the same. */
static void
request_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HttpExchange *self = user_data;
  g_autoptr (GError) error = NULL;

  self->n_pending--;
  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HttpExchange *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  gsize size = 0;
  const char *bytes = NULL;

  self->n_pending--;
  if (connection == NULL)
    {
      self->is_closed = TRUE;
      return;
    }

  self->connection = g_steal_pointer (&connection);
  bytes = g_bytes_get_data (self->request, &size);
  self->n_pending++;
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (self->connection)),
                                   bytes, size, G_PRIORITY_DEFAULT, self->cancellable,
                                   request_written_cb, self);
  read_on (self);
}

static GSocketConnectable *
make_connectable (const char *address)
{
  g_autoptr (GError) error = NULL;
  GSocketConnectable *connectable = NULL;

  if (g_str_has_prefix (address, "unix:"))
    return G_SOCKET_CONNECTABLE (g_unix_socket_address_new (address + strlen ("unix:")));

  connectable = g_network_address_parse_uri (address, 80, &error);
  g_assert_no_error (error);
  return connectable;
}

HttpExchange *
http_exchange_begin (const char *address, const char *request, gsize size)
{
  HttpExchange *self = g_new0 (HttpExchange, 1);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) connectable = make_connectable (address);

  self->received = g_string_new (NULL);
  self->cancellable = g_cancellable_new ();
  self->request = g_bytes_new (request, size);
  g_socket_client_set_enable_proxy (client, FALSE);
  self->n_pending++;
  g_socket_client_connect_async (client, connectable, self->cancellable, connected_cb, self);

  return self;
}

/* Returns: (transfer full): the value of Host for @address */
static char *
dup_host (const char *address)
{
  return g_strdup (g_str_has_prefix (address, "unix:") ? "localhost"
                                                       : address + strlen ("http://"));
}

HttpExchange *
http_exchange_get (const char *address, const char *target, const char *headers)
{
  g_autofree char *host = dup_host (address);
  g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", target, host,
                                              headers != NULL ? headers : "");

  return http_exchange_begin (address, request, strlen (request));
}

void
http_exchange_end (HttpExchange *self)
{
  g_cancellable_cancel (self->cancellable);
  wait_until (self->n_pending == 0, 10);
  g_clear_object (&self->connection);
  g_object_unref (self->cancellable);
  g_bytes_unref (self->request);
  g_string_free (self->received, TRUE);
  g_free (self);
}

static HttpAnswer *
parse_answer (const GString *received)
{
  HttpAnswer *self = g_new0 (HttpAnswer, 1);
  const char *blank = strstr (received->str, "\r\n\r\n");

  if (blank == NULL || !g_str_has_prefix (received->str, "HTTP/1."))
    {
      self->head = g_strdup ("");
      self->body = g_strdup ("");
      return self;
    }

  self->status = (guint) g_ascii_strtoull (received->str + strlen ("HTTP/1.1 "), NULL, 10);
  self->head = g_strndup (received->str, (gsize) (blank + 2 - received->str));
  self->body_size = received->len - (gsize) (blank + 4 - received->str);
  self->body = g_malloc (self->body_size + 1);
  memcpy (self->body, blank + 4, self->body_size + 1);

  return self;
}

HttpAnswer *
http_send (const char *address, const char *request, gsize size)
{
  g_autoptr (HttpExchange) exchange = http_exchange_begin (address, request, size);

  wait_until (exchange->is_closed, 15);
  return parse_answer (exchange->received);
}

HttpAnswer *
http_get (const char *address, const char *target)
{
  return http_ask (address, "GET", target, NULL, NULL);
}

HttpAnswer *
http_ask (const char *address,
          const char *method,
          const char *target,
          const char *headers,
          const char *json)
{
  g_autofree char *host = dup_host (address);
  g_autoptr (GString) request = g_string_new (NULL);

  g_string_append_printf (request, "%s %s HTTP/1.1\r\nHost: %s\r\n%s", method, target, host,
                          headers != NULL ? headers : "");
  if (json != NULL)
    g_string_append_printf (
      request, "Content-Type: application/json\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n",
      strlen (json));
  g_string_append (request, "\r\n");
  if (json != NULL)
    g_string_append (request, json);

  return http_send (address, request->str, request->len);
}

void
http_answer_free (HttpAnswer *self)
{
  g_free (self->head);
  g_free (self->body);
  g_free (self);
}

char *
http_answer_dup_header (const HttpAnswer *self, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (self->head, "\r\n", -1);
  gsize size = strlen (name);

  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    if (g_ascii_strncasecmp (lines[i], name, size) == 0 && lines[i][size] == ':')
      return g_strdup (g_strchug (lines[i] + size + 1));

  return NULL;
}

void
http_answer_assert_problem (const HttpAnswer *self, guint status, const char *code)
{
  g_autofree char *type = http_answer_dup_header (self, "Content-Type");
  g_autofree char *pattern =
    g_strdup_printf ("^\\{\"type\":\"about:blank\",\"title\":\"[A-Za-z ]+\","
                     "\"status\":%u,\"code\":\"%s\"(,\"detail\":\"[A-Za-z0-9 ,:_-]+\")?\\}$",
                     status, code);

  g_test_message ("%u %s", self->status, self->body);
  g_assert_cmpuint (self->status, ==, status);
  g_assert_cmpstr (type, ==, "application/problem+json");
  g_assert_true (g_regex_match_simple (pattern, self->body, 0, 0));
}
