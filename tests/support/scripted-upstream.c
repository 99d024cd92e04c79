/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "scripted-upstream.h"

#include <sys/socket.h>

#include "scripted-bomb.h"
#include "scripted-visits.h"

#define DRIP_MS 1000
#define STALL_BYTES (2 * 1024 * 1024)
#define CHUNK_BYTES 4096

typedef struct
{
  char *prefix; /* (owned) */
  gboolean is_fault;
  ScriptedFault fault;
  guint status;
  char *headers;     /* (owned) (nullable) */
  GBytes *body;      /* (owned) (nullable) */
  ScriptedFunc func; /* (nullable) */
  gpointer user_data;
} Route;

struct _ScriptedUpstream
{
  GSocketService *service;      /* (owned) */
  GTlsCertificate *certificate; /* (owned) (nullable) */
  GCancellable *cancellable;    /* (owned) */
  char *url;                    /* (owned) */
  GPtrArray *routes;            /* (owned) (element-type Route) */
  ScriptedVisits *visits;       /* (owned) */
  GPtrArray *exchanges;         /* (unowned) (element-type Exchange): they own themselves */
  guint n_connections;
  guint drip_id;
};

/* One connection; it frees itself when it ends. */
typedef struct
{
  ScriptedUpstream *server; /* (unowned): waits for us */
  GIOStream *stream;        /* (owned) */
  GSocket *socket;          /* (owned) */
  GString *head;            /* (owned) */
  GBytes *answer;           /* (owned) (nullable): what is being written */
  gboolean is_dripping;
  gboolean reads_on; /* after this answer: the next request, or only the end */
  gboolean closes;   /* after this answer */
  char chunk[CHUNK_BYTES];
} Exchange;

static void
route_free (gpointer data)
{
  Route *self = data;

  g_free (self->prefix);
  g_free (self->headers);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

static void
exchange_free (Exchange *self)
{
  g_ptr_array_remove_fast (self->server->exchanges, self);
  g_string_free (self->head, TRUE);
  g_clear_pointer (&self->answer, g_bytes_unref);
  g_socket_close (self->socket, NULL);
  g_object_unref (self->stream);
  g_object_unref (self->socket);
  g_free (self);
}

static void exchange_read (Exchange *self);

static void
exchange_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Exchange *self = user_data;

  g_clear_pointer (&self->answer, g_bytes_unref);
  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL) ||
      self->closes)
    exchange_free (self);
  else
    exchange_read (self);
}

/* Takes over @answer. */
static void
exchange_write (Exchange *self, GBytes *answer)
{
  gsize size = 0;
  gconstpointer data = NULL;

  self->answer = answer;
  data = g_bytes_get_data (answer, &size);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (self->stream), data, size,
                                   G_PRIORITY_DEFAULT, self->server->cancellable,
                                   exchange_written_cb, self);
}

static void
exchange_write_text (Exchange *self, const char *text)
{
  exchange_write (self, g_bytes_new (text, strlen (text)));
}

static GBytes *
make_answer (guint status, const char *headers, GBytes *body, gsize said_length)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "HTTP/1.1 %u Scripted\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n%s",
                          status, said_length, headers != NULL ? headers : "");
  if (headers == NULL || strstr (headers, "Content-Type") == NULL)
    g_string_append (text, "Content-Type: application/json\r\n");
  g_string_append (text, "\r\n");
  g_string_append_len (text, g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body));

  return g_string_free_to_bytes (text);
}

static void
exchange_reset (Exchange *self)
{
  const struct linger linger = {.l_onoff = 1, .l_linger = 0};

  g_assert_cmpint (
    setsockopt (g_socket_get_fd (self->socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger), ==,
    0);
  exchange_free (self);
}

static void
exchange_stall (Exchange *self)
{
  g_autoptr (GBytes) zeros = g_bytes_new_take (g_malloc0 (STALL_BYTES), STALL_BYTES);

  exchange_write (self, make_answer (200, NULL, zeros, 10 * STALL_BYTES));
}

static void
exchange_explode (Exchange *self, const Route *route)
{
  exchange_write (self, make_answer (200,
                                     route->fault == SCRIPTED_DOUBLE_BOMB
                                       ? "Content-Encoding: gzip, gzip\r\n"
                                       : "Content-Encoding: gzip\r\n",
                                     route->body, g_bytes_get_size (route->body)));
}

static void
exchange_misbehave (Exchange *self, const Route *route)
{
  self->reads_on = FALSE;
  switch (route->fault)
    {
    case SCRIPTED_HANG:
      exchange_read (self);
      break;
    case SCRIPTED_DRIP:
      self->is_dripping = TRUE;
      exchange_write_text (self, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
      break;
    case SCRIPTED_RESET:
      exchange_reset (self);
      break;
    case SCRIPTED_CUT:
      self->closes = TRUE;
      exchange_write_text (self, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"spark");
      break;
    case SCRIPTED_STALL:
      exchange_stall (self);
      break;
    case SCRIPTED_BOMB:
    case SCRIPTED_DOUBLE_BOMB:
      exchange_explode (self, route);
      break;
    case SCRIPTED_GARBAGE:
    default:
      self->closes = TRUE;
      exchange_write_text (self, "220 mail.example ESMTP ready\r\n\r\n");
      break;
    }
}

static const Route *
find_route (ScriptedUpstream *self, const char *target)
{
  const Route *best = NULL;

  for (guint i = 0; i < self->routes->len; i++)
    {
      const Route *route = g_ptr_array_index (self->routes, i);

      if (g_str_has_prefix (target, route->prefix) &&
          (best == NULL || strlen (route->prefix) > strlen (best->prefix)))
        best = route;
    }
  return best;
}

static void
exchange_answer (Exchange *self, const char *target)
{
  const Route *route = find_route (self->server, target);
  g_autoptr (GBytes) body = NULL;

  self->reads_on = TRUE;
  if (route != NULL && route->is_fault)
    {
      exchange_misbehave (self, route);
      return;
    }
  if (route == NULL)
    {
      body = g_bytes_new_static ("{}", 2);
      exchange_write (self, make_answer (404, NULL, body, 2));
      return;
    }

  if (route->func != NULL)
    {
      char *text = route->func (target, route->user_data);

      body = g_bytes_new_take (text, strlen (text));
    }
  else
    {
      body = g_bytes_ref (route->body);
    }
  exchange_write (self, make_answer (route->status, route->headers, body, g_bytes_get_size (body)));
}

static void
exchange_note (Exchange *self)
{
  const char *target = scripted_visits_add (self->server->visits, self->head->str);

  g_string_truncate (self->head, 0);
  exchange_answer (self, target);
}

static void
exchange_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Exchange *self = user_data;
  gssize n_read = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (n_read <= 0)
    {
      exchange_free (self);
      return;
    }
  g_string_append_len (self->head, self->chunk, n_read);
  if (self->reads_on && strstr (self->head->str, "\r\n\r\n") != NULL)
    exchange_note (self);
  else
    exchange_read (self);
}

static void
exchange_read (Exchange *self)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (self->stream), self->chunk,
                             sizeof self->chunk, G_PRIORITY_DEFAULT, self->server->cancellable,
                             exchange_read_cb, self);
}

static gboolean
incoming_cb (ScriptedUpstream *self, GSocketConnection *connection)
{
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->server = self;
  exchange->socket = g_object_ref (g_socket_connection_get_socket (connection));
  exchange->stream = self->certificate != NULL
                       ? G_IO_STREAM (g_tls_server_connection_new (G_IO_STREAM (connection),
                                                                   self->certificate, NULL))
                       : G_IO_STREAM (g_object_ref (connection));
  exchange->head = g_string_new (NULL);
  exchange->reads_on = TRUE;
  g_ptr_array_add (self->exchanges, exchange);
  self->n_connections++;
  exchange_read (exchange);
  return TRUE;
}

static gboolean
drip_cb (gpointer user_data)
{
  scripted_upstream_drip (user_data);
  return G_SOURCE_CONTINUE;
}

static ScriptedUpstream *
server_new (const char *scheme)
{
  ScriptedUpstream *self = g_new0 (ScriptedUpstream, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) got = NULL;
  g_autoptr (GError) error = NULL;

  self->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), wanted, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &got, &error);
  g_assert_no_error (error);
  self->url = g_strdup_printf ("%s://127.0.0.1:%u", scheme,
                               g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got)));
  self->cancellable = g_cancellable_new ();
  self->routes = g_ptr_array_new_with_free_func (route_free);
  self->visits = scripted_visits_new ();
  self->exchanges = g_ptr_array_new ();
  g_signal_connect_swapped (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  self->drip_id = g_timeout_add (DRIP_MS, drip_cb, self);

  return self;
}

ScriptedUpstream *
scripted_upstream_new (void)
{
  return server_new ("http");
}

ScriptedUpstream *
scripted_upstream_new_self_signed (void)
{
  ScriptedUpstream *self = server_new ("https");
  g_autofree char *path =
    g_test_build_filename (G_TEST_DIST, "support", "self-signed-for-tests.pem", NULL);
  g_autoptr (GError) error = NULL;

  self->certificate = g_tls_certificate_new_from_file (path, &error);
  g_assert_no_error (error);
  return self;
}

void
scripted_upstream_free (ScriptedUpstream *self)
{
  g_source_remove (self->drip_id);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_cancellable_cancel (self->cancellable);
  while (self->exchanges->len > 0)
    g_main_context_iteration (NULL, TRUE);

  g_object_unref (self->service);
  g_clear_object (&self->certificate);
  g_object_unref (self->cancellable);
  g_free (self->url);
  g_ptr_array_unref (self->routes);
  scripted_visits_free (self->visits);
  g_ptr_array_unref (self->exchanges);
  g_free (self);
}

const char *
scripted_upstream_get_url (ScriptedUpstream *self)
{
  return self->url;
}

static Route *
replace_route (ScriptedUpstream *self, const char *prefix)
{
  Route *route = g_new0 (Route, 1);

  for (guint i = 0; i < self->routes->len; i++)
    if (g_str_equal (((Route *) g_ptr_array_index (self->routes, i))->prefix, prefix))
      {
        g_ptr_array_remove_index (self->routes, i);
        break;
      }
  route->prefix = g_strdup (prefix);
  g_ptr_array_add (self->routes, route);
  return route;
}

void
scripted_upstream_answer (ScriptedUpstream *self,
                          const char *prefix,
                          guint status,
                          const char *headers,
                          const char *body,
                          gssize length)
{
  Route *route = replace_route (self, prefix);

  route->status = status;
  route->headers = g_strdup (headers);
  route->body = g_bytes_new (body, length < 0 ? strlen (body) : (gsize) length);
}

void
scripted_upstream_answer_with (ScriptedUpstream *self,
                               const char *prefix,
                               ScriptedFunc func,
                               gpointer user_data)
{
  Route *route = replace_route (self, prefix);

  route->status = 200;
  route->func = func;
  route->user_data = user_data;
}

void
scripted_upstream_misbehave (ScriptedUpstream *self, const char *prefix, ScriptedFault fault)
{
  Route *route = replace_route (self, prefix);

  route->is_fault = TRUE;
  route->fault = fault;
  /* Now, so that nobody measures how long it takes. */
  if (fault == SCRIPTED_BOMB || fault == SCRIPTED_DOUBLE_BOMB)
    route->body = scripted_bomb_new (fault == SCRIPTED_DOUBLE_BOMB);
}

void
scripted_upstream_forget (ScriptedUpstream *self)
{
  g_ptr_array_set_size (self->routes, 0);
}

void
scripted_upstream_drip (ScriptedUpstream *self)
{
  for (guint i = 0; i < self->exchanges->len; i++)
    {
      const Exchange *exchange = g_ptr_array_index (self->exchanges, i);

      if (exchange->is_dripping && exchange->answer == NULL)
        g_socket_send (exchange->socket, " ", 1, NULL, NULL);
    }
}

ScriptedVisits *
scripted_upstream_get_visits (ScriptedUpstream *self)
{
  return self->visits;
}

guint
scripted_upstream_count (ScriptedUpstream *self, const char *prefix)
{
  return scripted_visits_count (self->visits, prefix);
}

guint
scripted_upstream_get_n_connections (ScriptedUpstream *self)
{
  return self->n_connections;
}

guint
scripted_upstream_get_n_open (ScriptedUpstream *self)
{
  return self->exchanges->len;
}
