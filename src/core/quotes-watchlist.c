/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-watchlist.h"

/**
 * QuotesWatchlist:
 *
 * What the user wants to see, in their order, by symbol.
 */
struct _QuotesWatchlist
{
  GObject parent_instance;

  QuotesCatalog *catalog; /* (owned) */
  GPtrArray *instruments; /* (owned) (element-type QuotesInstrument) */
  /* (owned) (element-type utf8 QuotesInstrument): by symbol; unowned, the array has them. Each
   * price is looked up several times a round. */
  GHashTable *by_symbol;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QuotesWatchlist, quotes_watchlist, G_TYPE_OBJECT)

static void
quotes_watchlist_dispose (GObject *object)
{
  QuotesWatchlist *self = QUOTES_WATCHLIST (object);

  g_clear_object (&self->catalog);

  G_OBJECT_CLASS (quotes_watchlist_parent_class)->dispose (object);
}

static void
quotes_watchlist_finalize (GObject *object)
{
  QuotesWatchlist *self = QUOTES_WATCHLIST (object);

  g_hash_table_unref (self->by_symbol);
  g_ptr_array_unref (self->instruments);

  G_OBJECT_CLASS (quotes_watchlist_parent_class)->finalize (object);
}

static void
quotes_watchlist_class_init (QuotesWatchlistClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_watchlist_dispose;
  object_class->finalize = quotes_watchlist_finalize;

  /**
   * QuotesWatchlist::changed:
   * @self: the list
   * @added: (nullable): the instrument that came
   * @removed: (nullable): the instrument that went
   *
   * Emitted when the list is as it will be: once for an instrument that came or went, and with two
   * %NULLs after quotes_watchlist_load().
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, QUOTES_TYPE_INSTRUMENT, QUOTES_TYPE_INSTRUMENT);
}

static void
quotes_watchlist_init (QuotesWatchlist *self)
{
  self->instruments = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_instrument_unref);
  self->by_symbol = g_hash_table_new (g_str_hash, g_str_equal);
}

QuotesWatchlist *
quotes_watchlist_new (QuotesCatalog *catalog)
{
  QuotesWatchlist *self = g_object_new (QUOTES_TYPE_WATCHLIST, NULL);

  g_return_val_if_fail (QUOTES_IS_CATALOG (catalog), NULL);

  self->catalog = g_object_ref (catalog);
  return self;
}

/* Gives a new instrument the symbol that it will have for ever: its name, or the whole text when
 * the name is taken by another one (contract 2). */
static QuotesInstrument *
settle_symbol (QuotesWatchlist *self, QuotesInstrument *instrument, gboolean *is_there)
{
  QuotesInstrument fields = *instrument;
  *is_there = FALSE;
  for (guint i = 0; i < self->instruments->len; i++)
    {
      QuotesInstrument *other = g_ptr_array_index (self->instruments, i);

      if (g_str_equal (other->text, instrument->text))
        {
          *is_there = TRUE;
          return quotes_instrument_ref (other);
        }
    }
  if (!g_hash_table_contains (self->by_symbol, instrument->symbol))
    return quotes_instrument_ref (instrument);

  fields.symbol = instrument->text;
  return quotes_instrument_new (&fields);
}

/* Returns: (transfer none) (nullable) */
static QuotesInstrument *
add (QuotesWatchlist *self, const char *text, gboolean *added, GError **error)
{
  g_autoptr (QuotesInstrument) resolved = quotes_catalog_resolve (self->catalog, text, error);
  g_autoptr (QuotesInstrument) instrument = NULL;
  gboolean is_there = FALSE;

  if (resolved == NULL)
    {
      /* The symbol of an added one, as `remove` takes it, is a name for it too. */
      QuotesInstrument *known = g_hash_table_lookup (self->by_symbol, text);

      if (known == NULL)
        return NULL;
      g_clear_error (error);
      *added = FALSE;
      return known;
    }

  instrument = settle_symbol (self, resolved, &is_there);
  *added = !is_there;
  if (is_there)
    return instrument;
  if (self->instruments->len >= QUOTES_WATCHLIST_MAX)
    {
      g_set_error (error, QUOTES_ERROR, QUOTES_ERROR_LIST_FULL,
                   "Could not add the instrument: the list has %d already", QUOTES_WATCHLIST_MAX);
      return NULL;
    }

  g_ptr_array_add (self->instruments, quotes_instrument_ref (instrument));
  g_hash_table_insert (self->by_symbol, (gpointer) instrument->symbol, instrument);
  return instrument;
}

/**
 * quotes_watchlist_load:
 * @self: a list
 * @texts: (array zero-terminated=1): instruments as the settings keep them
 *
 * Replaces the whole list. What nobody knows any more is left out, with a warning.
 */
void
quotes_watchlist_load (QuotesWatchlist *self, const char *const *texts)
{
  g_return_if_fail (QUOTES_IS_WATCHLIST (self));

  g_hash_table_remove_all (self->by_symbol);
  g_ptr_array_set_size (self->instruments, 0);
  for (guint i = 0; texts[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean added = FALSE;

      if (add (self, texts[i], &added, &error) == NULL)
        g_warning ("Left out an instrument of the settings: %s", error->message);
    }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, NULL, NULL);
}

/**
 * quotes_watchlist_add:
 * @self: a list
 * @text: `PROVIDER:NAME` or a symbol
 * @added: (out): whether it is new
 * @error: return location for a #QuotesError
 *
 * Returns: (transfer none): the instrument, in the list from now on
 */
QuotesInstrument *
quotes_watchlist_add (QuotesWatchlist *self, const char *text, gboolean *added, GError **error)
{
  QuotesInstrument *instrument = NULL;

  g_return_val_if_fail (QUOTES_IS_WATCHLIST (self), NULL);

  instrument = add (self, text, added, error);
  if (instrument != NULL && *added)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0, instrument, NULL);

  return instrument;
}

/**
 * quotes_watchlist_remove:
 *
 * Returns: whether it was there; else @error is %QUOTES_ERROR_UNKNOWN_SYMBOL
 */
gboolean
quotes_watchlist_remove (QuotesWatchlist *self, const char *symbol, GError **error)
{
  g_autoptr (QuotesInstrument) instrument = NULL;

  g_return_val_if_fail (QUOTES_IS_WATCHLIST (self), FALSE);

  instrument = g_hash_table_lookup (self->by_symbol, symbol);
  if (instrument == NULL)
    {
      g_set_error_literal (error, QUOTES_ERROR, QUOTES_ERROR_UNKNOWN_SYMBOL,
                           "Could not find the symbol in the list");
      return FALSE;
    }

  quotes_instrument_ref (instrument);
  g_hash_table_remove (self->by_symbol, instrument->symbol);
  g_ptr_array_remove (self->instruments, instrument);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, NULL, instrument);

  return TRUE;
}

/**
 * quotes_watchlist_lookup:
 *
 * Returns: (transfer none) (nullable): the instrument of this symbol
 */
QuotesInstrument *
quotes_watchlist_lookup (QuotesWatchlist *self, const char *symbol)
{
  g_return_val_if_fail (QUOTES_IS_WATCHLIST (self), NULL);

  return g_hash_table_lookup (self->by_symbol, symbol);
}

/**
 * quotes_watchlist_get_instruments:
 *
 * Returns: (transfer none) (element-type QuotesInstrument): valid until the list changes
 */
GPtrArray *
quotes_watchlist_get_instruments (QuotesWatchlist *self)
{
  g_return_val_if_fail (QUOTES_IS_WATCHLIST (self), NULL);

  return self->instruments;
}

/**
 * quotes_watchlist_dup_texts:
 *
 * Returns: (transfer full) (array zero-terminated=1): what quotes_watchlist_load() takes
 */
char **
quotes_watchlist_dup_texts (QuotesWatchlist *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (QUOTES_IS_WATCHLIST (self), NULL);

  for (guint i = 0; i < self->instruments->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (self->instruments, i);

      g_strv_builder_add (builder, instrument->text);
    }
  return g_strv_builder_end (builder);
}
