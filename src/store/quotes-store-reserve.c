/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-store-reserve.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/statvfs.h>

#define RESERVE_BYTES (1024 * 1024)
/* What has to be left for others beside it; else it would be made and given up in turn. */
#define ROOM_BYTES (16 * 1024 * 1024)

struct _QuotesStoreReserve
{
  char *dir;  /* (owned) */
  char *path; /* (owned) */
  gboolean is_there;
};

QuotesStoreReserve *
quotes_store_reserve_new (const char *dir)
{
  QuotesStoreReserve *self = g_new0 (QuotesStoreReserve, 1);

  self->dir = g_strdup (dir);
  self->path = g_build_filename (dir, "reserve", NULL);
  self->is_there = g_file_test (self->path, G_FILE_TEST_EXISTS);
  return self;
}

void
quotes_store_reserve_free (QuotesStoreReserve *self)
{
  g_free (self->dir);
  g_free (self->path);
  g_free (self);
}

/* Returns: whether there is more room now */
gboolean
quotes_store_reserve_give_up (QuotesStoreReserve *self)
{
  gboolean was_there = self->is_there;

  self->is_there = FALSE;
  return was_there && g_unlink (self->path) == 0;
}

static gboolean
has_room (const char *dir)
{
  struct statvfs info = {0};

  return statvfs (dir, &info) == 0 &&
         (guint64) info.f_bavail * info.f_frsize >= ROOM_BYTES + RESERVE_BYTES;
}

/* Makes it, if there is room for it and for much more. */
void
quotes_store_reserve_ensure (QuotesStoreReserve *self)
{
  int fd = -1;

  if (self->is_there || !has_room (self->dir))
    return;
  fd = g_open (self->path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return;
  self->is_there = posix_fallocate (fd, 0, RESERVE_BYTES) == 0;
  g_close (fd, NULL);
  if (!self->is_there)
    g_unlink (self->path);
}
