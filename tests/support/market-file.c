/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "market-file.h"

#include "remove-tree.h"

void
market_file_set_up (MarketFile *self, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  self->dir = g_dir_make_tmp ("marketwell-market-XXXXXX", NULL);
  path = g_build_filename (self->dir, "market.db", NULL);
  self->database = quotes_database_open (path, &quotes_schema_market, &error);
  g_assert_no_error (error);
  self->reader = quotes_database_open_reader (path, &quotes_schema_market, &error);
  g_assert_no_error (error);
  market_file_execute (self, "INSERT INTO runs VALUES (1, '0000002a', 0)");
}

void
market_file_tear_down (MarketFile *self, G_GNUC_UNUSED gconstpointer user_data)
{
  g_clear_pointer (&self->reader, quotes_database_close);
  g_clear_pointer (&self->database, quotes_database_close);
  remove_tree (self->dir);
  g_free (self->dir);
}

void
market_file_execute (MarketFile *self, const char *sql)
{
  g_autoptr (GError) error = NULL;

  quotes_database_execute (self->database, sql, &error);
  g_assert_no_error (error);
}

/* Returns: the only number of the only row */
gint64
market_file_ask (MarketFile *self, const char *sql)
{
  g_autoptr (GError) error = NULL;
  sqlite3_stmt *statement = quotes_database_prepare (self->database, sql, &error);
  gboolean has_row = FALSE;
  gint64 number = 0;

  g_assert_no_error (error);
  quotes_database_step (self->database, statement, &has_row, &error);
  g_assert_no_error (error);
  g_assert_true (has_row);
  number = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return number;
}

static gint64
find_id (MarketFile *self, const char *sql, const char *name)
{
  sqlite3_stmt *statement = quotes_database_prepare (self->database, sql, NULL);
  gboolean has_row = FALSE;
  gint64 id = 0;

  sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
  g_assert_true (quotes_database_step (self->database, statement, &has_row, NULL));
  id = has_row ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return id;
}

gint64
market_file_add_source (MarketFile *self, const char *name)
{
  g_autofree char *sql =
    g_strdup_printf ("INSERT OR IGNORE INTO sources (name) VALUES ('%s')", name);

  market_file_execute (self, sql);
  return find_id (self, "SELECT id FROM sources WHERE name = ?1", name);
}

gint64
market_file_add_instrument (MarketFile *self, const char *symbol, gint64 fetched_us)
{
  g_autofree char *sql =
    g_strdup_printf ("INSERT INTO instruments (symbol, instrument, name, asset_class, currency)"
                     " VALUES ('%s', 'yahoo:%s', '%s', 'other', 'USD')",
                     symbol, symbol, symbol);
  gint64 id = 0;

  market_file_execute (self, sql);
  id = find_id (self, "SELECT id FROM instruments WHERE symbol = ?1", symbol);
  if (fetched_us != 0)
    {
      g_autofree char *quote = g_strdup_printf (
        "INSERT INTO quotes (instrument_id, price, fetched_us, source_id, is_delayed,"
        " delay_minutes, feed_delay_minutes, provider_symbol, market_state, decimals)"
        " VALUES (%" G_GINT64_FORMAT ", 1, %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT
        ", 0, 0, 0, '%s', 'unknown', 2)",
        id, fetched_us, market_file_add_source (self, "yahoo"), symbol);

      market_file_execute (self, quote);
    }
  return id;
}

void
market_file_add_bar (MarketFile *self,
                     const char *symbol,
                     QuotesInterval interval,
                     gint64 start_us,
                     double price)
{
  sqlite3_stmt *statement = NULL;
  gint64 source_id = market_file_add_source (self, "yahoo");

  statement = quotes_database_prepare (
    self->database,
    "INSERT INTO bars SELECT ?1, id, ?3, ?4, ?4 + 1, ?4 - 1, ?4, ?5, 0 FROM instruments"
    " WHERE symbol = ?2",
    NULL);
  sqlite3_bind_text (statement, 1, quotes_interval_to_string (interval), -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, symbol, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, start_us);
  sqlite3_bind_double (statement, 4, price);
  sqlite3_bind_int64 (statement, 5, source_id);
  g_assert_true (quotes_database_run (self->database, statement, NULL));
  g_assert_cmpint (sqlite3_changes (quotes_database_get_handle (self->database)), ==, 1);
}

/* Each is a version by itself, of the first run. */
void
market_file_add_tick (MarketFile *self, const char *symbol, gint64 at_us, double price)
{
  sqlite3_stmt *statement = NULL;
  gint64 source_id = market_file_add_source (self, "yahoo");

  statement = quotes_database_prepare (
    self->database,
    "INSERT INTO ticks (run, version, instrument_id, at_us, price, source_id, is_roll)"
    " SELECT 1, (SELECT coalesce(max(version), 0) + 1 FROM versions WHERE run = 1), id, ?2, ?3, ?4,"
    " 0 FROM instruments WHERE symbol = ?1",
    NULL);
  sqlite3_bind_text (statement, 1, symbol, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, at_us);
  sqlite3_bind_double (statement, 3, price);
  sqlite3_bind_int64 (statement, 4, source_id);
  g_assert_true (quotes_database_run (self->database, statement, NULL));
  g_assert_cmpint (sqlite3_changes (quotes_database_get_handle (self->database)), ==, 1);
  market_file_execute (self, "INSERT INTO versions SELECT run, version, at_us, 1 FROM ticks"
                             " WHERE id = last_insert_rowid()");
}
