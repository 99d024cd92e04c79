/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-clock.h"
#include "quotes-retention-run.h"
#include "quotes-store-worker.h"
#include "quotes-store.h"

G_BEGIN_DECLS

/**
 * QuotesRetention:
 *
 * Throws away what is too old, and what makes the file too large. See quotes_retention_new().
 */
typedef struct _QuotesRetention QuotesRetention;

QuotesRetention *quotes_retention_new (GObject *owner,
                                       QuotesClock *clock,
                                       const QuotesStoreOptions *options);
void quotes_retention_free (QuotesRetention *self);
void quotes_retention_start (QuotesRetention *self, QuotesStoreWorker *writer);
void quotes_retention_stop (QuotesRetention *self);
void quotes_retention_look (QuotesRetention *self);
gboolean quotes_retention_is_running (QuotesRetention *self);
const QuotesRetentionRun *quotes_retention_get_last_run (QuotesRetention *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesRetention, quotes_retention_free)

G_END_DECLS
