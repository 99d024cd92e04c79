/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-http-client.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n.h>

#include "quotes-http-alerts.h"
#include "quotes-http-archive.h"
#include "quotes-http-exchange.h"
#include "quotes-http-request.h"
#include "quotes-http-watch.h"
#include "quotes-json.h"
#include "quotes-quote-reader.h"

#define QUOTES_PATH "/api/v1/widgets/quotes"
#define STATUS_PATH "/api/v1/status"

/* A full list of 2,000 is under 2 MiB; 5,000 bars or records are about 1 MiB. */
#define MAX_ANSWER (8 * 1024 * 1024)
/* Without a byte. Three keepalives of a stream, and more than any answer takes. */
#define TIMEOUT_SECONDS 45

/**
 * QuotesHttpClient:
 *
 * The service over REST and its event stream, at a URL or a Unix socket.
 */
struct _QuotesHttpClient
{
  GObject parent_instance;

  char *address;          /* (owned): as it was given, for people */
  GUri *base;             /* (owned) */
  SoupSession *session;   /* (owned) */
  QuotesHttpWatch *watch; /* (owned) (nullable) */
};

static void quotes_http_client_iface_init (QuotesClientInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (
  QuotesHttpClient,
  quotes_http_client,
  G_TYPE_OBJECT,
  G_IMPLEMENT_INTERFACE (QUOTES_TYPE_CLIENT, quotes_http_client_iface_init)
    G_IMPLEMENT_INTERFACE (QUOTES_TYPE_ARCHIVE_CLIENT, quotes_http_archive_iface_init)
      G_IMPLEMENT_INTERFACE (QUOTES_TYPE_ALERTS_CLIENT, quotes_http_alerts_iface_init))

GUri *
quotes_http_client_make_uri (QuotesHttpClient *self,
                             const char *path,
                             const char *segment,
                             const char *rest,
                             const char *query)
{
  g_autofree char *escaped =
    segment != NULL ? g_uri_escape_string (segment, NULL, FALSE) : g_strdup ("");
  g_autofree char *whole = g_strconcat (path, segment != NULL ? "/" : "", escaped, rest, NULL);

  return g_uri_build (G_URI_FLAGS_ENCODED, g_uri_get_scheme (self->base), NULL,
                      g_uri_get_host (self->base), g_uri_get_port (self->base), whole, query, NULL);
}

static GUri *
make_uri (QuotesHttpClient *self, const char *path, const char *segment)
{
  return quotes_http_client_make_uri (self, path, segment, NULL, NULL);
}

static void
answer_came_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  GBytes *body = quotes_http_exchange_finish (SOUP_SESSION (source), result, &error);

  if (body != NULL)
    g_task_return_pointer (task, body, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

SoupMessage *
quotes_http_client_send (QuotesHttpClient *self,
                         const char *method,
                         GUri *uri,
                         char *json,
                         GTask *task)
{
  SoupMessage *message = soup_message_new_from_uri (method, uri);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (json != NULL)
    {
      g_autoptr (GBytes) body = g_bytes_new_take (json, strlen (json));

      soup_message_set_request_body_from_bytes (message, "application/json", body);
    }
  quotes_http_exchange_async (self->session, message, MAX_ANSWER, g_task_get_cancellable (task),
                              answer_came_cb, task);
  return message;
}

static void
send_request (QuotesHttpClient *self, const char *method, GUri *uri, char *json, GTask *task)
{
  g_object_unref (quotes_http_client_send (self, method, uri, json, task));
}

JsonNode *
quotes_http_client_finish_object (QuotesHttpClient *self,
                                  GAsyncResult *result,
                                  JsonObject **object,
                                  GError **error)
{
  g_autoptr (GBytes) body = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  body = g_task_propagate_pointer (G_TASK (result), error);
  if (body == NULL)
    return NULL;

  node = quotes_json_parse (body, MAX_ANSWER, NULL);
  *object = node != NULL ? quotes_json_get_object (node) : NULL;
  if (*object == NULL)
    {
      g_set_error_literal (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER,
                           _ ("The service gave an answer that cannot be understood"));
      return NULL;
    }
  return g_steal_pointer (&node);
}

static void
quotes_http_client_list_async (QuotesClient *client,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  QuotesHttpClient *self = QUOTES_HTTP_CLIENT (client);
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);
  g_autoptr (GUri) uri = make_uri (self, QUOTES_PATH, NULL);

  g_task_set_source_tag (task, quotes_http_client_list_async);
  send_request (self, SOUP_METHOD_GET, uri, NULL, g_steal_pointer (&task));
}

static QuotesSnapshot *
quotes_http_client_list_finish (QuotesClient *client, GAsyncResult *result, GError **error)
{
  JsonObject *object = NULL;
  g_autoptr (JsonNode) node =
    quotes_http_client_finish_object (QUOTES_HTTP_CLIENT (client), result, &object, error);
  JsonArray *quotes = NULL;
  gint64 version = 0;

  if (node == NULL)
    return NULL;

  quotes = quotes_json_object_get_array (object, "quotes");
  if (quotes == NULL || !quotes_json_object_get_int (object, "version", &version) || version < 0)
    {
      g_set_error_literal (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER,
                           _ ("The service gave an answer that cannot be understood"));
      return NULL;
    }
  return quotes_snapshot_new ((guint64) version, g_get_real_time (),
                              quotes_quotes_read_json (quotes));
}

static void
quotes_http_client_add_async (QuotesClient *client,
                              const char *instrument,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  QuotesHttpClient *self = QUOTES_HTTP_CLIENT (client);
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);
  g_autoptr (GUri) uri = make_uri (self, QUOTES_PATH, NULL);
  GString *json = g_string_new ("{\"instrument\":");

  g_task_set_source_tag (task, quotes_http_client_add_async);
  quotes_json_append_string (json, instrument);
  g_string_append_c (json, '}');
  g_task_set_task_data (task, g_strdup (instrument), g_free);
  send_request (self, SOUP_METHOD_POST, uri, g_string_free (json, FALSE), g_steal_pointer (&task));
}

static char *
quotes_http_client_add_finish (QuotesClient *client, GAsyncResult *result, GError **error)
{
  JsonObject *object = NULL;
  g_autoptr (JsonNode) node =
    quotes_http_client_finish_object (QUOTES_HTTP_CLIENT (client), result, &object, error);
  const char *symbol = NULL;

  if (node == NULL)
    return NULL;

  symbol = quotes_json_object_get_string (object, "symbol");
  return g_strdup (symbol != NULL ? symbol : g_task_get_task_data (G_TASK (result)));
}

static void
quotes_http_client_remove_async (QuotesClient *client,
                                 const char *symbol,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  QuotesHttpClient *self = QUOTES_HTTP_CLIENT (client);
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);
  g_autoptr (GUri) uri = make_uri (self, QUOTES_PATH, symbol);

  g_task_set_source_tag (task, quotes_http_client_remove_async);
  send_request (self, SOUP_METHOD_DELETE, uri, NULL, g_steal_pointer (&task));
}

static gboolean
quotes_http_client_empty_finish (QuotesClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GBytes) body = NULL;

  g_return_val_if_fail (g_task_is_valid (result, client), FALSE);

  body = g_task_propagate_pointer (G_TASK (result), error);
  return body != NULL;
}

static void
quotes_http_client_refresh_async (QuotesClient *client,
                                  const char *const *symbols,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  QuotesHttpClient *self = QUOTES_HTTP_CLIENT (client);
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);
  g_autoptr (GUri) uri = make_uri (self, QUOTES_PATH, "refresh");
  GString *json = g_string_new ("{\"symbols\":[");

  g_task_set_source_tag (task, quotes_http_client_refresh_async);
  for (guint i = 0; symbols != NULL && symbols[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      quotes_json_append_string (json, symbols[i]);
    }
  g_string_append (json, "]}");
  send_request (self, SOUP_METHOD_POST, uri, g_string_free (json, FALSE), g_steal_pointer (&task));
}

static void
quotes_http_client_status_async (QuotesClient *client,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  QuotesHttpClient *self = QUOTES_HTTP_CLIENT (client);
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);
  g_autoptr (GUri) uri = make_uri (self, STATUS_PATH, NULL);

  g_task_set_source_tag (task, quotes_http_client_status_async);
  send_request (self, SOUP_METHOD_GET, uri, NULL, g_steal_pointer (&task));
}

/* `providers` is an object by id, or an array of objects that have an `id`. */
static void
read_providers (QuotesClientStatus *status, JsonObject *object)
{
  JsonObject *by_id = quotes_json_object_get_object (object, "providers");
  JsonArray *array = quotes_json_object_get_array (object, "providers");
  JsonObjectIter iter;
  const char *id = NULL;
  JsonNode *node = NULL;

  if (by_id != NULL)
    {
      json_object_iter_init (&iter, by_id);
      while (json_object_iter_next (&iter, &id, &node))
        {
          const QuotesMembers members = {.object = quotes_json_get_object (node)};

          if (members.object != NULL)
            quotes_provider_read (status, id, &members);
        }
    }
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const QuotesMembers members = {
        .object = quotes_json_get_object (json_array_get_element (array, i)),
      };

      id = members.object != NULL ? quotes_json_object_get_string (members.object, "id") : NULL;
      if (id != NULL)
        quotes_provider_read (status, id, &members);
    }
}

static void
read_pendings (QuotesClientStatus *status, JsonObject *object)
{
  JsonArray *array = quotes_json_object_get_array (object, "pending");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const QuotesMembers members = {
        .object = quotes_json_get_object (json_array_get_element (array, i)),
      };

      if (members.object != NULL)
        quotes_pending_read (status, &members);
    }
}

static QuotesClientStatus *
quotes_http_client_status_finish (QuotesClient *client, GAsyncResult *result, GError **error)
{
  QuotesHttpClient *self = QUOTES_HTTP_CLIENT (client);
  JsonObject *object = NULL;
  g_autoptr (JsonNode) node =
    quotes_http_client_finish_object (QUOTES_HTTP_CLIENT (client), result, &object, error);
  g_autoptr (QuotesClientStatus) status = NULL;
  QuotesMembers members = {.object = object};

  if (node == NULL)
    return NULL;

  status = quotes_client_status_new (self->address);
  status->state = quotes_members_dup_text (&members, "state");
  if (status->state == NULL)
    status->state = g_strdup ("");
  status->address = quotes_members_dup_text (&members, "address");
  status->program_version = quotes_members_dup_text (&members, "program_version");
  status->storage = quotes_members_dup_text (&members, "storage");
  status->last_update_us = quotes_members_get_time_us (&members, "last_update");
  status->next_update_us = quotes_members_get_time_us (&members, "next_update");
  read_providers (status, object);
  read_pendings (status, object);

  return g_steal_pointer (&status);
}

static void
quotes_http_client_start_watching (QuotesClient *client)
{
  QuotesHttpClient *self = QUOTES_HTTP_CLIENT (client);
  g_autoptr (GUri) uri = make_uri (self, QUOTES_PATH, "stream");

  if (self->watch == NULL)
    self->watch = quotes_http_watch_new (client, self->session, uri);
}

static void
quotes_http_client_stop_watching (QuotesClient *client)
{
  QuotesHttpClient *self = QUOTES_HTTP_CLIENT (client);

  /* What it is doing now still holds references. */
  if (self->watch != NULL)
    g_object_run_dispose (G_OBJECT (self->watch));
  g_clear_object (&self->watch);
}

static void
quotes_http_client_dispose (GObject *object)
{
  QuotesHttpClient *self = QUOTES_HTTP_CLIENT (object);

  quotes_http_client_stop_watching (QUOTES_CLIENT (object));
  g_clear_object (&self->session);

  G_OBJECT_CLASS (quotes_http_client_parent_class)->dispose (object);
}

static void
quotes_http_client_finalize (GObject *object)
{
  QuotesHttpClient *self = QUOTES_HTTP_CLIENT (object);

  g_clear_pointer (&self->base, g_uri_unref);
  g_free (self->address);

  G_OBJECT_CLASS (quotes_http_client_parent_class)->finalize (object);
}

static void
quotes_http_client_class_init (QuotesHttpClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_http_client_dispose;
  object_class->finalize = quotes_http_client_finalize;
}

static void
quotes_http_client_init (G_GNUC_UNUSED QuotesHttpClient *self)
{
}

static void
quotes_http_client_iface_init (QuotesClientInterface *iface)
{
  iface->list_async = quotes_http_client_list_async;
  iface->list_finish = quotes_http_client_list_finish;
  iface->add_async = quotes_http_client_add_async;
  iface->add_finish = quotes_http_client_add_finish;
  iface->remove_async = quotes_http_client_remove_async;
  iface->remove_finish = quotes_http_client_empty_finish;
  iface->refresh_async = quotes_http_client_refresh_async;
  iface->refresh_finish = quotes_http_client_empty_finish;
  iface->status_async = quotes_http_client_status_async;
  iface->status_finish = quotes_http_client_status_finish;
  iface->start_watching = quotes_http_client_start_watching;
  iface->stop_watching = quotes_http_client_stop_watching;
}

/* Returns: (transfer full) (nullable): the base of all requests, and the socket that they go to */
static GUri *
read_address (const char *address, GSocketAddress **unix_socket, GError **error)
{
  g_autoptr (GUri) uri = NULL;

  if (g_str_has_prefix (address, "unix:") && address[strlen ("unix:")] != '\0')
    {
      *unix_socket = g_unix_socket_address_new (address + strlen ("unix:"));
      return g_uri_parse ("http://localhost/", SOUP_HTTP_URI_FLAGS, NULL);
    }

  uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  if (uri != NULL && (g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != 0))
    return g_steal_pointer (&uri);

  g_set_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ADDRESS,
               _ ("“%s” is not an address; write unix:PATH or http://HOST:PORT"), address);
  return NULL;
}

QuotesClient *
quotes_http_client_new (const char *address, GError **error)
{
  g_autoptr (GSocketAddress) unix_socket = NULL;
  g_autoptr (GUri) base = read_address (address, &unix_socket, error);
  QuotesHttpClient *self = NULL;

  if (base == NULL)
    return NULL;

  self = g_object_new (QUOTES_TYPE_HTTP_CLIENT, NULL);
  self->address = g_strdup (address);
  self->base = g_steal_pointer (&base);
  /* No proxy: this is our own service, mostly on this machine. */
  self->session = soup_session_new_with_options ("proxy-resolver", NULL, "remote-connectable",
                                                 unix_socket, "timeout", TIMEOUT_SECONDS,
                                                 "user-agent", "marketwell/" VERSION, NULL);

  return QUOTES_CLIENT (self);
}

/**
 * quotes_http_client_dup_default_address:
 *
 * Returns: (transfer full): where the service listens that nobody gave a `--state-dir`
 */
char *
quotes_http_client_dup_default_address (void)
{
  const char *runtime_dir = g_getenv ("XDG_RUNTIME_DIR");
  const char *dir =
    runtime_dir != NULL && *runtime_dir != '\0' ? runtime_dir : g_get_user_state_dir ();

  return g_strconcat ("unix:", dir, "/marketwell/http.sock", NULL);
}
