/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "quotes-alerts.h"

G_BEGIN_DECLS

/* The routes of alerts. Each answers @message at once. */
void quotes_alerts_rest_list (QuotesAlerts *alerts, SoupServerMessage *message);
void quotes_alerts_rest_add (QuotesAlerts *alerts, SoupServerMessage *message);
void quotes_alerts_rest_change (QuotesAlerts *alerts, SoupServerMessage *message, const char *id);
void quotes_alerts_rest_remove (QuotesAlerts *alerts, SoupServerMessage *message, const char *id);

G_END_DECLS
