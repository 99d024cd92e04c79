/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-http-alerts.h"

#include <glib/gi18n.h>

#include "quotes-alert-wire.h"
#include "quotes-http-request.h"
#include "quotes-json.h"

#define ALERTS_PATH "/api/v1/alerts"

/* @id (nullable): of one alert; @json (nullable) and @task are taken. */
static void
send_request (QuotesAlertsClient *client,
              const char *method,
              const char *id,
              char *json,
              GTask *task)
{
  QuotesHttpClient *self = QUOTES_HTTP_CLIENT (client);
  g_autoptr (GUri) uri = quotes_http_client_make_uri (self, ALERTS_PATH, id, NULL, NULL);
  g_autoptr (SoupMessage) message = NULL;

  message = quotes_http_client_send (self, method, uri, json, task);
}

static gpointer
refuse (GError **error)
{
  g_set_error_literal (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER,
                       _ ("The service gave an answer that cannot be understood"));
  return NULL;
}

static void
list_async (QuotesAlertsClient *client,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);

  g_task_set_source_tag (task, list_async);
  send_request (client, SOUP_METHOD_GET, NULL, NULL, g_steal_pointer (&task));
}

static GPtrArray *
list_finish (QuotesAlertsClient *client, GAsyncResult *result, GError **error)
{
  JsonObject *object = NULL;
  g_autoptr (JsonNode) node =
    quotes_http_client_finish_object (QUOTES_HTTP_CLIENT (client), result, &object, error);
  JsonArray *alerts = NULL;

  if (node == NULL)
    return NULL;

  alerts = quotes_json_object_get_array (object, "alerts");
  return alerts != NULL ? quotes_alerts_read_json (alerts, error) : refuse (error);
}

static void
add_async (QuotesAlertsClient *client,
           const QuotesAlert *fields,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);

  g_task_set_source_tag (task, add_async);
  send_request (client, SOUP_METHOD_POST, NULL, quotes_alert_write_json (fields),
                g_steal_pointer (&task));
}

static char *
add_finish (QuotesAlertsClient *client, GAsyncResult *result, GError **error)
{
  JsonObject *object = NULL;
  g_autoptr (JsonNode) node =
    quotes_http_client_finish_object (QUOTES_HTTP_CLIENT (client), result, &object, error);
  const char *id = node != NULL ? quotes_json_object_get_string (object, "id") : NULL;

  if (node == NULL)
    return NULL;
  return id != NULL ? g_strdup (id) : refuse (error);
}

static void
remove_async (QuotesAlertsClient *client,
              const char *id,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);

  g_task_set_source_tag (task, remove_async);
  send_request (client, SOUP_METHOD_DELETE, id, NULL, g_steal_pointer (&task));
}

static void
set_enabled_async (QuotesAlertsClient *client,
                   const char *id,
                   gboolean is_enabled,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);

  g_task_set_source_tag (task, set_enabled_async);
  send_request (client, "PATCH", id,
                g_strdup_printf ("{\"enabled\":%s}", is_enabled ? "true" : "false"),
                g_steal_pointer (&task));
}

static void
snooze_async (QuotesAlertsClient *client,
              const char *id,
              gint64 duration_us,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);

  g_task_set_source_tag (task, snooze_async);
  send_request (
    client, "PATCH", id,
    g_strdup_printf ("{\"snooze_s\":%" G_GINT64_FORMAT "}", duration_us / G_USEC_PER_SEC),
    g_steal_pointer (&task));
}

static gboolean
change_finish (QuotesAlertsClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GBytes) body = NULL;

  g_return_val_if_fail (g_task_is_valid (result, client), FALSE);

  body = g_task_propagate_pointer (G_TASK (result), error);
  return body != NULL;
}

void
quotes_http_alerts_iface_init (QuotesAlertsClientInterface *iface)
{
  iface->list_async = list_async;
  iface->list_finish = list_finish;
  iface->add_async = add_async;
  iface->add_finish = add_finish;
  iface->remove_async = remove_async;
  iface->set_enabled_async = set_enabled_async;
  iface->snooze_async = snooze_async;
  iface->change_finish = change_finish;
}
