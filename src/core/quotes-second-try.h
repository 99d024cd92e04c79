/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-provider.h"

G_BEGIN_DECLS

/**
 * QuotesSecondTry:
 * @asked: (owned) (nullable) (element-type QuotesInstrument): what was asked for last, or has to be
 *   asked for again
 * @at_us: monotonic time of the second try; 0 = there is none
 * @is_one: the round that is under way, or was the last, is a second try
 *
 * What of a round is asked for again, because its answer broke off.
 */
typedef struct
{
  GPtrArray *asked;
  gint64 at_us;
  gboolean is_one;
} QuotesSecondTry;

void quotes_second_try_clear (QuotesSecondTry *self);
void quotes_second_try_note_asked (QuotesSecondTry *self, GPtrArray *instruments);
gboolean quotes_second_try_is_wanted (const QuotesSecondTry *self, const QuotesBatch *batch);
gboolean quotes_second_try_plan (QuotesSecondTry *self, const QuotesBatch *batch, gint64 at_us);
GPtrArray *quotes_second_try_steal (QuotesSecondTry *self, gint64 now_us);

G_END_DECLS
