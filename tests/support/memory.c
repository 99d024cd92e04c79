/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "memory.h"

#include <gio/gio.h>

gboolean
memory_is_measurable (void)
{
#ifdef __SANITIZE_ADDRESS__
  return FALSE;
#else
  const char *preload = g_getenv ("LD_PRELOAD");

  return preload == NULL || strstr (preload, "vgpreload") == NULL;
#endif
}

static gint64
read_kib (int pid, const char *name)
{
  g_autofree char *path =
    pid == 0 ? g_strdup ("/proc/self/status") : g_strdup_printf ("/proc/%d/status", pid);
  g_autofree char *text = NULL;
  const char *line = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  line = strstr (text, name);
  g_assert_nonnull (line);
  return g_ascii_strtoll (line + strlen (name), NULL, 10);
}

gint64
memory_get_resident_kib (int pid)
{
  return read_kib (pid, "VmRSS:");
}

gint64
memory_get_peak_kib (void)
{
  return read_kib (0, "VmHWM:");
}

void
memory_forget_peak (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/proc/self/clear_refs");
  g_autoptr (GFileOutputStream) stream = g_file_append_to (file, G_FILE_CREATE_NONE, NULL, NULL);

  g_assert_nonnull (stream);
  g_assert_true (g_output_stream_write_all (G_OUTPUT_STREAM (stream), "5", 1, NULL, NULL, NULL));
}
