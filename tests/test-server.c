/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http.h"
#include "quotes-json.h"
#include "server-fixture.h"
#include "wait.h"

#define QUOTES "/api/v1/widgets/quotes"

typedef ServerFixture Fixture;

static JsonNode *
parse (const HttpAnswer *http)
{
  g_autoptr (GBytes) bytes = g_bytes_new (http->body, http->body_size);
  g_autoptr (GError) error = NULL;
  JsonNode *node = quotes_json_parse (bytes, 1 << 20, &error);

  g_test_message ("%u %s", http->status, http->body);
  g_assert_no_error (error);
  return node;
}

static void
assert_string (const HttpAnswer *http, guint status, const char *member, const char *value)
{
  g_autoptr (JsonNode) node = parse (http);

  g_assert_cmpuint (http->status, ==, status);
  g_assert_cmpstr (quotes_json_object_get_string (quotes_json_get_object (node), member), ==,
                   value);
}

static void
assert_problem (Fixture *fixture,
                const char *method,
                const char *target,
                const char *json,
                guint status,
                const char *code)
{
  g_autoptr (HttpAnswer) http = http_ask (fixture->address, method, target, NULL, json);

  g_test_message ("%s %s", method, target);
  http_answer_assert_problem (http, status, code);
}

static void
assert_header (const HttpAnswer *http, const char *name, const char *expected)
{
  g_autofree char *value = http_answer_dup_header (http, name);

  g_test_message ("%s", name);
  g_assert_cmpstr (value, ==, expected);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_who_takes_prices_is_noticed (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  static const struct
  {
    const char *target;
    guint n_looks;
  } rows[] = {
    {QUOTES, 1}, {QUOTES "/XAU", 1}, {"/api/v1/status", 0}, {"/metrics", 0}, {"/health", 0}};
  guint n_looks = 0;
  guint n_changes = 0;

  server_fixture_answer (fixture, 1);
  g_signal_connect_swapped (fixture->hub, "looked", G_CALLBACK (count_cb), &n_looks);
  g_signal_connect_swapped (fixture->server, "streams-changed", G_CALLBACK (count_cb), &n_changes);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (HttpAnswer) http = http_get (fixture->address, rows[i].target);

      g_test_message ("%s", rows[i].target);
      g_assert_cmpuint (n_looks, ==, rows[i].n_looks);
      n_looks = 0;
    }
  g_assert_cmpuint (n_changes, ==, 0);
  {
    g_autoptr (HttpExchange) exchange =
      http_exchange_get (fixture->address, QUOTES "/stream", NULL);

    wait_until (n_changes == 1, 5);
    g_assert_cmpuint (quotes_server_get_n_streams (fixture->server), ==, 1);
    wait_until (strstr (exchange->received->str, "event: snapshot\n") != NULL, 5);
    g_string_truncate (exchange->received, 0);
    /* Who reads is told at once why less will come. */
    quotes_poller_set_metered (fixture->poller, TRUE);
    wait_until (strstr (exchange->received->str, "\"interval_reason\":\"metered\"") != NULL, 5);
  }
  wait_until (n_changes == 2, 5);
  g_assert_cmpuint (quotes_server_get_n_streams (fixture->server), ==, 0);
  g_assert_cmpuint (n_looks, ==, 0);
  g_signal_handlers_disconnect_by_data (fixture->hub, &n_looks);
  g_signal_handlers_disconnect_by_data (fixture->server, &n_changes);
}

static void
test_list (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpAnswer) empty = http_get (fixture->address, QUOTES);
  g_autoptr (HttpAnswer) http = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonArray *quotes = NULL;
  gint64 version = 0;

  g_assert_cmpstr (empty->body, ==,
                   "{\"version\":0,\"stored\":null,\"generated\":null,\"quotes\":[]}");
  server_fixture_answer (fixture, 2899.3);
  http = http_get (fixture->address, QUOTES "?unknown=1&limit=x");
  node = parse (http);
  g_assert_true (quotes_json_object_get_int (quotes_json_get_object (node), "version", &version));
  g_assert_cmpint (version, ==, 1);
  quotes = quotes_json_object_get_array (quotes_json_get_object (node), "quotes");
  g_assert_cmpuint (json_array_get_length (quotes), ==, 2);
  g_assert_cmpstr (
    quotes_json_object_get_string (json_array_get_object_element (quotes, 0), "symbol"), ==, "XAU");
  assert_header (http, "Content-Type", "application/json");
}

static void
test_symbol (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpAnswer) http = NULL;

  assert_problem (fixture, "GET", QUOTES "/XAU", NULL, 404, "no_quote");
  server_fixture_answer (fixture, 2899.3);
  http = http_get (fixture->address, QUOTES "/%58AU");
  assert_string (http, 200, "symbol", "XAU");
  assert_problem (fixture, "GET", QUOTES "/NOPE", NULL, 404, "unknown_symbol");
  assert_problem (fixture, "GET", QUOTES "/xau", NULL, 404, "unknown_symbol");
}

static HttpExchange *
begin_post (Fixture *fixture, const char *json)
{
  g_autofree char *request =
    g_strdup_printf ("POST " QUOTES " HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
                     "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                     fixture->address + strlen ("http://"), strlen (json), json);

  return http_exchange_begin (fixture->address, request, strlen (request));
}

static gboolean
has_instrument (Fixture *fixture, const char *symbol)
{
  return quotes_watchlist_lookup (quotes_hub_get_watchlist (fixture->hub), symbol) != NULL;
}

static void
test_add (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpExchange) exchange = NULL;
  g_autoptr (HttpAnswer) again = NULL;

  server_fixture_answer (fixture, 1);
  exchange = begin_post (fixture, "{\"instrument\":\"yahoo:^ftse\"}");
  wait_until (has_instrument (fixture, "^FTSE"), 5);
  fake_clock_advance_us (fixture->clock, 1);
  wait_settle ();
  g_assert_cmpstr (exchange->received->str, ==, "");
  server_fixture_answer (fixture, 7000);
  wait_until (exchange->is_closed, 5);
  g_assert_true (g_str_has_prefix (exchange->received->str, "HTTP/1.1 201 "));
  g_assert_nonnull (strstr (exchange->received->str, "{\"symbol\":\"^FTSE\""));

  again = http_ask (fixture->address, "POST", QUOTES, NULL, "{\"instrument\":\"^FTSE\"}");
  assert_string (again, 200, "instrument", "yahoo:^FTSE");
}

static void
test_add_without_price (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpExchange) exchange = begin_post (fixture, "{\"instrument\":\"yahoo:AAPL\"}");
  g_autoptr (HttpAnswer) again = NULL;

  wait_until (has_instrument (fixture, "AAPL"), 5);
  fake_clock_advance_us (fixture->clock, 2 * G_USEC_PER_SEC);
  wait_until (exchange->is_closed, 5);
  g_assert_true (g_str_has_prefix (exchange->received->str, "HTTP/1.1 202 "));
  g_assert_true (g_str_has_suffix (exchange->received->str,
                                   "\r\n\r\n{\"symbol\":\"AAPL\",\"instrument\":\"yahoo:AAPL\"}"));

  /* Somebody else asks for the same, and no price has come: at once. */
  again = http_ask (fixture->address, "POST", QUOTES, NULL, "{\"instrument\":\"yahoo:AAPL\"}");
  assert_string (again, 202, "symbol", "AAPL");
}

/* The client goes while its answer waits; then the server goes while one waits. */
static void
test_add_and_go (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpExchange) gone = begin_post (fixture, "{\"instrument\":\"yahoo:AAPL\"}");
  g_autoptr (HttpExchange) left = NULL;

  wait_until (has_instrument (fixture, "AAPL"), 5);
  http_exchange_end (g_steal_pointer (&gone));
  wait_settle ();
  fake_clock_advance_us (fixture->clock, 2 * G_USEC_PER_SEC);
  wait_settle ();

  left = begin_post (fixture, "{\"instrument\":\"yahoo:MSFT\"}");
  wait_until (has_instrument (fixture, "MSFT"), 5);
}

static void
test_add_nonsense (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  assert_problem (fixture, "POST", QUOTES, "{\"instrument\":\"nobody:X\"}", 422,
                  "invalid_instrument");
  assert_problem (fixture, "POST", QUOTES, "{\"instrument\":\"yahoo:A B\"}", 422,
                  "invalid_instrument");
  assert_problem (fixture, "POST", QUOTES, "{\"instrument\":7}", 422, "invalid_instrument");
  assert_problem (fixture, "POST", QUOTES, "{\"symbol\":\"XAU\"}", 422, "invalid_instrument");
  assert_problem (fixture, "POST", QUOTES, "[\"XAU\"]", 400, "json");
  assert_problem (fixture, "POST", QUOTES, "null", 400, "json");
}

static void
test_list_full (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  QuotesWatchlist *watchlist = quotes_hub_get_watchlist (fixture->hub);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;

  for (guint i = 0; i < QUOTES_WATCHLIST_MAX; i++)
    {
      g_autofree char *text = g_strdup_printf ("yahoo:X%u", i);

      g_strv_builder_add (builder, text);
    }
  texts = g_strv_builder_end (builder);
  quotes_watchlist_load (watchlist, (const char *const *) texts);
  assert_problem (fixture, "POST", QUOTES, "{\"instrument\":\"yahoo:AAPL\"}", 409, "list_full");
}

static void
test_remove (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpAnswer) http = NULL;

  server_fixture_answer (fixture, 1);
  http = http_ask (fixture->address, "DELETE", QUOTES "/XAU", NULL, NULL);
  assert_string (http, 200, "symbol", "XAU");
  assert_problem (fixture, "GET", QUOTES "/XAU", NULL, 404, "unknown_symbol");
  assert_problem (fixture, "DELETE", QUOTES "/XAU", NULL, 404, "unknown_symbol");
}

static void
test_refresh (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  const char *const bodies[] = {"{}", "{\"symbols\":[]}", "{\"symbols\":[\"XAU\",\"SPX\"]}"};

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (HttpAnswer) http = NULL;
      guint n_fetches = fake_provider_get_n_fetches (fixture->provider);

      server_fixture_answer (fixture, 1);
      g_assert_false (fake_provider_is_waiting (fixture->provider));
      http = http_ask (fixture->address, "POST", QUOTES "/refresh", NULL, bodies[i]);
      g_assert_cmpuint (http->status, ==, 202);
      g_assert_cmpstr (http->body, ==, "{}");
      fake_clock_advance_us (fixture->clock, 1);
      g_assert_cmpuint (fake_provider_get_n_fetches (fixture->provider), ==, n_fetches + 1);
    }
  assert_problem (fixture, "POST", QUOTES "/refresh", "{\"symbols\":[\"NOPE\"]}", 404,
                  "unknown_symbol");
  assert_problem (fixture, "POST", QUOTES "/refresh", "{\"symbols\":[1]}", 404, "unknown_symbol");
  assert_problem (fixture, "POST", QUOTES "/refresh", "{\"symbols\":\"XAU\"}", 400,
                  "invalid_argument");
  assert_problem (fixture, "POST", QUOTES "/refresh", "[]", 400, "json");
  assert_problem (fixture, "GET", QUOTES "/refresh", NULL, 405, "method");
}

static void
test_status (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpAnswer) http = http_get (fixture->address, "/api/v1/status");
  g_autoptr (JsonNode) node = NULL;

  assert_string (http, 200, "state", "waiting");
  assert_string (http, 200, "address", fixture->address);
  node = parse (http);
  g_assert_cmpuint (
    json_array_get_length (quotes_json_object_get_array (quotes_json_get_object (node), "pending")),
    ==, 2);
}

static void
test_health_and_metrics (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpAnswer) health = http_get (fixture->address, "/health");
  g_autoptr (HttpAnswer) metrics = NULL;

  assert_string (health, 200, "status", "healthy");
  assert_string (health, 200, "version", VERSION);
  metrics = http_get (fixture->address, "/metrics");
  g_assert_cmpuint (metrics->status, ==, 200);
  assert_header (metrics, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  g_assert_nonnull (strstr (metrics->body, "\nmarketwell_requests_passed_total 2\n"));
}

static void
test_unknown_paths (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  assert_problem (fixture, "GET", "/", NULL, 404, "not_found");
  assert_problem (fixture, "GET", "/nothing", NULL, 404, "not_found");
  assert_problem (fixture, "DELETE", "/nothing", NULL, 404, "not_found");
  assert_problem (fixture, "GET", QUOTES "/", NULL, 404, "not_found");
  assert_problem (fixture, "GET", QUOTES "/XAU/more", NULL, 404, "not_found");
}

static void
test_methods (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  const struct
  {
    const char *method;
    const char *path;
    const char *allow;
  } cases[] = {
    {"DELETE", QUOTES, "GET, HEAD, POST"},     {"POST", QUOTES "/XAU", "GET, HEAD, DELETE"},
    {"POST", "/api/v1/status", "GET, HEAD"},   {"POST", "/api/v1/stream", "GET, HEAD"},
    {"DELETE", QUOTES "/stream", "GET, HEAD"}, {"DELETE", QUOTES "/refresh", "POST"},
    {"DELETE", "/health", "GET, HEAD"},        {"PATCH", QUOTES, "GET, HEAD, POST"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *json = *cases[i].method == 'P' ? "{}" : NULL;
      g_autoptr (HttpAnswer) http =
        http_ask (fixture->address, cases[i].method, cases[i].path, NULL, json);

      g_test_message ("%s %s", cases[i].method, cases[i].path);
      http_answer_assert_problem (http, 405, "method");
      assert_header (http, "Allow", cases[i].allow);
    }
}

/* HEAD is GET without the body, with its length. */
static void
test_head (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  const char *const paths[] = {"/health", QUOTES, QUOTES "/XAU", QUOTES "/NOPE", "/nothing"};
  g_autoptr (HttpAnswer) stream = NULL;

  server_fixture_answer (fixture, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (HttpAnswer) get = http_get (fixture->address, paths[i]);
      g_autoptr (HttpAnswer) head = http_ask (fixture->address, "HEAD", paths[i], NULL, NULL);
      g_autofree char *length = http_answer_dup_header (get, "Content-Length");
      g_autofree char *type = http_answer_dup_header (get, "Content-Type");

      g_test_message ("%s", paths[i]);
      g_assert_cmpuint (head->status, ==, get->status);
      g_assert_cmpuint (head->body_size, ==, 0);
      g_assert_cmpuint (get->body_size, >, 0);
      assert_header (head, "Content-Length", length);
      assert_header (head, "Content-Type", type);
    }

  stream = http_ask (fixture->address, "HEAD", QUOTES "/stream", NULL, NULL);
  g_assert_cmpuint (stream->status, ==, 200);
  g_assert_cmpuint (stream->body_size, ==, 0);
  g_assert_cmpuint (quotes_server_get_n_streams (fixture->server), ==, 0);
}

static void
test_request_id (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *longest = g_strnfill (64, 'a');
  g_autofree char *too_long = g_strnfill (65, 'a');
  const char *const good[] = {"x", "A-1_b.C", longest};
  const char *const bad[] = {too_long, "a b", "a/b", "ä", "a;b", ""};

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *header = g_strdup_printf ("X-Request-ID: %s\r\n", good[i]);
      g_autoptr (HttpAnswer) http = http_ask (fixture->address, "GET", "/health", header, NULL);
      g_autoptr (HttpAnswer) problem = http_ask (fixture->address, "GET", "/no", header, NULL);

      assert_header (http, "X-Request-ID", good[i]);
      assert_header (problem, "X-Request-ID", good[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *header = g_strdup_printf ("X-Request-ID: %s\r\n", bad[i]);
      g_autoptr (HttpAnswer) http = http_ask (fixture->address, "GET", "/health", header, NULL);
      g_autofree char *id = http_answer_dup_header (http, "X-Request-ID");

      g_assert_nonnull (id);
      g_assert_true (g_regex_match_simple ("^[0-9a-f]{16}$", id, 0, 0));
    }
}

static void
assert_security_headers (const HttpAnswer *http)
{
  assert_header (http, "X-Content-Type-Options", "nosniff");
  assert_header (http, "Referrer-Policy", "no-referrer");
  assert_header (http, "Cross-Origin-Resource-Policy", "same-origin");
  assert_header (http, "Cross-Origin-Opener-Policy", "same-origin");
  assert_header (http, "X-Frame-Options", "DENY");
  assert_header (http, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  assert_header (http, "Cache-Control", "no-store");
  assert_header (http, "Connection", "close");
  assert_header (http, "Server", NULL);
  g_assert_null (strstr (http->head, "Access-Control"));
}

/* On a success, on our problems and on the door's. */
static void
test_security_headers (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  const struct
  {
    const char *method;
    const char *path;
    const char *headers;
    guint status;
  } cases[] = {
    {"GET", "/health", "Origin: http://evil.example\r\n", 403},
    {"GET", "/health", NULL, 200},
    {"GET", "/metrics", NULL, 200},
    {"GET", "/api/v1/status", NULL, 200},
    {"GET", QUOTES, NULL, 200},
    {"GET", "/nothing", NULL, 404},
    {"DELETE", "/health", NULL, 405},
    {"GET", QUOTES "/stream?mode=x", NULL, 400},
    {"GET", "/a//b", NULL, 400},
    {"BREW", "/health", NULL, 405},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HttpAnswer) http =
        http_ask (fixture->address, cases[i].method, cases[i].path, cases[i].headers, NULL);

      g_test_message ("%s %s", cases[i].method, cases[i].path);
      g_assert_cmpuint (http->status, ==, cases[i].status);
      assert_security_headers (http);
    }
}

static void
test_unix (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpAnswer) http = http_get (fixture->unix_address, "/api/v1/status");

  assert_string (http, 200, "address", fixture->address);
}

static void
test_stream (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpExchange) exchange = NULL;

  server_fixture_answer (fixture, 1);
  exchange = http_exchange_get (fixture->address, QUOTES "/stream", NULL);
  wait_until (strstr (exchange->received->str, "event: snapshot\n") != NULL, 5);
  g_assert_true (g_str_has_prefix (exchange->received->str, "HTTP/1.1 200 "));
  g_assert_cmpuint (quotes_server_get_n_streams (fixture->server), ==, 1);

  /* A change is an update, and the round a status. */
  quotes_poller_refresh (fixture->poller, NULL);
  fake_clock_advance_us (fixture->clock, G_USEC_PER_SEC);
  server_fixture_answer (fixture, 2);
  wait_until (strstr (exchange->received->str, "event: update\n") != NULL, 5);
  wait_until (strstr (exchange->received->str, "event: status\n") != NULL, 5);

  /* A removal is a snapshot. */
  g_string_truncate (exchange->received, 0);
  g_assert_true (quotes_watchlist_remove (quotes_hub_get_watchlist (fixture->hub), "XAU", NULL));
  wait_until (strstr (exchange->received->str, "event: snapshot\n") != NULL, 5);
  g_assert_null (strstr (exchange->received->str, "\"XAU\""));
}

static void
compare_ways_to_stream (Fixture *fixture, const char *ours, const char *libsoups, const char *id)
{
  const char *const targets[] = {ours, libsoups};
  g_autofree char *headers =
    g_strdup_printf ("X-Request-ID: ours-%s\r\nLast-Event-ID: %s\r\n", id, id);
  g_auto (GStrv) received = g_new0 (char *, 3);
  g_autoptr (GRegex) volatile_parts =
    g_regex_new ("retry: [0-9]+|Date: [^\r]*|\r\n[0-9a-f]+\r\n", 0, 0, NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (HttpExchange) exchange = http_exchange_get (fixture->address, targets[i], headers);

      wait_until (strstr (exchange->received->str, "event: status\n") != NULL, 5);
      g_assert_nonnull (strstr (exchange->received->str, "X-Request-ID: ours-"));
      g_assert_nonnull (strstr (exchange->received->str, "\"reason\":\"restart\""));
      received[i] =
        g_regex_replace_literal (volatile_parts, exchange->received->str, -1, 0, "", 0, NULL);
    }
  g_assert_cmpstr (received[0], ==, received[1]);
  wait_until (quotes_server_get_n_streams (fixture->server) == 0, 5);
}

/* The door claims what is written plainly; the same in other words goes by way of libsoup. */
static void
test_both_ways_to_a_stream_agree (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  server_fixture_answer (fixture, 1);
  compare_ways_to_stream (fixture, QUOTES "/stream?symbols=XAU",
                          "/%61pi/v1/widgets/quotes/stream?symbols=XAU", "deadbeef.1");
  compare_ways_to_stream (fixture, "/api/v1/stream?topics=quotes,status",
                          "/api/v1/%73tream?topics=quotes,status", "abc");
}

/* Another price of a provider that fares as before makes no second status within a second; a
 * provider that fails makes one at once. */
static void
test_status_events (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpExchange) exchange = NULL;

  server_fixture_answer (fixture, 1);
  exchange = http_exchange_get (fixture->address, "/api/v1/stream?topics=status", NULL);
  wait_until (quotes_server_get_n_streams (fixture->server) == 1, 5);
  for (guint i = 0; i < 5; i++)
    {
      quotes_poller_refresh (fixture->poller, NULL);
      fake_clock_advance_us (fixture->clock, 1);
      server_fixture_answer (fixture, 2 + i);
    }
  wait_settle ();
  g_string_truncate (exchange->received, 0);

  quotes_poller_refresh (fixture->poller, NULL);
  fake_clock_advance_us (fixture->clock, 1);
  server_fixture_answer (fixture, 100);
  g_assert_null (strstr (exchange->received->str, "event: status\n"));
  quotes_poller_refresh (fixture->poller, NULL);
  fake_clock_advance_us (fixture->clock, 1);
  fake_provider_fail (fixture->provider, QUOTES_PROVIDER_ERROR_NETWORK, -1);
  wait_until (strstr (exchange->received->str, "\"reason\":\"network\"") != NULL, 5);
}

static void
stopped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (quotes_server_stop_finish (QUOTES_SERVER (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
test_stop (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpExchange) exchange = NULL;
  g_autoptr (HttpAnswer) http = NULL;
  gboolean is_stopped = FALSE;

  server_fixture_answer (fixture, 1);
  exchange = http_exchange_get (fixture->address, QUOTES "/stream", NULL);
  wait_until (quotes_server_get_n_streams (fixture->server) == 1, 5);
  quotes_server_stop_async (fixture->server, NULL, stopped_cb, &is_stopped);
  wait_until (exchange->is_closed, 5);
  fake_clock_advance_us (fixture->clock, G_USEC_PER_SEC);
  wait_until (is_stopped, 5);
  g_assert_nonnull (strstr (exchange->received->str, "event: bye\n"));

  http = http_get (fixture->address, "/health");
  g_assert_cmpuint (http->status, ==, 0);
}

static guint
count_status (Fixture *fixture, const char *path, guint n, guint status)
{
  guint n_found = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (HttpAnswer) http = http_get (fixture->address, path);

      n_found += http->status == status;
    }
  return n_found;
}

static void
test_rate (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpAnswer) refused = NULL;
  g_autoptr (HttpAnswer) other = NULL;
  g_autoptr (HttpExchange) stream = NULL;

  g_assert_cmpuint (count_status (fixture, QUOTES, 40, 200), ==, 40);
  g_assert_cmpuint (count_status (fixture, "/api/v1/status", 20, 429), ==, 20);
  refused = http_get (fixture->address, QUOTES);
  http_answer_assert_problem (refused, 429, "rate");
  assert_header (refused, "Retry-After", "1");

  /* What is not limited is not counted either. */
  g_assert_cmpuint (count_status (fixture, "/health", 60, 200), ==, 60);
  g_assert_cmpuint (count_status (fixture, "/metrics", 60, 200), ==, 60);
  stream = http_exchange_get (fixture->address, QUOTES "/stream", NULL);
  wait_until (quotes_server_get_n_streams (fixture->server) == 1, 5);
  /* The Unix socket's clients have keys of their own. */
  other = http_get (fixture->unix_address, QUOTES);
  g_assert_cmpuint (other->status, ==, 200);

  fake_clock_advance_us (fixture->clock, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (count_status (fixture, QUOTES, 60, 200), ==, 40);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define add(name, func)                                                                            \
  g_test_add (name, Fixture, NULL, server_fixture_set_up, func, server_fixture_tear_down)
  add ("/server/the-list-has-everything", test_list);
  add ("/server/who-takes-prices-is-noticed", test_who_takes_prices_is_noticed);
  add ("/server/a-symbol-has-its-quote", test_symbol);
  add ("/server/an-added-instrument-comes-with-its-price", test_add);
  add ("/server/an-added-instrument-without-price-is-accepted", test_add_without_price);
  add ("/server/whoever-waits-may-go", test_add_and_go);
  add ("/server/nonsense-is-not-added", test_add_nonsense);
  add ("/server/a-full-list-takes-no-more", test_list_full);
  add ("/server/an-instrument-can-be-removed", test_remove);
  add ("/server/refresh-asks-the-providers", test_refresh);
  add ("/server/status-says-how-it-fares", test_status);
  add ("/server/health-and-metrics-answer", test_health_and_metrics);
  add ("/server/unknown-paths-are-404", test_unknown_paths);
  add ("/server/wrong-methods-are-405-with-allow", test_methods);
  add ("/server/head-is-get-without-body", test_head);
  add ("/server/every-answer-has-a-request-id", test_request_id);
  add ("/server/every-answer-has-the-security-headers", test_security_headers);
  add ("/server/the-unix-socket-answers-too", test_unix);
  add ("/server/a-stream-gets-what-the-core-says", test_stream);
  add ("/server/both-ways-to-a-stream-agree", test_both_ways_to_a_stream_agree);
  add ("/server/a-status-event-is-sent-when-it-says-something", test_status_events);
  add ("/server/stop-says-goodbye-and-listens-no-more", test_stop);
  add ("/rules/E4-forty-at-once-then-twenty-a-second", test_rate);
#undef add

  return g_test_run ();
}
