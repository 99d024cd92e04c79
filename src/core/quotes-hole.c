/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-hole.h"

#include <string.h>

#define MINUTE_US (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)
/* What is missing for less is not worth a request. */
#define LIMIT_MIN_US (10 * MINUTE_US)
/* One round that failed is no hole, and two may be bad luck. */
#define LIMIT_ROUNDS 3

/* Before each further try. */
static const gint64 pauses_us[] = {MINUTE_US, 10 * MINUTE_US, 60 * MINUTE_US, 24 * 60 * MINUTE_US};

/**
 * quotes_hole_new:
 *
 * Returns: (transfer full): one that was not asked for yet
 */
QuotesHole *
quotes_hole_new (QuotesInstrument *instrument, gint64 from_us, gint64 to_us)
{
  QuotesHole *self = g_new0 (QuotesHole, 1);

  self->instrument = quotes_instrument_ref (instrument);
  self->from_us = from_us;
  self->to_us = to_us;
  self->shortest = QUOTES_INTERVAL_MINUTE;

  return self;
}

void
quotes_hole_free (QuotesHole *self)
{
  quotes_instrument_unref (self->instrument);
  g_free (self);
}

/* It is of an instrument of which nothing else is kept than what was recorded. */
void
quotes_hole_make_first (QuotesHole *self, const QuotesHistoryOffer *offer)
{
  for (guint i = 0; i < QUOTES_N_INTERVALS; i++)
    if (offer->first_us[i] > 0)
      self->wanted |= 1U << i;
  self->is_first = self->wanted != 0;
}

/* The next longer interval that is offered. Returns: whether there is one */
static gboolean
find_longer (const QuotesHistoryOffer *offer, QuotesInterval *interval)
{
  for (int i = (int) *interval + 1; i < QUOTES_N_INTERVALS; i++)
    if (offer->reach_us[i] > 0)
      {
        *interval = (QuotesInterval) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * quotes_hole_choose:
 * @now_us: real time
 *
 * Decides what to ask for now: the shortest bars that go back so far; of a first fill the longest
 * that are missing, because what comes later says it more exactly.
 */
void
quotes_hole_choose (QuotesHole *self, const QuotesHistoryOffer *offer, gint64 now_us)
{
  if (self->is_first)
    {
      self->asked = (QuotesInterval) g_bit_nth_msf (self->wanted, -1);
      return;
    }

  self->asked = self->shortest;
  while (offer->reach_us[self->asked] < now_us - self->from_us && find_longer (offer, &self->asked))
    continue;
}

/**
 * quotes_hole_get_begin_us:
 *
 * Returns: real time at which the bars begin that are asked for. Those that are asked for instead
 * of too many shorter ones go back as far.
 */
gint64
quotes_hole_get_begin_us (const QuotesHole *self, const QuotesHistoryOffer *offer)
{
  gint64 back_us = 0;

  for (guint i = 0; i <= self->asked; i++)
    back_us = MAX (back_us, offer->first_us[i]);
  return self->is_first ? self->to_us - back_us : self->from_us;
}

/* Does without the bars that were asked for. Returns: whether there are longer ones */
gboolean
quotes_hole_take_longer (QuotesHole *self, const QuotesHistoryOffer *offer)
{
  QuotesInterval longer = self->asked;

  if (!find_longer (offer, &longer))
    return FALSE;
  self->shortest = longer;
  if (self->is_first)
    self->wanted = (self->wanted & ~(1U << self->asked)) | 1U << longer;
  return TRUE;
}

/* What was asked for is kept, or there was nothing to keep. Returns: whether more is to come */
gboolean
quotes_hole_succeed (QuotesHole *self)
{
  self->n_failures = 0;
  self->wanted &= ~(1U << self->asked);
  return self->is_first && self->wanted != 0;
}

/**
 * quotes_hole_fail:
 * @now_us: monotonic time
 *
 * It is tried again after pauses that grow to a day.
 */
void
quotes_hole_fail (QuotesHole *self, gint64 now_us)
{
  self->not_before_us = now_us + pauses_us[MIN (self->n_failures, G_N_ELEMENTS (pauses_us) - 1)];
  self->n_failures++;
}

QuotesHoleVerdict
quotes_hole_judge_error (const GError *error)
{
  if (error->domain != QUOTES_PROVIDER_ERROR)
    return QUOTES_HOLE_FAILED;

  switch ((QuotesProviderError) error->code)
    {
    case QUOTES_PROVIDER_ERROR_THROTTLED:
      return QUOTES_HOLE_LATER;
    case QUOTES_PROVIDER_ERROR_NOT_FOUND:
      return QUOTES_HOLE_HOPELESS;
    case QUOTES_PROVIDER_ERROR_TOO_LARGE:
      return QUOTES_HOLE_TOO_MANY_BARS;
    case QUOTES_PROVIDER_ERROR_RATE_LIMITED:
    case QUOTES_PROVIDER_ERROR_AUTH:
    case QUOTES_PROVIDER_ERROR_BLOCKED:
    case QUOTES_PROVIDER_ERROR_BARRED:
      return QUOTES_HOLE_REFUSED;
    case QUOTES_PROVIDER_ERROR_NETWORK:
    case QUOTES_PROVIDER_ERROR_TLS:
    case QUOTES_PROVIDER_ERROR_TIMEOUT:
    case QUOTES_PROVIDER_ERROR_UNAVAILABLE:
    case QUOTES_PROVIDER_ERROR_BROKEN_OFF:
      return QUOTES_HOLE_HOST_FAILED;
    case QUOTES_PROVIDER_ERROR_BAD_DATA:
    case QUOTES_PROVIDER_ERROR_HTTP:
    default:
      return QUOTES_HOLE_FAILED;
    }
}

/**
 * quotes_hole_get_limit_us:
 * @before_us: the interval between two rounds when the last price came
 * @now_us: and when the next did
 *
 * Returns: how long no price may come without that being a hole. A closed market is asked seldom;
 *   its first price of the day is no hole after the last one of the night.
 */
gint64
quotes_hole_get_limit_us (gint64 before_us, gint64 now_us)
{
  return MAX (LIMIT_MIN_US, LIMIT_ROUNDS * MAX (before_us, now_us));
}

/**
 * quotes_hole_cut:
 *
 * Returns: (transfer full): the bars of @history that have something of what is between @from_us
 *   and @to_us: hosts tell more than they were asked for
 */
QuotesHistory *
quotes_hole_cut (const QuotesHistory *history, gint64 from_us, gint64 to_us)
{
  QuotesHistory *cut = quotes_history_new (history->symbol, history->currency, history->interval);
  gint64 bar_us = quotes_interval_get_us (history->interval);

  for (guint i = 0; i < history->bars->len; i++)
    {
      const QuotesBar *bar = &g_array_index (history->bars, QuotesBar, i);

      if (bar->start_us + bar_us > from_us && bar->start_us < to_us)
        quotes_history_append (cut, bar);
    }
  return cut;
}

/**
 * quotes_hole_was_filled:
 * @history: of all that is kept of an instrument
 *
 * Nothing else has to be remembered of the first fill: its bars are the oldest, and say so.
 */
gboolean
quotes_hole_was_filled (const QuotesHistory *history)
{
  for (guint i = 0; i < history->bars->len; i++)
    {
      const char *source = g_array_index (history->bars, QuotesBar, i).source;

      if (source != NULL && strchr (source, ':') != NULL)
        return TRUE;
    }
  return FALSE;
}
