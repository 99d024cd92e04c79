/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-json.h"

#include "quotes-alert-members.h"
#include "quotes-json.h"
#include "quotes-quote-json.h"

static void
append_member (const QuotesAlertMember *member, const QuotesAlert *alert, GString *text)
{
  switch (member->type)
    {
    case QUOTES_ALERT_MEMBER_NUMBER:
      quotes_json_append_number (text, quotes_alert_member_get_number (member, alert));
      break;
    case QUOTES_ALERT_MEMBER_FLAG:
      g_string_append (text, quotes_alert_member_get_flag (member, alert) ? "true" : "false");
      break;
    case QUOTES_ALERT_MEMBER_TIME:
      quotes_json_append_time (text, quotes_alert_member_get_int (member, alert));
      break;
    case QUOTES_ALERT_MEMBER_DURATION:
    case QUOTES_ALERT_MEMBER_COUNT:
      g_string_append_printf (text, "%" G_GINT64_FORMAT,
                              quotes_alert_member_get_int (member, alert));
      break;
    case QUOTES_ALERT_MEMBER_TEXT:
    case QUOTES_ALERT_MEMBER_KIND:
    case QUOTES_ALERT_MEMBER_DIRECTION:
    default:
      quotes_json_append_string (text, quotes_alert_member_get_text (member, alert));
      break;
    }
}

/* Writes one object, every member always, on one line. */
void
quotes_alert_append_json (const QuotesAlert *self, GString *text)
{
  guint n_members = 0;
  const QuotesAlertMember *members = quotes_alert_members_get (&n_members);

  for (guint i = 0; i < n_members; i++)
    {
      g_string_append_printf (text, "%c\"%s\":", i == 0 ? '{' : ',', members[i].name);
      append_member (&members[i], self, text);
    }
  g_string_append_c (text, '}');
}

/* Writes the data of the event `alerts.fired`. */
void
quotes_alert_fired_append_json (const QuotesAlertFired *self, GString *text)
{
  g_string_append (text, "{\"alert\":");
  quotes_alert_append_json (self->alert, text);
  g_string_append (text, ",\"name\":");
  quotes_json_append_string (text, self->name);
  g_string_append (text, ",\"price\":");
  quotes_json_append_number (text, self->price);
  g_string_append (text, ",\"value\":");
  quotes_json_append_number (text, self->value);
  g_string_append (text, ",\"currency\":");
  quotes_json_append_string (text, self->currency);
  g_string_append (text, ",\"fired_at\":");
  quotes_json_append_time (text, self->fired_us);
  g_string_append_printf (text, ",\"missed\":%s}", self->is_missed ? "true" : "false");
}

static gboolean
read_member (JsonObject *object, const QuotesAlertMember *member, QuotesAlert *fields)
{
  const char *name = member->name;
  const char *text = NULL;
  gint64 seconds = 0;
  gboolean flag = FALSE;

  switch ((int) member->type)
    {
    case QUOTES_ALERT_MEMBER_NUMBER:
      return quotes_alert_member_set_number (member, fields,
                                             quotes_json_object_get_number (object, name));
    case QUOTES_ALERT_MEMBER_DURATION:
      return quotes_json_object_get_int (object, name, &seconds) &&
             quotes_alert_member_set_seconds (member, fields, seconds);
    case QUOTES_ALERT_MEMBER_FLAG:
      return quotes_json_object_get_boolean (object, name, &flag) &&
             quotes_alert_member_set_flag (member, fields, flag);
    default:
      text = quotes_json_object_get_string (object, name);
      return text != NULL && quotes_alert_member_set_text (member, fields, text);
    }
}

/**
 * quotes_alert_read_json:
 * @object: from outside
 * @fields: (out): what it says, over %QUOTES_ALERT_INIT; its texts live as long as @object
 * @member: (out) (nullable) (transfer none): after a failure the member that cannot be what it is;
 *   %NULL = there is one that no alert has
 *
 * A member that is null is as if it were not there. What only the service sets is ignored, so that
 * an alert can be sent back as it was read; but a member that is not known is refused, because a
 * misspelt one would silently be another alert than the user meant.
 *
 * Returns: whether it can be an alert; whether it makes sense the engine decides
 */
gboolean
quotes_alert_read_json (JsonObject *object, QuotesAlert *fields, const char **member)
{
  JsonObjectIter iter;
  const char *name = NULL;
  JsonNode *node = NULL;
  gboolean has_kind = FALSE;

  *fields = (QuotesAlert) QUOTES_ALERT_INIT;
  *member = NULL;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    {
      const QuotesAlertMember *known = quotes_alert_members_find (name);

      if (known == NULL)
        return FALSE;
      if (!known->is_settable || JSON_NODE_HOLDS_NULL (node))
        continue;
      *member = known->name;
      if (!read_member (object, known, fields))
        return FALSE;
      has_kind = has_kind || known->type == QUOTES_ALERT_MEMBER_KIND;
      *member = NULL;
    }

  *member = has_kind ? NULL : "kind";
  return has_kind;
}

/**
 * quotes_alert_patch_read_json:
 * @object: from outside
 * @patch: (out): what it says
 * @member: (out) (nullable) (transfer none): after a failure the member that cannot be what it is;
 *   %NULL = there is nothing that could be changed, or something that cannot
 */
gboolean
quotes_alert_patch_read_json (JsonObject *object, QuotesAlertPatch *patch, const char **member)
{
  gint64 seconds = 0;
  guint n_known = 0;

  *patch = (QuotesAlertPatch){FALSE};
  *member = NULL;
  patch->has_enabled = json_object_has_member (object, "enabled");
  patch->has_snooze = json_object_has_member (object, "snooze_s");
  n_known = (patch->has_enabled ? 1 : 0) + (patch->has_snooze ? 1 : 0);
  if (n_known == 0 || n_known != json_object_get_size (object))
    return FALSE;

  if (patch->has_enabled && !quotes_json_object_get_boolean (object, "enabled", &patch->is_enabled))
    {
      *member = "enabled";
      return FALSE;
    }
  if (patch->has_snooze && (!quotes_json_object_get_int (object, "snooze_s", &seconds) ||
                            seconds < 0 || seconds > QUOTES_ALERT_SECONDS_MAX))
    {
      *member = "snooze_s";
      return FALSE;
    }
  patch->snooze_us = seconds * G_USEC_PER_SEC;
  return TRUE;
}
