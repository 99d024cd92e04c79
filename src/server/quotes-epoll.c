/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-epoll.h"

#include <errno.h>
#include <glib-unix.h>
#include <unistd.h>

/* One system call's worth: enough that a burst costs few iterations, small enough for the stack. */
#define BATCH_EVENTS 256

typedef struct
{
  QuotesEpollItem *item;
  GDestroyNotify free_item;
} Grave;

struct _QuotesEpoll
{
  int fd;
  guint source_id;
  GArray *graves; /* (owned) (element-type Grave) */
  /* The batch being handed out; NULL outside of one. An item that leaves the set in the middle of
   * it is struck out, because its events may already be in the array. */
  struct epoll_event *batch; /* (nullable) */
  int n_batch;
};

static void
empty_graves (QuotesEpoll *self)
{
  for (guint i = 0; i < self->graves->len; i++)
    {
      Grave *grave = &g_array_index (self->graves, Grave, i);

      grave->free_item (grave->item);
    }
  g_array_set_size (self->graves, 0);
}

static gboolean
epoll_ready_cb (int fd, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
  QuotesEpoll *self = user_data;
  struct epoll_event events[BATCH_EVENTS];

  /* A callback that iterates the main context would come back here; the outer batch goes on. */
  if (self->batch != NULL)
    return G_SOURCE_CONTINUE;

  self->n_batch = epoll_wait (fd, events, BATCH_EVENTS, 0);
  self->batch = events;
  for (int i = 0; i < self->n_batch; i++)
    {
      QuotesEpollItem *item = events[i].data.ptr;

      if (item != NULL)
        item->ready (item, events[i].events);
    }
  self->batch = NULL;
  empty_graves (self);

  return G_SOURCE_CONTINUE;
}

QuotesEpoll *
quotes_epoll_new (GError **error)
{
  QuotesEpoll *self;
  int fd = epoll_create1 (EPOLL_CLOEXEC);

  if (fd < 0)
    {
      int saved_errno = errno;

      g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (saved_errno),
                   "Could not make an epoll set: %s", g_strerror (saved_errno));
      return NULL;
    }

  self = g_new0 (QuotesEpoll, 1);
  self->fd = fd;
  self->graves = g_array_new (FALSE, FALSE, sizeof (Grave));
  self->source_id = g_unix_fd_add (fd, G_IO_IN, epoll_ready_cb, self);
  return self;
}

/* Not from inside an item's callback. */
void
quotes_epoll_free (QuotesEpoll *self)
{
  g_return_if_fail (self->batch == NULL);

  g_clear_handle_id (&self->source_id, g_source_remove);
  empty_graves (self);
  g_array_unref (self->graves);
  close (self->fd);
  g_free (self);
}

gboolean
quotes_epoll_add (QuotesEpoll *self, QuotesEpollItem *item, guint32 events)
{
  struct epoll_event event = { .events = events, .data.ptr = item };

  return epoll_ctl (self->fd, EPOLL_CTL_ADD, item->fd, &event) == 0;
}

static void
strike_out (QuotesEpoll *self, QuotesEpollItem *item)
{
  if (self->batch == NULL)
    return;

  for (int i = 0; i < self->n_batch; i++)
    if (self->batch[i].data.ptr == item)
      self->batch[i].data.ptr = NULL;
}

/**
 * quotes_epoll_remove:
 *
 * Takes an item out of the set; harmless when it is not in it. Must come before its descriptor is
 * closed or handed on, because a registration lives on in a duplicate of the descriptor.
 */
void
quotes_epoll_remove (QuotesEpoll *self, QuotesEpollItem *item)
{
  if (item->fd >= 0)
    epoll_ctl (self->fd, EPOLL_CTL_DEL, item->fd, NULL);
  strike_out (self, item);
}

/**
 * quotes_epoll_bury:
 * @item: (transfer full): an item that is not in the set any more
 *
 * Frees an item: now, or at the end of the batch when one is being handed out, since a caller
 * further up the stack may still look at it.
 */
void
quotes_epoll_bury (QuotesEpoll *self, QuotesEpollItem *item, GDestroyNotify free_item)
{
  Grave grave = { item, free_item };

  strike_out (self, item);
  if (self->batch != NULL)
    g_array_append_val (self->graves, grave);
  else
    free_item (item);
}
