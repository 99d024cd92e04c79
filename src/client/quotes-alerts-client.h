/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "quotes-alert.h"
#include "quotes-client.h"

G_BEGIN_DECLS

/* How many alerts the service has at most. */
#define QUOTES_ALERTS_CLIENT_MAX 500

#define QUOTES_TYPE_ALERTS_CLIENT (quotes_alerts_client_get_type ())
G_DECLARE_INTERFACE (QuotesAlertsClient, quotes_alerts_client, QUOTES, ALERTS_CLIENT, QuotesClient)

/**
 * QuotesAlertsClient:
 *
 * The user's alerts, as another program sees them. Every client that quotes_client_open_finish()
 * gives is one. Answers are read strictly: one wrong member makes the whole answer
 * %QUOTES_CLIENT_ERROR_BAD_ANSWER.
 */
struct _QuotesAlertsClientInterface
{
  GTypeInterface g_iface;

  void (*list_async) (QuotesAlertsClient *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  GPtrArray *(*list_finish) (QuotesAlertsClient *self, GAsyncResult *result, GError **error);
  void (*add_async) (QuotesAlertsClient *self,
                     const QuotesAlert *fields,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data);
  char *(*add_finish) (QuotesAlertsClient *self, GAsyncResult *result, GError **error);
  void (*remove_async) (QuotesAlertsClient *self,
                        const char *id,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  void (*set_enabled_async) (QuotesAlertsClient *self,
                             const char *id,
                             gboolean is_enabled,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
  void (*snooze_async) (QuotesAlertsClient *self,
                        const char *id,
                        gint64 duration_us,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  gboolean (*change_finish) (QuotesAlertsClient *self, GAsyncResult *result, GError **error);
};

/* Returns: (transfer full) (element-type QuotesAlert): the oldest first */
void quotes_alerts_client_list_async (QuotesAlertsClient *self,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
GPtrArray *quotes_alerts_client_list_finish (QuotesAlertsClient *self,
                                             GAsyncResult *result,
                                             GError **error);

/* Of @fields, which is not kept, only what a user decides is sent; the result is the id. */
void quotes_alerts_client_add_async (QuotesAlertsClient *self,
                                     const QuotesAlert *fields,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
char *quotes_alerts_client_add_finish (QuotesAlertsClient *self,
                                       GAsyncResult *result,
                                       GError **error);

/* The changes of one alert; all have the same end. */
void quotes_alerts_client_remove_async (QuotesAlertsClient *self,
                                        const char *id,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
void quotes_alerts_client_set_enabled_async (QuotesAlertsClient *self,
                                             const char *id,
                                             gboolean is_enabled,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
/* For @duration_us, which is taken in whole seconds; 0 = it is woken. */
void quotes_alerts_client_snooze_async (QuotesAlertsClient *self,
                                        const char *id,
                                        gint64 duration_us,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean quotes_alerts_client_change_finish (QuotesAlertsClient *self,
                                             GAsyncResult *result,
                                             GError **error);

G_END_DECLS
