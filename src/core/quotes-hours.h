/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-quote.h"

G_BEGIN_DECLS

/**
 * QuotesHours:
 * @state: whether prices move now; %QUOTES_MARKET_STATE_UNKNOWN = nobody knows
 * @ask_us: when a price is worth more than at other times, shortly before the opening and when the
 *   last price of the session has come; may be past; 0 = unknown
 * @change_us: when @state will be another one, in the future; 0 = unknown
 *
 * The market of one quote at one time. All times are real times.
 */
typedef struct
{
  QuotesMarketState state;
  gint64 ask_us;
  gint64 change_us;
} QuotesHours;

void quotes_hours_judge (QuotesHours *self,
                         const QuotesQuote *quote,
                         GTimeZone *new_york,
                         gint64 now_us);

G_END_DECLS
