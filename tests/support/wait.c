/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "wait.h"

static double
get_slowness (void)
{
  const char *text = g_getenv ("MARKETWELL_TEST_SLOW");
  double slowness = text != NULL ? g_ascii_strtod (text, NULL) : 1.0;

  return slowness >= 1.0 ? slowness : 1.0;
}

static gboolean
wake_up_cb (G_GNUC_UNUSED gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
wait_begin (WaitDeadline *self, double seconds)
{
  self->end_us = g_get_monotonic_time () + (gint64) (seconds * get_slowness () * G_USEC_PER_SEC);
}

void
wait_iterate (WaitDeadline *self, const char *condition, const char *file, int line)
{
  guint id = 0;

  if (g_get_monotonic_time () >= self->end_us)
    {
      g_printerr ("%s:%d: waited too long for: %s\n", file, line, condition);
      g_assert_not_reached ();
    }

  /* So that the deadline is seen when nothing else happens. */
  id = g_timeout_add (20, wake_up_cb, NULL);
  g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}

void
wait_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}
