/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-fill.h"

#include "quotes-bars-table.h"

#include <math.h>
#include <string.h>

/* A bar may begin that much later than now: the clocks of others differ, and so do their days. */
#define FUTURE_LIMIT_US (86400 * G_GINT64_CONSTANT (1000000))

/* One fill on its way. */
typedef struct
{
  QuotesDatabase *database; /* (unowned) */
  gint64 instrument_id;
  GHashTable *sources; /* (owned) (element-type gsize utf8): names by their ids */
  QuotesInterval interval;
} Fill;

/* A row of the table, or what several rows are together. */
typedef struct
{
  guint n_rows; /* 0 = the rest says nothing */
  double open;
  double high;
  double low;
  double close;
  gint64 source_id;
  gboolean is_roll;
} Row;

/* A history from elsewhere says so by a colon: `yahoo:chart`. */
static gboolean
is_filled (const Fill *fill, gint64 source_id)
{
  const char *name = g_hash_table_lookup (fill->sources, GSIZE_TO_POINTER ((gsize) source_id));

  return name != NULL && strchr (name, ':') != NULL;
}

static gboolean
ensure_source (Fill *fill, const char *name, gint64 *source_id, GError **error)
{
  GHashTableIter iter;
  gpointer id = NULL;
  gpointer known = NULL;
  sqlite3_stmt *statement = NULL;

  g_hash_table_iter_init (&iter, fill->sources);
  while (g_hash_table_iter_next (&iter, &id, &known))
    if (g_str_equal (known, name))
      {
        *source_id = (gint64) GPOINTER_TO_SIZE (id);
        return TRUE;
      }

  statement =
    quotes_database_prepare (fill->database, "INSERT INTO sources (name) VALUES (?1)", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, name, -1, SQLITE_TRANSIENT);
  if (!quotes_database_run (fill->database, statement, error))
    return FALSE;
  *source_id = sqlite3_last_insert_rowid (quotes_database_get_handle (fill->database));
  g_hash_table_insert (fill->sources, GSIZE_TO_POINTER ((gsize) *source_id), g_strdup (name));
  return TRUE;
}

/* Adds what comes after. What was recorded names the whole. */
static void
fold (const Fill *fill, Row *self, const Row *next)
{
  if (self->n_rows == 0)
    {
      *self = *next;
      return;
    }
  self->n_rows += next->n_rows;
  self->high = MAX (self->high, next->high);
  self->low = MIN (self->low, next->low);
  self->close = next->close;
  self->is_roll |= next->is_roll;
  if (is_filled (fill, self->source_id))
    self->source_id = next->source_id;
}

/* *row: what all bars of @interval are together that begin in these @span_us. */
static gboolean
read_rows (const Fill *fill,
           QuotesInterval interval,
           gint64 start_us,
           gint64 span_us,
           Row *row,
           GError **error)
{
  sqlite3_stmt *statement =
    quotes_database_prepare (fill->database,
                             "SELECT open, high, low, close, source_id, is_roll FROM bars"
                             " WHERE interval = ?1 AND instrument_id = ?2"
                             " AND start_us >= ?3 AND start_us < ?4 ORDER BY start_us",
                             error);
  gboolean has_row = FALSE;

  *row = (Row){0};
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, quotes_interval_to_string (interval), -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, fill->instrument_id);
  sqlite3_bind_int64 (statement, 3, start_us);
  sqlite3_bind_int64 (statement, 4, start_us + span_us);
  while (quotes_database_step (fill->database, statement, &has_row, error))
    {
      Row next = {.n_rows = 1};

      if (!has_row)
        return TRUE;
      next.open = sqlite3_column_double (statement, 0);
      next.high = sqlite3_column_double (statement, 1);
      next.low = sqlite3_column_double (statement, 2);
      next.close = sqlite3_column_double (statement, 3);
      next.source_id = sqlite3_column_int64 (statement, 4);
      next.is_roll = sqlite3_column_int (statement, 5) != 0;
      fold (fill, row, &next);
    }
  return FALSE;
}

static gboolean
write_row (const Fill *fill,
           QuotesInterval interval,
           gint64 start_us,
           const Row *row,
           GError **error)
{
  sqlite3_stmt *statement = quotes_database_prepare (
    fill->database,
    "INSERT OR REPLACE INTO bars (interval, instrument_id, start_us, open, high, low, close,"
    " source_id, is_roll) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, quotes_interval_to_string (interval), -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, fill->instrument_id);
  sqlite3_bind_int64 (statement, 3, start_us);
  sqlite3_bind_double (statement, 4, row->open);
  sqlite3_bind_double (statement, 5, row->high);
  sqlite3_bind_double (statement, 6, row->low);
  sqlite3_bind_double (statement, 7, row->close);
  sqlite3_bind_int64 (statement, 8, row->source_id);
  sqlite3_bind_int (statement, 9, row->is_roll != 0);
  return quotes_database_run (fill->database, statement, error);
}

/* What was recorded stays; what was filled in before may have been an hour that was not over. */
static gboolean
write_bar (Fill *fill, const QuotesBar *bar, GError **error)
{
  gint64 interval_us = quotes_interval_get_us (fill->interval);
  Row known = {0};
  Row row = {1, bar->open, bar->high, bar->low, bar->close, 0, bar->is_roll};

  if (!read_rows (fill, fill->interval, bar->start_us, interval_us, &known, error))
    return FALSE;
  if (known.n_rows > 0 && !is_filled (fill, known.source_id))
    return TRUE;
  row.is_roll |= known.is_roll;
  return ensure_source (fill, bar->source, &row.source_id, error) &&
         write_row (fill, fill->interval, bar->start_us, &row, error);
}

/**
 * update_row:
 * @before: what the shorter bars of its time were together before the fill
 * @after: what they are together now
 *
 * A longer bar may know more than the shorter ones that are left: those are deleted earlier, and it
 * may have been filled in by itself. Its open and close follow theirs only if they did before,
 * which says that it knows no other. So the same fill changes nothing the second time.
 */
static gboolean
update_row (const Fill *fill,
            QuotesInterval interval,
            gint64 start_us,
            const Row *before,
            const Row *after,
            GError **error)
{
  Row known = {0};
  Row row = *after;

  if (after->n_rows == 0)
    return TRUE;
  if (!read_rows (fill, interval, start_us, quotes_interval_get_us (interval), &known, error))
    return FALSE;
  if (known.n_rows > 0)
    {
      row.open = before->n_rows > 0 && before->open == known.open ? after->open : known.open;
      row.close = before->n_rows > 0 && before->close == known.close ? after->close : known.close;
      row.high = MAX (known.high, after->high);
      row.low = MIN (known.low, after->low);
      row.is_roll = known.is_roll || after->is_roll;
      row.source_id = known.source_id;
    }
  return write_row (fill, interval, start_us, &row, error);
}

/* The bars that begin in one bar of @interval: written, and folded up to it from the bottom on. */
static gboolean
write_bars (Fill *fill,
            QuotesInterval interval,
            const QuotesBar *bars,
            guint n_bars,
            GError **error)
{
  gint64 interval_us = quotes_interval_get_us (interval);
  QuotesInterval shorter = (QuotesInterval) ((int) interval - 1);
  guint n_done = 0;

  while (n_done < n_bars)
    {
      gint64 start_us = bars[n_done].start_us - bars[n_done].start_us % interval_us;
      guint n = 1;
      Row before = {0};
      Row after = {0};

      while (n_done + n < n_bars && bars[n_done + n].start_us - start_us < interval_us)
        n++;
      if (interval == fill->interval)
        {
          if (!write_bar (fill, &bars[n_done], error))
            return FALSE;
        }
      else if (!read_rows (fill, shorter, start_us, interval_us, &before, error) ||
               !write_bars (fill, shorter, &bars[n_done], n, error) ||
               !read_rows (fill, shorter, start_us, interval_us, &after, error) ||
               !update_row (fill, interval, start_us, &before, &after, error))
        return FALSE;
      n_done += n;
    }
  return TRUE;
}

static gboolean
is_good (const QuotesBar *bar, gint64 now_us)
{
  return isfinite (bar->open) && isfinite (bar->high) && isfinite (bar->low) &&
         isfinite (bar->close) && bar->low <= MIN (bar->open, bar->close) &&
         bar->high >= MAX (bar->open, bar->close) && bar->start_us >= 0 &&
         bar->start_us <= now_us + FUTURE_LIMIT_US && bar->source != NULL &&
         strchr (bar->source, ':') != NULL;
}

/* Returns: (transfer full) (element-type QuotesBar): the good ones, each begun at a multiple of the
 *   interval. Some exchanges open at half past, and a provider's last bar begins now: those of one
 *   interval are one. */
static GArray *
align (const QuotesHistory *history, gint64 now_us)
{
  GArray *bars = g_array_sized_new (FALSE, FALSE, sizeof (QuotesBar), history->bars->len);
  gint64 interval_us = quotes_interval_get_us (history->interval);

  for (guint i = 0; i < history->bars->len; i++)
    {
      QuotesBar bar = g_array_index (history->bars, QuotesBar, i);
      QuotesBar *last = bars->len > 0 ? &g_array_index (bars, QuotesBar, bars->len - 1) : NULL;

      if (!is_good (&bar, now_us))
        continue;
      bar.start_us -= bar.start_us % interval_us;
      if (last != NULL && bar.start_us == last->start_us)
        {
          last->high = MAX (last->high, bar.high);
          last->low = MIN (last->low, bar.low);
          last->close = bar.close;
          last->is_roll |= bar.is_roll;
        }
      else if (last == NULL || bar.start_us > last->start_us)
        {
          g_array_append_val (bars, bar);
        }
    }
  return bars;
}

/* One that has no price yet is named by its symbol alone; the first price says the rest. */
static gboolean
ensure_instrument (QuotesDatabase *database,
                   const QuotesHistory *history,
                   QuotesBarsInstrument *instrument,
                   GError **error)
{
  sqlite3_stmt *statement =
    quotes_database_prepare (database,
                             "INSERT INTO instruments (symbol, instrument, name, asset_class,"
                             " currency) VALUES (?1, '', ?1, 'other', ?2) ON CONFLICT DO NOTHING",
                             error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, history->symbol, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, history->currency != NULL ? history->currency : "", -1,
                     SQLITE_STATIC);
  if (!quotes_database_run (database, statement, error) ||
      !quotes_bars_find_instrument (database, history->symbol, instrument, error))
    return FALSE;
  if (history->currency == NULL || instrument->currency == NULL ||
      g_str_equal (history->currency, instrument->currency))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "Could not fill in the history of %s: it is in %s, and this is in %s",
               history->symbol, instrument->currency, history->currency);
  return FALSE;
}

static gboolean
write_all (QuotesDatabase *database, const QuotesHistory *history, GArray *bars, GError **error)
{
  g_auto (QuotesBarsInstrument) instrument = {0};
  g_autoptr (GHashTable) sources = quotes_bars_load_sources (database, error);
  Fill fill = {database, 0, sources, history->interval};

  if (sources == NULL || !ensure_instrument (database, history, &instrument, error))
    return FALSE;
  fill.instrument_id = instrument.id;
  return write_bars (&fill, QUOTES_INTERVAL_DAY, (gconstpointer) bars->data, bars->len, error);
}

/**
 * quotes_fill_write:
 * @database: `market.db`, to write
 * @history: bars from elsewhere, QUOTES_FILL_BARS_MAX at most, each with a source that has a colon;
 *   those that are no bars are left out: prices that are not finite or not between low and high,
 * times before 1970 or more than a day ahead
 * @now_us: real time
 * @error: return location for a #QuotesStoreError, or a #GIOError for a history that nobody could
 *   fill in: of single prices, too long, or in another currency
 *
 * Fills holes: a bar that was recorded stays as it is, one that was filled in is replaced. Then the
 * longer bars are brought up to date, level by level: high and low are extended, open and close
 * become those of the first and the last of the shorter ones, unless the longer one knows more than
 * them. All in one transaction. The same fill again changes nothing.
 */
gboolean
quotes_fill_write (QuotesDatabase *database,
                   const QuotesHistory *history,
                   gint64 now_us,
                   GError **error)
{
  g_autoptr (GArray) bars = NULL;

  if (history->interval == QUOTES_INTERVAL_TICK || history->bars->len > QUOTES_FILL_BARS_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "Could not fill in the history of %s: %u bars of %s", history->symbol,
                   history->bars->len, quotes_interval_to_string (history->interval));
      return FALSE;
    }

  bars = align (history, now_us);
  if (!quotes_database_begin (database, error))
    return FALSE;
  if (write_all (database, history, bars, error))
    return quotes_database_commit (database, error);
  quotes_database_roll_back (database);
  return FALSE;
}
