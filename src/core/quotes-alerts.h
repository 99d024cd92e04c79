/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert.h"
#include "quotes-hub.h"
#include "quotes-poller.h"

G_BEGIN_DECLS

/* More than anybody keeps in mind; bounds what one client can make us watch. */
#define QUOTES_ALERTS_MAX 500

#define QUOTES_TYPE_ALERTS (quotes_alerts_get_type ())
G_DECLARE_FINAL_TYPE (QuotesAlerts, quotes_alerts, QUOTES, ALERTS, GObject)

QuotesAlerts *quotes_alerts_new (QuotesHub *hub, QuotesPoller *poller, QuotesClock *clock);
void quotes_alerts_load (QuotesAlerts *self, GPtrArray *alerts);
QuotesAlert *quotes_alerts_add (QuotesAlerts *self, const QuotesAlert *fields, GError **error);
GPtrArray *quotes_alerts_get_list (QuotesAlerts *self);
QuotesAlert *quotes_alerts_lookup (QuotesAlerts *self, const char *id);
gboolean quotes_alerts_remove (QuotesAlerts *self, const char *id, GError **error);
gboolean quotes_alerts_set_enabled (QuotesAlerts *self,
                                    const char *id,
                                    gboolean is_enabled,
                                    GError **error);
gboolean quotes_alerts_snooze (QuotesAlerts *self,
                               const char *id,
                               gint64 duration_us,
                               GError **error);
void quotes_alerts_note_gap (QuotesAlerts *self);
gboolean quotes_alerts_wants_prices (QuotesAlerts *self);

G_END_DECLS
