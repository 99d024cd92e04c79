/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "catalog-file.h"
#include "quotes-watchlist.h"

static void
assert_resolves (QuotesCatalog *catalog, const char *text, const char *symbol, const char *full)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesInstrument) instrument = quotes_catalog_resolve (catalog, text, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (instrument->symbol, ==, symbol);
  g_assert_cmpstr (instrument->text, ==, full);
}

static void
test_names_become_symbols (void)
{
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();

  assert_resolves (catalog, "XAU", "XAU", "yahoo:GC=F");
  assert_resolves (catalog, "yahoo:gc=f", "XAU", "yahoo:GC=F");
  assert_resolves (catalog, "yahoo:aapl", "AAPL", "yahoo:AAPL");
  assert_resolves (catalog, "yahoo:^FTSE", "^FTSE", "yahoo:^FTSE");
  assert_resolves (catalog, "coingecko:Dogecoin", "dogecoin", "coingecko:dogecoin");
  /* BTC is the symbol of a known instrument, so another thing of that name keeps its whole text. */
  assert_resolves (catalog, "yahoo:BTC", "yahoo:BTC", "yahoo:BTC");
  /* These are routes of the HTTP interface. */
  assert_resolves (catalog, "coingecko:stream", "coingecko:stream", "coingecko:stream");
  assert_resolves (catalog, "coingecko:refresh", "coingecko:refresh", "coingecko:refresh");
}

static void
test_impossible_names_are_refused (void)
{
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();
  g_autofree char *huge = g_strnfill (100000, 'A');
  const char *texts[] = {
    "",         ":",           "yahoo:",     "yahoo:A B",
    "nobody:X", "AAPL",        "yahoo:\n",   "yahoo:a/../b",
    "demo:X\n", "coingecko:é", "yahoo:A\nB", huge,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (quotes_catalog_resolve (catalog, texts[i], &error));
      g_assert_error (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_INSTRUMENT);
    }
}

static void
test_a_withdrawn_provider_names_nothing (void)
{
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();
  g_autoptr (GError) error = NULL;

  assert_resolves (catalog, "demo:x1", "X1", "demo:X1");
  quotes_catalog_withdraw_provider (catalog, "demo");
  g_assert_null (quotes_catalog_resolve (catalog, "demo:x1", &error));
  g_assert_error (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_INSTRUMENT);
}

static void
test_the_list_keeps_its_order_and_symbols (void)
{
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();
  g_autoptr (QuotesWatchlist) list = quotes_watchlist_new (catalog);
  g_auto (GStrv) defaults = quotes_catalog_dup_default_texts (catalog);
  g_auto (GStrv) texts = NULL;
  g_autoptr (GError) error = NULL;
  gboolean added = FALSE;

  g_assert_cmpuint (g_strv_length (defaults), ==, 9);
  quotes_watchlist_load (list, (const char *const *) defaults);
  g_assert_nonnull (quotes_watchlist_add (list, "coingecko:gold", &added, NULL));
  g_assert_true (added);
  g_assert_nonnull (quotes_watchlist_add (list, "GOLD", &added, &error) == NULL ? error : NULL);
  g_clear_error (&error);
  g_assert_nonnull (quotes_watchlist_add (list, "gold", &added, &error));
  g_assert_false (added);
  g_assert_true (quotes_watchlist_remove (list, "gold", NULL));
  g_assert_false (quotes_watchlist_remove (list, "gold", &error));
  g_assert_error (error, QUOTES_ERROR, QUOTES_ERROR_UNKNOWN_SYMBOL);
  texts = quotes_watchlist_dup_texts (list);
  g_assert_cmpstrv (texts, defaults);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/catalog/names-become-symbols", test_names_become_symbols);
  g_test_add_func ("/catalog/impossible-names-are-refused", test_impossible_names_are_refused);
  g_test_add_func ("/catalog/a-withdrawn-provider-names-nothing",
                   test_a_withdrawn_provider_names_nothing);
  g_test_add_func ("/watchlist/keeps-its-order-and-symbols",
                   test_the_list_keeps_its_order_and_symbols);

  return g_test_run ();
}
