/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-archive.h"

G_DEFINE_INTERFACE (QuotesArchive, quotes_archive, G_TYPE_OBJECT)

static void
quotes_archive_default_init (QuotesArchiveInterface *iface)
{
  g_signal_new ("changed", G_TYPE_FROM_INTERFACE (iface), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

guint64
quotes_archive_get_stored (QuotesArchive *self)
{
  g_return_val_if_fail (QUOTES_IS_ARCHIVE (self), 0);

  return QUOTES_ARCHIVE_GET_IFACE (self)->get_stored (self);
}

const char *
quotes_archive_get_state (QuotesArchive *self)
{
  g_return_val_if_fail (QUOTES_IS_ARCHIVE (self), NULL);

  return QUOTES_ARCHIVE_GET_IFACE (self)->get_state (self);
}

const char *
quotes_archive_get_message (QuotesArchive *self)
{
  g_return_val_if_fail (QUOTES_IS_ARCHIVE (self), NULL);

  return QUOTES_ARCHIVE_GET_IFACE (self)->get_message (self);
}

/* One that does not count them has seen none. */
guint64
quotes_archive_get_calls_today (QuotesArchive *self, const char *provider)
{
  g_return_val_if_fail (QUOTES_IS_ARCHIVE (self), 0);

  if (QUOTES_ARCHIVE_GET_IFACE (self)->get_calls_today == NULL)
    return 0;
  return QUOTES_ARCHIVE_GET_IFACE (self)->get_calls_today (self, provider);
}

void
quotes_archive_read_history_async (QuotesArchive *self,
                                   const char *symbol,
                                   QuotesRange range,
                                   guint n_points,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_ARCHIVE (self));

  QUOTES_ARCHIVE_GET_IFACE (self)->read_history_async (self, symbol, range, n_points, cancellable,
                                                       callback, user_data);
}

QuotesHistory *
quotes_archive_read_history_finish (QuotesArchive *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_ARCHIVE (self), NULL);

  return QUOTES_ARCHIVE_GET_IFACE (self)->read_history_finish (self, result, error);
}

void
quotes_archive_read_closes_async (QuotesArchive *self,
                                  guint n_points,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_ARCHIVE (self));

  QUOTES_ARCHIVE_GET_IFACE (self)->read_closes_async (self, n_points, cancellable, callback,
                                                      user_data);
}

GHashTable *
quotes_archive_read_closes_finish (QuotesArchive *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_ARCHIVE (self), NULL);

  return QUOTES_ARCHIVE_GET_IFACE (self)->read_closes_finish (self, result, error);
}

void
quotes_archive_read_page_async (QuotesArchive *self,
                                QuotesInterval interval,
                                gint64 since_us,
                                gint64 after,
                                guint n_records,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_ARCHIVE (self));

  QUOTES_ARCHIVE_GET_IFACE (self)->read_page_async (self, interval, since_us, after, n_records,
                                                    cancellable, callback, user_data);
}

QuotesRecordPage *
quotes_archive_read_page_finish (QuotesArchive *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_ARCHIVE (self), NULL);

  return QUOTES_ARCHIVE_GET_IFACE (self)->read_page_finish (self, result, error);
}

void
quotes_archive_read_newest_async (QuotesArchive *self,
                                  const char *symbol,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_ARCHIVE (self));

  QUOTES_ARCHIVE_GET_IFACE (self)->read_newest_async (self, symbol, cancellable, callback,
                                                      user_data);
}

gint64
quotes_archive_read_newest_finish (QuotesArchive *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_ARCHIVE (self), -1);

  return QUOTES_ARCHIVE_GET_IFACE (self)->read_newest_finish (self, result, error);
}

void
quotes_archive_fill_async (QuotesArchive *self,
                           QuotesHistory *history,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_ARCHIVE (self));

  QUOTES_ARCHIVE_GET_IFACE (self)->fill_async (self, history, cancellable, callback, user_data);
}

gboolean
quotes_archive_fill_finish (QuotesArchive *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_ARCHIVE (self), FALSE);

  return QUOTES_ARCHIVE_GET_IFACE (self)->fill_finish (self, result, error);
}
