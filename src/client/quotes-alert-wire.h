/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "quotes-alert.h"

G_BEGIN_DECLS

/* Alerts as the service has them; pure. %NULL with a #QuotesClientError when anything in them is
 * not what it should be, or they are more than there can be. */
GPtrArray *quotes_alerts_read_json (JsonArray *array, GError **error);
GPtrArray *quotes_alerts_read_variant (GVariant *dictionaries, GError **error);

/* What a user decides of one, for the service. */
char *quotes_alert_write_json (const QuotesAlert *fields);
GVariant *quotes_alert_write_variant (const QuotesAlert *fields);

G_END_DECLS
