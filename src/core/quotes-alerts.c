/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alerts.h"

#include "quotes-alert-check.h"
#include "quotes-alert-watch.h"
#include "quotes-error.h"

/**
 * QuotesAlerts:
 *
 * The user's alerts, and the one place that says that one fires: once per version of the hub, after
 * each round of a provider, and when a time is over. What makes them fire is in #QuotesAlertRule.
 *
 * What an alert compares with in the beginning is what the hub shows then. An alert whose
 * instrument leaves the list stays, idle, and begins anew when it comes back; one that is switched
 * off begins anew when it is switched on.
 *
 * When we were not there (before the start, while the machine slept), the first fresh quote of each
 * symbol is compared with the last one before. What fires by that was missed: it is told at once as
 * such, and once more in one digest, when each symbol was seen or 60 s after the first one was.
 * Until then no quote of a symbol that was not seen counts as becoming stale.
 *
 * Snoozes and cool-downs are counted in running time, so that nobody ends or prolongs one by
 * setting the clock; only a restart has to go by the real time.
 */
struct _QuotesAlerts
{
  GObject parent_instance;

  QuotesAlertWatch *watch; /* (owned) */
  QuotesClock *clock;      /* (owned) */
  guint alarm_id;
};

enum
{
  SIGNAL_SAVED,
  SIGNAL_REMOVED,
  SIGNAL_FIRED,
  SIGNAL_DIGEST,
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QuotesAlerts, quotes_alerts, G_TYPE_OBJECT)

static void time_is_over_cb (gpointer user_data);

static void
clear_alarm (QuotesAlerts *self)
{
  guint alarm_id = self->alarm_id;

  self->alarm_id = 0;
  if (alarm_id != 0)
    quotes_clock_remove_alarm (self->clock, alarm_id);
}

static void
set_alarm (QuotesAlerts *self)
{
  gint64 next_us = quotes_alert_watch_get_next_us (self->watch);

  clear_alarm (self);
  if (next_us < G_MAXINT64)
    self->alarm_id = quotes_clock_add_alarm (self->clock, next_us, time_is_over_cb, self);
}

static void
tell_saved (QuotesAlerts *self, GPtrArray *saved)
{
  for (guint i = 0; i < saved->len; i++)
    {
      QuotesAlert *alert = g_ptr_array_index (saved, i);

      /* Else it was changed again, or removed by somebody who was told. */
      if (quotes_alerts_lookup (self, alert->id) == alert)
        g_signal_emit (self, signals[SIGNAL_SAVED], 0, alert);
    }
}

/* All is done: now it is told. Who is told may call back. */
static void
finish (QuotesAlerts *self)
{
  g_autoptr (QuotesAlerts) alive = g_object_ref (self);
  g_autoptr (GPtrArray) missed = quotes_alert_watch_end_gap (self->watch);
  g_autoptr (GPtrArray) saved = NULL;
  g_autoptr (GPtrArray) fired = NULL;
  gboolean is_changed = quotes_alert_list_steal_news (self->watch->list, &saved, &fired);

  set_alarm (self);
  tell_saved (self, saved);
  for (guint i = 0; i < fired->len; i++)
    g_signal_emit (self, signals[SIGNAL_FIRED], 0, g_ptr_array_index (fired, i));
  if (missed != NULL)
    g_signal_emit (self, signals[SIGNAL_DIGEST], 0, missed);
  if (is_changed)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
time_is_over_cb (gpointer user_data)
{
  QuotesAlerts *self = QUOTES_ALERTS (user_data);

  self->alarm_id = 0;
  quotes_alert_watch_look_at_clock (self->watch);
  quotes_alert_watch_take_time (self->watch);
  finish (self);
}

static void
hub_changed_cb (QuotesAlerts *self, G_GNUC_UNUSED QuotesSnapshot *snapshot, GPtrArray *changed)
{
  quotes_alert_watch_look_at_clock (self->watch);
  quotes_alert_watch_take_changed (self->watch, changed);
  finish (self);
}

static void
cycle_cb (QuotesAlerts *self)
{
  quotes_alert_watch_look_at_clock (self->watch);
  quotes_alert_watch_take_cycle (self->watch);
  finish (self);
}

static void
watchlist_changed_cb (QuotesAlerts *self,
                      G_GNUC_UNUSED QuotesInstrument *added,
                      QuotesInstrument *removed)
{
  QuotesAlertList *list = self->watch->list;

  if (removed == NULL)
    return;
  for (guint i = 0; i < list->alerts->len; i++)
    if (g_strcmp0 (quotes_alert_list_get (list, i)->symbol, removed->symbol) == 0)
      quotes_alert_list_forget (list, i);
  finish (self);
}

static void
quotes_alerts_dispose (GObject *object)
{
  QuotesAlerts *self = QUOTES_ALERTS (object);

  if (self->clock != NULL)
    clear_alarm (self);
  g_clear_pointer (&self->watch, quotes_alert_watch_free);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_alerts_parent_class)->dispose (object);
}

static guint
add_signal (QuotesAlertsClass *klass, const char *name, GType type)
{
  return g_signal_new (name, G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 1, type);
}

static void
quotes_alerts_class_init (QuotesAlertsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_alerts_dispose;

  /**
   * QuotesAlerts::saved:
   * @self: the alerts
   * @alert: as it is now
   *
   * Something of it changed that has to survive a restart.
   */
  signals[SIGNAL_SAVED] = add_signal (klass, "saved", QUOTES_TYPE_ALERT);

  /**
   * QuotesAlerts::removed:
   * @self: the alerts
   * @id: which one is gone
   */
  signals[SIGNAL_REMOVED] = add_signal (klass, "removed", G_TYPE_STRING);

  /**
   * QuotesAlerts::fired:
   * @self: the alerts
   * @fired: what and how
   *
   * Emitted at once, for each that fires, after ::saved.
   */
  signals[SIGNAL_FIRED] = add_signal (klass, "fired", QUOTES_TYPE_ALERT_FIRED);

  /**
   * QuotesAlerts::digest:
   * @self: the alerts
   * @fired: (element-type QuotesAlertFired): what was missed, in the order of ::fired; not empty
   */
  signals[SIGNAL_DIGEST] = add_signal (klass, "digest", G_TYPE_PTR_ARRAY);

  /**
   * QuotesAlerts::changed:
   * @self: the alerts
   *
   * The list is not what it was, nor is what quotes_alerts_wants_prices() says, perhaps.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
quotes_alerts_init (G_GNUC_UNUSED QuotesAlerts *self)
{
}

/**
 * quotes_alerts_new:
 * @poller: (nullable): who knows how the providers fare; without it there are none
 *
 * Returns: (transfer full): no alerts yet
 */
QuotesAlerts *
quotes_alerts_new (QuotesHub *hub, QuotesPoller *poller, QuotesClock *clock)
{
  QuotesAlerts *self = g_object_new (QUOTES_TYPE_ALERTS, NULL);

  self->watch = quotes_alert_watch_new (hub, poller, clock);
  self->clock = g_object_ref (clock);
  g_signal_connect_object (hub, "changed", G_CALLBACK (hub_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (quotes_hub_get_watchlist (hub), "changed",
                           G_CALLBACK (watchlist_changed_cb), self, G_CONNECT_SWAPPED);
  if (poller != NULL)
    g_signal_connect_object (poller, "cycle", G_CALLBACK (cycle_cb), self, G_CONNECT_SWAPPED);

  return self;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  const QuotesAlert *const *first = a;
  const QuotesAlert *const *second = b;
  guint64 first_id = g_ascii_strtoull ((*first)->id, NULL, 10);
  guint64 second_id = g_ascii_strtoull ((*second)->id, NULL, 10);

  return (first_id > second_id) - (first_id < second_id);
}

/**
 * quotes_alerts_load:
 * @self: the alerts, none yet
 * @alerts: (element-type QuotesAlert): as they were saved
 *
 * They go on where they were. To be called before the first quotes are there; from the quotes that
 * the hub adopts they learn only what was known last.
 */
void
quotes_alerts_load (QuotesAlerts *self, GPtrArray *alerts)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  QuotesAlertList *list = NULL;

  g_return_if_fail (QUOTES_IS_ALERTS (self));
  g_return_if_fail (self->watch->list->alerts->len == 0);

  list = self->watch->list;
  g_ptr_array_extend (sorted, alerts, NULL, NULL);
  g_ptr_array_sort (sorted, compare_ids);
  for (guint i = 0; i < sorted->len; i++)
    {
      QuotesAlert *alert = g_ptr_array_index (sorted, i);
      g_autoptr (GError) error = NULL;

      if (!quotes_alert_check (alert, &error))
        {
          g_warning ("The alert %s is left out: %s", alert->id, error->message);
          continue;
        }
      quotes_alert_list_take (
        list, quotes_alert_ref (alert),
        quotes_alert_state_new_loaded (alert, quotes_alert_time_get_now_us (&self->watch->time),
                                       quotes_clock_get_real_us (self->clock)));
    }
  quotes_alert_watch_await_all (self->watch);
  for (guint i = 0; i < list->alerts->len; i++)
    if (quotes_alert_list_get (list, i)->is_enabled)
      quotes_alert_watch_begin (self->watch, i);
  quotes_alert_watch_take_time (self->watch);
  finish (self);
}

/**
 * quotes_alerts_add:
 * @self: the alerts
 * @fields: what it waits for, how and whether it is enabled; the rest is ours to fill in
 *
 * When its condition is met already, it waits until that was not so.
 *
 * Returns: (transfer none): the new alert; else @error is %QUOTES_ERROR_INVALID_ALERT,
 *   %QUOTES_ERROR_UNKNOWN_SYMBOL or %QUOTES_ERROR_LIST_FULL
 */
QuotesAlert *
quotes_alerts_add (QuotesAlerts *self, const QuotesAlert *fields, GError **error)
{
  QuotesAlertList *list = NULL;
  QuotesAlert clean = *fields;
  g_autoptr (QuotesAlert) alert = NULL;
  g_autofree char *id = NULL;
  gint64 now_us = 0;

  g_return_val_if_fail (QUOTES_IS_ALERTS (self), NULL);

  if (!quotes_alert_check (fields, error) || !quotes_alert_watch_check (self->watch, fields, error))
    return NULL;

  list = self->watch->list;
  now_us = quotes_clock_get_real_us (self->clock);
  quotes_alert_clean (&clean);
  id = quotes_alert_list_dup_next_id (list, now_us);
  clean.id = id;
  clean.created_us = now_us;
  clean.snoozed_until_us = 0;
  clean.fired_us = 0;
  clean.n_fired = 0;
  clean.is_armed = FALSE;
  alert = quotes_alert_new (&clean);
  quotes_alert_watch_look_at_clock (self->watch);
  quotes_alert_list_take (list, quotes_alert_ref (alert), quotes_alert_state_new (alert));
  quotes_alert_list_replace (list, list->alerts->len - 1, alert);
  if (alert->is_enabled)
    quotes_alert_watch_begin (self->watch, list->alerts->len - 1);
  finish (self);

  return quotes_alerts_lookup (self, id);
}

/**
 * quotes_alerts_get_list:
 *
 * Returns: (transfer none) (element-type QuotesAlert): oldest first; valid until control returns to
 *   the main loop
 */
GPtrArray *
quotes_alerts_get_list (QuotesAlerts *self)
{
  g_return_val_if_fail (QUOTES_IS_ALERTS (self), NULL);

  return self->watch->list->alerts;
}

/**
 * quotes_alerts_lookup:
 *
 * Returns: (transfer none) (nullable): as it is now
 */
QuotesAlert *
quotes_alerts_lookup (QuotesAlerts *self, const char *id)
{
  guint i = 0;

  g_return_val_if_fail (QUOTES_IS_ALERTS (self), NULL);

  return quotes_alert_list_find (self->watch->list, id, &i)
           ? quotes_alert_list_get (self->watch->list, i)
           : NULL;
}

static gboolean
find (QuotesAlerts *self, const char *id, guint *i, GError **error)
{
  if (quotes_alert_list_find (self->watch->list, id, i))
    return TRUE;
  g_set_error_literal (error, QUOTES_ERROR, QUOTES_ERROR_UNKNOWN_ALERT,
                       "Could not find the alert: there is none of this id");
  return FALSE;
}

gboolean
quotes_alerts_remove (QuotesAlerts *self, const char *id, GError **error)
{
  g_autofree char *gone = g_strdup (id);
  guint i = 0;

  g_return_val_if_fail (QUOTES_IS_ALERTS (self), FALSE);

  if (!find (self, id, &i, error))
    return FALSE;
  quotes_alert_list_remove (self->watch->list, i);
  g_signal_emit (self, signals[SIGNAL_REMOVED], 0, gone);
  finish (self);
  return TRUE;
}

/**
 * quotes_alerts_set_enabled:
 * @is_enabled: %TRUE: it begins anew, with what is seen now
 */
gboolean
quotes_alerts_set_enabled (QuotesAlerts *self, const char *id, gboolean is_enabled, GError **error)
{
  QuotesAlert fields;
  guint i = 0;

  g_return_val_if_fail (QUOTES_IS_ALERTS (self), FALSE);

  if (!find (self, id, &i, error))
    return FALSE;
  fields = *quotes_alert_list_get (self->watch->list, i);
  if (!fields.is_enabled == !is_enabled)
    return TRUE;

  quotes_alert_watch_look_at_clock (self->watch);
  fields.is_enabled = is_enabled;
  fields.is_armed = FALSE;
  quotes_alert_list_replace (self->watch->list, i, &fields);
  quotes_alert_list_forget (self->watch->list, i);
  if (is_enabled)
    quotes_alert_watch_begin (self->watch, i);
  finish (self);
  return TRUE;
}

/**
 * quotes_alerts_snooze:
 * @duration_us: from now on; 0 = it may fire again at once
 *
 * It goes on looking; what would have made it fire is not told afterwards.
 */
gboolean
quotes_alerts_snooze (QuotesAlerts *self, const char *id, gint64 duration_us, GError **error)
{
  QuotesAlertState *state = NULL;
  QuotesAlert fields;
  guint i = 0;

  g_return_val_if_fail (QUOTES_IS_ALERTS (self), FALSE);

  if (!find (self, id, &i, error) || !quotes_alert_check_snooze (duration_us, error))
    return FALSE;
  quotes_alert_watch_look_at_clock (self->watch);
  state = quotes_alert_list_get_state (self->watch->list, i);
  fields = *quotes_alert_list_get (self->watch->list, i);
  state->snoozed_until_us =
    duration_us > 0 ? quotes_alert_time_get_now_us (&self->watch->time) + duration_us : 0;
  fields.snoozed_until_us =
    duration_us > 0 ? quotes_clock_get_real_us (self->clock) + duration_us : 0;
  quotes_alert_list_replace (self->watch->list, i, &fields);
  finish (self);
  return TRUE;
}

/* The machine slept, and time passed that was not looked at. */
void
quotes_alerts_note_gap (QuotesAlerts *self)
{
  g_return_if_fail (QUOTES_IS_ALERTS (self));

  quotes_alert_watch_wake_up (self->watch);
  quotes_alert_watch_take_time (self->watch);
  finish (self);
}

/**
 * quotes_alerts_wants_prices:
 *
 * Returns: whether an alert that is enabled waits for the price of something in the list: that is
 *   as good as somebody watching. See ::changed.
 */
gboolean
quotes_alerts_wants_prices (QuotesAlerts *self)
{
  g_return_val_if_fail (QUOTES_IS_ALERTS (self), FALSE);

  return quotes_alert_watch_wants_prices (self->watch);
}
