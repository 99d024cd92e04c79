/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "alert-fixture.h"
#include "quotes-error.h"

typedef AlertFixture Fixture;

static void
test_fires_when_the_price_passes (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  alert_fixture_take (fixture, 99.99);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  alert_fixture_take (fixture, 100);

  g_assert_cmpuint (fixture->n_fired, ==, 1);
  g_assert_cmpfloat (fixture->last->value, ==, 100);
  g_assert_cmpfloat (fixture->last->price, ==, 100);
  g_assert_cmpstr (fixture->last->currency, ==, "USD");
  g_assert_cmpuint (fixture->last->alert->n_fired, ==, 1);
  g_assert_false (fixture->last->is_missed);
}

static void
test_below_is_the_other_way (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){BELOW (90)});
  alert_fixture_take (fixture, 120);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  alert_fixture_take (fixture, 80);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
}

static void
test_what_is_so_already_does_not_fire (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  QuotesAlert *alert = NULL;

  alert_fixture_take (fixture, 101);
  alert = alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  g_assert_false (alert->is_armed);
  alert_fixture_take (fixture, 102);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  alert_fixture_take (fixture, 99);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
}

static void
test_once_is_once (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  QuotesAlert *alert = NULL;

  alert_fixture_take (fixture, 99);
  alert = alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  alert_fixture_take (fixture, 101);
  alert_fixture_take (fixture, 99);
  alert_fixture_take (fixture, 101);

  g_assert_cmpuint (fixture->n_fired, ==, 1);
  alert = g_ptr_array_index (quotes_alerts_get_list (fixture->alerts), 0);
  g_assert_false (alert->is_enabled);
  g_assert_cmpuint (alert->n_fired, ==, 1);
}

static void
test_unknown_ids_are_errors (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (quotes_alerts_remove (fixture->alerts, "1", &error));
  g_assert_error (error, QUOTES_ERROR, QUOTES_ERROR_UNKNOWN_ALERT);
  g_clear_error (&error);
  g_assert_false (quotes_alerts_set_enabled (fixture->alerts, "1", TRUE, &error));
  g_assert_error (error, QUOTES_ERROR, QUOTES_ERROR_UNKNOWN_ALERT);
  g_clear_error (&error);
  g_assert_false (quotes_alerts_snooze (fixture->alerts, "1", 0, &error));
  g_assert_error (error, QUOTES_ERROR, QUOTES_ERROR_UNKNOWN_ALERT);
}

static void
test_a_removed_one_is_gone (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  QuotesAlert *alert = NULL;

  alert_fixture_take (fixture, 99);
  alert = alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  g_assert_true (quotes_alerts_wants_prices (fixture->alerts));
  g_assert_true (quotes_alerts_remove (fixture->alerts, alert->id, NULL));
  g_assert_false (quotes_alerts_wants_prices (fixture->alerts));
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  g_assert_cmpuint (quotes_alerts_get_list (fixture->alerts)->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add (path, Fixture, NULL, alert_fixture_set_up, func, alert_fixture_tear_down)
  ADD ("/alerts/it-fires-when-the-price-passes-the-level", test_fires_when_the_price_passes);
  ADD ("/alerts/below-is-the-other-way", test_below_is_the_other_way);
  ADD ("/alerts/what-is-so-already-does-not-fire", test_what_is_so_already_does_not_fire);
  ADD ("/alerts/once-is-once", test_once_is_once);
  ADD ("/alerts/unknown-ids-are-errors", test_unknown_ids_are_errors);
  ADD ("/alerts/a-removed-one-is-gone", test_a_removed_one_is_gone);

  return g_test_run ();
}
