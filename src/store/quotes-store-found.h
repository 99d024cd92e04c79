/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-snapshot.h"
#include "quotes-store-worker.h"

G_BEGIN_DECLS

/**
 * QuotesStoreFound:
 * @snapshot: (owned): the last good prices; version 0
 * @alerts: (owned) (element-type QuotesAlert)
 * @last_alert_id: the highest that was ever used
 * @calls: (owned) (element-type utf8 guint64): requests of the day by provider
 * @note: (owned) (nullable): what the user has to know of it
 * @errors: (owned) (nullable): by file, why it could not be opened
 * @is_off: by file: it is not to be tried again
 *
 * What was there when the store was opened.
 */
typedef struct
{
  QuotesSnapshot *snapshot;
  GPtrArray *alerts;
  gint64 last_alert_id;
  GHashTable *calls;
  char *note;
  GError *errors[QUOTES_N_STORE_FILES];
  gboolean is_off[QUOTES_N_STORE_FILES];
} QuotesStoreFound;

QuotesStoreFound *quotes_store_found_open (const char *dir,
                                           gint64 now_us,
                                           const char *day,
                                           QuotesStoreWorker *writer);
void quotes_store_found_free (QuotesStoreFound *self);

G_END_DECLS
