/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-members.h"

#define MEMBER(name, type, field, is_settable)                                                     \
  {                                                                                                \
    name, QUOTES_ALERT_MEMBER_##type, G_STRUCT_OFFSET (QuotesAlert, field), is_settable            \
  }

static const QuotesAlertMember members[] = {
  MEMBER ("id", TEXT, id, FALSE),
  MEMBER ("kind", KIND, kind, TRUE),
  MEMBER ("symbol", TEXT, symbol, TRUE),
  MEMBER ("provider", TEXT, provider, TRUE),
  MEMBER ("level", NUMBER, level, TRUE),
  MEMBER ("percent", NUMBER, percent, TRUE),
  MEMBER ("direction", DIRECTION, direction, TRUE),
  MEMBER ("window_s", DURATION, window_us, TRUE),
  MEMBER ("repeat", FLAG, is_repeating, TRUE),
  MEMBER ("cooldown_s", DURATION, cooldown_us, TRUE),
  MEMBER ("hysteresis_percent", NUMBER, hysteresis_percent, TRUE),
  MEMBER ("note", TEXT, note, TRUE),
  MEMBER ("enabled", FLAG, is_enabled, TRUE),
  MEMBER ("armed", FLAG, is_armed, FALSE),
  MEMBER ("snoozed_until", TIME, snoozed_until_us, FALSE),
  MEMBER ("created", TIME, created_us, FALSE),
  MEMBER ("last_fired", TIME, fired_us, FALSE),
  MEMBER ("fired", COUNT, n_fired, FALSE),
};

const QuotesAlertMember *
quotes_alert_members_get (guint *n_members)
{
  *n_members = G_N_ELEMENTS (members);
  return members;
}

/* Returns: (nullable): the member of that name */
const QuotesAlertMember *
quotes_alert_members_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    if (g_str_equal (members[i].name, name))
      return &members[i];
  return NULL;
}

/* Returns: (transfer none) (nullable): of a text, a kind or a direction; the last is a word only
 * where it means something */
const char *
quotes_alert_member_get_text (const QuotesAlertMember *member, const QuotesAlert *self)
{
  switch ((int) member->type)
    {
    case QUOTES_ALERT_MEMBER_TEXT:
      return G_STRUCT_MEMBER (const char *, self, member->offset);
    case QUOTES_ALERT_MEMBER_KIND:
      return quotes_alert_kind_to_string (self->kind);
    case QUOTES_ALERT_MEMBER_DIRECTION:
      if (self->kind != QUOTES_ALERT_MOVE && self->kind != QUOTES_ALERT_CHANGE)
        return NULL;
      return quotes_alert_direction_to_string (self->direction);
    default:
      g_return_val_if_reached (NULL);
    }
}

double
quotes_alert_member_get_number (const QuotesAlertMember *member, const QuotesAlert *self)
{
  g_return_val_if_fail (member->type == QUOTES_ALERT_MEMBER_NUMBER, NAN);

  return G_STRUCT_MEMBER (double, self, member->offset);
}

/* Returns: of a duration whole seconds, of a time microseconds since 1970, or a count */
gint64
quotes_alert_member_get_int (const QuotesAlertMember *member, const QuotesAlert *self)
{
  switch ((int) member->type)
    {
    case QUOTES_ALERT_MEMBER_DURATION:
      return G_STRUCT_MEMBER (gint64, self, member->offset) / G_USEC_PER_SEC;
    case QUOTES_ALERT_MEMBER_TIME:
      return G_STRUCT_MEMBER (gint64, self, member->offset);
    case QUOTES_ALERT_MEMBER_COUNT:
      return G_STRUCT_MEMBER (guint, self, member->offset);
    default:
      g_return_val_if_reached (0);
    }
}

gboolean
quotes_alert_member_get_flag (const QuotesAlertMember *member, const QuotesAlert *self)
{
  g_return_val_if_fail (member->type == QUOTES_ALERT_MEMBER_FLAG, FALSE);

  return G_STRUCT_MEMBER (gboolean, self, member->offset);
}

gboolean
quotes_alert_member_set_text (const QuotesAlertMember *member,
                              QuotesAlert *fields,
                              const char *text)
{
  switch ((int) member->type)
    {
    case QUOTES_ALERT_MEMBER_TEXT:
      G_STRUCT_MEMBER (const char *, fields, member->offset) = text;
      return TRUE;
    case QUOTES_ALERT_MEMBER_KIND:
      return quotes_alert_kind_from_string (text, &fields->kind);
    case QUOTES_ALERT_MEMBER_DIRECTION:
      return quotes_alert_direction_from_string (text, &fields->direction);
    default:
      return FALSE;
    }
}

gboolean
quotes_alert_member_set_number (const QuotesAlertMember *member, QuotesAlert *fields, double number)
{
  if (member->type != QUOTES_ALERT_MEMBER_NUMBER || !isfinite (number))
    return FALSE;

  G_STRUCT_MEMBER (double, fields, member->offset) = number;
  return TRUE;
}

gboolean
quotes_alert_member_set_seconds (const QuotesAlertMember *member,
                                 QuotesAlert *fields,
                                 gint64 seconds)
{
  if (member->type != QUOTES_ALERT_MEMBER_DURATION || seconds < 0 ||
      seconds > QUOTES_ALERT_SECONDS_MAX)
    return FALSE;

  G_STRUCT_MEMBER (gint64, fields, member->offset) = seconds * G_USEC_PER_SEC;
  return TRUE;
}

gboolean
quotes_alert_member_set_flag (const QuotesAlertMember *member, QuotesAlert *fields, gboolean flag)
{
  if (member->type != QUOTES_ALERT_MEMBER_FLAG)
    return FALSE;

  G_STRUCT_MEMBER (gboolean, fields, member->offset) = flag;
  return TRUE;
}
