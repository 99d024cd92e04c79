/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "poller-fixture.h"

#include "catalog-file.h"

static void
count_cb (PollerFixture *fixture)
{
  fixture->n_cycles++;
}

static void
add_provider (PollerFixture *fixture, FakeProvider *provider)
{
  g_autoptr (QuotesBreaker) breaker = quotes_breaker_new (
    QUOTES_CLOCK (fixture->clock), 60 * SECOND_US, 900 * SECOND_US, g_rand_new_with_seed (2));

  quotes_poller_add_provider (fixture->poller, QUOTES_PROVIDER (provider), breaker);
}

void
poller_fixture_set_up (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
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

void
poller_fixture_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

void
poller_fixture_tear_down (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_stop (fixture->poller);
  if (fake_provider_is_waiting (fixture->yahoo))
    fake_provider_answer (fixture->yahoo, 1);
  if (fake_provider_is_waiting (fixture->crypto))
    fake_provider_answer (fixture->crypto, 1);
  poller_fixture_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->poller));
  g_assert_finalize_object (g_steal_pointer (&fixture->hub));
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  g_assert_finalize_object (g_steal_pointer (&fixture->yahoo));
  g_assert_finalize_object (g_steal_pointer (&fixture->crypto));
  g_assert_cmpuint (fake_clock_get_n_alarms (fixture->clock), ==, 0);
  g_assert_finalize_object (g_steal_pointer (&fixture->clock));
}

gint64
poller_fixture_get_monotonic_us (PollerFixture *fixture)
{
  return quotes_clock_get_monotonic_us (QUOTES_CLOCK (fixture->clock));
}

gint64
poller_fixture_wait_for_fetch (PollerFixture *fixture, FakeProvider *provider)
{
  gint64 begin_us = poller_fixture_get_monotonic_us (fixture);

  while (!fake_provider_is_waiting (provider))
    {
      gint64 waited_us = poller_fixture_get_monotonic_us (fixture) - begin_us;

      g_assert_cmpint (waited_us, <, 48 * 3600 * SECOND_US);
      fake_clock_advance_us (fixture->clock,
                             waited_us < 120 * SECOND_US ? SECOND_US / 100 : 10 * SECOND_US);
    }
  return poller_fixture_get_monotonic_us (fixture) - begin_us;
}
