/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alerts.h"
#include "quotes-application.h"
#include "quotes-dbus-calls.h"
#include "quotes-server.h"
#include "quotes-store.h"
#include "quotes-watching.h"

G_BEGIN_DECLS

/**
 * QuotesAlerting:
 *
 * What brings the user's alerts together with those who keep them and those who tell of them.
 */
typedef struct _QuotesAlerting QuotesAlerting;

QuotesAlerting *quotes_alerting_new (QuotesHub *hub,
                                     QuotesPoller *poller,
                                     QuotesStore *store,
                                     QuotesClock *clock);
void quotes_alerting_free (QuotesAlerting *self);
void quotes_alerting_set_server (QuotesAlerting *self, QuotesServer *server);
void quotes_alerting_set_application (QuotesAlerting *self, QuotesApplication *application);
void quotes_alerting_watch (QuotesAlerting *self, QuotesWatching *watching);
gboolean quotes_alerting_export (QuotesAlerting *self,
                                 GDBusConnection *connection,
                                 QuotesDbusCalls *calls,
                                 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesAlerting, quotes_alerting_free)

G_END_DECLS
