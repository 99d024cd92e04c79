/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-snapshot.h"
#include "quotes-store-lane.h"

G_BEGIN_DECLS

/**
 * QuotesMarket:
 *
 * The half of the store that keeps prices: what waits for `market.db`, and how far that is.
 */
typedef struct _QuotesMarket QuotesMarket;
typedef void (*QuotesMarketFunc) (gpointer owner);

QuotesMarket *quotes_market_new (GObject *owner,
                                 const char *dir,
                                 QuotesClock *clock,
                                 guint32 run,
                                 QuotesMarketFunc changed);
void quotes_market_free (QuotesMarket *self, gboolean is_written_to);
QuotesStoreLane *quotes_market_get_lane (QuotesMarket *self);
guint64 quotes_market_get_stored (QuotesMarket *self);
void quotes_market_append (QuotesMarket *self,
                           QuotesSnapshot *snapshot,
                           GPtrArray *changed,
                           const char *const *removed);
void quotes_market_touch (QuotesMarket *self, QuotesSnapshot *snapshot);
void quotes_market_prepare_to_close (QuotesMarket *self);

G_END_DECLS
