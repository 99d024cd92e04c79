/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-yahoo-meta.h"

G_BEGIN_DECLS

/**
 * QuotesYahooBook:
 *
 * What Yahoo has said of each symbol: the newest spark, which brings the price, and the newest
 * chart, which brings the facts of the session. Monotonic times say when a chart is due, real ones
 * which session it is.
 */
typedef struct _QuotesYahooBook QuotesYahooBook;

QuotesYahooBook *quotes_yahoo_book_new (void);
QuotesYahooBook *quotes_yahoo_book_ref (QuotesYahooBook *self);
void quotes_yahoo_book_unref (QuotesYahooBook *self);

void quotes_yahoo_book_begin_round (QuotesYahooBook *self, GPtrArray *instruments);
void quotes_yahoo_book_take_spark (QuotesYahooBook *self,
                                   const QuotesInstrument *instrument,
                                   QuotesYahooMeta *meta);
void quotes_yahoo_book_take_chart (QuotesYahooBook *self,
                                   const QuotesInstrument *instrument,
                                   QuotesYahooMeta *meta,
                                   QuotesSymbolError error,
                                   gint64 now_us);
gboolean quotes_yahoo_book_needs_chart (QuotesYahooBook *self,
                                        const QuotesInstrument *instrument,
                                        gint64 now_us,
                                        gint64 real_us);
QuotesQuote *quotes_yahoo_book_make_quote (QuotesYahooBook *self,
                                           const QuotesInstrument *instrument,
                                           gint64 real_us,
                                           QuotesSymbolError *error);
void quotes_yahoo_book_report (QuotesYahooBook *self,
                               const QuotesInstrument *instrument,
                               gint64 real_us,
                               QuotesBatch *batch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesYahooBook, quotes_yahoo_book_unref)

G_END_DECLS
