/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sys/epoll.h>

G_BEGIN_DECLS

typedef struct _QuotesEpoll QuotesEpoll;
typedef struct _QuotesEpollItem QuotesEpollItem;

/**
 * QuotesEpollItem:
 * @fd: the descriptor; the item's owner closes it
 * @ready: called on the main context with the events that came
 *
 * Something that waits in the set. Embedded as the first member of its owner's struct.
 */
struct _QuotesEpollItem
{
  int fd;
  void (*ready) (QuotesEpollItem *item, guint32 events);
};

/**
 * QuotesEpoll:
 *
 * One epoll set whose descriptor is a single source of the main context, so that ten thousand
 * descriptors cost one iteration of the loop what one would.
 */
QuotesEpoll *quotes_epoll_new (GError **error);
void quotes_epoll_free (QuotesEpoll *self);
gboolean quotes_epoll_add (QuotesEpoll *self, QuotesEpollItem *item, guint32 events);
void quotes_epoll_remove (QuotesEpoll *self, QuotesEpollItem *item);
void quotes_epoll_bury (QuotesEpoll *self, QuotesEpollItem *item, GDestroyNotify free_item);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesEpoll, quotes_epoll_free)

G_END_DECLS
