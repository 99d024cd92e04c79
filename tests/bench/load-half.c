/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load-engine.h"
#include "load-plan.h"

#define BATCH 512
/* Not a benchmark of the rate limiter. */
#define PROBE_PAUSE_US (2 * 1000)
#define PROBE_TIMEOUT_S 5

/**
 * HalfRequest:
 *
 * A connection that has sent a part of its request and now waits for what the server does.
 */
typedef struct
{
  int fd;
  gint64 started_us;
} HalfRequest;

/**
 * HalfRun:
 * @n_answered: half-sent requests that got an answer before they were closed
 */
typedef struct
{
  LoadEngine engine; /* for the address */
  HalfRequest *requests;
  guint n_requests;
  guint n_open;
  guint n_failed;
  guint n_answered;
  LoadHistogram life_ms;
} HalfRun;

static void
half_run_clear (HalfRun *self)
{
  for (guint i = 0; i < self->n_requests; i++)
    if (self->requests[i].fd >= 0)
      close (self->requests[i].fd);
  g_clear_pointer (&self->requests, g_free);
  load_engine_clear (&self->engine);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HalfRun, half_run_clear)

static int
connect_and_send (HalfRun *self, const char *text)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct timeval timeout = {.tv_sec = PROBE_TIMEOUT_S};
  gssize length = (gssize) strlen (text);

  if (fd < 0)
    return -1;
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  if (connect (fd, (struct sockaddr *) &self->engine.address, sizeof self->engine.address) != 0 ||
      send (fd, text, (gsize) length, MSG_NOSIGNAL) != length)
    {
      close (fd);
      return -1;
    }

  return fd;
}

/* Returns: the microseconds of one whole request, -1 when it was not answered with 200 */
static gint64
probe (HalfRun *self, const char *request)
{
  gint64 start_us = g_get_monotonic_time ();
  int fd = connect_and_send (self, request);
  char bytes[4096];
  gssize n, n_all = 0;
  gboolean is_good = FALSE;

  if (fd < 0)
    return -1;
  while ((n = recv (fd, bytes, sizeof bytes, 0)) > 0)
    {
      is_good |= n_all == 0 && n >= 12 && memcmp (bytes + 9, "200", 3) == 0;
      n_all += n;
    }
  close (fd);

  return is_good && n == 0 ? g_get_monotonic_time () - start_us : -1;
}

static void
end_request (HalfRun *self, HalfRequest *request)
{
  load_histogram_add (&self->life_ms, (g_get_monotonic_time () - request->started_us) / 1000);
  close (request->fd);
  request->fd = -1;
  self->n_open--;
}

static void
pump (HalfRun *self, int timeout_ms)
{
  struct epoll_event events[BATCH];
  int n = epoll_wait (self->engine.epoll_fd, events, BATCH, timeout_ms);

  for (int i = 0; i < n; i++)
    {
      HalfRequest *request = events[i].data.ptr;
      char bytes[4096];
      gssize n_read = recv (request->fd, bytes, sizeof bytes, MSG_DONTWAIT);

      if (n_read > 0)
        self->n_answered++;
      else if (n_read == 0 || (errno != EAGAIN && errno != EINTR))
        end_request (self, request);
    }
}

static void
probe_all (HalfRun *self, const LoadPlan *plan, LoadHistogram *histogram, guint *n_refused)
{
  g_autofree char *request =
    g_strdup_printf ("GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n",
                     plan->probe_path, ntohs (self->engine.address.sin_port));

  for (int i = 0; i < plan->n_probes; i++)
    {
      gint64 us = probe (self, request);

      if (us >= 0)
        load_histogram_add (histogram, us);
      else
        (*n_refused)++;
      pump (self, 0);
      g_usleep (PROBE_PAUSE_US);
    }
}

static void
open_all (HalfRun *self)
{
  g_autofree char *half = g_strdup_printf ("GET /health HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-Half: ",
                                           ntohs (self->engine.address.sin_port));

  for (guint i = 0; i < self->n_requests; i++)
    {
      HalfRequest *request = &self->requests[i];
      struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = request};

      request->started_us = g_get_monotonic_time ();
      request->fd = connect_and_send (self, half);
      if (request->fd < 0)
        {
          self->n_failed++;
          continue;
        }
      self->n_open++;
      epoll_ctl (self->engine.epoll_fd, EPOLL_CTL_ADD, request->fd, &event);
    }
}

gboolean
load_run_half (const LoadPlan *plan, GString *json, GError **error)
{
  g_auto (HalfRun) self = {.n_requests = (guint) plan->n_half};
  gint64 end_us = g_get_monotonic_time () + (gint64) (plan->max_time_s * 1e6);
  LoadHistogram alone = {0}, among = {0};
  guint n_refused = 0, n_held;

  self.requests = g_new (HalfRequest, self.n_requests);
  for (guint i = 0; i < self.n_requests; i++)
    self.requests[i].fd = -1;
  if (!load_engine_init (&self.engine, plan->url, 0, error))
    return FALSE;

  probe_all (&self, plan, &alone, &n_refused);
  open_all (&self);
  pump (&self, 0);
  probe_all (&self, plan, &among, &n_refused);
  n_held = self.n_open;
  while (self.n_open > 0 && g_get_monotonic_time () < end_us)
    pump (&self, 20);

  g_string_append_printf (json,
                          ",\"half\":%u,\"failed\":%u,\"held\":%u,\"left\":%u,\"answered\":%u"
                          ",\"probes_refused\":%u",
                          self.n_requests, self.n_failed, n_held, self.n_open, self.n_answered,
                          n_refused);
  load_histogram_append_json (&alone, json, "alone_us");
  load_histogram_append_json (&among, json, "among_us");
  load_histogram_append_json (&self.life_ms, json, "life_ms");
  return TRUE;
}
