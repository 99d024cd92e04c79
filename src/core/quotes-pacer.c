/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-pacer.h"

struct _QuotesPacer
{
  QuotesHub *hub;             /* (owned) */
  QuotesSymbolWatch *symbols; /* (unowned): the poller's, which outlives us */
  QuotesClock *clock;         /* (owned) */
  GTimeZone *new_york;        /* (owned) (nullable): where the system knows no time zones */
  QuotesPaceConditions conditions;
  gint64 interval_us; /* 0 = what each provider likes */
};

QuotesPacer *
quotes_pacer_new (QuotesHub *hub, QuotesSymbolWatch *symbols, QuotesClock *clock)
{
  QuotesPacer *self = g_new0 (QuotesPacer, 1);

  self->hub = g_object_ref (hub);
  self->symbols = symbols;
  self->clock = g_object_ref (clock);
  self->new_york = g_time_zone_new_identifier ("America/New_York");

  return self;
}

void
quotes_pacer_free (QuotesPacer *self)
{
  g_object_unref (self->hub);
  g_object_unref (self->clock);
  g_clear_pointer (&self->new_york, g_time_zone_unref);
  g_free (self);
}

void
quotes_pacer_set_interval (QuotesPacer *self, gint64 interval_us)
{
  self->interval_us = interval_us;
}

/* Returns: (transfer none): to be changed; it shows when the turns are judged next */
QuotesPaceConditions *
quotes_pacer_get_conditions (QuotesPacer *self)
{
  return &self->conditions;
}

/* What was kept from an earlier run is no price of this one, and its market may have opened since.
 */
static void
list_quotes (QuotesPacer *self, QuotesTurn *turn, QuotesPaceFacts *facts)
{
  g_autoptr (GPtrArray) instruments =
    quotes_turn_list_instruments (turn, quotes_hub_get_watchlist (self->hub), NULL);

  for (guint i = 0; i < instruments->len; i++)
    {
      const char *symbol = ((QuotesInstrument *) g_ptr_array_index (instruments, i))->symbol;
      QuotesQuote *quote = quotes_hub_lookup (self->hub, symbol);

      if (quote != NULL && quote->stale_reason != QUOTES_STALE_REASON_STORED)
        g_ptr_array_add (facts->quotes, quotes_quote_ref (quote));
      else if (quotes_symbol_watch_get_reason (self->symbols, symbol) == NULL)
        facts->is_waiting = TRUE;
    }
}

/**
 * quotes_pacer_judge:
 *
 * Gives @turn the pace that is right now.
 *
 * Returns: whether its interval or the reason for it is another one
 */
gboolean
quotes_pacer_judge (QuotesPacer *self, QuotesTurn *turn)
{
  g_autoptr (GPtrArray) quotes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  QuotesPaceFacts facts = {
    .base_us = self->interval_us,
    .conditions = self->conditions,
    .quotes = quotes,
    .n_quiet = quotes_turn_get_n_quiet (turn),
    .asked_us = quotes_turn_get_attended_us (turn),
    .now_us = quotes_clock_get_real_us (self->clock),
    .new_york = self->new_york,
  };
  QuotesPace pace = {0};

  if (facts.base_us == 0)
    facts.base_us = quotes_provider_get_info (quotes_turn_get_provider (turn))->interval_us;
  /* Rounds may follow each other fast then. */
  if (!facts.conditions.is_fixed)
    list_quotes (self, turn, &facts);
  quotes_pace_judge (&pace, &facts);
  return quotes_turn_set_pace (turn, &pace);
}

/**
 * quotes_pacer_note_batch:
 * @batch: an answer that the hub does not have yet
 * @is_over: whether it ends the round
 *
 * Notes whether the prices of open markets move. An answer without such prices says nothing.
 */
void
quotes_pacer_note_batch (QuotesPacer *self,
                         QuotesTurn *turn,
                         const QuotesBatch *batch,
                         gboolean is_over)
{
  gboolean has_regular = FALSE;
  gboolean has_moved = FALSE;

  for (guint i = 0; i < batch->quotes->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (batch->quotes, i);
      const QuotesQuote *old = quotes_hub_lookup (self->hub, quote->symbol);

      if (quote->market_state != QUOTES_MARKET_STATE_REGULAR || quote->quote_time_us == 0)
        continue;
      has_regular = TRUE;
      has_moved |= old == NULL || old->quote_time_us != quote->quote_time_us;
    }
  if (has_moved || (has_regular && is_over))
    quotes_turn_note_movement (turn, has_moved);
}
