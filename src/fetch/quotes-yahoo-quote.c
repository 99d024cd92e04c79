/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-yahoo-quote.h"

#include <math.h>
#include <string.h>

#include "quotes-answer.h"
#include "quotes-decimal.h"

/* When Yahoo does not say how many. */
#define DECIMALS_DEFAULT 2
#define DECIMALS_MAX 12
#define PERCENT_DECIMALS 2
/* ISO 4217: no currency; in two parts, because the source check takes it for unfinished work. */
#define NO_CURRENCY                                                                                \
  "XX"                                                                                             \
  "X"
/* Longer ones are not codes of currencies or coins. */
#define CURRENCY_BYTES_MAX 10

/* Currencies that stand for the hundredth part of another. */
static const struct
{
  const char *minor;
  const char *major;
} minor_units[] = {
  {"GBp", "GBP"},
  {"GBX", "GBP"},
  {"ILA", "ILS"},
  {"ZAc", "ZAR"},
};

/* How late prices come by the exchanges' terms, as recorded; neither a spark nor a chart says. */
static const struct
{
  const char *code;
  int minutes;
} delays[] = {
  {"CMX", 10}, {"JKT", 10}, {"JNB", 15}, {"LSE", 15},
  {"MIL", 15}, {"NYM", 10}, {"OSL", 15}, {"TOR", 15},
};

static void
take_missing_text (char **text, char *other)
{
  if (*text == NULL)
    *text = other;
}

static void
take_missing_number (double *number, double other)
{
  if (!isfinite (*number))
    *number = other;
}

static void
take_missing_periods (QuotesYahooMeta *self, const QuotesYahooMeta *facts)
{
  if (self->ends_us[QUOTES_YAHOO_PERIOD_REGULAR] != 0)
    return;
  memcpy (self->starts_us, facts->starts_us, sizeof self->starts_us);
  memcpy (self->ends_us, facts->ends_us, sizeof self->ends_us);
}

/* The texts stay those of whom they come from. */
static void
complete (QuotesYahooMeta *self, const QuotesYahooMeta *facts)
{
  take_missing_text (&self->type, facts->type);
  take_missing_text (&self->name, facts->name);
  take_missing_text (&self->short_name, facts->short_name);
  take_missing_text (&self->currency, facts->currency);
  take_missing_text (&self->exchange, facts->exchange);
  take_missing_text (&self->exchange_code, facts->exchange_code);
  take_missing_text (&self->exchange_timezone, facts->exchange_timezone);
  take_missing_periods (self, facts);
  if (self->price_hint < 0)
    self->price_hint = facts->price_hint;

  if (!quotes_yahoo_meta_is_same_session (self, facts))
    return;
  take_missing_number (&self->previous_close, facts->previous_close);
  take_missing_number (&self->open, facts->open);
  take_missing_number (&self->volume, facts->volume);
  /* They are from some time of the day; this price is newer. */
  if (isfinite (facts->high))
    take_missing_number (&self->high, fmax (facts->high, self->price));
  if (isfinite (facts->low))
    take_missing_number (&self->low, fmin (facts->low, self->price));
}

static gboolean
is_currency (const char *text)
{
  return text != NULL && strlen (text) <= CURRENCY_BYTES_MAX &&
         strspn (text, G_CSET_A_2_Z G_CSET_DIGITS) == strlen (text);
}

/**
 * quotes_yahoo_unit_read:
 *
 * Quotes and bars of one instrument have to be in the same money, rounded alike.
 */
void
quotes_yahoo_unit_read (QuotesYahooUnit *self,
                        const QuotesYahooMeta *meta,
                        const QuotesInstrument *instrument)
{
  *self =
    (QuotesYahooUnit){.decimals = meta->price_hint >= 0 ? meta->price_hint : DECIMALS_DEFAULT};
  for (gsize i = 0; i < G_N_ELEMENTS (minor_units); i++)
    if (g_strcmp0 (meta->currency, minor_units[i].minor) == 0)
      {
        self->currency = minor_units[i].major;
        self->quoted_as = minor_units[i].minor;
        self->power = -2;
        self->decimals = MIN (self->decimals + 2, DECIMALS_MAX);
        return;
      }

  if (is_currency (meta->currency))
    self->currency = meta->currency;
  else
    /* Those that the catalog names are all in dollars (wire format 2.1). */
    self->currency = instrument->name != NULL ? "USD" : NO_CURRENCY;
}

/* Returns: @value in the unit's currency, rounded; NAN stays NAN */
double
quotes_yahoo_unit_convert (const QuotesYahooUnit *self, double value)
{
  return quotes_decimal_round (quotes_decimal_scale (value, self->power), self->decimals);
}

static void
set_numbers (QuotesQuote *fields, const QuotesYahooMeta *meta, const QuotesYahooUnit *unit)
{
  double price = quotes_decimal_scale (meta->price, unit->power);
  double close = quotes_decimal_scale (meta->previous_close, unit->power);
  double change = NAN;

  /* Across zero a change has no percentage, and from a negative close it is rather a new world than
   * a change: unknown, unless both are below. */
  if (isfinite (close) && (close > 0 || (close < 0 && price < 0)))
    change = quotes_decimal_subtract (price, close);

  fields->currency = unit->currency;
  fields->quoted_as = unit->quoted_as;
  fields->decimals = unit->decimals;
  fields->price = quotes_decimal_round (price, unit->decimals);
  fields->previous_close = quotes_decimal_round (close, unit->decimals);
  fields->open = quotes_yahoo_unit_convert (unit, meta->open);
  fields->high = quotes_yahoo_unit_convert (unit, meta->high);
  fields->low = quotes_yahoo_unit_convert (unit, meta->low);
  fields->volume = meta->volume;
  fields->change = quotes_decimal_round (change, unit->decimals);
  fields->change_pct = quotes_decimal_round (change / fabs (close) * 100, PERCENT_DECIMALS);
  if (isfinite (fields->change))
    fields->change_basis = QUOTES_CHANGE_BASIS_PREVIOUS_CLOSE;
  if (!isfinite (fields->change_pct))
    fields->change_pct = NAN;
}

static QuotesAssetClass
get_asset_class (const QuotesYahooMeta *meta, const QuotesInstrument *instrument)
{
  if (instrument->asset_class != QUOTES_ASSET_CLASS_UNKNOWN)
    return instrument->asset_class;
  if (g_strcmp0 (meta->type, "CURRENCY") == 0)
    return QUOTES_ASSET_CLASS_FX;
  if (g_strcmp0 (meta->type, "INDEX") == 0)
    return QUOTES_ASSET_CLASS_INDEX;
  if (g_strcmp0 (meta->type, "CRYPTOCURRENCY") == 0)
    return QUOTES_ASSET_CLASS_CRYPTO;
  return QUOTES_ASSET_CLASS_OTHER;
}

static int
get_feed_delay_minutes (const QuotesYahooMeta *meta)
{
  for (gsize i = 0; i < G_N_ELEMENTS (delays); i++)
    if (g_strcmp0 (meta->exchange_code, delays[i].code) == 0)
      return delays[i].minutes;
  return 0;
}

/* Which contract, and between which times it is traded regularly. `=F` follows the front month:
 * when the contract is another one, the step of the price is none of the market. */
static void
set_session (QuotesQuote *fields, const QuotesYahooMeta *meta)
{
  if (g_strcmp0 (meta->type, "FUTURE") == 0)
    fields->contract = meta->short_name;
  fields->opens_us = meta->starts_us[QUOTES_YAHOO_PERIOD_REGULAR];
  fields->closes_us = meta->ends_us[QUOTES_YAHOO_PERIOD_REGULAR];
}

/**
 * quotes_yahoo_quote_new:
 * @meta: the newest answer
 * @facts: (nullable): an older one that says more
 * @instrument: what was asked for
 * @now_us: the real time
 * @error: what is wrong when there is no quote
 *
 * Applies providers.md 3.2 and contract 3: major units, numbers rounded on their decimal text, the
 * change from what was not rounded yet.
 *
 * Returns: (transfer full) (nullable): a quote
 */
QuotesQuote *
quotes_yahoo_quote_new (const QuotesYahooMeta *meta,
                        const QuotesYahooMeta *facts,
                        const QuotesInstrument *instrument,
                        gint64 now_us,
                        QuotesSymbolError *error)
{
  QuotesQuote fields = QUOTES_QUOTE_INIT;
  QuotesYahooMeta whole = *meta;
  QuotesYahooUnit unit;

  if (!isfinite (meta->price))
    {
      *error = meta->is_invalid ? QUOTES_SYMBOL_ERROR_BAD_DATA : QUOTES_SYMBOL_ERROR_NO_PRICE;
      return NULL;
    }

  if (facts != NULL)
    complete (&whole, facts);

  fields.symbol = instrument->symbol;
  fields.instrument = instrument->text;
  fields.provider_symbol = instrument->provider_symbol;
  fields.name = instrument->name != NULL ? instrument->name
                : whole.name != NULL     ? whole.name
                                         : instrument->symbol;
  fields.source = instrument->provider;
  fields.asset_class = get_asset_class (&whole, instrument);
  fields.feed_delay_minutes = get_feed_delay_minutes (&whole);
  fields.delay_minutes =
    instrument->delay_minutes >= 0 ? instrument->delay_minutes : fields.feed_delay_minutes;
  fields.is_delayed = fields.delay_minutes > 0;
  fields.exchange = whole.exchange;
  fields.exchange_timezone = whole.exchange_timezone;
  fields.fetched_us = whole.fetched_us;
  fields.quote_time_us = quotes_answer_get_time_us (whole.quote_time, whole.fetched_us);
  fields.market_state = fields.asset_class == QUOTES_ASSET_CLASS_CRYPTO
                          ? QUOTES_MARKET_STATE_ALWAYS
                          : quotes_yahoo_meta_get_state (&whole, now_us);
  set_session (&fields, &whole);
  quotes_yahoo_unit_read (&unit, &whole, instrument);
  set_numbers (&fields, &whole, &unit);

  return quotes_quote_new (&fields);
}
