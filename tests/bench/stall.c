/* SPDX-License-Identifier: GPL-3.0-or-later */

/* stall SECONDS MARKETWELLD-OPTION...: how late the main loop of the daemon is, beside one that has
 * nothing to do. The daemon runs in this process, with one more source on its loop that is due
 * every 5 ms; the idle loop is a process of its own. Each prints one line of JSON at the end. */

#include "config.h"

#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "quotes-daemon.h"

#define BEAT_US 5000
/* Of the beginning nothing is counted: the list and its first prices come. */
#define WARM_UP_US (3 * G_USEC_PER_SEC)

typedef struct
{
  int fd;
  gint64 begun_us; /* when the first beat was due */
  gint64 n_beats;  /* that are over */
  GArray *late_us; /* (element-type gint64) */
} Heart;

/* Each beat that was due since is as late as it is seen now: who is blocked for 20 ms makes four
 * beats late, not one. */
static gboolean
beat_cb (int fd, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
  Heart *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  guint64 n_due = 0;

  if (read (fd, &n_due, sizeof n_due) != sizeof n_due)
    return G_SOURCE_CONTINUE;
  for (guint64 i = 0; i < n_due; i++)
    {
      gint64 late_us = now_us - (self->begun_us + self->n_beats * BEAT_US);

      self->n_beats++;
      if (now_us - self->begun_us >= WARM_UP_US)
        g_array_append_val (self->late_us, late_us);
    }
  return G_SOURCE_CONTINUE;
}

static void
start (Heart *self)
{
  const struct itimerspec beat = {
    .it_interval = {.tv_nsec = BEAT_US * 1000},
    .it_value = {.tv_nsec = BEAT_US * 1000},
  };

  self->late_us = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->fd = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  g_assert_cmpint (self->fd, >=, 0);
  self->begun_us = g_get_monotonic_time () + BEAT_US;
  g_assert_cmpint (timerfd_settime (self->fd, 0, &beat, NULL), ==, 0);
  g_unix_fd_add (self->fd, G_IO_IN, beat_cb, self);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static double
get_ms (const Heart *self, double part)
{
  guint i = (guint) (part * (self->late_us->len - 1));

  return self->late_us->len > 0 ? (double) g_array_index (self->late_us, gint64, i) / 1000 : -1;
}

static void
print (Heart *self, const char *who)
{
  g_array_sort (self->late_us, compare);
  printf ("{\"loop\":\"%s\",\"beats\":%u,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}\n", who,
          self->late_us->len, get_ms (self, 0.5), get_ms (self, 0.99), get_ms (self, 1));
  fflush (stdout);
  g_array_unref (self->late_us);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static void
idle (guint seconds)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Heart heart = {0};

  start (&heart);
  g_timeout_add_seconds (seconds, quit_cb, loop);
  g_main_loop_run (loop);
  print (&heart, "idle");
}

static gboolean
stop_cb (G_GNUC_UNUSED gpointer user_data)
{
  raise (SIGTERM);
  return G_SOURCE_REMOVE;
}

int
main (int argc, char *argv[])
{
  guint seconds = argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : 0;
  g_auto (QuotesOptions) options = {0};
  g_autoptr (GError) error = NULL;
  Heart heart = {0};
  pid_t child = 0;
  int code = 0;

  if (seconds == 0)
    {
      g_printerr ("stall SECONDS MARKETWELLD-OPTION...\n");
      return 2;
    }
  child = fork ();
  if (child == 0)
    {
      idle (seconds);
      return 0;
    }

  argv[1] = argv[0];
  argc--;
  argv++;
  if (!quotes_options_parse (&options, &argc, &argv, &error))
    {
      g_printerr ("stall: %s\n", error->message);
      return 2;
    }
  start (&heart);
  g_timeout_add_seconds (seconds, stop_cb, NULL);
  code = quotes_daemon_run (&options);
  print (&heart, "daemon");
  waitpid (child, NULL, 0);

  return code;
}
