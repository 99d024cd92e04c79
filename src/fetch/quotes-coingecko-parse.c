/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-coingecko-parse.h"

#include <math.h>

#include "quotes-answer.h"
#include "quotes-decimal.h"
#include "quotes-json.h"

#define PERCENT_DECIMALS 2

/* Decimals to show: cents from a dollar on; below, four digits that mean something. */
#define DECIMALS_LARGE 2
#define DECIMALS_SMALL 4
#define DECIMALS_MAX 12
#define SIGNIFICANT_DIGITS 4

/* Codes of CoinGecko's own (docs.coingecko.com, errors and rate limits); the others are HTTP
 * statuses. */
static const struct
{
  gint64 code;
  QuotesProviderError error;
} error_codes[] = {
  {401, QUOTES_PROVIDER_ERROR_AUTH},
  {403, QUOTES_PROVIDER_ERROR_BLOCKED},
  {429, QUOTES_PROVIDER_ERROR_RATE_LIMITED},
  {1020, QUOTES_PROVIDER_ERROR_BLOCKED}, /* by the network in front of it */
  {10002, QUOTES_PROVIDER_ERROR_AUTH},   /* no key */
  {10005, QUOTES_PROVIDER_ERROR_AUTH},   /* not with this plan */
  {10010, QUOTES_PROVIDER_ERROR_AUTH},   /* a key of the other host */
  {10011, QUOTES_PROVIDER_ERROR_AUTH},
};

/* What one coin's object says, by whichever API. */
typedef struct
{
  double price;
  gboolean is_invalid;
  double change;
  double percent;
  double high;
  double low;
  double time; /* seconds */
  char *name;  /* (owned) (nullable) */
} Coin;

static void
set_error (GError **error, const QuotesHttpAnswer *answer, QuotesProviderError code)
{
  quotes_answer_set_error (error, code, QUOTES_COINGECKO_LABEL, answer->status);
}

/* The code that the answer itself gives; there is none in an answer with prices, even for the coin
 * with the id `status`. */
static gboolean
find_error_code (JsonObject *object, gint64 *code)
{
  JsonObject *inner = quotes_json_object_get_object (object, "error");

  return quotes_json_object_get_int (quotes_json_object_get_object (object, "status"), "error_code",
                                     code) ||
         quotes_json_object_get_int (quotes_json_object_get_object (inner, "status"), "error_code",
                                     code) ||
         quotes_json_object_get_int (object, "error_code", code);
}

static gboolean
check_error_code (const QuotesHttpAnswer *answer, gint64 code, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (error_codes); i++)
    if (error_codes[i].code == code)
      {
        set_error (error, answer, error_codes[i].error);
        return FALSE;
      }
  if (quotes_answer_check_status (answer, QUOTES_COINGECKO_LABEL, error))
    set_error (error, answer, QUOTES_PROVIDER_ERROR_HTTP);
  return FALSE;
}

/* The code first: it has come with HTTP 200. */
static gboolean
check_error (const QuotesHttpAnswer *answer, JsonNode *root, GError **error)
{
  JsonObject *object = quotes_json_get_object (root);
  const char *text = quotes_json_object_get_string (object, "error");
  gint64 code = 0;

  if (find_error_code (object, &code))
    return check_error_code (answer, code, error);
  if (text != NULL && quotes_answer_says_too_many (text))
    {
      set_error (error, answer, QUOTES_PROVIDER_ERROR_RATE_LIMITED);
      return FALSE;
    }
  if (!quotes_answer_check_status (answer, QUOTES_COINGECKO_LABEL, error))
    return FALSE;
  if (text != NULL)
    {
      set_error (error, answer, QUOTES_PROVIDER_ERROR_HTTP);
      return FALSE;
    }
  return TRUE;
}

static double
parse_time (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  return time != NULL ? (double) g_date_time_to_unix (time) +
                          g_date_time_get_microsecond (time) / (double) G_USEC_PER_SEC
                      : (double) NAN;
}

/* A row of `/coins/markets`. Its volume is in dollars, not in coins, and is left unknown. */
static void
coin_read_market (Coin *self, JsonObject *row)
{
  self->price = quotes_json_object_get_number (row, "current_price");
  self->is_invalid = quotes_json_object_is_invalid_number (row, "current_price");
  self->change = quotes_json_object_get_number (row, "price_change_24h");
  self->percent = quotes_json_object_get_number (row, "price_change_percentage_24h");
  if (!isfinite (self->percent))
    self->percent = quotes_json_object_get_number (row, "price_change_percentage_24h_in_currency");
  self->high = quotes_json_object_get_number (row, "high_24h");
  self->low = quotes_json_object_get_number (row, "low_24h");
  self->time = parse_time (quotes_json_object_get_string (row, "last_updated"));
  self->name = quotes_answer_dup_text (quotes_json_object_get_string (row, "name"));
}

/* A member of `/simple/price`. */
static void
coin_read_simple (Coin *self, JsonObject *object)
{
  self->price = quotes_json_object_get_number (object, "usd");
  self->is_invalid = quotes_json_object_is_invalid_number (object, "usd");
  self->change = NAN;
  self->percent = quotes_json_object_get_number (object, "usd_24h_change");
  self->high = NAN;
  self->low = NAN;
  self->name = NULL;
  self->time = quotes_json_object_get_number (object, "last_updated_at");
}

static int
get_decimals (double price)
{
  if (price >= 1 || price <= 0)
    return DECIMALS_LARGE;
  return CLAMP (SIGNIFICANT_DIGITS - 1 - (int) floor (log10 (price)), DECIMALS_SMALL, DECIMALS_MAX);
}

/* The absolute change, when only the percentage is given. */
static double
get_change (const Coin *coin)
{
  double change =
    isfinite (coin->change) ? coin->change : coin->price - coin->price / (1 + coin->percent / 100);

  return isfinite (change) ? change : (double) NAN;
}

static QuotesQuote *
coin_make_quote (const Coin *self, const QuotesInstrument *instrument, gint64 now_us)
{
  QuotesQuote fields = QUOTES_QUOTE_INIT;

  fields.symbol = instrument->symbol;
  fields.instrument = instrument->text;
  fields.provider_symbol = instrument->provider_symbol;
  fields.name = instrument->name != NULL ? instrument->name
                : self->name != NULL     ? self->name
                                         : instrument->symbol;
  fields.source = instrument->provider;
  fields.asset_class = QUOTES_ASSET_CLASS_CRYPTO;
  fields.delay_minutes = MAX (instrument->delay_minutes, 0);
  fields.is_delayed = fields.delay_minutes > 0;
  fields.price = self->price;
  fields.currency = "USD";
  fields.change = get_change (self);
  fields.change_pct = quotes_decimal_round (self->percent, PERCENT_DECIMALS);
  if (isfinite (fields.change) || isfinite (fields.change_pct))
    fields.change_basis = QUOTES_CHANGE_BASIS_ROLLING_24H;
  fields.high = self->high;
  fields.low = self->low;
  fields.market_state = QUOTES_MARKET_STATE_ALWAYS;
  fields.fetched_us = now_us;
  fields.quote_time_us = quotes_answer_get_time_us (self->time, now_us);
  fields.decimals = get_decimals (self->price);

  return quotes_quote_new (&fields);
}

static void
take_coin (QuotesBatch *batch, const Coin *coin, const QuotesInstrument *instrument, gint64 now_us)
{
  if (coin->is_invalid || coin->price < 0)
    quotes_batch_set_symbol_error (batch, instrument->symbol, QUOTES_SYMBOL_ERROR_BAD_DATA);
  else if (!isfinite (coin->price))
    quotes_batch_set_symbol_error (batch, instrument->symbol, QUOTES_SYMBOL_ERROR_NO_PRICE);
  else
    quotes_batch_take_quote (batch, coin_make_quote (coin, instrument, now_us));
}

/* (element-type utf8 JsonObject): the rows by their ids, both borrowed */
static GHashTable *
index_rows (JsonArray *rows)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = quotes_json_get_object (json_array_get_element (rows, i));
      const char *id = quotes_json_object_get_string (row, "id");

      if (id != NULL)
        g_hash_table_replace (index, (gpointer) id, row);
    }
  return index;
}

/* Whether an object could be one of coins: `{}` is one of none. */
static gboolean
has_coins (JsonObject *object)
{
  g_autoptr (GList) values = json_object_get_values (object);

  for (GList *l = values; l != NULL; l = l->next)
    if (JSON_NODE_HOLDS_OBJECT (l->data) || JSON_NODE_HOLDS_NULL (l->data))
      return TRUE;
  return values == NULL;
}

/* Whether an array could be one of coins: `[]` is one of none. */
static gboolean
has_rows (JsonArray *rows)
{
  g_autoptr (GHashTable) index = index_rows (rows);

  return json_array_get_length (rows) == 0 || g_hash_table_size (index) > 0;
}

static void
take_rows (QuotesBatch *batch, JsonArray *rows, GPtrArray *instruments, gint64 now_us)
{
  g_autoptr (GHashTable) index = index_rows (rows);

  for (guint i = 0; i < instruments->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (instruments, i);
      JsonObject *row = g_hash_table_lookup (index, instrument->provider_symbol);
      Coin coin;

      if (row == NULL)
        {
          quotes_batch_set_symbol_error (batch, instrument->symbol, QUOTES_SYMBOL_ERROR_NOT_FOUND);
          continue;
        }
      coin_read_market (&coin, row);
      take_coin (batch, &coin, instrument, now_us);
      g_free (coin.name);
    }
}

static void
take_members (QuotesBatch *batch, JsonObject *object, GPtrArray *instruments, gint64 now_us)
{
  for (guint i = 0; i < instruments->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (instruments, i);
      JsonObject *member = quotes_json_object_get_object (object, instrument->provider_symbol);
      Coin coin;

      if (member == NULL)
        {
          quotes_batch_set_symbol_error (batch, instrument->symbol, QUOTES_SYMBOL_ERROR_NOT_FOUND);
          continue;
        }
      coin_read_simple (&coin, member);
      take_coin (batch, &coin, instrument, now_us);
    }
}

JsonNode *
quotes_coingecko_open (const QuotesHttpAnswer *answer, GError **error)
{
  g_autoptr (JsonNode) root = quotes_answer_parse (answer, QUOTES_COINGECKO_LABEL, error);

  return root != NULL && check_error (answer, root, error) ? g_steal_pointer (&root) : NULL;
}

/**
 * quotes_coingecko_parse:
 * @answer: of `/coins/markets` (an array) or `/simple/price` (an object): its shape decides
 * @instruments: (element-type QuotesInstrument): what was asked for
 * @now_us: the real time
 *
 * Returns: (transfer full): what it means for @instruments
 */
QuotesBatch *
quotes_coingecko_parse (const QuotesHttpAnswer *answer, GPtrArray *instruments, gint64 now_us)
{
  QuotesBatch *batch = quotes_batch_new ();
  GError *error = NULL;
  g_autoptr (JsonNode) root = quotes_coingecko_open (answer, &error);
  JsonObject *object = quotes_json_get_object (root);

  /* What the guard lets through is an object or an array. */
  if (root != NULL &&
      !(object != NULL ? has_coins (object) : has_rows (quotes_json_get_array (root))))
    set_error (&error, answer, QUOTES_PROVIDER_ERROR_BAD_DATA);
  if (error != NULL)
    {
      quotes_batch_take_error (batch, error, answer->retry_after_us);
      return batch;
    }

  if (object != NULL)
    take_members (batch, object, instruments, now_us);
  else
    take_rows (batch, quotes_json_get_array (root), instruments, now_us);
  return batch;
}
