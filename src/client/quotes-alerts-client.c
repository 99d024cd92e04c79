/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-alerts-client.h"

G_DEFINE_INTERFACE (QuotesAlertsClient, quotes_alerts_client, QUOTES_TYPE_CLIENT)

static void
quotes_alerts_client_default_init (G_GNUC_UNUSED QuotesAlertsClientInterface *iface)
{
}

void
quotes_alerts_client_list_async (QuotesAlertsClient *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_ALERTS_CLIENT (self));

  QUOTES_ALERTS_CLIENT_GET_IFACE (self)->list_async (self, cancellable, callback, user_data);
}

GPtrArray *
quotes_alerts_client_list_finish (QuotesAlertsClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_ALERTS_CLIENT (self), NULL);

  return QUOTES_ALERTS_CLIENT_GET_IFACE (self)->list_finish (self, result, error);
}

void
quotes_alerts_client_add_async (QuotesAlertsClient *self,
                                const QuotesAlert *fields,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_ALERTS_CLIENT (self));
  g_return_if_fail (fields != NULL);

  QUOTES_ALERTS_CLIENT_GET_IFACE (self)->add_async (self, fields, cancellable, callback, user_data);
}

char *
quotes_alerts_client_add_finish (QuotesAlertsClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_ALERTS_CLIENT (self), NULL);

  return QUOTES_ALERTS_CLIENT_GET_IFACE (self)->add_finish (self, result, error);
}

void
quotes_alerts_client_remove_async (QuotesAlertsClient *self,
                                   const char *id,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_ALERTS_CLIENT (self));
  g_return_if_fail (id != NULL);

  QUOTES_ALERTS_CLIENT_GET_IFACE (self)->remove_async (self, id, cancellable, callback, user_data);
}

void
quotes_alerts_client_set_enabled_async (QuotesAlertsClient *self,
                                        const char *id,
                                        gboolean is_enabled,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_ALERTS_CLIENT (self));
  g_return_if_fail (id != NULL);

  QUOTES_ALERTS_CLIENT_GET_IFACE (self)->set_enabled_async (self, id, is_enabled, cancellable,
                                                            callback, user_data);
}

void
quotes_alerts_client_snooze_async (QuotesAlertsClient *self,
                                   const char *id,
                                   gint64 duration_us,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_ALERTS_CLIENT (self));
  g_return_if_fail (id != NULL);
  g_return_if_fail (duration_us >= 0 && duration_us / G_USEC_PER_SEC <= G_MAXINT32);

  QUOTES_ALERTS_CLIENT_GET_IFACE (self)->snooze_async (self, id, duration_us, cancellable, callback,
                                                       user_data);
}

gboolean
quotes_alerts_client_change_finish (QuotesAlertsClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_ALERTS_CLIENT (self), FALSE);

  return QUOTES_ALERTS_CLIENT_GET_IFACE (self)->change_finish (self, result, error);
}
