/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-trouble.h"

static QuotesStaleReason
get_reason (const GError *error, gboolean is_offline)
{
  if (is_offline)
    return QUOTES_STALE_REASON_OFFLINE;
  return g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_RATE_LIMITED) ||
             g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_THROTTLED)
           ? QUOTES_STALE_REASON_RATE_LIMITED
           : QUOTES_STALE_REASON_PROVIDER_ERROR;
}

static QuotesStaleReason
get_symbol_reason (QuotesSymbolError code)
{
  return code == QUOTES_SYMBOL_ERROR_NOT_FOUND ? QUOTES_STALE_REASON_UNKNOWN_SYMBOL
                                               : QUOTES_STALE_REASON_PROVIDER_ERROR;
}

/**
 * quotes_trouble_list:
 * @batch: what a round gave
 * @instruments: (element-type QuotesInstrument): what its provider serves
 * @is_over: whether its error, if any, counts; no when the rest is asked again
 * @is_offline: whether there is no network
 *
 * Why the quotes that did not come will get stale. A failed provider's quotes stay where they are;
 * when their time is over they say this.
 *
 * Returns: (transfer full) (element-type utf8 QuotesStaleReason): by symbol; valid as long as
 *   @batch and @instruments are
 */
GHashTable *
quotes_trouble_list (const QuotesBatch *batch,
                     GPtrArray *instruments,
                     gboolean is_over,
                     gboolean is_offline)
{
  GHashTable *troubles = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) answered = quotes_batch_list_answered (batch);
  GHashTableIter iter;
  gpointer symbol = NULL;
  gpointer code = NULL;

  g_hash_table_iter_init (&iter, batch->symbol_errors);
  while (g_hash_table_iter_next (&iter, &symbol, &code))
    g_hash_table_insert (troubles, symbol,
                         GINT_TO_POINTER (get_symbol_reason (GPOINTER_TO_INT (code))));

  for (guint i = 0; is_over && batch->error != NULL && i < instruments->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (instruments, i);

      if (!g_hash_table_contains (answered, instrument->symbol))
        g_hash_table_insert (troubles, (gpointer) instrument->symbol,
                             GINT_TO_POINTER (get_reason (batch->error, is_offline)));
    }
  return troubles;
}
