/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-provider.h"
#include "quotes-upstream.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_COINGECKO (quotes_coingecko_get_type ())
G_DECLARE_FINAL_TYPE (QuotesCoingecko, quotes_coingecko, QUOTES, COINGECKO, GObject)

const QuotesUpstreamPlan *quotes_coingecko_get_upstream_plan (void);
QuotesProvider *quotes_coingecko_new (QuotesUpstream *upstream, QuotesClock *clock);

G_END_DECLS
