/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LoadSocket:
 * @peer_port: of the other end; for a server's socket that tells which client it belongs to
 * @is_established: false once the server has closed it
 * @n_unsent: bytes that the other end has not acknowledged
 * @kernel_bytes: what the kernel has charged to the socket
 */
typedef struct
{
  guint16 peer_port;
  gboolean is_established;
  guint32 n_unsent;
  guint32 kernel_bytes;
} LoadSocket;

typedef void (*LoadSocketFunc) (const LoadSocket *socket, gpointer user_data);

/* Calls back for each IPv4 TCP socket whose own port is @port. */
gboolean load_sockets_foreach (guint16 port, LoadSocketFunc func, gpointer user_data);

G_END_DECLS
