/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "quotes-client.h"
#include "quotes-history.h"
#include "quotes-record-page.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_ARCHIVE_CLIENT (quotes_archive_client_get_type ())
G_DECLARE_INTERFACE (QuotesArchiveClient,
                     quotes_archive_client,
                     QUOTES,
                     ARCHIVE_CLIENT,
                     QuotesClient)

/**
 * QuotesArchiveClient:
 *
 * What the service keeps of the past, as another program sees it. Every client that
 * quotes_client_open_finish() gives is one. Answers are read strictly: one wrong bar makes the
 * whole answer %QUOTES_CLIENT_ERROR_BAD_ANSWER, since a chart with a hole would look like a fact.
 */
struct _QuotesArchiveClientInterface
{
  GTypeInterface g_iface;

  void (*history_async) (QuotesArchiveClient *self,
                         const char *symbol,
                         QuotesRange range,
                         guint n_points,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
  QuotesHistory *(*history_finish) (QuotesArchiveClient *self,
                                    GAsyncResult *result,
                                    GError **error);
  void (*records_async) (QuotesArchiveClient *self,
                         QuotesInterval interval,
                         gint64 since_us,
                         gint64 after,
                         guint n_records,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
  QuotesRecordPage *(*records_finish) (QuotesArchiveClient *self,
                                       GAsyncResult *result,
                                       GError **error);
};

/* The bars of @range up to the newest, at most @n_points of them. */
void quotes_archive_client_history_async (QuotesArchiveClient *self,
                                          const char *symbol,
                                          QuotesRange range,
                                          guint n_points,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
QuotesHistory *quotes_archive_client_history_finish (QuotesArchiveClient *self,
                                                     GAsyncResult *result,
                                                     GError **error);

/* All that is kept of @interval, page by page: what begins at @since_us or later (0 = everything),
 * after the record @after (0 = from the beginning; then `next` of the page before). When the
 * service wants to be asked less often, this waits as long as it says and asks again. */
void quotes_archive_client_records_async (QuotesArchiveClient *self,
                                          QuotesInterval interval,
                                          gint64 since_us,
                                          gint64 after,
                                          guint n_records,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
QuotesRecordPage *quotes_archive_client_records_finish (QuotesArchiveClient *self,
                                                        GAsyncResult *result,
                                                        GError **error);

G_END_DECLS
