/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>
#include <math.h>

#include "quotes-instrument.h"

G_BEGIN_DECLS

typedef enum
{
  QUOTES_CHANGE_BASIS_UNKNOWN,
  QUOTES_CHANGE_BASIS_PREVIOUS_CLOSE,
  QUOTES_CHANGE_BASIS_ROLLING_24H,
} QuotesChangeBasis;

typedef enum
{
  QUOTES_MARKET_STATE_UNKNOWN,
  QUOTES_MARKET_STATE_PRE,
  QUOTES_MARKET_STATE_REGULAR,
  QUOTES_MARKET_STATE_POST,
  QUOTES_MARKET_STATE_CLOSED,
  QUOTES_MARKET_STATE_ALWAYS,
} QuotesMarketState;

/**
 * QuotesStaleReason:
 *
 * Why a price may no longer be what the market says (contract 4); %QUOTES_STALE_REASON_NONE =
 * fresh.
 */
typedef enum
{
  QUOTES_STALE_REASON_NONE,
  QUOTES_STALE_REASON_OLD,
  QUOTES_STALE_REASON_PROVIDER_ERROR,
  QUOTES_STALE_REASON_RATE_LIMITED,
  QUOTES_STALE_REASON_OFFLINE,
  QUOTES_STALE_REASON_STORED,
  QUOTES_STALE_REASON_UNKNOWN_SYMBOL,
} QuotesStaleReason;

/* NULL for the unknown or none member of each. */
const char *quotes_change_basis_to_string (QuotesChangeBasis basis);
const char *quotes_market_state_to_string (QuotesMarketState state);
const char *quotes_stale_reason_to_string (QuotesStaleReason reason);

#define QUOTES_TYPE_QUOTE (quotes_quote_get_type ())

/**
 * QuotesQuote:
 *
 * One price and what is known of it (contract 3). Immutable and shared between threads. Text that
 * is unknown is %NULL, numbers that are unknown are NAN, times that are unknown are 0.
 *
 * @symbol, @name, @instrument, @provider_symbol, @currency and @source are never %NULL; @price is
 * always finite. All money is in @currency.
 *
 * @feed_delay_minutes is how late the feed is by what is known of its exchange. The wire format
 * says of the futures in the default list that they are not delayed, but their prices come ten
 * minutes late: without this they would be stale whenever their market is open.
 */
typedef struct
{
  const char *symbol;
  const char *name;
  QuotesAssetClass asset_class;
  double price;
  const char *currency;
  double change;
  double change_pct;
  gint64 fetched_us; /* `ts_iso`: when we fetched it, microseconds since 1970 */
  const char *source;
  gboolean is_delayed;
  int delay_minutes;
  int feed_delay_minutes; /* for judging its age only, never written: see below */

  const char *instrument;
  const char *provider_symbol;
  double previous_close;
  double open;
  double high;
  double low;
  double volume;
  QuotesChangeBasis change_basis;
  QuotesMarketState market_state;
  const char *exchange;
  const char *exchange_timezone;
  gint64 quote_time_us; /* when the market made it, microseconds since 1970 */
  const char *quoted_as;
  const char *contract; /* which one a futures price is of, "Gold Dec 26"; never written */
  gint64 opens_us;      /* the session that the provider named, real time; never written */
  gint64 closes_us;
  int decimals;
  QuotesStaleReason stale_reason;
} QuotesQuote;

/* A template in which everything is unknown, for quotes_quote_new(). */
#define QUOTES_QUOTE_INIT                                                                          \
  {                                                                                                \
    .asset_class = QUOTES_ASSET_CLASS_OTHER, .price = NAN, .change = NAN, .change_pct = NAN,       \
    .previous_close = NAN, .open = NAN, .high = NAN, .low = NAN, .volume = NAN, .decimals = 2,     \
  }

GType quotes_quote_get_type (void);

QuotesQuote *quotes_quote_new (const QuotesQuote *fields);
QuotesQuote *quotes_quote_ref (QuotesQuote *self);
void quotes_quote_unref (QuotesQuote *self);
gboolean quotes_quote_is_same_news (const QuotesQuote *a, const QuotesQuote *b);
QuotesQuote *quotes_quote_with_stale_reason (QuotesQuote *self, QuotesStaleReason reason);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesQuote, quotes_quote_unref)

G_END_DECLS
