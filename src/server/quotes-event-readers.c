/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-event-readers.h"

#include <sys/socket.h>
#include <unistd.h>

/* Then the rest of the program has its turn: about 4 ms of sending. */
#define SLICE 512
#define KEEPALIVE_US (15 * G_USEC_PER_SEC)
/* Keepalives are due at any time; looking for them more often costs more than it is worth. */
#define SWEEP_STEP_US (G_USEC_PER_SEC / 2)
#define LOOK_US G_USEC_PER_SEC

struct _QuotesEventReaders
{
  QuotesEventLog *log;    /* (owned) */
  QuotesStreamText *text; /* (unowned), outlives us */
  QuotesEpoll *epoll;     /* (unowned), outlives us */
  QuotesClock *clock;     /* (owned) */
  QuotesReaderClosedFunc closed;
  gpointer user_data;
  QuotesEventBatch *batch; /* (owned) */
  GPtrArray *readers;      /* (owned) (element-type QuotesEventReader): in no order */
  guint n_closing;
  guint64 n_evicted;

  /* Sending, from the last reader down to the first. */
  GSource *pump; /* (owned) */
  guint pump_at; /* readers below this one are still to be looked at; 0 = resting */
  gboolean pump_again;

  /* Keepalives and deadlines, likewise. */
  guint sweep_id;
  gint64 sweep_us; /* when it is due */
  guint sweep_at;
  gint64 next_sweep_us;
};

typedef struct
{
  GSource source;
  QuotesEventReaders *readers; /* (unowned), outlives us */
} PumpSource;

static void sweep_due_cb (gpointer user_data);

static void
clear_sweep (QuotesEventReaders *self)
{
  if (self->sweep_id != 0)
    quotes_clock_remove_alarm (self->clock, self->sweep_id);
  self->sweep_id = 0;
}

static void
arm_sweep (QuotesEventReaders *self, gint64 at_us)
{
  if (self->sweep_id != 0 && self->sweep_us <= at_us)
    return;

  clear_sweep (self);
  self->sweep_us = at_us;
  self->sweep_id = quotes_clock_add_alarm (self->clock, at_us, sweep_due_cb, self);
}

/* Something is due at @at_us. A sweep that is under way may be past it. */
static void
plan_sweep (QuotesEventReaders *self, gint64 at_us)
{
  self->next_sweep_us = MIN (self->next_sweep_us, at_us);
  arm_sweep (self, at_us);
}

static void
remove_reader (QuotesEventReaders *self, QuotesEventReader *reader)
{
  guint index = reader->index;

  g_ptr_array_remove_index_fast (self->readers, index);
  if (index < self->readers->len)
    ((QuotesEventReader *) g_ptr_array_index (self->readers, index))->index = index;
  if (reader->is_closing)
    self->n_closing--;
}

/* @is_abrupt: what the kernel still holds for it is thrown away */
static void
close_reader (QuotesEventReaders *self, QuotesEventReader *reader, gboolean is_abrupt)
{
  const struct linger now = {.l_onoff = 1, .l_linger = 0};

  /* Closing with unread input would be a reset too, and destroy what was sent last. */
  if (is_abrupt)
    setsockopt (reader->item.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  else
    quotes_event_reader_discard_input (reader);

  quotes_epoll_remove (self->epoll, &reader->item);
  close (reader->item.fd);
  reader->item.fd = -1;
  remove_reader (self, reader);
  if (self->readers->len == 0)
    clear_sweep (self);
  self->closed (reader, self->user_data);
  quotes_epoll_bury (self->epoll, &reader->item, quotes_event_reader_free);
}

static void
look_at_clock (QuotesEventReaders *self)
{
  self->batch->now_us = quotes_clock_get_monotonic_us (self->clock);
}

/* Sends what there is for a reader. It may be gone afterwards. */
static void
feed (QuotesEventReaders *self, QuotesEventReader *reader)
{
  switch (quotes_event_reader_send (reader, self->batch))
    {
    case QUOTES_READER_UP_TO_DATE:
      if (reader->is_closing)
        close_reader (self, reader, FALSE);
      break;
    case QUOTES_READER_BLOCKED:
      plan_sweep (self, MIN (self->batch->now_us + LOOK_US, reader->deadline_us));
      break;
    case QUOTES_READER_GONE:
    default:
      close_reader (self, reader, FALSE);
      break;
    }
}

static gboolean
pump_dispatch (GSource *source,
               G_GNUC_UNUSED GSourceFunc callback,
               G_GNUC_UNUSED gpointer user_data)
{
  QuotesEventReaders *self = ((PumpSource *) source)->readers;
  guint64 head = quotes_event_log_get_head (self->log);
  guint n = 0;

  look_at_clock (self);
  self->pump_at = MIN (self->pump_at, self->readers->len);
  while (self->pump_at > 0 && n < SLICE)
    {
      QuotesEventReader *reader = g_ptr_array_index (self->readers, --self->pump_at);

      if (reader->is_blocked || reader->cursor == head)
        continue;
      n++;
      feed (self, reader);
      self->pump_at = MIN (self->pump_at, self->readers->len);
    }

  if (self->pump_at == 0 && self->pump_again)
    {
      self->pump_again = FALSE;
      self->pump_at = self->readers->len;
    }
  if (self->pump_at == 0)
    g_source_set_ready_time (source, -1);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs pump_funcs = {.dispatch = pump_dispatch};

static void
reader_ready_cb (QuotesEpollItem *item, guint32 events)
{
  QuotesEventReader *reader = (QuotesEventReader *) item;
  QuotesEventReaders *self = reader->owner;

  /* Somebody who will not say anything more, as a client that has gone, is treated as gone. */
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) ||
      ((events & EPOLLIN) && !quotes_event_reader_discard_input (reader)))
    {
      close_reader (self, reader, FALSE);
      return;
    }
  if ((events & EPOLLOUT) && reader->is_blocked)
    {
      look_at_clock (self);
      feed (self, reader);
    }
}

static void
send_keepalive (QuotesEventReaders *self, QuotesEventReader *reader)
{
  /* Who gets every status keeps its id young by them. */
  gboolean has_id = reader->symbols != NULL || !(reader->topics & QUOTES_TOPIC_STATUS);

  quotes_event_reader_take_part (
    reader, quotes_stream_text_dup_keepalive (self->text, has_id, reader->flavor));
  feed (self, reader);
}

/* Does what is due for one reader, which may be gone afterwards. Returns whether that was work. */
static gboolean
sweep_reader (QuotesEventReaders *self, QuotesEventReader *reader)
{
  gint64 now_us = self->batch->now_us;
  gint64 due_us = reader->event_us + KEEPALIVE_US;

  if (reader->is_closing || reader->is_blocked)
    {
      gboolean is_stuck = quotes_event_reader_is_stuck (reader, now_us);

      if (is_stuck && !reader->is_closing)
        self->n_evicted++;
      if (is_stuck)
        close_reader (self, reader, TRUE);
      else
        self->next_sweep_us =
          MIN (self->next_sweep_us, MIN (now_us + LOOK_US, reader->deadline_us));
      return is_stuck;
    }

  /* One that is behind is about to be looked at, and may get something better. */
  if (now_us < due_us || reader->cursor != quotes_event_log_get_head (self->log))
    {
      self->next_sweep_us = MIN (self->next_sweep_us, MAX (due_us, now_us + SWEEP_STEP_US));
      return FALSE;
    }
  self->next_sweep_us = MIN (self->next_sweep_us, now_us + KEEPALIVE_US);
  send_keepalive (self, reader);
  return TRUE;
}

static void
sweep_due_cb (gpointer user_data)
{
  QuotesEventReaders *self = user_data;
  guint n = 0;

  self->sweep_id = 0;
  look_at_clock (self);
  if (self->sweep_at == 0)
    {
      self->sweep_at = self->readers->len;
      self->next_sweep_us = G_MAXINT64;
    }
  self->sweep_at = MIN (self->sweep_at, self->readers->len);
  while (self->sweep_at > 0 && n < SLICE)
    {
      n += sweep_reader (self, g_ptr_array_index (self->readers, --self->sweep_at)) ? 1 : 0;
      self->sweep_at = MIN (self->sweep_at, self->readers->len);
    }

  if (self->sweep_at > 0)
    arm_sweep (self, self->batch->now_us);
  else if (self->readers->len > 0)
    arm_sweep (self, self->next_sweep_us);
}

/**
 * quotes_event_readers_new:
 * @log: what is sent
 * @text: (not nullable): what is said besides; outlives the readers
 * @epoll: (not nullable): where the readers wait; outlives them
 * @clock: for keepalives and deadlines
 * @closed: called for each reader that is gone, whatever ended it
 * @user_data: for @closed
 *
 * Returns: (transfer full): nobody
 */
QuotesEventReaders *
quotes_event_readers_new (QuotesEventLog *log,
                          QuotesStreamText *text,
                          QuotesEpoll *epoll,
                          QuotesClock *clock,
                          QuotesReaderClosedFunc closed,
                          gpointer user_data)
{
  QuotesEventReaders *self = g_new0 (QuotesEventReaders, 1);

  self->log = g_object_ref (log);
  self->text = text;
  self->epoll = epoll;
  self->clock = g_object_ref (clock);
  self->closed = closed;
  self->user_data = user_data;
  self->batch = quotes_event_batch_new (log, text);
  self->readers = g_ptr_array_new ();
  self->pump = g_source_new (&pump_funcs, sizeof (PumpSource));
  ((PumpSource *) self->pump)->readers = self;
  g_source_set_static_name (self->pump, "QuotesEventReaders pump");
  g_source_set_ready_time (self->pump, -1);
  g_source_attach (self->pump, NULL);
  return self;
}

/* Ends every stream where it is. */
void
quotes_event_readers_free (QuotesEventReaders *self)
{
  while (self->readers->len > 0)
    close_reader (self, g_ptr_array_index (self->readers, 0), FALSE);
  g_source_destroy (self->pump);
  g_source_unref (self->pump);
  g_ptr_array_unref (self->readers);
  quotes_event_batch_free (self->batch);
  g_object_unref (self->log);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * quotes_event_readers_add:
 * @self: the readers
 * @reader: (transfer full): a new one
 * @request: what it asked for
 *
 * Begins to send to it. It may be gone afterwards.
 */
void
quotes_event_readers_add (QuotesEventReaders *self,
                          QuotesEventReader *reader,
                          const QuotesStreamRequest *request)
{
  look_at_clock (self);
  reader->item.ready = reader_ready_cb;
  reader->owner = self;
  reader->index = self->readers->len;
  reader->event_us = self->batch->now_us;
  g_ptr_array_add (self->readers, reader);
  quotes_event_reader_begin (reader, request, self->batch);
  plan_sweep (self, self->batch->now_us + KEEPALIVE_US);

  /* All edges at once and never changed again: who is not blocked has no use for most of them, and
   * that costs less than a system call each time that it is. */
  if (quotes_epoll_add (self->epoll, &reader->item, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET))
    feed (self, reader);
  else
    close_reader (self, reader, TRUE);
}

/* Something was appended to the log. */
void
quotes_event_readers_wake (QuotesEventReaders *self)
{
  if (self->pump_at > 0)
    self->pump_again = TRUE;
  else
    self->pump_at = self->readers->len;
  if (self->pump_at > 0)
    g_source_set_ready_time (self->pump, 0);
}

/**
 * quotes_event_readers_finish:
 * @self: the readers
 * @reader: one that is not closing
 * @bytes: (transfer full): the last that it gets
 * @within_us: how long it may take to get it
 *
 * It may be gone afterwards.
 */
void
quotes_event_readers_finish (QuotesEventReaders *self,
                             QuotesEventReader *reader,
                             GBytes *bytes,
                             gint64 within_us)
{
  look_at_clock (self);
  reader->is_closing = TRUE;
  reader->needs = 0;
  reader->deadline_us = self->batch->now_us + within_us;
  self->n_closing++;
  quotes_event_reader_take_part (reader, bytes);
  plan_sweep (self, reader->deadline_us);
  feed (self, reader);
}

/**
 * quotes_event_readers_foreach:
 * @self: the readers
 * @func: called with each that is not closing; may finish it
 * @user_data: for @func
 */
void
quotes_event_readers_foreach (QuotesEventReaders *self, GFunc func, gpointer user_data)
{
  for (guint i = self->readers->len; i > 0; i--)
    {
      QuotesEventReader *reader = g_ptr_array_index (self->readers, i - 1);

      if (!reader->is_closing)
        func (reader, user_data);
    }
}

/* Those that are closing are not open any more, but still there. */
guint
quotes_event_readers_get_n_open (QuotesEventReaders *self)
{
  return self->readers->len - self->n_closing;
}

gboolean
quotes_event_readers_is_empty (QuotesEventReaders *self)
{
  return self->readers->len == 0;
}

void
quotes_event_readers_get_counters (QuotesEventReaders *self, QuotesReadersCounters *counters)
{
  counters->n_evicted = self->n_evicted;
  counters->n_conflated = self->batch->n_conflated;
  counters->n_frames = self->batch->n_frames;
  counters->n_bytes = self->batch->n_bytes;
}
