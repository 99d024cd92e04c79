/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-archive.h"
#include "quotes-breaker.h"
#include "quotes-clock.h"
#include "quotes-provider.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_BACKFILL_LANE (quotes_backfill_lane_get_type ())
G_DECLARE_FINAL_TYPE (QuotesBackfillLane, quotes_backfill_lane, QUOTES, BACKFILL_LANE, GObject)

QuotesBackfillLane *quotes_backfill_lane_new (QuotesProvider *provider,
                                              QuotesBreaker *breaker,
                                              gboolean is_public,
                                              QuotesArchive *archive,
                                              QuotesClock *clock,
                                              GRand *random);
QuotesProvider *quotes_backfill_lane_get_provider (QuotesBackfillLane *self);
gboolean quotes_backfill_lane_is_public (QuotesBackfillLane *self);
void quotes_backfill_lane_add (QuotesBackfillLane *self,
                               QuotesInstrument *instrument,
                               gint64 from_us,
                               gint64 to_us,
                               gboolean is_first);
void quotes_backfill_lane_remove (QuotesBackfillLane *self, const char *symbol);
void quotes_backfill_lane_set_held (QuotesBackfillLane *self, gboolean is_held);
void quotes_backfill_lane_stop (QuotesBackfillLane *self);

G_END_DECLS
