/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-store.h"

#include "quotes-market.h"
#include "quotes-private.h"
#include "quotes-retention.h"
#include "quotes-store-found.h"
#include "quotes-store-inside.h"

/* A disk that takes longer for what is left hangs. */
#define CLOSE_LIMIT_US (700 * 1000)
/* When it had time already. */
#define CLOSE_REST_LIMIT_US (150 * 1000)

/**
 * QuotesStore:
 *
 * What is kept: `market.db` and `private.db` in the state folder.
 *
 * Everything here runs on the main context; what touches the files runs on two workers. Whatever
 * happens to the disk, nobody who appends waits or fails: what cannot be written waits, the oldest
 * of too much is given up and noted as a gap, and writing resumes by itself.
 */
struct _QuotesStore
{
  GObject parent_instance;

  QuotesClock *clock; /* (owned) */
  QuotesStoreOptions options;
  QuotesStoreWorker *writer;  /* (owned) (nullable): %NULL = closed */
  QuotesStoreWorker *reader;  /* (owned) (nullable) */
  QuotesMarket *market;       /* (owned) */
  QuotesPrivate *own;         /* (owned): what is the user's */
  QuotesRetention *retention; /* (owned) */
  QuotesStoreFound *found;    /* (owned): when it was opened */
  GTask *close_task;          /* (owned) (nullable) */
  guint n_closing;            /* workers that have not told their end */
  gboolean is_closing;
  gboolean is_ending;  /* the workers have their last job */
  gboolean is_hanging; /* the writer did not end in time */
};

static void quotes_store_archive_iface_init (QuotesArchiveInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (QuotesStore,
                               quotes_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (QUOTES_TYPE_ARCHIVE,
                                                      quotes_store_archive_iface_init))

static guint64
quotes_store_get_stored (QuotesArchive *archive)
{
  return quotes_market_get_stored (QUOTES_STORE (archive)->market);
}

static QuotesStoreLane *
get_market_lane (QuotesStore *self)
{
  return quotes_market_get_lane (self->market);
}

static QuotesStoreLane *
get_own_lane (QuotesStore *self)
{
  return quotes_private_get_lane (self->own);
}

/* The one that has a trouble, the market's first. */
static QuotesStoreLane *
get_worse_lane (QuotesStore *self)
{
  QuotesStoreLane *lane = get_market_lane (self);

  return g_str_equal (quotes_store_lane_get_state (lane), "ok") ? get_own_lane (self) : lane;
}

static const char *
quotes_store_get_state (QuotesArchive *archive)
{
  return quotes_store_lane_get_state (get_worse_lane (QUOTES_STORE (archive)));
}

static const char *
quotes_store_get_message (QuotesArchive *archive)
{
  QuotesStore *self = QUOTES_STORE (archive);
  const char *message = quotes_store_lane_get_message (get_worse_lane (self));

  return message != NULL ? message : self->found->note;
}

static guint64
quotes_store_archive_get_calls_today (QuotesArchive *archive, const char *provider)
{
  return quotes_store_get_calls_today (QUOTES_STORE (archive), provider);
}

static void
quotes_store_archive_iface_init (QuotesArchiveInterface *iface)
{
  iface->get_calls_today = quotes_store_archive_get_calls_today;
  iface->get_stored = quotes_store_get_stored;
  iface->get_state = quotes_store_get_state;
  iface->get_message = quotes_store_get_message;
  quotes_store_archive_init (iface);
}

static void
quotes_store_finalize (GObject *object)
{
  QuotesStore *self = QUOTES_STORE (object);

  if (self->writer != NULL)
    g_critical ("A QuotesStore was dropped without quotes_store_close()");
  quotes_market_free (self->market, self->writer != NULL || self->is_hanging);
  quotes_private_free (self->own);
  quotes_retention_free (self->retention);
  quotes_store_found_free (self->found);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_store_parent_class)->finalize (object);
}

static void
quotes_store_class_init (QuotesStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = quotes_store_finalize;
}

static void
quotes_store_init (G_GNUC_UNUSED QuotesStore *self)
{
}

static void
set_options (QuotesStore *self, const QuotesStoreOptions *options)
{
  self->options = *options;
  if (options->max_bytes == 0)
    self->options.max_bytes = QUOTES_STORE_MAX_BYTES;
  if (options->tick_days == 0)
    self->options.tick_days = QUOTES_STORE_TICK_DAYS;
  if (options->minute_days == 0)
    self->options.minute_days = QUOTES_STORE_MINUTE_DAYS;
  if (options->hour_days == 0)
    self->options.hour_days = QUOTES_STORE_HOUR_DAYS;
}

static void
prepare_lane (QuotesStore *self, QuotesStoreLane *lane, QuotesStoreFile file)
{
  quotes_store_lane_set_worker (lane, self->writer);
  if (self->found->errors[file] != NULL)
    quotes_store_lane_fail (lane, self->found->errors[file]);
  if (self->found->is_off[file])
    quotes_store_lane_switch_off (lane);
}

static void end_if_written (QuotesStore *self);

static void
lane_changed (gpointer owner)
{
  QuotesStore *self = owner;

  quotes_retention_look (self->retention);
  g_signal_emit_by_name (self, "changed");
  end_if_written (self);
}

static void
find (QuotesStore *self, const char *dir)
{
  g_autofree char *day = quotes_private_dup_day (self->clock);

  self->writer = quotes_store_worker_new_writer (dir);
  self->reader = quotes_store_worker_new_reader (dir);
  self->found =
    quotes_store_found_open (dir, quotes_clock_get_real_us (self->clock), day, self->writer);
}

/**
 * quotes_store_open:
 * @dir: the state folder, which only this process uses
 * @clock: when things are
 * @options: how to keep them
 * @error: return location for a folder that is none
 *
 * Opens the files, makes those that are missing, brings old ones to the newest version and sets
 * broken ones aside. Blocks; called once, before the main loop runs. What cannot be opened is no
 * error: quotes_archive_get_state() says so, and nothing is kept as long as it is so.
 *
 * Returns: (transfer full) (nullable): the store, which has to be closed
 */
QuotesStore *
quotes_store_open (const char *dir,
                   QuotesClock *clock,
                   const QuotesStoreOptions *options,
                   GError **error)
{
  QuotesStore *self = NULL;

  if (!g_file_test (dir, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_FAILED,
                   "Could not open the store in %s: it is no folder", dir);
      return NULL;
    }

  self = g_object_new (QUOTES_TYPE_STORE, NULL);
  self->clock = g_object_ref (clock);
  set_options (self, options);
  find (self, dir);
  self->retention = quotes_retention_new (G_OBJECT (self), clock, &self->options);
  self->market = quotes_market_new (G_OBJECT (self), dir, clock, options->run, lane_changed);
  self->own = quotes_private_new (G_OBJECT (self), clock, self->found->calls, lane_changed);
  prepare_lane (self, get_market_lane (self), QUOTES_STORE_FILE_MARKET);
  prepare_lane (self, get_own_lane (self), QUOTES_STORE_FILE_PRIVATE);
  if (!quotes_store_lane_is_off (get_market_lane (self)))
    quotes_retention_start (self->retention, self->writer);
  return self;
}

/* Returns: (transfer full): the last good prices when it was opened; version 0 */
QuotesSnapshot *
quotes_store_dup_snapshot (QuotesStore *self)
{
  g_return_val_if_fail (QUOTES_IS_STORE (self), NULL);

  return quotes_snapshot_ref (self->found->snapshot);
}

/* Returns: (transfer full) (element-type QuotesAlert): the alerts when it was opened */
GPtrArray *
quotes_store_dup_alerts (QuotesStore *self)
{
  g_return_val_if_fail (QUOTES_IS_STORE (self), NULL);

  return g_ptr_array_ref (self->found->alerts);
}

/* The highest id that an alert ever had when it was opened; 0 = there was none. */
gint64
quotes_store_get_last_alert_id (QuotesStore *self)
{
  g_return_val_if_fail (QUOTES_IS_STORE (self), 0);

  return MAX (self->found->last_alert_id, 0);
}

/**
 * quotes_store_append:
 * @self: a store
 * @snapshot, @changed, @removed: as of QuotesHub::changed
 *
 * Keeps one version. Never blocks.
 */
void
quotes_store_append (QuotesStore *self,
                     QuotesSnapshot *snapshot,
                     GPtrArray *changed,
                     const char *const *removed)
{
  g_return_if_fail (QUOTES_IS_STORE (self));

  if (!self->is_closing)
    quotes_market_append (self->market, snapshot, changed, removed);
}

/* @snapshot: the newest one; once a minute its times are kept, of prices that are unchanged, too */
void
quotes_store_touch (QuotesStore *self, QuotesSnapshot *snapshot)
{
  g_return_if_fail (QUOTES_IS_STORE (self));

  if (!self->is_closing)
    quotes_market_touch (self->market, snapshot);
}

/* @alert: one that has an id; new, or in the place of the one before */
void
quotes_store_save_alert (QuotesStore *self, QuotesAlert *alert)
{
  g_return_if_fail (QUOTES_IS_STORE (self) && alert->id != NULL);

  if (!self->is_closing)
    quotes_private_save_alert (self->own, alert);
}

void
quotes_store_remove_alert (QuotesStore *self, const char *id)
{
  g_return_if_fail (QUOTES_IS_STORE (self));

  if (!self->is_closing)
    quotes_private_remove_alert (self->own, id);
}

/* What @provider was asked since the last call of this. */
void
quotes_store_count_calls (QuotesStore *self,
                          const char *provider,
                          guint64 n_requests,
                          guint64 n_failures)
{
  g_return_if_fail (QUOTES_IS_STORE (self));

  if (!self->is_closing)
    quotes_private_count_calls (self->own, provider, n_requests, n_failures);
}

/* Requests since midnight in UTC, those of earlier runs too. */
guint64
quotes_store_get_calls_today (QuotesStore *self, const char *provider)
{
  g_return_val_if_fail (QUOTES_IS_STORE (self), 0);

  return quotes_private_get_calls_today (self->own, provider);
}

QuotesStoreWorker *
quotes_store_get_reader (QuotesStore *self)
{
  return quotes_store_lane_is_off (get_market_lane (self)) ? NULL : self->reader;
}

QuotesStoreWorker *
quotes_store_get_writer (QuotesStore *self)
{
  return quotes_store_lane_is_off (get_market_lane (self)) ? NULL : self->writer;
}

const QuotesStoreOptions *
quotes_store_get_options (QuotesStore *self)
{
  return &self->options;
}

QuotesClock *
quotes_store_get_clock (QuotesStore *self)
{
  return self->clock;
}

/* Nothing new is taken from here on; what waits has its last chance. */
static void
prepare_to_close (QuotesStore *self)
{
  if (self->is_closing)
    return;
  self->is_closing = TRUE;
  quotes_retention_stop (self->retention);
  quotes_market_prepare_to_close (self->market);
  quotes_store_lane_stop_retrying (get_own_lane (self));
}

static void
close_workers (QuotesStore *self, gint64 limit_us)
{
  gint64 end_us = g_get_monotonic_time () + limit_us;

  if (self->reader != NULL && !quotes_store_worker_close (g_steal_pointer (&self->reader),
                                                          end_us - g_get_monotonic_time ()))
    g_warning ("Reading from the store takes too long; going on without its end");
  if (self->writer != NULL && !quotes_store_worker_close (g_steal_pointer (&self->writer),
                                                          end_us - g_get_monotonic_time ()))
    {
      g_warning ("Writing into the store takes too long; what waits is lost");
      self->is_hanging = TRUE;
    }
}

/**
 * quotes_store_close:
 * @self: a store
 *
 * Writes what waits, puts the log into the file and closes the files. Blocks, for 0.7 s at most;
 * after quotes_store_close_async() only for what is left of it.
 *
 * Returns: whether all of that was done in time
 */
gboolean
quotes_store_close (QuotesStore *self)
{
  gint64 limit_us = 0;

  g_return_val_if_fail (QUOTES_IS_STORE (self), FALSE);

  if (self->writer == NULL)
    return !self->is_hanging;
  limit_us = self->close_task != NULL ? CLOSE_REST_LIMIT_US : CLOSE_LIMIT_US;
  prepare_to_close (self);
  if (!self->is_ending)
    {
      self->is_ending = TRUE;
      quotes_store_lane_flush (get_market_lane (self));
      quotes_store_lane_flush (get_own_lane (self));
      quotes_store_worker_begin_close (self->reader, NULL);
      quotes_store_worker_begin_close (self->writer, NULL);
    }
  quotes_store_lane_set_worker (get_market_lane (self), NULL);
  quotes_store_lane_set_worker (get_own_lane (self), NULL);
  close_workers (self, limit_us);
  return !self->is_hanging;
}

static void
worker_closed_cb (GObject *source, G_GNUC_UNUSED GAsyncResult *result, G_GNUC_UNUSED gpointer data)
{
  QuotesStore *self = QUOTES_STORE (source);
  g_autoptr (GTask) task = NULL;

  if (--self->n_closing > 0)
    return;
  quotes_store_close (self);
  task = g_steal_pointer (&self->close_task);
  g_task_return_boolean (task, TRUE);
}

static void
end_if_written (QuotesStore *self)
{
  if (self->close_task == NULL || self->is_ending ||
      quotes_store_lane_is_busy (get_market_lane (self)) ||
      quotes_store_lane_is_busy (get_own_lane (self)))
    return;

  self->is_ending = TRUE;
  self->n_closing = 2;
  quotes_store_worker_begin_close (self->reader, g_task_new (self, NULL, worker_closed_cb, NULL));
  quotes_store_worker_begin_close (self->writer, g_task_new (self, NULL, worker_closed_cb, NULL));
}

/**
 * quotes_store_close_async:
 *
 * Writes what waits, one transaction after another, and closes the files. What cannot be written
 * now is lost.
 */
void
quotes_store_close_async (QuotesStore *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (QUOTES_IS_STORE (self) && !self->is_closing);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, quotes_store_close_async);
  prepare_to_close (self);
  self->close_task = g_steal_pointer (&task);
  quotes_store_lane_kick (get_market_lane (self));
  quotes_store_lane_kick (get_own_lane (self));
  end_if_written (self);
}

gboolean
quotes_store_close_finish (QuotesStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
