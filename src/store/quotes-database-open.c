/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-database-open.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What SQLite keeps beside a file, and what belongs to it wherever it goes. The file itself is the
 * last to be moved: a log that stands beside a new, empty file would be deleted by SQLite. */
static const char *const suffixes[] = {"-wal", "-journal", "-shm", ""};

#define HEADER_SIZE 72
#define MAGIC "SQLite format 3"

static guint
count_aside (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *prefix = g_strconcat (name, ".corrupt-", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *entry = NULL;
  guint n = 0;

  while (dir != NULL && (entry = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (entry, prefix) && !g_str_has_suffix (entry, "-wal") &&
        !g_str_has_suffix (entry, "-journal") && !g_str_has_suffix (entry, "-shm"))
      n++;
  return n;
}

static gboolean
is_there (const char *path)
{
  GStatBuf info = {0};

  return g_lstat (path, &info) == 0;
}

/* Several may be set aside within one second. */
static char *
dup_aside_path (const char *path, gint64 now_us)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format (now, "%Y%m%dT%H%M%SZ");
  char *aside = g_strconcat (path, ".corrupt-", text, NULL);

  for (guint i = 2; is_there (aside); i++)
    {
      g_free (aside);
      aside = g_strdup_printf ("%s.corrupt-%s.%u", path, text, i);
    }
  return aside;
}

/* Returns: (transfer full) (nullable): where it is now */
static char *
set_aside (const char *path, gint64 now_us, GError **error)
{
  g_autofree char *aside = dup_aside_path (path, now_us);

  if (count_aside (path) >= QUOTES_DATABASE_ASIDE_MAX)
    {
      g_set_error (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_CORRUPT,
                   "Could not set %s aside: there are %d of its kind already; move them away", path,
                   QUOTES_DATABASE_ASIDE_MAX);
      return NULL;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *from = g_strconcat (path, suffixes[i], NULL);
      g_autofree char *to = g_strconcat (aside, suffixes[i], NULL);

      if (is_there (from) && g_rename (from, to) != 0)
        {
          g_set_error (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_CORRUPT,
                       "Could not set %s aside: %s", from, g_strerror (errno));
          return NULL;
        }
    }
  return g_steal_pointer (&aside);
}

static guint32
read_be32 (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 | bytes[3];
}

/* Told by its first bytes, because SQLite would already put the log into it. */
static gboolean
is_newer (const char *path, const QuotesSchema *schema)
{
  guint8 header[HEADER_SIZE] = {0};
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  gssize n = fd >= 0 ? read (fd, header, sizeof header) : -1;

  if (fd >= 0)
    g_close (fd, NULL);
  return n == sizeof header && memcmp (header, MAGIC, sizeof MAGIC) == 0 &&
         read_be32 (header + 68) == schema->application_id &&
         read_be32 (header + 60) > schema->n_migrations;
}

/* What stands in the place of the file: nothing that SQLite could open, or a log without its file,
 * which SQLite would delete. Links to files are followed. */
static gboolean
is_in_the_way (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  GStatBuf info = {0};
  GStatBuf log_info = {0};

  if (g_stat (path, &info) != 0)
    return is_there (path) || is_there (log);
  if (!S_ISREG (info.st_mode))
    return TRUE;
  return info.st_size == 0 && g_stat (log, &log_info) == 0 && log_info.st_size > 0;
}

/**
 * quotes_database_open_or_set_aside:
 * @path: the file, which is made if it is missing
 * @schema: what it has to have
 * @now_us: real time, for the name under which a bad one is set aside
 * @aside: (out) (nullable): where the bad file is now, when a new one was begun
 * @error: return location for a #QuotesStoreError
 *
 * As quotes_database_open(), but what is no database, or a broken one, is moved out of the way
 * together with its log, and a new one is begun. What cannot be opened for another reason (rights,
 * space, a newer version) is left alone.
 *
 * Returns: (transfer full) (nullable): a connection that may write
 */
QuotesDatabase *
quotes_database_open_or_set_aside (const char *path,
                                   const QuotesSchema *schema,
                                   gint64 now_us,
                                   char **aside,
                                   GError **error)
{
  QuotesDatabase *self = NULL;
  g_autoptr (GError) cause = NULL;

  *aside = NULL;
  if (is_newer (path, schema))
    {
      g_set_error (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_NEWER,
                   "Could not use %s: it was written by a newer version of this program", path);
      return NULL;
    }
  if (!is_in_the_way (path))
    {
      self = quotes_database_open (path, schema, &cause);
      if (self != NULL)
        return self;
      if (!g_error_matches (cause, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_CORRUPT))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return NULL;
        }
    }

  *aside = set_aside (path, now_us, error);
  return *aside != NULL ? quotes_database_open (path, schema, error) : NULL;
}
