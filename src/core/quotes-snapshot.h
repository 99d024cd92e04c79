/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-quote.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_SNAPSHOT (quotes_snapshot_get_type ())

/**
 * QuotesSnapshot:
 * @version: grows by one with every change that a reader could see; 0 = nothing yet
 * @generated_us: when it was made, microseconds since 1970
 * @quotes: (element-type QuotesQuote): in the order of the watchlist
 *
 * All prices at one moment. Immutable and shared between threads. Two snapshots of one version
 * differ in times only.
 */
typedef struct
{
  guint64 version;
  gint64 generated_us;
  GPtrArray *quotes;
} QuotesSnapshot;

GType quotes_snapshot_get_type (void);

QuotesSnapshot *quotes_snapshot_new (guint64 version, gint64 generated_us, GPtrArray *quotes);
QuotesSnapshot *quotes_snapshot_ref (QuotesSnapshot *self);
void quotes_snapshot_unref (QuotesSnapshot *self);
QuotesQuote *quotes_snapshot_lookup (const QuotesSnapshot *self, const char *symbol);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesSnapshot, quotes_snapshot_unref)

G_END_DECLS
