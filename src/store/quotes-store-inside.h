/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-store-worker.h"
#include "quotes-store.h"

G_BEGIN_DECLS

/* For the files that together are the store. */

/* (nullable): what quotes_store_worker_push() takes; %NULL = closed, or nothing is kept, which push
 * answers itself */
QuotesStoreWorker *quotes_store_get_reader (QuotesStore *self);
QuotesStoreWorker *quotes_store_get_writer (QuotesStore *self);
const QuotesStoreOptions *quotes_store_get_options (QuotesStore *self);
QuotesClock *quotes_store_get_clock (QuotesStore *self);

/* What is answered from the past. */
void quotes_store_archive_init (QuotesArchiveInterface *iface);

G_END_DECLS
