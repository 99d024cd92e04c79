/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-text.h"

#include <locale.h>
#include <string.h>

#define MINUTE_US (60 * (gint64) G_USEC_PER_SEC)
#define USUAL "Gold"

/* Without the marks that keep a direction, which the eye does not see. */
static char *
dup_visible (char *text)
{
  g_autofree char *owned = text;
  g_auto (GStrv) begun = g_strsplit (owned, "\u2068", -1);
  g_autofree char *joined = g_strjoinv ("", begun);
  g_auto (GStrv) ended = g_strsplit (joined, "\u2069", -1);

  return g_strjoinv ("", ended);
}

static QuotesAlertFired *
make_fired (const QuotesAlert *fields, double value, const char *name, const char *currency)
{
  g_autoptr (QuotesAlert) alert = quotes_alert_new (fields);

  return quotes_alert_fired_new (&(QuotesAlertFired){
    .alert = alert,
    .price = fields->kind == QUOTES_ALERT_PROVIDER ? (double) NAN : 2401.5,
    .value = value,
    .currency = currency,
    .name = name,
    .decimals = 2,
  });
}

static void
assert_texts (const QuotesAlert *fields, double value, const char *title, const char *body)
{
  g_autoptr (QuotesAlertFired) fired = make_fired (fields, value, USUAL, "USD");
  g_autofree char *got_title = dup_visible (quotes_alert_fired_dup_title (fired));
  g_autofree char *got_body = dup_visible (quotes_alert_fired_dup_body (fired));

  g_assert_cmpstr (got_title, ==, title);
  g_assert_cmpstr (got_body, ==, body);
}

static QuotesAlert
make_fields (QuotesAlertKind kind)
{
  QuotesAlert fields = QUOTES_ALERT_INIT;

  fields.id = "1";
  fields.kind = kind;
  fields.symbol = "XAU";
  return fields;
}

static void
test_each_kind_says_what_happened (void)
{
  QuotesAlert fields = make_fields (QUOTES_ALERT_ABOVE);

  fields.level = 2400;
  assert_texts (&fields, 2401.5, "Gold is above 2400.00 USD", "Price: 2401.50 USD");
  fields.kind = QUOTES_ALERT_BELOW;
  /* As exactly as it was said. */
  fields.level = 2400.1255;
  fields.note = "Sell it";
  assert_texts (&fields, 2400, "Gold is below 2400.1255 USD", "Price: 2401.50 USD\nSell it");

  fields = make_fields (QUOTES_ALERT_MOVE);
  fields.window_us = 15 * MINUTE_US;
  assert_texts (&fields, 2.5, "Gold rose by 2.50% within 15 minutes", "Price: 2401.50 USD");
  fields.window_us = 24 * 60 * MINUTE_US;
  assert_texts (&fields, -2.5, "Gold fell by 2.50% within 1 day", "Price: 2401.50 USD");
  fields.kind = QUOTES_ALERT_CHANGE;
  assert_texts (&fields, 10, "Gold is up 10.00%", "Price: 2401.50 USD");
  assert_texts (&fields, -0.126, "Gold is down 0.13%", "Price: 2401.50 USD");
  fields.kind = QUOTES_ALERT_STALE;
  assert_texts (&fields, 300, "The price of Gold is out of date", "Price: 2401.50 USD");
  fields.kind = QUOTES_ALERT_PROVIDER;
  assert_texts (&fields, 3600, "Gold has given no prices for 1 hour", "");
  assert_texts (&fields, 90, "Gold has given no prices for 90 seconds", "");
}

static void
test_nothing_from_outside_is_markup (void)
{
  QuotesAlert fields = make_fields (QUOTES_ALERT_STALE);
  g_autoptr (QuotesAlertFired) fired = NULL;
  g_autofree char *title = NULL;
  g_autofree char *body = NULL;

  fields.note = "<img src='http://example.org/'>\r\n\u202eabc\u2067 AT&T";
  fired = make_fired (&fields, 1, "<b>Gold\n</b>", "<i>");
  title = dup_visible (quotes_alert_fired_dup_title (fired));
  body = dup_visible (quotes_alert_fired_dup_body (fired));
  g_assert_cmpstr (title, ==, "The price of ‹b›Gold ‹/b› is out of date");
  g_assert_cmpstr (body, ==, "Price: 2401.50 ‹i›\n‹img src='http://example.org/'›  abc AT&T");
}

static void
test_what_is_unknown_is_left_out (void)
{
  QuotesAlert fields = make_fields (QUOTES_ALERT_ABOVE);
  g_autoptr (QuotesAlertFired) fired = NULL;
  g_autofree char *title = NULL;

  fields.level = 1e300;
  fired = make_fired (&fields, 1, NULL, NULL);
  title = dup_visible (quotes_alert_fired_dup_title (fired));
  g_assert_true (g_str_has_prefix (title, "XAU is above 1000"));
}

static void
test_a_digest_lists_five_and_counts_the_rest (void)
{
  g_autoptr (GPtrArray) all =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_alert_fired_unref);
  QuotesAlert fields = make_fields (QUOTES_ALERT_STALE);
  g_autofree char *five = NULL;
  g_autofree char *eight = NULL;

  for (guint i = 1; i <= 8; i++)
    {
      g_autofree char *name = g_strdup_printf ("N%u", i);

      g_ptr_array_add (all, make_fired (&fields, 1, name, NULL));
      if (i == 5)
        five = dup_visible (quotes_alerts_fired_dup_body (all));
    }
  eight = dup_visible (quotes_alerts_fired_dup_body (all));
  g_assert_cmpstr (five, ==,
                   "The price of N1 is out of date\nThe price of N2 is out of date\n"
                   "The price of N3 is out of date\nThe price of N4 is out of date\n"
                   "The price of N5 is out of date");
  g_assert_true (g_str_has_prefix (eight, five));
  g_assert_cmpstr (eight + strlen (five), ==, "\nand 3 more");
}

/* Every name and every number is held together, so that an Arabic sentence does not take them
 * apart. */
static void
test_directions_are_kept (void)
{
  QuotesAlert fields = make_fields (QUOTES_ALERT_ABOVE);
  g_autoptr (QuotesAlertFired) fired = NULL;
  g_autofree char *title = NULL;

  fields.level = 7;
  fired = make_fired (&fields, 1, "Gold", "USD");
  title = quotes_alert_fired_dup_title (fired);
  g_assert_cmpstr (title, ==, "\u2068Gold\u2069 is above \u20687.00 USD\u2069");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_nonnull (setlocale (LC_ALL, "C.UTF-8"));

  g_test_add_func ("/alert-text/each-kind-says-what-happened", test_each_kind_says_what_happened);
  g_test_add_func ("/alert-text/nothing-from-outside-is-markup",
                   test_nothing_from_outside_is_markup);
  g_test_add_func ("/alert-text/what-is-unknown-is-left-out", test_what_is_unknown_is_left_out);
  g_test_add_func ("/alert-text/a-digest-lists-five-and-counts-the-rest",
                   test_a_digest_lists_five_and_counts_the_rest);
  g_test_add_func ("/alert-text/directions-are-kept", test_directions_are_kept);

  return g_test_run ();
}
