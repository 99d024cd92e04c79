/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <string.h>

#include "fuzz-target.h"
#include "quotes-alert-json.h"
#include "quotes-alert-members.h"
#include "quotes-json.h"

static gboolean
is_same_number (double a, double b)
{
  return (isnan (a) && isnan (b)) || (a >= b && a <= b);
}

/* What was read is written so that it reads as the same. */
static void
check_round_trip (const QuotesAlert *fields)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;
  QuotesAlert again = QUOTES_ALERT_INIT;
  const char *member = NULL;

  quotes_alert_append_json (fields, text);
  bytes = g_bytes_new_static (text->str, text->len);
  node = quotes_json_parse (bytes, G_MAXSIZE, &error);
  g_assert_no_error (error);
  g_assert_true (quotes_alert_read_json (quotes_json_get_object (node), &again, &member));
  g_assert_cmpint (again.kind, ==, fields->kind);
  g_assert_cmpstr (again.symbol, ==, fields->symbol);
  g_assert_cmpstr (again.provider, ==, fields->provider);
  g_assert_cmpstr (again.note, ==, fields->note);
  g_assert_true (is_same_number (again.level, fields->level));
  g_assert_true (is_same_number (again.percent, fields->percent));
  g_assert_true (is_same_number (again.hysteresis_percent, fields->hysteresis_percent));
  g_assert_cmpint (again.window_us, ==, fields->window_us);
  g_assert_cmpint (again.cooldown_us, ==, fields->cooldown_us);
  g_assert_cmpint (again.is_repeating, ==, fields->is_repeating);
  g_assert_cmpint (again.is_enabled, ==, fields->is_enabled);
}

static void
check_fields (const QuotesAlert *fields)
{
  g_assert_cmpint (fields->kind, <, QUOTES_N_ALERT_KINDS);
  g_assert_cmpint (fields->direction, <, QUOTES_N_ALERT_DIRECTIONS);
  g_assert_false (isinf (fields->level) || isinf (fields->percent));
  g_assert_true (isfinite (fields->hysteresis_percent));
  g_assert_cmpint (fields->window_us, >=, 0);
  g_assert_cmpint (fields->window_us, <=, QUOTES_ALERT_SECONDS_MAX * G_USEC_PER_SEC);
  g_assert_cmpint (fields->cooldown_us, >=, 0);
  g_assert_cmpint (fields->cooldown_us, <=, QUOTES_ALERT_SECONDS_MAX * G_USEC_PER_SEC);
  /* What only the service sets. */
  g_assert_null (fields->id);
  g_assert_cmpuint (fields->n_fired, ==, 0);
  g_assert_cmpint (fields->created_us, ==, 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (JsonNode) node = quotes_json_parse (bytes, 64 * 1024, NULL);
  JsonObject *object = quotes_json_get_object (node);
  QuotesAlert fields = QUOTES_ALERT_INIT;
  QuotesAlertPatch patch = {FALSE};
  const char *member = NULL;

  if (object == NULL)
    return 0;

  if (quotes_alert_read_json (object, &fields, &member))
    {
      g_assert_null (member);
      check_fields (&fields);
      check_round_trip (&fields);
    }
  if (quotes_alert_patch_read_json (object, &patch, &member))
    {
      g_assert_true (patch.has_enabled || patch.has_snooze);
      g_assert_cmpint (patch.snooze_us, >=, 0);
    }
  return 0;
}
