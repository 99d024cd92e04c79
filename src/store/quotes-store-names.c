/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-store-names.h"

#include "quotes-quotes-table.h"

struct _QuotesStoreNames
{
  GHashTable *instruments; /* (owned) (element-type utf8 QuotesStoreInstrument) by symbol */
  GHashTable *sources;     /* (owned) (element-type utf8 gint64) by name */
};

static void
instrument_free (gpointer data)
{
  QuotesStoreInstrument *self = data;

  g_free (self->instrument);
  g_free (self->name);
  g_free (self->asset_class);
  g_free (self->currency);
  g_free (self->contract);
  g_free (self);
}

QuotesStoreNames *
quotes_store_names_new (void)
{
  QuotesStoreNames *self = g_new0 (QuotesStoreNames, 1);

  self->instruments = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, instrument_free);
  self->sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
quotes_store_names_free (QuotesStoreNames *self)
{
  g_hash_table_unref (self->instruments);
  g_hash_table_unref (self->sources);
  g_free (self);
}

void
quotes_store_names_forget (QuotesStoreNames *self)
{
  g_hash_table_remove_all (self->instruments);
  g_hash_table_remove_all (self->sources);
}

/* The first row of @statement, of which one column is a number; 0 = there is none. */
gboolean
quotes_store_find_id (QuotesDatabase *database, sqlite3_stmt *statement, gint64 *id, GError **error)
{
  gboolean has_row = FALSE;

  if (!quotes_database_step (database, statement, &has_row, error))
    return FALSE;
  *id = has_row ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return TRUE;
}

/* Returns: the id of the source; 0 = error */
gint64
quotes_store_names_ensure_source (QuotesStoreNames *self,
                                  QuotesDatabase *database,
                                  const char *name,
                                  GError **error)
{
  const gint64 *known = g_hash_table_lookup (self->sources, name);
  sqlite3_stmt *statement = NULL;
  gint64 id = 0;

  if (known != NULL)
    return *known;

  statement =
    quotes_database_prepare (database, "INSERT OR IGNORE INTO sources (name) VALUES (?1)", error);
  if (statement == NULL)
    return 0;
  quotes_bind_text (statement, 1, name);
  if (!quotes_database_run (database, statement, error))
    return 0;
  statement = quotes_database_prepare (database, "SELECT id FROM sources WHERE name = ?1", error);
  if (statement == NULL)
    return 0;
  quotes_bind_text (statement, 1, name);
  if (!quotes_store_find_id (database, statement, &id, error))
    return 0;
  g_hash_table_insert (self->sources, g_strdup (name), g_memdup2 (&id, sizeof id));
  return id;
}

static gboolean
insert_instrument (QuotesDatabase *database, const QuotesQuote *quote, GError **error)
{
  sqlite3_stmt *statement = quotes_database_prepare (
    database,
    "INSERT INTO instruments (symbol, instrument, name, asset_class, currency)"
    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    error);

  if (statement == NULL)
    return FALSE;
  quotes_bind_text (statement, 1, quote->symbol);
  quotes_bind_text (statement, 2, quote->instrument);
  quotes_bind_text (statement, 3, quote->name);
  quotes_bind_text (statement, 4, quotes_asset_class_to_string (quote->asset_class));
  quotes_bind_text (statement, 5, quote->currency);
  return quotes_database_run (database, statement, error);
}

/* Returns: (transfer none) (nullable): %NULL = error */
QuotesStoreInstrument *
quotes_store_names_ensure_instrument (QuotesStoreNames *self,
                                      QuotesDatabase *database,
                                      const QuotesQuote *quote,
                                      GError **error)
{
  QuotesStoreInstrument *known = g_hash_table_lookup (self->instruments, quote->symbol);
  sqlite3_stmt *statement = NULL;
  gboolean has_row = FALSE;

  if (known != NULL)
    return known;

  if (!insert_instrument (database, quote, error))
    return NULL;
  statement = quotes_database_prepare (database,
                                       "SELECT id, instrument, name, asset_class, currency,"
                                       " contract FROM instruments WHERE symbol = ?1",
                                       error);
  if (statement == NULL)
    return NULL;
  quotes_bind_text (statement, 1, quote->symbol);
  if (!quotes_database_step (database, statement, &has_row, error))
    return NULL;
  if (!has_row)
    {
      g_set_error (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_FAILED,
                   "Could not find “%s” in market.db, where it was put just now", quote->symbol);
      return NULL;
    }

  known = g_new0 (QuotesStoreInstrument, 1);
  known->id = sqlite3_column_int64 (statement, 0);
  known->instrument = g_strdup (quotes_column_text (statement, 1));
  known->name = g_strdup (quotes_column_text (statement, 2));
  known->asset_class = g_strdup (quotes_column_text (statement, 3));
  known->currency = g_strdup (quotes_column_text (statement, 4));
  known->contract = g_strdup (quotes_column_text (statement, 5));
  sqlite3_reset (statement);
  g_hash_table_insert (self->instruments, g_strdup (quote->symbol), known);
  return known;
}

static void
replace_text (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

/* A provider that says nothing of the contract now has not said that there is none. */
gboolean
quotes_store_names_update_instrument (QuotesDatabase *database,
                                      QuotesStoreInstrument *known,
                                      const QuotesQuote *quote,
                                      GError **error)
{
  const char *asset_class = quotes_asset_class_to_string (quote->asset_class);
  const char *contract = quote->contract != NULL ? quote->contract : known->contract;
  sqlite3_stmt *statement = NULL;

  if (g_strcmp0 (known->instrument, quote->instrument) == 0 &&
      g_strcmp0 (known->name, quote->name) == 0 &&
      g_strcmp0 (known->asset_class, asset_class) == 0 &&
      g_strcmp0 (known->currency, quote->currency) == 0 &&
      g_strcmp0 (known->contract, contract) == 0)
    return TRUE;

  statement = quotes_database_prepare (database,
                                       "UPDATE instruments SET instrument = ?2, name = ?3,"
                                       " asset_class = ?4, currency = ?5, contract = ?6"
                                       " WHERE id = ?1",
                                       error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, known->id);
  quotes_bind_text (statement, 2, quote->instrument);
  quotes_bind_text (statement, 3, quote->name);
  quotes_bind_text (statement, 4, asset_class);
  quotes_bind_text (statement, 5, quote->currency);
  quotes_bind_text (statement, 6, contract);
  if (!quotes_database_run (database, statement, error))
    return FALSE;

  if (contract != known->contract)
    replace_text (&known->contract, contract);
  replace_text (&known->instrument, quote->instrument);
  replace_text (&known->name, quote->name);
  replace_text (&known->asset_class, asset_class);
  replace_text (&known->currency, quote->currency);
  return TRUE;
}
