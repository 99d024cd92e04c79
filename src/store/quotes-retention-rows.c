/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-retention-rows.h"

#include "quotes-bars-table.h"

/* *number: of the first row; 0 = there is none. @statement may be %NULL, which failed before. */
gboolean
quotes_retention_ask (QuotesDatabase *database,
                      sqlite3_stmt *statement,
                      gint64 *number,
                      GError **error)
{
  gboolean has_row = FALSE;

  if (statement == NULL || !quotes_database_step (database, statement, &has_row, error))
    return FALSE;
  *number = has_row ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return TRUE;
}

/* @sql: of one number */
gboolean
quotes_retention_ask_for (QuotesDatabase *database, const char *sql, gint64 *number, GError **error)
{
  return quotes_retention_ask (database, quotes_database_prepare (database, sql, error), number,
                               error);
}

/* Versions whose prices are gone say nothing any more; neither do those that came before. The
 * newest one stays. */
static gboolean
delete_versions (QuotesDatabase *database, GError **error)
{
  static const char *const statements[] = {
    "DELETE FROM versions WHERE run <"
    " ifnull((SELECT run FROM ticks ORDER BY id LIMIT 1), (SELECT max(run) FROM versions))",
    "DELETE FROM versions WHERE run ="
    " ifnull((SELECT run FROM ticks ORDER BY id LIMIT 1), (SELECT max(run) FROM versions))"
    " AND version < ifnull((SELECT version FROM ticks ORDER BY id LIMIT 1),"
    "  (SELECT version FROM versions ORDER BY run DESC, version DESC LIMIT 1))",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      sqlite3_stmt *statement = quotes_database_prepare (database, statements[i], error);

      if (statement == NULL || !quotes_database_run (database, statement, error))
        return FALSE;
    }
  return TRUE;
}

/* Those with ids up to @until_id; *n_deleted grows. */
gboolean
quotes_retention_delete_ticks (QuotesDatabase *database,
                               gint64 until_id,
                               gint64 *n_deleted,
                               GError **error)
{
  sqlite3_stmt *statement =
    quotes_database_prepare (database, "DELETE FROM ticks WHERE id <= ?1", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, until_id);
  if (!quotes_database_run (database, statement, error))
    return FALSE;
  *n_deleted += sqlite3_changes (quotes_database_get_handle (database));
  return delete_versions (database, error);
}

/* *id: of the oldest single price; 0 = there is none */
gboolean
quotes_retention_find_oldest_tick (QuotesDatabase *database, gint64 *id, GError **error)
{
  return quotes_retention_ask_for (database, "SELECT id FROM ticks ORDER BY id LIMIT 1", id, error);
}

static void
bind_bars (sqlite3_stmt *statement, QuotesInterval interval, gint64 instrument_id)
{
  sqlite3_bind_text (statement, 1, quotes_interval_to_string (interval), -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, instrument_id);
}

/* The oldest @n_rows of those that begin before @cutoff_us; *n_deleted grows. */
gboolean
quotes_retention_delete_bars (QuotesDatabase *database,
                              QuotesInterval interval,
                              gint64 instrument_id,
                              gint64 cutoff_us,
                              gint64 n_rows,
                              gint64 *n_deleted,
                              GError **error)
{
  sqlite3_stmt *statement = quotes_database_prepare (
    database,
    "DELETE FROM bars WHERE interval = ?1 AND instrument_id = ?2 AND start_us < ?3"
    " AND start_us < ifnull((SELECT start_us FROM bars WHERE interval = ?1 AND instrument_id = ?2"
    "  ORDER BY start_us LIMIT 1 OFFSET ?4), ?3)",
    error);

  if (statement == NULL)
    return FALSE;
  bind_bars (statement, interval, instrument_id);
  sqlite3_bind_int64 (statement, 3, cutoff_us);
  sqlite3_bind_int64 (statement, 4, n_rows);
  if (!quotes_database_run (database, statement, error))
    return FALSE;
  *n_deleted += sqlite3_changes (quotes_database_get_handle (database));
  return TRUE;
}

/* *start_us: of the oldest bar, or QUOTES_BARS_NEVER */
gboolean
quotes_retention_find_oldest_bar (QuotesDatabase *database,
                                  QuotesInterval interval,
                                  gint64 instrument_id,
                                  gint64 *start_us,
                                  GError **error)
{
  sqlite3_stmt *statement =
    quotes_database_prepare (database,
                             "SELECT ifnull(min(start_us), -9223372036854775808) FROM bars"
                             " WHERE interval = ?1 AND instrument_id = ?2",
                             error);

  if (statement == NULL)
    return FALSE;
  bind_bars (statement, interval, instrument_id);
  return quotes_retention_ask (database, statement, start_us, error);
}
