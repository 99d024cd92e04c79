/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-epoll.h"

#include <glib/gstdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* Two that become ready in one batch; the first to be called buries the other. */
typedef struct _Item Item;

struct _Item
{
  QuotesEpollItem base;
  QuotesEpoll *epoll;
  Item *other;
  guint *n_calls;
  guint *n_freed;
};

static void
item_free (gpointer data)
{
  Item *self = data;

  (*self->n_freed)++;
  g_free (self);
}

static void
ready_cb (QuotesEpollItem *base, G_GNUC_UNUSED guint32 events)
{
  Item *self = (Item *) base;
  Item *other = self->other;

  (*self->n_calls)++;
  if (other == NULL)
    return;
  other->other = NULL;
  self->other = NULL;
  quotes_epoll_remove (self->epoll, &other->base);
  quotes_epoll_bury (self->epoll, &other->base, item_free);
  quotes_epoll_remove (self->epoll, &self->base);
  quotes_epoll_bury (self->epoll, &self->base, item_free);
}

static Item *
add (QuotesEpoll *epoll, int fd, guint *n_calls, guint *n_freed)
{
  Item *item = g_new0 (Item, 1);

  item->base.fd = fd;
  item->base.ready = ready_cb;
  item->epoll = epoll;
  item->n_calls = n_calls;
  item->n_freed = n_freed;
  g_assert_true (quotes_epoll_add (epoll, &item->base, EPOLLIN));
  return item;
}

static void
test_one_may_bury_another_of_the_batch (void)
{
  g_autoptr (QuotesEpoll) epoll = quotes_epoll_new (NULL);
  guint n_calls = 0;
  guint n_freed = 0;
  int a[2];
  int b[2];
  Item *first = NULL;
  Item *second = NULL;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, a), ==, 0);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, b), ==, 0);
  first = add (epoll, a[0], &n_calls, &n_freed);
  second = add (epoll, b[0], &n_calls, &n_freed);
  first->other = second;
  second->other = first;
  g_assert_cmpint (write (a[1], "x", 1), ==, 1);
  g_assert_cmpint (write (b[1], "x", 1), ==, 1);
  while (n_freed < 2)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpuint (n_calls, ==, 1);
  for (guint i = 0; i < 2; i++)
    {
      g_close (a[i], NULL);
      g_close (b[i], NULL);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/epoll/one-may-bury-another-of-the-batch",
                   test_one_may_bury_another_of_the_batch);

  return g_test_run ();
}
