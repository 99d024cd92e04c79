/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-client.h"

#include "quotes-bus-client.h"
#include "quotes-http-client.h"

G_DEFINE_QUARK (quotes_client_error, quotes_client_error)

G_DEFINE_INTERFACE (QuotesClient, quotes_client, G_TYPE_OBJECT)

static void
quotes_client_default_init (QuotesClientInterface *iface)
{
  GType type = G_TYPE_FROM_INTERFACE (iface);

  g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                QUOTES_TYPE_SNAPSHOT);
  g_signal_new ("state-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                G_TYPE_BOOLEAN, G_TYPE_STRING);
}

void
quotes_client_list_async (QuotesClient *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_CLIENT (self));

  QUOTES_CLIENT_GET_IFACE (self)->list_async (self, cancellable, callback, user_data);
}

QuotesSnapshot *
quotes_client_list_finish (QuotesClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_CLIENT (self), NULL);

  return QUOTES_CLIENT_GET_IFACE (self)->list_finish (self, result, error);
}

void
quotes_client_add_async (QuotesClient *self,
                         const char *instrument,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_CLIENT (self));
  g_return_if_fail (instrument != NULL);

  QUOTES_CLIENT_GET_IFACE (self)->add_async (self, instrument, cancellable, callback, user_data);
}

char *
quotes_client_add_finish (QuotesClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_CLIENT (self), NULL);

  return QUOTES_CLIENT_GET_IFACE (self)->add_finish (self, result, error);
}

void
quotes_client_remove_async (QuotesClient *self,
                            const char *symbol,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_CLIENT (self));
  g_return_if_fail (symbol != NULL);

  QUOTES_CLIENT_GET_IFACE (self)->remove_async (self, symbol, cancellable, callback, user_data);
}

gboolean
quotes_client_remove_finish (QuotesClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_CLIENT (self), FALSE);

  return QUOTES_CLIENT_GET_IFACE (self)->remove_finish (self, result, error);
}

void
quotes_client_refresh_async (QuotesClient *self,
                             const char *const *symbols,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_CLIENT (self));

  QUOTES_CLIENT_GET_IFACE (self)->refresh_async (self, symbols, cancellable, callback, user_data);
}

gboolean
quotes_client_refresh_finish (QuotesClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_CLIENT (self), FALSE);

  return QUOTES_CLIENT_GET_IFACE (self)->refresh_finish (self, result, error);
}

void
quotes_client_status_async (QuotesClient *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_CLIENT (self));

  QUOTES_CLIENT_GET_IFACE (self)->status_async (self, cancellable, callback, user_data);
}

QuotesClientStatus *
quotes_client_status_finish (QuotesClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_CLIENT (self), NULL);

  return QUOTES_CLIENT_GET_IFACE (self)->status_finish (self, result, error);
}

void
quotes_client_start_watching (QuotesClient *self)
{
  g_return_if_fail (QUOTES_IS_CLIENT (self));

  QUOTES_CLIENT_GET_IFACE (self)->start_watching (self);
}

void
quotes_client_stop_watching (QuotesClient *self)
{
  g_return_if_fail (QUOTES_IS_CLIENT (self));

  QUOTES_CLIENT_GET_IFACE (self)->stop_watching (self);
}

static void
return_http_client (GTask *task, const char *address)
{
  g_autoptr (GError) error = NULL;
  QuotesClient *client = quotes_http_client_new (address, &error);

  if (client != NULL)
    g_task_return_pointer (task, client, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
open_bus_reached_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_bus_get_finish (result, &error);
  g_autofree char *address = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (connection != NULL)
    {
      /* We say what happened and end by ourselves, instead of by SIGTERM. */
      g_dbus_connection_set_exit_on_close (connection, FALSE);
      g_task_return_pointer (task, quotes_bus_client_new (connection), g_object_unref);
      return;
    }

  g_debug ("Asking the Unix socket, as there is no session bus: %s", error->message);
  address = quotes_http_client_dup_default_address ();
  return_http_client (task, address);
}

void
quotes_client_open_async (const char *address,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, quotes_client_open_async);

  if (address != NULL)
    return_http_client (task, address);
  else
    g_bus_get (G_BUS_TYPE_SESSION, cancellable, open_bus_reached_cb, g_steal_pointer (&task));
}

QuotesClient *
quotes_client_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
