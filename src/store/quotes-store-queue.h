/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-snapshot.h"

G_BEGIN_DECLS

/**
 * QuotesStoreVersion:
 * @version: of the snapshot
 * @at_us: when it was made
 * @quotes: (element-type QuotesQuote): what it changed
 * @removed: (array zero-terminated=1): symbols that it removed
 * @n_ticks: how many of @quotes are prices, which is to say not stale
 *
 * One version that waits to be written. Nobody writes to it.
 */
typedef struct
{
  guint64 version;
  gint64 at_us;
  GPtrArray *quotes;
  char **removed;
  guint n_ticks;
} QuotesStoreVersion;

/* Versions that were never written, because there was no place for them. */
typedef struct
{
  guint64 from_version;
  guint64 to_version;
  guint n_ticks;
  const char *reason; /* a literal */
} QuotesStoreGap;

/**
 * QuotesStoreBatch:
 * @versions: (element-type QuotesStoreVersion): the oldest first
 * @gaps: (element-type QuotesStoreGap): what is to be noted
 *
 * What is written in one transaction.
 */
typedef struct
{
  GPtrArray *versions;
  GArray *gaps;
} QuotesStoreBatch;

void quotes_store_batch_free (QuotesStoreBatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesStoreBatch, quotes_store_batch_free)

/**
 * QuotesStoreQueue:
 *
 * The versions that wait to be written.
 */
typedef struct _QuotesStoreQueue QuotesStoreQueue;

QuotesStoreQueue *quotes_store_queue_new (void);
void quotes_store_queue_free (QuotesStoreQueue *self);
void quotes_store_queue_push (QuotesStoreQueue *self,
                              QuotesSnapshot *snapshot,
                              GPtrArray *changed,
                              const char *const *removed);
guint quotes_store_queue_trim (QuotesStoreQueue *self, guint n_ticks_max, const char *reason);
gboolean quotes_store_queue_is_empty (QuotesStoreQueue *self);
guint quotes_store_queue_get_n_ticks (QuotesStoreQueue *self);
QuotesStoreBatch *quotes_store_queue_take (QuotesStoreQueue *self, guint n_ticks_max);
void quotes_store_queue_give_back (QuotesStoreQueue *self, QuotesStoreBatch *batch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesStoreQueue, quotes_store_queue_free)

G_END_DECLS
