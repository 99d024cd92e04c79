/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "quotes-history.h"
#include "quotes-record-page.h"

G_BEGIN_DECLS

/* What the service answers about the past; pure. NULL with a #QuotesClientError when anything in it
 * is not what it should be, or there is more of it than was promised. */
QuotesHistory *quotes_history_read_json (JsonObject *object, GError **error);
QuotesHistory *quotes_history_read_variant (GVariant *reply, const char *symbol, GError **error);
QuotesRecordPage *quotes_record_page_read_json (JsonObject *object,
                                                QuotesInterval interval,
                                                gint64 after,
                                                GError **error);
QuotesRecordPage *quotes_record_page_read_variant (GVariant *reply,
                                                   QuotesInterval interval,
                                                   gint64 after,
                                                   GError **error);

G_END_DECLS
