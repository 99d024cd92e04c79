/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-yahoo-meta.h"

G_BEGIN_DECLS

/**
 * QuotesYahooUnit:
 * @currency: of what is shown
 * @quoted_as: (nullable): `GBp`, when the numbers were in another unit
 * @power: the power of ten that brings the numbers to @currency
 * @decimals: to which they are rounded then
 *
 * What the numbers of a #QuotesYahooMeta are in; its texts live as long as that and the instrument.
 */
typedef struct
{
  const char *currency;
  const char *quoted_as;
  int power;
  int decimals;
} QuotesYahooUnit;

void quotes_yahoo_unit_read (QuotesYahooUnit *self,
                             const QuotesYahooMeta *meta,
                             const QuotesInstrument *instrument);
double quotes_yahoo_unit_convert (const QuotesYahooUnit *self, double value);

QuotesQuote *quotes_yahoo_quote_new (const QuotesYahooMeta *meta,
                                     const QuotesYahooMeta *facts,
                                     const QuotesInstrument *instrument,
                                     gint64 now_us,
                                     QuotesSymbolError *error);

G_END_DECLS
