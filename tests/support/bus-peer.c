/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bus-peer.h"

#include <string.h>

#include "wait.h"

#define PATIENCE 20

static void
signal_cb (G_GNUC_UNUSED GDBusConnection *connection,
           G_GNUC_UNUSED const char *sender,
           G_GNUC_UNUSED const char *path,
           G_GNUC_UNUSED const char *interface,
           G_GNUC_UNUSED const char *name,
           GVariant *arguments,
           gpointer user_data)
{
  BusPeer *self = user_data;

  g_ptr_array_add (self->signals, g_variant_ref (arguments));
}

static void
alert_signal_cb (G_GNUC_UNUSED GDBusConnection *connection,
                 G_GNUC_UNUSED const char *sender,
                 G_GNUC_UNUSED const char *path,
                 G_GNUC_UNUSED const char *interface,
                 const char *name,
                 GVariant *arguments,
                 gpointer user_data)
{
  BusPeer *self = user_data;

  if (g_str_equal (name, "Fired"))
    g_ptr_array_add (self->fired, g_variant_ref (arguments));
  else if (g_str_equal (name, "AlertsChanged"))
    self->n_alerts_changed++;
}

static void
properties_changed_cb (G_GNUC_UNUSED GDBusConnection *connection,
                       G_GNUC_UNUSED const char *sender,
                       G_GNUC_UNUSED const char *path,
                       G_GNUC_UNUSED const char *interface,
                       G_GNUC_UNUSED const char *name,
                       GVariant *arguments,
                       gpointer user_data)
{
  BusPeer *self = user_data;
  g_autoptr (GVariant) changed = g_variant_get_child_value (arguments, 1);
  GVariantIter iter;
  const char *property = NULL;
  GVariant *value = NULL;

  self->n_property_signals++;
  g_variant_iter_init (&iter, changed);
  while (g_variant_iter_loop (&iter, "{&sv}", &property, &value))
    g_variant_dict_insert_value (self->properties, property, value);
}

void
bus_peer_round_trip (GDBusConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) id = g_dbus_connection_call_sync (
    connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId",
    NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
}

void
bus_peer_connect (BusPeer *self, GTestDBus *bus)
{
  g_autoptr (GError) error = NULL;

  self->connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);

  self->signals = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  self->properties = g_variant_dict_new (NULL);
  self->fired = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  self->n_alerts_changed = 0;
  g_dbus_connection_signal_subscribe (self->connection, APP_ID, APP_ID ".Alerts1", NULL, APP_PATH,
                                      NULL, G_DBUS_SIGNAL_FLAGS_NONE, alert_signal_cb, self, NULL);
  g_dbus_connection_signal_subscribe (self->connection, APP_ID, APP_ID ".Quotes1", "QuotesChanged",
                                      APP_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE, signal_cb, self,
                                      NULL);
  g_dbus_connection_signal_subscribe (self->connection, APP_ID, "org.freedesktop.DBus.Properties",
                                      "PropertiesChanged", APP_PATH, APP_ID ".Quotes1",
                                      G_DBUS_SIGNAL_FLAGS_NONE, properties_changed_cb, self, NULL);

  /* After this the bus knows what we listen to, and we know to whom. What is sent before that is
   * not heard. */
  bus_peer_round_trip (self->connection);
  wait_settle ();
}

void
bus_peer_close (BusPeer *self)
{
  if (self->connection == NULL)
    return;

  g_assert_true (g_dbus_connection_close_sync (self->connection, NULL, NULL));
  wait_settle ();
  g_clear_object (&self->connection);
  g_clear_pointer (&self->signals, g_ptr_array_unref);
  g_clear_pointer (&self->properties, g_variant_dict_unref);
  g_clear_pointer (&self->fired, g_ptr_array_unref);
}

void
bus_peer_send (BusPeer *self,
               const char *method,
               GVariant *arguments,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  const char *dot = strchr (method, '.');
  g_autofree char *interface = dot != NULL
                                 ? g_strdup_printf (APP_ID ".%.*s", (int) (dot - method), method)
                                 : g_strdup (APP_ID ".Quotes1");

  g_dbus_connection_call (self->connection, APP_ID, APP_PATH, interface,
                          dot != NULL ? dot + 1 : method, arguments, NULL, G_DBUS_CALL_FLAGS_NONE,
                          G_MAXINT, NULL, callback, user_data);
}

static void
answered_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **answer = user_data;

  *answer = g_object_ref (result);
}

static GVariant *
finish (BusPeer *self, GAsyncResult **result, GError **error)
{
  GVariant *answer = NULL;

  wait_until (*result != NULL, PATIENCE);
  answer = g_dbus_connection_call_finish (self->connection, *result, error);
  g_clear_object (result);
  return answer;
}

GVariant *
bus_peer_call (BusPeer *self, const char *method, GVariant *arguments)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GVariant *answer = NULL;

  bus_peer_send (self, method, arguments, answered_cb, &result);
  answer = finish (self, &result, &error);
  g_assert_no_error (error);
  return answer;
}

void
bus_peer_call_fails (BusPeer *self, const char *method, GVariant *arguments, const char *name)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *said = NULL;

  bus_peer_send (self, method, arguments, answered_cb, &result);
  answer = finish (self, &result, &error);
  g_assert_null (answer);
  said = g_dbus_error_get_remote_error (error);
  g_assert_cmpstr (said, ==, name);
}

GVariant *
bus_peer_get_properties (BusPeer *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;

  g_dbus_connection_call (self->connection, APP_ID, APP_PATH, "org.freedesktop.DBus.Properties",
                          "GetAll", g_variant_new ("(s)", APP_ID ".Quotes1"),
                          G_VARIANT_TYPE ("(a{sv})"), G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL,
                          answered_cb, &result);
  answer = finish (self, &result, &error);
  g_assert_no_error (error);
  return g_variant_get_child_value (answer, 0);
}
