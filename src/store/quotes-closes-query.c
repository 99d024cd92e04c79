/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-closes-query.h"

#include "quotes-bars-table.h"
#include "quotes-history-query.h"

/* A curve so small shows no more, and each point is looked up in the table by itself. */
#define POINTS_MAX 200

#define MINUTE_US (60 * G_GINT64_CONSTANT (1000000))

/* The lengths of bars that tell of a day, and from the start of each to the minute of its close. */
static const struct
{
  QuotesInterval interval;
  gint64 close_us;
} lengths[] = {
  {QUOTES_INTERVAL_MINUTE, 0},
  {QUOTES_INTERVAL_HOUR, 59 * MINUTE_US},
};

/* One instrument's last day; times are those of closes. */
typedef struct
{
  gint64 instrument_id;
  gint64 first_us;
  gint64 last_us;
} Day;

/* *last_us: of the newest bar; an hour of which there are minutes already is not over. */
static gboolean
find_last (QuotesDatabase *database, Day *day, gint64 end_us, GError **error)
{
  gint64 minute_us = 0;
  gint64 hour_us = 0;

  if (!quotes_bars_find_newest (database, QUOTES_INTERVAL_MINUTE, day->instrument_id, end_us,
                                &minute_us, error) ||
      !quotes_bars_find_newest (database, QUOTES_INTERVAL_HOUR, day->instrument_id, end_us,
                                &hour_us, error))
    return FALSE;
  day->last_us = hour_us > minute_us ? hour_us + lengths[1].close_us : minute_us;
  return TRUE;
}

static gboolean
find_first (QuotesDatabase *database, Day *day, GError **error)
{
  gint64 from_us = day->last_us - quotes_range_get_us (QUOTES_RANGE_1D) + 1;

  day->first_us = day->last_us;
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      sqlite3_stmt *statement =
        quotes_database_prepare (database,
                                 "SELECT start_us FROM bars WHERE interval = ?1"
                                 " AND instrument_id = ?2 AND start_us BETWEEN ?3 AND ?4"
                                 " ORDER BY start_us LIMIT 1",
                                 error);
      gboolean has_row = FALSE;

      if (statement == NULL)
        return FALSE;
      sqlite3_bind_text (statement, 1, quotes_interval_to_string (lengths[i].interval), -1,
                         SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 2, day->instrument_id);
      sqlite3_bind_int64 (statement, 3, from_us - lengths[i].close_us);
      sqlite3_bind_int64 (statement, 4, day->last_us - lengths[i].close_us);
      if (!quotes_database_step (database, statement, &has_row, error))
        return FALSE;
      if (has_row)
        day->first_us =
          MIN (day->first_us, sqlite3_column_int64 (statement, 0) + lengths[i].close_us);
      sqlite3_reset (statement);
    }
  return TRUE;
}

/* The last close after @from_us and at @until_us at the latest. */
static gboolean
append_close (QuotesDatabase *database,
              const Day *day,
              gint64 from_us,
              gint64 until_us,
              GArray *closes,
              GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      sqlite3_stmt *statement =
        quotes_database_prepare (database,
                                 "SELECT close FROM bars WHERE interval = ?1"
                                 " AND instrument_id = ?2 AND start_us > ?3 AND start_us <= ?4"
                                 " ORDER BY start_us DESC LIMIT 1",
                                 error);
      gboolean has_row = FALSE;

      if (statement == NULL)
        return FALSE;
      sqlite3_bind_text (statement, 1, quotes_interval_to_string (lengths[i].interval), -1,
                         SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 2, day->instrument_id);
      sqlite3_bind_int64 (statement, 3, from_us - lengths[i].close_us);
      sqlite3_bind_int64 (statement, 4, until_us - lengths[i].close_us);
      if (!quotes_database_step (database, statement, &has_row, error))
        return FALSE;
      if (has_row)
        {
          double close = sqlite3_column_double (statement, 0);

          sqlite3_reset (statement);
          g_array_append_val (closes, close);
          return TRUE;
        }
    }
  return TRUE;
}

/* The time is cut into as many slots as there may be points, and each slot in which something was
 * recorded has its last close: a curve without times has to be even. An hour stands for a slot in
 * which no minute is known. */
static GArray *
read_day (QuotesDatabase *database, const Day *day, guint n_points, GError **error)
{
  g_autoptr (GArray) closes = g_array_new (FALSE, FALSE, sizeof (double));
  gint64 span_us = day->last_us - day->first_us + MINUTE_US;
  gint64 slot_us = MAX (MINUTE_US, (span_us + n_points - 1) / n_points);

  for (gint64 from_us = day->first_us - 1; from_us < day->last_us; from_us += slot_us)
    if (!append_close (database, day, from_us, MIN (from_us + slot_us, day->last_us), closes,
                       error))
      return NULL;
  return g_steal_pointer (&closes);
}

/* Returns: (transfer full) (nullable) (element-type gint64 utf8): what is watched now; the ids are
 *   in the keys */
static GHashTable *
load_watched (QuotesDatabase *database, GError **error)
{
  g_autoptr (GHashTable) symbols = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  sqlite3_stmt *statement =
    quotes_database_prepare (database,
                             "SELECT instruments.id, instruments.symbol FROM quotes"
                             " JOIN instruments ON instruments.id = quotes.instrument_id",
                             error);
  gboolean has_row = FALSE;

  if (statement == NULL)
    return NULL;
  while (quotes_database_step (database, statement, &has_row, error))
    {
      if (!has_row)
        return g_steal_pointer (&symbols);
      g_hash_table_insert (symbols, GSIZE_TO_POINTER ((gsize) sqlite3_column_int64 (statement, 0)),
                           g_strdup ((const char *) sqlite3_column_text (statement, 1)));
    }
  return NULL;
}

static void
unref_closes (gpointer data)
{
  g_array_unref (data);
}

static GHashTable *
read_all (QuotesDatabase *database, guint n_points, gint64 now_us, GError **error)
{
  g_autoptr (GHashTable) closes =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_closes);
  g_autoptr (GHashTable) symbols = load_watched (database, error);
  GHashTableIter iter;
  gpointer id = NULL;
  gpointer symbol = NULL;

  if (symbols == NULL)
    return NULL;
  g_hash_table_iter_init (&iter, symbols);
  while (g_hash_table_iter_next (&iter, &id, &symbol))
    {
      Day day = {.instrument_id = (gint64) GPOINTER_TO_SIZE (id)};
      gint64 end_us = 0;
      GArray *found = NULL;

      if (!quotes_history_query_find_end (database, day.instrument_id, now_us, &end_us, error) ||
          !find_last (database, &day, end_us, error))
        return NULL;
      if (day.last_us == QUOTES_BARS_NEVER)
        continue;
      found =
        find_first (database, &day, error) ? read_day (database, &day, n_points, error) : NULL;
      if (found == NULL)
        return NULL;
      g_hash_table_insert (closes, g_strdup (symbol), found);
    }
  return g_steal_pointer (&closes);
}

/**
 * quotes_closes_query_read:
 * @database: `market.db`
 * @n_points: how many closes each may have at most
 * @now_us: real time
 * @error: return location for a #QuotesStoreError or %G_IO_ERROR_CANCELLED
 *
 * The last day of all that is watched, each counted back from its own newest bar.
 *
 * Returns: (transfer full) (nullable) (element-type utf8 GArray(double)): by symbol the closes, the
 *   oldest first, evenly spread but for holes
 */
GHashTable *
quotes_closes_query_read (QuotesDatabase *database, guint n_points, gint64 now_us, GError **error)
{
  GHashTable *closes = NULL;

  if (!quotes_database_execute (database, "BEGIN", error))
    return NULL;
  closes = read_all (database, CLAMP (n_points, 1, POINTS_MAX), now_us, error);
  quotes_database_roll_back (database);
  return closes;
}
