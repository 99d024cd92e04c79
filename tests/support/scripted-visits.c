/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "scripted-visits.h"

typedef struct
{
  char *target; /* (owned) */
  char *head;   /* (owned) */
  gint64 at_us;
} Visit;

struct _ScriptedVisits
{
  GPtrArray *all; /* (owned) (element-type Visit) */
};

static void
visit_free (gpointer data)
{
  Visit *self = data;

  g_free (self->target);
  g_free (self->head);
  g_free (self);
}

ScriptedVisits *
scripted_visits_new (void)
{
  ScriptedVisits *self = g_new0 (ScriptedVisits, 1);

  self->all = g_ptr_array_new_with_free_func (visit_free);
  return self;
}

void
scripted_visits_free (ScriptedVisits *self)
{
  g_ptr_array_unref (self->all);
  g_free (self);
}

const char *
scripted_visits_add (ScriptedVisits *self, const char *head)
{
  Visit *visit = g_new0 (Visit, 1);
  g_auto (GStrv) words = g_strsplit_set (head, " \r\n", 3);

  g_assert_cmpuint (g_strv_length (words), ==, 3);
  visit->target = g_strdup (words[1]);
  visit->head = g_strdup (head);
  visit->at_us = g_get_monotonic_time ();
  g_ptr_array_add (self->all, visit);

  return visit->target;
}

guint
scripted_visits_count (ScriptedVisits *self, const char *prefix)
{
  guint count = 0;

  for (guint i = 0; i < self->all->len; i++)
    count += g_str_has_prefix (((Visit *) g_ptr_array_index (self->all, i))->target, prefix);
  return count;
}

static const Visit *
get_visit (ScriptedVisits *self, const char *prefix, guint n)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      const Visit *visit = g_ptr_array_index (self->all, i);

      if (g_str_has_prefix (visit->target, prefix) && n-- == 0)
        return visit;
    }
  g_error ("There was no such request: %s", prefix);
}

gint64
scripted_visits_get_time_us (ScriptedVisits *self, const char *prefix, guint n)
{
  return get_visit (self, prefix, n)->at_us;
}

const char *
scripted_visits_get_head (ScriptedVisits *self, const char *prefix, guint n)
{
  return get_visit (self, prefix, n)->head;
}
