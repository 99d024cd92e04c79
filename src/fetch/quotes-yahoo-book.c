/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-yahoo-book.h"

#include <math.h>

#include "quotes-yahoo-quote.h"

/* Between two charts of one symbol, whatever seems to have happened. */
#define CHART_PAUSE_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
/* Symbols that nobody asks for any more are kept up to so many, in case they come back. */
#define N_SPARE_MAX 256

typedef struct
{
  QuotesYahooMeta *spark;        /* (owned) (nullable) */
  QuotesYahooMeta *chart;        /* (owned) (nullable) */
  gboolean is_left_out;          /* of the newest spark */
  gboolean has_chart_of_round;   /* newer than that spark */
  QuotesSymbolError chart_error; /* 0 = none: why the last chart had no price */
  gint64 chart_us;               /* monotonic: when it came; -1 = never */
} Entry;

struct _QuotesYahooBook
{
  GHashTable *entries; /* (owned) (element-type utf8 Entry): by Yahoo's name */
};

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_clear_pointer (&self->spark, quotes_yahoo_meta_free);
  g_clear_pointer (&self->chart, quotes_yahoo_meta_free);
  g_free (self);
}

QuotesYahooBook *
quotes_yahoo_book_new (void)
{
  QuotesYahooBook *self = g_rc_box_new0 (QuotesYahooBook);

  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  return self;
}

QuotesYahooBook *
quotes_yahoo_book_ref (QuotesYahooBook *self)
{
  return g_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  g_hash_table_unref (((QuotesYahooBook *) data)->entries);
}

void
quotes_yahoo_book_unref (QuotesYahooBook *self)
{
  g_rc_box_release_full (self, clear);
}

static Entry *
ensure_entry (QuotesYahooBook *self, const QuotesInstrument *instrument)
{
  Entry *entry = g_hash_table_lookup (self->entries, instrument->provider_symbol);

  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      entry->chart_us = -1;
      g_hash_table_insert (self->entries, g_strdup (instrument->provider_symbol), entry);
    }
  return entry;
}

/**
 * quotes_yahoo_book_begin_round:
 * @instruments: (element-type QuotesInstrument): what is asked for now
 *
 * Forgets the others when they have become many.
 */
void
quotes_yahoo_book_begin_round (QuotesYahooBook *self, GPtrArray *instruments)
{
  g_autoptr (GHashTable) wanted = NULL;
  GHashTableIter iter;
  gpointer name = NULL;

  if (g_hash_table_size (self->entries) <= instruments->len + N_SPARE_MAX)
    return;

  wanted = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < instruments->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (instruments, i);

      g_hash_table_add (wanted, (gpointer) instrument->provider_symbol);
    }
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!g_hash_table_contains (wanted, name))
      g_hash_table_iter_remove (&iter);
}

/**
 * quotes_yahoo_book_take_spark:
 * @meta: (transfer full) (nullable): %NULL when the spark leaves the symbol out, or none was to be
 *   had: then the price comes from the chart
 */
void
quotes_yahoo_book_take_spark (QuotesYahooBook *self,
                              const QuotesInstrument *instrument,
                              QuotesYahooMeta *meta)
{
  Entry *entry = ensure_entry (self, instrument);

  g_clear_pointer (&entry->spark, quotes_yahoo_meta_free);
  entry->spark = meta;
  entry->is_left_out = meta == NULL;
  entry->has_chart_of_round = FALSE;
}

/**
 * quotes_yahoo_book_take_chart:
 * @meta: (transfer full) (nullable): %NULL when the chart was no help
 * @error: why, 0 with @meta
 * @now_us: monotonic
 */
void
quotes_yahoo_book_take_chart (QuotesYahooBook *self,
                              const QuotesInstrument *instrument,
                              QuotesYahooMeta *meta,
                              QuotesSymbolError error,
                              gint64 now_us)
{
  Entry *entry = ensure_entry (self, instrument);

  if (meta != NULL)
    {
      g_clear_pointer (&entry->chart, quotes_yahoo_meta_free);
      entry->chart = meta;
      if (!isfinite (meta->price))
        error = meta->is_invalid ? QUOTES_SYMBOL_ERROR_BAD_DATA : QUOTES_SYMBOL_ERROR_NO_PRICE;
    }
  entry->chart_error = error;
  entry->chart_us = now_us;
  entry->has_chart_of_round = TRUE;
}

/**
 * quotes_yahoo_book_needs_chart:
 * @now_us: monotonic
 * @real_us: real
 *
 * Once for every symbol; again in every round when the price can only come from there; otherwise
 * when another session has begun or the known one has ended, and at least an hour has passed.
 */
gboolean
quotes_yahoo_book_needs_chart (QuotesYahooBook *self,
                               const QuotesInstrument *instrument,
                               gint64 now_us,
                               gint64 real_us)
{
  Entry *entry = ensure_entry (self, instrument);

  if (entry->chart_us < 0)
    return TRUE;
  if (entry->is_left_out && entry->chart_error == 0)
    return !entry->has_chart_of_round;
  if (now_us - entry->chart_us < CHART_PAUSE_US)
    return FALSE;

  return entry->chart_error != 0 || quotes_yahoo_meta_has_ended (entry->chart, real_us) ||
         (entry->spark != NULL && !quotes_yahoo_meta_is_same_session (entry->spark, entry->chart));
}

/**
 * quotes_yahoo_book_make_quote:
 * @real_us: the real time
 * @error: why there is none
 *
 * Returns: (transfer full) (nullable): the newest price with all that is known of its session
 */
QuotesQuote *
quotes_yahoo_book_make_quote (QuotesYahooBook *self,
                              const QuotesInstrument *instrument,
                              gint64 real_us,
                              QuotesSymbolError *error)
{
  Entry *entry = ensure_entry (self, instrument);
  gboolean has_chart = entry->chart != NULL && entry->chart_error == 0;

  if (entry->spark != NULL)
    return quotes_yahoo_quote_new (entry->spark, entry->chart, instrument, real_us, error);
  if (has_chart && entry->has_chart_of_round)
    return quotes_yahoo_quote_new (entry->chart, NULL, instrument, real_us, error);

  *error = entry->chart_error != 0 ? entry->chart_error : QUOTES_SYMBOL_ERROR_NOT_FOUND;
  return NULL;
}

/**
 * quotes_yahoo_book_report:
 * @real_us: the real time
 * @batch: gets the quote of @instrument, or what is wrong
 *
 * A symbol that is left out of the spark, but whose last chart had a price, gets neither: its next
 * chart comes after the round.
 */
void
quotes_yahoo_book_report (QuotesYahooBook *self,
                          const QuotesInstrument *instrument,
                          gint64 real_us,
                          QuotesBatch *batch)
{
  const Entry *entry = ensure_entry (self, instrument);
  QuotesSymbolError error = QUOTES_SYMBOL_ERROR_NOT_FOUND;
  QuotesQuote *quote = quotes_yahoo_book_make_quote (self, instrument, real_us, &error);

  if (quote != NULL)
    quotes_batch_take_quote (batch, quote);
  else if (entry->spark != NULL || entry->chart == NULL || entry->chart_error != 0)
    quotes_batch_set_symbol_error (batch, instrument->symbol, error);
}
