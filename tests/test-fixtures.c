/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <string.h>

#include "quotes-coingecko-parse.h"
#include "quotes-decimal.h"
#include "quotes-json.h"
#include "quotes-yahoo-parse.h"
#include "shared-data.h"

#define FOLDER "fixtures/providers"
/* November 2026: after everything that was recorded. */
#define NOW_US (G_GINT64_CONSTANT (1795000000) * G_USEC_PER_SEC)
#define TOLERANCE 1e-4

/* What is not in EXPECTED.json: answers that are no prices. */
static const struct
{
  const char *file;
  QuotesProviderError error;
} refusals[] = {
  {"coingecko/error_10002_missing_key.json", QUOTES_PROVIDER_ERROR_AUTH},
  {"coingecko/error_429.json", QUOTES_PROVIDER_ERROR_RATE_LIMITED},
  {"coingecko/error_invalid_vs_currency.json", QUOTES_PROVIDER_ERROR_HTTP},
  {"coingecko/market_chart_btc_2026-05-17.json", QUOTES_PROVIDER_ERROR_BAD_DATA},
  {"coingecko/ping.json", QUOTES_PROVIDER_ERROR_BAD_DATA},
  {"yahoo/error_400_missing_symbols.json", QUOTES_PROVIDER_ERROR_HTTP},
  {"yahoo/error_401_invalid_crumb.json", QUOTES_PROVIDER_ERROR_AUTH},
  {"yahoo/error_429_edge.txt", QUOTES_PROVIDER_ERROR_RATE_LIMITED},
  {"yahoo/error_502_html.html", QUOTES_PROVIDER_ERROR_UNAVAILABLE},
};

/* One row of index.json. */
typedef struct
{
  char *file;
  guint status;
  char *content_type;
  JsonNode *expected; /* (owned) (nullable) */
} Case;

static void
case_free (gpointer data)
{
  Case *self = data;

  g_free (self->file);
  g_free (self->content_type);
  g_clear_pointer (&self->expected, json_node_unref);
  g_free (self);
}

static QuotesInstrument *
make_instrument (const char *provider, const char *name)
{
  g_autofree char *text = g_strconcat (provider, ":", name, NULL);

  return quotes_instrument_new (&(QuotesInstrument){
    .symbol = name,
    .provider = provider,
    .provider_symbol = name,
    .text = text,
    .delay_minutes = -1,
  });
}

static GPtrArray *
list_instruments (JsonNode *expected, const char *provider, const char *otherwise)
{
  GPtrArray *instruments =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_instrument_unref);
  JsonArray *quotes = quotes_json_object_get_array (quotes_json_get_object (expected), "quotes");

  for (guint i = 0; quotes != NULL && i < json_array_get_length (quotes); i++)
    g_ptr_array_add (
      instruments,
      make_instrument (provider, json_object_get_string_member (
                                   json_array_get_object_element (quotes, i), "symbol")));
  if (instruments->len == 0)
    g_ptr_array_add (instruments, make_instrument (provider, otherwise));
  return instruments;
}

static QuotesHttpAnswer *
load_answer (const Case *self)
{
  g_autofree char *path = g_build_filename (FOLDER, self->file, NULL);
  g_autoptr (GBytes) body = shared_data_load (path);

  return quotes_http_answer_new (self->status, self->content_type, body, -1);
}

static gboolean
is_spark (const Case *self)
{
  return g_str_has_prefix (self->file, "yahoo/spark");
}

static QuotesBatch *
parse (const Case *self, GPtrArray *instruments)
{
  g_autoptr (QuotesHttpAnswer) answer = load_answer (self);

  if (g_str_has_prefix (self->file, "coingecko/"))
    return quotes_coingecko_parse (answer, instruments, NOW_US);
  return is_spark (self)
           ? quotes_yahoo_parse_spark (answer, instruments, NOW_US)
           : quotes_yahoo_parse_chart (answer, g_ptr_array_index (instruments, 0), NOW_US);
}

/* A number is given as text, as a number, or as null = unknown. */
static double
read_number (JsonObject *object, const char *member)
{
  const char *text = quotes_json_object_get_string (object, member);

  return text != NULL ? g_ascii_strtod (text, NULL)
                      : quotes_json_object_get_number (object, member);
}

static void
assert_near (double value, double expected, double tolerance)
{
  g_assert_true (isnan (value) == isnan (expected));
  if (!isnan (expected))
    g_assert_cmpfloat_with_epsilon (value, expected, tolerance);
}

static void
assert_quote (const QuotesQuote *quote, JsonObject *expected)
{
  double half_unit = 0.5001 * pow (10, -quote->decimals);
  double price = read_number (expected, "price");
  gint64 quote_time = 0;

  quotes_json_object_get_int (expected, "quote_time", &quote_time);
  g_assert_cmpstr (quote->source, ==, json_object_get_string_member (expected, "source"));
  g_assert_cmpstr (quote->currency, ==, json_object_get_string_member (expected, "currency"));
  g_assert_cmpstr (quote->quoted_as, ==, quotes_json_object_get_string (expected, "quoted_as"));
  g_assert_cmpstr (quote->exchange_timezone, ==,
                   quotes_json_object_get_string (expected, "exchange_timezone"));
  g_assert_cmpint (quote->quote_time_us / G_USEC_PER_SEC, ==, quote_time);
  assert_near (quote->price, price, fabs (price) * TOLERANCE);
  assert_near (quote->change, read_number (expected, "change"), half_unit);
  assert_near (quote->change_pct, read_number (expected, "change_percent"), 0.01);
  assert_near (quote->previous_close, read_number (expected, "previous_close"),
               fabs (price) * TOLERANCE);
  if (json_object_has_member (expected, "day_high"))
    {
      assert_near (quote->high, read_number (expected, "day_high"), fabs (price) * TOLERANCE);
      assert_near (quote->low, read_number (expected, "day_low"), fabs (price) * TOLERANCE);
    }
  if (json_object_has_member (expected, "name"))
    g_assert_cmpstr (quote->name, ==, json_object_get_string_member (expected, "name"));
  if (json_object_has_member (expected, "change_basis"))
    g_assert_cmpstr (quotes_change_basis_to_string (quote->change_basis), ==,
                     json_object_get_string_member (expected, "change_basis"));
}

static void
test_gives_the_expected_quotes (gconstpointer data)
{
  const Case *self = data;
  g_auto (GStrv) parts = g_strsplit (self->file, "/", 2);
  g_autoptr (GPtrArray) instruments = list_instruments (self->expected, parts[0], "none");
  g_autoptr (QuotesBatch) batch = parse (self, instruments);
  JsonArray *quotes =
    quotes_json_object_get_array (quotes_json_get_object (self->expected), "quotes");

  g_assert_no_error (batch->error);
  g_assert_cmpuint (g_hash_table_size (batch->symbol_errors), ==, 0);
  g_assert_cmpuint (batch->quotes->len, ==, json_array_get_length (quotes));
  for (guint i = 0; i < batch->quotes->len; i++)
    assert_quote (g_ptr_array_index (batch->quotes, i), json_array_get_object_element (quotes, i));
}

static void
test_gives_the_expected_error (gconstpointer data)
{
  const Case *self = data;
  gboolean is_yahoo = g_str_has_prefix (self->file, "yahoo/");
  g_autoptr (GPtrArray) instruments =
    list_instruments (NULL, is_yahoo ? "yahoo" : "coingecko", is_yahoo ? "SIMP" : "bitcoin");
  g_autoptr (QuotesBatch) batch = parse (self, instruments);

  g_assert_cmpuint (batch->quotes->len, ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (g_str_equal (refusals[i].file, self->file))
      {
        g_assert_error (batch->error, QUOTES_PROVIDER_ERROR, (int) refusals[i].error);
        return;
      }
  g_assert_no_error (batch->error);
  g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (batch->symbol_errors, "SIMP")), ==,
                   QUOTES_SYMBOL_ERROR_NOT_FOUND);
}

static gboolean
is_of_ours (const char *file)
{
  static const char *const prefixes[] = {"coingecko/", "yahoo/chart_", "yahoo/error_",
                                         "yahoo/spark_"};

  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (file, prefixes[i]))
      return TRUE;
  return FALSE;
}

static void
add_fixture (JsonObject *row, JsonNode *all_expected)
{
  const char *file = json_object_get_string_member (row, "file");
  g_autofree char *path = g_strconcat ("/fixtures/", file, NULL);
  JsonNode *expected = json_object_get_member (json_node_get_object (all_expected), file);
  const char *content_type =
    quotes_json_object_get_string (quotes_json_object_get_object (row, "headers"), "content-type");
  Case *fixture = NULL;

  if (!is_of_ours (file))
    return;

  fixture = g_new0 (Case, 1);
  fixture->file = g_strdup (file);
  fixture->status = (guint) json_object_get_int_member (row, "status");
  fixture->content_type = g_strdup (content_type);
  fixture->expected = expected != NULL ? json_node_copy (expected) : NULL;
  g_test_add_data_func_full (
    path, fixture,
    expected != NULL ? test_gives_the_expected_quotes : test_gives_the_expected_error, case_free);
}

static void
test_the_fixtures_are_there (void)
{
  shared_data_require (FOLDER "/EXPECTED.json");
}

static void
add_fixtures (void)
{
  g_autofree char *path = shared_data_build_path (FOLDER "/EXPECTED.json");
  g_autoptr (JsonNode) index = NULL;
  g_autoptr (JsonNode) expected = NULL;
  JsonArray *rows = NULL;

  g_test_add_func ("/fixtures/the-shared-ones-are-there", test_the_fixtures_are_there);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return;

  index = shared_data_load_json (FOLDER "/index.json");
  expected = shared_data_load_json (FOLDER "/EXPECTED.json");
  rows = quotes_json_get_array (index);
  if (rows == NULL)
    rows = quotes_json_object_get_array (quotes_json_get_object (index), "fixtures");
  g_assert_nonnull (rows);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    add_fixture (json_array_get_object_element (rows, i), expected);
}

static QuotesBatch *
parse_arithmetic (JsonObject *row)
{
  g_autoptr (QuotesInstrument) instrument = make_instrument ("yahoo", "X");
  g_autoptr (GString) text = g_string_new (
    "{\"chart\":{\"result\":[{\"meta\":{\"currency\":\"USD\",\"symbol\":\"X\",\"priceHint\":2,"
    "\"regularMarketPrice\":");
  g_autoptr (GBytes) body = NULL;
  g_autoptr (QuotesHttpAnswer) answer = NULL;

  quotes_json_append_number (text, quotes_json_object_get_number (row, "last_price"));
  g_string_append (text, ",\"previousClose\":");
  quotes_json_append_number (text, quotes_json_object_get_number (row, "previous_close"));
  g_string_append (text, "}}],\"error\":null}}");
  body = g_bytes_new (text->str, text->len);
  answer = quotes_http_answer_new (200, "application/json", body, -1);
  return quotes_yahoo_parse_chart (answer, instrument, NOW_US);
}

/* Where the vectors and contract 3 differ, the contract wins: the vectors round the binary fraction
 * (2.675 to 2.67), the contract the decimal text (to 2.68); the vectors take the percentage from
 * the rounded change, the contract from the exact one: up to half a cent of the close lies between.
 */
static void
assert_arithmetic (JsonObject *row)
{
  g_autoptr (QuotesBatch) batch = parse_arithmetic (row);
  JsonObject *expected = json_object_get_object_member (row, "expected");
  double last = quotes_json_object_get_number (row, "last_price");
  double close = quotes_json_object_get_number (row, "previous_close");
  double price = read_number (expected, "price");
  const QuotesQuote *quote = NULL;

  g_assert_cmpuint (batch->quotes->len, ==, 1);
  quote = g_ptr_array_index (batch->quotes, 0);
  if (last == 2.675)
    price = 2.68;
  g_assert_cmpfloat (quote->price, ==, price);
  assert_near (quote->change, read_number (expected, "change"), 1e-12);
  assert_near (quote->change_pct, read_number (expected, "change_pct"),
               0.005 / fabs (close) * 100 + 0.01);
  if (isfinite (quote->change))
    g_assert_cmpfloat_with_epsilon (quote->change_pct, (last - close) / fabs (close) * 100,
                                    0.005001);
}

static void
test_yahoo_arithmetic (void)
{
  g_autoptr (JsonNode) root = NULL;
  JsonArray *rows = NULL;

  if (!shared_data_require ("vectors/quotes/yahoo_arithmetic.json"))
    return;
  root = shared_data_load_json ("vectors/quotes/yahoo_arithmetic.json");
  rows = json_object_get_array_member (json_node_get_object (root), "cases");
  g_assert_cmpuint (json_array_get_length (rows), >=, 22);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    assert_arithmetic (json_array_get_object_element (rows, i));
}

static QuotesInstrument *
make_coin (const char *symbol, const char *name, const char *id)
{
  g_autofree char *text = g_strconcat ("coingecko:", id, NULL);

  return quotes_instrument_new (&(QuotesInstrument){
    .symbol = symbol,
    .provider = "coingecko",
    .provider_symbol = id,
    .text = text,
    .name = name,
    .asset_class = QUOTES_ASSET_CLASS_CRYPTO,
    .delay_minutes = 0,
  });
}

/* `change` is left out: it was always null in the system that the vectors come from, and is the
 * absolute 24-hour change in ours (contract 3). `ts_iso` is an argument here, not a result. */
static void
assert_mapping (JsonObject *row)
{
  g_autoptr (GPtrArray) instruments =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_instrument_unref);
  g_autofree char *text = json_to_string (json_object_get_member (row, "response"), FALSE);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr (QuotesHttpAnswer) answer = quotes_http_answer_new (200, "application/json", body, -1);
  JsonArray *expected = json_object_get_array_member (row, "expected");
  g_autoptr (QuotesBatch) batch = NULL;

  g_ptr_array_add (instruments, make_coin ("BTC", "Bitcoin", "bitcoin"));
  g_ptr_array_add (instruments, make_coin ("ETH", "Ethereum", "ethereum"));
  batch = quotes_coingecko_parse (answer, instruments, NOW_US);
  g_assert_no_error (batch->error);
  g_assert_cmpuint (batch->quotes->len, ==, json_array_get_length (expected));
  g_assert_cmpuint (batch->quotes->len + g_hash_table_size (batch->symbol_errors), ==, 2);
  for (guint i = 0; i < batch->quotes->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (batch->quotes, i);
      JsonObject *item = json_array_get_object_element (expected, i);

      g_assert_cmpstr (quote->symbol, ==, json_object_get_string_member (item, "symbol"));
      g_assert_cmpstr (quote->name, ==, json_object_get_string_member (item, "name"));
      g_assert_cmpstr (quotes_asset_class_to_string (quote->asset_class), ==,
                       json_object_get_string_member (item, "asset_class"));
      g_assert_cmpfloat (quote->price, ==, read_number (item, "price"));
      g_assert_cmpstr (quote->currency, ==, json_object_get_string_member (item, "currency"));
      g_assert_cmpstr (quote->source, ==, json_object_get_string_member (item, "source"));
      assert_near (quote->change_pct, read_number (item, "change_pct"), 1e-12);
      g_assert_false (quote->is_delayed);
      g_assert_cmpint (quote->delay_minutes, ==, 0);
    }
}

static void
test_coingecko_mapping (void)
{
  g_autoptr (JsonNode) root = NULL;
  JsonArray *rows = NULL;

  if (!shared_data_require ("vectors/quotes/coingecko_mapping.json"))
    return;
  root = shared_data_load_json ("vectors/quotes/coingecko_mapping.json");
  rows = json_object_get_array_member (json_node_get_object (root), "cases");
  g_assert_cmpuint (json_array_get_length (rows), >=, 6);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    assert_mapping (json_array_get_object_element (rows, i));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_fixtures ();
  g_test_add_func ("/vectors/yahoo-arithmetic", test_yahoo_arithmetic);
  g_test_add_func ("/vectors/coingecko-mapping", test_coingecko_mapping);

  return g_test_run ();
}
