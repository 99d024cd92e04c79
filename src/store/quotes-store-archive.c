/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-store-inside.h"

/* Answers what cannot be asked. */
static void
refuse (QuotesArchive *archive, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (archive, callback, user_data, refuse, G_IO_ERROR,
                           G_IO_ERROR_NOT_SUPPORTED, "Could not read what is kept");
}

static void
read_history_async (QuotesArchive *archive,
                    G_GNUC_UNUSED const char *symbol,
                    G_GNUC_UNUSED QuotesRange range,
                    G_GNUC_UNUSED guint n_points,
                    G_GNUC_UNUSED GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  refuse (archive, callback, user_data);
}

static QuotesHistory *
read_history_finish (G_GNUC_UNUSED QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
read_closes_async (QuotesArchive *archive,
                   G_GNUC_UNUSED guint n_points,
                   G_GNUC_UNUSED GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  refuse (archive, callback, user_data);
}

static GHashTable *
read_closes_finish (G_GNUC_UNUSED QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
read_page_async (QuotesArchive *archive,
                 G_GNUC_UNUSED QuotesInterval interval,
                 G_GNUC_UNUSED gint64 since_us,
                 G_GNUC_UNUSED gint64 after,
                 G_GNUC_UNUSED guint n_records,
                 G_GNUC_UNUSED GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  refuse (archive, callback, user_data);
}

static QuotesRecordPage *
read_page_finish (G_GNUC_UNUSED QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
read_newest_async (QuotesArchive *archive,
                   G_GNUC_UNUSED const char *symbol,
                   G_GNUC_UNUSED GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  refuse (archive, callback, user_data);
}

static gint64
read_newest_finish (G_GNUC_UNUSED QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static void
fill_async (QuotesArchive *archive,
            G_GNUC_UNUSED QuotesHistory *history,
            G_GNUC_UNUSED GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  refuse (archive, callback, user_data);
}

static gboolean
fill_finish (G_GNUC_UNUSED QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Until the queries come in here, all of it is answered by an error that says so. */
void
quotes_store_archive_init (QuotesArchiveInterface *iface)
{
  iface->read_history_async = read_history_async;
  iface->read_history_finish = read_history_finish;
  iface->read_closes_async = read_closes_async;
  iface->read_closes_finish = read_closes_finish;
  iface->read_page_async = read_page_async;
  iface->read_page_finish = read_page_finish;
  iface->read_newest_async = read_newest_async;
  iface->read_newest_finish = read_newest_finish;
  iface->fill_async = fill_async;
  iface->fill_finish = fill_finish;
}
