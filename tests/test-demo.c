/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "catalog-file.h"
#include "fake-clock.h"
#include "quotes-demo-history.h"
#include "quotes-demo.h"

#define MINUTE_US (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)

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

static QuotesHistory *
ask_history (QuotesProvider *demo,
             QuotesInstrument *instrument,
             QuotesInterval interval,
             gint64 from_us,
             gint64 to_us)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  QuotesHistory *history = NULL;

  quotes_provider_history_async (demo, instrument, interval, from_us, to_us, NULL, keep_result_cb,
                                 &result);
  g_assert_null (result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  history = quotes_provider_history_finish (demo, result, &error);
  g_assert_no_error (error);
  return history;
}

static const QuotesBar *
get_bar (const QuotesHistory *history, guint i)
{
  return &g_array_index (history->bars, QuotesBar, i);
}

static void
assert_plausible (const QuotesHistory *history)
{
  for (guint i = 0; i < history->bars->len; i++)
    {
      const QuotesBar *bar = get_bar (history, i);

      g_assert_cmpint (bar->start_us % quotes_interval_get_us (history->interval), ==, 0);
      g_assert_cmpfloat (bar->low, <=, MIN (bar->open, bar->close));
      g_assert_cmpfloat (bar->high, >=, MAX (bar->open, bar->close));
      g_assert_cmpfloat (bar->low, >, 0);
      g_assert_cmpstr (bar->source, ==, "demo:history");
      if (i == 0)
        continue;
      g_assert_cmpint (bar->start_us, ==,
                       get_bar (history, i - 1)->start_us +
                         quotes_interval_get_us (history->interval));
      g_assert_cmpfloat (bar->open, ==, get_bar (history, i - 1)->close);
    }
}

static void
test_history_ends_at_the_price_of_now (void)
{
  g_autoptr (FakeClock) clock = fake_clock_new ();
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();
  g_autoptr (QuotesProvider) demo = quotes_demo_new (QUOTES_CLOCK (clock), 7);
  g_autoptr (QuotesInstrument) gold = quotes_catalog_resolve (catalog, "XAU", NULL);
  g_autoptr (GPtrArray) instruments = g_ptr_array_new ();
  gint64 now_us = quotes_clock_get_real_us (QUOTES_CLOCK (clock));
  double price = 0;

  g_assert_true (quotes_provider_has_history (demo));
  g_ptr_array_add (instruments, gold);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (QuotesBatch) batch = fetch (demo, instruments);

      price = ((QuotesQuote *) g_ptr_array_index (batch->quotes, 0))->price;
    }

  for (guint i = QUOTES_INTERVAL_MINUTE; i < QUOTES_N_INTERVALS; i++)
    {
      gint64 bar_us = quotes_interval_get_us ((QuotesInterval) i);
      g_autoptr (QuotesHistory) history =
        ask_history (demo, gold, (QuotesInterval) i, now_us - 300 * bar_us, now_us);

      g_assert_cmpuint (history->bars->len, >=, 300);
      g_assert_cmpuint (history->bars->len, <=, 301);
      g_assert_cmpstr (history->symbol, ==, "XAU");
      g_assert_cmpstr (history->currency, ==, "USD");
      assert_plausible (history);
      g_assert_cmpfloat (get_bar (history, history->bars->len - 1)->close, ==, price);
    }
}

static void
test_history_is_the_same_for_all (void)
{
  g_autoptr (FakeClock) clock = fake_clock_new ();
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();
  g_autoptr (QuotesInstrument) gold = quotes_catalog_resolve (catalog, "XAU", NULL);
  gint64 now_us = quotes_clock_get_real_us (QUOTES_CLOCK (clock));
  g_autoptr (QuotesHistory) a = quotes_demo_make_history (
    gold, 2400, 2410, QUOTES_INTERVAL_HOUR, now_us - 30 * DAY_US, now_us - 20 * DAY_US, now_us);
  g_autoptr (QuotesHistory) b =
    quotes_demo_make_history (gold, 2400, 2300, QUOTES_INTERVAL_HOUR, now_us - 40 * DAY_US,
                              now_us - 20 * DAY_US, now_us + DAY_US);
  g_autoptr (QuotesHistory) future = quotes_demo_make_history (
    gold, 2400, 2300, QUOTES_INTERVAL_HOUR, now_us + DAY_US, now_us + 2 * DAY_US, now_us);
  g_autoptr (QuotesHistory) all =
    quotes_demo_make_history (gold, 2400, 2300, QUOTES_INTERVAL_MINUTE, 0, now_us, now_us);

  /* What is long past does not depend on what the price is now. */
  g_assert_cmpuint (a->bars->len, ==, 241);
  for (guint i = 0; i < a->bars->len; i++)
    g_assert_cmpfloat (get_bar (a, i)->close, ==, get_bar (b, b->bars->len - 241 + i)->close);
  g_assert_cmpuint (future->bars->len, ==, 0);
  g_assert_cmpuint (all->bars->len, <=, QUOTES_HISTORY_BARS_MAX);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/demo/the-same-seed-gives-the-same-walk",
                   test_the_same_seed_gives_the_same_walk);
  g_test_add_func ("/demo/history-ends-at-the-price-of-now", test_history_ends_at_the_price_of_now);
  g_test_add_func ("/demo/history-is-the-same-for-all", test_history_is_the_same_for_all);

  return g_test_run ();
}
