/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-event-stream.h"

#include <sys/socket.h>
#include <unistd.h>

#include "quotes-event-batch.h"
#include "quotes-event-reader.h"
#include "quotes-problem.h"
#include "quotes-stream-clients.h"
#include "quotes-stream-text.h"

/* Then the rest of the program has its turn: about 4 ms of sending. */
#define SLICE 512
#define KEEPALIVE_US (15 * G_USEC_PER_SEC)
/* Keepalives are due at any time; looking for them more often costs more than it is worth. */
#define SWEEP_STEP_US (G_USEC_PER_SEC / 2)
#define LOOK_US G_USEC_PER_SEC
#define REPLACED_US (G_USEC_PER_SEC / 10)
#define DRAIN_US G_USEC_PER_SEC
/* Rule E1: 15 s, give or take 5. */
#define RETRY_AFTER_MIN_S 10
#define RETRY_AFTER_MAX_S 20

/**
 * QuotesEventStream:
 *
 * The readers of the event log. Each has its place in the log and nothing else; appending only
 * plans the sending, and who has everything costs nothing.
 */
struct _QuotesEventStream
{
  GObject parent_instance;

  QuotesEventLog *log; /* (owned) */
  QuotesEpoll *epoll;  /* (unowned), outlives us */
  QuotesClock *clock;  /* (owned) */
  QuotesStreamLimits limits;
  QuotesStreamText *text;       /* (owned) */
  QuotesStreamClients *clients; /* (owned) */
  QuotesEventBatch *batch;      /* (owned) */
  GPtrArray *readers;           /* (owned) (element-type QuotesEventReader): in no order */
  guint n_closing;
  QuotesStreamCounters counters;

  /* Sending, from the last reader down to the first. */
  GSource *pump; /* (owned) */
  guint pump_at; /* readers below this one are still to be looked at; 0 = resting */
  gboolean pump_again;

  /* Keepalives and deadlines, likewise. */
  guint sweep_id;
  gint64 sweep_us; /* when it is due */
  guint sweep_at;
  gint64 next_sweep_us;

  GTask *drain; /* (owned) (nullable) */
  gboolean is_stopping;
};

typedef struct
{
  GSource source;
  QuotesEventStream *stream; /* (unowned), outlives us */
} PumpSource;

enum
{
  SIGNAL_COUNT_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QuotesEventStream, quotes_event_stream, G_TYPE_OBJECT)

static void sweep_due_cb (gpointer user_data);

static guint
get_n_open (QuotesEventStream *self)
{
  return self->readers->len - self->n_closing;
}

static void
tell_count (QuotesEventStream *self)
{
  g_signal_emit (self, signals[SIGNAL_COUNT_CHANGED], 0, get_n_open (self));
}

static void
clear_sweep (QuotesEventStream *self)
{
  if (self->sweep_id != 0)
    quotes_clock_remove_alarm (self->clock, self->sweep_id);
  self->sweep_id = 0;
}

static void
arm_sweep (QuotesEventStream *self, gint64 at_us)
{
  if (self->sweep_id != 0 && self->sweep_us <= at_us)
    return;

  clear_sweep (self);
  self->sweep_us = at_us;
  self->sweep_id = quotes_clock_add_alarm (self->clock, at_us, sweep_due_cb, self);
}

/* Something is due at @at_us. A sweep that is under way may be past it. */
static void
plan_sweep (QuotesEventStream *self, gint64 at_us)
{
  self->next_sweep_us = MIN (self->next_sweep_us, at_us);
  arm_sweep (self, at_us);
}

static void
finish_drain (QuotesEventStream *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->drain);

  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static void
leave_client (QuotesEventStream *self, QuotesEventReader *reader)
{
  if (reader->client != NULL)
    quotes_stream_clients_leave (self->clients, reader->client, reader->page);
  reader->client = NULL;
}

static void
remove_reader (QuotesEventStream *self, QuotesEventReader *reader)
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
close_reader (QuotesEventStream *self, QuotesEventReader *reader, gboolean is_abrupt)
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
  leave_client (self, reader);
  remove_reader (self, reader);
  quotes_epoll_bury (self->epoll, &reader->item, quotes_event_reader_free);
  self->counters.n_closed++;
  if (self->readers->len == 0)
    {
      clear_sweep (self);
      finish_drain (self);
    }
  tell_count (self);
}

static void
look_at_clock (QuotesEventStream *self)
{
  self->batch->now_us = quotes_clock_get_monotonic_us (self->clock);
}

/* Sends what there is for a reader. It may be gone afterwards. */
static void
feed (QuotesEventStream *self, QuotesEventReader *reader)
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
  QuotesEventStream *self = ((PumpSource *) source)->stream;
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
log_appended_cb (QuotesEventStream *self)
{
  if (self->pump_at > 0)
    self->pump_again = TRUE;
  else
    self->pump_at = self->readers->len;
  if (self->pump_at > 0)
    g_source_set_ready_time (self->pump, 0);
}

static void
reader_ready_cb (QuotesEpollItem *item, guint32 events)
{
  QuotesEventReader *reader = (QuotesEventReader *) item;
  QuotesEventStream *self = reader->owner;

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
send_keepalive (QuotesEventStream *self, QuotesEventReader *reader)
{
  /* Who gets every status keeps its id young by them. */
  gboolean has_id = reader->symbols != NULL || !(reader->topics & QUOTES_TOPIC_STATUS);

  quotes_event_reader_take_part (
    reader, quotes_stream_text_dup_keepalive (self->text, has_id, reader->flavor));
  feed (self, reader);
}

/* Does what is due for one reader, which may be gone afterwards. Returns whether that was work. */
static gboolean
sweep_reader (QuotesEventStream *self, QuotesEventReader *reader)
{
  gint64 now_us = self->batch->now_us;
  gint64 due_us = reader->event_us + KEEPALIVE_US;

  if (reader->is_closing || reader->is_blocked)
    {
      gboolean is_stuck = quotes_event_reader_is_stuck (reader, now_us);

      if (is_stuck && !reader->is_closing)
        self->counters.n_evicted++;
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
  QuotesEventStream *self = user_data;
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

static void
quotes_event_stream_dispose (GObject *object)
{
  QuotesEventStream *self = QUOTES_EVENT_STREAM (object);

  while (self->readers->len > 0)
    close_reader (self, g_ptr_array_index (self->readers, 0), FALSE);
  if (self->pump != NULL)
    g_source_destroy (self->pump);
  g_clear_pointer (&self->pump, g_source_unref);
  g_clear_pointer (&self->batch, quotes_event_batch_free);
  g_clear_pointer (&self->text, quotes_stream_text_free);
  g_clear_object (&self->log);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_event_stream_parent_class)->dispose (object);
}

static void
quotes_event_stream_finalize (GObject *object)
{
  QuotesEventStream *self = QUOTES_EVENT_STREAM (object);

  g_ptr_array_unref (self->readers);
  quotes_stream_clients_free (self->clients);

  G_OBJECT_CLASS (quotes_event_stream_parent_class)->finalize (object);
}

static void
quotes_event_stream_class_init (QuotesEventStreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_event_stream_dispose;
  object_class->finalize = quotes_event_stream_finalize;

  /**
   * QuotesEventStream::count-changed:
   * @self: the stream
   * @n_open: how many readers there are now
   */
  signals[SIGNAL_COUNT_CHANGED] =
    g_signal_new ("count-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
quotes_event_stream_init (QuotesEventStream *self)
{
  self->readers = g_ptr_array_new ();
  self->clients = quotes_stream_clients_new ();
  self->pump = g_source_new (&pump_funcs, sizeof (PumpSource));
  ((PumpSource *) self->pump)->stream = self;
  g_source_set_static_name (self->pump, "QuotesEventStream pump");
  g_source_set_ready_time (self->pump, -1);
  g_source_attach (self->pump, NULL);
}

/**
 * quotes_event_stream_new:
 * @log: what is sent
 * @hub: what the prices are when a reader comes
 * @epoll: (not nullable): where the readers wait; outlives the stream
 * @clock: for keepalives and deadlines
 * @limits: of rules E1 and E2
 *
 * Returns: (transfer full): a stream without readers
 */
QuotesEventStream *
quotes_event_stream_new (QuotesEventLog *log,
                         QuotesHub *hub,
                         QuotesEpoll *epoll,
                         QuotesClock *clock,
                         const QuotesStreamLimits *limits)
{
  QuotesEventStream *self = g_object_new (QUOTES_TYPE_EVENT_STREAM, NULL);

  self->log = g_object_ref (log);
  self->epoll = epoll;
  self->clock = g_object_ref (clock);
  self->limits = *limits;
  self->text = quotes_stream_text_new (log, hub);
  self->batch = quotes_event_batch_new (log, self->text);
  g_signal_connect_object (log, "appended", G_CALLBACK (log_appended_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/* Says @bytes as the last thing; the reader's place is free at once. It may be gone afterwards. */
static void
finish_reader (QuotesEventStream *self, QuotesEventReader *reader, GBytes *bytes, gint64 within_us)
{
  leave_client (self, reader);
  reader->is_closing = TRUE;
  reader->needs = 0;
  reader->deadline_us = self->batch->now_us + within_us;
  self->n_closing++;
  quotes_event_reader_take_part (reader, bytes);
  plan_sweep (self, reader->deadline_us);
  feed (self, reader);
}

static guint
get_limit (QuotesEventStream *self, const QuotesPeer *peer)
{
  gboolean is_own = peer->kind == QUOTES_PEER_LOOPBACK && quotes_peer_is_trusted (peer);

  if (self->limits.max_per_client == 0)
    return G_MAXUINT;
  return is_own ? self->limits.max_per_own_uid : self->limits.max_per_client;
}

static const char *
find_problem (QuotesEventStream *self,
              const QuotesStreamRequest *request,
              const QuotesPeer *peer,
              const char *key)
{
  /* One that is replaced makes room for the one that comes. */
  guint n_replaced =
    quotes_stream_clients_lookup (self->clients, key, request->client) != NULL ? 1 : 0;

  if (self->is_stopping)
    return "stopping";
  if (request->is_head)
    return NULL;
  if (get_n_open (self) - n_replaced >= self->limits.max_streams)
    return "sse_full";
  if (quotes_stream_clients_count (self->clients, key) - n_replaced >= get_limit (self, peer))
    return "sse_client";
  return NULL;
}

/**
 * quotes_event_stream_admits:
 * @self: a stream
 * @request: what is asked for
 * @peer: who asks
 * @problem_code: (out) (transfer none): why not
 * @retry_after_s: (out): when to ask again; another one for each
 *
 * A refusal is counted.
 */
gboolean
quotes_event_stream_admits (QuotesEventStream *self,
                            const QuotesStreamRequest *request,
                            const QuotesPeer *peer,
                            const char **problem_code,
                            guint *retry_after_s)
{
  g_autofree char *key = quotes_peer_dup_key (peer);

  g_return_val_if_fail (QUOTES_IS_EVENT_STREAM (self), FALSE);

  *problem_code = find_problem (self, request, peer, key);
  *retry_after_s = (guint) g_random_int_range (RETRY_AFTER_MIN_S, RETRY_AFTER_MAX_S + 1);
  if (*problem_code != NULL)
    self->counters.n_refused++;
  return *problem_code == NULL;
}

/* For an answer that fits into the buffer of a new socket. */
static void
send_and_close (int fd, const void *bytes, gsize size)
{
  if (send (fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
    g_debug ("A client had gone before it was answered");
  close (fd);
}

static void
answer_head (QuotesEventStream *self, int fd, const QuotesStreamRequest *request)
{
  g_autoptr (GBytes) head = quotes_stream_text_dup_head (self->text, request, 0);

  send_and_close (fd, g_bytes_get_data (head, NULL), g_bytes_get_size (head));
}

static void
start_reader (QuotesEventStream *self, int fd, const QuotesStreamRequest *request, const char *key)
{
  const guint32 events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  QuotesEventReader *older = quotes_stream_clients_lookup (self->clients, key, request->client);
  QuotesEventReader *reader = quotes_event_reader_new (fd, request);

  if (older != NULL)
    finish_reader (self, older, quotes_stream_text_dup_replaced (self->text, older->flavor),
                   REPLACED_US);

  reader->item.ready = reader_ready_cb;
  reader->owner = self;
  reader->client = quotes_stream_clients_join (self->clients, key, request->client, reader);
  reader->index = self->readers->len;
  g_ptr_array_add (self->readers, reader);
  self->counters.n_opened++;
  quotes_event_reader_begin (reader, request, self->batch);

  /* Sending comes first: what cannot be sent now is told by the edge that is there already. */
  plan_sweep (self, self->batch->now_us + KEEPALIVE_US);
  reader->event_us = self->batch->now_us;
  if (!quotes_epoll_add (self->epoll, &reader->item, events))
    close_reader (self, reader, TRUE);
  else
    feed (self, reader);
  tell_count (self);
}

/**
 * quotes_event_stream_take_fd:
 * @self: a stream
 * @fd: (transfer full): a connected socket whose request has been read
 * @request: what was asked for
 * @peer: who asked
 *
 * Answers the request, with 503 when there is no room.
 */
void
quotes_event_stream_take_fd (QuotesEventStream *self,
                             int fd,
                             const QuotesStreamRequest *request,
                             const QuotesPeer *peer)
{
  g_autofree char *key = quotes_peer_dup_key (peer);
  const char *code = NULL;
  guint retry_after_s = 0;

  g_return_if_fail (QUOTES_IS_EVENT_STREAM (self));

  look_at_clock (self);
  if (!quotes_event_stream_admits (self, request, peer, &code, &retry_after_s))
    {
      g_autofree char *answer = quotes_problem_dup_http (503, code, retry_after_s, "");

      send_and_close (fd, answer, strlen (answer));
    }
  else if (request->is_head)
    answer_head (self, fd, request);
  else
    start_reader (self, fd, request, key);
}

void
quotes_event_stream_get_counters (QuotesEventStream *self, QuotesStreamCounters *counters)
{
  g_return_if_fail (QUOTES_IS_EVENT_STREAM (self));

  *counters = self->counters;
  counters->n_open = get_n_open (self);
  counters->n_conflated = self->batch->n_conflated;
  counters->n_frames_sent = self->batch->n_frames;
  counters->n_bytes_sent = self->batch->n_bytes;
}

/**
 * quotes_event_stream_drain_async:
 * @self: a stream
 * @cancellable: (nullable): only changes what the finish function returns
 * @callback: called when no reader is left, after a second at most
 * @user_data: for @callback
 *
 * From now on every request is refused.
 */
void
quotes_event_stream_drain_async (QuotesEventStream *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (QUOTES_IS_EVENT_STREAM (self));
  g_return_if_fail (!self->is_stopping);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, quotes_event_stream_drain_async);
  self->is_stopping = TRUE;
  look_at_clock (self);
  for (guint i = self->readers->len; i > 0; i--)
    {
      QuotesEventReader *reader = g_ptr_array_index (self->readers, i - 1);

      if (!reader->is_closing)
        finish_reader (self, reader, quotes_stream_text_dup_bye (self->text, reader->flavor),
                       DRAIN_US);
    }

  if (self->readers->len == 0)
    g_task_return_boolean (task, TRUE);
  else
    self->drain = g_steal_pointer (&task);
}

gboolean
quotes_event_stream_drain_finish (QuotesEventStream *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
