/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-http.h"
#include "quotes-yahoo-meta.h"

G_BEGIN_DECLS

/* Whom we name in messages. */
#define QUOTES_YAHOO_LABEL "Yahoo Finance"

/* The envelopes. An unknown symbol is no error of the answer. */
GHashTable *quotes_yahoo_read_spark (const QuotesHttpAnswer *answer, gint64 now_us, GError **error);
JsonNode *quotes_yahoo_open_chart (const QuotesHttpAnswer *answer,
                                   const char *name,
                                   JsonObject **result,
                                   GError **error);
QuotesYahooMeta *quotes_yahoo_read_chart (const QuotesHttpAnswer *answer,
                                          const char *name,
                                          gint64 now_us,
                                          GError **error);

char *quotes_yahoo_build_spark_path (GPtrArray *instruments, guint first, guint n);
gboolean quotes_yahoo_is_refusal_of_spark (const QuotesHttpAnswer *answer, const GError *error);

/* From an answer to quotes, in one step and without any memory. */
QuotesBatch *quotes_yahoo_parse_spark (const QuotesHttpAnswer *answer,
                                       GPtrArray *instruments,
                                       gint64 now_us);
QuotesBatch *quotes_yahoo_parse_chart (const QuotesHttpAnswer *answer,
                                       const QuotesInstrument *instrument,
                                       gint64 now_us);

G_END_DECLS
