/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-application.h"
#include "wait.h"

typedef struct
{
  GTestDBus *bus; /* (owned) */
  guint n_exported;
  gboolean name_was_free; /* when our objects were put there */
  guint n_closed;
} Fixture;

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  wait_settle ();
  g_test_dbus_down (fixture->bus);
  g_clear_object (&fixture->bus);
}

static gboolean
has_owner (GDBusConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
    connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
    "NameHasOwner", g_variant_new ("(s)", APP_ID), G_VARIANT_TYPE ("(b)"), 0, -1, NULL, &error);
  gboolean has_it = FALSE;

  g_assert_no_error (error);
  g_variant_get (reply, "(b)", &has_it);
  return has_it;
}

static gboolean
export_cb (GDBusConnection *connection, gpointer user_data, G_GNUC_UNUSED GError **error)
{
  Fixture *fixture = user_data;

  fixture->n_exported++;
  fixture->name_was_free = !has_owner (connection);
  return TRUE;
}

static gboolean
refuse_export_cb (G_GNUC_UNUSED GDBusConnection *connection,
                  G_GNUC_UNUSED gpointer user_data,
                  GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "no");
  return FALSE;
}

static void
count_closed_cb (Fixture *fixture)
{
  fixture->n_closed++;
}

static GDBusConnection *
connect_other (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (fixture->bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static void
test_objects_are_there_before_the_name (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GDBusConnection) other = connect_other (fixture);
  g_autoptr (GError) error = NULL;
  QuotesApplication *application = quotes_application_new (export_cb, fixture);

  g_assert_cmpint (quotes_application_register (application, &error), ==,
                   QUOTES_APPLICATION_REGISTERED);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_exported, ==, 1);
  g_assert_true (fixture->name_was_free);
  g_assert_true (has_owner (other));
  g_assert_nonnull (quotes_application_get_connection (application));
  g_assert_false (
    g_dbus_connection_get_exit_on_close (quotes_application_get_connection (application)));

  g_assert_finalize_object (application);
  wait_until (!has_owner (other), 10);
  g_dbus_connection_close_sync (other, NULL, NULL);
}

static void
test_a_taken_name_is_told (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GDBusConnection) other = connect_other (fixture);
  g_autoptr (GError) error = NULL;
  QuotesApplication *application = quotes_application_new (export_cb, fixture);
  guint name_id = g_bus_own_name_on_connection (other, APP_ID, G_BUS_NAME_OWNER_FLAGS_NONE, NULL,
                                                NULL, NULL, NULL);

  wait_until (has_owner (other), 10);
  g_assert_cmpint (quotes_application_register (application, &error), ==,
                   QUOTES_APPLICATION_NAME_TAKEN);
  g_assert_nonnull (error);
  g_assert_null (quotes_application_get_connection (application));

  g_assert_finalize_object (application);
  g_bus_unown_name (name_id);
  wait_until (!has_owner (other), 10);
  g_dbus_connection_close_sync (other, NULL, NULL);
}

static void
test_a_failed_export_is_no_taken_name (G_GNUC_UNUSED Fixture *fixture,
                                       G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  QuotesApplication *application = quotes_application_new (refuse_export_cb, NULL);

  g_assert_cmpint (quotes_application_register (application, &error), ==,
                   QUOTES_APPLICATION_FAILED);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_finalize_object (application);
}

static void
test_the_end_of_the_bus_is_told_once (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  QuotesApplication *application = quotes_application_new (export_cb, fixture);

  g_signal_connect_swapped (application, "closed", G_CALLBACK (count_closed_cb), fixture);
  g_assert_cmpint (quotes_application_register (application, &error), ==,
                   QUOTES_APPLICATION_REGISTERED);
  g_test_dbus_stop (fixture->bus);
  wait_until (fixture->n_closed > 0, 10);
  wait_settle ();

  g_assert_cmpuint (fixture->n_closed, ==, 1);
  g_assert_null (quotes_application_get_connection (application));
  g_assert_finalize_object (application);
}

static void
test_without_a_bus_the_rest_can_run (void)
{
  Fixture fixture = {0};
  g_autoptr (GError) error = NULL;
  QuotesApplication *application = NULL;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  application = quotes_application_new (export_cb, &fixture);
  g_assert_cmpint (quotes_application_register (application, &error), ==,
                   QUOTES_APPLICATION_NO_BUS);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture.n_exported, ==, 0);
  g_assert_null (quotes_application_get_connection (application));
  g_assert_finalize_object (application);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_dbus_unset ();

  g_test_add_func ("/application/without-a-bus-the-rest-can-run",
                   test_without_a_bus_the_rest_can_run);
  g_test_add ("/application/objects-are-there-before-the-name", Fixture, NULL, set_up,
              test_objects_are_there_before_the_name, tear_down);
  g_test_add ("/application/a-taken-name-is-told", Fixture, NULL, set_up, test_a_taken_name_is_told,
              tear_down);
  g_test_add ("/application/a-failed-export-is-no-taken-name", Fixture, NULL, set_up,
              test_a_failed_export_is_no_taken_name, tear_down);
  g_test_add ("/application/the-end-of-the-bus-is-told-once", Fixture, NULL, set_up,
              test_the_end_of_the_bus_is_told_once, tear_down);

  return g_test_run ();
}
