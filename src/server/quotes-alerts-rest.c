/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alerts-rest.h"

#include "quotes-alert-json.h"
#include "quotes-answer.h"
#include "quotes-error.h"
#include "quotes-json.h"
#include "quotes-problem.h"
#include "quotes-rest.h"

#define ALERTS "/api/v1/alerts"
#define STATUS_UNPROCESSABLE SOUP_STATUS_UNPROCESSABLE_ENTITY

static void
answer_alert (SoupServerMessage *message, guint status, const QuotesAlert *alert)
{
  GString *body = g_string_new (NULL);

  quotes_alert_append_json (alert, body);
  quotes_answer_take_json (message, status, body);
}

/* @member: (nullable): that is wrong; one of ours, never a word of the request */
static void
answer_member (SoupServerMessage *message, const char *member, const char *other)
{
  g_autofree char *detail =
    member != NULL ? g_strdup_printf ("Could not read the alert: %s cannot be that", member) : NULL;

  quotes_problem_explain (message, STATUS_UNPROCESSABLE, "invalid_alert",
                          detail != NULL ? detail : other);
}

static void
answer_error (SoupServerMessage *message, const GError *error)
{
  /* What the engine says is made of constants. */
  if (g_error_matches (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_ALERT))
    quotes_problem_explain (message, STATUS_UNPROCESSABLE, "invalid_alert", error->message);
  else
    quotes_rest_answer_error (message, (QuotesError) error->code);
}

/* Rule D5: an id is a number of ours. */
static void
set_location (SoupServerMessage *message, guint64 id)
{
  g_autofree char *location = g_strdup_printf (ALERTS "/%" G_GUINT64_FORMAT, id);

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location",
                                location);
}

void
quotes_alerts_rest_list (QuotesAlerts *alerts, SoupServerMessage *message)
{
  GPtrArray *list = quotes_alerts_get_list (alerts);
  GString *body = g_string_new ("{\"alerts\":[");

  for (guint i = 0; i < list->len; i++)
    {
      if (i > 0)
        g_string_append_c (body, ',');
      quotes_alert_append_json (g_ptr_array_index (list, i), body);
    }
  g_string_append (body, "]}");
  quotes_answer_take_json (message, SOUP_STATUS_OK, body);
}

void
quotes_alerts_rest_add (QuotesAlerts *alerts, SoupServerMessage *message)
{
  JsonObject *object = NULL;
  g_autoptr (JsonNode) node = quotes_rest_read_object (message, &object);
  g_autoptr (GError) error = NULL;
  QuotesAlert fields = QUOTES_ALERT_INIT;
  const QuotesAlert *alert = NULL;
  const char *member = NULL;

  if (node == NULL)
    return;
  if (!quotes_alert_read_json (object, &fields, &member))
    {
      answer_member (message, member, "Could not read the alert: a member is not known");
      return;
    }
  alert = quotes_alerts_add (alerts, &fields, &error);
  if (alert == NULL)
    {
      answer_error (message, error);
      return;
    }

  answer_alert (message, SOUP_STATUS_CREATED, alert);
  set_location (message, g_ascii_strtoull (alert->id, NULL, 10));
}

/* Both or neither: what can fail comes first, and an alert that is there can be switched. */
static gboolean
apply (QuotesAlerts *alerts, const char *id, const QuotesAlertPatch *patch, GError **error)
{
  if (patch->has_snooze && !quotes_alerts_snooze (alerts, id, patch->snooze_us, error))
    return FALSE;
  return !patch->has_enabled || quotes_alerts_set_enabled (alerts, id, patch->is_enabled, error);
}

void
quotes_alerts_rest_change (QuotesAlerts *alerts, SoupServerMessage *message, const char *id)
{
  JsonObject *object = NULL;
  g_autoptr (JsonNode) node = quotes_rest_read_object (message, &object);
  g_autoptr (GError) error = NULL;
  QuotesAlertPatch patch = {FALSE};
  const char *member = NULL;

  if (node == NULL)
    return;
  if (!quotes_alert_patch_read_json (object, &patch, &member))
    answer_member (message, member,
                   "Could not change the alert: say enabled, snooze_s, and nothing else");
  else if (!apply (alerts, id, &patch, &error))
    answer_error (message, error);
  else
    answer_alert (message, SOUP_STATUS_OK, quotes_alerts_lookup (alerts, id));
}

void
quotes_alerts_rest_remove (QuotesAlerts *alerts, SoupServerMessage *message, const char *id)
{
  g_autoptr (GError) error = NULL;
  GString *body = NULL;

  if (!quotes_alerts_remove (alerts, id, &error))
    {
      answer_error (message, error);
      return;
    }

  body = g_string_new ("{\"id\":");
  quotes_json_append_string (body, id);
  g_string_append_c (body, '}');
  quotes_answer_take_json (message, SOUP_STATUS_OK, body);
}
