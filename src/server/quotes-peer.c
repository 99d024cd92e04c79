/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  struct nlmsghdr header;
  struct inet_diag_req_v2 request;
} Query;

struct _QuotesPeerFinder
{
  int netlink_fd; /* -1 = none: every loopback peer stays unknown */
  guint32 n_queries;
};

char *
quotes_peer_dup_key (const QuotesPeer *self)
{
  char text[INET6_ADDRSTRLEN] = "";

  if (self->kind == QUOTES_PEER_UNIX)
    return g_strdup_printf ("unix:%d", self->pid);
  if (self->kind == QUOTES_PEER_LOOPBACK && self->uid >= 0)
    return g_strdup_printf ("uid:%" G_GINT64_FORMAT, self->uid);

  if (self->address.ss_family == AF_INET6)
    {
      struct in6_addr prefix = ((const struct sockaddr_in6 *) &self->address)->sin6_addr;

      /* Whoever has one address of a /64 has all of them. */
      memset (prefix.s6_addr + 8, 0, 8);
      inet_ntop (AF_INET6, &prefix, text, sizeof text);
    }
  else if (self->address.ss_family == AF_INET)
    inet_ntop (AF_INET, &((const struct sockaddr_in *) &self->address)->sin_addr, text,
               sizeof text);

  return g_strconcat ("ip:", text, NULL);
}

gboolean
quotes_peer_is_trusted (const QuotesPeer *self)
{
  return self->kind != QUOTES_PEER_REMOTE && self->uid >= 0 && self->uid == (gint64) geteuid ();
}

QuotesPeerFinder *
quotes_peer_finder_new (void)
{
  QuotesPeerFinder *self = g_new0 (QuotesPeerFinder, 1);

  self->netlink_fd =
    socket (AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);
  return self;
}

void
quotes_peer_finder_free (QuotesPeerFinder *self)
{
  if (self->netlink_fd >= 0)
    close (self->netlink_fd);
  g_free (self);
}

/* Rule B2: a closed client has no inode, TIME_WAIT answers uid 0, and a port in use again answers
 * its new listener's uid. */
static gint64
read_uid (const struct inet_diag_msg *found, guint16 our_port)
{
  gboolean is_alive = found->idiag_state == TCP_ESTABLISHED ||
                      found->idiag_state == TCP_FIN_WAIT1 || found->idiag_state == TCP_FIN_WAIT2;

  if (!is_alive || found->idiag_inode == 0 || found->id.idiag_dport != our_port)
    return -1;

  return (gint64) found->idiag_uid;
}

static gint64
read_answer (QuotesPeerFinder *self, guint16 our_port)
{
  union
  {
    struct nlmsghdr header;
    char bytes[4096];
  } answer;

  /* The kernel answers inside send(), so what has not come now does not come. Left-overs of an
   * earlier query carry another number. */
  for (;;)
    {
      ssize_t n = recv (self->netlink_fd, &answer, sizeof answer, MSG_DONTWAIT);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < (ssize_t) sizeof answer.header)
        return -1;
      if (answer.header.nlmsg_seq != self->n_queries)
        continue;
      if (answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY ||
          n < (ssize_t) NLMSG_LENGTH (sizeof (struct inet_diag_msg)))
        return -1;
      return read_uid (NLMSG_DATA (&answer.header), our_port);
    }
}

static guint16
get_port (const struct sockaddr_storage *address)
{
  return address->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *) address)->sin6_port
                                        : ((const struct sockaddr_in *) address)->sin_port;
}

static void
copy_ip (const struct sockaddr_storage *address, __be32 words[4])
{
  if (address->ss_family == AF_INET6)
    memcpy (words, &((const struct sockaddr_in6 *) address)->sin6_addr, sizeof (struct in6_addr));
  else
    memcpy (words, &((const struct sockaddr_in *) address)->sin_addr, sizeof (struct in_addr));
}

/* The query names the client's end: its address is the source. */
static gint64
find_uid (QuotesPeerFinder *self,
          const struct sockaddr_storage *theirs,
          const struct sockaddr_storage *ours)
{
  Query query = {
    .header = {.nlmsg_len = sizeof query,
               .nlmsg_type = SOCK_DIAG_BY_FAMILY,
               .nlmsg_flags = NLM_F_REQUEST,
               .nlmsg_seq = ++self->n_queries},
    .request = {.sdiag_family = (guint8) theirs->ss_family,
                .sdiag_protocol = IPPROTO_TCP,
                .idiag_states = (guint32) -1},
  };

  query.request.id.idiag_sport = get_port (theirs);
  query.request.id.idiag_dport = get_port (ours);
  copy_ip (theirs, query.request.id.idiag_src);
  copy_ip (ours, query.request.id.idiag_dst);
  query.request.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
  query.request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;

  if (self->netlink_fd < 0 || send (self->netlink_fd, &query, sizeof query, MSG_DONTWAIT) < 0)
    return -1;

  return read_answer (self, get_port (ours));
}

/* An IPv4 address in the clothes of IPv6 is not one of those that we listen on: it is remote. */
static gboolean
is_loopback (const struct sockaddr_storage *address)
{
  if (address->ss_family == AF_INET6)
    return IN6_IS_ADDR_LOOPBACK (&((const struct sockaddr_in6 *) address)->sin6_addr);

  return address->ss_family == AF_INET &&
         ntohl (((const struct sockaddr_in *) address)->sin_addr.s_addr) >> 24 == 127;
}

/* Asked when the head is judged: a client that has gone by then is unknown, and refused. */
void
quotes_peer_finder_identify (QuotesPeerFinder *self, int fd, QuotesPeer *peer)
{
  struct sockaddr_storage local = {0};
  socklen_t size = sizeof local;

  *peer = (QuotesPeer){.kind = QUOTES_PEER_REMOTE, .uid = -1};
  if (getsockname (fd, (struct sockaddr *) &local, &size) < 0)
    return;

  if (local.ss_family == AF_UNIX)
    {
      struct ucred who = {0};

      size = sizeof who;
      peer->kind = QUOTES_PEER_UNIX;
      if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0)
        {
          peer->uid = (gint64) who.uid;
          peer->pid = who.pid;
        }
      return;
    }

  size = sizeof peer->address;
  if (getpeername (fd, (struct sockaddr *) &peer->address, &size) < 0)
    return;
  if (is_loopback (&peer->address) && is_loopback (&local))
    {
      peer->kind = QUOTES_PEER_LOOPBACK;
      peer->uid = find_uid (self, &peer->address, &local);
    }
}
