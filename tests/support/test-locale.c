/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "test-locale.h"

#include <glib/gstdio.h>
#include <locale.h>

static gboolean
set_locale (const char *locale)
{
  return setlocale (LC_ALL, locale) != NULL;
}

static void
remove_made (const char *dir)
{
  const char *argv[] = {"rm", "-rf", "--", dir, NULL};

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
}

/* Returns: (transfer full) (nullable): the folder for LOCPATH */
static char *
make_locale (const char *name, const char *locale)
{
  char *dir = g_dir_make_tmp ("marketwell-locale-XXXXXX", NULL);
  g_autofree char *out = g_build_filename (dir, locale, NULL);
  const char *argv[] = {"localedef", "-i", name, "-f", "UTF-8", out, NULL};
  gboolean is_made =
    g_spawn_sync (NULL, (char **) argv, NULL,
                  G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                  NULL, NULL, NULL, NULL, NULL, NULL);

  if (is_made && g_file_test (out, G_FILE_TEST_IS_DIR))
    return dir;

  remove_made (dir);
  g_free (dir);
  return NULL;
}

gboolean
test_locale_begin (TestLocale *self, const char *name)
{
  g_autofree char *locale = g_strconcat (name, ".UTF-8", NULL);

  self->previous = g_strdup (setlocale (LC_ALL, NULL));
  if (set_locale (locale))
    return TRUE;

  self->dir = make_locale (name, locale);
  if (self->dir != NULL)
    {
      g_setenv ("LOCPATH", self->dir, TRUE);
      g_assert_true (set_locale (locale));
      return TRUE;
    }

  if (g_strcmp0 (g_getenv ("MARKETWELL_TESTS_REQUIRE_ALL"), "1") == 0)
    g_test_fail_printf ("the sources of the locale %s are missing", name);
  else
    g_test_skip_printf ("the sources of the locale %s are missing", name);
  return FALSE;
}

void
test_locale_end (TestLocale *self)
{
  g_unsetenv ("LOCPATH");
  set_locale (self->previous);
  if (self->dir != NULL)
    remove_made (self->dir);
  g_clear_pointer (&self->dir, g_free);
  g_clear_pointer (&self->previous, g_free);
}
