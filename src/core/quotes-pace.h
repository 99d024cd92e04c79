/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-quote.h"

G_BEGIN_DECLS

/**
 * QuotesPaceReason:
 * @QUOTES_PACE_REGULAR: a market is open, or nothing is known of it
 * @QUOTES_PACE_EXTENDED: before the opening or after the closing
 * @QUOTES_PACE_QUIET: the market should be open, but its prices stand still: a holiday, a halt
 * @QUOTES_PACE_METERED: the network costs money
 * @QUOTES_PACE_POWER_SAVER: the machine saves power
 * @QUOTES_PACE_CLOSED: all markets are closed
 * @QUOTES_PACE_UNWATCHED: nobody looks
 * @QUOTES_PACE_FIXED: the user wants it so
 * @QUOTES_PACE_OFFLINE: there is no network
 *
 * Why a provider is asked as often as it is. When several apply, the last one here is told.
 */
typedef enum
{
  QUOTES_PACE_REGULAR,
  QUOTES_PACE_EXTENDED,
  QUOTES_PACE_QUIET,
  QUOTES_PACE_METERED,
  QUOTES_PACE_POWER_SAVER,
  QUOTES_PACE_CLOSED,
  QUOTES_PACE_UNWATCHED,
  QUOTES_PACE_FIXED,
  QUOTES_PACE_OFFLINE,
} QuotesPaceReason;

/* `regular`, `power-saver`, ...: the stable word for programs. */
const char *quotes_pace_reason_to_string (QuotesPaceReason reason);

/**
 * QuotesPaceConditions:
 * @is_fixed: nothing adapts
 * @is_unwatched: nobody looks at the prices, and no alert waits for one
 * @is_metered: what we send or get may cost money
 * @is_power_saver: the machine saves power
 *
 * What is the same for all providers.
 */
typedef struct
{
  gboolean is_fixed;
  gboolean is_unwatched;
  gboolean is_metered;
  gboolean is_power_saver;
} QuotesPaceConditions;

/**
 * QuotesPaceFacts:
 * @base_us: the interval that the user or the provider likes
 * @conditions: of all providers
 * @quotes: (element-type QuotesQuote): the last ones of this one's instruments
 * @is_waiting: one of them has no price yet, and nobody has said why
 * @n_quiet: rounds in a row in which no price of an open market was newer
 * @asked_us: when it was last asked
 * @now_us: the real time, as is @asked_us
 * @new_york: (nullable): that time zone
 *
 * All that decides how often one provider is asked.
 */
typedef struct
{
  gint64 base_us;
  QuotesPaceConditions conditions;
  GPtrArray *quotes;
  gboolean is_waiting;
  guint n_quiet;
  gint64 asked_us;
  gint64 now_us;
  GTimeZone *new_york;
} QuotesPaceFacts;

/**
 * QuotesPace:
 * @interval_us: between two rounds
 * @reason: why
 * @ask_us: real time of one more round, before an opening or after a closing; may be past: it is
 *   due; 0 = none
 * @change_us: real time from which another pace may be right, in the future; 0 = not known
 *
 * How often one provider is asked.
 */
typedef struct
{
  gint64 interval_us;
  QuotesPaceReason reason;
  gint64 ask_us;
  gint64 change_us;
} QuotesPace;

void quotes_pace_judge (QuotesPace *self, const QuotesPaceFacts *facts);

G_END_DECLS
