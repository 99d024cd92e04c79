/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-yahoo-meta.h"

G_BEGIN_DECLS

QuotesQuote *quotes_yahoo_quote_new (const QuotesYahooMeta *meta,
                                     const QuotesYahooMeta *facts,
                                     const QuotesInstrument *instrument,
                                     gint64 now_us,
                                     QuotesSymbolError *error);

G_END_DECLS
