/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-pace.h"

#include "quotes-hours.h"

/* providers.md 3.6; each is at least what the user wants. */
#define EXTENDED_US (60 * G_USEC_PER_SEC)
#define CLOSED_US (15 * 60 * G_USEC_PER_SEC)
#define UNWATCHED_US (5 * 60 * G_USEC_PER_SEC)
#define SAVING_FACTOR 4
/* Prices that stand still for this many rounds halve the asking, and again after as many. */
#define QUIET_ROUNDS 5
#define QUIET_DOUBLINGS_MAX 2

const char *
quotes_pace_reason_to_string (QuotesPaceReason reason)
{
  static const char *const words[] = {
    [QUOTES_PACE_REGULAR] = "regular",
    [QUOTES_PACE_EXTENDED] = "extended",
    [QUOTES_PACE_QUIET] = "quiet",
    [QUOTES_PACE_METERED] = "metered",
    [QUOTES_PACE_POWER_SAVER] = "power-saver",
    [QUOTES_PACE_CLOSED] = "closed",
    [QUOTES_PACE_UNWATCHED] = "unwatched",
    [QUOTES_PACE_FIXED] = "fixed",
    [QUOTES_PACE_OFFLINE] = "offline",
  };

  g_return_val_if_fail (reason < G_N_ELEMENTS (words), NULL);
  return words[reason];
}

/* What the market of one quote wants. */
static void
judge_market (QuotesPace *self, QuotesMarketState state, const QuotesPaceFacts *facts)
{
  guint n_doublings = MIN (facts->n_quiet / QUIET_ROUNDS, QUIET_DOUBLINGS_MAX);

  self->interval_us = facts->base_us;
  self->reason = QUOTES_PACE_REGULAR;
  switch (state)
    {
    case QUOTES_MARKET_STATE_PRE:
    case QUOTES_MARKET_STATE_POST:
      self->interval_us = MAX (facts->base_us, EXTENDED_US);
      self->reason = QUOTES_PACE_EXTENDED;
      break;
    case QUOTES_MARKET_STATE_CLOSED:
      self->interval_us = MAX (facts->base_us, CLOSED_US);
      self->reason = QUOTES_PACE_CLOSED;
      break;
    case QUOTES_MARKET_STATE_REGULAR:
      self->interval_us = facts->base_us << n_doublings;
      self->reason = n_doublings > 0 ? QUOTES_PACE_QUIET : QUOTES_PACE_REGULAR;
      break;
    case QUOTES_MARKET_STATE_ALWAYS:
    case QUOTES_MARKET_STATE_UNKNOWN:
    default:
      break;
    }
}

static void
take_earlier (gint64 *time_us, gint64 other_us)
{
  if (other_us != 0 && (*time_us == 0 || other_us < *time_us))
    *time_us = other_us;
}

/* The fastest that any of the markets wants: all are asked with one request. */
static void
judge_markets (QuotesPace *self, const QuotesPaceFacts *facts)
{
  *self = (QuotesPace){.interval_us = facts->base_us, .reason = QUOTES_PACE_REGULAR};
  for (guint i = 0; i < facts->quotes->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (facts->quotes, i);
      QuotesPace other = {0};
      QuotesHours hours;

      quotes_hours_judge (&hours, quote, facts->new_york, facts->now_us);
      judge_market (&other, hours.state, facts);
      if (i == 0 || other.interval_us < self->interval_us ||
          (other.interval_us == self->interval_us && other.reason < self->reason))
        {
          self->interval_us = other.interval_us;
          self->reason = other.reason;
        }
      take_earlier (&self->change_us, hours.change_us);
      if (hours.ask_us > facts->asked_us)
        take_earlier (&self->ask_us, hours.ask_us);
    }
}

/* What of all providers slows this one down. */
static void
apply_conditions (QuotesPace *self, const QuotesPaceFacts *facts)
{
  const QuotesPaceConditions *conditions = &facts->conditions;

  if (conditions->is_unwatched)
    {
      self->interval_us = MAX (self->interval_us, UNWATCHED_US);
      self->reason = MAX (self->reason, QUOTES_PACE_UNWATCHED);
    }
  if (conditions->is_metered || conditions->is_power_saver)
    {
      self->interval_us *= SAVING_FACTOR;
      self->reason = MAX (self->reason, conditions->is_power_saver ? QUOTES_PACE_POWER_SAVER
                                                                   : QUOTES_PACE_METERED);
    }
}

/**
 * quotes_pace_judge:
 *
 * Says how often the provider of @facts is to be asked. Who waits for a first price waits no longer
 * than the user wants, whatever else there is to save.
 */
void
quotes_pace_judge (QuotesPace *self, const QuotesPaceFacts *facts)
{
  if (facts->conditions.is_fixed)
    {
      *self = (QuotesPace){.interval_us = facts->base_us, .reason = QUOTES_PACE_FIXED};
      return;
    }
  judge_markets (self, facts);
  if (facts->is_waiting)
    {
      self->interval_us = facts->base_us;
      self->reason = QUOTES_PACE_REGULAR;
      return;
    }
  apply_conditions (self, facts);
}
