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

/* What the market is like before and after a night. */
static void
answer_with_session (PollerFixture *fixture, gint64 opens_us, gint64 closes_us)
{
  GPtrArray *instruments = fake_provider_get_instruments (fixture->yahoo);
  QuotesBatch *batch = quotes_batch_new ();
  gint64 now_us = quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock));

  for (guint i = 0; i < instruments->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (instruments, i);
      QuotesQuote fields = QUOTES_QUOTE_INIT;

      fields.symbol = fields.name = instrument->symbol;
      fields.currency = "USD";
      fields.source = "yahoo";
      fields.instrument = instrument->text;
      fields.provider_symbol = instrument->provider_symbol;
      fields.price = 1;
      fields.opens_us = opens_us;
      fields.closes_us = closes_us;
      fields.market_state = now_us >= opens_us && now_us < closes_us ? QUOTES_MARKET_STATE_REGULAR
                                                                     : QUOTES_MARKET_STATE_CLOSED;
      quotes_batch_take_quote (batch, quotes_quote_new (&fields));
    }
  fake_provider_answer_batch (fixture->yahoo, batch);
  poller_fixture_settle ();
}

/* Rule R10: the monotonic clock stood still, an opening passed, and the network comes back late. */
static void
test_a_night_is_one_round (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 opens_us = quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock)) + 3600 * SECOND_US;
  gint64 closes_us = opens_us + 6 * 3600 * SECOND_US;
  gint64 first_us = 0;
  gint64 begin_us = 0;
  guint n_before = 0;

  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->yahoo), TRUE);
  for (guint i = 0; i < 2; i++)
    {
      answer_with_session (fixture, opens_us, closes_us);
      poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
    }
  answer_with_session (fixture, opens_us, closes_us);
  n_before = fake_provider_get_n_fetches (fixture->yahoo);
  fake_clock_advance_us (fixture->clock, 60 * SECOND_US);
  fake_clock_step_real_us (fixture->clock, 4 * 3600 * SECOND_US);
  begin_us = poller_fixture_get_monotonic_us (fixture);
  quotes_poller_wake_up (fixture->poller);
  quotes_poller_set_online (fixture->poller, FALSE);
  fake_clock_advance_us (fixture->clock, SECOND_US);
  quotes_poller_set_online (fixture->poller, TRUE);
  while (poller_fixture_get_monotonic_us (fixture) < begin_us + 25 * SECOND_US)
    {
      fake_clock_advance_us (fixture->clock, SECOND_US / 100);
      if (!fake_provider_is_waiting (fixture->yahoo))
        continue;
      if (first_us == 0)
        first_us = poller_fixture_get_monotonic_us (fixture) - begin_us;
      answer_with_session (fixture, opens_us, closes_us);
    }
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->yahoo) - n_before, ==, 1);
  g_assert_cmpint (first_us, >=, 3 * SECOND_US);
  g_assert_cmpint (first_us, <=, 6 * SECOND_US);
  g_test_message ("PROMISE R10 ticks_after_resume=%u seconds_to_fresh=%.2f",
                  fake_provider_get_n_fetches (fixture->yahoo) - n_before,
                  (double) first_us / SECOND_US);
}

/* And when the session opened meanwhile: nobody asks before the network had its moment. */
static void
test_a_rest_before_a_bell_is_kept (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 opens_us = quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock)) + 3600 * SECOND_US;
  gint64 pause_us = 0;

  answer_with_session (fixture, opens_us, opens_us + 3600 * SECOND_US);
  poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
  answer_with_session (fixture, opens_us, opens_us + 3600 * SECOND_US);
  fake_clock_advance_us (fixture->clock, 100 * SECOND_US);
  fake_clock_step_real_us (fixture->clock, 3600 * SECOND_US);
  quotes_poller_wake_up (fixture->poller);
  pause_us = poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
  g_assert_cmpint (pause_us, >=, 2 * SECOND_US);
  g_assert_cmpint (pause_us, <=, 5 * SECOND_US);
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
  g_test_message ("PROMISE R11 flaps=20 requests=%u",
                  fake_provider_get_n_fetches (fixture->yahoo) - n_before);
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
  ADD ("/network/a-night-is-one-round", test_a_night_is_one_round);
  ADD ("/network/a-rest-before-a-bell-is-kept", test_a_rest_before_a_bell_is_kept);
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
