/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-quote.h"

G_BEGIN_DECLS

/**
 * QuotesDirection:
 *
 * Where a price went since the basis of its change; %QUOTES_DIRECTION_UNKNOWN = nobody said.
 */
typedef enum
{
  QUOTES_DIRECTION_UNKNOWN,
  QUOTES_DIRECTION_DOWN,
  QUOTES_DIRECTION_UNCHANGED,
  QUOTES_DIRECTION_UP,
} QuotesDirection;

/* Everything here is for people: digits, grouping and words are those of the locale. Programs get
 * quotes_decimal_format(). All results are transfer full unless they are const. */
char *quotes_format_number (double value, int decimals);
char *quotes_format_signed (double value, int decimals);
char *quotes_format_price (const QuotesQuote *quote);
char *quotes_format_price_in_currency (const QuotesQuote *quote);
char *quotes_format_change (const QuotesQuote *quote);
char *quotes_format_percent (const QuotesQuote *quote);
char *quotes_format_age (gint64 age_us);
char *quotes_format_time (gint64 time_us);
char *quotes_format_state (const QuotesQuote *quote);
char *quotes_format_marks (const QuotesQuote *quote);

QuotesDirection quotes_format_get_direction (const QuotesQuote *quote);
gboolean quotes_format_is_closed (const QuotesQuote *quote);
gint64 quotes_format_get_time_us (const QuotesQuote *quote);

G_END_DECLS
