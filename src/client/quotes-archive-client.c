/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-archive-client.h"

G_DEFINE_INTERFACE (QuotesArchiveClient, quotes_archive_client, QUOTES_TYPE_CLIENT)

static void
quotes_archive_client_default_init (G_GNUC_UNUSED QuotesArchiveClientInterface *iface)
{
}

void
quotes_archive_client_history_async (QuotesArchiveClient *self,
                                     const char *symbol,
                                     QuotesRange range,
                                     guint n_points,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_ARCHIVE_CLIENT (self));
  g_return_if_fail (symbol != NULL);

  QUOTES_ARCHIVE_CLIENT_GET_IFACE (self)->history_async (self, symbol, range, n_points, cancellable,
                                                         callback, user_data);
}

QuotesHistory *
quotes_archive_client_history_finish (QuotesArchiveClient *self,
                                      GAsyncResult *result,
                                      GError **error)
{
  g_return_val_if_fail (QUOTES_IS_ARCHIVE_CLIENT (self), NULL);

  return QUOTES_ARCHIVE_CLIENT_GET_IFACE (self)->history_finish (self, result, error);
}

void
quotes_archive_client_records_async (QuotesArchiveClient *self,
                                     QuotesInterval interval,
                                     gint64 since_us,
                                     gint64 after,
                                     guint n_records,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_ARCHIVE_CLIENT (self));
  g_return_if_fail (n_records > 0 && n_records <= QUOTES_RECORD_PAGE_MAX);

  QUOTES_ARCHIVE_CLIENT_GET_IFACE (self)->records_async (self, interval, since_us, after, n_records,
                                                         cancellable, callback, user_data);
}

QuotesRecordPage *
quotes_archive_client_records_finish (QuotesArchiveClient *self,
                                      GAsyncResult *result,
                                      GError **error)
{
  g_return_val_if_fail (QUOTES_IS_ARCHIVE_CLIENT (self), NULL);

  return QUOTES_ARCHIVE_CLIENT_GET_IFACE (self)->records_finish (self, result, error);
}
