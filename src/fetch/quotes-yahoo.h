/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-provider.h"
#include "quotes-upstream.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_YAHOO (quotes_yahoo_get_type ())
G_DECLARE_FINAL_TYPE (QuotesYahoo, quotes_yahoo, QUOTES, YAHOO, GObject)

const QuotesUpstreamPlan *quotes_yahoo_get_upstream_plan (void);
QuotesProvider *quotes_yahoo_new (QuotesUpstream *upstream, QuotesClock *clock);

G_END_DECLS
