/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "catalog-file.h"
#include "fake-clock.h"
#include "fake-provider.h"
#include "quotes-poller.h"

#define SECOND_US G_USEC_PER_SEC

typedef struct
{
  FakeClock *clock;      /* (owned) */
  FakeProvider *yahoo;   /* (owned) */
  FakeProvider *crypto;  /* (owned) */
  QuotesWatchlist *list; /* (owned) */
  QuotesHub *hub;        /* (owned) */
  QuotesPoller *poller;  /* (owned) */
  guint n_cycles;
} Fixture;

static void
count_cb (Fixture *fixture)
{
  fixture->n_cycles++;
}

static void
add_provider (Fixture *fixture, FakeProvider *provider)
{
  g_autoptr (QuotesBreaker) breaker = quotes_breaker_new (
    QUOTES_CLOCK (fixture->clock), 60 * SECOND_US, 900 * SECOND_US, g_rand_new_with_seed (2));

  quotes_poller_add_provider (fixture->poller, QUOTES_PROVIDER (provider), breaker);
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const texts[] = {"BTC", "XAU", "XAG", NULL};
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();

  fixture->clock = fake_clock_new ();
  fixture->yahoo = fake_provider_new ("yahoo");
  fixture->crypto = fake_provider_new ("coingecko");
  fixture->list = quotes_watchlist_new (catalog);
  quotes_watchlist_load (fixture->list, texts);
  fixture->hub = quotes_hub_new (fixture->list, QUOTES_CLOCK (fixture->clock));
  fixture->poller =
    quotes_poller_new (fixture->hub, QUOTES_CLOCK (fixture->clock), g_rand_new_with_seed (1));
  add_provider (fixture, fixture->yahoo);
  add_provider (fixture, fixture->crypto);
  g_signal_connect_swapped (fixture->poller, "cycle", G_CALLBACK (count_cb), fixture);
  quotes_poller_start (fixture->poller);
  fake_clock_advance_us (fixture->clock, 0);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_stop (fixture->poller);
  if (fake_provider_is_waiting (fixture->yahoo))
    fake_provider_answer (fixture->yahoo, 1);
  if (fake_provider_is_waiting (fixture->crypto))
    fake_provider_answer (fixture->crypto, 1);
  settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->poller));
  g_assert_finalize_object (g_steal_pointer (&fixture->hub));
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  g_assert_finalize_object (g_steal_pointer (&fixture->yahoo));
  g_assert_finalize_object (g_steal_pointer (&fixture->crypto));
  g_assert_cmpuint (fake_clock_get_n_alarms (fixture->clock), ==, 0);
  g_assert_finalize_object (g_steal_pointer (&fixture->clock));
}

static void
test_everybody_is_asked_at_once (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_cmpstr (quotes_poller_get_state (fixture->poller), ==, "waiting");
  g_assert_cmpuint (fake_provider_get_instruments (fixture->yahoo)->len, ==, 2);
  g_assert_cmpuint (fake_provider_get_instruments (fixture->crypto)->len, ==, 1);
  fake_provider_answer (fixture->yahoo, 2400);
  fake_provider_answer (fixture->crypto, 97000);
  settle ();

  g_assert_cmpuint (fixture->n_cycles, ==, 2);
  g_assert_cmpuint (quotes_hub_get_snapshot (fixture->hub)->quotes->len, ==, 3);
  g_assert_cmpstr (quotes_poller_get_state (fixture->poller), ==, "ok");
}

static void
test_a_hung_provider_delays_nobody (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  for (guint i = 0; i < 10; i++)
    {
      g_assert_true (fake_provider_is_waiting (fixture->crypto));
      fake_provider_answer (fixture->crypto, i);
      settle ();
      fake_clock_advance_us (fixture->clock, (i == 0 ? 45 : 33) * SECOND_US);
    }
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->yahoo), ==, 1);
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->crypto), ==, 11);

  /* The missed rounds are made up for by one. */
  fake_provider_answer (fixture->yahoo, 1);
  settle ();
  fake_clock_advance_us (fixture->clock, 0);
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->yahoo), ==, 2);
}

static void
test_an_open_breaker_stops_the_asking (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fake_provider_fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_RATE_LIMITED, 600 * SECOND_US);
  settle ();
  fake_clock_advance_us (fixture->clock, 599 * SECOND_US);
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->yahoo), ==, 1);
  fake_clock_advance_us (fixture->clock, 181 * SECOND_US);

  /* The probe asks for one symbol only. */
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->yahoo), ==, 2);
  g_assert_cmpuint (fake_provider_get_instruments (fixture->yahoo)->len, ==, 1);
}

static void
test_an_unknown_symbol_is_given_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GPtrArray) pending = NULL;
  const QuotesPending *item = NULL;

  for (guint i = 0; i < 3; i++)
    {
      QuotesBatch *batch = quotes_batch_new ();

      quotes_batch_set_symbol_error (batch, "XAU", QUOTES_SYMBOL_ERROR_NOT_FOUND);
      fake_provider_answer_batch (fixture->yahoo, batch);
      settle ();
      fake_clock_advance_us (fixture->clock, 45 * SECOND_US);
    }
  g_assert_cmpuint (fake_provider_get_instruments (fixture->yahoo)->len, ==, 1);
  pending = quotes_poller_dup_pending (fixture->poller);
  item = g_ptr_array_index (pending, 1);
  g_assert_cmpstr (item->symbol, ==, "XAU");
  g_assert_cmpstr (item->reason, ==, "unknown-symbol");
  g_assert_cmpint (item->next_check_us, >, 0);
}

static void
test_an_added_instrument_is_asked_for_now (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gboolean added = FALSE;

  fake_provider_answer (fixture->yahoo, 1);
  settle ();
  g_assert_nonnull (quotes_watchlist_add (fixture->list, "yahoo:AAPL", &added, NULL));
  fake_clock_advance_us (fixture->clock, 0);
  g_assert_cmpuint (fake_provider_get_instruments (fixture->yahoo)->len, ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/poller/everybody-is-asked-at-once", test_everybody_is_asked_at_once);
  ADD ("/poller/a-hung-provider-delays-nobody", test_a_hung_provider_delays_nobody);
  ADD ("/poller/an-open-breaker-stops-the-asking", test_an_open_breaker_stops_the_asking);
  ADD ("/poller/an-unknown-symbol-is-given-up", test_an_unknown_symbol_is_given_up);
  ADD ("/poller/an-added-instrument-is-asked-for-now", test_an_added_instrument_is_asked_for_now);
#undef ADD

  return g_test_run ();
}
