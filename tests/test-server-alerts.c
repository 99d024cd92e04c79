/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "http.h"
#include "quotes-json.h"
#include "server-fixture.h"
#include "wait.h"

#define ALERTS "/api/v1/alerts"
#define GOLD "{\"kind\":\"above\",\"symbol\":\"XAU\",\"level\":2400}"

typedef struct
{
  ServerFixture server;
  QuotesAlerts *alerts; /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  ServerFixture *server = &fixture->server;

  server_fixture_set_up (server, user_data);
  fixture->alerts = quotes_alerts_new (server->hub, NULL, QUOTES_CLOCK (server->clock));
  quotes_server_set_alerts (server->server, fixture->alerts);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->alerts), (gpointer *) &fixture->alerts);
  g_object_unref (fixture->alerts);
  g_assert_nonnull (fixture->alerts);
  server_fixture_tear_down (&fixture->server, user_data);
  g_assert_null (fixture->alerts);
}

static HttpAnswer *
ask (Fixture *fixture, const char *method, const char *target, const char *json)
{
  HttpAnswer *http = http_ask (fixture->server.address, method, target, NULL, json);

  g_test_message ("%s %s %s: %u %s", method, target, json, http->status, http->body);
  return http;
}

static void
assert_problem (Fixture *fixture,
                const char *method,
                const char *target,
                const char *json,
                guint status,
                const char *code)
{
  g_autoptr (HttpAnswer) http = ask (fixture, method, target, json);

  http_answer_assert_problem (http, status, code);
}

/* Adds @json. Returns: (transfer full): the path of the alert */
static char *
add (Fixture *fixture, const char *json)
{
  g_autoptr (HttpAnswer) http = ask (fixture, "POST", ALERTS, json);

  g_assert_cmpuint (http->status, ==, 201);
  return http_answer_dup_header (http, "Location");
}

static QuotesAlert *
lookup (Fixture *fixture, const char *path)
{
  g_assert_true (g_str_has_prefix (path, ALERTS "/"));
  return quotes_alerts_lookup (fixture->alerts, path + strlen (ALERTS "/"));
}

static void
test_alerts_come_and_go (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (HttpAnswer) empty = ask (fixture, "GET", ALERTS, NULL);
  g_autofree char *path = add (fixture, GOLD);
  g_autofree char *other = add (fixture, "{\"kind\":\"stale\",\"symbol\":\"XAU\"}");
  g_autoptr (HttpAnswer) two = ask (fixture, "GET", ALERTS, NULL);
  g_autoptr (HttpAnswer) removed = NULL;

  g_assert_cmpstr (empty->body, ==, "{\"alerts\":[]}");
  g_assert_nonnull (lookup (fixture, path));
  g_assert_cmpfloat (lookup (fixture, path)->level, ==, 2400);
  g_assert_true (g_str_has_prefix (two->body, "{\"alerts\":[{\"id\":"));
  g_assert_nonnull (strstr (two->body, "},{\"id\":"));

  removed = ask (fixture, "DELETE", path, NULL);
  g_assert_cmpuint (removed->status, ==, 200);
  g_assert_null (lookup (fixture, path));
  g_assert_nonnull (lookup (fixture, other));
  assert_problem (fixture, "DELETE", path, NULL, 404, "unknown_alert");
}

static void
test_a_patch_changes_it (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *path = add (fixture, GOLD);
  gint64 now_us = quotes_clock_get_real_us (QUOTES_CLOCK (fixture->server.clock));
  g_autoptr (HttpAnswer) off = ask (fixture, "PATCH", path, "{\"enabled\":false}");
  g_autoptr (HttpAnswer) snoozed = NULL;

  g_assert_cmpuint (off->status, ==, 200);
  g_assert_nonnull (strstr (off->body, "\"enabled\":false"));
  g_assert_false (lookup (fixture, path)->is_enabled);
  snoozed = ask (fixture, "PATCH", path, "{\"enabled\":true,\"snooze_s\":60}");
  g_assert_cmpuint (snoozed->status, ==, 200);
  g_assert_true (lookup (fixture, path)->is_enabled);
  g_assert_cmpint (lookup (fixture, path)->snoozed_until_us, ==, now_us + 60000000);

  assert_problem (fixture, "PATCH", path, "{}", 422, "invalid_alert");
  assert_problem (fixture, "PATCH", path, "{\"enabled\":1}", 422, "invalid_alert");
  assert_problem (fixture, "PATCH", path, "{\"enabled\":false,\"level\":1}", 422, "invalid_alert");
  /* Neither of the two: a snooze of ten years is too long. */
  assert_problem (fixture, "PATCH", path, "{\"enabled\":false,\"snooze_s\":315360000}", 422,
                  "invalid_alert");
  g_assert_true (lookup (fixture, path)->is_enabled);
  assert_problem (fixture, "PATCH", path, "[]", 400, "json");
  assert_problem (fixture, "PATCH", ALERTS "/77", "{\"enabled\":true}", 404, "unknown_alert");
  assert_problem (fixture, "PATCH", ALERTS "/%00", "{\"enabled\":true}", 400, "path");
}

static void
test_a_refusal_says_what_is_wrong (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const struct
  {
    const char *json;
    guint status;
    const char *code;
    const char *word;
  } rows[] = {
    {"{\"kind\":\"above\",\"symbol\":\"XAU\",\"level\":\"2400\"}", 422, "invalid_alert", "level"},
    {"{\"kind\":\"above\",\"symbol\":\"XAU\",\"<b>\":1}", 422, "invalid_alert", "not known"},
    {"{\"symbol\":\"XAU\"}", 422, "invalid_alert", "kind"},
    {"{\"kind\":\"above\",\"symbol\":\"XAU\"}", 422, "invalid_alert", "level"},
    {"{\"kind\":\"move\",\"symbol\":\"XAU\",\"percent\":1,\"window_s\":1}", 422, "invalid_alert",
     "window"},
    {"{\"kind\":\"stale\",\"symbol\":\"NOPE\"}", 404, "unknown_symbol", ""},
    {"[1]", 400, "json", ""},
    {"{", 400, "json", ""},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (HttpAnswer) http = ask (fixture, "POST", ALERTS, rows[i].json);

      http_answer_assert_problem (http, rows[i].status, rows[i].code);
      g_assert_nonnull (strstr (http->body, rows[i].word));
      /* Never a word of the request. */
      g_assert_null (strstr (http->body, "<b>"));
    }
  g_assert_cmpuint (quotes_alerts_get_list (fixture->alerts)->len, ==, 0);
}

static void
test_a_full_list_refuses (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  QuotesAlert fields = QUOTES_ALERT_INIT;

  fields.kind = QUOTES_ALERT_STALE;
  fields.symbol = "XAU";
  for (guint i = 0; i < QUOTES_ALERTS_MAX; i++)
    g_assert_nonnull (quotes_alerts_add (fixture->alerts, &fields, NULL));
  assert_problem (fixture, "POST", ALERTS, GOLD, 409, "list_full");
}

static void
assert_allow (Fixture *fixture, const char *method, const char *target, const char *allow)
{
  g_autoptr (HttpAnswer) http =
    ask (fixture, method, target,
         g_str_equal (method, "PATCH") || g_str_equal (method, "POST") ? "{}" : NULL);
  g_autofree char *said = http_answer_dup_header (http, "Allow");

  http_answer_assert_problem (http, 405, "method");
  g_assert_cmpstr (said, ==, allow);
}

static void
test_only_one_alert_can_be_patched (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  assert_allow (fixture, "PATCH", ALERTS, "GET, HEAD, POST");
  assert_allow (fixture, "PATCH", "/api/v1/widgets/quotes", "GET, HEAD, POST");
  assert_allow (fixture, "PATCH", "/api/v1/widgets/quotes/XAU", "GET, HEAD, DELETE");
  assert_allow (fixture, "GET", ALERTS "/1", "PATCH, DELETE");
  assert_allow (fixture, "POST", ALERTS "/1", "PATCH, DELETE");
}

/* Rule A9: a form of another site can send it without asking, but for the content type. */
static void
test_a_patch_is_json (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *path = add (fixture, GOLD);
  g_autofree char *request = g_strdup_printf (
    "PATCH %s HTTP/1.1\r\nHost: %s\r\nContent-Type: text/plain\r\nContent-Length: 17\r\n\r\n"
    "{\"enabled\":false}",
    path, fixture->server.address + strlen ("http://"));
  g_autoptr (HttpExchange) exchange =
    http_exchange_begin (fixture->server.address, request, strlen (request));

  wait_until (exchange->is_closed, 5);
  g_assert_true (g_str_has_prefix (exchange->received->str, "HTTP/1.1 415 "));
  g_assert_true (lookup (fixture, path)->is_enabled);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/server-alerts/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("alerts-come-and-go", test_alerts_come_and_go);
  ADD ("a-patch-changes-it", test_a_patch_changes_it);
  ADD ("a-refusal-says-what-is-wrong", test_a_refusal_says_what_is_wrong);
  ADD ("a-full-list-refuses", test_a_full_list_refuses);
  ADD ("only-one-alert-can-be-patched", test_only_one_alert_can_be_patched);
  ADD ("a-patch-is-json", test_a_patch_is_json);
#undef ADD

  return g_test_run ();
}
