/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-hub.h"
#include "quotes-turn.h"

G_BEGIN_DECLS

typedef struct _QuotesPacer QuotesPacer;

/**
 * QuotesPacer:
 *
 * Collects what decides how often each provider is asked, and has it judged.
 */
QuotesPacer *quotes_pacer_new (QuotesHub *hub, QuotesSymbolWatch *symbols, QuotesClock *clock);
void quotes_pacer_free (QuotesPacer *self);
/* 0 = what each provider likes */
void quotes_pacer_set_interval (QuotesPacer *self, gint64 interval_us);
QuotesPaceConditions *quotes_pacer_get_conditions (QuotesPacer *self);
gboolean quotes_pacer_judge (QuotesPacer *self, QuotesTurn *turn);
void quotes_pacer_note_batch (QuotesPacer *self,
                              QuotesTurn *turn,
                              const QuotesBatch *batch,
                              gboolean is_over);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesPacer, quotes_pacer_free)

G_END_DECLS
