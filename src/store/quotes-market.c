/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-market.h"

#include "quotes-store-queue.h"
#include "quotes-store-recorder.h"
#include "quotes-store-reserve.h"

/* Row R12 of the reliability promises: what waits while nothing can be written. */
#define WAITING_TICKS_MAX_FAILING 1000
/* And while the disk is only slow: ten seconds of a thousand instruments. */
#define WAITING_TICKS_MAX 10000
/* How much one transaction takes at most; more of it is no faster. */
#define BATCH_TICKS_MAX 5000
/* Times of unchanged prices are written as often as a user could tell. */
#define TOUCH_US (60 * G_USEC_PER_SEC)

struct _QuotesMarket
{
  QuotesClock *clock;            /* (owned) */
  QuotesStoreLane *lane;         /* (owned) */
  QuotesStoreRecorder *recorder; /* (owned): used by the writer only */
  QuotesStoreReserve *reserve;   /* (owned): used by the writer only */
  QuotesStoreQueue *queue;       /* (owned) */
  QuotesSnapshot *newest;        /* (owned) (nullable) */
  gboolean wants_touch;          /* what is in @newest is to be written, with its times */
  gint64 touched_us;             /* monotonic time */
  guint64 stored;
  QuotesMarketFunc changed;
  gpointer owner; /* (unowned) */
};

/* What the writer gets for one transaction. */
typedef struct
{
  QuotesStoreRecorder *recorder; /* (unowned), outlives the writer */
  QuotesStoreReserve *reserve;   /* (unowned), outlives the writer */
  QuotesStoreBatch *batch;       /* (owned) (nullable) */
  QuotesSnapshot *snapshot;      /* (owned) (nullable) */
} MarketJob;

static void
market_job_free (gpointer data)
{
  MarketJob *self = data;

  g_clear_pointer (&self->batch, quotes_store_batch_free);
  g_clear_pointer (&self->snapshot, quotes_snapshot_unref);
  g_free (self);
}

static gpointer
take_market (gpointer owner)
{
  QuotesMarket *self = owner;
  MarketJob *job = NULL;

  if (quotes_store_queue_is_empty (self->queue) && !self->wants_touch)
    return NULL;

  job = g_new0 (MarketJob, 1);
  job->recorder = self->recorder;
  job->reserve = self->reserve;
  job->batch = quotes_store_queue_take (self->queue, BATCH_TICKS_MAX);
  /* After a gap, too: what it lost may be the last price of something. */
  if (self->wants_touch || job->batch->gaps->len > 0)
    job->snapshot = quotes_snapshot_ref (self->newest);
  self->wants_touch = FALSE;
  return job;
}

static gboolean
write_job (const MarketJob *job, QuotesDatabase *database, GError **error)
{
  return quotes_store_recorder_write (job->recorder, database, job->batch, job->snapshot, error);
}

/* The room of the reserve is for the log first: what is in it goes into the file, and it is cut. */
static gboolean
write_market_in_worker (QuotesDatabase *database, gpointer data, GError **error)
{
  const MarketJob *job = data;
  g_autoptr (GError) cause = NULL;

  if (write_job (job, database, &cause))
    {
      quotes_store_reserve_ensure (job->reserve);
      return TRUE;
    }
  if (!g_error_matches (cause, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_FULL) ||
      !quotes_store_reserve_give_up (job->reserve))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }

  g_warning ("%s; the reserve is given up for it", cause->message);
  quotes_database_checkpoint (database, NULL);
  return write_job (job, database, error);
}

static void
trim_queue (QuotesMarket *self)
{
  const char *state = quotes_store_lane_get_state (self->lane);
  gboolean is_ok = g_str_equal (state, "ok");
  guint n_max = is_ok ? WAITING_TICKS_MAX : WAITING_TICKS_MAX_FAILING;
  guint n_lost = quotes_store_queue_trim (self->queue, n_max, is_ok ? "slow" : state);

  if (n_lost > 0)
    g_debug ("Gave up %u prices that waited to be kept", n_lost);
}

static void
market_returned (gpointer owner, gpointer data, gboolean is_written)
{
  QuotesMarket *self = owner;
  MarketJob *job = data;
  GPtrArray *versions = job->batch->versions;

  if (!is_written)
    {
      self->wants_touch = self->wants_touch || job->snapshot != NULL;
      quotes_store_queue_give_back (self->queue, g_steal_pointer (&job->batch));
      trim_queue (self);
    }
  else if (versions->len > 0)
    {
      const QuotesStoreVersion *last = g_ptr_array_index (versions, versions->len - 1);

      self->stored = last->version;
    }
}

static void
lane_changed (gpointer user_data)
{
  QuotesMarket *self = user_data;

  self->changed (self->owner);
}

static const QuotesStoreLaneFuncs market_funcs = {
  .take = take_market,
  .job = write_market_in_worker,
  .returned = market_returned,
  .changed = lane_changed,
  .free_data = market_job_free,
};

/**
 * quotes_market_new:
 * @owner: a GObject, which the jobs keep alive; it owns the market
 * @dir: the state folder
 * @clock: for its pauses
 * @run: of the ids of events
 * @changed: called with @owner when more is committed or the state is another one
 */
QuotesMarket *
quotes_market_new (GObject *owner,
                   const char *dir,
                   QuotesClock *clock,
                   guint32 run,
                   QuotesMarketFunc changed)
{
  QuotesMarket *self = g_new0 (QuotesMarket, 1);

  self->clock = g_object_ref (clock);
  self->owner = owner;
  self->changed = changed;
  self->queue = quotes_store_queue_new ();
  self->recorder = quotes_store_recorder_new (run, quotes_clock_get_real_us (clock));
  self->reserve = quotes_store_reserve_new (dir);
  self->touched_us = quotes_clock_get_monotonic_us (clock);
  self->lane = quotes_store_lane_new (owner, self, QUOTES_STORE_FILE_MARKET, clock, &market_funcs);
  return self;
}

/* @is_written_to: a writer that hangs is still at it: what it uses is left to it */
void
quotes_market_free (QuotesMarket *self, gboolean is_written_to)
{
  if (!is_written_to)
    {
      quotes_store_recorder_free (self->recorder);
      quotes_store_reserve_free (self->reserve);
    }
  quotes_store_lane_free (self->lane);
  quotes_store_queue_free (self->queue);
  g_clear_pointer (&self->newest, quotes_snapshot_unref);
  g_object_unref (self->clock);
  g_free (self);
}

QuotesStoreLane *
quotes_market_get_lane (QuotesMarket *self)
{
  return self->lane;
}

/* The highest version that is committed. */
guint64
quotes_market_get_stored (QuotesMarket *self)
{
  return self->stored;
}

static void
set_newest (QuotesMarket *self, QuotesSnapshot *snapshot)
{
  quotes_snapshot_ref (snapshot);
  g_clear_pointer (&self->newest, quotes_snapshot_unref);
  self->newest = snapshot;
}

/* As quotes_store_append(). */
void
quotes_market_append (QuotesMarket *self,
                      QuotesSnapshot *snapshot,
                      GPtrArray *changed,
                      const char *const *removed)
{
  if (quotes_store_lane_is_off (self->lane))
    return;
  set_newest (self, snapshot);
  quotes_store_queue_push (self->queue, snapshot, changed, removed);
  trim_queue (self);
  quotes_store_lane_kick (self->lane);
}

/* As quotes_store_touch(). */
void
quotes_market_touch (QuotesMarket *self, QuotesSnapshot *snapshot)
{
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);

  if (quotes_store_lane_is_off (self->lane))
    return;
  set_newest (self, snapshot);
  if (now_us - self->touched_us < TOUCH_US)
    return;
  self->touched_us = now_us;
  self->wants_touch = TRUE;
  quotes_store_lane_kick (self->lane);
}

/* What waits has its last chance, and the times go with it. */
void
quotes_market_prepare_to_close (QuotesMarket *self)
{
  self->wants_touch = self->newest != NULL;
  quotes_store_lane_stop_retrying (self->lane);
}
