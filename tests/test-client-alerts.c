/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>

#include "quote-maker.h"
#include "quotes-alerts-client.h"
#include "scripted-bus.h"
#include "scripted-service.h"
#include "wait.h"

#define PATIENCE 20
#define PATH "/api/v1/alerts"

static void
answered_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

static GPtrArray *
list (QuotesClient *client, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_alerts_client_list_async (QUOTES_ALERTS_CLIENT (client), NULL, answered_cb, &result);
  wait_until (result != NULL, PATIENCE);
  return quotes_alerts_client_list_finish (QUOTES_ALERTS_CLIENT (client), result, error);
}

static char *
add (QuotesClient *client, const QuotesAlert *fields, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_alerts_client_add_async (QUOTES_ALERTS_CLIENT (client), fields, NULL, answered_cb,
                                  &result);
  wait_until (result != NULL, PATIENCE);
  return quotes_alerts_client_add_finish (QUOTES_ALERTS_CLIENT (client), result, error);
}

typedef enum
{
  REMOVE,
  ENABLE,
  DISABLE,
  SNOOZE,
} Change;

static gboolean
change (QuotesClient *client, Change what, const char *id, GError **error)
{
  QuotesAlertsClient *alerts = QUOTES_ALERTS_CLIENT (client);
  g_autoptr (GAsyncResult) result = NULL;

  if (what == REMOVE)
    quotes_alerts_client_remove_async (alerts, id, NULL, answered_cb, &result);
  else if (what == SNOOZE)
    quotes_alerts_client_snooze_async (alerts, id, G_GINT64_CONSTANT (3600999999), NULL,
                                       answered_cb, &result);
  else
    quotes_alerts_client_set_enabled_async (alerts, id, what == ENABLE, NULL, answered_cb, &result);
  wait_until (result != NULL, PATIENCE);
  return quotes_alerts_client_change_finish (alerts, result, error);
}

#define FULL_JSON                                                                                  \
  "{\"id\":\"7\",\"kind\":\"move\",\"symbol\":\"XAU\",\"provider\":null,\"level\":null,"           \
  "\"percent\":1.5,\"direction\":\"down\",\"window_s\":900,\"repeat\":true,\"cooldown_s\":60,"     \
  "\"hysteresis_percent\":0.25,\"note\":\"a “note”\",\"enabled\":false,\"armed\":true,"        \
  "\"snoozed_until\":\"2026-02-17T09:30:00+00:00\",\"created\":\"2026-02-17T09:30:00.5+00:00\","   \
  "\"last_fired\":\"2026-02-17T09:30:01+00:00\",\"fired\":3,\"of_tomorrow\":[1]}"
#define LEAST_JSON "{\"id\":\"8\",\"kind\":\"provider\",\"provider\":\"yahoo\",\"window_s\":600}"

#define FULL_VARIANT                                                                               \
  "{'id': <'7'>, 'kind': <'move'>, 'symbol': <'XAU'>, 'percent': <1.5>, 'direction': <'down'>,"    \
  "'window_s': <900>, 'repeat': <true>, 'cooldown_s': <60>, 'hysteresis_percent': <0.25>,"         \
  "'note': <'a “note”'>, 'enabled': <false>, 'armed': <true>,"                                 \
  "'snoozed_until': <int64 1771320600000000>, 'created': <int64 1771320600500000>,"                \
  "'last_fired': <int64 1771320601000000>, 'fired': <3>, 'of_tomorrow': <[1]>}"
#define LEAST_VARIANT                                                                              \
  "{'id': <'8'>, 'kind': <'provider'>, 'provider': <'yahoo'>, 'window_s': <600>}"

static void
assert_alerts (GPtrArray *alerts)
{
  const QuotesAlert *alert = g_ptr_array_index (alerts, 0);

  g_assert_cmpuint (alerts->len, ==, 2);
  g_assert_cmpstr (alert->id, ==, "7");
  g_assert_cmpint (alert->kind, ==, QUOTES_ALERT_MOVE);
  g_assert_cmpstr (alert->symbol, ==, "XAU");
  g_assert_null (alert->provider);
  g_assert_true (isnan (alert->level));
  g_assert_cmpfloat (alert->percent, ==, 1.5);
  g_assert_cmpint (alert->direction, ==, QUOTES_ALERT_DOWN);
  g_assert_cmpint (alert->window_us, ==, 900 * G_USEC_PER_SEC);
  g_assert_true (alert->is_repeating);
  g_assert_cmpint (alert->cooldown_us, ==, 60 * G_USEC_PER_SEC);
  g_assert_cmpfloat (alert->hysteresis_percent, ==, 0.25);
  g_assert_cmpstr (alert->note, ==, "a “note”");
  g_assert_false (alert->is_enabled);
  g_assert_true (alert->is_armed);
  g_assert_cmpint (alert->snoozed_until_us, ==, MAKER_TIME_US);
  g_assert_cmpint (alert->created_us, ==, MAKER_TIME_US + 500000);
  g_assert_cmpint (alert->fired_us, ==, MAKER_TIME_US + G_USEC_PER_SEC);
  g_assert_cmpuint (alert->n_fired, ==, 3);
  alert = g_ptr_array_index (alerts, 1);
  g_assert_cmpint (alert->kind, ==, QUOTES_ALERT_PROVIDER);
  g_assert_cmpstr (alert->provider, ==, "yahoo");
  g_assert_null (alert->symbol);
  g_assert_null (alert->note);
  g_assert_cmpint (alert->fired_us, ==, 0);
}

static void
test_http_list (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) alerts = NULL;

  scripted_service_say (fixture, 200, "application/json",
                        "{\"alerts\":[" FULL_JSON "," LEAST_JSON "]}");
  alerts = list (fixture->client, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->requested, ==, "GET " PATH " ");
  assert_alerts (alerts);
}

static void
test_bus_list (ScriptedBus *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) alerts = NULL;

  scripted_bus_say (fixture, "([" FULL_VARIANT "," LEAST_VARIANT "],)");
  alerts = list (fixture->client, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->called, ==, APP_ID ".Alerts1.List ()");
  assert_alerts (alerts);
}

static void
test_http_strange_alerts (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const items[] = {
    "7",
    "null",
    "{}",
    "{\"kind\":\"stale\",\"symbol\":\"XAU\"}",
    "{\"id\":7,\"kind\":\"stale\",\"symbol\":\"XAU\"}",
    "{\"id\":\"\",\"kind\":\"stale\",\"symbol\":\"XAU\"}",
    "{\"id\":\"7\",\"symbol\":\"XAU\"}",
    "{\"id\":\"7\",\"kind\":\"nonsense\",\"symbol\":\"XAU\"}",
    "{\"id\":\"7\",\"kind\":\"stale\"}",
    "{\"id\":\"7\",\"kind\":\"provider\",\"symbol\":\"XAU\"}",
    "{\"id\":\"7\",\"kind\":\"above\",\"symbol\":\"XAU\",\"level\":\"64000\"}",
    "{\"id\":\"7\",\"kind\":\"above\",\"symbol\":\"XAU\",\"enabled\":1}",
    "{\"id\":\"7\",\"kind\":\"above\",\"symbol\":\"XAU\",\"fired\":-1}",
    "{\"id\":\"7\",\"kind\":\"above\",\"symbol\":\"XAU\",\"created\":1771320600}",
    "{\"id\":\"7\",\"kind\":\"above\",\"symbol\":\"XAU\",\"cooldown_s\":1e17}",
    "{\"id\":\"7\",\"kind\":\"above\",\"symbol\":\"XAU\",\"cooldown_s\":1.5}",
    "{\"id\":\"7\",\"kind\":\"move\",\"symbol\":\"XAU\",\"direction\":\"sideways\"}",
    "{\"id\":\"7\",\"kind\":\"move\",\"symbol\":\"XAU\",\"note\":{}}",
  };
  static const char *const bodies[] = {"{}", "{\"alerts\":{}}", "{\"alerts\":null}", "[]", "x"};

  for (gsize i = 0; i < G_N_ELEMENTS (items) + G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *body = i < G_N_ELEMENTS (items)
                                ? g_strdup_printf ("{\"alerts\":[%s]}", items[i])
                                : g_strdup (bodies[i - G_N_ELEMENTS (items)]);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", body);
      scripted_service_say (fixture, 200, "application/json", body);
      g_assert_null (list (fixture->client, &error));
      g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER);
    }
}

static void
test_bus_strange_alerts (ScriptedBus *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const replies[] = {
    "()",
    "(@as [],)",
    "([@a{sv} {}],)",
    "([{'id': <7>, 'kind': <'stale'>, 'symbol': <'XAU'>}],)",
    "([{'id': <'7'>, 'kind': <7>, 'symbol': <'XAU'>}],)",
    "([{'id': <'7'>, 'kind': <'nonsense'>, 'symbol': <'XAU'>}],)",
    "([{'id': <'7'>, 'kind': <'above'>, 'symbol': <'XAU'>, 'level': <'64000'>}],)",
    "([{'id': <'7'>, 'kind': <'above'>, 'symbol': <'XAU'>, 'level': <nan>}],)",
    "([{'id': <'7'>, 'kind': <'above'>, 'symbol': <'XAU'>, 'enabled': <'yes'>}],)",
    "([{'id': <'7'>, 'kind': <'above'>, 'symbol': <'XAU'>, 'created': <'today'>}],)",
    "([{'id': <'7'>, 'kind': <'above'>, 'symbol': <'XAU'>, 'cooldown_s': <-1>}],)",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", replies[i]);
      scripted_bus_say (fixture, replies[i]);
      g_assert_null (list (fixture->client, &error));
      g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER);
    }
}

static void
test_http_too_many_alerts (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  for (guint n_alerts = QUOTES_ALERTS_CLIENT_MAX; n_alerts <= QUOTES_ALERTS_CLIENT_MAX + 1;
       n_alerts++)
    {
      g_autoptr (GString) body = g_string_new ("{\"alerts\":[" LEAST_JSON);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) alerts = NULL;

      for (guint i = 1; i < n_alerts; i++)
        g_string_append (body, "," LEAST_JSON);
      g_string_append (body, "]}");
      scripted_service_say (fixture, 200, "application/json", body->str);
      alerts = list (fixture->client, &error);
      if (n_alerts <= QUOTES_ALERTS_CLIENT_MAX)
        g_assert_cmpuint (alerts->len, ==, n_alerts);
      else
        g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER);
    }
}

static QuotesAlert
make_fields (void)
{
  QuotesAlert fields = QUOTES_ALERT_INIT;

  fields.kind = QUOTES_ALERT_BELOW;
  fields.symbol = "W\"TI";
  fields.level = -37.63;
  fields.note = "n";
  /* What only the service knows is not sent. */
  fields.id = "99";
  fields.n_fired = 5;
  fields.created_us = MAKER_TIME_US;
  return fields;
}

static void
test_http_add (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const QuotesAlert fields = make_fields ();
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  scripted_service_say (fixture, 201, "application/json", FULL_JSON);
  id = add (fixture->client, &fields, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "7");
  g_assert_cmpstr (fixture->requested, ==,
                   "POST " PATH " {\"kind\":\"below\",\"symbol\":\"W\\\"TI\",\"provider\":null,"
                   "\"level\":-37.63,\"percent\":null,\"direction\":null,\"window_s\":0,"
                   "\"repeat\":false,\"cooldown_s\":3600,\"hysteresis_percent\":0.1,"
                   "\"note\":\"n\",\"enabled\":true}");
  scripted_service_say (fixture, 201, "application/json", "{\"id\":7}");
  g_assert_null (add (fixture->client, &fields, &error));
  g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER);
}

static void
test_bus_add (ScriptedBus *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const QuotesAlert fields = make_fields ();
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  scripted_bus_say (fixture, "('7',)");
  id = add (fixture->client, &fields, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "7");
  g_assert_cmpstr (fixture->called, ==,
                   APP_ID ".Alerts1.Add ({'kind': <'below'>, 'symbol': <'W\"TI'>,"
                          " 'level': <-37.630000000000003>, 'window_s': <0>, 'repeat': <false>,"
                          " 'cooldown_s': <3600>, 'hysteresis_percent': <0.10000000000000001>,"
                          " 'note': <'n'>, 'enabled': <true>},)");
  scripted_bus_say (fixture, "(7,)");
  g_assert_null (add (fixture->client, &fields, &error));
  g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER);
}

static void
test_http_changes (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const requests[] = {
    [REMOVE] = "DELETE " PATH "/7?/8 ",
    [ENABLE] = "PATCH " PATH "/7?/8 {\"enabled\":true}",
    [DISABLE] = "PATCH " PATH "/7?/8 {\"enabled\":false}",
    [SNOOZE] = "PATCH " PATH "/7?/8 {\"snooze_s\":3600}",
  };

  scripted_service_say (fixture, 200, "application/json", FULL_JSON);
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (change (fixture->client, (Change) i, "7?/8", &error));
      g_assert_no_error (error);
      g_assert_cmpstr (fixture->requested, ==, requests[i]);
    }
}

static void
test_bus_changes (ScriptedBus *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const calls[] = {
    [REMOVE] = "Remove ('7',)",
    [ENABLE] = "SetEnabled ('7', true)",
    [DISABLE] = "SetEnabled ('7', false)",
    [SNOOZE] = "Snooze ('7', uint32 3600)",
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autofree char *called = g_strconcat (APP_ID ".Alerts1.", calls[i], NULL);
      g_autoptr (GError) error = NULL;

      g_assert_true (change (fixture->client, (Change) i, "7", &error));
      g_assert_no_error (error);
      g_assert_cmpstr (fixture->called, ==, called);
    }
}

static void
test_refusals (void)
{
  static const struct
  {
    guint status;
    const char *problem;
    const char *name;
    QuotesClientError code;
  } rows[] = {
    {404, "unknown_alert", APP_ID ".Error.UnknownAlert", QUOTES_CLIENT_ERROR_UNKNOWN_ALERT},
    {422, "invalid_alert", APP_ID ".Error.InvalidAlert", QUOTES_CLIENT_ERROR_INVALID_ALERT},
    {409, "list_full", APP_ID ".Error.ListFull", QUOTES_CLIENT_ERROR_LIST_FULL},
    {404, "unknown_symbol", APP_ID ".Error.UnknownSymbol", QUOTES_CLIENT_ERROR_UNKNOWN_SYMBOL},
  };
  ScriptedService service = {0};
  ScriptedBus bus = {0};

  scripted_service_set_up (&service, NULL);
  scripted_bus_set_up (&bus, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"code\":\"%s\"}", rows[i].problem);
      g_autoptr (GError) over_http = NULL;
      g_autoptr (GError) over_bus = NULL;

      scripted_service_say (&service, rows[i].status, "application/problem+json", body);
      scripted_bus_fail (&bus, rows[i].name);
      g_assert_false (change (service.client, ENABLE, "7", &over_http));
      g_assert_false (change (bus.client, ENABLE, "7", &over_bus));
      g_assert_error (over_http, QUOTES_CLIENT_ERROR, (int) rows[i].code);
      g_assert_error (over_bus, QUOTES_CLIENT_ERROR, (int) rows[i].code);
    }
  scripted_bus_tear_down (&bus, NULL);
  scripted_service_tear_down (&service, NULL);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

#define ADD_HTTP(name, func)                                                                       \
  g_test_add ("/client-alerts/http/" name, ScriptedService, NULL, scripted_service_set_up, func,   \
              scripted_service_tear_down)
#define ADD_BUS(name, func)                                                                        \
  g_test_add ("/client-alerts/bus/" name, ScriptedBus, NULL, scripted_bus_set_up, func,            \
              scripted_bus_tear_down)
  ADD_HTTP ("the-list-is-read", test_http_list);
  ADD_BUS ("the-list-is-read", test_bus_list);
  ADD_HTTP ("strange-alerts-are-not-believed", test_http_strange_alerts);
  ADD_BUS ("strange-alerts-are-not-believed", test_bus_strange_alerts);
  ADD_HTTP ("500-alerts-are-the-most", test_http_too_many_alerts);
  ADD_HTTP ("what-the-user-decides-is-sent", test_http_add);
  ADD_BUS ("what-the-user-decides-is-sent", test_bus_add);
  ADD_HTTP ("changes-are-sent", test_http_changes);
  ADD_BUS ("changes-are-sent", test_bus_changes);
#undef ADD_HTTP
#undef ADD_BUS
  g_test_add_func ("/client-alerts/refusals-are-the-same-on-both-ways", test_refusals);

  return g_test_run ();
}
