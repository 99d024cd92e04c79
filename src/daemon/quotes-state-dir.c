/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-state-dir.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "quotes-options.h"

/* @option: (nullable): `--state-dir` */
char *
quotes_state_dir_dup_path (const char *option)
{
  return option != NULL ? g_strdup (option)
                        : g_build_filename (g_get_user_state_dir (), "marketwell", NULL);
}

static void
set_error (GError **error, const char *message, const char *path, const char *cause)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: “%s”: %s", message, name, cause);
}

/**
 * quotes_state_dir_check:
 * @path: a folder
 * @error: return location for what is wrong with it
 *
 * Makes the folder, for us alone, if there is none.
 *
 * Returns: whether only we can write there (rule H5)
 */
gboolean
quotes_state_dir_check (const char *path, GError **error)
{
  const char *message = _ ("Could not use the folder");
  GStatBuf info = {0};

  if (g_mkdir_with_parents (path, 0700) != 0 || g_stat (path, &info) != 0)
    set_error (error, message, path, g_strerror (errno));
  else if (!S_ISDIR (info.st_mode))
    set_error (error, message, path, g_strerror (ENOTDIR));
  else if (info.st_uid != geteuid ())
    set_error (error, message, path, _ ("it belongs to another user"));
  else if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    set_error (error, message, path, _ ("other users can write there"));
  else
    return TRUE;

  return FALSE;
}

/**
 * quotes_state_dir_open:
 * @path: the state folder
 * @lock_fd: (out): keeps the lock until it is closed or the process ends, however it does
 * @error: return location for why not
 *
 * Takes the folder for this process: one daemon for one folder.
 *
 * Returns: 0, or the exit code
 */
int
quotes_state_dir_open (const char *path, int *lock_fd, GError **error)
{
  g_autofree char *file = g_build_filename (path, "lock", NULL);

  if (!quotes_state_dir_check (path, error))
    return QUOTES_EXIT_CONFIG;

  *lock_fd = g_open (file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (*lock_fd < 0)
    {
      set_error (error, _ ("Could not use the folder"), path, g_strerror (errno));
      return QUOTES_EXIT_CONFIG;
    }
  if (flock (*lock_fd, LOCK_EX | LOCK_NB) != 0)
    {
      set_error (error, _ ("Could not take the lock of the folder"), path,
                 _ ("another marketwelld has it"));
      return QUOTES_EXIT_UNAVAILABLE;
    }
  return 0;
}
