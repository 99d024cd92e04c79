/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alerting.h"

#include "quotes-alerts-service.h"
#include "quotes-notifier.h"

struct _QuotesAlerting
{
  QuotesPoller *poller;         /* (owned) */
  QuotesStore *store;           /* (owned) */
  QuotesClock *clock;           /* (owned) */
  QuotesAlerts *alerts;         /* (owned) */
  QuotesAlertsService *service; /* (owned) */
  QuotesNotifier *notifier;     /* (owned) (nullable) */
  char *address;                /* (owned) (nullable) */
};

static void
saved_cb (QuotesAlerting *self, QuotesAlert *alert)
{
  quotes_store_save_alert (self->store, alert);
}

static void
removed_cb (QuotesAlerting *self, const char *id)
{
  quotes_store_remove_alert (self->store, id);
}

/* The user's own words are nobody else's business, so they are not in it. */
static void
fired_cb (G_GNUC_UNUSED QuotesAlerting *self, const QuotesAlertFired *fired)
{
  const QuotesAlert *alert = fired->alert;
  char value[G_ASCII_DTOSTR_BUF_SIZE];

  g_message ("Alert %s fired: %s %s, %s%s", alert->id,
             alert->symbol != NULL ? alert->symbol : alert->provider,
             quotes_alert_kind_to_string (alert->kind),
             g_ascii_formatd (value, sizeof value, "%.10g", fired->value),
             fired->is_missed ? ", while nobody was there" : "");
}

static void
woken_cb (QuotesAlerting *self)
{
  quotes_alerts_note_gap (self->alerts);
}

/**
 * quotes_alerting_new:
 * @hub: without any prices yet, also not those of last time
 * @store: has the alerts and keeps what becomes of them
 *
 * Returns: (transfer full): has to be freed before its collaborators
 */
QuotesAlerting *
quotes_alerting_new (QuotesHub *hub, QuotesPoller *poller, QuotesStore *store, QuotesClock *clock)
{
  QuotesAlerting *self = g_new0 (QuotesAlerting, 1);
  g_autoptr (GPtrArray) kept = quotes_store_dup_alerts (store);

  self->poller = g_object_ref (poller);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->alerts = quotes_alerts_new (hub, poller, clock);
  self->service = quotes_alerts_service_new (self->alerts);
  g_signal_connect_swapped (self->alerts, "saved", G_CALLBACK (saved_cb), self);
  g_signal_connect_swapped (self->alerts, "removed", G_CALLBACK (removed_cb), self);
  g_signal_connect_swapped (self->alerts, "fired", G_CALLBACK (fired_cb), self);
  g_signal_connect_swapped (poller, "woken", G_CALLBACK (woken_cb), self);
  quotes_alerts_load (self->alerts, kept);

  return self;
}

void
quotes_alerting_free (QuotesAlerting *self)
{
  g_signal_handlers_disconnect_by_data (self->poller, self);
  g_signal_handlers_disconnect_by_data (self->alerts, self);
  quotes_alerts_service_unexport (self->service);
  g_clear_object (&self->notifier);
  g_object_unref (self->service);
  g_object_unref (self->alerts);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  g_object_unref (self->poller);
  g_free (self->address);
  g_free (self);
}

/* @server: has its address already; answers and streams from now on */
void
quotes_alerting_set_server (QuotesAlerting *self, QuotesServer *server)
{
  self->address = g_strdup (quotes_server_get_address (server));
  quotes_server_set_alerts (server, self->alerts);
}

/* After quotes_alerting_set_server(), if there is one. @application shows notifications. */
void
quotes_alerting_set_application (QuotesAlerting *self, QuotesApplication *application)
{
  self->notifier = quotes_notifier_new (application, self->alerts, self->clock);
  quotes_notifier_set_address (self->notifier, self->address);
}

static guint
count_watchers (GObject *alerts)
{
  return quotes_alerts_wants_prices (QUOTES_ALERTS (alerts)) ? 1 : 0;
}

/* An alert that waits looks at the prices as much as a person does. */
void
quotes_alerting_watch (QuotesAlerting *self, QuotesWatching *watching)
{
  quotes_watching_add (watching, G_OBJECT (self->alerts), "changed", count_watchers);
}

/* Puts the interface of alerts beside that of quotes. */
gboolean
quotes_alerting_export (QuotesAlerting *self,
                        GDBusConnection *connection,
                        QuotesDbusCalls *calls,
                        GError **error)
{
  return quotes_alerts_service_export (self->service, connection, calls, error);
}
