/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-list.h"

static GPtrArray *
new_alerts (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_alert_unref);
}

static GPtrArray *
new_fired (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_alert_fired_unref);
}

QuotesAlertList *
quotes_alert_list_new (void)
{
  QuotesAlertList *self = g_new0 (QuotesAlertList, 1);

  self->alerts = new_alerts ();
  self->saved = new_alerts ();
  self->fired = new_fired ();
  self->states = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_alert_state_free);

  return self;
}

void
quotes_alert_list_free (QuotesAlertList *self)
{
  g_ptr_array_unref (self->alerts);
  g_ptr_array_unref (self->saved);
  g_ptr_array_unref (self->fired);
  g_ptr_array_unref (self->states);
  g_free (self);
}

QuotesAlert *
quotes_alert_list_get (QuotesAlertList *self, guint i)
{
  return g_ptr_array_index (self->alerts, i);
}

QuotesAlertState *
quotes_alert_list_get_state (QuotesAlertList *self, guint i)
{
  return g_ptr_array_index (self->states, i);
}

gboolean
quotes_alert_list_find (QuotesAlertList *self, const char *id, guint *i)
{
  for (*i = 0; *i < self->alerts->len; (*i)++)
    if (g_str_equal (quotes_alert_list_get (self, *i)->id, id))
      return TRUE;
  return FALSE;
}

/* The milliseconds since 1970: the largest one that was ever used need not be kept when its alert
 * is removed, because the time has moved on; a plain count would begin again there. */
char *
quotes_alert_list_dup_next_id (QuotesAlertList *self, gint64 real_us)
{
  self->last_id = MAX (self->last_id + 1, (guint64) MAX (real_us / 1000, 1));
  return g_strdup_printf ("%" G_GUINT64_FORMAT, self->last_id);
}

/**
 * quotes_alert_list_take:
 * @alert: (transfer full): the newest one
 * @state: (transfer full): what is remembered of it
 */
void
quotes_alert_list_take (QuotesAlertList *self, QuotesAlert *alert, QuotesAlertState *state)
{
  self->last_id = MAX (self->last_id, g_ascii_strtoull (alert->id, NULL, 10));
  g_ptr_array_add (self->alerts, alert);
  g_ptr_array_add (self->states, state);
  self->is_changed = TRUE;
}

void
quotes_alert_list_remove (QuotesAlertList *self, guint i)
{
  g_ptr_array_remove_index (self->alerts, i);
  g_ptr_array_remove_index (self->states, i);
  self->is_changed = TRUE;
}

/* The alert is @fields now, and has to be saved. */
void
quotes_alert_list_replace (QuotesAlertList *self, guint i, const QuotesAlert *fields)
{
  QuotesAlert *alert = quotes_alert_new (fields);

  quotes_alert_unref (quotes_alert_list_get (self, i));
  g_ptr_array_index (self->alerts, i) = alert;
  g_ptr_array_add (self->saved, quotes_alert_ref (alert));
  self->is_changed = TRUE;
}

/* What the state says becomes what is saved and shown. */
void
quotes_alert_list_settle (QuotesAlertList *self, guint i)
{
  const QuotesAlertState *state = quotes_alert_list_get_state (self, i);
  QuotesAlert fields = *quotes_alert_list_get (self, i);

  if (!fields.is_armed == !state->is_armed)
    return;
  fields.is_armed = state->is_armed;
  quotes_alert_list_replace (self, i, &fields);
}

/**
 * quotes_alert_list_fire:
 * @fields: what fired; its alert is filled in
 *
 * Returns: (transfer none): one more to be told
 */
QuotesAlertFired *
quotes_alert_list_fire (QuotesAlertList *self, guint i, QuotesAlertFired *fields)
{
  QuotesAlert alert = *quotes_alert_list_get (self, i);
  QuotesAlertFired *fired = NULL;

  alert.fired_us = fields->fired_us;
  alert.n_fired++;
  alert.is_armed = FALSE;
  alert.is_enabled = alert.is_repeating;
  quotes_alert_list_replace (self, i, &alert);
  if (!alert.is_enabled)
    quotes_alert_state_forget (quotes_alert_list_get_state (self, i));

  fields->alert = quotes_alert_list_get (self, i);
  fired = quotes_alert_fired_new (fields);
  g_ptr_array_add (self->fired, fired);
  return fired;
}

/* Whatever is seen next is seen for the first time. */
void
quotes_alert_list_forget (QuotesAlertList *self, guint i)
{
  quotes_alert_state_forget (quotes_alert_list_get_state (self, i));
  quotes_alert_list_settle (self, i);
}

/**
 * quotes_alert_list_steal_news:
 * @saved: (out) (transfer full) (element-type QuotesAlert): what has to be saved
 * @fired: (out) (transfer full) (element-type QuotesAlertFired): what fired
 *
 * Returns: whether somebody could see a difference
 */
gboolean
quotes_alert_list_steal_news (QuotesAlertList *self, GPtrArray **saved, GPtrArray **fired)
{
  gboolean is_changed = self->is_changed;

  *saved = g_steal_pointer (&self->saved);
  *fired = g_steal_pointer (&self->fired);
  self->saved = new_alerts ();
  self->fired = new_fired ();
  self->is_changed = FALSE;

  return is_changed;
}
