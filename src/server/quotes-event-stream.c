/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-event-stream.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "quotes-event-readers.h"
#include "quotes-problem.h"
#include "quotes-stream-clients.h"
#include "quotes-stream-text.h"

#define REPLACED_US (G_USEC_PER_SEC / 10)
#define DRAIN_US G_USEC_PER_SEC
/* Rule E1: 15 s, give or take 5. */
#define RETRY_AFTER_MIN_S 10
#define RETRY_AFTER_MAX_S 20

/**
 * QuotesEventStream:
 *
 * Serves the event log to whoever asks: who may have a stream, how it begins and how all of them
 * end.
 */
struct _QuotesEventStream
{
  GObject parent_instance;

  QuotesStreamLimits limits;
  QuotesStreamText *text;       /* (owned) */
  QuotesStreamClients *clients; /* (owned) */
  QuotesEventReaders *readers;  /* (owned) */
  guint64 n_opened;
  guint64 n_closed;
  guint64 n_refused;
  GTask *drain; /* (owned) (nullable) */
  gboolean is_stopping;
};

enum
{
  SIGNAL_COUNT_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QuotesEventStream, quotes_event_stream, G_TYPE_OBJECT)

static void
tell_count (QuotesEventStream *self)
{
  g_signal_emit (self, signals[SIGNAL_COUNT_CHANGED], 0,
                 quotes_event_readers_get_n_open (self->readers));
}

static void
leave_client (QuotesEventStream *self, QuotesEventReader *reader)
{
  if (reader->client != NULL)
    quotes_stream_clients_leave (self->clients, reader->client, reader->page);
  reader->client = NULL;
}

static void
reader_closed_cb (QuotesEventReader *reader, gpointer user_data)
{
  QuotesEventStream *self = user_data;
  g_autoptr (GTask) drained = NULL;

  leave_client (self, reader);
  self->n_closed++;
  if (quotes_event_readers_is_empty (self->readers))
    drained = g_steal_pointer (&self->drain);
  tell_count (self);
  if (drained != NULL)
    g_task_return_boolean (drained, TRUE);
}

static void
quotes_event_stream_dispose (GObject *object)
{
  QuotesEventStream *self = QUOTES_EVENT_STREAM (object);

  /* Each is told of while they are still there. */
  if (self->readers != NULL)
    quotes_event_readers_free (self->readers);
  self->readers = NULL;
  g_clear_pointer (&self->text, quotes_stream_text_free);

  G_OBJECT_CLASS (quotes_event_stream_parent_class)->dispose (object);
}

static void
quotes_event_stream_finalize (GObject *object)
{
  QuotesEventStream *self = QUOTES_EVENT_STREAM (object);

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
  self->clients = quotes_stream_clients_new ();
}

static void
log_appended_cb (QuotesEventStream *self)
{
  quotes_event_readers_wake (self->readers);
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

  self->limits = *limits;
  self->text = quotes_stream_text_new (log, hub);
  self->readers = quotes_event_readers_new (log, self->text, epoll, clock, reader_closed_cb, self);
  g_signal_connect_object (log, "appended", G_CALLBACK (log_appended_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/* Its place is free at once. It may be gone afterwards. */
static void
finish_reader (QuotesEventStream *self, QuotesEventReader *reader, GBytes *bytes, gint64 within_us)
{
  leave_client (self, reader);
  quotes_event_readers_finish (self->readers, reader, bytes, within_us);
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
  if (quotes_event_readers_get_n_open (self->readers) - n_replaced >= self->limits.max_streams)
    return "sse_full";
  if (quotes_stream_clients_count (self->clients, key) - n_replaced >= get_limit (self, peer))
    return "sse_client";
  return NULL;
}

gboolean
quotes_event_stream_has_room (QuotesEventStream *self,
                              const QuotesStreamRequest *request,
                              const QuotesPeer *peer)
{
  g_autofree char *key = quotes_peer_dup_key (peer);

  g_return_val_if_fail (QUOTES_IS_EVENT_STREAM (self), FALSE);

  return find_problem (self, request, peer, key) == NULL;
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
    self->n_refused++;
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
  QuotesEventReader *older = quotes_stream_clients_lookup (self->clients, key, request->client);
  QuotesEventReader *reader = quotes_event_reader_new (fd, request);

  if (older != NULL)
    finish_reader (self, older, quotes_stream_text_dup_replaced (self->text, older->flavor),
                   REPLACED_US);

  reader->client = quotes_stream_clients_join (self->clients, key, request->client, reader);
  self->n_opened++;
  quotes_event_readers_add (self->readers, reader, request);
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
  QuotesReadersCounters readers;

  g_return_if_fail (QUOTES_IS_EVENT_STREAM (self));

  quotes_event_readers_get_counters (self->readers, &readers);
  *counters = (QuotesStreamCounters){
    .n_open = quotes_event_readers_get_n_open (self->readers),
    .n_opened = self->n_opened,
    .n_closed = self->n_closed,
    .n_evicted = readers.n_evicted,
    .n_conflated = readers.n_conflated,
    .n_refused = self->n_refused,
    .n_frames_sent = readers.n_frames,
    .n_bytes_sent = readers.n_bytes,
  };
}

static void
say_bye (gpointer data, gpointer user_data)
{
  QuotesEventReader *reader = data;
  QuotesEventStream *self = user_data;

  finish_reader (self, reader, quotes_stream_text_dup_bye (self->text, reader->flavor), DRAIN_US);
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
  quotes_event_readers_foreach (self->readers, say_bye, self);

  if (quotes_event_readers_is_empty (self->readers))
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
