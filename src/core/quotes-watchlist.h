/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-catalog.h"

G_BEGIN_DECLS

/* More than any person reads; bounds what one user of the bus or of HTTP can make us fetch. */
#define QUOTES_WATCHLIST_MAX 2000

#define QUOTES_TYPE_WATCHLIST (quotes_watchlist_get_type ())
G_DECLARE_FINAL_TYPE (QuotesWatchlist, quotes_watchlist, QUOTES, WATCHLIST, GObject)

QuotesWatchlist *quotes_watchlist_new (QuotesCatalog *catalog);
void quotes_watchlist_load (QuotesWatchlist *self, const char *const *texts);
QuotesInstrument *quotes_watchlist_add (QuotesWatchlist *self,
                                        const char *text,
                                        gboolean *added,
                                        GError **error);
gboolean quotes_watchlist_remove (QuotesWatchlist *self, const char *symbol, GError **error);
QuotesInstrument *quotes_watchlist_lookup (QuotesWatchlist *self, const char *symbol);
GPtrArray *quotes_watchlist_get_instruments (QuotesWatchlist *self);
char **quotes_watchlist_dup_texts (QuotesWatchlist *self);

G_END_DECLS
