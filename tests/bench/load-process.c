/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "load-process.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char *
read_file (const char *path)
{
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : NULL;
}

/* The first word of /proc/PID/task/TID/schedstat is nanoseconds. */
static gboolean
sum_threads (guint pid, guint64 *cpu_ns)
{
  g_autofree char *folder = g_strdup_printf ("/proc/%u/task", pid);
  g_autoptr (GDir) threads = g_dir_open (folder, 0, NULL);
  const char *name;

  *cpu_ns = 0;
  if (threads == NULL)
    return FALSE;
  while ((name = g_dir_read_name (threads)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, "schedstat", NULL);
      g_autofree char *text = read_file (path);

      if (text != NULL)
        *cpu_ns += g_ascii_strtoull (text, NULL, 10);
    }

  return TRUE;
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

gboolean
load_process_sample (guint pid, LoadProcess *sample)
{
  g_autofree char *status_path = g_strdup_printf ("/proc/%u/status", pid);
  g_autofree char *descriptors_path = g_strdup_printf ("/proc/%u/fd", pid);
  g_autofree char *status = read_file (status_path);
  const char *resident = status != NULL ? strstr (status, "\nVmRSS:") : NULL;

  memset (sample, 0, sizeof *sample);
  if (resident == NULL || !sum_threads (pid, &sample->cpu_ns))
    return FALSE;
  sample->resident_kib = g_ascii_strtoull (resident + strlen ("\nVmRSS:"), NULL, 10);
  sample->n_descriptors = count_entries (descriptors_path);
  return TRUE;
}

guint64
load_machine_get_busy_ns (void)
{
  g_autofree char *text = read_file ("/proc/stat");
  unsigned long long user, nice, system, idle, wait, hard, soft, stolen;

  if (text == NULL || sscanf (text, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice,
                              &system, &idle, &wait, &hard, &soft, &stolen) != 8)
    return 0;
  return (user + nice + system + hard + soft + stolen) *
         (1000000000ull / (guint64) sysconf (_SC_CLK_TCK));
}

guint64
load_self_get_cpu_ns (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return (guint64) time.tv_sec * 1000000000 + (guint64) time.tv_nsec;
}

guint64
load_machine_get_tcp_memory (void)
{
  g_autofree char *text = read_file ("/proc/net/sockstat");
  const char *line = text != NULL ? strstr (text, "TCP:") : NULL;
  const char *pages = line != NULL ? strstr (line, " mem ") : NULL;

  if (pages == NULL)
    return 0;
  return g_ascii_strtoull (pages + strlen (" mem "), NULL, 10) * (guint64) sysconf (_SC_PAGESIZE);
}
