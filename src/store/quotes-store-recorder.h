/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-database.h"
#include "quotes-store-queue.h"

G_BEGIN_DECLS

/**
 * QuotesStoreRecorder:
 *
 * Writes versions into `market.db`. It remembers what it knows of the file between two jobs, so it
 * is for one connection and the writer's thread only.
 */
typedef struct _QuotesStoreRecorder QuotesStoreRecorder;

QuotesStoreRecorder *quotes_store_recorder_new (guint32 run, gint64 started_us);
void quotes_store_recorder_free (QuotesStoreRecorder *self);
gboolean quotes_store_recorder_write (QuotesStoreRecorder *self,
                                      QuotesDatabase *database,
                                      const QuotesStoreBatch *batch,
                                      const QuotesSnapshot *snapshot,
                                      GError **error);

G_END_DECLS
