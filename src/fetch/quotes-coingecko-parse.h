/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "quotes-http.h"
#include "quotes-provider.h"

G_BEGIN_DECLS

/* Whom we name in messages. */
#define QUOTES_COINGECKO_LABEL "CoinGecko"

/* The guard in front of every answer. (transfer full) (nullable) */
JsonNode *quotes_coingecko_open (const QuotesHttpAnswer *answer, GError **error);

QuotesBatch *quotes_coingecko_parse (const QuotesHttpAnswer *answer,
                                     GPtrArray *instruments,
                                     gint64 now_us);

G_END_DECLS
