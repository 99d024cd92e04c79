/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-store-lane.h"

#define RETRY_US (2 * G_USEC_PER_SEC)

struct _QuotesStoreLane
{
  GObject *owner; /* (unowned), outlives us */
  gpointer user_data;
  QuotesStoreFile file;
  QuotesClock *clock; /* (owned) */
  QuotesStoreLaneFuncs funcs;
  QuotesStoreWorker *worker; /* (unowned) (nullable) */

  const char *state; /* a literal */
  char *message;     /* (owned) (nullable) */
  guint n_pending;   /* more than one only at the end */
  guint alarm_id;
  gboolean is_off;
  gboolean is_retrying;
};

/* @owner: which the jobs keep alive; owns the lane, and what is behind @user_data */
QuotesStoreLane *
quotes_store_lane_new (GObject *owner,
                       gpointer user_data,
                       QuotesStoreFile file,
                       QuotesClock *clock,
                       const QuotesStoreLaneFuncs *funcs)
{
  QuotesStoreLane *self = g_new0 (QuotesStoreLane, 1);

  self->owner = owner;
  self->user_data = user_data;
  self->file = file;
  self->clock = g_object_ref (clock);
  self->funcs = *funcs;
  self->state = "ok";
  self->is_retrying = TRUE;
  return self;
}

static void
clear_alarm (QuotesStoreLane *self)
{
  guint alarm_id = self->alarm_id;

  self->alarm_id = 0;
  if (alarm_id != 0)
    quotes_clock_remove_alarm (self->clock, alarm_id);
}

void
quotes_store_lane_free (QuotesStoreLane *self)
{
  clear_alarm (self);
  g_object_unref (self->clock);
  g_free (self->message);
  g_free (self);
}

/* @worker: (nullable): which writes; has to live until nothing is under way */
void
quotes_store_lane_set_worker (QuotesStoreLane *self, QuotesStoreWorker *worker)
{
  self->worker = worker;
}

static const char *
get_word (const GError *error)
{
  if (error->domain != QUOTES_STORE_ERROR)
    return "failed";
  switch ((QuotesStoreError) error->code)
    {
    case QUOTES_STORE_ERROR_FULL:
      return "full";
    case QUOTES_STORE_ERROR_READ_ONLY:
      return "read-only";
    case QUOTES_STORE_ERROR_NEWER:
      return "newer";
    case QUOTES_STORE_ERROR_FAILED:
    case QUOTES_STORE_ERROR_CORRUPT:
    case QUOTES_STORE_ERROR_CLOSED:
    default:
      return "failed";
    }
}

/* The same trouble again is not told again, however long it lasts. */
void
quotes_store_lane_fail (QuotesStoreLane *self, const GError *error)
{
  const char *state = get_word (error);
  gboolean is_news = !g_str_equal (state, self->state);

  self->state = state;
  g_free (self->message);
  self->message = g_strdup (error->message);
  if (is_news)
    g_warning ("%s; prices go on without being kept", error->message);
}

static void
recover (QuotesStoreLane *self)
{
  g_autofree char *message = g_steal_pointer (&self->message);

  if (message != NULL)
    g_message ("The store works again");
  self->state = "ok";
}

/* For a file that is not to be touched. */
void
quotes_store_lane_switch_off (QuotesStoreLane *self)
{
  self->is_off = TRUE;
  clear_alarm (self);
}

static void
retry_cb (gpointer user_data)
{
  QuotesStoreLane *self = user_data;

  self->alarm_id = 0;
  quotes_store_lane_kick (self);
}

static void
returned_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  QuotesStoreLane *self = user_data;
  GTask *task = G_TASK (result);
  g_autoptr (GError) error = NULL;
  gboolean is_written = g_task_propagate_boolean (task, &error);

  self->n_pending--;
  self->funcs.returned (self->user_data, g_task_get_task_data (task), is_written);
  if (is_written)
    {
      recover (self);
      quotes_store_lane_kick (self);
    }
  else
    {
      quotes_store_lane_fail (self, error);
      if (self->is_retrying && self->alarm_id == 0)
        self->alarm_id = quotes_clock_add_alarm (
          self->clock, quotes_clock_get_monotonic_us (self->clock) + RETRY_US, retry_cb, self);
    }
  self->funcs.changed (self->user_data);
}

/* Returns: whether there was something */
static gboolean
push (QuotesStoreLane *self)
{
  gpointer data = self->worker != NULL && !self->is_off ? self->funcs.take (self->user_data) : NULL;
  GTask *task = NULL;

  if (data == NULL)
    return FALSE;

  self->n_pending++;
  task = g_task_new (self->owner, NULL, returned_cb, self);
  g_task_set_source_tag (task, quotes_store_lane_kick);
  g_task_set_task_data (task, data, self->funcs.free_data);
  quotes_store_worker_push (self->worker, self->file, self->funcs.job, task);
  return TRUE;
}

/* Something waits: it is written now, or after what is being written. */
void
quotes_store_lane_kick (QuotesStoreLane *self)
{
  if (self->n_pending > 0)
    return;
  clear_alarm (self);
  push (self);
}

/* For the end, when nobody waits for answers: all that is there goes to the worker. */
void
quotes_store_lane_flush (QuotesStoreLane *self)
{
  clear_alarm (self);
  while (push (self))
    ;
}

/* For the end: what fails now is lost. */
void
quotes_store_lane_stop_retrying (QuotesStoreLane *self)
{
  self->is_retrying = FALSE;
  clear_alarm (self);
}

gboolean
quotes_store_lane_is_off (QuotesStoreLane *self)
{
  return self->is_off;
}

gboolean
quotes_store_lane_is_busy (QuotesStoreLane *self)
{
  return self->n_pending > 0;
}

/* A word of quotes_archive_get_state(). */
const char *
quotes_store_lane_get_state (QuotesStoreLane *self)
{
  return self->state;
}

/* (nullable): what is wrong */
const char *
quotes_store_lane_get_message (QuotesStoreLane *self)
{
  return self->message;
}
