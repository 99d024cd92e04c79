/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "quotes-hub.h"
#include "quotes-json.h"
#include "quotes-poller.h"

G_BEGIN_DECLS

JsonNode *quotes_rest_read_object (SoupServerMessage *message, JsonObject **object);
void quotes_rest_answer_quote (SoupServerMessage *message, guint status, const QuotesQuote *quote);
void quotes_rest_answer_error (SoupServerMessage *message, QuotesError code);

/* The routes of single quotes. Each answers @message at once. */
void quotes_rest_get (QuotesHub *hub, SoupServerMessage *message, const char *symbol);
void quotes_rest_remove (QuotesHub *hub, SoupServerMessage *message, const char *symbol);
void quotes_rest_refresh (QuotesHub *hub, QuotesPoller *poller, SoupServerMessage *message);

G_END_DECLS
