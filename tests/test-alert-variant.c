/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-variant.h"

#include <string.h>

#include "alert-maker.h"
#include "quotes-error.h"

#define MEMBERS                                                                                    \
  "'id': <'12'>, 'kind': <'move'>, 'symbol': <'^FTSE'>, 'percent': <2.5>, 'direction': <'down'>, " \
  "'window_s': <900>, 'repeat': <true>, 'cooldown_s': <60>, 'hysteresis_percent': <0.25>, "        \
  "'note': <'“Sell” <b>\\n'>, 'enabled': <true>, 'armed': <false>, "                           \
  "'snoozed_until': <int64 1700000003000000>, 'created': <int64 1700000001000000>, "               \
  "'last_fired': <int64 1700000002500000>, 'fired': <7>"

static GVariant *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *variant = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return variant;
}

static void
assert_variant (GVariant *variant, const char *expected)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (variant);
  g_autofree char *text = g_variant_print (owned, TRUE);

  g_assert_true (g_variant_is_of_type (owned, G_VARIANT_TYPE_VARDICT));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_members_are_those_of_the_json (void)
{
  g_autoptr (QuotesAlert) alert = make_whole_alert ();

  assert_variant (quotes_alert_to_variant (alert), "{" MEMBERS "}");
}

static void
test_what_fired_is_flat (void)
{
  g_autoptr (QuotesAlertFired) fired = make_whole_fired ();

  assert_variant (quotes_alert_fired_to_variant (fired),
                  "{" MEMBERS ", 'name': <'FTSE 100'>, 'price': <8000.25>, 'value': <-2.75>, "
                  "'currency': <'GBP'>, 'fired_at': <int64 1700000002500000>, 'missed': <true>}");
}

static void
test_an_alert_can_be_sent_back (void)
{
  g_autoptr (GVariant) variant = parse ("{" MEMBERS "}");
  QuotesAlert fields = {0};
  g_autoptr (GError) error = NULL;

  g_assert_true (quotes_alert_read_variant (variant, &fields, &error));
  g_assert_no_error (error);
  g_assert_cmpint (fields.kind, ==, QUOTES_ALERT_MOVE);
  g_assert_cmpstr (fields.symbol, ==, "^FTSE");
  g_assert_cmpfloat (fields.percent, ==, 2.5);
  g_assert_cmpint (fields.direction, ==, QUOTES_ALERT_DOWN);
  g_assert_cmpint (fields.window_us, ==, 900000000);
  g_assert_true (fields.is_repeating);
  g_assert_cmpstr (fields.note, ==, "“Sell” <b>\n");
  g_assert_null (fields.id);
  g_assert_cmpuint (fields.n_fired, ==, 0);
}

static void
test_what_cannot_be_is_named (void)
{
  static const struct
  {
    const char *text;
    const char *word;
  } rows[] = {
    {"@a{sv} {}", "kind"},
    {"{'kind': <1>}", "kind"},
    {"{'kind': <'over'>}", "kind"},
    {"{'kind': <'above'>, 'level': <'2400'>}", "level"},
    {"{'kind': <'above'>, 'level': <2400>}", "level"},
    {"{'kind': <'above'>, 'level': <inf>}", "level"},
    {"{'kind': <'above'>, 'level': <nan>}", "level"},
    {"{'kind': <'move'>, 'window_s': <int64 9>}", "window_s"},
    {"{'kind': <'move'>, 'window_s': <-9>}", "window_s"},
    {"{'kind': <'move'>, 'direction': <'sideways'>}", "direction"},
    {"{'kind': <'move'>, 'repeat': <'yes'>}", "repeat"},
    {"{'kind': <'move'>, 'note': <[<'deep'>]>}", "note"},
    {"{'kind': <'above'>, 'cooldown': <60>}", "cooldown"},
    {"{'kind': <'above'>, '': <60>}", "“”"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GVariant) variant = parse (rows[i].text);
      g_autoptr (GError) error = NULL;
      QuotesAlert fields = {0};

      g_test_message ("%s", rows[i].text);
      g_assert_false (quotes_alert_read_variant (variant, &fields, &error));
      g_assert_error (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, rows[i].word));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/alert-variant/members-are-those-of-the-json",
                   test_members_are_those_of_the_json);
  g_test_add_func ("/alert-variant/what-fired-is-flat", test_what_fired_is_flat);
  g_test_add_func ("/alert-variant/an-alert-can-be-sent-back", test_an_alert_can_be_sent_back);
  g_test_add_func ("/alert-variant/what-cannot-be-is-named", test_what_cannot_be_is_named);

  return g_test_run ();
}
