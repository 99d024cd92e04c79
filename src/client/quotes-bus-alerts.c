/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-bus-alerts.h"

#include "quotes-alert-wire.h"
#include "quotes-bus-client.h"

#define INTERFACE APP_ID ".Alerts1"

static void
call (QuotesAlertsClient *client,
      const char *method,
      GVariant *arguments,
      const char *type,
      GTask *task)
{
  quotes_bus_client_call (QUOTES_BUS_CLIENT (client), INTERFACE, method, arguments, type, task);
}

static void
list_async (QuotesAlertsClient *client,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);

  g_task_set_source_tag (task, list_async);
  call (client, "List", NULL, "(aa{sv})", g_steal_pointer (&task));
}

static GPtrArray *
list_finish (QuotesAlertsClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply =
    quotes_bus_client_call_finish (QUOTES_BUS_CLIENT (client), result, error);
  g_autoptr (GVariant) dictionaries = NULL;

  if (reply == NULL)
    return NULL;

  dictionaries = g_variant_get_child_value (reply, 0);
  return quotes_alerts_read_variant (dictionaries, error);
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
  call (client, "Add", g_variant_new ("(@a{sv})", quotes_alert_write_variant (fields)), "(s)",
        g_steal_pointer (&task));
}

static char *
add_finish (QuotesAlertsClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply =
    quotes_bus_client_call_finish (QUOTES_BUS_CLIENT (client), result, error);
  char *id = NULL;

  if (reply != NULL)
    g_variant_get (reply, "(s)", &id);
  return id;
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
  call (client, "Remove", g_variant_new ("(s)", id), "()", g_steal_pointer (&task));
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
  call (client, "SetEnabled", g_variant_new ("(sb)", id, is_enabled), "()",
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
  call (client, "Snooze", g_variant_new ("(su)", id, (guint32) (duration_us / G_USEC_PER_SEC)),
        "()", g_steal_pointer (&task));
}

static gboolean
change_finish (QuotesAlertsClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply =
    quotes_bus_client_call_finish (QUOTES_BUS_CLIENT (client), result, error);

  return reply != NULL;
}

void
quotes_bus_alerts_iface_init (QuotesAlertsClientInterface *iface)
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
