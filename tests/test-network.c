/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "catalog-file.h"
#include "fake-clock.h"
#include "fake-provider.h"
#include "quotes-poller.h"

#define SECOND_US ((gint64) G_USEC_PER_SEC)

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

static gint64
get_monotonic_us (Fixture *fixture)
{
  return quotes_clock_get_monotonic_us (QUOTES_CLOCK (fixture->clock));
}

/* How long until @provider is asked. */
static gint64
wait_for_fetch (Fixture *fixture, FakeProvider *provider)
{
  gint64 begin_us = get_monotonic_us (fixture);

  while (!fake_provider_is_waiting (provider))
    {
      gint64 waited_us = get_monotonic_us (fixture) - begin_us;

      g_assert_cmpint (waited_us, <, 48 * 3600 * SECOND_US);
      fake_clock_advance_us (fixture->clock,
                             waited_us < 120 * SECOND_US ? SECOND_US / 100 : 10 * SECOND_US);
    }
  return get_monotonic_us (fixture) - begin_us;
}

/* Both have answered and wait for their next round. */
static void
answer_both (Fixture *fixture)
{
  if (fake_provider_is_waiting (fixture->yahoo))
    fake_provider_answer (fixture->yahoo, 1);
  if (fake_provider_is_waiting (fixture->crypto))
    fake_provider_answer (fixture->crypto, 1);
  settle ();
}

static void
test_after_a_sleep_everybody_is_asked_once (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 pause_us = 0;

  quotes_poller_set_interval (fixture->poller, 600 * SECOND_US);
  fake_provider_answer (fixture->crypto, 1);
  settle ();
  /* Yahoo's answer will not come any more: its connection did not outlive the sleep. */
  quotes_poller_wake_up (fixture->poller);
  quotes_poller_wake_up (fixture->poller);
  fake_provider_answer (fixture->yahoo, 1);
  settle ();
  pause_us = wait_for_fetch (fixture, fixture->crypto);
  g_assert_cmpint (pause_us, >=, 2 * SECOND_US);
  g_assert_cmpint (pause_us, <=, 5 * SECOND_US);
  g_assert_cmpint (wait_for_fetch (fixture, fixture->yahoo), <=, 5 * SECOND_US);

  answer_both (fixture);
  fake_clock_advance_us (fixture->clock, 500 * SECOND_US);
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->yahoo), ==, 2);
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->crypto), ==, 2);
}

static void
test_without_a_network_there_are_only_probes (Fixture *fixture,
                                              G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->yahoo), TRUE);
  answer_both (fixture);
  quotes_poller_set_online (fixture->poller, FALSE);
  for (guint i = 0; i < 5; i++)
    {
      g_assert_cmpint (wait_for_fetch (fixture, fixture->yahoo), >=, 59 * SECOND_US);
      g_assert_cmpuint (fake_provider_get_instruments (fixture->yahoo)->len, ==, 1);
      fake_provider_fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_NETWORK, -1);
      answer_both (fixture);
    }
  /* A host that may be this machine goes on. */
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->crypto), >=, 6);

  quotes_poller_set_online (fixture->poller, TRUE);
  g_assert_cmpint (wait_for_fetch (fixture, fixture->yahoo), <=, 5 * SECOND_US);
}

static void
test_a_price_proves_that_there_is_a_network (Fixture *fixture,
                                             G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->yahoo), TRUE);
  answer_both (fixture);
  quotes_poller_set_online (fixture->poller, FALSE);
  wait_for_fetch (fixture, fixture->yahoo);
  answer_both (fixture);
  g_assert_cmpint (wait_for_fetch (fixture, fixture->yahoo), <=, 31 * SECOND_US);
  g_assert_cmpuint (fake_provider_get_instruments (fixture->yahoo)->len, ==, 2);
}

static void
test_a_flapping_network_makes_no_storm (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  guint n_before = 0;

  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->yahoo), TRUE);
  answer_both (fixture);
  n_before = fake_provider_get_n_fetches (fixture->yahoo);
  for (guint i = 0; i < 20; i++)
    {
      quotes_poller_set_online (fixture->poller, FALSE);
      fake_clock_advance_us (fixture->clock, SECOND_US / 2);
      answer_both (fixture);
      quotes_poller_set_online (fixture->poller, TRUE);
      fake_clock_advance_us (fixture->clock, SECOND_US / 2);
      answer_both (fixture);
    }
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->yahoo) - n_before, <=, 25);
  g_assert_cmpint (wait_for_fetch (fixture, fixture->yahoo), <=, 5 * SECOND_US);
}

static void
test_another_network_ends_its_own_pauses_only (Fixture *fixture,
                                               G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->yahoo), TRUE);
  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->crypto), TRUE);
  fake_provider_fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_BARRED, -1);
  fake_provider_fail (fixture->crypto, QUOTES_PROVIDER_ERROR_RATE_LIMITED, 600 * SECOND_US);
  settle ();
  quotes_poller_set_online (fixture->poller, FALSE);
  quotes_poller_set_online (fixture->poller, TRUE);
  g_assert_cmpint (wait_for_fetch (fixture, fixture->yahoo), <=, 5 * SECOND_US);
  g_assert_cmpint (wait_for_fetch (fixture, fixture->crypto), >=, 590 * SECOND_US);
}

static void
test_offline_is_the_reason_of_old_prices (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->yahoo), TRUE);
  answer_both (fixture);
  quotes_poller_set_online (fixture->poller, FALSE);
  wait_for_fetch (fixture, fixture->yahoo);
  fake_provider_fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_NETWORK, -1);
  settle ();
  fake_clock_advance_us (fixture->clock, 61 * SECOND_US);
  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_OFFLINE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/network/after-a-sleep-everybody-is-asked-once",
       test_after_a_sleep_everybody_is_asked_once);
  ADD ("/network/without-a-network-there-are-only-probes",
       test_without_a_network_there_are_only_probes);
  ADD ("/network/a-price-proves-that-there-is-a-network",
       test_a_price_proves_that_there_is_a_network);
  ADD ("/network/a-flapping-network-makes-no-storm", test_a_flapping_network_makes_no_storm);
  ADD ("/network/another-network-ends-its-own-pauses-only",
       test_another_network_ends_its_own_pauses_only);
  ADD ("/network/offline-is-the-reason-of-old-prices", test_offline_is_the_reason_of_old_prices);
#undef ADD

  return g_test_run ();
}
