/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The yardstick of the benchmark: what a fan-out costs when nothing but the kernel is in the way.
 * One thread, one epoll set, one send() of one prebuilt buffer per reader and event; no routes, no
 * limits, no history. Events come from its own tick or are what is POSTed to it.
 *
 *   GET  anything   the event stream, chunked; the last event at once
 *   POST anything   the body becomes an event
 *
 * Loopback only. Ends after --max-time whatever happens. */

#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define MAX_REQUEST (64 * 1024)
#define MAX_FRAME (1024 * 1024)
#define BATCH 512
#define BACKLOG 4096
#define LINE_SIZE 96

static const char response_head[] = "HTTP/1.1 200 OK\r\n"
                                    "Content-Type: text/event-stream\r\n"
                                    "Cache-Control: no-cache\r\n"
                                    "Transfer-Encoding: chunked\r\n\r\n";
static const char post_answer[] = "HTTP/1.1 200 OK\r\n"
                                  "Content-Length: 0\r\n"
                                  "Connection: close\r\n\r\n";
static const char keepalive[] = "d\r\n: keepalive\n\n\r\n";

/**
 * BareLoop:
 * @places: by descriptor: the place in @readers, -1 when it is none
 * @requests: by descriptor: (nullable): what has come of its request
 * @data: what its own events are made in
 * @frame: the last event as it goes over the wire
 */
typedef struct
{
  int epoll_fd;
  int listen_fd;
  int tick_fd;
  int keepalive_fd;
  int stop_fd;
  int *readers;
  guint n_readers;
  int *places;
  GByteArray **requests;
  guint n_descriptors;
  char *data;
  char *frame;
  gsize frame_length;
  guint64 seq;
  guint64 n_dropped;
  double rate;
  int size;
  int interval_keepalive_s;
  int max_time_s;
  int skip_every;
  int repeat_every;
} BareLoop;

static void
die (const char *message)
{
  perror (message);
  exit (1);
}

static void
drop (BareLoop *self, int fd)
{
  int place = self->places[fd];

  if (place >= 0)
    {
      self->n_readers--;
      self->readers[place] = self->readers[self->n_readers];
      self->places[self->readers[place]] = place;
      self->places[fd] = -1;
    }
  g_clear_pointer (&self->requests[fd], g_byte_array_unref);
  close (fd);
}

/* The heart of the yardstick. A reader that cannot take a whole event is dropped: the loop has no
 * memory of what it still owes. */
static void
broadcast (BareLoop *self, const char *bytes, gsize length)
{
  for (guint i = self->n_readers; i > 0; i--)
    {
      int fd = self->readers[i - 1];

      if (send (fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL) != (gssize) length)
        {
          self->n_dropped++;
          drop (self, fd);
        }
    }
}

static gsize
format_lead (BareLoop *self, char *lead, gsize size)
{
  return (gsize) g_snprintf (
    lead, size, "event: snapshot\nid: 0badcafe.%" G_GUINT64_FORMAT "\ndata: ", self->seq);
}

/* Wraps a body as one chunk with one event, and sends it to all. */
static void
publish (BareLoop *self, const char *data, gsize length)
{
  char lead[LINE_SIZE];
  char size_line[LINE_SIZE];
  gsize lead_length = format_lead (self, lead, sizeof lead);
  gsize event_length = lead_length + length + 2;
  gsize size_length = (gsize) g_snprintf (size_line, sizeof size_line, "%zx\r\n", event_length);
  char *at = self->frame;

  g_assert (size_length + event_length + 2 <= MAX_FRAME);
  memcpy (at, size_line, size_length);
  at += size_length;
  memcpy (at, lead, lead_length);
  at += lead_length;
  memcpy (at, data, length);
  at += length;
  memcpy (at, "\n\n\r\n", 4);
  self->frame_length = size_length + event_length + 2;
  broadcast (self, self->frame, self->frame_length);
}

/* An event of its own: the stamps of a daemon with --stamp-frames, padded so that the whole frame
 * has @size bytes. The time is that of the publication, like the daemon's. */
static void
publish_own (BareLoop *self)
{
  char lead[LINE_SIZE];
  gsize end, length;

  self->seq++;
  if (self->skip_every > 0 && self->seq % (guint64) self->skip_every == 0)
    self->seq++;
  /* What is around the data: the size line, the lead, the line ends, the end of the array. */
  end = (gsize) self->size - (gsize) g_snprintf (lead, sizeof lead, "%x\r\n", self->size);
  end -= format_lead (self, lead, sizeof lead) + strlen ("\n\n\r\n") + strlen ("\"}]");
  length = (gsize) g_snprintf (self->data, end,
                               "[{\"symbol\":\"BTC\",\"ts_us\":%" G_GINT64_FORMAT
                               ",\"seq\":%" G_GUINT64_FORMAT ",\"pad\":\"",
                               g_get_real_time (), self->seq);
  if (length < end)
    memset (self->data + length, 'x', end - length);
  memcpy (self->data + end, "\"}]", 3);
  publish (self, self->data, end + 3);
  if (self->repeat_every > 0 && self->seq % (guint64) self->repeat_every == 0)
    broadcast (self, self->frame, self->frame_length);
}

static void
start_reader (BareLoop *self, int fd)
{
  struct iovec parts[] = {
    {(char *) response_head, sizeof response_head - 1},
    {self->frame, self->frame_length},
  };
  struct msghdr message = {.msg_iov = parts, .msg_iovlen = G_N_ELEMENTS (parts)};
  gssize length = (gssize) (parts[0].iov_len + parts[1].iov_len);

  g_clear_pointer (&self->requests[fd], g_byte_array_unref);
  if (sendmsg (fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) != length)
    {
      drop (self, fd);
      return;
    }
  self->places[fd] = (int) self->n_readers;
  self->readers[self->n_readers++] = fd;
}

/* Looks whether the request is whole, and answers it. */
static void
judge_request (BareLoop *self, int fd)
{
  GByteArray *request = self->requests[fd];
  const char *text = (const char *) request->data;
  const char *end = memmem (text, request->len, "\r\n\r\n", 4);
  const char *field;
  gsize head_length, body_length;

  if (end == NULL)
    return;
  if (strncmp (text, "POST ", 5) != 0)
    {
      start_reader (self, fd);
      return;
    }

  head_length = (gsize) (end - text) + 4;
  field = memmem (text, head_length, "Content-Length: ", 16);
  body_length = field != NULL ? strtoul (field + 16, NULL, 10) : 0;
  if (body_length > MAX_REQUEST)
    {
      drop (self, fd);
      return;
    }
  if (request->len < head_length + body_length)
    return;
  self->seq++;
  publish (self, end + 4, body_length);
  (void) !send (fd, post_answer, sizeof post_answer - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
  drop (self, fd);
}

static void
read_request (BareLoop *self, int fd)
{
  char bytes[16 * 1024];
  gssize n = recv (fd, bytes, sizeof bytes, MSG_DONTWAIT);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (n <= 0)
    {
      drop (self, fd);
      return;
    }
  /* A reader has nothing more to say. */
  if (self->places[fd] >= 0)
    return;
  if (self->requests[fd] == NULL)
    self->requests[fd] = g_byte_array_new ();
  g_byte_array_append (self->requests[fd], (const guint8 *) bytes, (guint) n);
  if (self->requests[fd]->len > 2 * MAX_REQUEST)
    drop (self, fd);
  else
    judge_request (self, fd);
}

static void
watch_fd (BareLoop *self, int fd, guint32 events)
{
  struct epoll_event event = {.events = events, .data.fd = fd};

  if (epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
    die ("Could not watch a descriptor");
}

static void
accept_all (BareLoop *self)
{
  int one = 1;
  int fd;

  while ((fd = accept4 (self->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
    {
      if ((guint) fd >= self->n_descriptors)
        {
          close (fd);
          continue;
        }
      setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      watch_fd (self, fd, EPOLLIN | EPOLLRDHUP);
    }
}

static gboolean
is_expired (int timer_fd)
{
  guint64 n = 0;

  return read (timer_fd, &n, sizeof n) == (gssize) sizeof n && n > 0;
}

static void
run (BareLoop *self)
{
  struct epoll_event events[BATCH];

  for (;;)
    {
      int n = epoll_wait (self->epoll_fd, events, BATCH, -1);

      for (int i = 0; i < n; i++)
        {
          int fd = events[i].data.fd;

          if (fd == self->listen_fd)
            accept_all (self);
          else if (fd == self->stop_fd)
            return;
          else if (fd == self->tick_fd)
            {
              if (is_expired (fd))
                publish_own (self);
            }
          else if (fd == self->keepalive_fd)
            {
              if (is_expired (fd))
                broadcast (self, keepalive, sizeof keepalive - 1);
            }
          else
            read_request (self, fd);
        }
    }
}

static int
create_timer (BareLoop *self, double seconds)
{
  int fd = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  struct timespec period = {
    .tv_sec = (time_t) seconds,
    .tv_nsec = (long) ((seconds - (double) (time_t) seconds) * 1e9),
  };
  struct itimerspec plan = {.it_interval = period, .it_value = period};

  timerfd_settime (fd, 0, &plan, NULL);
  watch_fd (self, fd, EPOLLIN);
  return fd;
}

static int
listen_on (BareLoop *self, int port)
{
  int one = 1;
  struct sockaddr_in address = {
    .sin_family = AF_INET,
    .sin_port = htons ((guint16) port),
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK),
  };
  socklen_t length = sizeof address;

  self->listen_fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  setsockopt (self->listen_fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind (self->listen_fd, (struct sockaddr *) &address, sizeof address) != 0 ||
      listen (self->listen_fd, BACKLOG) != 0 ||
      getsockname (self->listen_fd, (struct sockaddr *) &address, &length) != 0)
    die ("Could not listen");
  watch_fd (self, self->listen_fd, EPOLLIN);
  return ntohs (address.sin_port);
}

static void
allocate (BareLoop *self)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  self->n_descriptors = (guint) MIN (limit.rlim_cur, 65536);
  self->readers = g_new (int, self->n_descriptors);
  self->places = g_new (int, self->n_descriptors);
  self->requests = g_new0 (GByteArray *, self->n_descriptors);
  self->data = g_malloc (MAX_FRAME);
  self->frame = g_malloc (MAX_FRAME);
  for (guint i = 0; i < self->n_descriptors; i++)
    self->places[i] = -1;
  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
}

int
main (int argc, char **argv)
{
  BareLoop self = {.size = 1400, .interval_keepalive_s = 15, .max_time_s = 3600};
  int port = 0;
  const GOptionEntry entries[] = {
    {"port", 0, 0, G_OPTION_ARG_INT, &port, "Listen here (any free one)", "PORT"},
    {"rate", 0, 0, G_OPTION_ARG_DOUBLE, &self.rate, "Events of its own a second (none)", "R"},
    {"size", 0, 0, G_OPTION_ARG_INT, &self.size, "Bytes of an event's frame (1400)", "BYTES"},
    {"keepalive", 0, 0, G_OPTION_ARG_INT, &self.interval_keepalive_s, "Pause (15)", "SECONDS"},
    {"max-time", 0, 0, G_OPTION_ARG_INT, &self.max_time_s, "End after (3600)", "SECONDS"},
    {"skip-every", 0, 0, G_OPTION_ARG_INT, &self.skip_every, "Lose these, to try a judge", "N"},
    {"repeat-every", 0, 0, G_OPTION_ARG_INT, &self.repeat_every, "Send these twice", "N"},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || self.size < 256 ||
      self.size > MAX_FRAME / 2 || self.rate < 0 || self.rate > 10000 ||
      self.interval_keepalive_s < 1 || self.max_time_s < 1)
    {
      fprintf (stderr, "%s\n", error != NULL ? error->message : "A number is out of its range");
      return 2;
    }

  signal (SIGPIPE, SIG_IGN);
  allocate (&self);
  port = listen_on (&self, port);
  self.tick_fd = self.rate > 0 ? create_timer (&self, 1 / self.rate) : -1;
  self.keepalive_fd = create_timer (&self, self.interval_keepalive_s);
  self.stop_fd = create_timer (&self, self.max_time_s);
  printf ("listening on http://127.0.0.1:%d\n", port);
  fflush (stdout);
  run (&self);
  return 0;
}
