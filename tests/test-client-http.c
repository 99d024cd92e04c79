/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <locale.h>
#include <string.h>

#include "quote-maker.h"
#include "quotes-client.h"
#include "quotes-http-client.h"
#include "quotes-quote-json.h"
#include "wait.h"

#define PATIENCE 20
#define LIST_PATH "/api/v1/widgets/quotes"
#define STREAM_PATH "/api/v1/widgets/quotes/stream"

/* A server that says what the test tells it to. */
typedef struct
{
  SoupServer *server;        /* (owned): libsoup 3.2 leaks sockets when it listens itself */
  GSocketListener *listener; /* (owned) */
  GCancellable *cancellable; /* (owned): of accepting */
  QuotesClient *client;      /* (owned) */
  char *address;             /* (owned) */
  guint status;
  const char *type;
  char *body;      /* (owned): of the next answers */
  char *requested; /* (owned) (nullable): method, path and body of the last request */

  SoupServerMessage *stream; /* (owned) (nullable): the stream that is open */
  char *last_event_id;       /* (owned) (nullable): of the last stream */
  guint n_streams;
  guint n_open;
  guint n_accepting;

  QuotesSnapshot *snapshot; /* (owned) (nullable): the last that was told */
  char *reason;             /* (owned) (nullable) */
  guint n_changed;
  guint n_lost;
  guint n_found;
} Fixture;

static void
stream_finished_cb (SoupServerMessage *message, Fixture *fixture)
{
  fixture->n_open--;
  if (fixture->stream == message)
    g_clear_object (&fixture->stream);
}

static void
open_stream (Fixture *fixture, SoupServerMessage *message)
{
  const char *id = soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                 "Last-Event-ID");

  g_set_object (&fixture->stream, message);
  g_free (fixture->last_event_id);
  fixture->last_event_id = g_strdup (id);
  fixture->n_streams++;
  fixture->n_open++;
  g_signal_connect (message, "finished", G_CALLBACK (stream_finished_cb), fixture);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                     SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  soup_server_message_pause (message);
}

static void
answer_cb (G_GNUC_UNUSED SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           G_GNUC_UNUSED GHashTable *query,
           gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GBytes) request =
    soup_message_body_flatten (soup_server_message_get_request_body (message));

  g_free (fixture->requested);
  fixture->requested = g_strdup_printf ("%s %s %.*s", soup_server_message_get_method (message),
                                        path, (int) g_bytes_get_size (request),
                                        (const char *) g_bytes_get_data (request, NULL));
  soup_server_message_set_status (message, fixture->status, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Content-Type",
                                fixture->type);
  if (fixture->status == 302)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location",
                                  "/elsewhere");
  if (g_str_equal (path, STREAM_PATH) && fixture->status == 200)
    open_stream (fixture, message);
  else
    soup_server_message_set_response (message, fixture->type, SOUP_MEMORY_COPY, fixture->body,
                                      strlen (fixture->body));
}

static void
changed_cb (G_GNUC_UNUSED QuotesClient *client, QuotesSnapshot *snapshot, Fixture *fixture)
{
  fixture->n_changed++;
  g_clear_pointer (&fixture->snapshot, quotes_snapshot_unref);
  fixture->snapshot = quotes_snapshot_ref (snapshot);
}

static void
state_changed_cb (G_GNUC_UNUSED QuotesClient *client,
                  gboolean connected,
                  const char *reason,
                  Fixture *fixture)
{
  fixture->n_found += connected ? 1 : 0;
  fixture->n_lost += connected ? 0 : 1;
  g_free (fixture->reason);
  fixture->reason = g_strdup (reason);
}

static void
say (Fixture *fixture, guint status, const char *type, const char *body)
{
  fixture->status = status;
  fixture->type = type;
  g_free (fixture->body);
  fixture->body = g_strdup (body);
}

static void
set_client (Fixture *fixture, const char *address)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&fixture->client);
  fixture->client = quotes_http_client_new (address, &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->client, "changed", G_CALLBACK (changed_cb), fixture);
  g_signal_connect (fixture->client, "state-changed", G_CALLBACK (state_changed_cb), fixture);
}

static void
accepted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
    g_socket_listener_accept_finish (G_SOCKET_LISTENER (source), result, NULL, &error);
  g_autoptr (GSocketAddress) local = NULL;
  g_autoptr (GSocketAddress) remote = NULL;
  Fixture *fixture = user_data;

  if (connection == NULL)
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      fixture->n_accepting--;
      return;
    }
  local = g_socket_connection_get_local_address (connection, NULL);
  remote = g_socket_connection_get_remote_address (connection, NULL);
  g_assert_true (
    soup_server_accept_iostream (fixture->server, G_IO_STREAM (connection), local, remote, &error));
  g_socket_listener_accept_async (fixture->listener, fixture->cancellable, accepted_cb, fixture);
}

static void
stop_accepting (Fixture *fixture)
{
  g_cancellable_cancel (fixture->cancellable);
  wait_until (fixture->n_accepting == 0, PATIENCE);
  g_clear_object (&fixture->cancellable);
}

/* Returns: (transfer full): where @address, which may leave the port open, is listened at */
static GSocketAddress *
listen_at (Fixture *fixture, GSocketAddress *address)
{
  GSocketAddress *effective = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_listener_add_address (fixture->listener, address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_DEFAULT, NULL, &effective, &error);
  g_assert_no_error (error);
  /* One at a time, for all addresses: two would wait for the same connection. */
  if (fixture->cancellable != NULL)
    stop_accepting (fixture);
  fixture->cancellable = g_cancellable_new ();
  fixture->n_accepting++;
  g_socket_listener_accept_async (fixture->listener, fixture->cancellable, accepted_cb, fixture);
  return effective;
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;

  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, answer_cb, fixture, NULL);
  fixture->listener = g_socket_listener_new ();
  address = listen_at (fixture, any_port);
  fixture->address = g_strdup_printf (
    "http://127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  say (fixture, 200, "application/json", "{}");
  set_client (fixture, fixture->address);
}

static void
end_stream (Fixture *fixture)
{
  soup_message_body_complete (soup_server_message_get_response_body (fixture->stream));
  soup_server_message_unpause (fixture->stream);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->client));
  /* The server does not look whether the reader of a stream is gone, and loses what is open. */
  if (fixture->stream != NULL)
    end_stream (fixture);
  wait_until (fixture->n_open == 0, PATIENCE);
  stop_accepting (fixture);
  g_socket_listener_close (fixture->listener);
  soup_server_disconnect (fixture->server);
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->listener));
  g_assert_finalize_object (g_steal_pointer (&fixture->server));
  g_clear_pointer (&fixture->snapshot, quotes_snapshot_unref);
  g_free (fixture->address);
  g_free (fixture->body);
  g_free (fixture->requested);
  g_free (fixture->last_event_id);
  g_free (fixture->reason);
}

static void
answered_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

#define ANSWER_TO(result) wait_until ((result) != NULL, PATIENCE)

static QuotesSnapshot *
list (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_client_list_async (fixture->client, NULL, answered_cb, &result);
  ANSWER_TO (result);
  return quotes_client_list_finish (fixture->client, result, error);
}

static char *
add (Fixture *fixture, const char *instrument, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_client_add_async (fixture->client, instrument, NULL, answered_cb, &result);
  ANSWER_TO (result);
  return quotes_client_add_finish (fixture->client, result, error);
}

static gboolean
remove_symbol (Fixture *fixture, const char *symbol, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_client_remove_async (fixture->client, symbol, NULL, answered_cb, &result);
  ANSWER_TO (result);
  return quotes_client_remove_finish (fixture->client, result, error);
}

static char *
dup_item (const char *symbol, double price)
{
  QuotesQuote fields = maker_get_fields (symbol, "A “name”\n");
  GString *text = g_string_new (NULL);

  fields.price = price;
  quotes_quote_append_json (&fields, NULL, text);
  return g_string_free (text, FALSE);
}

static void
test_list (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *item = dup_item ("XAU", 2400.5);
  g_autofree char *body = g_strdup_printf ("{\"version\":7,\"quotes\":[%s,{},3]}", item);
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesSnapshot) snapshot = NULL;
  const QuotesQuote fields = maker_get_fields ("XAU", "A “name”\n");
  const QuotesQuote *quote = NULL;

  say (fixture, 200, "application/json", body);
  snapshot = list (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->requested, ==, "GET " LIST_PATH " ");
  g_assert_cmpuint (snapshot->version, ==, 7);
  g_assert_cmpuint (snapshot->quotes->len, ==, 1);
  quote = g_ptr_array_index (snapshot->quotes, 0);
  g_assert_cmpfloat (quote->price, ==, 2400.5);
  g_assert_cmpstr (quote->name, ==, fields.name);
  g_assert_cmpint (quote->fetched_us, ==, fields.fetched_us);
  g_assert_cmpint (quote->market_state, ==, fields.market_state);
}

static void
test_changes (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *added = NULL;

  say (fixture, 202, "application/json", "{\"symbol\":\"AAPL\",\"instrument\":\"yahoo:AAPL\"}");
  added = add (fixture, "yahoo:\"AAPL", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (added, ==, "AAPL");
  g_assert_cmpstr (fixture->requested, ==,
                   "POST " LIST_PATH " {\"instrument\":\"yahoo:\\\"AAPL\"}");
  say (fixture, 200, "application/json", "{\"symbol\":\"^FT/SE?\"}");
  g_assert_true (remove_symbol (fixture, "^FT/SE?", &error));
  g_assert_cmpstr (fixture->requested, ==, "DELETE " LIST_PATH "/^FT/SE? ");
  say (fixture, 202, "application/json", "{}");
  quotes_client_refresh_async (fixture->client, (const char *[]){"XAU", "X\"", NULL}, NULL,
                               answered_cb, &result);
  ANSWER_TO (result);
  g_assert_true (quotes_client_refresh_finish (fixture->client, result, &error));
  g_assert_cmpstr (fixture->requested, ==,
                   "POST " LIST_PATH "/refresh {\"symbols\":[\"XAU\",\"X\\\"\"]}");
}

static void
test_status (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesClientStatus) status = NULL;
  const QuotesClientProvider *provider = NULL;
  const QuotesClientPending *pending = NULL;

  say (
    fixture, 200, "application/json",
    "{\"state\":\"degraded\",\"version\":3,\"stored\":null,\"address\":\"http://127.0.0.1:1\","
    "\"program_version\":\"9.9\",\"last_update\":\"2026-02-17T09:30:00.25+00:00\","
    "\"next_update\":null,\"providers\":[{\"id\":\"yahoo\",\"label\":\"Yahoo\",\"tier\":\"free\","
    "\"attribution\":\"Y\",\"state\":\"error\",\"reason\":\"http\",\"message\":\"Could not\","
    "\"last_ok\":null,\"next_try\":\"2026-02-17T09:30:00+00:00\",\"interval_ms\":30000,"
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
  g_assert_cmpint (provider->next_try_us, ==, MAKER_TIME_US);
  g_assert_cmpuint (provider->n_failures, ==, 2);
  g_assert_cmpuint (provider->n_instruments, ==, 7);
  pending = g_ptr_array_index (status->pending, 0);
  g_assert_cmpstr (pending->instrument, ==, "yahoo:NOPE");
  g_assert_cmpstr (pending->reason, ==, "not-found");
  g_assert_cmpint (pending->next_check_us, ==, MAKER_TIME_US);
}

static void
test_refusals (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
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

      say (fixture, rows[i].status, "application/problem+json", body);
      g_assert_null (add (fixture, "x", &error));
      g_assert_error (error, QUOTES_CLIENT_ERROR, (int) rows[i].error);
      g_assert_cmpstr (fixture->requested, ==, "POST " LIST_PATH " {\"instrument\":\"x\"}");
    }
}

static void
test_strangers (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
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

      say (fixture, 200, "text/html", bodies[i]);
      g_assert_null (list (fixture, &error));
      g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER);
    }
}

static void
test_too_long_an_answer (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *body = g_strnfill (9 * 1024 * 1024, ' ');
  g_autoptr (GError) error = NULL;

  say (fixture, 200, "application/json", body);
  g_assert_null (list (fixture, &error));
  g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER);
}

static void
test_nobody_is_there (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  set_client (fixture, "unix:/nonexistent/http.sock");
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
test_unix_socket (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *dir = g_dir_make_tmp ("marketwell-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "http.sock", NULL);
  g_autofree char *address = g_strconcat ("unix:", path, NULL);
  g_autoptr (GSocketAddress) unix_address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesSnapshot) snapshot = NULL;
  g_autoptr (GSocketAddress) bound = listen_at (fixture, unix_address);

  g_assert_nonnull (bound);
  set_client (fixture, address);
  say (fixture, 200, "application/json", "{\"version\":7,\"quotes\":[]}");
  snapshot = list (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (snapshot->version, ==, 7);
  g_remove (path);
  g_rmdir (dir);
}

static void
send_event (Fixture *fixture, const char *text)
{
  soup_message_body_append (soup_server_message_get_response_body (fixture->stream),
                            SOUP_MEMORY_COPY, text, strlen (text));
  soup_server_message_unpause (fixture->stream);
}

static void
send_prices (Fixture *fixture, const char *event, const char *id, const char *symbol, double price)
{
  g_autofree char *item = dup_item (symbol, price);
  gboolean is_snapshot = g_str_equal (event, "snapshot");
  g_autofree char *text =
    g_strdup_printf ("retry: 20\nid: %s\nevent: %s\ndata: %s%s%s\n\n", id, event,
                     is_snapshot ? "[" : "", item, is_snapshot ? "]" : "");

  send_event (fixture, text);
}

static double
get_price (Fixture *fixture, const char *symbol)
{
  const QuotesQuote *quote =
    fixture->snapshot != NULL ? quotes_snapshot_lookup (fixture->snapshot, symbol) : NULL;

  return quote != NULL ? quote->price : -1;
}

static void
begin_watching (Fixture *fixture)
{
  say (fixture, 200, "text/event-stream", "");
  quotes_client_start_watching (fixture->client);
  wait_until (fixture->n_streams == 1, PATIENCE);
  send_prices (fixture, "snapshot", "aa.1", "XAU", 10);
  wait_until (get_price (fixture, "XAU") == 10, PATIENCE);
  g_assert_cmpuint (fixture->n_found, ==, 1);
  g_assert_null (fixture->last_event_id);
}

static void
test_watch (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  begin_watching (fixture);
  send_prices (fixture, "update", "aa.2", "XAU", 11);
  wait_until (get_price (fixture, "XAU") == 11, PATIENCE);
  send_prices (fixture, "update", "aa.3", "XAG", 29);
  wait_until (get_price (fixture, "XAG") == 29, PATIENCE);
  g_assert_cmpuint (fixture->snapshot->quotes->len, ==, 2);
  send_event (fixture, ": keepalive\n\nevent: status\ndata: {}\n\nevent: update\ndata: [[\n\n"
                       "event: snapshot\ndata: {}\n\n");
  send_prices (fixture, "snapshot", "aa.4", "XAG", 30);
  wait_until (get_price (fixture, "XAG") == 30, PATIENCE);
  g_assert_cmpuint (fixture->snapshot->quotes->len, ==, 1);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

static void
test_watch_resumes (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  begin_watching (fixture);
  end_stream (fixture);
  wait_until (fixture->n_lost == 1, PATIENCE);
  wait_until (fixture->n_streams == 2, PATIENCE);
  g_assert_cmpstr (fixture->last_event_id, ==, "aa.1");
  send_prices (fixture, "update", "aa.2", "XAU", 12);
  wait_until (get_price (fixture, "XAU") == 12, PATIENCE);
  g_assert_cmpuint (fixture->n_found, ==, 2);
}

static void
test_watch_of_a_stranger (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  say (fixture, 200, "text/html", "");
  quotes_client_start_watching (fixture->client);
  wait_until (fixture->n_streams == 1, PATIENCE);
  send_event (fixture, "event: snapshot\ndata: []\n\n");
  wait_until (fixture->n_lost == 1, PATIENCE);
  g_assert_cmpuint (fixture->n_found, ==, 0);
  g_assert_cmpuint (fixture->n_changed, ==, 0);
}

static void
test_watch_of_an_endless_event (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *text = g_strnfill (9 * 1024 * 1024, 'x');

  begin_watching (fixture);
  send_event (fixture, text);
  wait_until (fixture->n_lost == 1, PATIENCE);
  g_assert_cmpfloat (get_price (fixture, "XAU"), ==, 10);
}

static void
test_stopping (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  begin_watching (fixture);
  quotes_client_stop_watching (fixture->client);
  send_prices (fixture, "update", "aa.2", "XAU", 11);
  wait_settle ();
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/client/http/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("the-list-is-read", test_list);
  ADD ("changes-are-sent", test_changes);
  ADD ("the-status-is-read", test_status);
  ADD ("refusals-are-told-apart", test_refusals);
  ADD ("strangers-are-not-believed", test_strangers);
  ADD ("too-long-an-answer-is-refused", test_too_long_an_answer);
  ADD ("nobody-is-there", test_nobody_is_there);
  ADD ("a-unix-socket-is-an-address", test_unix_socket);
  ADD ("changes-are-pushed", test_watch);
  ADD ("a-stream-is-resumed", test_watch_resumes);
  ADD ("a-stranger-is-not-watched", test_watch_of_a_stranger);
  ADD ("an-endless-event-ends-the-stream", test_watch_of_an_endless_event);
  ADD ("stopping-is-final", test_stopping);
#undef ADD
  g_test_add_func ("/client/http/what-is-no-address-is-refused", test_bad_addresses);

  return g_test_run ();
}
