/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-listeners.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quotes-door.h"
#include "quotes-linger.h"
#include "quotes-problem.h"

#define ACCEPT_BATCH 64
/* Without a descriptor to spare; a loop over accept() would be one without a pause. */
#define SHORTAGE_PAUSE_US (G_USEC_PER_SEC / 4)
#define SHORTAGE_REPORT_US (60 * G_USEC_PER_SEC)

struct _QuotesListener
{
  QuotesEpollItem item;
  QuotesListeners *listeners; /* (unowned), outlives us */
  GSocketAddress *address;    /* (owned) */
  guint16 port;               /* 0 = a Unix socket */
  char *path;                 /* (owned) (nullable): of a Unix socket */
  dev_t device;               /* of the file there, so that no other one is removed */
  ino_t inode;
};

struct _QuotesListeners
{
  QuotesEpoll *epoll; /* (unowned), outlives us */
  QuotesClock *clock; /* (owned) */
  QuotesGreet greet;
  gpointer user_data;
  GPtrArray *all; /* (owned) (element-type QuotesListener) */
  guint64 n_turned_away;
  int spare_fd;      /* given up for a moment to say 503 when there is no other; -1 = it is gone */
  guint shortage_id; /* until when nothing is accepted */
  gint64 shortage_reported_us;
};

static void
shortage_over_cb (gpointer user_data)
{
  QuotesListeners *self = user_data;

  self->shortage_id = 0;
  if (self->spare_fd < 0)
    self->spare_fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  for (guint i = 0; i < self->all->len; i++)
    {
      QuotesListener *listener = g_ptr_array_index (self->all, i);

      quotes_epoll_add (self->epoll, &listener->item, EPOLLIN);
    }
}

/* Not even the spare one helped: leave the callers where they are, and look again soon. */
static void
pause_listeners (QuotesListeners *self)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      QuotesListener *listener = g_ptr_array_index (self->all, i);

      quotes_epoll_remove (self->epoll, &listener->item);
    }
  if (self->shortage_id == 0)
    self->shortage_id = quotes_clock_add_alarm (
      self->clock, quotes_clock_get_monotonic_us (self->clock) + SHORTAGE_PAUSE_US,
      shortage_over_cb, self);
}

static void
report_shortage (QuotesListeners *self, int cause)
{
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);

  if (self->shortage_reported_us != 0 && now_us < self->shortage_reported_us + SHORTAGE_REPORT_US)
    return;

  g_message ("Could not accept a connection: %s", g_strerror (cause != 0 ? cause : EMFILE));
  self->shortage_reported_us = now_us;
}

/* Takes the next caller on the spare descriptor. Returns: 0, or an error of accept(2) */
static int
turn_one_away (QuotesListener *listener)
{
  QuotesListeners *self = listener->listeners;
  g_autofree char *answer = NULL;
  int cause = 0;
  int fd = -1;

  close (self->spare_fd);
  fd = accept4 (listener->item.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  cause = fd < 0 ? errno : 0;
  if (fd >= 0)
    {
      self->n_turned_away++;
      answer = quotes_problem_dup_http (503, "full", QUOTES_LISTENERS_RETRY_AFTER_S, "");
      quotes_linger_turn_away (fd, answer, strlen (answer));
    }
  self->spare_fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  return cause;
}

/* Rule C1. accept() says that it has no descriptor before it looks whether anybody is there, so
 * this happens with nobody there as well. Returns: whether to go on accepting */
static gboolean
answer_without_descriptor (QuotesListener *listener, int cause)
{
  QuotesListeners *self = listener->listeners;

  if (self->spare_fd >= 0)
    cause = turn_one_away (listener);
  if (cause == EAGAIN)
    return FALSE;

  report_shortage (self, cause);
  if (cause != 0 || self->spare_fd < 0)
    pause_listeners (self);
  return self->shortage_id == 0;
}

/* Returns: whether there may be another one */
static gboolean
accept_one (QuotesListener *listener)
{
  int fd = accept4 (listener->item.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

  if (fd >= 0)
    {
      listener->listeners->greet (listener, fd, listener->listeners->user_data);
      /* A request may have closed us. */
      return listener->item.fd >= 0;
    }
  if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
    return answer_without_descriptor (listener, errno);

  /* Everything else but "no more" is the trouble of that one connection: accept(2). */
  return errno != EAGAIN;
}

static void
listener_ready (QuotesEpollItem *item, G_GNUC_UNUSED guint32 events)
{
  QuotesListener *listener = (QuotesListener *) item;

  for (guint i = 0; i < ACCEPT_BATCH; i++)
    if (!accept_one (listener))
      break;
}

static void
listener_free (gpointer data)
{
  QuotesListener *self = data;
  GStatBuf info = {0};

  quotes_epoll_remove (self->listeners->epoll, &self->item);
  close (self->item.fd);
  self->item.fd = -1;
  if (self->path != NULL && g_lstat (self->path, &info) == 0 && info.st_dev == self->device &&
      info.st_ino == self->inode)
    g_unlink (self->path);
  g_free (self->path);
  g_object_unref (self->address);
  quotes_epoll_bury (self->listeners->epoll, &self->item, g_free);
}

QuotesListeners *
quotes_listeners_new (QuotesEpoll *epoll, QuotesClock *clock, QuotesGreet greet, gpointer user_data)
{
  QuotesListeners *self = g_new0 (QuotesListeners, 1);

  self->epoll = epoll;
  self->clock = g_object_ref (clock);
  self->greet = greet;
  self->user_data = user_data;
  self->all = g_ptr_array_new_with_free_func (listener_free);
  self->spare_fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  return self;
}

void
quotes_listeners_free (QuotesListeners *self)
{
  quotes_listeners_close (self);
  if (self->spare_fd >= 0)
    close (self->spare_fd);
  g_ptr_array_unref (self->all);
  g_object_unref (self->clock);
  g_free (self);
}

static void
remember_file (QuotesListener *self, const char *path)
{
  GStatBuf info = {0};

  if (path == NULL || g_lstat (path, &info) != 0)
    return;

  self->path = g_strdup (path);
  self->device = info.st_dev;
  self->inode = info.st_ino;
}

/**
 * quotes_listeners_take_fd:
 * @self: the listeners
 * @fd: (transfer full): a listening socket
 * @path: (nullable): of a Unix socket; removed when it is closed
 */
gboolean
quotes_listeners_take_fd (QuotesListeners *self, int fd, const char *path, GError **error)
{
  struct sockaddr_storage address = {.ss_family = AF_UNIX};
  socklen_t size = sizeof address;
  QuotesListener *listener = g_new0 (QuotesListener, 1);

  if (getsockname (fd, (struct sockaddr *) &address, &size) != 0)
    size = sizeof address.ss_family;
  listener->item = (QuotesEpollItem){.fd = fd, .ready = listener_ready};
  listener->listeners = self;
  listener->address = g_socket_address_new_from_native (&address, size);
  if (G_IS_INET_SOCKET_ADDRESS (listener->address))
    listener->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (listener->address));
  remember_file (listener, path);
  g_ptr_array_add (self->all, listener);
  if (quotes_epoll_add (self->epoll, &listener->item, EPOLLIN))
    return TRUE;

  g_set_error (error, QUOTES_DOOR_ERROR, QUOTES_DOOR_ERROR_FAILED, _ ("Could not listen: %s"),
               g_strerror (errno));
  g_ptr_array_remove (self->all, listener);
  return FALSE;
}

/* Returns: of the first TCP socket; 0 = there is none */
guint16
quotes_listeners_get_port (QuotesListeners *self)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      const QuotesListener *listener = g_ptr_array_index (self->all, i);

      if (listener->port != 0)
        return listener->port;
    }
  return 0;
}

/* Returns: how many got a 503 because there was no descriptor for them */
guint64
quotes_listeners_get_n_turned_away (QuotesListeners *self)
{
  return self->n_turned_away;
}

void
quotes_listeners_close (QuotesListeners *self)
{
  g_ptr_array_set_size (self->all, 0);
  if (self->shortage_id != 0)
    quotes_clock_remove_alarm (self->clock, self->shortage_id);
  self->shortage_id = 0;
}

GSocketAddress *
quotes_listener_get_address (QuotesListener *self)
{
  return self->address;
}

/* Returns: 0 for a Unix socket */
guint16
quotes_listener_get_port (QuotesListener *self)
{
  return self->port;
}
