/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alerts.h"
#include "quotes-dbus-service.h"
#include "quotes-poller.h"
#include "quotes-server.h"

G_BEGIN_DECLS

/* Returns: how many watch by way of @object */
typedef guint (*QuotesWatchersFunc) (GObject *object);

typedef struct _QuotesWatching QuotesWatching;

/**
 * QuotesWatching:
 *
 * Tells the poller whether anybody looks at the prices. Who leaves is counted for another minute: a
 * page that is loaded anew, or a client that lost its connection, is back by then.
 */
QuotesWatching *quotes_watching_new (QuotesPoller *poller, QuotesClock *clock);
void quotes_watching_free (QuotesWatching *self);
void quotes_watching_add (QuotesWatching *self,
                          GObject *object,
                          const char *signal,
                          QuotesWatchersFunc count);
void quotes_watching_add_alerts (QuotesWatching *self, QuotesAlerts *alerts);
void quotes_watching_add_hub (QuotesWatching *self, QuotesHub *hub);
void quotes_watching_add_server (QuotesWatching *self, QuotesServer *server);
void quotes_watching_add_service (QuotesWatching *self, QuotesDbusService *service);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesWatching, quotes_watching_free)

G_END_DECLS
