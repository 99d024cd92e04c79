/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Listening sockets, ready for accept(): not blocking, closed on exec. They return a descriptor
 * that the caller closes, or -1 with an error of QUOTES_DOOR_ERROR. */
int quotes_listen_tcp (const char *address, guint16 port, GError **error);
int quotes_listen_unix (const char *path, GError **error);

G_END_DECLS
