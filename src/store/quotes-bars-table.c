/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-bars-table.h"

void
quotes_bars_instrument_clear (QuotesBarsInstrument *self)
{
  g_clear_pointer (&self->symbol, g_free);
  g_clear_pointer (&self->currency, g_free);
  self->id = 0;
}

static void
clear_instrument (gpointer data)
{
  quotes_bars_instrument_clear (data);
}

static char *
dup_text (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

/* One that only a fill has named may have no currency yet. */
static QuotesBarsInstrument
make_instrument (sqlite3_stmt *statement)
{
  QuotesBarsInstrument instrument = {.id = sqlite3_column_int64 (statement, 0),
                                     .symbol = dup_text (statement, 1),
                                     .currency = dup_text (statement, 2)};

  if (instrument.currency != NULL && instrument.currency[0] == '\0')
    g_clear_pointer (&instrument.currency, g_free);
  return instrument;
}

gboolean
quotes_bars_find_instrument (QuotesDatabase *database,
                             const char *symbol,
                             QuotesBarsInstrument *instrument,
                             GError **error)
{
  sqlite3_stmt *statement = quotes_database_prepare (
    database, "SELECT id, symbol, currency FROM instruments WHERE symbol = ?1", error);
  gboolean has_row = FALSE;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, symbol, -1, SQLITE_STATIC);
  if (!quotes_database_step (database, statement, &has_row, error))
    return FALSE;
  if (has_row)
    {
      *instrument = make_instrument (statement);
      sqlite3_reset (statement);
    }
  return TRUE;
}

/* Returns: (transfer full) (nullable) (element-type QuotesBarsInstrument): those with ids from
 *   @from_id on, in their order */
GArray *
quotes_bars_load_instruments (QuotesDatabase *database, gint64 from_id, GError **error)
{
  g_autoptr (GArray) instruments = g_array_new (FALSE, FALSE, sizeof (QuotesBarsInstrument));
  sqlite3_stmt *statement = quotes_database_prepare (
    database, "SELECT id, symbol, currency FROM instruments WHERE id >= ?1 ORDER BY id", error);
  gboolean has_row = FALSE;

  g_array_set_clear_func (instruments, clear_instrument);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, from_id);
  while (quotes_database_step (database, statement, &has_row, error))
    {
      QuotesBarsInstrument instrument;

      if (!has_row)
        return g_steal_pointer (&instruments);
      instrument = make_instrument (statement);
      g_array_append_val (instruments, instrument);
    }
  return NULL;
}

/* Returns: (transfer full) (nullable) (element-type gsize utf8): their names by their ids */
GHashTable *
quotes_bars_load_sources (QuotesDatabase *database, GError **error)
{
  g_autoptr (GHashTable) sources = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  sqlite3_stmt *statement =
    quotes_database_prepare (database, "SELECT id, name FROM sources", error);
  gboolean has_row = FALSE;

  if (statement == NULL)
    return NULL;
  while (quotes_database_step (database, statement, &has_row, error))
    {
      if (!has_row)
        return g_steal_pointer (&sources);
      g_hash_table_insert (sources, GSIZE_TO_POINTER ((gsize) sqlite3_column_int64 (statement, 0)),
                           dup_text (statement, 1));
    }
  return NULL;
}

/* *start_us: of the newest bar that begins at @until_us at the latest, or QUOTES_BARS_NEVER. */
gboolean
quotes_bars_find_newest (QuotesDatabase *database,
                         QuotesInterval interval,
                         gint64 instrument_id,
                         gint64 until_us,
                         gint64 *start_us,
                         GError **error)
{
  sqlite3_stmt *statement =
    quotes_database_prepare (database,
                             "SELECT start_us FROM bars"
                             " WHERE interval = ?1 AND instrument_id = ?2 AND start_us <= ?3"
                             " ORDER BY start_us DESC LIMIT 1",
                             error);
  gboolean has_row = FALSE;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, quotes_interval_to_string (interval), -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, instrument_id);
  sqlite3_bind_int64 (statement, 3, until_us);
  if (!quotes_database_step (database, statement, &has_row, error))
    return FALSE;
  *start_us = has_row ? sqlite3_column_int64 (statement, 0) : QUOTES_BARS_NEVER;
  sqlite3_reset (statement);
  return TRUE;
}

/**
 * quotes_bars_load:
 * @from_us, @until_us: when the first and the last may begin
 * @n_bars: how many there may be; -1 = all
 * @sources: what quotes_bars_load_sources() gave, and what the bars then point into
 * @bars: (element-type QuotesBar): they are appended, the oldest first
 */
gboolean
quotes_bars_load (QuotesDatabase *database,
                  QuotesInterval interval,
                  gint64 instrument_id,
                  gint64 from_us,
                  gint64 until_us,
                  gint64 n_bars,
                  GHashTable *sources,
                  GArray *bars,
                  GError **error)
{
  sqlite3_stmt *statement = quotes_database_prepare (
    database,
    "SELECT start_us, open, high, low, close, source_id, is_roll FROM bars"
    " WHERE interval = ?1 AND instrument_id = ?2 AND start_us BETWEEN ?3 AND ?4"
    " ORDER BY start_us LIMIT ?5",
    error);
  gboolean has_row = FALSE;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, quotes_interval_to_string (interval), -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, instrument_id);
  sqlite3_bind_int64 (statement, 3, from_us);
  sqlite3_bind_int64 (statement, 4, until_us);
  sqlite3_bind_int64 (statement, 5, n_bars);
  while (quotes_database_step (database, statement, &has_row, error))
    {
      QuotesBar bar = {0};
      gsize source_id = 0;

      if (!has_row)
        return TRUE;
      source_id = (gsize) sqlite3_column_int64 (statement, 5);
      bar.start_us = sqlite3_column_int64 (statement, 0);
      bar.open = sqlite3_column_double (statement, 1);
      bar.high = sqlite3_column_double (statement, 2);
      bar.low = sqlite3_column_double (statement, 3);
      bar.close = sqlite3_column_double (statement, 4);
      bar.source = g_hash_table_lookup (sources, GSIZE_TO_POINTER (source_id));
      bar.is_roll = sqlite3_column_int (statement, 6) != 0;
      g_array_append_val (bars, bar);
    }
  return FALSE;
}
