/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "quotes-hub.h"
#include "quotes-poller.h"

G_BEGIN_DECLS

/* The routes of the list of quotes. Each answers @message at once. */
void quotes_rest_list (QuotesHub *hub, SoupServerMessage *message);
void quotes_rest_get (QuotesHub *hub, SoupServerMessage *message, const char *symbol);
void quotes_rest_add (QuotesHub *hub, SoupServerMessage *message);
void quotes_rest_remove (QuotesHub *hub, SoupServerMessage *message, const char *symbol);
void quotes_rest_refresh (QuotesHub *hub, QuotesPoller *poller, SoupServerMessage *message);

G_END_DECLS
