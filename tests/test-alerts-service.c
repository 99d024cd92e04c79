/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alerts-service.h"

#include <string.h>

#include "alerts-fixture.h"
#include "bus-peer.h"
#include "quotes-dbus-service.h"
#include "wait.h"

#define PATIENCE 20
#define INVALID_ARGS "org.freedesktop.DBus.Error.InvalidArgs"
#define LIMITS_EXCEEDED "org.freedesktop.DBus.Error.LimitsExceeded"
#define GOLD "({'kind': <'above'>, 'symbol': <'XAU'>, 'level': <2400.0>},)"

typedef struct
{
  AlertsFixture engine;
  GTestDBus *bus;               /* (owned) */
  GDBusConnection *far;         /* (owned): the service's */
  QuotesPoller *poller;         /* (owned) */
  QuotesDbusService *quotes;    /* (owned): has the queue */
  QuotesAlertsService *service; /* (owned) */
  BusPeer caller;
} Fixture;

static void
own_name (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
    fixture->far, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
    "RequestName", g_variant_new ("(su)", APP_ID, 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
    &error);

  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  alerts_fixture_set_up (&fixture->engine);
  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  fixture->far = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (fixture->bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);

  fixture->poller = quotes_poller_new (fixture->engine.hub, QUOTES_CLOCK (fixture->engine.clock),
                                       g_rand_new_with_seed (1));
  fixture->quotes = quotes_dbus_service_new (fixture->engine.hub, fixture->poller);
  fixture->service = quotes_alerts_service_new (fixture->engine.alerts);
  g_assert_true (quotes_dbus_service_export (fixture->quotes, fixture->far, &error));
  g_assert_true (quotes_alerts_service_export (
    fixture->service, fixture->far, quotes_dbus_service_get_calls (fixture->quotes), &error));
  g_assert_no_error (error);
  own_name (fixture);
  bus_peer_connect (&fixture->caller, fixture->bus);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  bus_peer_close (&fixture->caller);
  quotes_alerts_service_unexport (fixture->service);
  quotes_dbus_service_unexport (fixture->quotes);
  g_assert_true (g_dbus_connection_close_sync (fixture->far, NULL, NULL));
  g_clear_object (&fixture->far);
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->service));
  g_assert_finalize_object (g_steal_pointer (&fixture->quotes));
  g_assert_finalize_object (g_steal_pointer (&fixture->poller));
  alerts_fixture_tear_down (&fixture->engine);
  g_test_dbus_down (fixture->bus);
  g_clear_object (&fixture->bus);
}

static char *
add (Fixture *fixture, const char *arguments)
{
  g_autoptr (GVariant) answer =
    bus_peer_call (&fixture->caller, "Alerts1.Add", g_variant_new_parsed (arguments));
  char *id = NULL;

  g_variant_get (answer, "(s)", &id);
  return id;
}

static GVariant *
list (Fixture *fixture)
{
  g_autoptr (GVariant) answer = bus_peer_call (&fixture->caller, "Alerts1.List", NULL);

  g_assert_cmpstr (g_variant_get_type_string (answer), ==, "(aa{sv})");
  return g_variant_get_child_value (answer, 0);
}

static void
test_alerts_come_and_go (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *first = add (fixture, GOLD);
  g_autofree char *second = add (fixture, "({'kind': <'stale'>, 'symbol': <'BTC'>},)");
  g_autoptr (GVariant) alerts = list (fixture);
  g_autoptr (GVariant) gold = g_variant_get_child_value (alerts, 0);
  g_autoptr (GVariant) rest = NULL;
  const char *text = NULL;
  double level = 0;

  g_assert_cmpuint (g_variant_n_children (alerts), ==, 2);
  g_assert_true (g_variant_lookup (gold, "id", "&s", &text));
  g_assert_cmpstr (text, ==, first);
  g_assert_true (g_variant_lookup (gold, "level", "d", &level));
  g_assert_cmpfloat (level, ==, 2400);
  g_assert_cmpuint (fixture->caller.n_alerts_changed, ==, 2);

  g_variant_unref (
    bus_peer_call (&fixture->caller, "Alerts1.Remove", g_variant_new ("(s)", first)));
  rest = list (fixture);
  g_assert_cmpuint (g_variant_n_children (rest), ==, 1);
  g_assert_nonnull (quotes_alerts_lookup (fixture->engine.alerts, second));
  g_assert_cmpuint (fixture->caller.n_alerts_changed, ==, 3);
}

static void
test_an_alert_is_switched_and_snoozed (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *id = add (fixture, GOLD);
  QuotesAlerts *alerts = fixture->engine.alerts;
  gint64 now_us = quotes_clock_get_real_us (QUOTES_CLOCK (fixture->engine.clock));

  g_variant_unref (
    bus_peer_call (&fixture->caller, "Alerts1.SetEnabled", g_variant_new ("(sb)", id, FALSE)));
  g_assert_false (quotes_alerts_lookup (alerts, id)->is_enabled);
  g_variant_unref (
    bus_peer_call (&fixture->caller, "Alerts1.SetEnabled", g_variant_new ("(sb)", id, TRUE)));
  g_assert_true (quotes_alerts_lookup (alerts, id)->is_enabled);

  g_variant_unref (
    bus_peer_call (&fixture->caller, "Alerts1.Snooze", g_variant_new ("(su)", id, 60)));
  g_assert_cmpint (quotes_alerts_lookup (alerts, id)->snoozed_until_us, ==, now_us + 60000000);
  g_variant_unref (
    bus_peer_call (&fixture->caller, "Alerts1.Snooze", g_variant_new ("(su)", id, 0)));
  g_assert_cmpint (quotes_alerts_lookup (alerts, id)->snoozed_until_us, ==, 0);
}

static void
test_errors_have_the_names_that_are_documented (Fixture *fixture,
                                                G_GNUC_UNUSED gconstpointer user_data)
{
  static const struct
  {
    const char *method;
    const char *arguments;
    const char *name;
  } rows[] = {
    {"Alerts1.Remove", "('77',)", APP_ID ".Error.UnknownAlert"},
    {"Alerts1.Remove", "('',)", APP_ID ".Error.UnknownAlert"},
    {"Alerts1.SetEnabled", "('x\\n', true)", APP_ID ".Error.UnknownAlert"},
    {"Alerts1.Snooze", "('77', uint32 5)", APP_ID ".Error.UnknownAlert"},
    {"Alerts1.Add", "({'kind': <'above'>, 'symbol': <'NOPE'>, 'level': <1.0>},)",
     APP_ID ".Error.UnknownSymbol"},
    {"Alerts1.Add", "({'kind': <'above'>, 'symbol': <'XAU'>},)", APP_ID ".Error.InvalidAlert"},
    {"Alerts1.Add", "(@a{sv} {},)", INVALID_ARGS},
    {"Alerts1.Add", "({'kind': <'above'>, 'level': <'1'>},)", INVALID_ARGS},
    {"Alerts1.Add", "({'kind': <'above'>, 'levle': <1.0>},)", INVALID_ARGS},
    {"Alerts1.Add", "('XAU',)", INVALID_ARGS},
    {"Alerts1.Sell", "('XAU',)", "org.freedesktop.DBus.Error.UnknownMethod"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s %s", rows[i].method, rows[i].arguments);
      bus_peer_call_fails (&fixture->caller, rows[i].method,
                           g_variant_new_parsed (rows[i].arguments), rows[i].name);
    }
  g_assert_cmpuint (quotes_alerts_get_list (fixture->engine.alerts)->len, ==, 0);
}

static void
test_what_fires_is_told (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const char *id = alerts_fixture_add_above (&fixture->engine, "XAU", 2400);
  g_autofree char *expected = g_strdup (id);
  const char *told = NULL;
  g_autoptr (GVariant) details = NULL;
  double price = 0;
  gboolean is_missed = TRUE;

  alerts_fixture_publish (&fixture->engine, "XAU", 2399);
  alerts_fixture_publish (&fixture->engine, "XAU", 2401.5);
  wait_until (fixture->caller.fired->len == 1, PATIENCE);
  g_variant_get (g_ptr_array_index (fixture->caller.fired, 0), "(&s@a{sv})", &told, &details);
  g_assert_cmpstr (told, ==, expected);
  g_assert_true (g_variant_lookup (details, "price", "d", &price));
  g_assert_cmpfloat (price, ==, 2401.5);
  g_assert_true (g_variant_lookup (details, "missed", "b", &is_missed));
  g_assert_false (is_missed);
}

static void
count_refused_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  guint *counts = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autofree char *name = error != NULL ? g_dbus_error_get_remote_error (error) : NULL;

  counts[answer != NULL ? 0 : 1]++;
  if (error != NULL)
    g_assert_cmpstr (name, ==, LIMITS_EXCEEDED);
}

/* Rule H6: eight calls of both interfaces together. */
static void
test_both_interfaces_have_one_queue (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  guint counts[2] = {0, 0};

  for (guint i = 0; i < 100; i++)
    bus_peer_send (&fixture->caller, i % 2 == 0 ? "Alerts1.List" : "GetSnapshot", NULL,
                   count_refused_cb, counts);
  /* All of them are there before the first is looked at. */
  bus_peer_round_trip (fixture->caller.connection);
  bus_peer_round_trip (fixture->far);
  wait_until (counts[0] + counts[1] == 100, PATIENCE);
  g_assert_cmpuint (counts[0], ==, 8);
}

static void
test_a_text_is_at_most_8_kib (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *text = g_strnfill (8 * 1024 + 1, 'x');

  bus_peer_call_fails (&fixture->caller, "Alerts1.Remove", g_variant_new ("(s)", text),
                       INVALID_ARGS);
  text[8 * 1024] = '\0';
  bus_peer_call_fails (&fixture->caller, "Alerts1.Remove", g_variant_new ("(s)", text),
                       APP_ID ".Error.UnknownAlert");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/alerts-service/alerts-come-and-go", test_alerts_come_and_go);
  ADD ("/alerts-service/an-alert-is-switched-and-snoozed", test_an_alert_is_switched_and_snoozed);
  ADD ("/alerts-service/errors-have-the-names-that-are-documented",
       test_errors_have_the_names_that_are_documented);
  ADD ("/alerts-service/what-fires-is-told", test_what_fires_is_told);
  ADD ("/alerts-service/both-interfaces-have-one-queue", test_both_interfaces_have_one_queue);
  ADD ("/alerts-service/a-text-is-at-most-8-kib", test_a_text_is_at_most_8_kib);
#undef ADD

  return g_test_run ();
}
