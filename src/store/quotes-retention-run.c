/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-retention-run.h"

#include "quotes-bars-table.h"
#include "quotes-retention-rows.h"
#include "quotes-retention-size.h"

/* No step may take longer than 50 ms. What it deletes is a part of that: the commit comes after it.
 * Checkpoints are steps by themselves; they come so often that SQLite's own, which would be a part
 * of a commit, finds its thousand pages never. */
#define STEP_WORK_US (10 * 1000)
#define STEP_SLOW_US (20 * 1000)
#define STEP_QUICK_US (8 * 1000)
#define ROWS_MIN 100
#define ROWS_FIRST 2000
#define ROWS_MAX 8000
#define PAGES_MIN 8
#define PAGES_FIRST 64
#define PAGES_MAX 256

/* Row R9 of the reliability promises: whatever the date is, a run deletes a twentieth for its age
 * at most. */
#define AGE_SHARE 20
/* And of one instrument's bars so many: to know that they are a twentieth, twenty times as many
 * have to be counted. It is fifty times of what gets old between two runs. */
#define AGE_BARS_MAX 500

static void
begin_phase (QuotesRetentionRun *self, QuotesRetentionPhase phase)
{
  self->phase = phase;
  self->next_id = 0;
}

void
quotes_retention_run_init (QuotesRetentionRun *self)
{
  *self = (QuotesRetentionRun){
    .wants_checkpoint = TRUE, .n_rows = ROWS_FIRST, .n_pages = PAGES_FIRST, .n_left = -1};
}

/* Looks on through the prices, from the oldest to the first that is young. One of the future stands
 * between others that are older and younger than it; it goes with the next one that is old.
 * *is_end: there is nothing more to find out */
static gboolean
scan_ticks (QuotesRetentionRun *self, QuotesDatabase *database, gboolean *is_end, GError **error)
{
  sqlite3_stmt *statement = quotes_database_prepare (
    database, "SELECT id, at_us FROM ticks WHERE id > ?1 ORDER BY id LIMIT ?2", error);
  gboolean has_row = FALSE;
  guint n_rows = 0;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, self->scanned_id);
  sqlite3_bind_int64 (statement, 2, self->n_rows);
  for (; quotes_database_step (database, statement, &has_row, error); n_rows++)
    {
      gint64 at_us = has_row ? sqlite3_column_int64 (statement, 1) : 0;
      gboolean is_old = at_us < self->cutoffs_us[QUOTES_INTERVAL_TICK];

      if (!has_row || (!is_old && at_us <= self->future_us))
        {
          sqlite3_reset (statement);
          *is_end = has_row || n_rows < self->n_rows;
          return TRUE;
        }
      self->scanned_id = sqlite3_column_int64 (statement, 0);
      if (is_old)
        self->old_id = self->scanned_id;
    }
  return FALSE;
}

/* Their ids have no holes between them, so they are counted by looking at two. */
static gboolean
count_ticks (QuotesDatabase *database, gint64 *n_ticks, GError **error)
{
  gint64 first = 0;
  gint64 last = 0;

  if (!quotes_retention_find_oldest_tick (database, &first, error) ||
      !quotes_retention_ask_for (database, "SELECT id FROM ticks ORDER BY id DESC LIMIT 1", &last,
                                 error))
    return FALSE;
  *n_ticks = first != 0 ? last - first + 1 : 0;
  return TRUE;
}

static gboolean
age_ticks (QuotesRetentionRun *self, QuotesDatabase *database, GError **error)
{
  gboolean is_end = FALSE;
  gint64 first = 0;

  if (self->n_left < 0)
    {
      if (!count_ticks (database, &self->n_left, error))
        return FALSE;
      self->n_left = (self->n_left + AGE_SHARE - 1) / AGE_SHARE;
    }
  if (!quotes_retention_find_oldest_tick (database, &first, error) ||
      !scan_ticks (self, database, &is_end, error))
    return FALSE;

  if (first != 0 && self->old_id >= first)
    {
      gint64 n = MIN (MIN (self->n_left, self->n_rows), self->old_id - first + 1);

      if (!quotes_retention_delete_ticks (database, first + n - 1,
                                          &self->n_deleted[QUOTES_INTERVAL_TICK], error))
        return FALSE;
      self->n_left -= n;
      is_end = is_end && first + n > self->old_id;
    }
  if (is_end || self->n_left == 0)
    begin_phase (self, QUOTES_RETENTION_PHASE_MINUTES);
  return TRUE;
}

static gboolean
age_bars_of (QuotesRetentionRun *self,
             QuotesDatabase *database,
             QuotesInterval interval,
             gint64 instrument_id,
             GError **error)
{
  gint64 cutoff_us = self->cutoffs_us[interval];
  gint64 oldest_us = 0;
  gint64 n_bars = 0;
  sqlite3_stmt *statement = NULL;

  if (!quotes_retention_find_oldest_bar (database, interval, instrument_id, &oldest_us, error))
    return FALSE;
  if (oldest_us == QUOTES_BARS_NEVER || oldest_us >= cutoff_us)
    return TRUE;

  statement = quotes_database_prepare (
    database,
    "SELECT count(*) FROM"
    " (SELECT 1 FROM bars WHERE interval = ?1 AND instrument_id = ?2 LIMIT ?3)",
    error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, quotes_interval_to_string (interval), -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, instrument_id);
  sqlite3_bind_int64 (statement, 3, AGE_BARS_MAX * AGE_SHARE);
  if (!quotes_retention_ask (database, statement, &n_bars, error))
    return FALSE;
  return quotes_retention_delete_bars (database, interval, instrument_id, cutoff_us,
                                       (n_bars + AGE_SHARE - 1) / AGE_SHARE,
                                       &self->n_deleted[interval], error);
}

/* One instrument after another, as long as the time of a step is not over. */
static gboolean
age_bars (QuotesRetentionRun *self,
          QuotesDatabase *database,
          QuotesInterval interval,
          GError **error)
{
  gint64 end_us = g_get_monotonic_time () + STEP_WORK_US;
  g_autoptr (GArray) instruments = quotes_bars_load_instruments (database, self->next_id, error);

  if (instruments == NULL)
    return FALSE;
  for (guint i = 0; i < instruments->len; i++)
    {
      gint64 id = g_array_index (instruments, QuotesBarsInstrument, i).id;

      if (!age_bars_of (self, database, interval, id, error))
        return FALSE;
      self->next_id = id + 1;
      if (g_get_monotonic_time () >= end_us)
        return TRUE;
    }
  begin_phase (self, (QuotesRetentionPhase) ((int) self->phase + 1));
  return TRUE;
}

static gboolean
limit_size (QuotesRetentionRun *self, QuotesDatabase *database, GError **error)
{
  gboolean is_done = FALSE;

  if (!quotes_retention_limit_size (self, database, &is_done, error))
    return FALSE;
  if (is_done)
    begin_phase (self, QUOTES_RETENTION_PHASE_VACUUM);
  return TRUE;
}

/* In one transaction. */
static gboolean
delete_some (QuotesRetentionRun *self, QuotesDatabase *database, GError **error)
{
  gboolean is_good = FALSE;

  if (!quotes_database_begin (database, error))
    return FALSE;
  if (self->phase == QUOTES_RETENTION_PHASE_TICKS)
    is_good = age_ticks (self, database, error);
  else if (self->phase == QUOTES_RETENTION_PHASE_MINUTES)
    is_good = age_bars (self, database, QUOTES_INTERVAL_MINUTE, error);
  else if (self->phase == QUOTES_RETENTION_PHASE_HOURS)
    is_good = age_bars (self, database, QUOTES_INTERVAL_HOUR, error);
  else
    is_good = limit_size (self, database, error);
  if (is_good)
    return quotes_database_commit (database, error);
  quotes_database_roll_back (database);
  return FALSE;
}

static gboolean
find_newest (QuotesRetentionRun *self, QuotesDatabase *database, GError **error)
{
  begin_phase (self, QUOTES_RETENTION_PHASE_DONE);
  return quotes_retention_ask_for (database, "SELECT at_us FROM ticks ORDER BY id DESC LIMIT 1",
                                   &self->newest_us, error);
}

/* It makes transactions of its own. */
static gboolean
vacuum (QuotesRetentionRun *self, QuotesDatabase *database, GError **error)
{
  gboolean is_done = FALSE;

  if (!quotes_retention_vacuum (self, database, &is_done, error))
    return FALSE;
  if (is_done)
    begin_phase (self, QUOTES_RETENTION_PHASE_DONE);
  return TRUE;
}

/* A reader may delay it; it waits for nobody, and what it could not do is no error. */
static gboolean
checkpoint (QuotesRetentionRun *self, QuotesDatabase *database)
{
  self->wants_checkpoint = FALSE;
  sqlite3_wal_checkpoint_v2 (quotes_database_get_handle (database), NULL, SQLITE_CHECKPOINT_PASSIVE,
                             NULL, NULL);
  return TRUE;
}

static gboolean
do_phase (QuotesRetentionRun *self, QuotesDatabase *database, GError **error)
{
  if (self->wants_checkpoint)
    return checkpoint (self, database);
  switch (self->phase)
    {
    case QUOTES_RETENTION_PHASE_NEWEST:
      return find_newest (self, database, error);
    case QUOTES_RETENTION_PHASE_TICKS:
    case QUOTES_RETENTION_PHASE_MINUTES:
    case QUOTES_RETENTION_PHASE_HOURS:
    case QUOTES_RETENTION_PHASE_SIZE:
      return delete_some (self, database, error);
    case QUOTES_RETENTION_PHASE_VACUUM:
      return vacuum (self, database, error);
    case QUOTES_RETENTION_PHASE_DONE:
    default:
      return TRUE;
    }
}

static guint
adapt (guint n, gint64 took_us, guint min, guint max)
{
  if (took_us > STEP_SLOW_US)
    return MAX (n / 2, min);
  return took_us < STEP_QUICK_US ? MIN (n + n / 2, max) : n;
}

/**
 * quotes_retention_run_step:
 * @database: `market.db`, to write
 * @data: a #QuotesRetentionRun that is not done
 * @error: return location for a #QuotesStoreError; then the run is over
 *
 * A #QuotesStoreJob. Its time is measured on the machine's own clock: it is about this thread and
 * this disk, not about what a test calls now.
 */
gboolean
quotes_retention_run_step (QuotesDatabase *database, gpointer data, GError **error)
{
  QuotesRetentionRun *self = data;
  gboolean is_vacuum = self->phase == QUOTES_RETENTION_PHASE_VACUUM;
  gboolean is_checkpoint = self->wants_checkpoint;
  sqlite3 *handle = quotes_database_get_handle (database);
  gint64 n_changes = sqlite3_total_changes64 (handle);
  gint64 start_us = g_get_monotonic_time ();
  gint64 took_us = 0;

  if (!do_phase (self, database, error))
    return FALSE;

  took_us = g_get_monotonic_time () - start_us;
  self->n_steps++;
  self->worst_us = MAX (self->worst_us, took_us);
  if (is_vacuum)
    self->n_pages = adapt (self->n_pages, took_us, PAGES_MIN, PAGES_MAX);
  else
    self->n_rows = adapt (self->n_rows, took_us, ROWS_MIN, ROWS_MAX);
  if (!is_checkpoint && (is_vacuum || sqlite3_total_changes64 (handle) - n_changes >= ROWS_MIN))
    self->wants_checkpoint = TRUE;
  return TRUE;
}

gboolean
quotes_retention_run_is_done (const QuotesRetentionRun *self)
{
  return self->phase == QUOTES_RETENTION_PHASE_DONE && !self->wants_checkpoint;
}
