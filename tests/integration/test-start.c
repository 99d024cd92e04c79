/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "daemon-process.h"
#include "http.h"
#include "quotes-json.h"
#include "quotes-quote-json.h"
#include "quotes-quote-reader.h"
#include "remove-tree.h"
#include "wait.h"

#define QUOTES "/api/v1/widgets/quotes"

/* Made-up prices that stay as they are: the second round comes after half a
 * day. */
static const char *const still[] = {"--demo", "--no-bus", "--interval", "86400", NULL};
static const char *const lively[] = {"--demo",
                                     "--no-bus",
                                     "--interval",
                                     "0.1",
                                     "--stamp-frames",
                                     "--verbose",
                                     "--max-streams-per-client",
                                     "0",
                                     NULL};

/* Nobody listens on port 1. */
static const char *const unreachable[] = {"--no-bus",
                                          "--upstream",
                                          "yahoo=http://127.0.0.1:1",
                                          "--upstream",
                                          "coingecko=http://127.0.0.1:1",
                                          NULL};

typedef struct
{
  DaemonProcess *daemon;
  const char *address;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->daemon = daemon_process_start (data);
  fixture->address = daemon_process_get_address (fixture->daemon);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  daemon_process_stop (fixture->daemon, 2);
  daemon_process_free (fixture->daemon);
}

static guint
get_mode (const char *path)
{
  GStatBuf info = {0};

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info.st_mode & 0777;
}

/* As contract 1 says when no state folder is given. */
static void
test_runtime_dir (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *runtime_dir = g_dir_make_tmp ("marketwell-XXXXXX", &error);
  g_autofree char *dir = g_build_filename (runtime_dir, "marketwell", NULL);
  g_autofree char *path = g_build_filename (dir, "http.sock", NULL);
  g_autofree char *address = g_strconcat ("unix:", path, NULL);
  const char *const arguments[] = {"--demo", "--no-bus", NULL};
  g_autoptr (DaemonProcess) daemon = NULL;
  g_autoptr (HttpAnswer) http = NULL;

  g_setenv ("XDG_RUNTIME_DIR", runtime_dir, TRUE);
  daemon = daemon_process_start_without_state_dir (arguments);
  g_unsetenv ("XDG_RUNTIME_DIR");
  http = http_get (address, "/health");
  g_assert_cmpuint (http->status, ==, 200);
  g_assert_cmpuint (get_mode (path), ==, 0600);
  g_assert_cmpuint (get_mode (dir), ==, 0700);
  daemon_process_stop (daemon, 2);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_rmdir (dir);
  g_rmdir (runtime_dir);
}

static gboolean
has_frame (HttpExchange *exchange, const char *event)
{
  return strstr (exchange->received->str, event) != NULL;
}

static void
test_stamped (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpExchange) exchange =
    http_exchange_get (fixture->address, QUOTES "/stream?mode=snapshot", NULL);

  wait_until (has_frame (exchange, "\"ts_us\":"), 5);
  g_assert_true (has_frame (exchange, "\"seq\":"));
}

static void
test_stop_with_readers (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  HttpExchange *exchanges[50] = {NULL};
  g_autofree char *unix_address = daemon_process_dup_unix_address (fixture->daemon);
  g_autoptr (HttpExchange) half = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (exchanges); i++)
    exchanges[i] =
      http_exchange_get (i % 2 == 0 ? fixture->address : unix_address, QUOTES "/stream", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (exchanges); i++)
    wait_until (has_frame (exchanges[i], "event: snapshot\n"), 10);
  half = http_exchange_begin (fixture->address, "GET /he", strlen ("GET /he"));
  wait_settle ();

  daemon_process_stop (fixture->daemon, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (exchanges); i++)
    {
      wait_until (exchanges[i]->is_closed, 5);
      g_assert_true (has_frame (exchanges[i], "event: bye\n"));
      http_exchange_end (exchanges[i]);
    }
  daemon_process_free (fixture->daemon);
  set_up (fixture, still);
}

static void
assert_ends (const char *const *arguments, int code, const char *word)
{
  g_autofree char *said = NULL;
  gint64 begin_us = g_get_monotonic_time ();
  int found = daemon_process_run (arguments, &said);

  g_test_message ("%d: %s", found, said);
  g_assert_cmpint (found, ==, code);
  g_assert_nonnull (strstr (said, word));
  g_assert_true (g_str_has_prefix (said, "marketwelld: "));
  g_assert_true (strchr (said, '\n') == said + strlen (said) - 1);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, 5 * G_USEC_PER_SEC);
}

static void
test_hangup (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_assert_cmpint (kill (daemon_process_get_pid (fixture->daemon), SIGHUP), ==, 0);
  daemon_process_wait (fixture->daemon, 2);
  daemon_process_free (fixture->daemon);
  set_up (fixture, still);
}

static void
test_second (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("marketwell-XXXXXX", &error);
  g_autofree char *lock = g_build_filename (dir, "lock", NULL);
  const char *address = fixture->address + strlen ("http://");
  const char *const port[] = {"--demo", "--no-bus", "--state-dir", dir, "--listen", address, NULL};
  const char *const folder[] = {
    "--demo",   "--no-bus",    "--state-dir", daemon_process_get_state_dir (fixture->daemon),
    "--listen", "127.0.0.1:0", NULL,
  };

  assert_ends (port, 69, address);
  assert_ends (folder, 69, "lock");
  g_remove (lock);
  g_rmdir (dir);
}

static void
test_wrong_start (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("marketwell-XXXXXX", &error);
  const char *const remote[] = {"--demo",   "--no-bus",      "--state-dir", dir,
                                "--listen", "0.0.0.0:18787", NULL};
  const char *const open[] = {"--demo",   "--no-bus",    "--state-dir", dir,
                              "--listen", "127.0.0.1:0", NULL};
  const char *const nowhere[] = {"--demo", "--no-bus", "--state-dir", "/proc/none/such", NULL};
  const char *const upstream[] = {
    "--demo", "--no-bus", "--state-dir", dir, "--upstream", "nobody=http://[::1]", NULL};
  g_autofree char *lock = g_build_filename (dir, "lock", NULL);

  assert_ends (remote, 78, "--listen");
  assert_ends (nowhere, 78, "/proc/none/such");
  assert_ends (upstream, 78, "nobody");
  g_assert_cmpint (g_chmod (dir, 0777), ==, 0);
  assert_ends (open, 78, dir);
  g_assert_cmpint (g_chmod (dir, 0770), ==, 0);
  assert_ends (open, 78, dir);
  g_remove (lock);
  g_rmdir (dir);
}

/* One datagram from the daemon. */
static char *
receive (GSocket *socket)
{
  char text[64] = "";
  gssize size = 0;

  wait_until (g_socket_condition_check (socket, G_IO_IN) != 0, 5);
  size = g_socket_receive (socket, text, sizeof text - 1, NULL, NULL);
  g_assert_cmpint (size, >, 0);
  return g_strdup (text);
}

/* Returns: (transfer full): a socket on which daemons that start now say that
 * they are ready */
static GSocket *
listen_to_notifications (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("@marketwell-test-%d-%u", getpid (), g_random_int ());
  g_autoptr (GSocketAddress) address =
    g_unix_socket_address_new_with_type (name + 1, -1, G_UNIX_SOCKET_ADDRESS_ABSTRACT);
  g_autoptr (GSocket) socket =
    g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT, &error);

  g_assert_no_error (error);
  g_socket_bind (socket, address, FALSE, &error);
  g_assert_no_error (error);
  g_setenv ("NOTIFY_SOCKET", name, TRUE);
  return g_steal_pointer (&socket);
}

static void
test_notify (void)
{
  g_autoptr (GSocket) socket = listen_to_notifications ();
  g_autoptr (DaemonProcess) daemon = daemon_process_start (still);
  g_autofree char *ready = NULL;
  g_autofree char *stopping = NULL;

  g_unsetenv ("NOTIFY_SOCKET");
  ready = receive (socket);
  g_assert_cmpstr (ready, ==, "READY=1");
  daemon_process_stop (daemon, 2);
  stopping = receive (socket);
  g_assert_cmpstr (stopping, ==, "STOPPING=1");
}

static void
test_no_http (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("marketwell-XXXXXX", &error);
  const char *const arguments[] = {"--demo", "--no-bus", "--no-http", NULL};
  g_autoptr (GSocket) socket = listen_to_notifications ();
  g_autofree char *said = NULL;
  g_autofree char *ready = NULL;
  g_autofree char *stopping = NULL;
  g_autofree char *lock = g_build_filename (dir, "lock", NULL);
  g_autofree char *http_socket = g_build_filename (dir, "http.sock", NULL);
  g_autoptr (GSubprocess) process = daemon_process_spawn (arguments, dir);

  g_unsetenv ("NOTIFY_SOCKET");
  ready = receive (socket);
  g_assert_cmpstr (ready, ==, "READY=1");
  g_subprocess_send_signal (process, SIGTERM);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &said, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  stopping = receive (socket);
  g_assert_cmpstr (stopping, ==, "STOPPING=1");
  g_assert_cmpstr (said, ==, "");
  g_assert_true (g_file_test (lock, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (http_socket, G_FILE_TEST_EXISTS));
  remove_tree (dir);
}

/* What each of the three says, as one text. */
static char *
describe (GPtrArray *quotes)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < quotes->len; i++)
    {
      quotes_quote_append_json (g_ptr_array_index (quotes, i), NULL, text);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

static char *
describe_json (const char *json, gsize size, const char *member)
{
  g_autoptr (GBytes) bytes = g_bytes_new (json, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = quotes_json_parse (bytes, 1 << 20, &error);
  g_autoptr (GPtrArray) quotes = NULL;

  g_assert_no_error (error);
  quotes = quotes_quotes_read_json (
    member != NULL ? quotes_json_object_get_array (quotes_json_get_object (node), member)
                   : quotes_json_get_array (node));
  return describe (quotes);
}

static char *
describe_bus (GDBusConnection *bus)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
    bus, APP_ID, APP_PATH, APP_ID ".Quotes1", "GetSnapshot", NULL, G_VARIANT_TYPE ("(taa{sv})"),
    G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_autoptr (GVariant) dictionaries = NULL;
  g_autoptr (GPtrArray) quotes = NULL;

  g_assert_no_error (error);
  dictionaries = g_variant_get_child_value (answer, 1);
  quotes = quotes_quotes_read_variant (dictionaries);
  return describe (quotes);
}

static char *
dup_address_property (GDBusConnection *bus)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_sync (bus, APP_ID, APP_PATH, "org.freedesktop.DBus.Properties", "Get",
                                 g_variant_new ("(ss)", APP_ID ".Quotes1", "Address"),
                                 G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_autoptr (GVariant) value = NULL;

  g_assert_no_error (error);
  g_variant_get (answer, "(v)", &value);
  return g_variant_dup_string (value, NULL);
}

static gboolean
has_quotes (const char *address)
{
  g_autoptr (HttpAnswer) http = http_get (address, QUOTES "/IXIC");

  return http->status == 200;
}

static void
compare_three (DaemonProcess *daemon, GDBusConnection *bus)
{
  const char *address = daemon_process_get_address (daemon);
  g_autofree char *from_bus = NULL;
  g_autofree char *from_list = NULL;
  g_autofree char *from_stream = NULL;
  g_autofree char *property = dup_address_property (bus);
  g_autoptr (HttpExchange) exchange = NULL;
  g_autoptr (HttpAnswer) http = NULL;
  const char *data = NULL;

  wait_until (has_quotes (address), 10);
  http = http_get (address, QUOTES);
  from_list = describe_json (http->body, http->body_size, "quotes");
  from_bus = describe_bus (bus);
  exchange = http_exchange_get (address, QUOTES "/stream", NULL);
  wait_until (has_frame (exchange, "\n\n\r\n") && has_frame (exchange, "event: snapshot\n"), 5);
  data = strstr (exchange->received->str, "\ndata: [") + strlen ("\ndata: ");
  from_stream = describe_json (data, strcspn (data, "\n"), NULL);

  g_assert_cmpuint (strlen (from_list), >, 1000);
  g_assert_cmpstr (from_bus, ==, from_list);
  g_assert_cmpstr (from_stream, ==, from_list);
  g_assert_cmpstr (property, ==, address);
}

static void
test_three_ways (void)
{
  const char *const arguments[] = {"--demo", "--interval", "86400", NULL};
  g_autoptr (GTestDBus) test_bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GError) error = NULL;
  DaemonProcess *daemon = NULL;

  g_test_dbus_up (test_bus);
  daemon = daemon_process_start (arguments);
  bus = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (test_bus),
                                                G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                NULL, NULL, &error);
  g_assert_no_error (error);
  compare_three (daemon, bus);
  g_dbus_connection_close_sync (bus, NULL, NULL);
  daemon_process_stop (daemon, 2);
  daemon_process_free (daemon);
  g_test_dbus_down (test_bus);
}

/* Contract 7: when the bus closes, the daemon stops as on SIGTERM. */
static void
test_bus_closes (void)
{
  const char *const arguments[] = {"--demo", NULL};
  g_autoptr (GTestDBus) test_bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr (HttpExchange) exchange = NULL;
  DaemonProcess *daemon = NULL;

  g_test_dbus_up (test_bus);
  daemon = daemon_process_start (arguments);
  exchange = http_exchange_get (daemon_process_get_address (daemon), QUOTES "/stream", NULL);
  wait_until (has_frame (exchange, "event: snapshot\n"), 10);
  g_test_dbus_stop (test_bus);
  daemon_process_wait (daemon, 2);
  wait_until (exchange->is_closed, 5);
  g_assert_true (has_frame (exchange, "event: bye\n"));
  daemon_process_free (daemon);
}

static gboolean
has_interval (const char *address, const char *interval)
{
  g_autoptr (HttpAnswer) http = http_get (address, "/api/v1/status");

  return strstr (http->body, interval) != NULL;
}

static void
test_interval (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  const char *text = "[marketwell]\nrefresh-interval=uint32 77\n";
  g_autofree char *path =
    g_build_filename (daemon_process_get_state_dir (fixture->daemon), "settings.ini", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (has_interval (fixture->address, "\"interval_ms\":30000,"));
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  wait_until (!has_interval (fixture->address, "\"interval_ms\":30000,"), 10);
  g_assert_true (has_interval (fixture->address, "\"interval_ms\":77000,"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  /* The daemon must start without it. */
  g_unsetenv ("XDG_RUNTIME_DIR");

#define add(name, arguments, func) g_test_add (name, Fixture, arguments, set_up, func, tear_down)
  g_test_add_func ("/rules/B3-without-a-state-folder-it-is-in-the-runtime-folder",
                   test_runtime_dir);
  add ("/daemon/stamped-frames-say-when", lively, test_stamped);
  add ("/daemon/sigterm-ends-it-whoever-reads", lively, test_stop_with_readers);
  add ("/daemon/the-end-of-its-terminal-ends-it-too", still, test_hangup);
  add ("/daemon/a-second-one-ends-with-69", still, test_second);
  g_test_add_func ("/daemon/a-wrong-start-ends-with-78", test_wrong_start);
  g_test_add_func ("/daemon/systemd-is-told", test_notify);
  g_test_add_func ("/daemon/without-http-nothing-listens", test_no_http);
  g_test_add_func ("/daemon/bus-stream-and-list-say-the-same", test_three_ways);
  g_test_add_func ("/daemon/the-end-of-the-bus-is-the-end", test_bus_closes);
  add ("/daemon/the-interval-follows-its-setting", unreachable, test_interval);
#undef add

  return g_test_run ();
}
