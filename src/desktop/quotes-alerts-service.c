/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alerts-service.h"

#include "quotes-alert-variant.h"
#include "quotes-dbus-error.h"
#include "quotes-dbus-generated.h"

/**
 * QuotesAlertsService:
 *
 * The interface `Alerts1` on the session bus.
 */
struct _QuotesAlertsService
{
  GObject parent_instance;

  QuotesAlerts *alerts;        /* (owned) */
  QuotesDBusAlerts1 *skeleton; /* (owned) */
  QuotesDbusCalls *calls;      /* (owned) (nullable): while exported */
};

G_DEFINE_FINAL_TYPE (QuotesAlertsService, quotes_alerts_service, G_TYPE_OBJECT)

static void
add (QuotesAlertsService *self, GDBusMethodInvocation *invocation, GVariant *arguments)
{
  g_autoptr (GVariant) variant = g_variant_get_child_value (arguments, 0);
  g_autoptr (GError) error = NULL;
  QuotesAlert fields = QUOTES_ALERT_INIT;
  const QuotesAlert *alert = NULL;

  if (quotes_alert_read_variant (variant, &fields, &error))
    alert = quotes_alerts_add (self->alerts, &fields, &error);
  if (alert == NULL)
    quotes_dbus_return_error (invocation, error, fields.symbol != NULL ? fields.symbol : "");
  else
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(s)", alert->id));
}

static void
list (QuotesAlertsService *self,
      GDBusMethodInvocation *invocation,
      G_GNUC_UNUSED GVariant *arguments)
{
  GPtrArray *alerts = quotes_alerts_get_list (self->alerts);

  g_dbus_method_invocation_return_value (
    invocation, g_variant_new ("(@aa{sv})", quotes_alerts_to_variant (alerts)));
}

/* @error: (nullable): what came of it */
static void
answer_change (GDBusMethodInvocation *invocation, const char *id, const GError *error)
{
  if (error != NULL)
    quotes_dbus_return_error (invocation, error, id);
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
remove_alert (QuotesAlertsService *self, GDBusMethodInvocation *invocation, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  const char *id = NULL;

  g_variant_get (arguments, "(&s)", &id);
  quotes_alerts_remove (self->alerts, id, &error);
  answer_change (invocation, id, error);
}

static void
set_enabled (QuotesAlertsService *self, GDBusMethodInvocation *invocation, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  const char *id = NULL;
  gboolean is_enabled = FALSE;

  g_variant_get (arguments, "(&sb)", &id, &is_enabled);
  quotes_alerts_set_enabled (self->alerts, id, is_enabled, &error);
  answer_change (invocation, id, error);
}

static void
snooze (QuotesAlertsService *self, GDBusMethodInvocation *invocation, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  const char *id = NULL;
  guint32 seconds = 0;

  g_variant_get (arguments, "(&su)", &id, &seconds);
  quotes_alerts_snooze (self->alerts, id, (gint64) seconds * G_USEC_PER_SEC, &error);
  answer_change (invocation, id, error);
}

static const struct
{
  const char *name;
  const char *signal;
  void (*handle) (QuotesAlertsService *self,
                  GDBusMethodInvocation *invocation,
                  GVariant *arguments);
} methods[] = {
  {"Add", "handle-add", add},
  {"List", "handle-list", list},
  {"Remove", "handle-remove", remove_alert},
  {"SetEnabled", "handle-set-enabled", set_enabled},
  {"Snooze", "handle-snooze", snooze},
};

static void
answer_call (gpointer user_data, GDBusMethodInvocation *invocation, GVariant *arguments)
{
  const char *name = g_dbus_method_invocation_get_method_name (invocation);

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (methods[i].name, name))
      {
        methods[i].handle (user_data, invocation, arguments);
        return;
      }
  g_assert_not_reached ();
}

/* Handler of every handle-* signal; what else they carry stands in the invocation too. */
static gboolean
queue_call_cb (QuotesAlertsService *self, GDBusMethodInvocation *invocation)
{
  quotes_dbus_calls_push (self->calls, invocation, answer_call, self);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
fired_cb (QuotesAlertsService *self, const QuotesAlertFired *fired)
{
  if (self->calls != NULL)
    quotes_dbus_alerts1_emit_fired (self->skeleton, fired->alert->id,
                                    quotes_alert_fired_to_variant (fired));
}

static void
changed_cb (QuotesAlertsService *self)
{
  if (self->calls != NULL)
    quotes_dbus_alerts1_emit_alerts_changed (self->skeleton);
}

static void
quotes_alerts_service_dispose (GObject *object)
{
  QuotesAlertsService *self = QUOTES_ALERTS_SERVICE (object);

  quotes_alerts_service_unexport (self);
  g_clear_object (&self->skeleton);
  g_clear_object (&self->alerts);

  G_OBJECT_CLASS (quotes_alerts_service_parent_class)->dispose (object);
}

static void
quotes_alerts_service_class_init (QuotesAlertsServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_alerts_service_dispose;
}

static void
quotes_alerts_service_init (QuotesAlertsService *self)
{
  self->skeleton = quotes_dbus_alerts1_skeleton_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    g_signal_connect_object (self->skeleton, methods[i].signal, G_CALLBACK (queue_call_cb), self,
                             G_CONNECT_SWAPPED);
}

QuotesAlertsService *
quotes_alerts_service_new (QuotesAlerts *alerts)
{
  QuotesAlertsService *self = NULL;

  g_return_val_if_fail (QUOTES_IS_ALERTS (alerts), NULL);

  self = g_object_new (QUOTES_TYPE_ALERTS_SERVICE, NULL);
  self->alerts = g_object_ref (alerts);
  g_signal_connect_object (alerts, "fired", G_CALLBACK (fired_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (alerts, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * quotes_alerts_service_export:
 * @calls: the queue in which calls of all our interfaces wait
 *
 * Puts the interface on @connection. Done before the name is owned, so that nobody sees the name
 * without it.
 */
gboolean
quotes_alerts_service_export (QuotesAlertsService *self,
                              GDBusConnection *connection,
                              QuotesDbusCalls *calls,
                              GError **error)
{
  g_return_val_if_fail (QUOTES_IS_ALERTS_SERVICE (self), FALSE);
  g_return_val_if_fail (self->calls == NULL, FALSE);

  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection,
                                         APP_PATH, error))
    return FALSE;

  self->calls = g_object_ref (calls);
  return TRUE;
}

/* Takes the interface off the bus; waiting calls are answered with an error. Does nothing when it
 * is not there. */
void
quotes_alerts_service_unexport (QuotesAlertsService *self)
{
  g_return_if_fail (QUOTES_IS_ALERTS_SERVICE (self));

  if (self->calls == NULL)
    return;

  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  quotes_dbus_calls_refuse (self->calls, self);
  g_clear_object (&self->calls);
}
