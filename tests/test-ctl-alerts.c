/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "quote-maker.h"
#include "quotes-alert-argument.h"
#include "quotes-alert-format.h"
#include "quotes-json.h"
#include "test-locale.h"

#define DAY_US G_GINT64_CONSTANT (86400000000)

static const QuotesPalette bare = {FALSE, FALSE};

static void
test_forms (void)
{
  static const struct
  {
    const char *words[5];
    QuotesAlertOptions options;
    const char *condition;
  } rows[] = {
    {{"XAU", "above", "2400.5"}, {0}, "XAU rises to 2400.50 USD"},
    {{"XAU", "below", "\u22125"}, {0}, "XAU falls to \u22125.00 USD"},
    {{"BTC", "below", "-5"}, {0}, "BTC falls to \u22125.00"},
    {{"XAU", "move", "1.5"}, {.within = "15m"}, "XAU moves by 1.5% within 15 min"},
    {{"XAU", "move", "2%"}, {.within = "90s", .direction = "up"}, "XAU rises by 2% within 90 s"},
    {{"XAU", "move", "2"}, {.within = "1w", .direction = "down"}, "XAU falls by 2% within 7 d"},
    {{"XAU", "change", "0.25"}, {0}, "XAU is 0.25% away from its previous close"},
    {{"XAU", "change", "3"}, {.direction = "up"}, "XAU is 3% above its previous close"},
    {{"XAU", "change", "3"}, {.direction = "down"}, "XAU is 3% below its previous close"},
    {{"XAU", "change", "3"}, {.direction = "either"}, "XAU is 3% away from its previous close"},
    {{"XAU", "stale"}, {0}, "XAU becomes stale"},
    {{"yahoo", "failing"}, {.how_long = "2h"}, "yahoo fails for 2 h"},
  };
  const QuotesQuote gold = maker_get_fields ("XAU", "Gold");
  g_autoptr (QuotesSnapshot) list = maker_snapshot (&gold);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      QuotesAlert fields = {0};
      g_autofree char *condition = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (quotes_alert_argument_read (rows[i].words, &rows[i].options, &fields, &error));
      g_assert_no_error (error);
      condition = quotes_alert_format_condition (&fields, list);
      g_assert_cmpstr (condition, ==, rows[i].condition);
      g_assert_false (fields.is_repeating);
      g_assert_true (fields.is_enabled);
      g_assert_null (fields.id);
    }
}

static void
test_options (void)
{
  static const char *const words[] = {"XAU", "above", "1", NULL};
  const QuotesAlertOptions options = {
    .is_repeating = TRUE,
    .cooldown = "2h",
    .hysteresis = "0",
    .note = "my note",
  };
  QuotesAlert fields = {0};

  g_assert_true (quotes_alert_argument_read (words, &options, &fields, NULL));
  g_assert_true (fields.is_repeating);
  g_assert_cmpint (fields.cooldown_us, ==, DAY_US / 12);
  g_assert_cmpfloat (fields.hysteresis_percent, ==, 0);
  g_assert_cmpstr (fields.note, ==, "my note");
}

static void
test_wrong_words (void)
{
  static const struct
  {
    const char *words[5];
    QuotesAlertOptions options;
    const char *says;
  } rows[] = {
    {{NULL}, {0}, "alert add XAU above 2400.50"},
    {{"XAU"}, {0}, "alert add XAU above 2400.50"},
    {{"XAU", "over", "1"}, {0}, "“over”"},
    {{"XAU", "above"}, {0}, "at which level"},
    {{"XAU", "above", "1,5"}, {0}, "with a point: “1,5”"},
    {{"XAU", "above", "1", "2"}, {0}, "“2”"},
    {{"XAU", "stale", "1"}, {0}, "“1”"},
    {{"XAU", "move", "1"}, {0}, "--within 15m"},
    {{"XAU", "move"}, {.within = "15m"}, "how many percent"},
    {{"XAU", "move", "-1"}, {.within = "15m"}, "“-1”"},
    {{"XAU", "move", "1"}, {.within = "15"}, "not a duration"},
    {{"XAU", "move", "1"}, {.within = "15m", .how_long = "1h"}, "--for"},
    {{"XAU", "change", "1"}, {.within = "15m"}, "--within"},
    {{"XAU", "change", "1"}, {.direction = "left"}, "up, down or either"},
    {{"XAU", "above", "1"}, {.direction = "up"}, "--direction"},
    {{"XAU", "above", "1"}, {.cooldown = "1h"}, "--repeat"},
    {{"XAU", "above", "1"}, {.cooldown = "soon", .is_repeating = TRUE}, "“soon”"},
    {{"XAU", "above", "1"}, {.hysteresis = "-1"}, "“-1”"},
    {{"XAU", "stale"}, {.hysteresis = "1"}, "--hysteresis"},
    {{"yahoo", "failing"}, {0}, "--for 10m"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      QuotesAlert fields = {0};
      g_autoptr (GError) error = NULL;

      g_assert_false (
        quotes_alert_argument_read (rows[i].words, &rows[i].options, &fields, &error));
      g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, rows[i].says));
    }
}

static void
test_snoozes (void)
{
  const QuotesAlertOptions none = {0};
  const QuotesAlertOptions day = {.how_long = "1d"};
  const QuotesAlertOptions wake = {.how_long = "0"};
  const QuotesAlertOptions wrong = {.how_long = "0m"};
  gint64 duration_us = -1;

  g_assert_true (quotes_alert_argument_read_snooze (&none, &duration_us, NULL));
  g_assert_cmpint (duration_us, ==, DAY_US / 24);
  g_assert_true (quotes_alert_argument_read_snooze (&day, &duration_us, NULL));
  g_assert_cmpint (duration_us, ==, DAY_US);
  g_assert_true (quotes_alert_argument_read_snooze (&wake, &duration_us, NULL));
  g_assert_cmpint (duration_us, ==, 0);
  g_assert_false (quotes_alert_argument_read_snooze (&wrong, &duration_us, NULL));
}

/* One of each state. */
static GPtrArray *
make_alerts (void)
{
  GPtrArray *alerts = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_alert_unref);
  QuotesAlert fields = QUOTES_ALERT_INIT;

  fields.id = "1";
  fields.symbol = "XAU";
  fields.level = 2400;
  fields.is_armed = TRUE;
  g_ptr_array_add (alerts, quotes_alert_new (&fields));
  fields.id = "2";
  fields.is_repeating = TRUE;
  fields.note = "a\033[31m\nnote";
  g_ptr_array_add (alerts, quotes_alert_new (&fields));
  fields.id = "3";
  fields.is_armed = FALSE;
  fields.fired_us = MAKER_TIME_US;
  fields.n_fired = 2;
  g_ptr_array_add (alerts, quotes_alert_new (&fields));
  fields.id = "4";
  fields.snoozed_until_us = MAKER_TIME_US + DAY_US;
  g_ptr_array_add (alerts, quotes_alert_new (&fields));
  fields.id = "10";
  fields.is_enabled = FALSE;
  g_ptr_array_add (alerts, quotes_alert_new (&fields));
  return alerts;
}

static void
test_table (void)
{
  const QuotesQuote gold = maker_get_fields ("XAU", "Gold");
  g_autoptr (QuotesSnapshot) list = maker_snapshot (&gold);
  g_autoptr (GPtrArray) alerts = make_alerts ();
  g_autoptr (QuotesTable) table = quotes_alert_format_new_table (alerts, list, MAKER_TIME_US);
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;

  quotes_table_fit (table, QUOTES_TABLE_ANY_WIDTH);
  quotes_table_append_all (table, bare, out);
  g_test_message ("\n%s", out->str);
  lines = g_strsplit (out->str, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 7);
  g_assert_nonnull (strstr (lines[0], "Alert  Waits until"));
  g_assert_nonnull (strstr (lines[1], "    1  XAU rises to 2400.00 USD  on  "));
  g_assert_nonnull (strstr (lines[2], "on, repeats"));
  g_assert_nonnull (strstr (lines[3], "on, waits for a step back"));
  g_assert_nonnull (strstr (lines[3], "02/17/26"));
  g_assert_nonnull (strstr (lines[4], "snoozed until 02/18/26"));
  g_assert_nonnull (strstr (lines[5], "   10  XAU"));
  g_assert_nonnull (strstr (lines[5], "off, has fired"));
  g_assert_null (strchr (out->str, '\033'));

  /* What is left when room is short. */
  g_string_truncate (out, 0);
  g_assert_cmpuint (quotes_table_fit (table, 34), <=, 34);
  quotes_table_append_all (table, bare, out);
  g_assert_nonnull (strstr (out->str, "Waits until"));
  g_assert_null (strstr (out->str, "Note"));
}

static void
test_json (void)
{
  g_autoptr (GPtrArray) alerts = make_alerts ();
  g_autoptr (GString) out = g_string_new (NULL);
  TestLocale locale = {0};

  g_ptr_array_remove_range (alerts, 0, 3);
  g_ptr_array_set_size (alerts, 1);
  if (test_locale_begin (&locale, "de_DE"))
    quotes_alert_format_append_json (alerts, out);
  test_locale_end (&locale);
  if (out->len > 0)
    g_assert_cmpstr (
      out->str, ==,
      "{\"alerts\":[{\"id\":\"4\",\"kind\":\"above\",\"symbol\":\"XAU\",\"provider\":null,"
      "\"level\":2400,\"percent\":null,\"direction\":null,\"window_s\":0,\"repeat\":true,"
      "\"cooldown_s\":3600,\"hysteresis_percent\":0.1,\"note\":\"a\\u001b[31m\\nnote\","
      "\"enabled\":true,\"armed\":false,\"snoozed_until\":\"2026-02-18T09:30:00+00:00\","
      "\"created\":null,\"last_fired\":\"2026-02-17T09:30:00+00:00\",\"fired\":2}]}\n");
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add_func ("/ctl-alerts/" name, func)
  ADD ("every-kind-can-be-typed", test_forms);
  ADD ("options-are-taken", test_options);
  ADD ("wrong-words-are-named", test_wrong_words);
  ADD ("a-snooze-is-an-hour", test_snoozes);
  ADD ("the-table-has-all-states", test_table);
  ADD ("json-is-the-rest-answer", test_json);
#undef ADD

  return g_test_run ();
}
