/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-visitor.h"

#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <netinet/in.h>

#include "quotes-deadlines.h"

static G_DEFINE_QUARK (quotes - visitor, quotes_visitor)

  struct _QuotesVisitor
{
  QuotesDeadline deadline;
  QuotesVisitors *visitors; /* (unowned) (nullable): NULL = the door is gone */
  GSocket *socket;          /* (owned): knows whether its descriptor is still its own */
  GSocketAddress *remote;   /* (owned): the thread from a message to us */
  QuotesPeer peer;
};

struct _QuotesVisitors
{
  SoupServer *soup; /* (owned) */
  QuotesDeadlines bodies;
  QuotesDeadlines answers;
  QuotesDeadlines cut_off; /* their time was over; libsoup has not let go of them yet */
  guint n_visitors;
};

/* libsoup, or whoever stole it, has let go of the connection. */
static void
connection_gone_cb (gpointer user_data, G_GNUC_UNUSED GObject *connection)
{
  QuotesVisitor *self = user_data;

  quotes_deadline_stop (&self->deadline);
  if (self->visitors != NULL)
    self->visitors->n_visitors--;
  g_object_set_qdata (G_OBJECT (self->remote), quotes_visitor_quark (), NULL);
  g_object_unref (self->remote);
  g_socket_close (self->socket, NULL);
  g_object_unref (self->socket);
  g_free (self);
}

/* One request per connection: nothing can be smuggled behind it, and what libsoup 3.2 gets wrong
 * about the second one does not matter. */
static void
request_started_cb (G_GNUC_UNUSED QuotesVisitors *self, SoupServerMessage *message)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection",
                                "close");
}

static void
request_read_cb (G_GNUC_UNUSED QuotesVisitors *self, SoupServerMessage *message)
{
  QuotesVisitor *visitor = quotes_visitor_from_message (message);

  if (visitor != NULL)
    quotes_visitor_set_body_read (visitor);
}

QuotesVisitors *
quotes_visitors_new (SoupServer *soup,
                     QuotesClock *clock,
                     gint64 body_deadline_us,
                     gint64 answer_deadline_us)
{
  QuotesVisitors *self = g_new0 (QuotesVisitors, 1);

  self->soup = g_object_ref (soup);
  quotes_deadlines_init (&self->bodies, clock, body_deadline_us);
  quotes_deadlines_init (&self->answers, clock, answer_deadline_us);
  quotes_deadlines_init (&self->cut_off, clock, 0);
  g_signal_connect_swapped (soup, "request-started", G_CALLBACK (request_started_cb), self);
  g_signal_connect_swapped (soup, "request-read", G_CALLBACK (request_read_cb), self);
  return self;
}

/* libsoup notices at its next read or write; the connection goes then, and we with it. */
static void
cut_off (QuotesVisitor *self)
{
  g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
}

static void
cut_off_all (QuotesDeadlines *deadlines)
{
  QuotesVisitor *visitor = NULL;

  while ((visitor = quotes_deadlines_get_first (deadlines)) != NULL)
    {
      quotes_deadline_stop (&visitor->deadline);
      visitor->visitors = NULL;
      cut_off (visitor);
    }
}

/* Those who are still here are cut off. */
void
quotes_visitors_free (QuotesVisitors *self)
{
  g_signal_handlers_disconnect_by_data (self->soup, self);
  cut_off_all (&self->bodies);
  cut_off_all (&self->answers);
  cut_off_all (&self->cut_off);
  g_object_unref (self->soup);
  g_free (self);
}

static GSocketAddress *
make_remote_address (const QuotesPeer *peer)
{
  if (peer->kind == QUOTES_PEER_UNIX)
    return g_unix_socket_address_new_with_type ("", 0, G_UNIX_SOCKET_ADDRESS_ANONYMOUS);

  return g_socket_address_new_from_native (
    (gpointer) &peer->address, peer->address.ss_family == AF_INET6 ? sizeof (struct sockaddr_in6)
                                                                   : sizeof (struct sockaddr_in));
}

/**
 * quotes_visitors_take_fd:
 * @self: the visitors
 * @fd: (transfer full): a connected socket with a whole request head unread, in no epoll set
 * @peer: who is at its other end
 * @local: the address that it came to
 *
 * Hands a connection to libsoup. The handler usually runs inside this call.
 */
void
quotes_visitors_take_fd (QuotesVisitors *self,
                         int fd,
                         const QuotesPeer *peer,
                         GSocketAddress *local)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GSocketAddress) remote = NULL;
  QuotesVisitor *visitor = NULL;

  if (socket == NULL)
    {
      g_close (fd, NULL);
      return;
    }

  connection = g_socket_connection_factory_create_connection (socket);
  remote = make_remote_address (peer);
  visitor = g_new0 (QuotesVisitor, 1);
  visitor->visitors = self;
  visitor->socket = g_object_ref (socket);
  visitor->remote = g_object_ref (remote);
  visitor->peer = *peer;
  quotes_deadline_start (&visitor->deadline, &self->bodies, visitor);
  self->n_visitors++;
  /* soup_server_message_get_socket() knows nothing of streams that libsoup did not accept itself;
   * the address comes back as the very object that went in. */
  g_object_set_qdata (G_OBJECT (remote), quotes_visitor_quark (), visitor);
  g_object_weak_ref (G_OBJECT (connection), connection_gone_cb, visitor);

  if (!soup_server_accept_iostream (self->soup, G_IO_STREAM (connection), local, remote, NULL))
    g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  /* The visitor may be gone by now. */
}

/* Returns: how many had to be cut off because their time was over */
guint
quotes_visitors_sweep (QuotesVisitors *self)
{
  QuotesVisitor *visitor = NULL;
  guint n = 0;

  while ((visitor = quotes_deadlines_get_expired (&self->bodies)) != NULL ||
         (visitor = quotes_deadlines_get_expired (&self->answers)) != NULL)
    {
      quotes_deadline_start (&visitor->deadline, &self->cut_off, visitor);
      cut_off (visitor);
      n++;
    }
  return n;
}

guint
quotes_visitors_get_n (QuotesVisitors *self)
{
  return self->n_visitors;
}

/* Whether there is anything to sweep for. */
gboolean
quotes_visitors_have_deadlines (QuotesVisitors *self)
{
  return quotes_deadlines_get_n (&self->bodies) + quotes_deadlines_get_n (&self->answers) > 0;
}

/* Returns: (transfer none) (nullable): NULL for a connection that did not come through the door */
QuotesVisitor *
quotes_visitor_from_message (SoupServerMessage *message)
{
  GSocketAddress *remote = soup_server_message_get_remote_address (message);

  return remote != NULL ? g_object_get_qdata (G_OBJECT (remote), quotes_visitor_quark ()) : NULL;
}

const QuotesPeer *
quotes_visitor_get_peer (QuotesVisitor *self)
{
  return &self->peer;
}

void
quotes_visitor_set_body_read (QuotesVisitor *self)
{
  if (self->visitors != NULL && self->deadline.deadlines == &self->visitors->bodies)
    quotes_deadline_start (&self->deadline, &self->visitors->answers, self);
}

/**
 * quotes_visitor_create_gone_source:
 * @self: a visitor whose message is paused, so that libsoup does not look at its socket
 *
 * A TCP client that closes its socket looks like one that only has nothing more to send, which is
 * legitimate: it is noticed when it is written to. One that crashed, is cut off or came to the Unix
 * socket is noticed here.
 *
 * Returns: (transfer full): not attached yet
 */
GSource *
quotes_visitor_create_gone_source (QuotesVisitor *self)
{
  return g_socket_create_source (self->socket, G_IO_HUP | G_IO_ERR, NULL);
}

int
quotes_visitor_steal_fd (QuotesVisitor *self, SoupServerMessage *message)
{
  GIOStream *stream = NULL;
  int fd = -1;

  /* libsoup 3.2 aborts the program when an HTTP/2 connection is stolen. */
  if (soup_server_message_get_http_version (message) == SOUP_HTTP_2_0)
    return -1;

  /* A duplicate, since the descriptor itself belongs to objects that libsoup gives back in no
   * documented type; they all go here, with the visitor. */
  fd = fcntl (g_socket_get_fd (self->socket), F_DUPFD_CLOEXEC, 3);
  if (fd < 0)
    return -1;

  stream = soup_server_message_steal_connection (message);
  g_io_stream_close (stream, NULL, NULL);
  g_object_unref (stream);
  return fd;
}
