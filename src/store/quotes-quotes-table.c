/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-quotes-table.h"

#define COLUMNS                                                                                    \
  "price, change, change_pct, fetched_us, source_id, is_delayed, delay_minutes, "                  \
  "feed_delay_minutes, provider_symbol, previous_close, open, high, low, volume, change_basis, "   \
  "market_state, exchange, exchange_timezone, quote_time_us, quoted_as, contract, opens_us, "      \
  "closes_us, decimals"

/* The order of the columns in both statements; @COLUMN_SYMBOL and on are of other tables. */
enum
{
  COLUMN_PRICE,
  COLUMN_CHANGE,
  COLUMN_CHANGE_PCT,
  COLUMN_FETCHED,
  COLUMN_SOURCE_ID,
  COLUMN_IS_DELAYED,
  COLUMN_DELAY,
  COLUMN_FEED_DELAY,
  COLUMN_PROVIDER_SYMBOL,
  COLUMN_PREVIOUS_CLOSE,
  COLUMN_OPEN,
  COLUMN_HIGH,
  COLUMN_LOW,
  COLUMN_VOLUME,
  COLUMN_CHANGE_BASIS,
  COLUMN_MARKET_STATE,
  COLUMN_EXCHANGE,
  COLUMN_TIMEZONE,
  COLUMN_QUOTE_TIME,
  COLUMN_QUOTED_AS,
  COLUMN_CONTRACT,
  COLUMN_OPENS,
  COLUMN_CLOSES,
  COLUMN_DECIMALS,
  COLUMN_SYMBOL,
  COLUMN_INSTRUMENT,
  COLUMN_NAME,
  COLUMN_ASSET_CLASS,
  COLUMN_CURRENCY,
  COLUMN_SOURCE,
};

/* Contract 3; what else is in the file was not written by us. */
#define DECIMALS_MAX 12
#define DELAY_MAX_MINUTES (7 * 24 * 60)

void
quotes_bind_text (sqlite3_stmt *statement, int index, const char *text)
{
  sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
}

/* Returns: (nullable): valid until the next step; %NULL also for what is no text of ours */
const char *
quotes_column_text (sqlite3_stmt *statement, int index)
{
  const char *text = (const char *) sqlite3_column_text (statement, index);

  return text != NULL && g_utf8_validate (text, -1, NULL) ? text : NULL;
}

static double
get_number (sqlite3_stmt *statement, int column)
{
  return sqlite3_column_type (statement, column) == SQLITE_NULL
           ? NAN
           : sqlite3_column_double (statement, column);
}

static QuotesChangeBasis
get_change_basis (sqlite3_stmt *statement)
{
  const char *text = quotes_column_text (statement, COLUMN_CHANGE_BASIS);

  for (int i = QUOTES_CHANGE_BASIS_PREVIOUS_CLOSE; i <= QUOTES_CHANGE_BASIS_ROLLING_24H; i++)
    if (g_strcmp0 (text, quotes_change_basis_to_string ((QuotesChangeBasis) i)) == 0)
      return (QuotesChangeBasis) i;
  return QUOTES_CHANGE_BASIS_UNKNOWN;
}

static QuotesMarketState
get_market_state (sqlite3_stmt *statement)
{
  const char *text = quotes_column_text (statement, COLUMN_MARKET_STATE);

  for (int i = QUOTES_MARKET_STATE_UNKNOWN; i <= QUOTES_MARKET_STATE_ALWAYS; i++)
    if (g_strcmp0 (text, quotes_market_state_to_string ((QuotesMarketState) i)) == 0)
      return (QuotesMarketState) i;
  return QUOTES_MARKET_STATE_UNKNOWN;
}

static void
read_numbers (sqlite3_stmt *statement, QuotesQuote *fields)
{
  fields->price = get_number (statement, COLUMN_PRICE);
  fields->change = get_number (statement, COLUMN_CHANGE);
  fields->change_pct = get_number (statement, COLUMN_CHANGE_PCT);
  fields->previous_close = get_number (statement, COLUMN_PREVIOUS_CLOSE);
  fields->open = get_number (statement, COLUMN_OPEN);
  fields->high = get_number (statement, COLUMN_HIGH);
  fields->low = get_number (statement, COLUMN_LOW);
  fields->volume = get_number (statement, COLUMN_VOLUME);
  fields->fetched_us = sqlite3_column_int64 (statement, COLUMN_FETCHED);
  fields->quote_time_us = sqlite3_column_int64 (statement, COLUMN_QUOTE_TIME);
  fields->opens_us = sqlite3_column_int64 (statement, COLUMN_OPENS);
  fields->closes_us = sqlite3_column_int64 (statement, COLUMN_CLOSES);
  fields->is_delayed = sqlite3_column_int (statement, COLUMN_IS_DELAYED) != 0;
  fields->delay_minutes =
    CLAMP (sqlite3_column_int (statement, COLUMN_DELAY), 0, DELAY_MAX_MINUTES);
  fields->feed_delay_minutes =
    CLAMP (sqlite3_column_int (statement, COLUMN_FEED_DELAY), 0, DELAY_MAX_MINUTES);
  fields->decimals = CLAMP (sqlite3_column_int (statement, COLUMN_DECIMALS), 0, DECIMALS_MAX);
}

/* Returns: (transfer full) (nullable): %NULL for a row that is none of ours */
static QuotesQuote *
read_quote (sqlite3_stmt *statement)
{
  QuotesQuote fields = QUOTES_QUOTE_INIT;
  const char *asset_class = quotes_column_text (statement, COLUMN_ASSET_CLASS);

  read_numbers (statement, &fields);
  fields.symbol = quotes_column_text (statement, COLUMN_SYMBOL);
  fields.name = quotes_column_text (statement, COLUMN_NAME);
  fields.instrument = quotes_column_text (statement, COLUMN_INSTRUMENT);
  fields.provider_symbol = quotes_column_text (statement, COLUMN_PROVIDER_SYMBOL);
  fields.currency = quotes_column_text (statement, COLUMN_CURRENCY);
  fields.source = quotes_column_text (statement, COLUMN_SOURCE);
  fields.exchange = quotes_column_text (statement, COLUMN_EXCHANGE);
  fields.exchange_timezone = quotes_column_text (statement, COLUMN_TIMEZONE);
  fields.quoted_as = quotes_column_text (statement, COLUMN_QUOTED_AS);
  fields.contract = quotes_column_text (statement, COLUMN_CONTRACT);
  fields.change_basis = get_change_basis (statement);
  fields.market_state = get_market_state (statement);
  fields.asset_class =
    asset_class != NULL ? quotes_asset_class_from_string (asset_class) : QUOTES_ASSET_CLASS_UNKNOWN;
  if (fields.asset_class == QUOTES_ASSET_CLASS_UNKNOWN)
    fields.asset_class = QUOTES_ASSET_CLASS_OTHER;

  if (fields.symbol == NULL || fields.name == NULL || fields.instrument == NULL ||
      fields.provider_symbol == NULL || fields.currency == NULL || fields.source == NULL ||
      !isfinite (fields.price))
    return NULL;
  return quotes_quote_new (&fields);
}

/**
 * quotes_quotes_table_read:
 *
 * Returns: (transfer full) (nullable) (element-type QuotesQuote): all of them
 */
GPtrArray *
quotes_quotes_table_read (QuotesDatabase *database, GError **error)
{
  g_autoptr (GPtrArray) quotes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  sqlite3_stmt *statement = quotes_database_prepare (
    database,
    "SELECT price, change, change_pct, fetched_us, source_id, is_delayed, delay_minutes,"
    " feed_delay_minutes, provider_symbol, previous_close, open, high, low, volume,"
    " change_basis, market_state, exchange, exchange_timezone, quote_time_us, quoted_as,"
    " quotes.contract, opens_us, closes_us, decimals,"
    " symbol, instrument, instruments.name, asset_class, currency, sources.name"
    " FROM quotes JOIN instruments ON instruments.id = quotes.instrument_id"
    " JOIN sources ON sources.id = quotes.source_id ORDER BY instruments.id",
    error);
  gboolean has_row = FALSE;

  if (statement == NULL)
    return NULL;
  do
    {
      QuotesQuote *quote = NULL;

      if (!quotes_database_step (database, statement, &has_row, error))
        return NULL;
      quote = has_row ? read_quote (statement) : NULL;
      if (quote != NULL)
        g_ptr_array_add (quotes, quote);
    }
  while (has_row);
  return g_steal_pointer (&quotes);
}

static void
bind_time (sqlite3_stmt *statement, int column, gint64 time_us)
{
  if (time_us != 0)
    sqlite3_bind_int64 (statement, column + 2, time_us);
}

/* Parameter 1 is the instrument, the columns begin at 2. NAN is stored as NULL by itself. */
static void
bind_quote (sqlite3_stmt *statement, const QuotesQuote *quote)
{
  const struct
  {
    int column;
    double number;
  } numbers[] = {
    {COLUMN_PRICE, quote->price},
    {COLUMN_CHANGE, quote->change},
    {COLUMN_CHANGE_PCT, quote->change_pct},
    {COLUMN_PREVIOUS_CLOSE, quote->previous_close},
    {COLUMN_OPEN, quote->open},
    {COLUMN_HIGH, quote->high},
    {COLUMN_LOW, quote->low},
    {COLUMN_VOLUME, quote->volume},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    sqlite3_bind_double (statement, numbers[i].column + 2, numbers[i].number);
  sqlite3_bind_int64 (statement, COLUMN_FETCHED + 2, quote->fetched_us);
  sqlite3_bind_int (statement, COLUMN_IS_DELAYED + 2, quote->is_delayed != 0);
  sqlite3_bind_int (statement, COLUMN_DELAY + 2, quote->delay_minutes);
  sqlite3_bind_int (statement, COLUMN_FEED_DELAY + 2, quote->feed_delay_minutes);
  sqlite3_bind_int (statement, COLUMN_DECIMALS + 2, quote->decimals);
  quotes_bind_text (statement, COLUMN_PROVIDER_SYMBOL + 2, quote->provider_symbol);
  quotes_bind_text (statement, COLUMN_CHANGE_BASIS + 2,
                    quotes_change_basis_to_string (quote->change_basis));
  quotes_bind_text (statement, COLUMN_MARKET_STATE + 2,
                    quotes_market_state_to_string (quote->market_state));
  quotes_bind_text (statement, COLUMN_EXCHANGE + 2, quote->exchange);
  quotes_bind_text (statement, COLUMN_TIMEZONE + 2, quote->exchange_timezone);
  quotes_bind_text (statement, COLUMN_QUOTED_AS + 2, quote->quoted_as);
  quotes_bind_text (statement, COLUMN_CONTRACT + 2, quote->contract);
  bind_time (statement, COLUMN_QUOTE_TIME, quote->quote_time_us);
  bind_time (statement, COLUMN_OPENS, quote->opens_us);
  bind_time (statement, COLUMN_CLOSES, quote->closes_us);
}

/* Puts @quote in the place of the one before. */
gboolean
quotes_quotes_table_write (QuotesDatabase *database,
                           const QuotesQuote *quote,
                           gint64 instrument_id,
                           gint64 source_id,
                           GError **error)
{
  sqlite3_stmt *statement = quotes_database_prepare (
    database,
    "INSERT OR REPLACE INTO quotes (instrument_id, " COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6,"
    " ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)",
    error);

  if (statement == NULL)
    return FALSE;
  bind_quote (statement, quote);
  sqlite3_bind_int64 (statement, 1, instrument_id);
  sqlite3_bind_int64 (statement, COLUMN_SOURCE_ID + 2, source_id);
  return quotes_database_run (database, statement, error);
}
