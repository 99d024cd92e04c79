/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-notifier.h"

#include <locale.h>
#include <string.h>

#include "alerts-fixture.h"
#include "mock-notifications.h"
#include "wait.h"

#define PATIENCE 20
#define HOUR_US (3600 * (gint64) G_USEC_PER_SEC)
#define ADDRESS "http://127.0.0.1:18787"

typedef struct
{
  AlertsFixture engine;
  GTestDBus *bus; /* (owned) (nullable) */
  MockNotifications desktop;
  QuotesApplication *application; /* (owned) */
  QuotesNotifier *notifier;       /* (owned) */
  GPtrArray *launched;            /* (owned) (element-type utf8) */
} Fixture;

static gboolean
export_cb (G_GNUC_UNUSED GDBusConnection *connection,
           G_GNUC_UNUSED gpointer user_data,
           G_GNUC_UNUSED GError **error)
{
  return TRUE;
}

static void
launch_cb (const char *uri, gpointer user_data)
{
  g_ptr_array_add (((Fixture *) user_data)->launched, g_strdup (uri));
}

/* @user_data: (nullable): there is no bus */
static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean has_bus = user_data == NULL;

  alerts_fixture_set_up (&fixture->engine);
  fixture->launched = g_ptr_array_new_with_free_func (g_free);
  if (has_bus)
    {
      fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
      g_test_dbus_up (fixture->bus);
      mock_notifications_start (&fixture->desktop, g_test_dbus_get_bus_address (fixture->bus));
    }
  fixture->application = quotes_application_new (export_cb, fixture);
  g_assert_cmpint (quotes_application_register (fixture->application, &error), ==,
                   has_bus ? QUOTES_APPLICATION_REGISTERED : QUOTES_APPLICATION_NO_BUS);
  fixture->notifier = quotes_notifier_new (fixture->application, fixture->engine.alerts,
                                           QUOTES_CLOCK (fixture->engine.clock));
  quotes_notifier_set_address (fixture->notifier, ADDRESS);
  quotes_notifier_set_launcher (fixture->notifier, launch_cb, fixture);
}

/* What was said on either side so far has come. */
static void
settle_bus (Fixture *fixture)
{
  GDBusConnection *const connections[] = {
    fixture->desktop.connection,
    quotes_application_get_connection (fixture->application),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (connections); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
        connections[i], "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
        "GetId", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

      g_assert_no_error (error);
    }
  wait_settle ();
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  /* GIO 2.74 calls itself without end when its notification service goes while it knows of a
   * notification, but has no application any more. */
  if (fixture->bus != NULL)
    {
      mock_notifications_close_all (&fixture->desktop);
      settle_bus (fixture);
    }
  g_assert_finalize_object (g_steal_pointer (&fixture->notifier));
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->application));
  alerts_fixture_tear_down (&fixture->engine);
  g_ptr_array_unref (fixture->launched);
  if (fixture->bus != NULL)
    {
      mock_notifications_stop (&fixture->desktop);
      wait_settle ();
      g_test_dbus_down (fixture->bus);
    }
  g_clear_object (&fixture->bus);
}

/* The price crosses @level from below. */
static void
cross (Fixture *fixture, const char *symbol, double level)
{
  alerts_fixture_publish (&fixture->engine, symbol, level - 10);
  alerts_fixture_publish (&fixture->engine, symbol, level + 1.5);
}

static const MockNotification *
wait_for (Fixture *fixture, guint n)
{
  wait_until (fixture->desktop.shown->len >= n, PATIENCE);
  settle_bus (fixture);
  g_assert_cmpuint (fixture->desktop.shown->len, ==, n);
  return mock_notifications_get (&fixture->desktop, n - 1);
}

static QuotesAlert *
lookup (Fixture *fixture, const char *id)
{
  return quotes_alerts_lookup (fixture->engine.alerts, id);
}

static void
test_what_fires_is_shown (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const MockNotification *shown = NULL;

  alerts_fixture_add_above (&fixture->engine, "XAU", 2400);
  cross (fixture, "XAU", 2400);
  shown = wait_for (fixture, 1);
  g_assert_cmpuint (shown->replaces_id, ==, 0);
  g_assert_nonnull (strstr (shown->summary, " is above \u20682400.00 USD\u2069"));
  g_assert_cmpstr (shown->body, ==, "Price: \u20682401.50 USD\u2069");
  g_assert_nonnull (mock_notification_find_key (shown, "Snooze for 1 Hour"));
  g_assert_nonnull (mock_notification_find_key (shown, "Switch Off"));
  g_assert_true (g_strv_contains ((const char *const *) shown->keys, "default"));
}

static void
test_what_fires_again_replaces (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  guint32 first = 0;

  alerts_fixture_add_above (&fixture->engine, "XAU", 2400);
  alerts_fixture_add_above (&fixture->engine, "BTC", 50000);
  cross (fixture, "XAU", 2400);
  first = wait_for (fixture, 1)->id;
  cross (fixture, "BTC", 50000);
  g_assert_cmpuint (wait_for (fixture, 2)->replaces_id, ==, 0);
  cross (fixture, "XAU", 2400);
  g_assert_cmpuint (wait_for (fixture, 3)->replaces_id, ==, first);
}

static void
test_the_buttons_change_the_alert (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *gold = g_strdup (alerts_fixture_add_above (&fixture->engine, "XAU", 2400));
  g_autofree char *coin = g_strdup (alerts_fixture_add_above (&fixture->engine, "BTC", 50000));
  gint64 now_us = quotes_clock_get_real_us (QUOTES_CLOCK (fixture->engine.clock));
  const MockNotification *shown = NULL;

  cross (fixture, "XAU", 2400);
  shown = wait_for (fixture, 1);
  mock_notifications_invoke (&fixture->desktop, shown->id,
                             mock_notification_find_key (shown, "Snooze for 1 Hour"));
  wait_until (lookup (fixture, gold)->snoozed_until_us == now_us + HOUR_US, PATIENCE);
  g_assert_true (lookup (fixture, gold)->is_enabled);

  cross (fixture, "BTC", 50000);
  shown = wait_for (fixture, 2);
  mock_notifications_invoke (&fixture->desktop, shown->id,
                             mock_notification_find_key (shown, "Switch Off"));
  wait_until (!lookup (fixture, coin)->is_enabled, PATIENCE);
  g_assert_cmpint (lookup (fixture, coin)->snoozed_until_us, ==, 0);
  g_assert_cmpuint (fixture->launched->len, ==, 0);
}

static void
test_a_click_opens_the_instrument (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gboolean is_added = FALSE;
  const MockNotification *shown = NULL;

  g_assert_nonnull (quotes_watchlist_add (fixture->engine.list, "yahoo:^FTSE", &is_added, NULL));
  alerts_fixture_add_above (&fixture->engine, "^FTSE", 8000);
  cross (fixture, "^FTSE", 8000);
  shown = wait_for (fixture, 1);
  mock_notifications_invoke (&fixture->desktop, shown->id, "default");
  wait_until (fixture->launched->len == 1, PATIENCE);
  g_assert_cmpstr (g_ptr_array_index (fixture->launched, 0), ==,
                   ADDRESS "/api/v1/widgets/quotes/%5EFTSE/history?range=1d");
}

static void
test_without_an_address_nothing_opens (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const MockNotification *shown = NULL;

  quotes_notifier_set_address (fixture->notifier, NULL);
  alerts_fixture_add_above (&fixture->engine, "XAU", 2400);
  cross (fixture, "XAU", 2400);
  shown = wait_for (fixture, 1);
  mock_notifications_invoke (&fixture->desktop, shown->id, "default");
  wait_settle ();
  g_assert_cmpuint (fixture->launched->len, ==, 0);
}

static void
assert_closed (Fixture *fixture, guint n, guint32 id)
{
  wait_until (fixture->desktop.closed->len == n, PATIENCE);
  g_assert_cmpuint (g_array_index (fixture->desktop.closed, guint32, n - 1), ==, id);
}

/* Wherever it was done: by the command, over HTTP, on the bus. */
static void
test_what_was_seen_to_is_withdrawn (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *id = g_strdup (alerts_fixture_add_above (&fixture->engine, "XAU", 2400));
  QuotesAlerts *alerts = fixture->engine.alerts;
  guint32 shown = 0;

  cross (fixture, "XAU", 2400);
  shown = wait_for (fixture, 1)->id;
  g_assert_true (quotes_alerts_snooze (alerts, id, HOUR_US, NULL));
  assert_closed (fixture, 1, shown);

  g_assert_true (quotes_alerts_snooze (alerts, id, 0, NULL));
  cross (fixture, "XAU", 2400);
  shown = wait_for (fixture, 2)->id;
  g_assert_true (quotes_alerts_set_enabled (alerts, id, FALSE, NULL));
  assert_closed (fixture, 2, shown);

  g_assert_true (quotes_alerts_set_enabled (alerts, id, TRUE, NULL));
  cross (fixture, "XAU", 2400);
  shown = wait_for (fixture, 3)->id;
  g_assert_true (quotes_alerts_remove (alerts, id, NULL));
  assert_closed (fixture, 3, shown);
}

/* It is over, but the user may not have seen it yet. */
static void
test_a_price_that_goes_back_stays_shown (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  alerts_fixture_add_above (&fixture->engine, "XAU", 2400);
  cross (fixture, "XAU", 2400);
  wait_for (fixture, 1);
  alerts_fixture_publish (&fixture->engine, "XAU", 2000);
  wait_settle ();
  g_assert_cmpuint (fixture->desktop.closed->len, ==, 0);
}

static void
test_a_fresh_price_withdraws_that_it_is_stale (Fixture *fixture,
                                               G_GNUC_UNUSED gconstpointer user_data)
{
  QuotesAlert fields = QUOTES_ALERT_INIT;
  guint32 shown = 0;

  fields.kind = QUOTES_ALERT_STALE;
  fields.symbol = "XAU";
  fields.is_repeating = TRUE;
  g_assert_nonnull (quotes_alerts_add (fixture->engine.alerts, &fields, NULL));
  alerts_fixture_publish (&fixture->engine, "XAU", 2400);
  fake_clock_advance_us (fixture->engine.clock, HOUR_US);
  shown = wait_for (fixture, 1)->id;
  alerts_fixture_publish (&fixture->engine, "XAU", 2401);
  assert_closed (fixture, 1, shown);
}

/* One that is switched off by firing has nothing to be switched off. */
static void
test_one_that_is_done_has_no_buttons (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  QuotesAlert fields = QUOTES_ALERT_INIT;
  const MockNotification *shown = NULL;

  fields.kind = QUOTES_ALERT_ABOVE;
  fields.symbol = "XAU";
  fields.level = 2400;
  fields.note = "Sell <b>now</b>";
  g_assert_nonnull (quotes_alerts_add (fixture->engine.alerts, &fields, NULL));
  cross (fixture, "XAU", 2400);
  shown = wait_for (fixture, 1);
  g_assert_null (mock_notification_find_key (shown, "Switch Off"));
  g_assert_null (mock_notification_find_key (shown, "Snooze for 1 Hour"));
  g_assert_nonnull (strstr (shown->body, "Sell ‹b›now‹/b›"));
  g_assert_cmpuint (fixture->desktop.closed->len, ==, 0);
}

static void
activate (Fixture *fixture, const char *name, GVariant *target)
{
  g_action_group_activate_action (
    G_ACTION_GROUP (quotes_application_get_application (fixture->application)), name, target);
}

/* Whoever is on the bus can activate an action. */
static void
test_targets_are_not_trusted (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const names[] = {"alert-open", "alert-snooze", "alert-disable"};
  g_autofree char *id = g_strdup (alerts_fixture_add_above (&fixture->engine, "XAU", 2400));
  g_autofree char *text = g_strnfill (100000, '1');

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      activate (fixture, names[i], g_variant_new_string ("../../etc/passwd"));
      activate (fixture, names[i], g_variant_new_string (""));
      activate (fixture, names[i], g_variant_new_string (text));
    }
  g_assert_cmpuint (fixture->launched->len, ==, 0);
  g_assert_true (lookup (fixture, id)->is_enabled);
  g_assert_cmpint (lookup (fixture, id)->snoozed_until_us, ==, 0);

  activate (fixture, "alert-open", g_variant_new_string (id));
  g_assert_cmpuint (fixture->launched->len, ==, 1);
}

static void
test_a_crowd_is_ten_and_one_summary (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const MockNotification *summary = NULL;

  for (guint i = 0; i < 17; i++)
    alerts_fixture_add_above (&fixture->engine, "XAU", 2400 + 0.01 * i);
  cross (fixture, "XAU", 2400);
  wait_for (fixture, 10);

  fake_clock_advance_us (fixture->engine.clock, 60 * (gint64) G_USEC_PER_SEC);
  summary = wait_for (fixture, 11);
  g_assert_cmpstr (summary->summary, ==, "7 more alerts");
  g_assert_nonnull (strstr (summary->body, "and 2 more"));

  /* After that there may be more again. */
  cross (fixture, "XAU", 2400);
  wait_for (fixture, 11 + 9);
}

static void
test_what_was_missed_is_one_digest (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const MockNotification *digest = NULL;

  alerts_fixture_publish (&fixture->engine, "XAU", 2300);
  for (guint i = 0; i < 7; i++)
    alerts_fixture_add_above (&fixture->engine, "XAU", 2400 + i);
  quotes_alerts_note_gap (fixture->engine.alerts);
  fake_clock_advance_us (fixture->engine.clock, G_USEC_PER_SEC);
  alerts_fixture_publish (&fixture->engine, "XAU", 2500);
  fake_clock_advance_us (fixture->engine.clock, 61 * (gint64) G_USEC_PER_SEC);

  digest = wait_for (fixture, 1);
  g_assert_cmpstr (digest->summary, ==, "7 alerts while you were away");
  g_assert_nonnull (strstr (digest->body, "and 2 more"));
}

/* Nothing is kept for later either: a notification that comes with the next bus is no news. */
static void
test_without_a_bus_nothing_happens (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  for (guint i = 0; i < 17; i++)
    alerts_fixture_add_above (&fixture->engine, "XAU", 2400 + 0.01 * i);
  cross (fixture, "XAU", 2400);
  fake_clock_advance_us (fixture->engine.clock, 60 * (gint64) G_USEC_PER_SEC);
  g_assert_cmpuint (fixture->launched->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_setenv ("GNOTIFICATION_BACKEND", "freedesktop", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_assert_nonnull (setlocale (LC_ALL, "C.UTF-8"));

#define ADD(name, func) g_test_add ("/notifier/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("what-fires-is-shown", test_what_fires_is_shown);
  ADD ("what-fires-again-replaces", test_what_fires_again_replaces);
  ADD ("the-buttons-change-the-alert", test_the_buttons_change_the_alert);
  ADD ("a-click-opens-the-instrument", test_a_click_opens_the_instrument);
  ADD ("without-an-address-nothing-opens", test_without_an_address_nothing_opens);
  ADD ("what-was-seen-to-is-withdrawn", test_what_was_seen_to_is_withdrawn);
  ADD ("a-price-that-goes-back-stays-shown", test_a_price_that_goes_back_stays_shown);
  ADD ("a-fresh-price-withdraws-that-it-is-stale", test_a_fresh_price_withdraws_that_it_is_stale);
  ADD ("one-that-is-done-has-no-buttons", test_one_that_is_done_has_no_buttons);
  ADD ("targets-are-not-trusted", test_targets_are_not_trusted);
  ADD ("a-crowd-is-ten-and-one-summary", test_a_crowd_is_ten_and_one_summary);
  ADD ("what-was-missed-is-one-digest", test_what_was_missed_is_one_digest);
  g_test_add ("/notifier/without-a-bus-nothing-happens", Fixture, "no bus", set_up,
              test_without_a_bus_nothing_happens, tear_down);
#undef ADD

  return g_test_run ();
}
