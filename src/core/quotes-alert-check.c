/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-check.h"

#include "quotes-error.h"

#define SECOND_US G_GINT64_CONSTANT (1000000)
#define MINUTE_US (60 * SECOND_US)
#define DAY_US (24 * 60 * MINUTE_US)

#define MOVE_WINDOW_MIN_US (10 * SECOND_US)
#define MOVE_WINDOW_MAX_US (31 * DAY_US)
#define PROVIDER_WINDOW_MIN_US MINUTE_US
#define PROVIDER_WINDOW_MAX_US (7 * DAY_US)
#define COOLDOWN_MAX_US (31 * DAY_US)
#define PERCENT_MAX 10000.0
#define HYSTERESIS_MAX 50.0
/* In characters. */
#define NOTE_MAX 200

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_ALERT, "Could not add the alert: %s",
               reason);
  return FALSE;
}

static gboolean
is_note (const char *note)
{
  if (!g_utf8_validate (note, -1, NULL) || g_utf8_strlen (note, -1) > NOTE_MAX)
    return FALSE;
  for (const char *p = note; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

static gboolean
has_percent (const QuotesAlert *alert)
{
  return alert->kind == QUOTES_ALERT_MOVE || alert->kind == QUOTES_ALERT_CHANGE;
}

static gboolean
check_condition (const QuotesAlert *alert, GError **error)
{
  gboolean has_level = alert->kind == QUOTES_ALERT_ABOVE || alert->kind == QUOTES_ALERT_BELOW;

  if (has_level && !isfinite (alert->level))
    return refuse (error, "its level is no number");
  if (has_percent (alert) && !(alert->percent > 0 && alert->percent <= PERCENT_MAX))
    return refuse (error, "its percent is not over 0 and at most 10000");
  if (has_percent (alert) && alert->direction >= QUOTES_N_ALERT_DIRECTIONS)
    return refuse (error, "there is no such direction");
  if (alert->kind == QUOTES_ALERT_MOVE &&
      (alert->window_us < MOVE_WINDOW_MIN_US || alert->window_us > MOVE_WINDOW_MAX_US))
    return refuse (error, "its window is not between 10 seconds and 31 days");
  if (alert->kind == QUOTES_ALERT_PROVIDER &&
      (alert->window_us < PROVIDER_WINDOW_MIN_US || alert->window_us > PROVIDER_WINDOW_MAX_US))
    return refuse (error, "its window is not between a minute and 7 days");
  return TRUE;
}

/**
 * quotes_alert_check:
 * @alert: what somebody wants
 *
 * Returns: whether there can be such an alert, as far as itself can say; else @error is
 *   %QUOTES_ERROR_INVALID_ALERT
 */
gboolean
quotes_alert_check (const QuotesAlert *alert, GError **error)
{
  if (alert->kind >= QUOTES_N_ALERT_KINDS)
    return refuse (error, "there is no such kind");
  if (alert->kind == QUOTES_ALERT_PROVIDER ? alert->provider == NULL : alert->symbol == NULL)
    return refuse (error, "it does not say of what");
  if (!check_condition (alert, error))
    return FALSE;
  if (alert->cooldown_us < 0 || alert->cooldown_us > COOLDOWN_MAX_US)
    return refuse (error, "its cool-down is not between 0 and 31 days");
  if (!(alert->hysteresis_percent >= 0 && alert->hysteresis_percent <= HYSTERESIS_MAX))
    return refuse (error, "its hysteresis is not between 0 and 50");
  if (alert->note != NULL && !is_note (alert->note))
    return refuse (error, "its note is longer than 200 characters, or has control characters");
  return TRUE;
}

gboolean
quotes_alert_check_snooze (gint64 duration_us, GError **error)
{
  if (duration_us >= 0 && duration_us <= QUOTES_ALERT_SNOOZE_MAX_US)
    return TRUE;
  g_set_error_literal (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_ALERT,
                       "Could not snooze the alert: not between 0 and 31 days");
  return FALSE;
}

/**
 * quotes_alert_clean:
 * @fields: of an alert that can be
 *
 * Members that mean nothing with its kind become what they are when nobody says anything, so that
 * all alerts that do the same look the same.
 */
void
quotes_alert_clean (QuotesAlert *fields)
{
  if (fields->kind != QUOTES_ALERT_ABOVE && fields->kind != QUOTES_ALERT_BELOW)
    fields->level = NAN;
  if (!has_percent (fields))
    {
      fields->percent = NAN;
      fields->direction = QUOTES_ALERT_EITHER;
    }
  if (fields->kind != QUOTES_ALERT_MOVE && fields->kind != QUOTES_ALERT_PROVIDER)
    fields->window_us = 0;
  if (fields->kind == QUOTES_ALERT_PROVIDER)
    fields->symbol = NULL;
  else
    fields->provider = NULL;
  if (fields->note != NULL && fields->note[0] == '\0')
    fields->note = NULL;
}
