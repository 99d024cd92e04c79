/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-pending.h"

void
quotes_pending_free (QuotesPending *self)
{
  g_free (self->symbol);
  g_free (self->instrument);
  g_free (self);
}

static QuotesPending *
make_pending (const QuotesInstrument *instrument, QuotesSymbolWatch *watch, QuotesClock *clock)
{
  QuotesPending *self = g_new0 (QuotesPending, 1);
  gint64 wait_us = quotes_symbol_watch_get_next_check_us (watch, instrument->symbol) -
                   quotes_clock_get_monotonic_us (clock);

  self->symbol = g_strdup (instrument->symbol);
  self->instrument = g_strdup (instrument->text);
  self->reason = quotes_symbol_watch_get_reason (watch, instrument->symbol);
  if (wait_us > 0)
    self->next_check_us = quotes_clock_get_real_us (clock) + wait_us;

  return self;
}

/**
 * quotes_pending_list:
 *
 * Returns: (transfer full) (element-type QuotesPending): what has no price yet
 */
GPtrArray *
quotes_pending_list (QuotesHub *hub, QuotesSymbolWatch *watch, QuotesClock *clock)
{
  GPtrArray *pending = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_pending_free);
  GPtrArray *all = quotes_watchlist_get_instruments (quotes_hub_get_watchlist (hub));

  for (guint i = 0; i < all->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (all, i);

      if (quotes_hub_lookup (hub, instrument->symbol) == NULL)
        g_ptr_array_add (pending, make_pending (instrument, watch, clock));
    }
  return pending;
}
