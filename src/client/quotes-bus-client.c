/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-bus-client.h"

#include "quotes-bus-alerts.h"
#include "quotes-bus-archive.h"
#include "quotes-bus-error.h"
#include "quotes-bus-watch.h"
#include "quotes-quote-reader.h"

#define INTERFACE APP_ID ".Quotes1"

/**
 * QuotesBusClient:
 *
 * The service over the session bus, which starts it when it is not running.
 */
struct _QuotesBusClient
{
  GObject parent_instance;

  GDBusConnection *connection; /* (owned) */
  QuotesBusWatch *watch;       /* (owned) (nullable) */
};

static void quotes_bus_client_iface_init (QuotesClientInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (
  QuotesBusClient,
  quotes_bus_client,
  G_TYPE_OBJECT,
  G_IMPLEMENT_INTERFACE (QUOTES_TYPE_CLIENT, quotes_bus_client_iface_init)
    G_IMPLEMENT_INTERFACE (QUOTES_TYPE_ARCHIVE_CLIENT, quotes_bus_archive_iface_init)
      G_IMPLEMENT_INTERFACE (QUOTES_TYPE_ALERTS_CLIENT, quotes_bus_alerts_iface_init))

static void
quotes_bus_client_stop_watching (QuotesClient *client)
{
  QuotesBusClient *self = QUOTES_BUS_CLIENT (client);

  /* Calls of it may still be under way and hold references. */
  if (self->watch != NULL)
    g_object_run_dispose (G_OBJECT (self->watch));
  g_clear_object (&self->watch);
}

static void
quotes_bus_client_start_watching (QuotesClient *client)
{
  QuotesBusClient *self = QUOTES_BUS_CLIENT (client);

  if (self->watch == NULL)
    self->watch = quotes_bus_watch_new (client, self->connection);
}

static void
call_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  GVariant *reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply != NULL)
    g_task_return_pointer (task, reply, (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, quotes_bus_error_translate (error));
}

void
quotes_bus_client_call (QuotesBusClient *self,
                        const char *interface,
                        const char *method,
                        GVariant *arguments,
                        const char *type,
                        GTask *task)
{
  g_dbus_connection_call (self->connection, APP_ID, APP_PATH, interface, method, arguments,
                          G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NONE, -1,
                          g_task_get_cancellable (task), call_answered_cb, task);
}

GVariant *
quotes_bus_client_call_finish (QuotesBusClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
quotes_bus_client_list_async (QuotesClient *client,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);

  g_task_set_source_tag (task, quotes_bus_client_list_async);
  quotes_bus_client_call (QUOTES_BUS_CLIENT (client), INTERFACE, "GetSnapshot", NULL, "(taa{sv})",
                          g_steal_pointer (&task));
}

static QuotesSnapshot *
quotes_bus_client_list_finish (QuotesClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply =
    quotes_bus_client_call_finish (QUOTES_BUS_CLIENT (client), result, error);
  g_autoptr (GVariant) quotes = NULL;
  guint64 version = 0;

  if (reply == NULL)
    return NULL;

  g_variant_get (reply, "(t@aa{sv})", &version, &quotes);
  return quotes_snapshot_new (version, g_get_real_time (), quotes_quotes_read_variant (quotes));
}

static void
quotes_bus_client_add_async (QuotesClient *client,
                             const char *instrument,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);

  g_task_set_source_tag (task, quotes_bus_client_add_async);
  quotes_bus_client_call (QUOTES_BUS_CLIENT (client), INTERFACE, "Add",
                          g_variant_new ("(s)", instrument), "(s)", g_steal_pointer (&task));
}

static char *
quotes_bus_client_add_finish (QuotesClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply =
    quotes_bus_client_call_finish (QUOTES_BUS_CLIENT (client), result, error);
  char *symbol = NULL;

  if (reply != NULL)
    g_variant_get (reply, "(s)", &symbol);
  return symbol;
}

static void
quotes_bus_client_remove_async (QuotesClient *client,
                                const char *symbol,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);

  g_task_set_source_tag (task, quotes_bus_client_remove_async);
  quotes_bus_client_call (QUOTES_BUS_CLIENT (client), INTERFACE, "Remove",
                          g_variant_new ("(s)", symbol), "()", g_steal_pointer (&task));
}

static gboolean
quotes_bus_client_empty_finish (QuotesClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply =
    quotes_bus_client_call_finish (QUOTES_BUS_CLIENT (client), result, error);

  return reply != NULL;
}

static void
quotes_bus_client_refresh_async (QuotesClient *client,
                                 const char *const *symbols,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);
  const char *const everything[] = {NULL};

  g_task_set_source_tag (task, quotes_bus_client_refresh_async);
  quotes_bus_client_call (QUOTES_BUS_CLIENT (client), INTERFACE, "Refresh",
                          g_variant_new ("(^as)", symbols != NULL ? symbols : everything), "()",
                          g_steal_pointer (&task));
}

static void
quotes_bus_client_status_async (QuotesClient *client,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);

  g_task_set_source_tag (task, quotes_bus_client_status_async);
  quotes_bus_client_call (QUOTES_BUS_CLIENT (client), "org.freedesktop.DBus.Properties", "GetAll",
                          g_variant_new ("(s)", INTERFACE), "(a{sv})", g_steal_pointer (&task));
}

static void
read_provider (QuotesClientStatus *status, const char *id, GVariant *dictionary)
{
  const QuotesMembers members = {.dictionary = dictionary};
  g_autoptr (GVariant) pendings =
    g_variant_lookup_value (dictionary, "pending", G_VARIANT_TYPE ("aa{sv}"));

  quotes_provider_read (status, id, &members);
  for (gsize i = 0; pendings != NULL && i < g_variant_n_children (pendings); i++)
    {
      g_autoptr (GVariant) pending = g_variant_get_child_value (pendings, i);
      const QuotesMembers pending_members = {.dictionary = pending};

      quotes_pending_read (status, &pending_members);
    }
}

static QuotesClientStatus *
quotes_bus_client_status_finish (QuotesClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply =
    quotes_bus_client_call_finish (QUOTES_BUS_CLIENT (client), result, error);
  g_autoptr (GVariant) properties = NULL;
  g_autoptr (GVariant) providers = NULL;
  g_autoptr (QuotesClientStatus) status = NULL;
  QuotesMembers members = {0};

  if (reply == NULL)
    return NULL;

  properties = g_variant_get_child_value (reply, 0);
  members.dictionary = properties;
  status = quotes_client_status_new ("D-Bus");
  status->state = quotes_members_dup_text (&members, "State");
  if (status->state == NULL)
    status->state = g_strdup ("");
  status->address = quotes_members_dup_text (&members, "Address");
  if (g_strcmp0 (status->address, "") == 0)
    g_clear_pointer (&status->address, g_free);
  status->program_version = quotes_members_dup_text (&members, "Version");
  status->storage = quotes_members_dup_text (&members, "Storage");
  if (g_strcmp0 (status->storage, "") == 0)
    g_clear_pointer (&status->storage, g_free);
  status->last_update_us = quotes_members_get_time_us (&members, "LastUpdate");
  status->next_update_us = quotes_members_get_time_us (&members, "NextUpdate");

  providers = g_variant_lookup_value (properties, "Providers", G_VARIANT_TYPE ("a{sa{sv}}"));
  for (gsize i = 0; providers != NULL && i < g_variant_n_children (providers); i++)
    {
      g_autoptr (GVariant) dictionary = NULL;
      const char *id = NULL;
      g_autoptr (GVariant) entry = g_variant_get_child_value (providers, i);

      g_variant_get (entry, "{&s@a{sv}}", &id, &dictionary);
      read_provider (status, id, dictionary);
    }
  return g_steal_pointer (&status);
}

static void
quotes_bus_client_dispose (GObject *object)
{
  QuotesBusClient *self = QUOTES_BUS_CLIENT (object);

  quotes_bus_client_stop_watching (QUOTES_CLIENT (object));
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (quotes_bus_client_parent_class)->dispose (object);
}

static void
quotes_bus_client_class_init (QuotesBusClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_bus_client_dispose;
}

static void
quotes_bus_client_init (G_GNUC_UNUSED QuotesBusClient *self)
{
}

static void
quotes_bus_client_iface_init (QuotesClientInterface *iface)
{
  iface->list_async = quotes_bus_client_list_async;
  iface->list_finish = quotes_bus_client_list_finish;
  iface->add_async = quotes_bus_client_add_async;
  iface->add_finish = quotes_bus_client_add_finish;
  iface->remove_async = quotes_bus_client_remove_async;
  iface->remove_finish = quotes_bus_client_empty_finish;
  iface->refresh_async = quotes_bus_client_refresh_async;
  iface->refresh_finish = quotes_bus_client_empty_finish;
  iface->status_async = quotes_bus_client_status_async;
  iface->status_finish = quotes_bus_client_status_finish;
  iface->start_watching = quotes_bus_client_start_watching;
  iface->stop_watching = quotes_bus_client_stop_watching;
}

/**
 * quotes_bus_client_new:
 * @connection: the session bus
 *
 * Returns: (transfer full): a client
 */
QuotesClient *
quotes_bus_client_new (GDBusConnection *connection)
{
  QuotesBusClient *self = g_object_new (QUOTES_TYPE_BUS_CLIENT, NULL);

  self->connection = g_object_ref (connection);
  return QUOTES_CLIENT (self);
}
