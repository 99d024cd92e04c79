/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-notify.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* One datagram is the whole protocol (sd_notify(3)); no library for it. */
void
quotes_notify (const char *state)
{
  const char *path = g_getenv ("NOTIFY_SOCKET");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  gsize size = path != NULL ? strlen (path) : 0;
  int fd = -1;

  if (size < 2 || size >= sizeof address.sun_path || strchr ("/@", path[0]) == NULL)
    return;

  memcpy (address.sun_path, path, size);
  if (path[0] == '@')
    address.sun_path[0] = '\0';

  fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return;
  /* Who does not hear it restarts us; nothing of ours depends on it. */
  if (sendto (fd, state, strlen (state), MSG_NOSIGNAL | MSG_DONTWAIT,
              (const struct sockaddr *) &address,
              (socklen_t) (offsetof (struct sockaddr_un, sun_path) + size)) < 0)
    g_debug ("Could not notify the service manager");
  close (fd);
}
