/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who came to a scripted upstream, in order. */
typedef struct _ScriptedVisits ScriptedVisits;

ScriptedVisits *scripted_visits_new (void);
void scripted_visits_free (ScriptedVisits *self);
/* Notes a request now. Returns: (transfer none): its target */
const char *scripted_visits_add (ScriptedVisits *self, const char *head);
/* Of the requests whose target begins with @prefix: how many, and when and what the @n-th was. */
guint scripted_visits_count (ScriptedVisits *self, const char *prefix);
gint64 scripted_visits_get_time_us (ScriptedVisits *self, const char *prefix, guint n);
const char *scripted_visits_get_head (ScriptedVisits *self, const char *prefix, guint n);

G_END_DECLS
