/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-json.h"
#include "quotes-quote-json.h"
#include "quotes-quote-reader.h"
#include "quotes-quote-variant.h"

static QuotesQuote *
make_bare_quote (void)
{
  QuotesQuote fields = QUOTES_QUOTE_INIT;

  fields.symbol = "dogecoin";
  fields.name = "Dogecoin";
  fields.currency = "USD";
  fields.source = "coingecko";
  fields.instrument = "coingecko:dogecoin";
  fields.provider_symbol = "dogecoin";
  fields.asset_class = QUOTES_ASSET_CLASS_CRYPTO;
  fields.price = 0.25;
  fields.fetched_us = G_GINT64_CONSTANT (1771320600250000);

  return quotes_quote_new (&fields);
}

static QuotesQuote *
make_full_quote (void)
{
  g_autoptr (QuotesQuote) bare = make_bare_quote ();
  QuotesQuote fields = *bare;

  fields.change = -0.5;
  fields.change_pct = -1.25;
  fields.is_delayed = TRUE;
  fields.delay_minutes = 15;
  fields.previous_close = 1.0;
  fields.open = 2.0;
  fields.high = 3.0;
  fields.low = 4.0;
  fields.volume = 5e9;
  fields.change_basis = QUOTES_CHANGE_BASIS_ROLLING_24H;
  fields.market_state = QUOTES_MARKET_STATE_ALWAYS;
  fields.exchange = "Börse <&>";
  fields.exchange_timezone = "Europe/Berlin";
  fields.quote_time_us = G_GINT64_CONSTANT (1771320599000000);
  fields.quoted_as = "GBp";
  fields.decimals = 8;
  fields.stale_reason = QUOTES_STALE_REASON_RATE_LIMITED;

  return quotes_quote_new (&fields);
}

static char *
dup_json (const QuotesQuote *quote)
{
  GString *text = g_string_new (NULL);

  quotes_quote_append_json (quote, NULL, text);
  return g_string_free (text, FALSE);
}

/* The JSON shows every member, so equal JSON is an equal quote. */
static void
assert_same_quote (const QuotesQuote *a, const QuotesQuote *b)
{
  g_autofree char *json_a = dup_json (a);
  g_autofree char *json_b = dup_json (b);

  g_assert_cmpstr (json_a, ==, json_b);
}

static void
test_unknown_members_are_absent (void)
{
  g_autoptr (QuotesQuote) quote = make_bare_quote ();
  g_autoptr (GVariant) variant = g_variant_ref_sink (quotes_quote_to_variant (quote));
  g_autofree char *text = g_variant_print (variant, TRUE);

  g_assert_cmpstr (
    text, ==,
    "{'symbol': <'dogecoin'>, 'name': <'Dogecoin'>, 'asset_class': <'crypto'>, 'price': <0.25>, "
    "'currency': <'USD'>, 'ts_iso': <int64 1771320600250000>, 'source': <'coingecko'>, "
    "'is_delayed': <false>, 'delay_minutes': <0>, 'instrument': <'coingecko:dogecoin'>, "
    "'provider_symbol': <'dogecoin'>, 'market_state': <'unknown'>, 'decimals': <2>, "
    "'stale': <false>}");
}

static void
test_members_have_the_names_of_the_json (void)
{
  g_autoptr (QuotesQuote) quote = make_full_quote ();
  g_autoptr (GVariant) variant = g_variant_ref_sink (quotes_quote_to_variant (quote));
  g_autofree char *json = dup_json (quote);
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr (JsonNode) node = quotes_json_parse (bytes, G_MAXINT, NULL);
  g_autoptr (GList) names = json_object_get_members (quotes_json_get_object (node));

  for (const GList *l = names; l != NULL; l = l->next)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (variant, l->data, NULL);

      g_test_message ("%s", (const char *) l->data);
      g_assert_nonnull (value);
    }
  g_assert_cmpuint (g_list_length (names), ==, g_variant_n_children (variant));
}

static void
test_both_transports_read_back_the_same (gconstpointer data)
{
  QuotesQuote *(*make) (void) = (QuotesQuote * (*) (void) ) data;
  g_autoptr (QuotesQuote) quote = make ();
  g_autoptr (GVariant) variant = g_variant_ref_sink (quotes_quote_to_variant (quote));
  g_autofree char *json = dup_json (quote);
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr (JsonNode) node = quotes_json_parse (bytes, G_MAXINT, NULL);
  const QuotesMembers of_variant = {.dictionary = variant};
  const QuotesMembers of_json = {.object = quotes_json_get_object (node)};
  g_autoptr (QuotesQuote) from_variant = quotes_quote_read (&of_variant);
  g_autoptr (QuotesQuote) from_json = quotes_quote_read (&of_json);

  assert_same_quote (from_variant, quote);
  assert_same_quote (from_json, quote);
}

static void
test_what_is_no_quote_is_left_out (void)
{
  static const char json[] =
    "[1,null,[],{},{\"symbol\":\"A\"},{\"symbol\":\"B\",\"price\":\"1\"},{\"symbol\":3,\"price\":1}"
    ","
    "{\"symbol\":\"\",\"price\":1},{\"symbol\":\"C\",\"price\":1,\"stale\":true,\"decimals\":99}]";
  g_autoptr (GBytes) bytes = g_bytes_new_static (json, strlen (json));
  g_autoptr (JsonNode) node = quotes_json_parse (bytes, G_MAXINT, NULL);
  g_autoptr (GPtrArray) quotes = quotes_quotes_read_json (quotes_json_get_array (node));
  const QuotesQuote *quote = NULL;

  g_assert_cmpuint (quotes->len, ==, 1);
  quote = g_ptr_array_index (quotes, 0);
  g_assert_cmpstr (quote->symbol, ==, "C");
  g_assert_cmpstr (quote->name, ==, "C");
  g_assert_cmpint (quote->decimals, ==, 12);
  g_assert_cmpint (quote->stale_reason, ==, QUOTES_STALE_REASON_OLD);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/quote-variant/unknown-members-are-absent", test_unknown_members_are_absent);
  g_test_add_func ("/quote-variant/members-have-the-names-of-the-json",
                   test_members_have_the_names_of_the_json);
  g_test_add_data_func ("/quote-variant/a-bare-quote-reads-back-the-same",
                        (gconstpointer) make_bare_quote, test_both_transports_read_back_the_same);
  g_test_add_data_func ("/quote-variant/a-full-quote-reads-back-the-same",
                        (gconstpointer) make_full_quote, test_both_transports_read_back_the_same);
  g_test_add_func ("/quote-variant/what-is-no-quote-is-left-out",
                   test_what_is_no_quote_is_left_out);

  return g_test_run ();
}
