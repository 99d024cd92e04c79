/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <signal.h>
#include <string.h>

#include "bus-peer.h"
#include "daemon-process.h"
#include "http.h"
#include "mock-notifications.h"
#include "quotes-json.h"
#include "remove-tree.h"
#include "wait.h"

#define ALERTS "/api/v1/alerts"
#define PATIENCE 30

/* A session with a bus and a desktop, and in it the real daemon, over a folder that outlives it. */
typedef struct
{
  GTestDBus *bus; /* (owned) */
  MockNotifications desktop;
  BusPeer peer;
  char *dir;           /* (owned) */
  GSubprocess *daemon; /* (owned) */
  char *address;       /* (owned) */
} Fixture;

static void
start (Fixture *fixture)
{
  static const char *const arguments[] = {"--demo",     "--listen", "127.0.0.1:0",
                                          "--interval", "0.2",      NULL};
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;

  fixture->daemon = daemon_process_spawn (arguments, fixture->dir);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (fixture->daemon));
  line = g_data_input_stream_read_line_utf8 (output, NULL, NULL, NULL);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "listening on http://"));
  g_free (fixture->address);
  fixture->address = g_strdup (line + strlen ("listening on "));
}

static gboolean
has_owner (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
    fixture->peer.connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
    "org.freedesktop.DBus", "NameHasOwner", g_variant_new ("(s)", APP_ID), G_VARIANT_TYPE ("(b)"),
    G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  gboolean has_it = FALSE;

  g_assert_no_error (error);
  g_variant_get (reply, "(b)", &has_it);
  return has_it;
}

static void
end (Fixture *fixture, int signal)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_send_signal (fixture->daemon, signal);
  g_assert_true (g_subprocess_wait (fixture->daemon, NULL, &error));
  g_assert_no_error (error);
  if (signal == SIGTERM)
    g_assert_cmpint (g_subprocess_get_exit_status (fixture->daemon), ==, 0);
  g_clear_object (&fixture->daemon);
  wait_until (!has_owner (fixture), PATIENCE);
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = g_dir_make_tmp ("marketwell-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  mock_notifications_start (&fixture->desktop, g_test_dbus_get_bus_address (fixture->bus));
  bus_peer_connect (&fixture->peer, fixture->bus);
  start (fixture);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  end (fixture, SIGTERM);
  bus_peer_close (&fixture->peer);
  mock_notifications_stop (&fixture->desktop);
  g_test_dbus_down (fixture->bus);
  g_clear_object (&fixture->bus);
  remove_tree (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->address);
}

/* Who looks for a change may look more often than rule E4 lets it. */
static HttpAnswer *
get_in_time (Fixture *fixture, const char *path)
{
  g_autoptr (HttpAnswer) http = http_get (fixture->address, path);
  WaitDeadline deadline;

  wait_begin (&deadline, PATIENCE);
  while (http->status == 429)
    {
      wait_iterate (&deadline, path, __FILE__, __LINE__);
      g_clear_pointer (&http, http_answer_free);
      http = http_get (fixture->address, path);
    }
  return g_steal_pointer (&http);
}

/* Returns: (transfer full): what is at @path */
static JsonNode *
get (Fixture *fixture, const char *path)
{
  g_autoptr (HttpAnswer) http = get_in_time (fixture, path);
  g_autoptr (GBytes) bytes = g_bytes_new (http->body, http->body_size);
  g_autoptr (GError) error = NULL;
  JsonNode *node = quotes_json_parse (bytes, 1 << 20, &error);

  g_assert_no_error (error);
  return node;
}

/* NAN while it has none */
static double
get_price (Fixture *fixture, const char *symbol)
{
  g_autofree char *path = g_strdup_printf ("/api/v1/widgets/quotes/%s", symbol);
  g_autoptr (JsonNode) node = get (fixture, path);

  return quotes_json_object_get_number (quotes_json_get_object (node), "price");
}

static gint64
get_number (Fixture *fixture, const char *path, const char *member)
{
  g_autoptr (JsonNode) node = get (fixture, path);
  gint64 value = -1;

  quotes_json_object_get_int (quotes_json_get_object (node), member, &value);
  return value;
}

/* What was known until now is on the disk. */
static void
wait_for_disk (Fixture *fixture)
{
  gint64 version = get_number (fixture, "/api/v1/status", "version");

  /* What is saved after it waits behind it; one more version waits behind that. */
  wait_until (get_number (fixture, "/api/v1/status", "version") > version, PATIENCE);
  version = get_number (fixture, "/api/v1/status", "version");
  wait_until (get_number (fixture, "/api/v1/status", "stored") >= version, PATIENCE);
}

static void
add (Fixture *fixture, const char *kind, double level)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *json =
    g_strdup_printf ("{\"kind\":\"%s\",\"symbol\":\"BTC\",\"level\":%s,\"repeat\":true,"
                     "\"note\":\"mine\"}",
                     kind, g_ascii_dtostr (number, sizeof number, level));
  g_autoptr (HttpAnswer) http = http_ask (fixture->address, "POST", ALERTS, NULL, json);

  g_test_message ("%s: %u %s", json, http->status, http->body);
  g_assert_cmpuint (http->status, ==, 201);
}

/* The price goes one way or the other soon. */
static void
add_two (Fixture *fixture)
{
  double price = NAN;

  wait_until (isfinite (price = get_price (fixture, "BTC")), PATIENCE);
  add (fixture, "above", price * (1 + 1e-6));
  add (fixture, "below", price * (1 - 1e-6));
}

static char *
dup_list (Fixture *fixture)
{
  g_autoptr (HttpAnswer) http = get_in_time (fixture, ALERTS);

  g_assert_cmpuint (http->status, ==, 200);
  return g_strdup (http->body);
}

static gboolean
list_says (Fixture *fixture, const char *id, const char *text)
{
  g_autofree char *list = dup_list (fixture);
  g_autofree char *begin = g_strdup_printf ("{\"id\":\"%s\"", id);
  const char *alert = strstr (list, begin);
  const char *behind = NULL;
  const char *found = NULL;

  g_assert_nonnull (alert);
  behind = strchr (alert, '}');
  found = strstr (alert, text);
  return found != NULL && found < behind;
}

static void
test_one_that_fires_is_told_everywhere (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (HttpExchange) stream =
    http_exchange_get (fixture->address, "/api/v1/stream?topics=alerts", NULL);
  const MockNotification *shown = NULL;
  g_autofree char *event = NULL;
  const char *id = NULL;

  wait_until (strstr (stream->received->str, "retry:") != NULL, PATIENCE);
  add_two (fixture);
  wait_until (fixture->peer.fired->len > 0, PATIENCE);
  wait_until (fixture->desktop.shown->len > 0, PATIENCE);
  g_variant_get (g_ptr_array_index (fixture->peer.fired, 0), "(&s@a{sv})", &id, NULL);
  event = g_strdup_printf ("event: alerts.fired\ndata: {\"alert\":{\"id\":\"%s\"", id);
  wait_until (strstr (stream->received->str, event) != NULL, PATIENCE);
  g_assert_true (list_says (fixture, id, "\"fired\":1"));

  shown = mock_notifications_get (&fixture->desktop, 0);
  g_assert_nonnull (strstr (shown->summary, "Bitcoin"));
  g_assert_nonnull (strstr (shown->body, "mine"));
  mock_notifications_invoke (&fixture->desktop, shown->id,
                             mock_notification_find_key (shown, "Switch Off"));
  wait_until (list_says (fixture, id, "\"enabled\":false"), PATIENCE);
}

static void
test_alerts_survive (Fixture *fixture, gconstpointer user_data)
{
  int signal = GPOINTER_TO_INT (user_data);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GVariant) list = NULL;
  g_autoptr (GVariant) alerts = NULL;

  /* Out of reach, so that nothing happens to them meanwhile. */
  wait_until (isfinite (get_price (fixture, "BTC")), PATIENCE);
  add (fixture, "above", 1e9);
  add (fixture, "below", 0.5);
  before = dup_list (fixture);
  g_assert_nonnull (strstr (before, "\"note\":\"mine\""));
  wait_for_disk (fixture);
  end (fixture, signal);

  start (fixture);
  after = dup_list (fixture);
  g_assert_cmpstr (after, ==, before);
  list = bus_peer_call (&fixture->peer, "Alerts1.List", NULL);
  alerts = g_variant_get_child_value (list, 0);
  g_assert_cmpuint (g_variant_n_children (alerts), ==, 2);
}

static void
test_one_that_is_gone_stays_gone (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *list = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *id = NULL;

  answer = bus_peer_call (&fixture->peer, "Alerts1.Add",
                          g_variant_new_parsed ("({'kind': <'provider'>, 'provider': <'demo'>,"
                                                " 'window_s': <600>},)"));
  g_variant_get (answer, "(s)", &id);
  wait_for_disk (fixture);
  g_variant_unref (bus_peer_call (&fixture->peer, "Alerts1.Remove", g_variant_new ("(s)", id)));
  wait_for_disk (fixture);
  end (fixture, SIGKILL);

  start (fixture);
  list = dup_list (fixture);
  g_assert_cmpstr (list, ==, "{\"alerts\":[]}");
}

int
main (int argc, char *argv[])
{
  /* Which the daemon inherits. */
  g_setenv ("GNOTIFICATION_BACKEND", "freedesktop", TRUE);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);

#define ADD(name, data, func) g_test_add ("/alerting/" name, Fixture, data, set_up, func, tear_down)
  ADD ("one-that-fires-is-told-everywhere", NULL, test_one_that_fires_is_told_everywhere);
  ADD ("alerts-survive-a-restart", GINT_TO_POINTER (SIGTERM), test_alerts_survive);
  ADD ("alerts-survive-sigkill", GINT_TO_POINTER (SIGKILL), test_alerts_survive);
  ADD ("one-that-is-gone-stays-gone", NULL, test_one_that_is_gone_stays_gone);
#undef ADD

  return g_test_run ();
}
