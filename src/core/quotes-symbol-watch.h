/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-provider.h"
#include "quotes-watchlist.h"

G_BEGIN_DECLS

typedef struct _QuotesSymbolWatch QuotesSymbolWatch;

/**
 * QuotesSymbolWatch:
 *
 * Which symbols their providers do not know. Three times not found = given up, and checked again
 * after 1 h, 6 h and then daily (providers.md 3.2). Times are monotonic.
 */
QuotesSymbolWatch *quotes_symbol_watch_new (void);
void quotes_symbol_watch_free (QuotesSymbolWatch *self);
gboolean quotes_symbol_watch_is_due (QuotesSymbolWatch *self, const char *symbol, gint64 now_us);
void quotes_symbol_watch_report_ok (QuotesSymbolWatch *self, const char *symbol);
void quotes_symbol_watch_report_error (QuotesSymbolWatch *self,
                                       const char *symbol,
                                       QuotesSymbolError error,
                                       gint64 now_us);
/* All that a round says of single symbols; of those that are not in the list nothing is kept: they
 * were removed while the request was under way. */
void quotes_symbol_watch_report_batch (QuotesSymbolWatch *self,
                                       const QuotesBatch *batch,
                                       QuotesWatchlist *watchlist,
                                       gint64 now_us);
/* The next call of is_due() says yes: the user asked for it. */
void quotes_symbol_watch_hurry (QuotesSymbolWatch *self, const char *symbol);
void quotes_symbol_watch_forget (QuotesSymbolWatch *self, const char *symbol);
/* `not-found`, ..., `unknown-symbol` when it was given up; NULL = nothing is wrong. */
const char *quotes_symbol_watch_get_reason (QuotesSymbolWatch *self, const char *symbol);
/* 0 = it was not given up. */
gint64 quotes_symbol_watch_get_next_check_us (QuotesSymbolWatch *self, const char *symbol);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesSymbolWatch, quotes_symbol_watch_free)

G_END_DECLS
