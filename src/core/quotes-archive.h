/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "quotes-history.h"
#include "quotes-record-page.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_ARCHIVE (quotes_archive_get_type ())
G_DECLARE_INTERFACE (QuotesArchive, quotes_archive, QUOTES, ARCHIVE, GObject)

/**
 * QuotesArchive:
 *
 * What is kept of the past, as those see it who only ask: the server, the bus, the backfill. The
 * store is one. All answers come on the main context; a symbol that nothing is known of has an
 * empty history and is no error.
 *
 * Signals: `::changed ()`: more is committed, or its state is another one.
 */
struct _QuotesArchiveInterface
{
  GTypeInterface g_iface;

  guint64 (*get_stored) (QuotesArchive *self);
  const char *(*get_state) (QuotesArchive *self);
  const char *(*get_message) (QuotesArchive *self);
  guint64 (*get_calls_today) (QuotesArchive *self, const char *provider);
  void (*read_history_async) (QuotesArchive *self,
                              const char *symbol,
                              QuotesRange range,
                              guint n_points,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
  QuotesHistory *(*read_history_finish) (QuotesArchive *self, GAsyncResult *result, GError **error);
  void (*read_closes_async) (QuotesArchive *self,
                             guint n_points,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
  GHashTable *(*read_closes_finish) (QuotesArchive *self, GAsyncResult *result, GError **error);
  void (*read_page_async) (QuotesArchive *self,
                           QuotesInterval interval,
                           gint64 since_us,
                           gint64 after,
                           guint n_records,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
  QuotesRecordPage *(*read_page_finish) (QuotesArchive *self, GAsyncResult *result, GError **error);
  void (*read_newest_async) (QuotesArchive *self,
                             const char *symbol,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
  gint64 (*read_newest_finish) (QuotesArchive *self, GAsyncResult *result, GError **error);
  void (*fill_async) (QuotesArchive *self,
                      QuotesHistory *history,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  gboolean (*fill_finish) (QuotesArchive *self, GAsyncResult *result, GError **error);
};

/* The highest version of this run whose rows are committed; 0 = none is yet. */
guint64 quotes_archive_get_stored (QuotesArchive *self);
/* `ok`; `full` (no space), `read-only` and `failed`: writing is tried again by itself; `newer`:
 * the file is of a newer program, nothing is kept. Stable words. */
const char *quotes_archive_get_state (QuotesArchive *self);
/* (nullable): what is wrong, in words; no newline */
const char *quotes_archive_get_message (QuotesArchive *self);
/* How many requests @provider was sent since midnight in UTC, by this run and those before it. */
guint64 quotes_archive_get_calls_today (QuotesArchive *self, const char *provider);

/* The bars of @range up to the newest, at most @n_points of them, chosen by LTTB on their closes.
 */
void quotes_archive_read_history_async (QuotesArchive *self,
                                        const char *symbol,
                                        QuotesRange range,
                                        guint n_points,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
QuotesHistory *quotes_archive_read_history_finish (QuotesArchive *self,
                                                   GAsyncResult *result,
                                                   GError **error);
/* Sparklines: (element-type utf8 GArray(double)): by symbol the closes of the last day, oldest
 * first, at most @n_points. (transfer full) */
void quotes_archive_read_closes_async (QuotesArchive *self,
                                       guint n_points,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
GHashTable *quotes_archive_read_closes_finish (QuotesArchive *self,
                                               GAsyncResult *result,
                                               GError **error);
/* All that is kept of @interval, page by page: what begins at @since_us or later, after the record
 * @after (0 = from the beginning). */
void quotes_archive_read_page_async (QuotesArchive *self,
                                     QuotesInterval interval,
                                     gint64 since_us,
                                     gint64 after,
                                     guint n_records,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
QuotesRecordPage *quotes_archive_read_page_finish (QuotesArchive *self,
                                                   GAsyncResult *result,
                                                   GError **error);
/* When the newest that is kept of @symbol was fetched or ended; 0 = nothing is; -1 = error. */
void quotes_archive_read_newest_async (QuotesArchive *self,
                                       const char *symbol,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gint64 quotes_archive_read_newest_finish (QuotesArchive *self,
                                          GAsyncResult *result,
                                          GError **error);
/* Fills holes with bars from elsewhere, and what is longer than them too; what was recorded stays.
 */
void quotes_archive_fill_async (QuotesArchive *self,
                                QuotesHistory *history,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean quotes_archive_fill_finish (QuotesArchive *self, GAsyncResult *result, GError **error);

G_END_DECLS
