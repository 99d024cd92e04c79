/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-second-try.h"

void
quotes_second_try_clear (QuotesSecondTry *self)
{
  g_clear_pointer (&self->asked, g_ptr_array_unref);
}

/* @instruments: (element-type QuotesInstrument) */
void
quotes_second_try_note_asked (QuotesSecondTry *self, GPtrArray *instruments)
{
  g_ptr_array_ref (instruments);
  g_clear_pointer (&self->asked, g_ptr_array_unref);
  self->asked = instruments;
}

/**
 * quotes_second_try_is_wanted:
 * @batch: what the round gave
 *
 * Returns: whether it was a hiccup, and the first, and the host did not say when to come back
 */
gboolean
quotes_second_try_is_wanted (const QuotesSecondTry *self, const QuotesBatch *batch)
{
  return !self->is_one && batch->retry_after_us <= 0 &&
         (g_error_matches (batch->error, QUOTES_PROVIDER_ERROR,
                           QUOTES_PROVIDER_ERROR_UNAVAILABLE) ||
          g_error_matches (batch->error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_BROKEN_OFF));
}

/* What was asked and not answered. */
static GPtrArray *
list_missing (const QuotesSecondTry *self, const QuotesBatch *batch)
{
  GPtrArray *missing = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_instrument_unref);
  g_autoptr (GHashTable) answered = quotes_batch_list_answered (batch);

  for (guint i = 0; i < self->asked->len; i++)
    {
      QuotesInstrument *instrument = g_ptr_array_index (self->asked, i);

      if (!g_hash_table_contains (answered, instrument->symbol))
        g_ptr_array_add (missing, quotes_instrument_ref (instrument));
    }
  return missing;
}

/* Returns: whether anything is missing; it will be asked for at @at_us */
gboolean
quotes_second_try_plan (QuotesSecondTry *self, const QuotesBatch *batch, gint64 at_us)
{
  g_autoptr (GPtrArray) missing = list_missing (self, batch);

  if (missing->len == 0)
    return FALSE;
  g_clear_pointer (&self->asked, g_ptr_array_unref);
  self->asked = g_steal_pointer (&missing);
  self->at_us = at_us;
  return TRUE;
}

/**
 * quotes_second_try_steal:
 *
 * Returns: (transfer full) (nullable) (element-type QuotesInstrument): what has to be asked for
 *   again now; %NULL = what begins now is a round of its own
 */
GPtrArray *
quotes_second_try_steal (QuotesSecondTry *self, gint64 now_us)
{
  self->is_one = self->at_us != 0 && self->at_us <= now_us;
  self->at_us = 0;
  return self->is_one ? g_steal_pointer (&self->asked) : NULL;
}
