/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-retention.h"

#include <time.h>

#define MINUTE_US (60 * G_GINT64_CONSTANT (1000000))
#define DAY_US (1440 * MINUTE_US)

/* The first run lets the start have the disk. */
#define FIRST_RUN_US MINUTE_US
#define NEXT_RUN_US (10 * MINUTE_US)
/* How often the size is looked at while something is written. */
#define LOOK_US (10 * G_GINT64_CONSTANT (1000000))
/* Clocks that drift are put right in smaller steps. */
#define LEAP_MIN_US (5 * MINUTE_US)
/* How long a leap forward is doubted, in time that certainly passed. */
#define DOUBT_US (30 * DAY_US)

struct _QuotesRetention
{
  GObject *owner;     /* (unowned): the source of the tasks */
  QuotesClock *clock; /* (owned) */
  QuotesStoreOptions options;
  QuotesStoreWorker *writer; /* (unowned) (nullable): %NULL = stopped */
  guint alarm_id;

  gint64 started_us; /* monotonic time */
  gint64 looked_us;  /* monotonic time */
  gint64 offset_us;  /* between the date and the time that certainly passes */
  gint64 doubt_us;   /* by how much the date leapt forward */
  gint64 doubted_us; /* monotonic time of the last leap */
  gint64 newest_us;  /* what earlier runs of the program recorded last; 0 = nothing */

  gboolean is_running;
  QuotesRetentionRun run; /* the thread's own while @is_running */
};

/* A machine that slept has not had its date set. */
static gint64
get_slept_us (void)
{
  struct timespec boot = {0};
  struct timespec monotonic = {0};

  clock_gettime (CLOCK_BOOTTIME, &boot);
  clock_gettime (CLOCK_MONOTONIC, &monotonic);
  return (gint64) (boot.tv_sec - monotonic.tv_sec) * G_USEC_PER_SEC +
         (boot.tv_nsec - monotonic.tv_nsec) / 1000;
}

static gint64
get_offset_us (QuotesRetention *self)
{
  return quotes_clock_get_real_us (self->clock) - quotes_clock_get_monotonic_us (self->clock) -
         get_slept_us ();
}

/**
 * quotes_retention_new:
 * @owner: who has it; kept alive by what runs
 * @clock: when things are
 * @options: without zeros
 *
 * A run comes a minute after the start and then every ten minutes. It deletes single prices and
 * bars that are older than they may get, and then, as long as the file is too large, the oldest
 * prices, minutes and hours. The file is given back the space in small steps.
 *
 * The date may be wrong, and nothing young must be deleted then. So:
 *
 * - Prices go in the order in which they were written, up to the first that is young. One of the
 *   future, from a time when the date was wrong, goes with its neighbours.
 * - When the date leaps forward while this runs, ages are counted as if it had not, for 30 days of
 *   time that certainly passed: by then what was young is old. A leap back takes that back. Sleep
 * is no leap.
 * - For a day after the start, the last day that was recorded before stays, whatever the date.
 * - A run deletes a twentieth at most for its age, so that a wrong date has hours to be noticed.
 *
 * The size is no question of time, and has no such limit.
 */
QuotesRetention *
quotes_retention_new (GObject *owner, QuotesClock *clock, const QuotesStoreOptions *options)
{
  QuotesRetention *self = g_new0 (QuotesRetention, 1);

  self->owner = owner;
  self->clock = g_object_ref (clock);
  self->options = *options;
  self->started_us = quotes_clock_get_monotonic_us (clock);
  self->looked_us = self->started_us;
  self->offset_us = get_offset_us (self);
  quotes_retention_run_init (&self->run);
  return self;
}

void
quotes_retention_free (QuotesRetention *self)
{
  g_return_if_fail (!self->is_running);

  quotes_retention_stop (self);
  g_clear_object (&self->clock);
  g_free (self);
}

static void
look_at_date (QuotesRetention *self)
{
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);
  gint64 offset_us = get_offset_us (self);
  gint64 leap_us = offset_us - self->offset_us;

  self->offset_us = offset_us;
  if (ABS (leap_us) >= LEAP_MIN_US)
    {
      self->doubt_us = MAX (self->doubt_us + leap_us, 0);
      self->doubted_us = now_us;
    }
  else if (now_us - self->doubted_us >= DOUBT_US)
    {
      self->doubt_us = 0;
    }
}

/* Before this, something is older than so many days. */
static gint64
get_cutoff_us (QuotesRetention *self, int n_days)
{
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);
  gint64 cutoff_us = quotes_clock_get_real_us (self->clock) - self->doubt_us - n_days * DAY_US;

  if (self->newest_us != 0 && now_us - self->started_us < DAY_US)
    cutoff_us = MIN (cutoff_us, self->newest_us - DAY_US);
  return cutoff_us;
}

static void push_step (QuotesRetention *self);

static void
end_run (QuotesRetention *self)
{
  const gint64 *n_deleted = self->run.n_deleted;

  self->is_running = FALSE;
  if (n_deleted[QUOTES_INTERVAL_TICK] + n_deleted[QUOTES_INTERVAL_MINUTE] +
        n_deleted[QUOTES_INTERVAL_HOUR] >
      0)
    g_debug ("Threw away %" G_GINT64_FORMAT " prices, %" G_GINT64_FORMAT
             " minutes and %" G_GINT64_FORMAT " hours in %u steps of %" G_GINT64_FORMAT
             " µs at most",
             n_deleted[QUOTES_INTERVAL_TICK], n_deleted[QUOTES_INTERVAL_MINUTE],
             n_deleted[QUOTES_INTERVAL_HOUR], self->run.n_steps, self->run.worst_us);
}

/* A step that failed is not tried again before the next run: the disk has other troubles then, and
 * the store tells of them. */
static void
step_done_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  QuotesRetention *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      if (!g_error_matches (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_CLOSED))
        g_info ("%s", error->message);
      end_run (self);
      return;
    }
  if (self->run.newest_us != 0)
    self->newest_us = self->run.newest_us;
  if (quotes_retention_run_is_done (&self->run) || self->writer == NULL)
    end_run (self);
  else
    push_step (self);
}

/* One job for each step: what was appended meanwhile is written before the next. */
static void
push_step (QuotesRetention *self)
{
  GTask *task = g_task_new (self->owner, NULL, step_done_cb, self);

  g_task_set_source_tag (task, push_step);
  g_task_set_task_data (task, &self->run, NULL);
  quotes_store_worker_push (self->writer, QUOTES_STORE_FILE_MARKET, quotes_retention_run_step,
                            task);
}

static void
begin_run (QuotesRetention *self, QuotesRetentionPhase phase)
{
  guint n_rows = self->run.n_rows;
  guint n_pages = self->run.n_pages;

  if (self->is_running || self->writer == NULL)
    return;

  quotes_retention_run_init (&self->run);
  self->run.phase = phase;
  self->run.wants_checkpoint = phase == QUOTES_RETENTION_PHASE_TICKS;
  self->run.n_rows = n_rows;
  self->run.n_pages = n_pages;
  self->run.max_bytes = self->options.max_bytes;
  self->run.future_us = quotes_clock_get_real_us (self->clock) + DAY_US;
  self->run.cutoffs_us[QUOTES_INTERVAL_TICK] = get_cutoff_us (self, self->options.tick_days);
  self->run.cutoffs_us[QUOTES_INTERVAL_MINUTE] = get_cutoff_us (self, self->options.minute_days);
  self->run.cutoffs_us[QUOTES_INTERVAL_HOUR] = get_cutoff_us (self, self->options.hour_days);
  self->is_running = TRUE;
  push_step (self);
}

static void
alarm_cb (gpointer user_data)
{
  QuotesRetention *self = user_data;

  self->alarm_id = quotes_clock_add_alarm (
    self->clock, quotes_clock_get_monotonic_us (self->clock) + NEXT_RUN_US, alarm_cb, self);
  look_at_date (self);
  begin_run (self, QUOTES_RETENTION_PHASE_TICKS);
}

/**
 * quotes_retention_start:
 * @self: one that has not been started
 * @writer: (transfer none): the writer, before anything was pushed to it: what is in the file then
 *   was recorded by earlier runs of the program
 */
void
quotes_retention_start (QuotesRetention *self, QuotesStoreWorker *writer)
{
  g_return_if_fail (self->writer == NULL && self->alarm_id == 0);

  self->writer = writer;
  self->alarm_id =
    quotes_clock_add_alarm (self->clock, self->started_us + FIRST_RUN_US, alarm_cb, self);
  begin_run (self, QUOTES_RETENTION_PHASE_NEWEST);
}

/* What runs ends with its step. */
void
quotes_retention_stop (QuotesRetention *self)
{
  self->writer = NULL;
  if (self->alarm_id != 0)
    quotes_clock_remove_alarm (self->clock, self->alarm_id);
  self->alarm_id = 0;
}

/* Something was written: the file may be too large by now. */
void
quotes_retention_look (QuotesRetention *self)
{
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);

  if (now_us - self->looked_us < LOOK_US)
    return;
  self->looked_us = now_us;
  begin_run (self, QUOTES_RETENTION_PHASE_SIZE);
}

gboolean
quotes_retention_is_running (QuotesRetention *self)
{
  return self->is_running;
}

/* What the last run did; only while none is running. */
const QuotesRetentionRun *
quotes_retention_get_last_run (QuotesRetention *self)
{
  g_return_val_if_fail (!self->is_running, NULL);

  return &self->run;
}
