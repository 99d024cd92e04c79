/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "scripted-bus.h"

#include "quotes-bus-client.h"
#include "wait.h"

static GDBusConnection *
connect_to_bus (ScriptedBus *self)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (self->bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

/* Below GDBus's own check of what is registered, since that would never let a wrong answer out. */
static GDBusMessage *
filter (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  ScriptedBus *self = user_data;
  g_autoptr (GDBusMessage) answer = NULL;
  g_autofree char *arguments = NULL;

  if (!incoming || g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL ||
      g_strcmp0 (g_dbus_message_get_path (message), APP_PATH) != 0)
    return message;

  g_mutex_lock (&self->mutex);
  arguments = g_dbus_message_get_body (message) != NULL
                ? g_variant_print (g_dbus_message_get_body (message), TRUE)
                : g_strdup ("()");
  g_free (self->called);
  self->called = g_strdup_printf ("%s.%s %s", g_dbus_message_get_interface (message),
                                  g_dbus_message_get_member (message), arguments);
  if (self->reply != NULL)
    {
      answer = g_dbus_message_new_method_reply (message);
      g_dbus_message_set_body (answer, self->reply);
    }
  else
    {
      answer = g_dbus_message_new_method_error_literal (message, self->error, "Told so");
    }
  g_mutex_unlock (&self->mutex);

  g_dbus_connection_send_message (connection, answer, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
  g_object_unref (message);
  return NULL;
}

void
scripted_bus_set_up (ScriptedBus *self, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_init (&self->mutex);
  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->bus);
  self->far = connect_to_bus (self);
  scripted_bus_say (self, "()");
  g_dbus_connection_add_filter (self->far, filter, self, NULL);
  reply = g_dbus_connection_call_sync (self->far, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", APP_ID, 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  self->near = connect_to_bus (self);
  self->client = quotes_bus_client_new (self->near);
}

void
scripted_bus_tear_down (ScriptedBus *self, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_finalize_object (g_steal_pointer (&self->client));
  g_assert_true (g_dbus_connection_close_sync (self->near, NULL, NULL));
  g_assert_true (g_dbus_connection_close_sync (self->far, NULL, NULL));
  wait_settle ();
  g_clear_object (&self->near);
  g_clear_object (&self->far);
  g_test_dbus_down (self->bus);
  g_clear_object (&self->bus);
  g_clear_pointer (&self->reply, g_variant_unref);
  g_clear_pointer (&self->error, g_free);
  g_clear_pointer (&self->called, g_free);
  g_mutex_clear (&self->mutex);
}

static void
set_answer (ScriptedBus *self, GVariant *reply, const char *error)
{
  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->reply, g_variant_unref);
  g_free (self->error);
  self->reply = reply != NULL ? g_variant_ref_sink (reply) : NULL;
  self->error = g_strdup (error);
  g_mutex_unlock (&self->mutex);
}

void
scripted_bus_say (ScriptedBus *self, const char *reply)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) variant = g_variant_parse (NULL, reply, NULL, NULL, &error);

  g_assert_no_error (error);
  set_answer (self, variant, NULL);
}

void
scripted_bus_take (ScriptedBus *self, GVariant *reply)
{
  set_answer (self, reply, NULL);
}

void
scripted_bus_fail (ScriptedBus *self, const char *error)
{
  set_answer (self, NULL, error);
}
