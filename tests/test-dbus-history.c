/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bus-peer.h"
#include "fake-archive.h"
#include "http.h"
#include "quotes-dbus-service.h"
#include "quotes-json.h"
#include "server-fixture.h"
#include "wait.h"

#define PATIENCE 20
#define FAILED "org.freedesktop.DBus.Error.Failed"
#define INVALID_ARGS "org.freedesktop.DBus.Error.InvalidArgs"
#define LIMITS_EXCEEDED "org.freedesktop.DBus.Error.LimitsExceeded"
#define NO_HISTORY APP_ID ".Error.NoHistory"
#define UNKNOWN_SYMBOL APP_ID ".Error.UnknownSymbol"
#define MAX_CALLS 8

/* The same core, served on the bus and over HTTP. */
typedef struct
{
  ServerFixture server;
  FakeArchive *archive;       /* (owned) */
  GTestDBus *bus;             /* (owned) */
  GDBusConnection *far;       /* (owned): the service's */
  QuotesDbusService *service; /* (owned) */
  BusPeer caller;
  BusPeer other;
  BusPeer third;
} Fixture;

static void
put_on_bus (Fixture *fixture)
{
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  fixture->far = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (fixture->bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (quotes_dbus_service_export (fixture->service, fixture->far, &error));
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (fixture->far, "org.freedesktop.DBus",
                                       "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "RequestName", g_variant_new ("(su)", APP_ID, 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  server_fixture_set_up (&fixture->server, data);
  fixture->archive = fake_archive_new ();
  quotes_server_set_archive (fixture->server.server, QUOTES_ARCHIVE (fixture->archive));
  fixture->service = quotes_dbus_service_new (fixture->server.hub, fixture->server.poller);
  quotes_dbus_service_set_archive (fixture->service, QUOTES_ARCHIVE (fixture->archive));
  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  put_on_bus (fixture);
  bus_peer_connect (&fixture->caller, fixture->bus);
  bus_peer_connect (&fixture->other, fixture->bus);
  bus_peer_connect (&fixture->third, fixture->bus);
}

/* What was still asked is answered after the service is gone. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  quotes_dbus_service_unexport (fixture->service);
  wait_settle ();
  bus_peer_close (&fixture->caller);
  bus_peer_close (&fixture->other);
  bus_peer_close (&fixture->third);
  g_assert_true (g_dbus_connection_close_sync (fixture->far, NULL, NULL));
  g_clear_object (&fixture->far);
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->service));
  server_fixture_tear_down (&fixture->server, data);
  while (fake_archive_get_n_waiting (fixture->archive) > 0)
    {
      g_assert_true (fake_archive_is_cancelled (fixture->archive));
      fake_archive_fail (fixture->archive);
    }
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->archive));
  g_test_dbus_down (fixture->bus);
  g_clear_object (&fixture->bus);
}

/* A call that waits until the test lets the archive answer. */
typedef struct
{
  GVariant *value; /* (owned) (nullable) */
  char *error;     /* (owned) (nullable): its name */
  gboolean is_answered;
} Call;

static void
call_clear (Call *self)
{
  g_clear_pointer (&self->value, g_variant_unref);
  g_clear_pointer (&self->error, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, call_clear)

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  g_autoptr (GError) error = NULL;

  call->value = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  call->error = error != NULL ? g_dbus_error_get_remote_error (error) : NULL;
  call->is_answered = TRUE;
}

static void
begin (Fixture *fixture, BusPeer *peer, const char *method, const char *arguments, Call *call)
{
  guint n_waiting = fake_archive_get_n_waiting (fixture->archive);

  bus_peer_send (peer, method, g_variant_new_parsed (arguments), answered_cb, call);
  wait_until (fake_archive_get_n_waiting (fixture->archive) == n_waiting + 1, PATIENCE);
  g_assert_false (call->is_answered);
}

static void
assert_answer (Call *call, const char *text)
{
  g_autofree char *printed = NULL;

  wait_until (call->is_answered, PATIENCE);
  g_assert_cmpstr (call->error, ==, NULL);
  printed = g_variant_print (call->value, FALSE);
  g_assert_cmpstr (printed, ==, text);
}

static void
assert_error (Call *call, const char *name)
{
  wait_until (call->is_answered, PATIENCE);
  g_assert_cmpstr (call->error, ==, name);
}

static void
test_history (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_auto (Call) call = {0};
  g_auto (Call) empty = {0};

  begin (fixture, &fixture->caller, "GetHistory", "('XAU', '5d', uint32 100)", &call);
  g_assert_cmpstr (fake_archive_get_question (fixture->archive), ==, "history XAU 5d 100");
  fake_archive_answer_history (fixture->archive, fake_archive_make_history ("XAU"));
  assert_answer (&call,
                 "('USD', '1m', [(1769860800000000, 0.10000000000000001, 123456789012.34, "
                 "9.9999999999999995e-08, 0.30000000000000004, 'yahoo', false), "
                 "(1769860860000000, 2899.3000000000002, 2899.3000000000002, 2899.3000000000002, "
                 "2899.3000000000002, 'yahoo:chart', false), "
                 "(1769860920500000, 2901.0, 2902.25, 2900.0, 2901.5, '', true)])");

  begin (fixture, &fixture->caller, "GetHistory", "('SPX', 'max', uint32 0)", &empty);
  g_assert_cmpstr (fake_archive_get_question (fixture->archive), ==, "history SPX max 500");
  fake_archive_answer_history (fixture->archive,
                               quotes_history_new ("SPX", NULL, QUOTES_INTERVAL_DAY));
  assert_answer (&empty, "('', '1d', [])");
}

static void
test_records (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_auto (Call) call = {0};
  g_auto (Call) last = {0};
  g_autoptr (GVariant) records = NULL;
  g_autoptr (GVariant) second = NULL;
  g_autofree char *printed = NULL;
  gint64 next = 0;

  begin (fixture, &fixture->caller, "GetRecords", "('1m', int64 -5, int64 7, uint32 3)", &call);
  g_assert_cmpstr (fake_archive_get_question (fixture->archive), ==, "page 1m -5 7 3");
  fake_archive_answer_page (fixture->archive, fake_archive_make_page (4711));
  wait_until (call.is_answered, PATIENCE);
  g_variant_get (call.value, "(@a(xsddddssb)x)", &records, &next);
  g_assert_cmpint (next, ==, 4711);
  g_assert_cmpuint (g_variant_n_children (records), ==, 3);
  second = g_variant_get_child_value (records, 1);
  printed = g_variant_print (second, FALSE);
  g_assert_cmpstr (printed, ==,
                   "(1769860860000000, 'SPX', 2899.3000000000002, 2899.3000000000002, "
                   "2899.3000000000002, 2899.3000000000002, 'USD', 'yahoo:chart', false)");

  begin (fixture, &fixture->caller, "GetRecords", "('tick', int64 0, int64 4711, uint32 0)", &last);
  g_assert_cmpstr (fake_archive_get_question (fixture->archive), ==, "page tick 0 4711 5000");
  fake_archive_answer_page (fixture->archive, quotes_record_page_new (QUOTES_INTERVAL_TICK));
  assert_answer (&last, "([], 0)");
}

/* Each is refused before anything is read. */
static void
test_errors (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  static const struct
  {
    const char *method;
    const char *arguments;
    const char *name;
  } rows[] = {
    {"GetHistory", "('NOPE', '1d', uint32 0)", UNKNOWN_SYMBOL},
    {"GetHistory", "('', '1d', uint32 0)", UNKNOWN_SYMBOL},
    {"GetHistory", "('xau', '1d', uint32 0)", UNKNOWN_SYMBOL},
    {"GetHistory", "('XAU', '2d', uint32 0)", INVALID_ARGS},
    {"GetHistory", "('XAU', '', uint32 0)", INVALID_ARGS},
    {"GetHistory", "('XAU', '1d', uint32 2)", INVALID_ARGS},
    {"GetHistory", "('XAU', '1d', uint32 5001)", INVALID_ARGS},
    {"GetHistory", "('XAU', '1d', uint32 4294967295)", INVALID_ARGS},
    {"GetHistory", "('XAU', '1d', 500)", INVALID_ARGS},
    {"GetRecords", "('5m', int64 0, int64 0, uint32 0)", INVALID_ARGS},
    {"GetRecords", "('', int64 0, int64 0, uint32 0)", INVALID_ARGS},
    {"GetRecords", "('1m', int64 0, int64 -1, uint32 0)", INVALID_ARGS},
    {"GetRecords", "('1m', int64 0, int64 0, uint32 5001)", INVALID_ARGS},
    {"GetRecords", "('1m', int64 0, int64 0)", INVALID_ARGS},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s %s", rows[i].method, rows[i].arguments);
      bus_peer_call_fails (&fixture->caller, rows[i].method,
                           g_variant_new_parsed (rows[i].arguments), rows[i].name);
    }
  g_assert_cmpuint (fake_archive_get_n_waiting (fixture->archive), ==, 0);
}

static void
test_failures (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_auto (Call) history = {0};
  g_auto (Call) records = {0};

  begin (fixture, &fixture->caller, "GetHistory", "('XAU', '1d', uint32 0)", &history);
  begin (fixture, &fixture->caller, "GetRecords", "('1d', int64 0, int64 0, uint32 0)", &records);
  fake_archive_fail (fixture->archive);
  fake_archive_fail (fixture->archive);
  assert_error (&history, FAILED);
  assert_error (&records, FAILED);

  quotes_dbus_service_set_archive (fixture->service, NULL);
  bus_peer_call_fails (&fixture->caller, "GetHistory",
                       g_variant_new_parsed ("('XAU', '1d', uint32 0)"), NO_HISTORY);
  bus_peer_call_fails (&fixture->caller, "GetRecords",
                       g_variant_new_parsed ("('1d', int64 0, int64 0, uint32 0)"), NO_HISTORY);
}

static double
get_json_number (JsonArray *bars, guint i, const char *member)
{
  return quotes_json_object_get_number (json_array_get_object_element (bars, i), member);
}

/* Read back, both have the same numbers to the last bit. */
static void
test_same_numbers (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_auto (Call) call = {0};
  g_autoptr (HttpExchange) exchange = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GVariant) bars = NULL;
  JsonArray *items = NULL;
  const char *start = NULL;

  begin (fixture, &fixture->caller, "GetHistory", "('XAU', '1d', uint32 0)", &call);
  fake_archive_answer_history (fixture->archive, fake_archive_make_history ("XAU"));
  wait_until (call.is_answered, PATIENCE);
  exchange =
    http_exchange_get (fixture->server.address, "/api/v1/widgets/quotes/XAU/history", NULL);
  wait_until (fake_archive_get_n_waiting (fixture->archive) == 1, PATIENCE);
  fake_archive_answer_history (fixture->archive, fake_archive_make_history ("XAU"));
  wait_until (exchange->is_closed, PATIENCE);

  start = strstr (exchange->received->str, "\r\n\r\n");
  g_assert_nonnull (start);
  body = g_bytes_new (start + 4, strlen (start + 4));
  node = quotes_json_parse (body, 1 << 20, NULL);
  g_assert_nonnull (node);
  items = quotes_json_object_get_array (quotes_json_get_object (node), "bars");
  bars = g_variant_get_child_value (call.value, 2);
  g_assert_cmpuint (json_array_get_length (items), ==, g_variant_n_children (bars));
  for (guint i = 0; i < g_variant_n_children (bars); i++)
    {
      double prices[4] = {0};

      g_variant_get_child (bars, i, "(xddddsb)", NULL, &prices[0], &prices[1], &prices[2],
                           &prices[3], NULL, NULL);
      g_assert_cmpfloat (get_json_number (items, i, "o"), ==, prices[0]);
      g_assert_cmpfloat (get_json_number (items, i, "h"), ==, prices[1]);
      g_assert_cmpfloat (get_json_number (items, i, "l"), ==, prices[2]);
      g_assert_cmpfloat (get_json_number (items, i, "c"), ==, prices[3]);
    }
}

/* A call that waits for the archive counts as much as one that waits for its turn. */
static void
test_limits (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  Call calls[MAX_CALLS] = {0};
  g_auto (Call) others = {0};

  for (guint i = 0; i < MAX_CALLS; i++)
    begin (fixture, &fixture->caller, "GetHistory", "('XAU', '1d', uint32 0)", &calls[i]);
  bus_peer_call_fails (&fixture->caller, "GetSnapshot", NULL, LIMITS_EXCEEDED);
  begin (fixture, &fixture->other, "GetHistory", "('XAU', '1d', uint32 0)", &others);

  fake_archive_answer_history (fixture->archive, fake_archive_make_history ("XAU"));
  wait_until (calls[0].is_answered, PATIENCE);
  g_variant_unref (bus_peer_call (&fixture->caller, "GetSnapshot", NULL));
  for (guint i = 1; i < MAX_CALLS; i++)
    fake_archive_answer_history (fixture->archive, fake_archive_make_history ("XAU"));
  fake_archive_fail (fixture->archive);
  wait_until (others.is_answered, PATIENCE);
  for (guint i = 0; i < MAX_CALLS; i++)
    {
      wait_until (calls[i].is_answered, PATIENCE);
      g_assert_nonnull (calls[i].value);
      call_clear (&calls[i]);
    }
}

/* Callers that are each modest are together too much for the disk. */
static void
test_limits_together (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  Call calls[2 * MAX_CALLS] = {0};

  for (guint i = 0; i < 2 * MAX_CALLS; i++)
    begin (fixture, i % 2 == 0 ? &fixture->caller : &fixture->other, "GetHistory",
           "('XAU', '1d', uint32 0)", &calls[i]);
  bus_peer_call_fails (&fixture->third, "GetHistory",
                       g_variant_new_parsed ("('XAU', '1d', uint32 0)"), LIMITS_EXCEEDED);
  /* What waits for no disk is answered. */
  g_variant_unref (bus_peer_call (&fixture->third, "GetSnapshot", NULL));

  for (guint i = 0; i < 2 * MAX_CALLS; i++)
    fake_archive_answer_history (fixture->archive, fake_archive_make_history ("XAU"));
  for (guint i = 0; i < 2 * MAX_CALLS; i++)
    {
      wait_until (calls[i].is_answered, PATIENCE);
      g_assert_nonnull (calls[i].value);
      call_clear (&calls[i]);
    }
}

/* Its answer goes nowhere, and is no worse for it. */
static void
test_caller_leaves (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_auto (Call) call = {0};

  begin (fixture, &fixture->other, "GetHistory", "('XAU', '1d', uint32 0)", &call);
  bus_peer_close (&fixture->other);
  wait_settle ();
  fake_archive_answer_history (fixture->archive, fake_archive_make_history ("XAU"));
  wait_settle ();
  bus_peer_connect (&fixture->other, fixture->bus);
}

/* They are told, and tear_down() asserts that what is read for them is cancelled. */
static void
test_stop (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_auto (Call) first = {0};
  g_auto (Call) second = {0};

  begin (fixture, &fixture->caller, "GetHistory", "('XAU', '1d', uint32 0)", &first);
  begin (fixture, &fixture->other, "GetRecords", "('1d', int64 0, int64 0, uint32 0)", &second);
  quotes_dbus_service_unexport (fixture->service);
  assert_error (&first, FAILED);
  assert_error (&second, FAILED);
  g_assert_cmpuint (fake_archive_get_n_waiting (fixture->archive), ==, 2);
}

static const char *
lookup_storage (Fixture *fixture)
{
  const char *storage = NULL;

  return g_variant_dict_lookup (fixture->caller.properties, "Storage", "&s", &storage) ? storage
                                                                                       : "-";
}

/* The property moves with the state, not with each commit. */
static void
test_storage (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GVariant) properties = bus_peer_get_properties (&fixture->caller);
  g_autoptr (GVariant) value = g_variant_lookup_value (properties, "Storage", NULL);

  g_assert_cmpstr (g_variant_get_string (value, NULL), ==, "ok");
  for (guint i = 1; i <= 100; i++)
    fake_archive_set_stored (fixture->archive, i);
  wait_settle ();
  g_assert_cmpuint (fixture->caller.n_property_signals, ==, 0);
  fake_archive_set_state (fixture->archive, "full", "No space left on device");
  wait_until (g_str_equal (lookup_storage (fixture), "full"), PATIENCE);
  quotes_dbus_service_set_archive (fixture->service, NULL);
  wait_until (g_str_equal (lookup_storage (fixture), ""), PATIENCE);
}

static void
test_requests_today (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GVariant) properties = NULL;
  g_autoptr (GVariant) providers = NULL;
  g_autoptr (GVariant) provider = NULL;
  guint64 n_requests = 0;

  fake_archive_set_calls_today (fixture->archive, 4711);
  server_fixture_answer (&fixture->server, 1);
  properties = bus_peer_get_properties (&fixture->caller);
  providers = g_variant_lookup_value (properties, "Providers", NULL);
  provider = g_variant_lookup_value (providers, "yahoo", NULL);
  g_assert_true (g_variant_lookup (provider, "requests_today", "t", &n_requests));
  g_assert_cmpuint (n_requests, ==, 4711);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_dbus_unset ();

#define add(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  add ("/dbus-history/a-history-has-its-bars", test_history);
  add ("/dbus-history/everything-comes-page-by-page", test_records);
  add ("/dbus-history/errors-have-the-names-that-are-documented", test_errors);
  add ("/dbus-history/what-cannot-be-read-is-told", test_failures);
  add ("/dbus-history/http-says-the-same-numbers", test_same_numbers);
  add ("/dbus-history/a-caller-may-leave", test_caller_leaves);
  add ("/dbus-history/who-waits-is-told-of-the-end", test_stop);
  add ("/dbus-history/storage-tells-when-it-changes", test_storage);
  add ("/dbus-history/providers-say-their-requests-of-today", test_requests_today);
  add ("/rules/H6-calls-that-wait-for-the-archive-are-counted", test_limits);
  add ("/rules/H6-sixteen-calls-wait-for-the-archive", test_limits_together);
#undef add

  return g_test_run ();
}
