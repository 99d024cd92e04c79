/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <sys/socket.h>

G_BEGIN_DECLS

typedef enum
{
  QUOTES_PEER_UNIX,
  QUOTES_PEER_LOOPBACK,
  QUOTES_PEER_REMOTE,
} QuotesPeerKind;

/**
 * QuotesPeer:
 * @kind: how it came
 * @uid: whose process it is (rule B2); -1 = could not be told
 * @pid: the process, for a Unix socket; else 0
 * @address: (nullable): the other end, for a TCP socket
 *
 * Who is on the other end of a connection. A plain value.
 */
typedef struct
{
  QuotesPeerKind kind;
  gint64 uid;
  int pid;
  struct sockaddr_storage address;
} QuotesPeer;

/* The key of rule E2 under which limits are counted: `unix:PID`, `uid:UID` or `ip:ADDRESS`. */
char *quotes_peer_dup_key (const QuotesPeer *self);
/* Ours: the Unix socket (its folder is 0700), or a loopback client of our own uid. */
gboolean quotes_peer_is_trusted (const QuotesPeer *self);

typedef struct _QuotesPeerFinder QuotesPeerFinder;

/**
 * QuotesPeerFinder:
 *
 * Finds out who is on the other end of an accepted socket: SO_PEERCRED for a Unix socket, one
 * NETLINK_SOCK_DIAG query for a loopback one.
 */
QuotesPeerFinder *quotes_peer_finder_new (void);
void quotes_peer_finder_free (QuotesPeerFinder *self);
void quotes_peer_finder_identify (QuotesPeerFinder *self, int fd, QuotesPeer *peer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesPeerFinder, quotes_peer_finder_free)

G_END_DECLS
