/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-json.h"

#include <string.h>

#include "alert-maker.h"
#include "quotes-json.h"

#define WHOLE                                                                                      \
  "{\"id\":\"12\",\"kind\":\"move\",\"symbol\":\"^FTSE\",\"provider\":null,\"level\":null,"        \
  "\"percent\":2.5,\"direction\":\"down\",\"window_s\":900,\"repeat\":true,\"cooldown_s\":60,"     \
  "\"hysteresis_percent\":0.25,\"note\":\"“Sell” <b>\\n\",\"enabled\":true,\"armed\":false,"   \
  "\"snoozed_until\":\"2023-11-14T22:13:23+00:00\",\"created\":\"2023-11-14T22:13:21+00:00\","     \
  "\"last_fired\":\"2023-11-14T22:13:22.500000+00:00\",\"fired\":7}"

static JsonNode *
parse (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  JsonNode *node = quotes_json_parse (bytes, 1 << 16, &error);

  g_assert_no_error (error);
  g_assert_nonnull (quotes_json_get_object (node));
  return node;
}

static void
test_every_member_is_written (void)
{
  g_autoptr (QuotesAlert) alert = make_whole_alert ();
  g_autoptr (GString) text = g_string_new (NULL);

  quotes_alert_append_json (alert, text);
  g_assert_cmpstr (text->str, ==, WHOLE);
}

static void
test_what_fired_is_written (void)
{
  g_autoptr (QuotesAlertFired) fired = make_whole_fired ();
  g_autoptr (GString) text = g_string_new (NULL);

  quotes_alert_fired_append_json (fired, text);
  g_assert_cmpstr (text->str, ==,
                   "{\"alert\":" WHOLE ",\"name\":\"FTSE 100\",\"price\":8000.25,\"value\":-2.75,"
                   "\"currency\":\"GBP\",\"fired_at\":\"2023-11-14T22:13:22.500000+00:00\","
                   "\"missed\":true}");
}

static void
test_what_is_unknown_is_null (void)
{
  QuotesAlert fields = QUOTES_ALERT_INIT;
  g_autoptr (GString) text = g_string_new (NULL);

  fields.id = "1";
  fields.level = 1.5;
  fields.symbol = "BTC";
  quotes_alert_append_json (&fields, text);
  g_assert_nonnull (strstr (text->str, "\"level\":1.5,\"percent\":null,\"direction\":null,"));
  g_assert_nonnull (strstr (text->str, "\"snoozed_until\":null,"));
  g_assert_nonnull (strstr (text->str, "\"last_fired\":null,"));
}

/* What the service sets stays as it was before anything was said. */
static void
test_an_alert_can_be_sent_back (void)
{
  g_autoptr (JsonNode) node = parse (WHOLE);
  QuotesAlert fields = QUOTES_ALERT_INIT;
  const char *member = NULL;

  g_assert_true (quotes_alert_read_json (quotes_json_get_object (node), &fields, &member));
  g_assert_null (member);
  g_assert_cmpint (fields.kind, ==, QUOTES_ALERT_MOVE);
  g_assert_cmpstr (fields.symbol, ==, "^FTSE");
  g_assert_null (fields.provider);
  g_assert_true (isnan (fields.level));
  g_assert_cmpfloat (fields.percent, ==, 2.5);
  g_assert_cmpint (fields.direction, ==, QUOTES_ALERT_DOWN);
  g_assert_cmpint (fields.window_us, ==, 900000000);
  g_assert_true (fields.is_repeating);
  g_assert_cmpint (fields.cooldown_us, ==, 60000000);
  g_assert_cmpfloat (fields.hysteresis_percent, ==, 0.25);
  g_assert_cmpstr (fields.note, ==, "“Sell” <b>\n");
  g_assert_true (fields.is_enabled);
  g_assert_null (fields.id);
  g_assert_cmpint (fields.created_us, ==, 0);
  g_assert_cmpint (fields.snoozed_until_us, ==, 0);
  g_assert_cmpuint (fields.n_fired, ==, 0);
}

static void
test_what_is_not_said_is_usual (void)
{
  const QuotesAlert usual = QUOTES_ALERT_INIT;
  g_autoptr (JsonNode) node =
    parse ("{\"kind\":\"above\",\"symbol\":\"BTC\",\"level\":7,\"cooldown_s\":null}");
  QuotesAlert fields = {0};
  const char *member = NULL;

  g_assert_true (quotes_alert_read_json (quotes_json_get_object (node), &fields, &member));
  g_assert_cmpfloat (fields.level, ==, 7);
  g_assert_cmpint (fields.cooldown_us, ==, usual.cooldown_us);
  g_assert_cmpfloat (fields.hysteresis_percent, ==, usual.hysteresis_percent);
  g_assert_true (fields.is_enabled);
  g_assert_false (fields.is_repeating);
}

static void
test_other_types_are_refused_by_name (void)
{
  static const struct
  {
    const char *text;
    const char *member;
  } rows[] = {
    {"{}", "kind"},
    {"{\"kind\":null}", "kind"},
    {"{\"kind\":1}", "kind"},
    {"{\"kind\":\"Above\"}", "kind"},
    {"{\"kind\":\"above\",\"level\":\"2400\"}", "level"},
    {"{\"kind\":\"above\",\"level\":true}", "level"},
    {"{\"kind\":\"above\",\"level\":1e400}", "level"},
    {"{\"kind\":\"above\",\"symbol\":7}", "symbol"},
    {"{\"kind\":\"move\",\"percent\":[1]}", "percent"},
    {"{\"kind\":\"move\",\"direction\":\"sideways\"}", "direction"},
    {"{\"kind\":\"move\",\"window_s\":1.5}", "window_s"},
    {"{\"kind\":\"move\",\"window_s\":-1}", "window_s"},
    {"{\"kind\":\"move\",\"window_s\":9223372036854775807}", "window_s"},
    {"{\"kind\":\"move\",\"window_s\":\"15m\"}", "window_s"},
    {"{\"kind\":\"above\",\"repeat\":1}", "repeat"},
    {"{\"kind\":\"above\",\"enabled\":\"yes\"}", "enabled"},
    {"{\"kind\":\"above\",\"note\":{}}", "note"},
    {"{\"kind\":\"provider\",\"provider\":false}", "provider"},
    {"{\"kind\":\"above\",\"Level\":2400}", NULL},
    {"{\"kind\":\"above\",\"cooldown\":60}", NULL},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (JsonNode) node = parse (rows[i].text);
      QuotesAlert fields = {0};
      const char *member = "something";

      g_test_message ("%s", rows[i].text);
      g_assert_false (quotes_alert_read_json (quotes_json_get_object (node), &fields, &member));
      g_assert_cmpstr (member, ==, rows[i].member);
    }
}

static void
test_a_patch_says_what_changes (void)
{
  static const struct
  {
    const char *text;
    gboolean is_good;
    const char *member;
    QuotesAlertPatch patch;
  } rows[] = {
    {"{\"enabled\":false}", TRUE, NULL, {.has_enabled = TRUE}},
    {"{\"enabled\":true}", TRUE, NULL, {.has_enabled = TRUE, .is_enabled = TRUE}},
    {"{\"snooze_s\":60}", TRUE, NULL, {.has_snooze = TRUE, .snooze_us = 60000000}},
    {"{\"snooze_s\":0}", TRUE, NULL, {.has_snooze = TRUE}},
    {"{\"snooze_s\":1,\"enabled\":true}",
     TRUE,
     NULL,
     {.has_enabled = TRUE, .is_enabled = TRUE, .has_snooze = TRUE, .snooze_us = 1000000}},
    {"{}", FALSE, NULL, {FALSE}},
    {"{\"level\":1}", FALSE, NULL, {FALSE}},
    {"{\"enabled\":true,\"level\":1}", FALSE, NULL, {FALSE}},
    {"{\"enabled\":null}", FALSE, "enabled", {FALSE}},
    {"{\"enabled\":0}", FALSE, "enabled", {FALSE}},
    {"{\"snooze_s\":\"1h\"}", FALSE, "snooze_s", {FALSE}},
    {"{\"snooze_s\":-1}", FALSE, "snooze_s", {FALSE}},
    {"{\"snooze_s\":0.5}", FALSE, "snooze_s", {FALSE}},
    {"{\"snooze_s\":999999999999}", FALSE, "snooze_s", {FALSE}},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (JsonNode) node = parse (rows[i].text);
      QuotesAlertPatch patch = {FALSE};
      const char *member = NULL;

      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (
        quotes_alert_patch_read_json (quotes_json_get_object (node), &patch, &member), ==,
        rows[i].is_good);
      g_assert_cmpstr (member, ==, rows[i].member);
      if (!rows[i].is_good)
        continue;
      g_assert_cmpint (patch.has_enabled, ==, rows[i].patch.has_enabled);
      g_assert_cmpint (patch.is_enabled, ==, rows[i].patch.is_enabled);
      g_assert_cmpint (patch.has_snooze, ==, rows[i].patch.has_snooze);
      g_assert_cmpint (patch.snooze_us, ==, rows[i].patch.snooze_us);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/alert-json/every-member-is-written", test_every_member_is_written);
  g_test_add_func ("/alert-json/what-fired-is-written", test_what_fired_is_written);
  g_test_add_func ("/alert-json/what-is-unknown-is-null", test_what_is_unknown_is_null);
  g_test_add_func ("/alert-json/an-alert-can-be-sent-back", test_an_alert_can_be_sent_back);
  g_test_add_func ("/alert-json/what-is-not-said-is-usual", test_what_is_not_said_is_usual);
  g_test_add_func ("/alert-json/other-types-are-refused-by-name",
                   test_other_types_are_refused_by_name);
  g_test_add_func ("/alert-json/a-patch-says-what-changes", test_a_patch_says_what_changes);

  return g_test_run ();
}
