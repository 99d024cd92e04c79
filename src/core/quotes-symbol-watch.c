/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-symbol-watch.h"

#define MISSES_TO_GIVE_UP 3
#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

typedef struct
{
  QuotesSymbolError error;
  guint n_misses;
  gint64 next_check_us; /* 0 = not given up */
} Entry;

struct _QuotesSymbolWatch
{
  GHashTable *entries; /* (owned) (element-type utf8 Entry): only symbols with something wrong */
};

QuotesSymbolWatch *
quotes_symbol_watch_new (void)
{
  QuotesSymbolWatch *self = g_new0 (QuotesSymbolWatch, 1);

  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
quotes_symbol_watch_free (QuotesSymbolWatch *self)
{
  g_hash_table_unref (self->entries);
  g_free (self);
}

gboolean
quotes_symbol_watch_is_due (QuotesSymbolWatch *self, const char *symbol, gint64 now_us)
{
  const Entry *entry = g_hash_table_lookup (self->entries, symbol);

  return entry == NULL || entry->next_check_us <= now_us;
}

void
quotes_symbol_watch_report_ok (QuotesSymbolWatch *self, const char *symbol)
{
  g_hash_table_remove (self->entries, symbol);
}

static gint64
get_pause_us (guint n_misses)
{
  static const int hours[] = {1, 6, 24};

  return hours[MIN (n_misses - MISSES_TO_GIVE_UP, G_N_ELEMENTS (hours) - 1)] * HOUR_US;
}

static Entry *
note_error (QuotesSymbolWatch *self, const char *symbol, QuotesSymbolError error)
{
  Entry *entry = g_hash_table_lookup (self->entries, symbol);

  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      g_hash_table_insert (self->entries, g_strdup (symbol), entry);
    }
  entry->error = error;
  return entry;
}

void
quotes_symbol_watch_report_error (QuotesSymbolWatch *self,
                                  const char *symbol,
                                  QuotesSymbolError error,
                                  gint64 now_us)
{
  Entry *entry = note_error (self, symbol, error);

  /* Bad data or no price is the provider's trouble of the moment, not a sign that the name is
   * wrong; giving up would hide the next good price for an hour. */
  if (error != QUOTES_SYMBOL_ERROR_NOT_FOUND)
    {
      entry->n_misses = 0;
      entry->next_check_us = 0;
      return;
    }
  if (++entry->n_misses >= MISSES_TO_GIVE_UP)
    entry->next_check_us = now_us + get_pause_us (entry->n_misses);
}

void
quotes_symbol_watch_report_batch (QuotesSymbolWatch *self,
                                  const QuotesBatch *batch,
                                  QuotesWatchlist *watchlist,
                                  gint64 now_us)
{
  gboolean is_blind = quotes_batch_is_blind (batch);
  GHashTableIter iter;
  gpointer symbol = NULL;
  gpointer code = NULL;

  for (guint i = 0; i < batch->quotes->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (batch->quotes, i);

      quotes_symbol_watch_report_ok (self, quote->symbol);
    }

  g_hash_table_iter_init (&iter, batch->symbol_errors);
  while (g_hash_table_iter_next (&iter, &symbol, &code))
    {
      if (quotes_watchlist_lookup (watchlist, symbol) == NULL)
        continue;
      if (is_blind)
        note_error (self, symbol, GPOINTER_TO_INT (code));
      else
        quotes_symbol_watch_report_error (self, symbol, GPOINTER_TO_INT (code), now_us);
    }
}

void
quotes_symbol_watch_hurry (QuotesSymbolWatch *self, const char *symbol)
{
  Entry *entry = g_hash_table_lookup (self->entries, symbol);

  if (entry != NULL && entry->next_check_us != 0)
    entry->next_check_us = 1;
}

void
quotes_symbol_watch_forget (QuotesSymbolWatch *self, const char *symbol)
{
  g_hash_table_remove (self->entries, symbol);
}

const char *
quotes_symbol_watch_get_reason (QuotesSymbolWatch *self, const char *symbol)
{
  const Entry *entry = g_hash_table_lookup (self->entries, symbol);

  if (entry == NULL)
    return NULL;
  return entry->next_check_us != 0 ? "unknown-symbol"
                                   : quotes_symbol_error_to_string (entry->error);
}

gint64
quotes_symbol_watch_get_next_check_us (QuotesSymbolWatch *self, const char *symbol)
{
  const Entry *entry = g_hash_table_lookup (self->entries, symbol);

  return entry != NULL ? entry->next_check_us : 0;
}
