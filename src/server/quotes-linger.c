/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-linger.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "quotes-deadlines.h"

/* Of architecture 5: whoever sends more or longer than this does not listen anyway. */
#define LINGER_US G_USEC_PER_SEC
#define DRAIN_MAX (64 * 1024)
#define DRAIN_STEP 4096

typedef struct
{
  QuotesEpollItem item;
  QuotesDeadline deadline;
  QuotesLinger *linger; /* (unowned), outlives us */
  gsize n_drained;
} Leaver;

struct _QuotesLinger
{
  QuotesEpoll *epoll; /* (unowned), outlives us */
  QuotesDeadlines deadlines;
  guint max;
};

/* Reads away what is there. Returns: whether more may come, and may be waited for */
static gboolean
drain (int fd, gsize *n_drained)
{
  char scratch[DRAIN_STEP];

  while (*n_drained < DRAIN_MAX)
    {
      ssize_t n = recv (fd, scratch, sizeof scratch, MSG_DONTWAIT);

      if (n > 0)
        *n_drained += (gsize) n;
      else if (n == 0 || errno != EINTR)
        return n < 0 && errno == EAGAIN;
    }
  return FALSE;
}

/* Returns: whether the other end is still there */
static gboolean
say (int fd, const char *answer, gsize size, gsize *n_drained)
{
  /* The other end may have shut its sending side: then nothing more comes, but it listens. */
  drain (fd, n_drained);
  if (send (fd, answer, size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
    return FALSE;

  shutdown (fd, SHUT_WR);
  return drain (fd, n_drained);
}

static void
leave (Leaver *self)
{
  quotes_epoll_remove (self->linger->epoll, &self->item);
  quotes_deadline_stop (&self->deadline);
  close (self->item.fd);
  quotes_epoll_bury (self->linger->epoll, &self->item, g_free);
}

static void
leaver_ready (QuotesEpollItem *item, G_GNUC_UNUSED guint32 events)
{
  Leaver *self = (Leaver *) item;

  if (!drain (item->fd, &self->n_drained))
    leave (self);
}

/* @max: how many may linger; those beyond it are closed at once */
QuotesLinger *
quotes_linger_new (QuotesEpoll *epoll, QuotesClock *clock, guint max)
{
  QuotesLinger *self = g_new0 (QuotesLinger, 1);

  self->epoll = epoll;
  self->max = max;
  quotes_deadlines_init (&self->deadlines, clock, LINGER_US);
  return self;
}

void
quotes_linger_free (QuotesLinger *self)
{
  Leaver *leaver = NULL;

  while ((leaver = quotes_deadlines_get_first (&self->deadlines)) != NULL)
    leave (leaver);
  g_free (self);
}

/**
 * quotes_linger_take_fd:
 * @self: the way out
 * @fd: (transfer full): a connected socket in no epoll set
 * @answer: the last that it gets
 * @size: its length; it must fit into the socket's buffer
 */
void
quotes_linger_take_fd (QuotesLinger *self, int fd, const char *answer, gsize size)
{
  Leaver *leaver = NULL;
  gsize n_drained = 0;

  if (!say (fd, answer, size, &n_drained) || quotes_linger_get_n (self) >= self->max)
    {
      close (fd);
      return;
    }

  leaver = g_new0 (Leaver, 1);
  leaver->item = (QuotesEpollItem){.fd = fd, .ready = leaver_ready};
  leaver->linger = self;
  leaver->n_drained = n_drained;
  quotes_deadline_start (&leaver->deadline, &self->deadlines, leaver);
  if (!quotes_epoll_add (self->epoll, &leaver->item, EPOLLIN | EPOLLRDHUP | EPOLLET))
    leave (leaver);
}

/* The same without waiting: for when there is no descriptor to spare. */
void
quotes_linger_turn_away (int fd, const char *answer, gsize size)
{
  gsize n_drained = 0;

  say (fd, answer, size, &n_drained);
  close (fd);
}

/* Closes those whose time is over. */
void
quotes_linger_sweep (QuotesLinger *self)
{
  Leaver *leaver = NULL;

  while ((leaver = quotes_deadlines_get_expired (&self->deadlines)) != NULL)
    leave (leaver);
}

guint
quotes_linger_get_n (QuotesLinger *self)
{
  return quotes_deadlines_get_n (&self->deadlines);
}
