/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-roster.h"

struct _QuotesRoster
{
  GPtrArray *turns; /* (owned) (element-type QuotesTurn) */
};

QuotesRoster *
quotes_roster_new (void)
{
  QuotesRoster *self = g_new0 (QuotesRoster, 1);

  self->turns = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_turn_free);
  return self;
}

void
quotes_roster_free (QuotesRoster *self)
{
  g_ptr_array_unref (self->turns);
  g_free (self);
}

void
quotes_roster_take_turn (QuotesRoster *self, QuotesTurn *turn)
{
  g_ptr_array_add (self->turns, turn);
}

guint
quotes_roster_get_n_turns (QuotesRoster *self)
{
  return self->turns->len;
}

/* Returns: (transfer none) */
QuotesTurn *
quotes_roster_get_turn (QuotesRoster *self, guint i)
{
  return g_ptr_array_index (self->turns, i);
}

/* Returns: (transfer none) (nullable) */
QuotesTurn *
quotes_roster_find (QuotesRoster *self, QuotesProvider *provider)
{
  for (guint i = 0; i < self->turns->len; i++)
    if (quotes_turn_get_provider (quotes_roster_get_turn (self, i)) == provider)
      return quotes_roster_get_turn (self, i);
  return NULL;
}

void
quotes_roster_clear (QuotesRoster *self)
{
  g_ptr_array_set_size (self->turns, 0);
}

/* Returns: monotonic time at which somebody is due, or may want another pace; %G_MAXINT64 = never
 */
gint64
quotes_roster_get_next_us (QuotesRoster *self)
{
  gint64 next_us = G_MAXINT64;

  for (guint i = 0; i < self->turns->len; i++)
    {
      QuotesTurn *turn = quotes_roster_get_turn (self, i);

      next_us = MIN (next_us, quotes_turn_get_due_us (turn));
      next_us = MIN (next_us, quotes_turn_get_change_us (turn));
    }
  return next_us;
}

/* Returns: whether anybody has another pace now */
gboolean
quotes_roster_judge (QuotesRoster *self, QuotesPacer *pacer)
{
  gboolean is_other = FALSE;

  for (guint i = 0; i < self->turns->len; i++)
    is_other |= quotes_pacer_judge (pacer, quotes_roster_get_turn (self, i));
  return is_other;
}

static gboolean
is_wanted (const QuotesInstrument *instrument, const char *const *symbols)
{
  return symbols == NULL || symbols[0] == NULL || g_strv_contains (symbols, instrument->symbol);
}

/**
 * quotes_roster_hurry:
 * @wanted: (nullable) (array zero-terminated=1): symbols; empty = everything
 *
 * Makes those due now who price what is wanted.
 */
void
quotes_roster_hurry (QuotesRoster *self,
                     QuotesWatchlist *watchlist,
                     QuotesSymbolWatch *symbols,
                     const char *const *wanted)
{
  for (guint i = 0; i < self->turns->len; i++)
    {
      QuotesTurn *turn = quotes_roster_get_turn (self, i);
      g_autoptr (GPtrArray) instruments = quotes_turn_list_instruments (turn, watchlist, NULL);
      gboolean is_concerned = FALSE;

      for (guint k = 0; k < instruments->len; k++)
        {
          const QuotesInstrument *instrument = g_ptr_array_index (instruments, k);

          if (!is_wanted (instrument, wanted))
            continue;
          quotes_symbol_watch_hurry (symbols, instrument->symbol);
          is_concerned = TRUE;
        }
      if (is_concerned)
        quotes_turn_hurry (turn);
    }
}

void
quotes_roster_catch_up (QuotesRoster *self, gint64 at_us, gboolean only_public)
{
  for (guint i = 0; i < self->turns->len; i++)
    quotes_turn_catch_up (quotes_roster_get_turn (self, i), at_us, only_public);
}

void
quotes_roster_set_offline (QuotesRoster *self, gboolean is_offline)
{
  for (guint i = 0; i < self->turns->len; i++)
    quotes_turn_set_offline (quotes_roster_get_turn (self, i), is_offline);
}

void
quotes_roster_stop (QuotesRoster *self)
{
  for (guint i = 0; i < self->turns->len; i++)
    quotes_turn_stop (quotes_roster_get_turn (self, i));
}

/* Returns: (transfer full) (element-type QuotesProviderStatus): one per provider */
GPtrArray *
quotes_roster_dup_statuses (QuotesRoster *self, QuotesWatchlist *watchlist, gboolean is_running)
{
  GPtrArray *statuses =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_provider_status_free);

  for (guint i = 0; i < self->turns->len; i++)
    {
      QuotesTurn *turn = quotes_roster_get_turn (self, i);
      g_autoptr (GPtrArray) instruments = quotes_turn_list_instruments (turn, watchlist, NULL);

      g_ptr_array_add (statuses, quotes_turn_dup_status (turn, instruments->len, is_running));
    }
  return statuses;
}
