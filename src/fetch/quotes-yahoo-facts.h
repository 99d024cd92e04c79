/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-upstream.h"
#include "quotes-yahoo-book.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_YAHOO_FACTS (quotes_yahoo_facts_get_type ())
G_DECLARE_FINAL_TYPE (QuotesYahooFacts, quotes_yahoo_facts, QUOTES, YAHOO_FACTS, GObject)

QuotesYahooFacts *quotes_yahoo_facts_new (QuotesUpstream *upstream,
                                          QuotesClock *clock,
                                          QuotesYahooBook *book);
void quotes_yahoo_facts_pause (QuotesYahooFacts *self);
void quotes_yahoo_facts_resume (QuotesYahooFacts *self, GPtrArray *instruments);
guint quotes_yahoo_facts_steal_n_requests (QuotesYahooFacts *self);
/* Also for who asks a chart for its price. */
char *quotes_yahoo_facts_build_path (const QuotesInstrument *instrument);

G_END_DECLS
