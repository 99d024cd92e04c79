/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-database.h"
#include "quotes-history.h"

G_BEGIN_DECLS

/* Of who reads the table `bars` within a job: what all the questions have in common. */

/* No bar begins then. */
#define QUOTES_BARS_NEVER G_MININT64

/**
 * QuotesBarsInstrument:
 * @id: in the tables; 0 = nobody has heard of it
 * @symbol: its own
 * @currency: (nullable): of its prices
 */
typedef struct
{
  gint64 id;
  char *symbol;
  char *currency;
} QuotesBarsInstrument;

void quotes_bars_instrument_clear (QuotesBarsInstrument *self);

gboolean quotes_bars_find_instrument (QuotesDatabase *database,
                                      const char *symbol,
                                      QuotesBarsInstrument *instrument,
                                      GError **error);
GArray *quotes_bars_load_instruments (QuotesDatabase *database, gint64 from_id, GError **error);
GHashTable *quotes_bars_load_sources (QuotesDatabase *database, GError **error);
gboolean quotes_bars_find_newest (QuotesDatabase *database,
                                  QuotesInterval interval,
                                  gint64 instrument_id,
                                  gint64 until_us,
                                  gint64 *start_us,
                                  GError **error);
gboolean quotes_bars_load (QuotesDatabase *database,
                           QuotesInterval interval,
                           gint64 instrument_id,
                           gint64 from_us,
                           gint64 until_us,
                           gint64 n_bars,
                           GHashTable *sources,
                           GArray *bars,
                           GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QuotesBarsInstrument, quotes_bars_instrument_clear)

G_END_DECLS
