/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "raw-client.h"

#include <errno.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "wait.h"

#define PATIENCE_S 10

struct _RawClient
{
  int fd;
  gboolean is_open;
  gboolean was_reset;
  GString *received; /* (owned) */
};

static RawClient *
connect_to (const struct sockaddr *address, socklen_t size)
{
  const int on = 1;
  RawClient *self = g_new0 (RawClient, 1);

  self->fd = socket (address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (self->fd, >=, 0);
  if (connect (self->fd, address, size) != 0)
    g_error ("connect: %s", g_strerror (errno));
  if (address->sa_family != AF_UNIX)
    setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  g_unix_set_fd_nonblocking (self->fd, TRUE, NULL);
  self->is_open = TRUE;
  self->received = g_string_new (NULL);
  return self;
}

RawClient *
raw_client_new (guint16 port)
{
  struct sockaddr_in address = {
    .sin_family = AF_INET, .sin_port = htons (port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};

  return connect_to ((const struct sockaddr *) &address, sizeof address);
}

RawClient *
raw_client_new_v6 (guint16 port)
{
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons (port)};

  address.sin6_addr = in6addr_loopback;
  return connect_to ((const struct sockaddr *) &address, sizeof address);
}

RawClient *
raw_client_new_unix (const char *path)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};

  g_assert_cmpuint (strlen (path), <, sizeof address.sun_path);
  strcpy (address.sun_path, path);
  return connect_to ((const struct sockaddr *) &address, sizeof address);
}

void
raw_client_free (RawClient *self)
{
  close (self->fd);
  g_string_free (self->received, TRUE);
  g_free (self);
}

int
raw_client_get_fd (RawClient *self)
{
  return self->fd;
}

static gboolean
wake_up_cb (G_GNUC_UNUSED int fd,
            G_GNUC_UNUSED GIOCondition condition,
            G_GNUC_UNUSED gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

/* One turn of the main context, that ends as soon as the socket is ready too. */
static void
wait_for (RawClient *self, GIOCondition condition, WaitDeadline *deadline, const char *what)
{
  g_autoptr (GSource) source = g_unix_fd_source_new (self->fd, condition);

  g_source_set_callback (source, G_SOURCE_FUNC (wake_up_cb), NULL, NULL);
  g_source_attach (source, NULL);
  wait_iterate (deadline, what, __FILE__, __LINE__);
  g_source_destroy (source);
}

void
raw_client_send (RawClient *self, const char *bytes, gssize size)
{
  gsize left = size < 0 ? strlen (bytes) : (gsize) size;
  WaitDeadline deadline;

  wait_begin (&deadline, PATIENCE_S);
  while (left > 0)
    {
      ssize_t n = send (self->fd, bytes, left, MSG_NOSIGNAL);

      if (n < 0 && errno != EAGAIN)
        return;
      if (n < 0)
        {
          wait_for (self, G_IO_OUT, &deadline, "room to send");
          continue;
        }
      bytes += n;
      left -= (gsize) n;
    }
}

void
raw_client_end (RawClient *self)
{
  shutdown (self->fd, SHUT_WR);
}

gboolean
raw_client_poll (RawClient *self)
{
  char buffer[65536];

  while (self->is_open)
    {
      ssize_t n = recv (self->fd, buffer, sizeof buffer, MSG_DONTWAIT);

      if (n > 0)
        g_string_append_len (self->received, buffer, n);
      else if (n < 0 && errno == EAGAIN)
        return TRUE;
      else
        {
          self->is_open = FALSE;
          self->was_reset = n < 0;
        }
    }
  return FALSE;
}

const char *
raw_client_read_all (RawClient *self)
{
  WaitDeadline deadline;

  wait_begin (&deadline, PATIENCE_S);
  while (raw_client_poll (self))
    wait_for (self, G_IO_IN, &deadline, "the end of the answer");
  return self->received->str;
}

const char *
raw_client_read_until (RawClient *self, const char *text)
{
  WaitDeadline deadline;

  wait_begin (&deadline, PATIENCE_S);
  while (raw_client_poll (self) && strstr (self->received->str, text) == NULL)
    wait_for (self, G_IO_IN, &deadline, text);
  g_assert_nonnull (strstr (self->received->str, text));
  return self->received->str;
}

const char *
raw_client_get_received (RawClient *self)
{
  return self->received->str;
}

gsize
raw_client_get_n_received (RawClient *self)
{
  return self->received->len;
}

gboolean
raw_client_was_reset (RawClient *self)
{
  return self->was_reset;
}

char *
raw_exchange (guint16 port, const char *request)
{
  g_autoptr (RawClient) client = raw_client_new (port);

  raw_client_send (client, request, -1);
  return g_strdup (raw_client_read_all (client));
}

guint
raw_count_answers (const char *received)
{
  guint n = 0;

  for (const char *at = strstr (received, "HTTP/1."); at != NULL; at = strstr (at + 1, "HTTP/1."))
    n++;
  return n;
}

guint
raw_get_status (const char *received)
{
  if (!g_str_has_prefix (received, "HTTP/1.") || strlen (received) < 12)
    return 0;

  return (guint) g_ascii_strtoull (received + 9, NULL, 10);
}

/* Returns: (transfer full) (nullable) */
char *
raw_dup_header (const char *received, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (received, "\r\n", -1);

  for (gsize i = 1; lines[0] != NULL && lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      const char *colon = strchr (lines[i], ':');
      gsize length = colon != NULL ? (gsize) (colon - lines[i]) : 0;

      if (length == strlen (name) && g_ascii_strncasecmp (lines[i], name, length) == 0)
        return g_strstrip (g_strdup (colon + 1));
    }
  return NULL;
}

/* Returns: (transfer full) (nullable) */
char *
raw_dup_code (const char *received)
{
  const char *at = strstr (received, "\"code\":\"");
  const char *end = at != NULL ? strchr (at + 8, '"') : NULL;

  return end != NULL ? g_strndup (at + 8, (gsize) (end - at - 8)) : NULL;
}
