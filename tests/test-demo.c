/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "catalog-file.h"
#include "fake-clock.h"
#include "quotes-demo.h"

static void
keep_result_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static QuotesBatch *
fetch (QuotesProvider *demo, GPtrArray *instruments)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_provider_fetch_async (demo, instruments, NULL, keep_result_cb, &result);
  g_assert_null (result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return quotes_provider_fetch_finish (demo, result, NULL);
}

static void
test_the_same_seed_gives_the_same_walk (void)
{
  g_autoptr (FakeClock) clock = fake_clock_new ();
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();
  g_autoptr (QuotesProvider) a = quotes_demo_new (QUOTES_CLOCK (clock), 7);
  g_autoptr (QuotesProvider) b = quotes_demo_new (QUOTES_CLOCK (clock), 7);
  g_autoptr (GPtrArray) instruments =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_instrument_unref);
  guint n_moves = 0;
  double last = 0;

  g_ptr_array_add (instruments, quotes_catalog_resolve (catalog, "XAU", NULL));
  g_ptr_array_add (instruments, quotes_catalog_resolve (catalog, "demo:ANY", NULL));
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (QuotesBatch) first = fetch (a, instruments);
      g_autoptr (QuotesBatch) second = fetch (b, instruments);
      const QuotesQuote *gold = g_ptr_array_index (first->quotes, 0);

      g_assert_cmpuint (first->quotes->len, ==, 2);
      g_assert_true (quotes_quote_is_same_news (gold, g_ptr_array_index (second->quotes, 0)));
      g_assert_cmpstr (gold->source, ==, "demo");
      n_moves += gold->price != last;
      last = gold->price;
    }
  g_assert_cmpuint (n_moves, >, 25);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/demo/the-same-seed-gives-the-same-walk",
                   test_the_same_seed_gives_the_same_walk);

  return g_test_run ();
}
