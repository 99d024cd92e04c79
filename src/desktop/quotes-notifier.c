/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-notifier.h"

#include <glib/gi18n.h>

#include "quotes-alert-text.h"

#define SNOOZE_US (3600 * (gint64) G_USEC_PER_SEC)
/* So many a minute; the rest waits for the end of it and is one. */
#define PERIOD_US (60 * (gint64) G_USEC_PER_SEC)
#define MAX_IN_PERIOD 10
#define MISSED_ID "alerts-missed"
#define MORE_ID "alerts-more"

/**
 * QuotesNotifier:
 *
 * Tells the user of alerts by notifications of the desktop, while there is a session bus. Each
 * alert has one notification, which it replaces when it fires again.
 */
struct _QuotesNotifier
{
  GObject parent_instance;

  QuotesApplication *application; /* (owned) */
  QuotesAlerts *alerts;           /* (owned) */
  QuotesClock *clock;             /* (owned) */
  char *address;                  /* (owned) (nullable): where we answer over HTTP */
  QuotesNotifierLaunchFunc launch;
  gpointer launch_data;
  GHashTable *shown; /* (owned) (element-type utf8 QuotesAlert): as they were when shown */
  GPtrArray *more;   /* (owned) (element-type QuotesAlertFired): over the limit */
  guint n_in_period;
  guint period_id;
};

G_DEFINE_FINAL_TYPE (QuotesNotifier, quotes_notifier, G_TYPE_OBJECT)

/* Returns: (nullable): NULL while there is no bus */
static GApplication *
get_application (QuotesNotifier *self)
{
  if (quotes_application_get_connection (self->application) == NULL)
    return NULL;
  return quotes_application_get_application (self->application);
}

static char *
dup_notification_id (const char *id)
{
  return g_strconcat ("alert-", id, NULL);
}

/* The one place that decides what the user sees who wants to know more.
 * Returns: (transfer full) (nullable): NULL while we have no address */
static char *
dup_uri (QuotesNotifier *self, const QuotesAlert *alert)
{
  g_autofree char *symbol = NULL;

  if (self->address == NULL)
    return NULL;
  if (alert->symbol == NULL)
    return g_strconcat (self->address, "/api/v1/status", NULL);

  symbol = g_uri_escape_string (alert->symbol, NULL, FALSE);
  return g_strconcat (self->address, "/api/v1/widgets/quotes/", symbol, "/history?range=1d", NULL);
}

static void
launched_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, G_GNUC_UNUSED gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    g_warning ("There is nothing that shows a page: %s", error->message);
}

static void
launch (const char *uri, G_GNUC_UNUSED gpointer user_data)
{
  g_app_info_launch_default_for_uri_async (uri, NULL, NULL, launched_cb, NULL);
}

static void
withdraw (QuotesNotifier *self, const char *id)
{
  GApplication *application = get_application (self);
  g_autofree char *notification_id = dup_notification_id (id);

  if (g_hash_table_remove (self->shown, id) && application != NULL)
    g_application_withdraw_notification (application, notification_id);
}

static void
send (QuotesNotifier *self, const char *id, GNotification *notification)
{
  GApplication *application = get_application (self);

  if (application != NULL)
    g_application_send_notification (application, id, notification);
}

static void
tell_many (QuotesNotifier *self, const char *id, const char *title, GPtrArray *fired)
{
  g_autoptr (GNotification) notification = g_notification_new (title);
  g_autofree char *body = quotes_alerts_fired_dup_body (fired);

  g_notification_set_body (notification, body);
  send (self, id, notification);
}

static void
tell_one (QuotesNotifier *self, const QuotesAlertFired *fired)
{
  QuotesAlert *alert = fired->alert;
  g_autofree char *title = quotes_alert_fired_dup_title (fired);
  g_autofree char *body = quotes_alert_fired_dup_body (fired);
  g_autofree char *notification_id = dup_notification_id (alert->id);
  g_autoptr (GNotification) notification = g_notification_new (title);

  if (*body != '\0')
    g_notification_set_body (notification, body);
  if (self->address != NULL)
    g_notification_set_default_action_and_target (notification, "app.alert-open", "s", alert->id);
  /* One that is off already needs neither. */
  if (alert->is_enabled)
    {
      g_notification_add_button_with_target (notification, _ ("Snooze for 1 Hour"),
                                             "app.alert-snooze", "s", alert->id);
      g_notification_add_button_with_target (notification, _ ("Switch Off"), "app.alert-disable",
                                             "s", alert->id);
    }
  send (self, notification_id, notification);
  g_hash_table_insert (self->shown, g_strdup (alert->id), quotes_alert_ref (alert));
}

static void period_over_cb (gpointer user_data);

/* Returns whether one more may be shown now. */
static gboolean
begin_one (QuotesNotifier *self)
{
  if (self->n_in_period >= MAX_IN_PERIOD)
    return FALSE;

  self->n_in_period++;
  if (self->period_id == 0)
    self->period_id = quotes_clock_add_alarm (
      self->clock, quotes_clock_get_monotonic_us (self->clock) + PERIOD_US, period_over_cb, self);
  return TRUE;
}

static void
period_over_cb (gpointer user_data)
{
  QuotesNotifier *self = user_data;
  g_autoptr (GPtrArray) more = g_steal_pointer (&self->more);
  g_autofree char *title = NULL;

  self->more = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_alert_fired_unref);
  self->period_id = 0;
  self->n_in_period = 0;
  if (more->len == 0)
    return;

  begin_one (self);
  title = g_strdup_printf (ngettext ("%u more alert", "%u more alerts", more->len), more->len);
  tell_many (self, MORE_ID, title, more);
}

static void
fired_cb (QuotesNotifier *self, QuotesAlertFired *fired)
{
  /* Those are told together. Without a bus there is nobody to tell, now or in a minute. */
  if (fired->is_missed || get_application (self) == NULL)
    return;

  if (begin_one (self))
    tell_one (self, fired);
  else
    g_ptr_array_add (self->more, quotes_alert_fired_ref (fired));
}

static void
digest_cb (QuotesNotifier *self, GPtrArray *fired)
{
  g_autofree char *title = NULL;

  if (fired->len == 0)
    return;

  title = g_strdup_printf (
    ngettext ("%u alert while you were away", "%u alerts while you were away", fired->len),
    fired->len);
  tell_many (self, MISSED_ID, title, fired);
}

/* That a price has been somewhere stays worth knowing when it is gone; that something does not work
 * is worth nothing once it works. */
static gboolean
has_lapsed (const QuotesAlert *shown, const QuotesAlert *alert)
{
  return (alert->kind == QUOTES_ALERT_STALE || alert->kind == QUOTES_ALERT_PROVIDER) &&
         alert->is_armed && !shown->is_armed;
}

static void
saved_cb (QuotesNotifier *self, QuotesAlert *alert)
{
  const QuotesAlert *shown = g_hash_table_lookup (self->shown, alert->id);

  if (shown == NULL)
    return;
  /* What somebody has done about it since, here or elsewhere. */
  if (alert->is_enabled != shown->is_enabled || alert->snoozed_until_us > shown->snoozed_until_us ||
      has_lapsed (shown, alert))
    withdraw (self, alert->id);
}

static void
removed_cb (QuotesNotifier *self, const char *id)
{
  withdraw (self, id);
}

/* Whoever is on the bus may have sent it. Returns: (nullable): the alert that is meant */
static QuotesAlert *
find_alert (QuotesNotifier *self, GVariant *target)
{
  if (target == NULL || !g_variant_is_of_type (target, G_VARIANT_TYPE_STRING))
    return NULL;
  return quotes_alerts_lookup (self->alerts, g_variant_get_string (target, NULL));
}

static void
open_cb (G_GNUC_UNUSED GSimpleAction *action, GVariant *target, gpointer user_data)
{
  QuotesNotifier *self = user_data;
  const QuotesAlert *alert = find_alert (self, target);
  g_autofree char *uri = alert != NULL ? dup_uri (self, alert) : NULL;

  if (uri != NULL)
    self->launch (uri, self->launch_data);
}

static void
snooze_cb (G_GNUC_UNUSED GSimpleAction *action, GVariant *target, gpointer user_data)
{
  QuotesNotifier *self = user_data;
  const QuotesAlert *alert = find_alert (self, target);

  if (alert != NULL)
    quotes_alerts_snooze (self->alerts, alert->id, SNOOZE_US, NULL);
}

static void
disable_cb (G_GNUC_UNUSED GSimpleAction *action, GVariant *target, gpointer user_data)
{
  QuotesNotifier *self = user_data;
  const QuotesAlert *alert = find_alert (self, target);

  if (alert != NULL)
    quotes_alerts_set_enabled (self->alerts, alert->id, FALSE, NULL);
}

static const GActionEntry actions[] = {
  {.name = "alert-open", .parameter_type = "s", .activate = open_cb},
  {.name = "alert-snooze", .parameter_type = "s", .activate = snooze_cb},
  {.name = "alert-disable", .parameter_type = "s", .activate = disable_cb},
};

static void
remove_actions (QuotesApplication *application)
{
  GActionMap *map = G_ACTION_MAP (quotes_application_get_application (application));

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    g_action_map_remove_action (map, actions[i].name);
}

static void
quotes_notifier_dispose (GObject *object)
{
  QuotesNotifier *self = QUOTES_NOTIFIER (object);

  if (self->application != NULL)
    remove_actions (self->application);
  if (self->period_id != 0)
    quotes_clock_remove_alarm (self->clock, self->period_id);
  self->period_id = 0;
  g_clear_object (&self->application);
  g_clear_object (&self->alerts);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_notifier_parent_class)->dispose (object);
}

static void
quotes_notifier_finalize (GObject *object)
{
  QuotesNotifier *self = QUOTES_NOTIFIER (object);

  g_ptr_array_unref (self->more);
  g_hash_table_unref (self->shown);
  g_free (self->address);

  G_OBJECT_CLASS (quotes_notifier_parent_class)->finalize (object);
}

static void
quotes_notifier_class_init (QuotesNotifierClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_notifier_dispose;
  object_class->finalize = quotes_notifier_finalize;
}

static void
quotes_notifier_init (QuotesNotifier *self)
{
  self->launch = launch;
  self->shown =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) quotes_alert_unref);
  self->more = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_alert_fired_unref);
}

/**
 * quotes_notifier_new:
 * @application: sends the notifications, and has the actions of their buttons
 * @alerts: of which it tells, and which the buttons change
 * @clock: for how many there are in a minute
 */
QuotesNotifier *
quotes_notifier_new (QuotesApplication *application, QuotesAlerts *alerts, QuotesClock *clock)
{
  QuotesNotifier *self = NULL;

  g_return_val_if_fail (QUOTES_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (QUOTES_IS_ALERTS (alerts), NULL);
  g_return_val_if_fail (QUOTES_IS_CLOCK (clock), NULL);

  self = g_object_new (QUOTES_TYPE_NOTIFIER, NULL);
  self->application = g_object_ref (application);
  self->alerts = g_object_ref (alerts);
  self->clock = g_object_ref (clock);
  g_action_map_add_action_entries (G_ACTION_MAP (quotes_application_get_application (application)),
                                   actions, G_N_ELEMENTS (actions), self);
  g_signal_connect_object (alerts, "fired", G_CALLBACK (fired_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (alerts, "digest", G_CALLBACK (digest_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (alerts, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (alerts, "removed", G_CALLBACK (removed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/* @address: (nullable): where we answer over HTTP; without it notifications open nothing */
void
quotes_notifier_set_address (QuotesNotifier *self, const char *address)
{
  g_return_if_fail (QUOTES_IS_NOTIFIER (self));

  g_free (self->address);
  self->address = g_strdup (address);
}

/* Replaces the user's browser, for tests. */
void
quotes_notifier_set_launcher (QuotesNotifier *self,
                              QuotesNotifierLaunchFunc launch_func,
                              gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_NOTIFIER (self));

  self->launch = launch_func;
  self->launch_data = user_data;
}
