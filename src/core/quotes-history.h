/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * QuotesInterval:
 *
 * How long the time is that one bar stands for; the first is a single price.
 */
typedef enum
{
  QUOTES_INTERVAL_TICK,
  QUOTES_INTERVAL_MINUTE,
  QUOTES_INTERVAL_HOUR,
  QUOTES_INTERVAL_DAY,
} QuotesInterval;

#define QUOTES_N_INTERVALS (QUOTES_INTERVAL_DAY + 1)

/* `tick`, `1m`, `1h`, `1d`. */
const char *quotes_interval_to_string (QuotesInterval interval);
gboolean quotes_interval_from_string (const char *text, QuotesInterval *interval);
gint64 quotes_interval_get_us (QuotesInterval interval);

/**
 * QuotesRange:
 *
 * How far back a history goes, counted from its newest price.
 */
typedef enum
{
  QUOTES_RANGE_1D,
  QUOTES_RANGE_5D,
  QUOTES_RANGE_1MO,
  QUOTES_RANGE_3MO,
  QUOTES_RANGE_1Y,
  QUOTES_RANGE_MAX,
} QuotesRange;

#define QUOTES_N_RANGES (QUOTES_RANGE_MAX + 1)

/* How many bars a history has at most, and if nobody says; what may be asked for. */
#define QUOTES_HISTORY_POINTS_MAX 5000
#define QUOTES_HISTORY_POINTS_DEFAULT 500
#define QUOTES_HISTORY_POINTS_MIN 3

/* `1d`, `5d`, `1mo`, `3mo`, `1y`, `max`. */
const char *quotes_range_to_string (QuotesRange range);
gboolean quotes_range_from_string (const char *text, QuotesRange *range);
gint64 quotes_range_get_us (QuotesRange range);
QuotesInterval quotes_range_get_interval (QuotesRange range);

/**
 * QuotesBar:
 * @start_us: when it begins, microseconds since 1970; a multiple of the interval, of a single price
 *   the time of our fetch
 * @open, @high, @low, @close: in the currency of the instrument, always finite
 * @source: who said so: `yahoo` = recorded from its quotes, `yahoo:chart` and
 *   `coingecko:market_chart` = filled in afterwards; lives as long as what holds the bar
 * @is_roll: it is the first of another contract: the step before it is no move of the market
 */
typedef struct
{
  gint64 start_us;
  double open;
  double high;
  double low;
  double close;
  const char *source;
  gboolean is_roll;
} QuotesBar;

#define QUOTES_TYPE_HISTORY (quotes_history_get_type ())

/**
 * QuotesHistory:
 * @symbol: of what
 * @currency: (nullable): of the prices; %NULL while no price came
 * @interval: of its shortest bars; where nothing so short is known, longer ones stand
 * @bars: (element-type QuotesBar): the oldest first
 * @texts: what the bars point to
 *
 * What one instrument cost. Immutable and shared between threads once it left its maker.
 */
typedef struct
{
  char *symbol;
  char *currency;
  QuotesInterval interval;
  GArray *bars;
  GStringChunk *texts;
} QuotesHistory;

GType quotes_history_get_type (void);

QuotesHistory *quotes_history_new (const char *symbol,
                                   const char *currency,
                                   QuotesInterval interval);
QuotesHistory *quotes_history_ref (QuotesHistory *self);
void quotes_history_unref (QuotesHistory *self);
void quotes_history_append (QuotesHistory *self, const QuotesBar *bar);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesHistory, quotes_history_unref)

G_END_DECLS
