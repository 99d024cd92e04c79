/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-http.h"
#include "quotes-provider.h"

G_BEGIN_DECLS

QuotesBatch *quotes_coingecko_parse (const QuotesHttpAnswer *answer,
                                     GPtrArray *instruments,
                                     gint64 now_us);

G_END_DECLS
