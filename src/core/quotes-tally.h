/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-breaker.h"
#include "quotes-provider-status.h"

G_BEGIN_DECLS

/**
 * QuotesTally:
 * @last_ok_us: real time of the last answer with a price; 0 = none came
 * @error: (nullable): of the last round
 *
 * How the rounds of one provider went.
 */
typedef struct
{
  gint64 last_ok_us;
  GError *error;
  guint64 n_requests;
  guint64 n_rounds;
  guint64 n_invalid;
} QuotesTally;

void quotes_tally_clear (QuotesTally *self);
void quotes_tally_add_answer (QuotesTally *self, const QuotesBatch *batch, gint64 now_us);
void quotes_tally_end_round (QuotesTally *self, const QuotesBatch *batch);
void quotes_tally_fill_status (const QuotesTally *self,
                               QuotesBreakerState breaker,
                               QuotesProviderStatus *status);

G_END_DECLS
