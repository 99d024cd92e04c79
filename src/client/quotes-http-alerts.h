/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "quotes-alerts-client.h"

G_BEGIN_DECLS

/* How #QuotesHttpClient is a #QuotesAlertsClient. */
void quotes_http_alerts_iface_init (QuotesAlertsClientInterface *iface);

G_END_DECLS
