/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "quotes-provider.h"

G_BEGIN_DECLS

typedef enum
{
  QUOTES_YAHOO_PERIOD_PRE,
  QUOTES_YAHOO_PERIOD_REGULAR,
  QUOTES_YAHOO_PERIOD_POST,
  QUOTES_YAHOO_N_PERIODS,
} QuotesYahooPeriod;

/**
 * QuotesYahooMeta:
 * @type: (nullable): `EQUITY`, `INDEX`, `CURRENCY`, ...
 * @short_name: (nullable): of a future it names the contract, "Gold Dec 26"
 * @currency: (nullable): also of minor units, `GBp`
 * @exchange_code: (nullable): `CMX`
 * @price: in @currency, as all the others; NAN when there is none
 * @is_invalid: something stands where the price should that cannot be one
 * @price_hint: decimals to show, -1 = not said
 * @quote_time: as it stands there: seconds, NAN = unknown
 * @starts_us: of each period of the session, 0 = unknown
 * @ends_us: likewise; the session of a closed market is its next one
 * @fetched_us: real time of the answer
 *
 * What Yahoo says of one instrument, with its own units and nothing rounded, so that two answers
 * can complete each other. A number that is unknown is NAN, a text %NULL.
 */
typedef struct
{
  char *type;
  char *name;
  char *short_name;
  char *currency;
  char *exchange;
  char *exchange_code;
  char *exchange_timezone;
  double price;
  gboolean is_invalid;
  double previous_close;
  double open;
  double high;
  double low;
  double volume;
  int price_hint;
  double quote_time;
  gint64 starts_us[QUOTES_YAHOO_N_PERIODS];
  gint64 ends_us[QUOTES_YAHOO_N_PERIODS];
  gint64 fetched_us;
} QuotesYahooMeta;

QuotesYahooMeta *quotes_yahoo_meta_read (JsonObject *result, gint64 now_us);
void quotes_yahoo_meta_free (QuotesYahooMeta *self);
QuotesMarketState quotes_yahoo_meta_get_state (const QuotesYahooMeta *self, gint64 now_us);
gboolean quotes_yahoo_meta_has_ended (const QuotesYahooMeta *self, gint64 at_us);
gboolean quotes_yahoo_meta_is_same_session (const QuotesYahooMeta *self,
                                            const QuotesYahooMeta *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesYahooMeta, quotes_yahoo_meta_free)

G_END_DECLS
