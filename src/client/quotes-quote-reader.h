/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "quotes-client-status.h"
#include "quotes-members.h"
#include "quotes-snapshot.h"

G_BEGIN_DECLS

QuotesQuote *quotes_quote_read (const QuotesMembers *members);
GPtrArray *quotes_quotes_read_json (JsonArray *array);
GPtrArray *quotes_quotes_read_variant (GVariant *dictionaries);
void quotes_provider_read (QuotesClientStatus *status,
                           const char *id,
                           const QuotesMembers *members);
void quotes_pending_read (QuotesClientStatus *status, const QuotesMembers *members);

G_END_DECLS
