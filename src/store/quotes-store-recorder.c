/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-store-recorder.h"

#include "quotes-history.h"
#include "quotes-quotes-table.h"
#include "quotes-store-names.h"

struct _QuotesStoreRecorder
{
  char epoch[9];
  gint64 started_us;
  gint64 run;              /* row of this run; 0 = not written yet */
  QuotesStoreNames *names; /* (owned) */
};

/* @run: of the ids of events */
QuotesStoreRecorder *
quotes_store_recorder_new (guint32 run, gint64 started_us)
{
  QuotesStoreRecorder *self = g_new0 (QuotesStoreRecorder, 1);

  g_snprintf (self->epoch, sizeof self->epoch, "%08x", run);
  self->started_us = started_us;
  self->names = quotes_store_names_new ();
  return self;
}

void
quotes_store_recorder_free (QuotesStoreRecorder *self)
{
  quotes_store_names_free (self->names);
  g_free (self);
}

/* What was rolled back is not in the file. */
static void
forget (QuotesStoreRecorder *self)
{
  self->run = 0;
  quotes_store_names_forget (self->names);
}

static gboolean
ensure_run (QuotesStoreRecorder *self, QuotesDatabase *database, GError **error)
{
  sqlite3_stmt *statement = NULL;

  if (self->run != 0)
    return TRUE;

  /* It is there already when a commit succeeded that was reported as failed. */
  statement = quotes_database_prepare (
    database, "SELECT id FROM runs WHERE epoch = ?1 AND started_us = ?2", error);
  if (statement == NULL)
    return FALSE;
  quotes_bind_text (statement, 1, self->epoch);
  sqlite3_bind_int64 (statement, 2, self->started_us);
  if (!quotes_store_find_id (database, statement, &self->run, error))
    return FALSE;
  if (self->run != 0)
    return TRUE;

  statement = quotes_database_prepare (
    database, "INSERT INTO runs (epoch, started_us) VALUES (?1, ?2)", error);
  if (statement == NULL)
    return FALSE;
  quotes_bind_text (statement, 1, self->epoch);
  sqlite3_bind_int64 (statement, 2, self->started_us);
  if (!quotes_database_run (database, statement, error))
    return FALSE;
  self->run = sqlite3_last_insert_rowid (quotes_database_get_handle (database));
  return TRUE;
}

/* The step to this price is no move of the market: it is of another contract, or of another thing
 * under the same symbol, or in other money. */
static gboolean
is_roll (const QuotesStoreInstrument *known, const QuotesQuote *quote)
{
  /* Only a fill has named it until now; its bars are of this instrument. */
  if (known->instrument[0] == '\0')
    return FALSE;
  return (known->contract != NULL && quote->contract != NULL &&
          !g_str_equal (known->contract, quote->contract)) ||
         g_strcmp0 (known->instrument, quote->instrument) != 0 ||
         g_strcmp0 (known->currency, quote->currency) != 0;
}

/* One price of one instrument on its way into the tables. */
typedef struct
{
  const QuotesQuote *quote;
  guint64 version;
  gint64 instrument_id;
  gint64 source_id;
  gboolean is_roll;
} Tick;

static gboolean
insert_tick (QuotesStoreRecorder *self, QuotesDatabase *database, const Tick *tick, GError **error)
{
  sqlite3_stmt *statement = quotes_database_prepare (
    database,
    "INSERT INTO ticks (run, version, instrument_id, at_us, price, source_id, is_roll)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, self->run);
  sqlite3_bind_int64 (statement, 2, (gint64) tick->version);
  sqlite3_bind_int64 (statement, 3, tick->instrument_id);
  sqlite3_bind_int64 (statement, 4, tick->quote->fetched_us);
  sqlite3_bind_double (statement, 5, tick->quote->price);
  sqlite3_bind_int64 (statement, 6, tick->source_id);
  sqlite3_bind_int (statement, 7, tick->is_roll != 0);
  return quotes_database_run (database, statement, error);
}

static gboolean
write_bar (QuotesDatabase *database, const Tick *tick, QuotesInterval interval, GError **error)
{
  gint64 interval_us = quotes_interval_get_us (interval);
  gint64 at_us = MAX (tick->quote->fetched_us, 0);
  sqlite3_stmt *statement = quotes_database_prepare (
    database,
    "INSERT INTO bars (interval, instrument_id, start_us, open, high, low, close, source_id,"
    " is_roll) VALUES (?1, ?2, ?3, ?4, ?4, ?4, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET"
    " high = max(high, excluded.high), low = min(low, excluded.low), close = excluded.close,"
    " source_id = excluded.source_id, is_roll = is_roll OR excluded.is_roll",
    error);

  if (statement == NULL)
    return FALSE;
  quotes_bind_text (statement, 1, quotes_interval_to_string (interval));
  sqlite3_bind_int64 (statement, 2, tick->instrument_id);
  sqlite3_bind_int64 (statement, 3, at_us - at_us % interval_us);
  sqlite3_bind_double (statement, 4, tick->quote->price);
  sqlite3_bind_int64 (statement, 5, tick->source_id);
  sqlite3_bind_int (statement, 6, tick->is_roll != 0);
  return quotes_database_run (database, statement, error);
}

static gboolean
write_tick (QuotesStoreRecorder *self, QuotesDatabase *database, const Tick *tick, GError **error)
{
  if (!insert_tick (self, database, tick, error))
    return FALSE;
  for (int i = QUOTES_INTERVAL_MINUTE; i < QUOTES_N_INTERVALS; i++)
    if (!write_bar (database, tick, (QuotesInterval) i, error))
      return FALSE;
  return TRUE;
}

/* @version: 0 = only what is known of it now, no price of its own */
static gboolean
write_quote (QuotesStoreRecorder *self,
             QuotesDatabase *database,
             const QuotesQuote *quote,
             guint64 version,
             GError **error)
{
  Tick tick = {.quote = quote, .version = version};
  QuotesStoreInstrument *known = NULL;

  /* It came from here, or from another machine's store. */
  if (quote->stale_reason == QUOTES_STALE_REASON_STORED)
    return TRUE;
  known = quotes_store_names_ensure_instrument (self->names, database, quote, error);
  tick.source_id =
    known != NULL ? quotes_store_names_ensure_source (self->names, database, quote->source, error)
                  : 0;
  if (tick.source_id == 0)
    return FALSE;

  tick.instrument_id = known->id;
  /* What is stale was a price before, and is in the tables since then. */
  if (version != 0 && quote->stale_reason == QUOTES_STALE_REASON_NONE)
    {
      tick.is_roll = is_roll (known, quote);
      if (!write_tick (self, database, &tick, error) ||
          !quotes_store_names_update_instrument (database, known, quote, error))
        return FALSE;
    }
  return quotes_quotes_table_write (database, quote, known->id, tick.source_id, error);
}

static gboolean
remove_quote (QuotesDatabase *database, const char *symbol, GError **error)
{
  sqlite3_stmt *statement = quotes_database_prepare (
    database,
    "DELETE FROM quotes WHERE instrument_id = (SELECT id FROM instruments WHERE symbol = ?1)",
    error);

  if (statement == NULL)
    return FALSE;
  quotes_bind_text (statement, 1, symbol);
  return quotes_database_run (database, statement, error);
}

/* Says that the version is there; *is_new = %FALSE when it is since before. */
static gboolean
insert_version (QuotesStoreRecorder *self,
                QuotesDatabase *database,
                const QuotesStoreVersion *version,
                gboolean *is_new,
                GError **error)
{
  sqlite3_stmt *statement = quotes_database_prepare (
    database,
    "INSERT OR IGNORE INTO versions (run, version, at_us, n_ticks) VALUES (?1, ?2, ?3, ?4)", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, self->run);
  sqlite3_bind_int64 (statement, 2, (gint64) version->version);
  sqlite3_bind_int64 (statement, 3, version->at_us);
  sqlite3_bind_int64 (statement, 4, version->n_ticks);
  if (!quotes_database_run (database, statement, error))
    return FALSE;
  *is_new = sqlite3_changes (quotes_database_get_handle (database)) > 0;
  return TRUE;
}

static gboolean
write_version (QuotesStoreRecorder *self,
               QuotesDatabase *database,
               const QuotesStoreVersion *version,
               GError **error)
{
  gboolean is_new = FALSE;

  if (!insert_version (self, database, version, &is_new, error))
    return FALSE;
  /* A commit that was reported as failed may have succeeded; nothing is written twice. */
  if (!is_new)
    return TRUE;

  for (guint i = 0; i < version->quotes->len; i++)
    if (!write_quote (self, database, g_ptr_array_index (version->quotes, i), version->version,
                      error))
      return FALSE;
  for (gsize i = 0; version->removed[i] != NULL; i++)
    if (!remove_quote (database, version->removed[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
write_gap (QuotesStoreRecorder *self,
           QuotesDatabase *database,
           const QuotesStoreGap *gap,
           GError **error)
{
  sqlite3_stmt *statement = quotes_database_prepare (
    database,
    "INSERT INTO gaps (run, from_version, to_version, n_rows, reason) SELECT ?1, ?2, ?3, ?4, ?5"
    " WHERE NOT EXISTS (SELECT 1 FROM gaps WHERE run = ?1 AND from_version = ?2)",
    error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, self->run);
  sqlite3_bind_int64 (statement, 2, (gint64) gap->from_version);
  sqlite3_bind_int64 (statement, 3, (gint64) gap->to_version);
  sqlite3_bind_int64 (statement, 4, gap->n_ticks);
  quotes_bind_text (statement, 5, gap->reason);
  return quotes_database_run (database, statement, error);
}

static gboolean
write_all (QuotesStoreRecorder *self,
           QuotesDatabase *database,
           const QuotesStoreBatch *batch,
           const QuotesSnapshot *snapshot,
           GError **error)
{
  if (!ensure_run (self, database, error))
    return FALSE;
  for (guint i = 0; i < batch->gaps->len; i++)
    if (!write_gap (self, database, &g_array_index (batch->gaps, QuotesStoreGap, i), error))
      return FALSE;
  for (guint i = 0; i < batch->versions->len; i++)
    if (!write_version (self, database, g_ptr_array_index (batch->versions, i), error))
      return FALSE;
  for (guint i = 0; snapshot != NULL && i < snapshot->quotes->len; i++)
    if (!write_quote (self, database, g_ptr_array_index (snapshot->quotes, i), 0, error))
      return FALSE;
  return TRUE;
}

/**
 * quotes_store_recorder_write:
 * @self: a recorder
 * @database: always the same one
 * @batch: what is new
 * @snapshot: (nullable): whose quotes are all put into the table of the last good ones, which have
 *   newer times than any version said
 * @error: return location for why nothing was written
 *
 * Writes all of it in one transaction, or nothing.
 */
gboolean
quotes_store_recorder_write (QuotesStoreRecorder *self,
                             QuotesDatabase *database,
                             const QuotesStoreBatch *batch,
                             const QuotesSnapshot *snapshot,
                             GError **error)
{
  if (!quotes_database_begin (database, error))
    return FALSE;
  if (!write_all (self, database, batch, snapshot, error))
    {
      quotes_database_roll_back (database);
      forget (self);
      return FALSE;
    }
  if (!quotes_database_commit (database, error))
    {
      forget (self);
      return FALSE;
    }
  return TRUE;
}
