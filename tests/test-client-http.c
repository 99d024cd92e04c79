/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <locale.h>

#include "quote-maker.h"
#include "quotes-http-client.h"
#include "scripted-service.h"
#include "wait.h"

#define PATIENCE 20

static void
answered_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

#define ANSWER_TO(result) wait_until ((result) != NULL, PATIENCE)

static QuotesSnapshot *
list (ScriptedService *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_client_list_async (fixture->client, NULL, answered_cb, &result);
  ANSWER_TO (result);
  return quotes_client_list_finish (fixture->client, result, error);
}

static char *
add (ScriptedService *fixture, const char *instrument, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_client_add_async (fixture->client, instrument, NULL, answered_cb, &result);
  ANSWER_TO (result);
  return quotes_client_add_finish (fixture->client, result, error);
}

static gboolean
remove_symbol (ScriptedService *fixture, const char *symbol, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_client_remove_async (fixture->client, symbol, NULL, answered_cb, &result);
  ANSWER_TO (result);
  return quotes_client_remove_finish (fixture->client, result, error);
}

static void
test_list (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *item = scripted_service_dup_item ("XAU", 2400.5);
  g_autofree char *body = g_strdup_printf ("{\"version\":7,\"quotes\":[%s,{},3]}", item);
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesSnapshot) snapshot = NULL;
  const QuotesQuote fields = maker_get_fields ("XAU", "A “name”\n");
  const QuotesQuote *quote = NULL;

  scripted_service_say (fixture, 200, "application/json", body);
  snapshot = list (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->requested, ==, "GET " SCRIPTED_LIST_PATH " ");
  g_assert_cmpuint (snapshot->version, ==, 7);
  g_assert_cmpuint (snapshot->quotes->len, ==, 1);
  quote = g_ptr_array_index (snapshot->quotes, 0);
  g_assert_cmpfloat (quote->price, ==, 2400.5);
  g_assert_cmpstr (quote->name, ==, fields.name);
  g_assert_cmpint (quote->fetched_us, ==, fields.fetched_us);
  g_assert_cmpint (quote->market_state, ==, fields.market_state);
}

static void
test_changes (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *added = NULL;

  scripted_service_say (fixture, 202, "application/json",
                        "{\"symbol\":\"AAPL\",\"instrument\":\"yahoo:AAPL\"}");
  added = add (fixture, "yahoo:\"AAPL", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (added, ==, "AAPL");
  g_assert_cmpstr (fixture->requested, ==,
                   "POST " SCRIPTED_LIST_PATH " {\"instrument\":\"yahoo:\\\"AAPL\"}");
  scripted_service_say (fixture, 200, "application/json", "{\"symbol\":\"^FT/SE?\"}");
  g_assert_true (remove_symbol (fixture, "^FT/SE?", &error));
  g_assert_cmpstr (fixture->requested, ==, "DELETE " SCRIPTED_LIST_PATH "/^FT/SE? ");
  scripted_service_say (fixture, 202, "application/json", "{}");
  quotes_client_refresh_async (fixture->client, (const char *[]){"XAU", "X\"", NULL}, NULL,
                               answered_cb, &result);
  ANSWER_TO (result);
  g_assert_true (quotes_client_refresh_finish (fixture->client, result, &error));
  g_assert_cmpstr (fixture->requested, ==,
                   "POST " SCRIPTED_LIST_PATH "/refresh {\"symbols\":[\"XAU\",\"X\\\"\"]}");
}

static void
test_status (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesClientStatus) status = NULL;
  const QuotesClientProvider *provider = NULL;
  const QuotesClientPending *pending = NULL;

  scripted_service_say (
    fixture, 200, "application/json",
    "{\"state\":\"degraded\",\"version\":3,\"stored\":null,\"address\":\"http://127.0.0.1:1\","
    "\"program_version\":\"9.9\",\"last_update\":\"2026-02-17T09:30:00.25+00:00\","
    "\"next_update\":null,\"providers\":[{\"id\":\"yahoo\",\"label\":\"Yahoo\",\"tier\":\"free\","
    "\"attribution\":\"Y\",\"state\":\"error\",\"reason\":\"http\",\"message\":\"Could not\","
    "\"last_ok\":null,\"next_try\":\"2026-02-17T09:30:00+00:00\",\"interval_ms\":30000,"
    "\"interval_reason\":\"closed\","
    "\"failures\":2,\"requests\":5,\"rounds\":5,\"invalid\":0,\"instruments\":7},{},"
    "{\"id\":\"x\",\"interval_ms\":9223372036854775807}],"
    "\"pending\":[{\"symbol\":\"NOPE\",\"instrument\":\"yahoo:NOPE\",\"reason\":\"not-found\","
    "\"next_check\":\"2026-02-17T09:30:00+00:00\"}],\"streams\":{}}");
  quotes_client_status_async (fixture->client, NULL, answered_cb, &result);
  ANSWER_TO (result);
  status = quotes_client_status_finish (fixture->client, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (status->state, ==, "degraded");
  g_assert_cmpstr (status->transport, ==, fixture->address);
  g_assert_cmpstr (status->address, ==, "http://127.0.0.1:1");
  g_assert_cmpstr (status->program_version, ==, "9.9");
  g_assert_cmpint (status->last_update_us, ==, MAKER_TIME_US + 250000);
  g_assert_cmpint (status->next_update_us, ==, 0);
  g_assert_cmpuint (status->providers->len, ==, 2);
  provider = g_ptr_array_index (status->providers, 0);
  g_assert_cmpstr (provider->label, ==, "Yahoo");
  g_assert_cmpstr (provider->attribution, ==, "Y");
  g_assert_cmpstr (provider->reason, ==, "http");
  g_assert_cmpint (provider->interval_us, ==, 30 * G_USEC_PER_SEC);
  g_assert_cmpstr (provider->interval_reason, ==, "closed");
  g_assert_cmpint (provider->next_try_us, ==, MAKER_TIME_US);
  g_assert_cmpuint (provider->n_failures, ==, 2);
  g_assert_cmpuint (provider->n_instruments, ==, 7);
  pending = g_ptr_array_index (status->pending, 0);
  g_assert_cmpstr (pending->instrument, ==, "yahoo:NOPE");
  g_assert_cmpstr (pending->reason, ==, "not-found");
  g_assert_cmpint (pending->next_check_us, ==, MAKER_TIME_US);
}

static void
test_refusals (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const struct
  {
    guint status;
    const char *code;
    QuotesClientError error;
  } rows[] = {
    {422, "invalid_instrument", QUOTES_CLIENT_ERROR_INVALID_INSTRUMENT},
    {404, "unknown_symbol", QUOTES_CLIENT_ERROR_UNKNOWN_SYMBOL},
    {404, "no_quote", QUOTES_CLIENT_ERROR_NO_QUOTE},
    {404, "not_found", QUOTES_CLIENT_ERROR_REFUSED},
    {409, "list_full", QUOTES_CLIENT_ERROR_LIST_FULL},
    {400, "invalid_argument", QUOTES_CLIENT_ERROR_INVALID_ARGUMENT},
    {429, "too_many_requests", QUOTES_CLIENT_ERROR_LIMITS_EXCEEDED},
    {401, "unauthorized", QUOTES_CLIENT_ERROR_REFUSED},
    {503, "busy", QUOTES_CLIENT_ERROR_UNAVAILABLE},
    {500, "error", QUOTES_CLIENT_ERROR_REFUSED},
    {302, "nowhere", QUOTES_CLIENT_ERROR_REFUSED},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"code\":\"%s\"}", rows[i].code);
      g_autoptr (GError) error = NULL;

      scripted_service_say (fixture, rows[i].status, "application/problem+json", body);
      g_assert_null (add (fixture, "x", &error));
      g_assert_error (error, QUOTES_CLIENT_ERROR, (int) rows[i].error);
      g_assert_cmpstr (fixture->requested, ==,
                       "POST " SCRIPTED_LIST_PATH " {\"instrument\":\"x\"}");
    }
}

static void
test_strangers (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const bodies[] = {
    "",
    "<html>",
    "[]",
    "{}",
    "{\"version\":1}",
    "{\"version\":-1,\"quotes\":[]}",
    "{\"version\":\"1\",\"quotes\":[]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GError) error = NULL;

      scripted_service_say (fixture, 200, "text/html", bodies[i]);
      g_assert_null (list (fixture, &error));
      g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER);
    }
}

static void
test_too_long_an_answer (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *body = g_strnfill (9 * 1024 * 1024, ' ');
  g_autoptr (GError) error = NULL;

  scripted_service_say (fixture, 200, "application/json", body);
  g_assert_null (list (fixture, &error));
  g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER);
}

static void
test_nobody_is_there (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  scripted_service_set_client (fixture, "unix:/nonexistent/http.sock");
  g_assert_null (list (fixture, &error));
  g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_UNAVAILABLE);
  quotes_client_start_watching (fixture->client);
  wait_until (fixture->n_lost == 1, PATIENCE);
  g_assert_nonnull (fixture->reason);
}

static void
test_bad_addresses (void)
{
  static const char *const addresses[] = {"",       "unix:",       "x",     "http://",
                                          "ftp//x", "http://[::1", "/run/x"};

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (quotes_http_client_new (addresses[i], &error));
      g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ADDRESS);
    }
}

static void
test_unix_socket (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *dir = g_dir_make_tmp ("marketwell-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "http.sock", NULL);
  g_autofree char *address = g_strconcat ("unix:", path, NULL);
  g_autoptr (GSocketAddress) unix_address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesSnapshot) snapshot = NULL;
  g_autoptr (GSocketAddress) bound = scripted_service_listen_at (fixture, unix_address);

  g_assert_nonnull (bound);
  scripted_service_set_client (fixture, address);
  scripted_service_say (fixture, 200, "application/json", "{\"version\":7,\"quotes\":[]}");
  snapshot = list (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (snapshot->version, ==, 7);
  g_remove (path);
  g_rmdir (dir);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/client/http/" name, ScriptedService, NULL, scripted_service_set_up, func,          \
              scripted_service_tear_down)
  ADD ("the-list-is-read", test_list);
  ADD ("changes-are-sent", test_changes);
  ADD ("the-status-is-read", test_status);
  ADD ("refusals-are-told-apart", test_refusals);
  ADD ("strangers-are-not-believed", test_strangers);
  ADD ("too-long-an-answer-is-refused", test_too_long_an_answer);
  ADD ("nobody-is-there", test_nobody_is_there);
  ADD ("a-unix-socket-is-an-address", test_unix_socket);
#undef ADD
  g_test_add_func ("/client/http/what-is-no-address-is-refused", test_bad_addresses);

  return g_test_run ();
}
