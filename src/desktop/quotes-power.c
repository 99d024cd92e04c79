/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-power.h"

/**
 * QuotesPower:
 *
 * Tells the poller whether the machine saves power.
 */
struct _QuotesPower
{
  GObject parent_instance;

  QuotesPoller *poller;          /* (owned) */
  GPowerProfileMonitor *monitor; /* (owned) */
};

G_DEFINE_FINAL_TYPE (QuotesPower, quotes_power, G_TYPE_OBJECT)

static void
profile_changed_cb (QuotesPower *self)
{
  quotes_poller_set_power_saver (self->poller,
                                 g_power_profile_monitor_get_power_saver_enabled (self->monitor));
}

static void
quotes_power_dispose (GObject *object)
{
  QuotesPower *self = QUOTES_POWER (object);

  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  g_clear_object (&self->poller);

  G_OBJECT_CLASS (quotes_power_parent_class)->dispose (object);
}

static void
quotes_power_class_init (QuotesPowerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = quotes_power_dispose;
}

static void
quotes_power_init (G_GNUC_UNUSED QuotesPower *self)
{
}

/**
 * quotes_power_new:
 * @poller: who is told
 * @monitor: who knows; without power-profiles-daemon it says that power is not saved
 *
 * Returns: (transfer full): tells it as long as it lives
 */
QuotesPower *
quotes_power_new (QuotesPoller *poller, GPowerProfileMonitor *monitor)
{
  QuotesPower *self = g_object_new (QUOTES_TYPE_POWER, NULL);

  self->poller = g_object_ref (poller);
  self->monitor = g_object_ref (monitor);
  g_signal_connect_swapped (monitor, "notify::power-saver-enabled", G_CALLBACK (profile_changed_cb),
                            self);
  profile_changed_cb (self);

  return self;
}

/**
 * quotes_power_new_default:
 *
 * As quotes_power_new(), with what the system has.
 *
 * Returns: (transfer full) (nullable): %NULL when the system cannot say
 */
QuotesPower *
quotes_power_new_default (QuotesPoller *poller)
{
  g_autoptr (GDBusConnection) system_bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  g_autoptr (GPowerProfileMonitor) monitor = NULL;

  /* Where the profile comes from; when that bus ends, we need not. */
  if (system_bus != NULL)
    g_dbus_connection_set_exit_on_close (system_bus, FALSE);
  monitor = g_power_profile_monitor_dup_default ();
  return monitor != NULL ? quotes_power_new (poller, monitor) : NULL;
}
