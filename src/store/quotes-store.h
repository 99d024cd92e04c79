/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert.h"
#include "quotes-archive.h"
#include "quotes-clock.h"
#include "quotes-snapshot.h"
#include "quotes-store-error.h"

G_BEGIN_DECLS

/* What is kept if nobody says. */
#define QUOTES_STORE_TICK_DAYS 7
#define QUOTES_STORE_MINUTE_DAYS 30
#define QUOTES_STORE_HOUR_DAYS 730
#define QUOTES_STORE_MAX_BYTES (G_GINT64_CONSTANT (64) * 1024 * 1024)

/**
 * QuotesStoreOptions:
 * @run: of the ids of events; names this run in the tables
 * @max_bytes: how large `market.db` may get; 0 = QUOTES_STORE_MAX_BYTES
 * @tick_days, @minute_days, @hour_days: how long single prices and bars are kept; days for ever;
 *   0 = the numbers above
 */
typedef struct
{
  guint32 run;
  gint64 max_bytes;
  int tick_days;
  int minute_days;
  int hour_days;
} QuotesStoreOptions;

#define QUOTES_TYPE_STORE (quotes_store_get_type ())
G_DECLARE_FINAL_TYPE (QuotesStore, quotes_store, QUOTES, STORE, GObject)

QuotesStore *quotes_store_open (const char *dir,
                                QuotesClock *clock,
                                const QuotesStoreOptions *options,
                                GError **error);
QuotesSnapshot *quotes_store_dup_snapshot (QuotesStore *self);
GPtrArray *quotes_store_dup_alerts (QuotesStore *self);
gint64 quotes_store_get_last_alert_id (QuotesStore *self);
guint64 quotes_store_get_calls_today (QuotesStore *self, const char *provider);

void quotes_store_append (QuotesStore *self,
                          QuotesSnapshot *snapshot,
                          GPtrArray *changed,
                          const char *const *removed);
void quotes_store_touch (QuotesStore *self, QuotesSnapshot *snapshot);
void quotes_store_save_alert (QuotesStore *self, QuotesAlert *alert);
void quotes_store_remove_alert (QuotesStore *self, const char *id);
void quotes_store_count_calls (QuotesStore *self,
                               const char *provider,
                               guint64 n_requests,
                               guint64 n_failures);
void quotes_store_close_async (QuotesStore *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean quotes_store_close_finish (QuotesStore *self, GAsyncResult *result, GError **error);
gboolean quotes_store_close (QuotesStore *self);

G_END_DECLS
