/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "load-engine.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_SIZE (256 * 1024)
#define BATCH 512
/* So that one busy reader does not keep the others waiting. */
#define MAX_READS 4

/* As small as the kernel allows: a silent reader should fill the server's side, not ours. */
#define SILENT_RECEIVE_BUFFER 4096

/* How long a roaming reader stays and is away; one away in so many is long enough to fall out of
 * any reasonable history. */
#define STAY_MIN_MS 200
#define STAY_MAX_MS 3000
#define AWAY_MIN_MS 20
#define AWAY_MAX_MS 1500
#define LONG_AWAY_EVERY 25
#define LONG_AWAY_MS 8000

/* A restart or a wrap: not comparable with what came before. */
#define SEQ_JUMP 50000

typedef struct
{
  LoadEngine *engine;
  LoadReader *reader;
} EventTarget;

static void
schedule_turn (LoadEngine *self, LoadReader *reader, gboolean is_leaving)
{
  int pause_ms = g_rand_int_range (self->random, STAY_MIN_MS, STAY_MAX_MS);

  if (is_leaving && g_rand_int_range (self->random, 0, LONG_AWAY_EVERY) == 0)
    pause_ms = LONG_AWAY_MS;
  else if (is_leaving)
    pause_ms = g_rand_int_range (self->random, AWAY_MIN_MS, AWAY_MAX_MS);
  reader->turn_us = g_get_monotonic_time () + pause_ms * G_TIME_SPAN_MILLISECOND;
}

void
load_engine_stop_reader (LoadEngine *self, LoadReader *reader, LoadReaderState state)
{
  if (reader->state == LOAD_READER_CONNECTING || reader->state == LOAD_READER_ASKED)
    self->n_in_flight--;
  if (reader->fd >= 0)
    close (reader->fd);
  reader->fd = -1;
  reader->state = state;
  load_stream_reset (&reader->stream);
  if (reader->role == LOAD_ROLE_ROAMING)
    {
      reader->state = LOAD_READER_AWAY;
      schedule_turn (self, reader, TRUE);
    }
}

static void
fail_reader (LoadEngine *self, LoadReader *reader, guint64 *counter)
{
  (*counter)++;
  load_engine_stop_reader (self, reader, LOAD_READER_GONE);
}

/* Each version has to follow the one before it; what is left out has to be announced. */
static void
judge_version (LoadEngine *self, LoadReader *reader, const LoadEvent *event)
{
  LoadCounters *counters = &self->counters;
  guint64 last = reader->last_seq;

  if (last == 0 || event->seq > last + SEQ_JUMP)
    reader->last_seq = event->seq;
  else if (event->seq == last && event->kind == LOAD_EVENT_SNAPSHOT)
    counters->n_duplicates++;
  else if (event->seq < last)
    counters->n_disordered++;
  else if (event->seq > last + 1 && reader->is_warned)
    counters->n_announced += event->seq - last - 1;
  else if (event->seq > last + 1)
    counters->n_missing += event->seq - last - 1;

  reader->last_seq = MAX (reader->last_seq, event->seq);
  reader->is_warned = FALSE;
  self->newest_seq = MAX (self->newest_seq, event->seq);
}

static void
reader_got_event_cb (const LoadEvent *event, gpointer user_data)
{
  EventTarget *target = user_data;
  LoadEngine *self = target->engine;
  LoadReader *reader = target->reader;
  gboolean has_quotes = event->kind == LOAD_EVENT_SNAPSHOT || event->kind == LOAD_EVENT_UPDATE;

  reader->n_events++;
  if (self->is_measuring)
    self->counters.n_measured++;
  if (event->kind == LOAD_EVENT_GAP)
    {
      self->counters.n_gaps++;
      reader->is_warned = TRUE;
    }
  if (!has_quotes)
    return;
  if (self->is_measuring)
    self->counters.n_measured_snapshots++;
  if (event->seq == 0 || event->ts_us == 0)
    {
      self->counters.n_unstamped++;
      return;
    }
  judge_version (self, reader, event);
  if (self->is_measuring && event->ts_us >= reader->joined_us)
    load_histogram_add (&self->delivery_us, self->received_us - event->ts_us);
}

/* The head is there: the reader is one from now on, or was refused. */
static void
reader_joined (LoadEngine *self, LoadReader *reader)
{
  if (reader->stream.status != 200)
    {
      fail_reader (self, reader, &self->counters.n_refused);
      return;
    }
  self->n_in_flight--;
  reader->state = LOAD_READER_OPEN;
  self->counters.n_opened++;
  load_histogram_add (&self->head_us, g_get_monotonic_time () - reader->started_us);
  if (reader->role == LOAD_ROLE_ROAMING)
    schedule_turn (self, reader, FALSE);
}

static void
feed_reader (LoadEngine *self, LoadReader *reader, gsize length)
{
  EventTarget target = {self, reader};

  self->received_us = g_get_real_time ();
  if (reader->state == LOAD_READER_ASKED)
    reader->joined_us = self->received_us;
  if (self->is_measuring && reader->state == LOAD_READER_OPEN)
    self->counters.n_measured_bytes += length;
  load_stream_feed (&reader->stream, self->buffer, length, reader_got_event_cb, &target);

  if (reader->stream.state == LOAD_STREAM_BROKEN)
    fail_reader (self, reader, &self->counters.n_broken);
  else if (reader->state == LOAD_READER_ASKED && reader->stream.status != 0)
    reader_joined (self, reader);
  if (reader->state == LOAD_READER_OPEN && reader->stream.state == LOAD_STREAM_END)
    fail_reader (self, reader, &self->counters.n_closed_by_server);
  if (reader->state == LOAD_READER_OPEN && reader->role == LOAD_ROLE_CYCLING &&
      reader->n_events > 0)
    {
      self->counters.n_cycles++;
      load_engine_stop_reader (self, reader, LOAD_READER_AWAY);
    }
}

static void
read_reader (LoadEngine *self, LoadReader *reader)
{
  for (int i = 0; i < MAX_READS && reader->fd >= 0; i++)
    {
      gssize n = recv (reader->fd, self->buffer, BUFFER_SIZE, MSG_DONTWAIT);

      if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
      if (n <= 0)
        {
          fail_reader (self, reader,
                       reader->state == LOAD_READER_OPEN ? &self->counters.n_closed_by_server
                                                         : &self->counters.n_failed);
          return;
        }
      feed_reader (self, reader, (gsize) n);
      if (n < BUFFER_SIZE)
        return;
    }
}

static void
ask (LoadEngine *self, LoadReader *reader)
{
  gboolean can_resume = self->can_resume && reader->stream.id[0] != '\0';
  g_autofree char *resume =
    can_resume ? g_strdup_printf ("Last-Event-ID: %s\r\n", reader->stream.id) : g_strdup ("");
  g_autofree char *request =
    g_strdup_printf ("GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                     "Accept: text/event-stream\r\nCache-Control: no-cache\r\n%s\r\n",
                     self->path, ntohs (self->address.sin_port), resume);
  struct epoll_event event = {
    .events = reader->role == LOAD_ROLE_SILENT ? EPOLLRDHUP : EPOLLIN | EPOLLRDHUP,
    .data.ptr = reader,
  };
  gssize length = (gssize) strlen (request);

  if (can_resume)
    self->counters.n_resumed++;
  else
    reader->last_seq = 0;
  epoll_ctl (self->epoll_fd, EPOLL_CTL_MOD, reader->fd, &event);
  if (send (reader->fd, request, (gsize) length, MSG_DONTWAIT | MSG_NOSIGNAL) != length)
    {
      fail_reader (self, reader, &self->counters.n_failed);
      return;
    }
  reader->state = LOAD_READER_ASKED;
  if (reader->role == LOAD_ROLE_SILENT)
    {
      self->n_in_flight--;
      self->counters.n_opened++;
      reader->state = LOAD_READER_OPEN;
      reader->progress_us = g_get_monotonic_time ();
    }
}

static void
reader_connected (LoadEngine *self, LoadReader *reader)
{
  struct sockaddr_in own = {0};
  socklen_t length = sizeof own;
  int failure = 0;
  socklen_t failure_length = sizeof failure;

  getsockopt (reader->fd, SOL_SOCKET, SO_ERROR, &failure, &failure_length);
  if (failure != 0)
    {
      fail_reader (self, reader, &self->counters.n_failed);
      return;
    }
  if (reader->role == LOAD_ROLE_SILENT &&
      getsockname (reader->fd, (struct sockaddr *) &own, &length) == 0)
    reader->port = ntohs (own.sin_port);
  ask (self, reader);
}

/* The server has thrown a silent reader out. */
static void
silent_reader_gone (LoadEngine *self, LoadReader *reader)
{
  gint64 now_us = g_get_monotonic_time ();

  self->n_silent_gone++;
  load_histogram_add (&self->silent_life_ms, (now_us - reader->started_us) / 1000);
  load_histogram_add (&self->silent_blocked_ms, (now_us - reader->progress_us) / 1000);
  load_engine_stop_reader (self, reader, LOAD_READER_GONE);
}

static int
create_socket (LoadEngine *self, LoadReader *reader)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int one = 1, size = SILENT_RECEIVE_BUFFER;
  struct sockaddr_in source = {.sin_family = AF_INET};
  guint number = (guint) (reader - self->readers);

  if (fd < 0)
    return -1;
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (reader->role == LOAD_ROLE_SILENT)
    setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  if (self->n_sources > 1)
    {
      source.sin_addr.s_addr = htonl (INADDR_LOOPBACK + number % self->n_sources);
      setsockopt (fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
      bind (fd, (struct sockaddr *) &source, sizeof source);
    }

  return fd;
}

void
load_engine_start_reader (LoadEngine *self, LoadReader *reader)
{
  struct epoll_event event = {.events = EPOLLOUT | EPOLLRDHUP, .data.ptr = reader};

  self->n_in_flight++;
  reader->state = LOAD_READER_CONNECTING;
  reader->started_us = g_get_monotonic_time ();
  reader->n_events = 0;
  reader->fd = create_socket (self, reader);
  if (reader->fd < 0 ||
      (connect (reader->fd, (struct sockaddr *) &self->address, sizeof self->address) != 0 &&
       errno != EINPROGRESS) ||
      epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, reader->fd, &event) != 0)
    fail_reader (self, reader, &self->counters.n_failed);
}

static void
handle_reader (LoadEngine *self, LoadReader *reader, guint32 events)
{
  if (reader->state == LOAD_READER_CONNECTING)
    reader_connected (self, reader);
  else if (reader->fd < 0)
    return;
  else if (reader->role == LOAD_ROLE_SILENT)
    {
      if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
        silent_reader_gone (self, reader);
    }
  else
    read_reader (self, reader);
}

static void
take_turns (LoadEngine *self)
{
  gint64 now_us = g_get_monotonic_time ();

  for (guint i = 0; i < self->n_readers; i++)
    {
      LoadReader *reader = &self->readers[i];

      if (reader->role != LOAD_ROLE_ROAMING || now_us < reader->turn_us)
        continue;
      if (reader->state == LOAD_READER_AWAY)
        load_engine_start_reader (self, reader);
      else if (reader->state == LOAD_READER_OPEN)
        load_engine_stop_reader (self, reader, LOAD_READER_AWAY);
    }
}

void
load_engine_pump (LoadEngine *self, int timeout_ms)
{
  struct epoll_event events[BATCH];
  int n = epoll_wait (self->epoll_fd, events, BATCH, timeout_ms);

  for (int i = 0; i < n; i++)
    handle_reader (self, events[i].data.ptr, events[i].events);
  if (self->is_roaming)
    take_turns (self);
}

gboolean
load_engine_init (LoadEngine *self, const char *url, guint n_readers, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, error);
  const char *query;

  if (uri == NULL)
    return FALSE;
  query = g_uri_get_query (uri);
  self->address.sin_family = AF_INET;
  self->address.sin_port = htons ((guint16) g_uri_get_port (uri));
  if (g_uri_get_host (uri) == NULL || g_uri_get_port (uri) <= 0 ||
      inet_pton (AF_INET, g_uri_get_host (uri), &self->address.sin_addr) != 1 ||
      ntohl (self->address.sin_addr.s_addr) >> 24 != 127)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "The address has to be http://127.x.y.z:PORT/...");
      return FALSE;
    }

  self->path = g_strdup_printf ("%s%s%s", g_uri_get_path (uri), query != NULL ? "?" : "",
                                query != NULL ? query : "");
  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  self->readers = g_new0 (LoadReader, n_readers);
  self->n_readers = n_readers;
  for (guint i = 0; i < n_readers; i++)
    self->readers[i].fd = -1;
  self->random = g_rand_new_with_seed (1);
  self->buffer = g_malloc (BUFFER_SIZE);
  return TRUE;
}

void
load_engine_clear (LoadEngine *self)
{
  for (guint i = 0; i < self->n_readers; i++)
    {
      if (self->readers[i].fd >= 0)
        close (self->readers[i].fd);
      load_stream_reset (&self->readers[i].stream);
    }
  if (self->epoll_fd > 0)
    close (self->epoll_fd);
  g_clear_pointer (&self->readers, g_free);
  g_clear_pointer (&self->random, g_rand_free);
  g_clear_pointer (&self->buffer, g_free);
  g_clear_pointer (&self->path, g_free);
}
