/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert.h"

G_DEFINE_BOXED_TYPE (QuotesAlert, quotes_alert, quotes_alert_ref, quotes_alert_unref)
G_DEFINE_BOXED_TYPE (QuotesAlertFired,
                     quotes_alert_fired,
                     quotes_alert_fired_ref,
                     quotes_alert_fired_unref)

static const char *const kinds[QUOTES_N_ALERT_KINDS] = {
  [QUOTES_ALERT_ABOVE] = "above", [QUOTES_ALERT_BELOW] = "below",
  [QUOTES_ALERT_MOVE] = "move",   [QUOTES_ALERT_CHANGE] = "change",
  [QUOTES_ALERT_STALE] = "stale", [QUOTES_ALERT_PROVIDER] = "provider",
};

static const char *const directions[QUOTES_N_ALERT_DIRECTIONS] = {
  [QUOTES_ALERT_EITHER] = "either",
  [QUOTES_ALERT_UP] = "up",
  [QUOTES_ALERT_DOWN] = "down",
};

static gboolean
find (const char *const *words, guint n_words, const char *text, guint *index)
{
  for (guint i = 0; i < n_words; i++)
    if (g_str_equal (words[i], text))
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

const char *
quotes_alert_kind_to_string (QuotesAlertKind kind)
{
  g_return_val_if_fail (kind < QUOTES_N_ALERT_KINDS, NULL);

  return kinds[kind];
}

gboolean
quotes_alert_kind_from_string (const char *text, QuotesAlertKind *kind)
{
  guint i = 0;

  if (!find (kinds, QUOTES_N_ALERT_KINDS, text, &i))
    return FALSE;
  *kind = (QuotesAlertKind) i;
  return TRUE;
}

const char *
quotes_alert_direction_to_string (QuotesAlertDirection direction)
{
  g_return_val_if_fail (direction < QUOTES_N_ALERT_DIRECTIONS, NULL);

  return directions[direction];
}

gboolean
quotes_alert_direction_from_string (const char *text, QuotesAlertDirection *direction)
{
  guint i = 0;

  if (!find (directions, QUOTES_N_ALERT_DIRECTIONS, text, &i))
    return FALSE;
  *direction = (QuotesAlertDirection) i;
  return TRUE;
}

/**
 * quotes_alert_new:
 * @fields: a filled struct, begun with %QUOTES_ALERT_INIT; texts are copied
 *
 * Returns: (transfer full): a new alert
 */
QuotesAlert *
quotes_alert_new (const QuotesAlert *fields)
{
  QuotesAlert *self = g_atomic_rc_box_new (QuotesAlert);

  *self = *fields;
  self->id = g_strdup (fields->id);
  self->symbol = g_strdup (fields->symbol);
  self->provider = g_strdup (fields->provider);
  self->note = g_strdup (fields->note);

  return self;
}

QuotesAlert *
quotes_alert_ref (QuotesAlert *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_alert (gpointer data)
{
  QuotesAlert *self = data;

  g_free ((gpointer) self->id);
  g_free ((gpointer) self->symbol);
  g_free ((gpointer) self->provider);
  g_free ((gpointer) self->note);
}

void
quotes_alert_unref (QuotesAlert *self)
{
  g_atomic_rc_box_release_full (self, clear_alert);
}

/**
 * quotes_alert_fired_new:
 * @fields: a filled struct; what it has is copied
 *
 * Returns: (transfer full): that it fired
 */
QuotesAlertFired *
quotes_alert_fired_new (const QuotesAlertFired *fields)
{
  QuotesAlertFired *self = g_atomic_rc_box_new (QuotesAlertFired);

  *self = *fields;
  self->alert = quotes_alert_ref (fields->alert);
  self->currency = g_strdup (fields->currency);
  self->name = g_strdup (fields->name);

  return self;
}

QuotesAlertFired *
quotes_alert_fired_ref (QuotesAlertFired *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_fired (gpointer data)
{
  QuotesAlertFired *self = data;

  quotes_alert_unref (self->alert);
  g_free ((gpointer) self->currency);
  g_free ((gpointer) self->name);
}

void
quotes_alert_fired_unref (QuotesAlertFired *self)
{
  g_atomic_rc_box_release_full (self, clear_fired);
}
