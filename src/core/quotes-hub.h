/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-clock.h"
#include "quotes-snapshot.h"
#include "quotes-watchlist.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_HUB (quotes_hub_get_type ())
G_DECLARE_FINAL_TYPE (QuotesHub, quotes_hub, QUOTES, HUB, GObject)

QuotesHub *quotes_hub_new (QuotesWatchlist *watchlist, QuotesClock *clock);
QuotesSnapshot *quotes_hub_get_snapshot (QuotesHub *self);
QuotesWatchlist *quotes_hub_get_watchlist (QuotesHub *self);
QuotesQuote *quotes_hub_lookup (QuotesHub *self, const char *symbol);
void quotes_hub_note_look (QuotesHub *self);
void quotes_hub_take_quotes (QuotesHub *self, GPtrArray *quotes, gint64 interval_us);
void quotes_hub_adopt_snapshot (QuotesHub *self, QuotesSnapshot *snapshot);
void quotes_hub_set_troubles (QuotesHub *self, GHashTable *reasons, gint64 interval_us);

G_END_DECLS
