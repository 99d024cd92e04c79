/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "quotes-door.h"

/* A page opens many at once; GSocket's 10 made 200 clients wait for 17 s. */
#define BACKLOG 4096
/* Without the first a reader that never reads takes 3.9 MB of the kernel; without the second it
 * sees what is 8 s old once it reads again. */
#define SEND_BUFFER_SIZE (128 * 1024)
#define UNSENT_MAX (16 * 1024)

typedef union
{
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
  struct sockaddr_un local;
} Address;

static int
fail (int fd, GError **error, QuotesDoorError code, const char *where, int cause)
{
  if (fd >= 0)
    close (fd);
  g_set_error (error, QUOTES_DOOR_ERROR, code, _ ("Could not listen on %s: %s"), where,
               g_strerror (cause));
  return -1;
}

static int
fail_to_bind (int fd, GError **error, const char *where, int cause)
{
  QuotesDoorError code = QUOTES_DOOR_ERROR_FAILED;

  if (cause == EADDRINUSE)
    code = QUOTES_DOOR_ERROR_TAKEN;
  else if (cause == EADDRNOTAVAIL)
    code = QUOTES_DOOR_ERROR_ADDRESS;
  return fail (fd, error, code, where, cause);
}

/* Rule B1. */
static socklen_t
parse_loopback (const char *text, guint16 port, Address *address)
{
  *address = (Address){0};
  if (inet_pton (AF_INET, text, &address->v4.sin_addr) == 1 &&
      address->v4.sin_addr.s_addr == htonl (INADDR_LOOPBACK))
    {
      address->v4.sin_family = AF_INET;
      address->v4.sin_port = htons (port);
      return sizeof address->v4;
    }

  *address = (Address){0};
  if (inet_pton (AF_INET6, text, &address->v6.sin6_addr) == 1 &&
      IN6_IS_ADDR_LOOPBACK (&address->v6.sin6_addr))
    {
      address->v6.sin6_family = AF_INET6;
      address->v6.sin6_port = htons (port);
      return sizeof address->v6;
    }

  return 0;
}

/* What is set here, every accepted socket inherits: no calls per connection. */
static void
tune (int fd, int family)
{
  const int on = 1;
  const int send_buffer_size = SEND_BUFFER_SIZE;
  const int unsent_max = UNSENT_MAX;

  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &send_buffer_size, sizeof send_buffer_size);
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt (fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_max, sizeof unsent_max);
  if (family == AF_INET6)
    setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
}

/**
 * quotes_listen_tcp:
 * @address: `127.0.0.1` or `::1`; everything else is refused
 * @port: 0 = any that is free
 */
int
quotes_listen_tcp (const char *address, guint16 port, GError **error)
{
  g_autofree char *where = g_strdup_printf ("%s:%u", address, port);
  Address parsed;
  socklen_t size = parse_loopback (address, port, &parsed);
  int fd = -1;

  if (size == 0)
    {
      g_set_error (error, QUOTES_DOOR_ERROR, QUOTES_DOOR_ERROR_ADDRESS,
                   _ ("Could not listen on %s: only 127.0.0.1 and ::1 are allowed"), address);
      return -1;
    }

  fd = socket (parsed.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return fail_to_bind (fd, error, where, errno);

  tune (fd, parsed.any.sa_family);
  if (bind (fd, &parsed.any, size) != 0 || listen (fd, BACKLOG) != 0)
    return fail_to_bind (fd, error, where, errno);

  return fd;
}

/* Rule B3: whoever may write into the folder may put another socket there. */
static gboolean
ensure_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  GStatBuf info = {0};

  if (g_mkdir_with_parents (folder, 0700) != 0 || g_lstat (folder, &info) != 0)
    return fail (-1, error, QUOTES_DOOR_ERROR_FAILED, path, errno) >= 0;
  if (!S_ISDIR (info.st_mode) || info.st_uid != geteuid () || (info.st_mode & 0022) != 0)
    {
      g_set_error (error, QUOTES_DOOR_ERROR, QUOTES_DOOR_ERROR_FAILED,
                   _ ("Could not listen on %s: others may write into its folder"), path);
      return FALSE;
    }
  return TRUE;
}

/* Whether something else than a daemon that has gone holds the name: a living one, or a file that
 * is no socket (for which connect() says "refused" as well). */
static gboolean
is_taken (const Address *address)
{
  GStatBuf info = {0};
  gboolean is_dead = FALSE;
  int fd = -1;

  if (g_lstat (address->local.sun_path, &info) != 0)
    return errno != ENOENT;
  if (!S_ISSOCK (info.st_mode))
    return TRUE;

  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return TRUE;
  is_dead = connect (fd, &address->any, sizeof address->local) != 0 && errno == ECONNREFUSED;
  close (fd);
  return !is_dead;
}

static int
bind_local (int fd, const Address *address)
{
  return bind (fd, &address->any, sizeof address->local) == 0 ? 0 : errno;
}

/**
 * quotes_listen_unix:
 * @path: where; its folder is made with mode 0700 when it is not there
 *
 * The socket has mode 0600. One that a killed daemon has left is replaced; a living one is not.
 */
int
quotes_listen_unix (const char *path, GError **error)
{
  Address address = {.local.sun_family = AF_UNIX};
  int cause = 0;
  int fd = -1;

  if (strlen (path) >= sizeof address.local.sun_path)
    return fail (-1, error, QUOTES_DOOR_ERROR_FAILED, path, ENAMETOOLONG);
  g_strlcpy (address.local.sun_path, path, sizeof address.local.sun_path);
  if (!ensure_folder (path, error))
    return -1;

  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  /* Before bind(), which gives the file the socket's own mode: there is no moment without it. */
  if (fd < 0 || fchmod (fd, 0600) != 0)
    return fail (fd, error, QUOTES_DOOR_ERROR_FAILED, path, errno);

  cause = bind_local (fd, &address);
  if (cause == EADDRINUSE && !is_taken (&address))
    {
      g_unlink (path);
      cause = bind_local (fd, &address);
    }
  if (cause == 0 && listen (fd, BACKLOG) != 0)
    cause = errno;

  return cause == 0 ? fd : fail_to_bind (fd, error, path, cause);
}
