/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bus-peer.h"
#include "wait.h"

#define PATIENCE 20

/* A bus that knows our service file, and nobody who has started the daemon. */
typedef struct
{
  GTestDBus *bus;  /* (owned) */
  char *directory; /* (owned): of the service file, and the state folder */
  BusPeer caller;
} Fixture;

static char *
load_built (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "..", "dbus", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* The file that is installed, but for the path: the program is not installed yet, and shows made-up
 * prices. */
static void
write_service_file (const char *directory)
{
  g_autofree char *text = load_built (APP_ID ".service");
  g_autofree char *program =
    g_test_build_filename (G_TEST_BUILT, "..", "src", "daemon", "marketwelld", NULL);
  /* Its output would be taken for ours. */
  g_autofree char *exec = g_strdup_printf ("/bin/sh -c 'exec %s --demo --interval 0.1 --listen "
                                           "127.0.0.1:0 --state-dir %s/state >/dev/null'",
                                           program, directory);
  g_autofree char *path = g_build_filename (directory, APP_ID ".service", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *name = NULL;
  g_autofree char *installed = NULL;
  g_autoptr (GError) error = NULL;

  g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  name = g_key_file_get_string (file, "D-BUS Service", "Name", NULL);
  installed = g_key_file_get_string (file, "D-BUS Service", "Exec", NULL);
  g_assert_cmpstr (name, ==, APP_ID);
  g_assert_true (g_path_is_absolute (installed));
  g_assert_true (g_str_has_suffix (installed, "/marketwelld"));

  g_key_file_set_string (file, "D-BUS Service", "Exec", exec);
  g_assert_true (g_key_file_save_to_file (file, path, NULL));
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("marketwell-XXXXXX", &error);
  g_assert_no_error (error);
  write_service_file (fixture->directory);
  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_add_service_dir (fixture->bus, fixture->directory);
  g_test_dbus_up (fixture->bus);
  bus_peer_connect (&fixture->caller, fixture->bus);
}

static void
remove_tree (const char *path)
{
  const char *argv[] = {"rm", "-rf", path, NULL};

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  bus_peer_close (&fixture->caller);
  g_test_dbus_down (fixture->bus);
  g_clear_object (&fixture->bus);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
}

static gboolean
has_quotes (Fixture *fixture)
{
  g_autoptr (GVariant) answer = bus_peer_call (&fixture->caller, "GetSnapshot", NULL);
  g_autoptr (GVariant) quotes = g_variant_get_child_value (answer, 1);

  return g_variant_n_children (quotes) > 0;
}

/* Returns: what becomes readable when the daemon ends */
static int
open_daemon (Fixture *fixture)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  guint32 pid = 0;

  answer = g_dbus_connection_call_sync (
    fixture->caller.connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
    "org.freedesktop.DBus", "GetConnectionUnixProcessID", g_variant_new ("(s)", APP_ID),
    G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  g_variant_get (answer, "(u)", &pid);

  return (int) syscall (SYS_pidfd_open, (pid_t) pid, 0);
}

static gboolean
has_ended (int daemon)
{
  struct pollfd entry = {.fd = daemon, .events = POLLIN};

  return poll (&entry, 1, 0) == 1;
}

static void
test_a_call_starts_the_daemon (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GVariant) properties = NULL;
  const char *address = NULL;
  int daemon = -1;

  wait_until (has_quotes (fixture), PATIENCE);
  wait_until (fixture->caller.signals->len > 0, PATIENCE);
  properties = bus_peer_get_properties (&fixture->caller);
  g_assert_true (g_variant_lookup (properties, "Address", "&s", &address));
  g_assert_true (g_str_has_prefix (address, "http://127.0.0.1:"));

  /* The session ends: so does the daemon. */
  daemon = open_daemon (fixture);
  g_assert_cmpint (daemon, >=, 0);
  g_assert_false (has_ended (daemon));
  bus_peer_close (&fixture->caller);
  g_test_dbus_stop (fixture->bus);
  wait_until (has_ended (daemon), PATIENCE);
  close (daemon);
}

static void
assert_documented (const char *text, const char *name)
{
  g_autofree char *block = g_strdup_printf ("    <!--\n      %s:", name);
  g_autofree char *line = g_strdup_printf ("    <!-- %s:", name);

  g_test_message ("%s", name);
  g_assert_true (strstr (text, block) != NULL || strstr (text, line) != NULL);
}

static void
test_the_installed_interface_is_the_one_that_is_served (Fixture *fixture,
                                                        G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *text = load_built (APP_ID ".Quotes1.xml");
  g_autoptr (GDBusNodeInfo) installed = g_dbus_node_info_new_for_xml (text, NULL);
  GDBusInterfaceInfo *interface = NULL;
  g_autoptr (GVariant) properties = NULL;

  g_assert_nonnull (installed);
  interface = g_dbus_node_info_lookup_interface (installed, APP_ID ".Quotes1");
  g_assert_nonnull (interface);
  for (guint i = 0; interface->methods[i] != NULL; i++)
    assert_documented (text, interface->methods[i]->name);
  for (guint i = 0; interface->signals[i] != NULL; i++)
    assert_documented (text, interface->signals[i]->name);

  properties = bus_peer_get_properties (&fixture->caller);
  for (guint i = 0; interface->properties[i] != NULL; i++)
    {
      const GDBusPropertyInfo *property = interface->properties[i];
      g_autoptr (GVariant) value = g_variant_lookup_value (properties, property->name, NULL);

      assert_documented (text, property->name);
      g_assert_nonnull (value);
      g_assert_cmpstr (g_variant_get_type_string (value), ==, property->signature);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_dbus_unset ();

  g_test_add ("/activation/a-call-starts-the-daemon-and-the-end-of-the-bus-ends-it", Fixture, NULL,
              set_up, test_a_call_starts_the_daemon, tear_down);
  g_test_add ("/activation/the-installed-interface-is-the-one-that-is-served", Fixture, NULL,
              set_up, test_the_installed_interface_is_the_one_that_is_served, tear_down);

  return g_test_run ();
}
