/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-provider.h"

G_BEGIN_DECLS

/**
 * QuotesHole:
 * @from_us: real time of the last price before it; 0 = not known, or there is no hole
 * @to_us: real time of the first price after it
 * @is_unseen: the archive has to be asked first whether the instrument was ever filled
 * @is_first: nothing of it is kept
 * @wanted: of the first fill: a bit for each interval that is to come
 * @shortest: shorter bars were too many
 * @asked: what the request under way is for
 * @n_failures: in a row
 * @not_before_us: monotonic
 *
 * A time of which no prices of one instrument were recorded, and how filling it goes.
 */
typedef struct
{
  QuotesInstrument *instrument;
  gint64 from_us;
  gint64 to_us;
  gboolean is_unseen;
  gboolean is_first;
  guint wanted;
  QuotesInterval shortest;
  QuotesInterval asked;
  guint n_failures;
  gint64 not_before_us;
} QuotesHole;

/**
 * QuotesHoleVerdict:
 * @QUOTES_HOLE_LATER: nothing was asked
 * @QUOTES_HOLE_HOPELESS: there is no history of that
 * @QUOTES_HOLE_TOO_MANY_BARS: longer ones will do
 * @QUOTES_HOLE_REFUSED: the host does not want us
 * @QUOTES_HOLE_HOST_FAILED: it was not there, or does not work
 * @QUOTES_HOLE_FAILED: this request was no use
 *
 * What a failure means for what comes next.
 */
typedef enum
{
  QUOTES_HOLE_LATER,
  QUOTES_HOLE_HOPELESS,
  QUOTES_HOLE_TOO_MANY_BARS,
  QUOTES_HOLE_REFUSED,
  QUOTES_HOLE_HOST_FAILED,
  QUOTES_HOLE_FAILED,
} QuotesHoleVerdict;

QuotesHole *quotes_hole_new (QuotesInstrument *instrument, gint64 from_us, gint64 to_us);
void quotes_hole_free (QuotesHole *self);
void quotes_hole_make_first (QuotesHole *self, const QuotesHistoryOffer *offer);
void quotes_hole_choose (QuotesHole *self, const QuotesHistoryOffer *offer, gint64 now_us);
gint64 quotes_hole_get_begin_us (const QuotesHole *self, const QuotesHistoryOffer *offer);
gboolean quotes_hole_take_longer (QuotesHole *self, const QuotesHistoryOffer *offer);
gboolean quotes_hole_succeed (QuotesHole *self);
void quotes_hole_fail (QuotesHole *self, gint64 now_us);
QuotesHoleVerdict quotes_hole_judge_error (const GError *error);

gint64 quotes_hole_get_limit_us (gint64 before_us, gint64 now_us);
QuotesHistory *quotes_hole_cut (const QuotesHistory *history, gint64 from_us, gint64 to_us);
gboolean quotes_hole_was_filled (const QuotesHistory *history);

G_END_DECLS
