/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "mock-notifications.h"

#define NAME "org.freedesktop.Notifications"
#define PATH "/org/freedesktop/Notifications"

static const char introspection[] =
  "<node><interface name='" NAME "'>"
  "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
  "<method name='GetServerInformation'><arg type='s' direction='out'/>"
  "<arg type='s' direction='out'/><arg type='s' direction='out'/><arg type='s' direction='out'/>"
  "</method>"
  "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='as' direction='in'/><arg type='a{sv}' direction='in'/>"
  "<arg type='i' direction='in'/><arg type='u' direction='out'/></method>"
  "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
  "<signal name='NotificationClosed'><arg type='u'/><arg type='u'/></signal>"
  "<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>"
  "</interface></node>";

static void
notification_free (gpointer data)
{
  MockNotification *self = data;

  g_free (self->summary);
  g_free (self->body);
  g_strfreev (self->keys);
  g_strfreev (self->labels);
  g_free (self);
}

static void
read_actions (MockNotification *self, const char *const *actions)
{
  g_autoptr (GStrvBuilder) keys = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();

  for (gsize i = 0; actions[i] != NULL; i += 2)
    {
      g_strv_builder_add (keys, actions[i]);
      g_assert_nonnull (actions[i + 1]);
      g_strv_builder_add (labels, actions[i + 1]);
    }
  self->keys = g_strv_builder_end (keys);
  self->labels = g_strv_builder_end (labels);
}

static guint32
notify (MockNotifications *self, GVariant *arguments)
{
  MockNotification *notification = g_new0 (MockNotification, 1);
  g_autofree const char **actions = NULL;
  const char *icon = NULL;
  const char *application = NULL;

  g_variant_get (arguments, "(&su&sss^a&s@a{sv}i)", &application, &notification->replaces_id, &icon,
                 &notification->summary, &notification->body, &actions, NULL, NULL);
  read_actions (notification, actions);
  notification->id = notification->replaces_id != 0 ? notification->replaces_id : ++self->last_id;
  g_ptr_array_add (self->shown, notification);
  return notification->id;
}

static void
emit_closed (MockNotifications *self, guint32 id, guint32 reason)
{
  g_dbus_connection_emit_signal (self->connection, NULL, PATH, NAME, "NotificationClosed",
                                 g_variant_new ("(uu)", id, reason), NULL);
}

static void
method_call_cb (G_GNUC_UNUSED GDBusConnection *connection,
                G_GNUC_UNUSED const char *sender,
                G_GNUC_UNUSED const char *path,
                G_GNUC_UNUSED const char *interface,
                const char *method,
                GVariant *arguments,
                GDBusMethodInvocation *invocation,
                gpointer user_data)
{
  MockNotifications *self = user_data;
  GVariant *answer = NULL;

  if (g_str_equal (method, "Notify"))
    {
      answer = g_variant_new ("(u)", notify (self, arguments));
    }
  else if (g_str_equal (method, "CloseNotification"))
    {
      guint32 id = 0;

      g_variant_get (arguments, "(u)", &id);
      g_array_append_val (self->closed, id);
      emit_closed (self, id, 3);
    }
  else if (g_str_equal (method, "GetCapabilities"))
    {
      answer = g_variant_new_parsed ("(['actions', 'body'],)");
    }
  else
    {
      answer = g_variant_new ("(ssss)", "mock", "none", "1", "1.2");
    }
  g_dbus_method_invocation_return_value (invocation, answer);
}

void
mock_notifications_start (MockNotifications *self, const char *bus_address)
{
  static const GDBusInterfaceVTable functions = {.method_call = method_call_cb};
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, &error);
  g_autoptr (GVariant) reply = NULL;

  g_assert_no_error (error);
  self->connection = g_dbus_connection_new_for_address_sync (
    bus_address,
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);
  self->shown = g_ptr_array_new_with_free_func (notification_free);
  self->closed = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->last_id = 0;
  self->object_id = g_dbus_connection_register_object (self->connection, PATH, node->interfaces[0],
                                                       &functions, self, NULL, &error);
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (
    self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
    "RequestName", g_variant_new ("(su)", NAME, 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

void
mock_notifications_stop (MockNotifications *self)
{
  g_dbus_connection_unregister_object (self->connection, self->object_id);
  g_assert_true (g_dbus_connection_close_sync (self->connection, NULL, NULL));
  g_clear_object (&self->connection);
  g_clear_pointer (&self->shown, g_ptr_array_unref);
  g_clear_pointer (&self->closed, g_array_unref);
}

const MockNotification *
mock_notifications_get (MockNotifications *self, guint i)
{
  g_assert_cmpuint (i, <, self->shown->len);
  return g_ptr_array_index (self->shown, i);
}

const char *
mock_notification_find_key (const MockNotification *notification, const char *label)
{
  for (gsize i = 0; notification->labels[i] != NULL; i++)
    if (g_str_equal (notification->labels[i], label))
      return notification->keys[i];
  return NULL;
}

/* The notification goes away with the click, as on a desktop. */
void
mock_notifications_invoke (MockNotifications *self, guint32 id, const char *key)
{
  g_assert_nonnull (key);
  g_dbus_connection_emit_signal (self->connection, NULL, PATH, NAME, "ActionInvoked",
                                 g_variant_new ("(us)", id, key), NULL);
  emit_closed (self, id, 2);
}

void
mock_notifications_close_all (MockNotifications *self)
{
  for (guint32 id = 1; id <= self->last_id; id++)
    emit_closed (self, id, 2);
  g_dbus_connection_flush_sync (self->connection, NULL, NULL);
}
