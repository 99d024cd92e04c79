/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "poller-fixture.h"

/* Both have answered and wait for their next round. */
static void
answer_both (PollerFixture *fixture)
{
  if (fake_provider_is_waiting (fixture->yahoo))
    fake_provider_answer (fixture->yahoo, 1);
  if (fake_provider_is_waiting (fixture->crypto))
    fake_provider_answer (fixture->crypto, 1);
  poller_fixture_settle ();
}

static void
test_after_a_sleep_everybody_is_asked_once (PollerFixture *fixture,
                                            G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 pause_us = 0;

  quotes_poller_set_interval (fixture->poller, 600 * SECOND_US);
  fake_provider_answer (fixture->crypto, 1);
  poller_fixture_settle ();
  /* Yahoo's answer will not come any more: its connection did not outlive the sleep. */
  quotes_poller_wake_up (fixture->poller);
  quotes_poller_wake_up (fixture->poller);
  fake_provider_answer (fixture->yahoo, 1);
  poller_fixture_settle ();
  pause_us = poller_fixture_wait_for_fetch (fixture, fixture->crypto);
  g_assert_cmpint (pause_us, >=, 2 * SECOND_US);
  g_assert_cmpint (pause_us, <=, 5 * SECOND_US);
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), <=, 5 * SECOND_US);

  answer_both (fixture);
  fake_clock_advance_us (fixture->clock, 500 * SECOND_US);
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->yahoo), ==, 2);
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->crypto), ==, 2);
}

static void
test_without_a_network_there_are_only_probes (PollerFixture *fixture,
                                              G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->yahoo), TRUE);
  answer_both (fixture);
  quotes_poller_set_online (fixture->poller, FALSE);
  for (guint i = 0; i < 5; i++)
    {
      g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), >=, 59 * SECOND_US);
      g_assert_cmpuint (fake_provider_get_instruments (fixture->yahoo)->len, ==, 1);
      fake_provider_fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_NETWORK, -1);
      answer_both (fixture);
    }
  /* A host that may be this machine goes on. */
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->crypto), >=, 6);

  quotes_poller_set_online (fixture->poller, TRUE);
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), <=, 5 * SECOND_US);
}

static void
test_a_price_proves_that_there_is_a_network (PollerFixture *fixture,
                                             G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->yahoo), TRUE);
  answer_both (fixture);
  quotes_poller_set_online (fixture->poller, FALSE);
  poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
  answer_both (fixture);
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), <=, 31 * SECOND_US);
  g_assert_cmpuint (fake_provider_get_instruments (fixture->yahoo)->len, ==, 2);
}

static void
test_a_flapping_network_makes_no_storm (PollerFixture *fixture,
                                        G_GNUC_UNUSED gconstpointer user_data)
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
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), <=, 5 * SECOND_US);
}

static void
test_another_network_ends_its_own_pauses_only (PollerFixture *fixture,
                                               G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->yahoo), TRUE);
  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->crypto), TRUE);
  fake_provider_fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_BARRED, -1);
  fake_provider_fail (fixture->crypto, QUOTES_PROVIDER_ERROR_RATE_LIMITED, 600 * SECOND_US);
  poller_fixture_settle ();
  quotes_poller_set_online (fixture->poller, FALSE);
  quotes_poller_set_online (fixture->poller, TRUE);
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), <=, 5 * SECOND_US);
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->crypto), >=, 590 * SECOND_US);
}

static void
test_offline_is_the_reason_of_old_prices (PollerFixture *fixture,
                                          G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->yahoo), TRUE);
  answer_both (fixture);
  quotes_poller_set_online (fixture->poller, FALSE);
  poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
  fake_provider_fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_NETWORK, -1);
  poller_fixture_settle ();
  fake_clock_advance_us (fixture->clock, 61 * SECOND_US);
  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_OFFLINE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                            \
  g_test_add (name, PollerFixture, NULL, poller_fixture_set_up, func, poller_fixture_tear_down)
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
