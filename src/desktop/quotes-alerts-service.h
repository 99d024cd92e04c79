/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "quotes-alerts.h"
#include "quotes-dbus-calls.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_ALERTS_SERVICE (quotes_alerts_service_get_type ())
G_DECLARE_FINAL_TYPE (QuotesAlertsService, quotes_alerts_service, QUOTES, ALERTS_SERVICE, GObject)

QuotesAlertsService *quotes_alerts_service_new (QuotesAlerts *alerts);
gboolean quotes_alerts_service_export (QuotesAlertsService *self,
                                       GDBusConnection *connection,
                                       QuotesDbusCalls *calls,
                                       GError **error);
void quotes_alerts_service_unexport (QuotesAlertsService *self);

G_END_DECLS
