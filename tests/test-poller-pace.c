/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "poller-fixture.h"

#define BASE_US (30 * SECOND_US)
#define HOUR_US (3600 * SECOND_US)
/* Of one round, with its jitter and the steps of the fixture's clock. */
#define LEAST(us) ((us) *9 / 10 - SECOND_US / 50)
#define MOST(us) ((us) *11 / 10 + 11 * SECOND_US)

/* What the market is like; times are real. */
typedef struct
{
  QuotesMarketState state;
  gint64 quote_time_us;
  gint64 opens_us;
  gint64 closes_us;
} Market;

static const Market open_market = {.state = QUOTES_MARKET_STATE_REGULAR};
static const Market closed_market = {.state = QUOTES_MARKET_STATE_CLOSED};
static const Market always = {.state = QUOTES_MARKET_STATE_ALWAYS};

static void
answer (FakeProvider *provider, const Market *market)
{
  GPtrArray *instruments = fake_provider_get_instruments (provider);
  QuotesBatch *batch = quotes_batch_new ();

  for (guint i = 0; i < instruments->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (instruments, i);
      QuotesQuote fields = QUOTES_QUOTE_INIT;

      fields.symbol = instrument->symbol;
      fields.name = instrument->symbol;
      fields.currency = "USD";
      fields.source = instrument->provider;
      fields.instrument = instrument->text;
      fields.provider_symbol = instrument->provider_symbol;
      fields.price = 1;
      fields.market_state = market->state;
      fields.quote_time_us = market->quote_time_us;
      fields.opens_us = market->opens_us;
      fields.closes_us = market->closes_us;
      quotes_batch_take_quote (batch, quotes_quote_new (&fields));
    }
  fake_provider_answer_batch (provider, batch);
  poller_fixture_settle ();
}

static void
fail (FakeProvider *provider, QuotesProviderError code, gint64 retry_after_us)
{
  fake_provider_fail (provider, code, retry_after_us);
  poller_fixture_settle ();
}

static gint64
get_real_us (PollerFixture *fixture)
{
  return quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock));
}

/* Answers as @market until the first round whose pause was planned at that pace, and returns the
 * next pause. */
static gint64
get_pause_us (PollerFixture *fixture, FakeProvider *provider, const Market *market)
{
  for (guint i = 0; i < 2; i++)
    {
      if (!fake_provider_is_waiting (provider))
        poller_fixture_wait_for_fetch (fixture, provider);
      answer (provider, market);
    }
  return poller_fixture_wait_for_fetch (fixture, provider);
}

static void
assert_pace (PollerFixture *fixture, gint64 interval_us, const char *reason)
{
  g_autoptr (GPtrArray) statuses = quotes_poller_dup_statuses (fixture->poller);
  const QuotesProviderStatus *status = g_ptr_array_index (statuses, 0);

  g_assert_cmpstr (status->interval_reason, ==, reason);
  g_assert_cmpint (status->interval_us, ==, interval_us);
}

static void
assert_around (gint64 pause_us, gint64 interval_us)
{
  g_assert_cmpint (pause_us, >=, LEAST (interval_us));
  g_assert_cmpint (pause_us, <=, MOST (interval_us));
}

static void
test_a_closed_market_is_asked_rarely (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_true (fake_provider_is_waiting (fixture->yahoo));
  assert_pace (fixture, BASE_US, "regular");
  assert_around (get_pause_us (fixture, fixture->yahoo, &closed_market), 900 * SECOND_US);
  assert_pace (fixture, 900 * SECOND_US, "closed");
  /* And a coin has its own provider, and rhythm. */
  assert_around (get_pause_us (fixture, fixture->crypto, &always), BASE_US);
}

static void
test_one_that_waits_for_a_price_hurries_all (PollerFixture *fixture,
                                             G_GNUC_UNUSED gconstpointer user_data)
{
  gboolean added = FALSE;

  get_pause_us (fixture, fixture->yahoo, &closed_market);
  answer (fixture->yahoo, &closed_market);
  assert_pace (fixture, 900 * SECOND_US, "closed");
  g_assert_nonnull (quotes_watchlist_add (fixture->list, "yahoo:AAPL", &added, NULL));
  assert_pace (fixture, BASE_US, "regular");
  fake_clock_advance_us (fixture->clock, 0);
  g_assert_true (fake_provider_is_waiting (fixture->yahoo));
  fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_HTTP, -1);
  assert_around (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), BASE_US);
  answer (fixture->yahoo, &closed_market);
  assert_pace (fixture, 900 * SECOND_US, "closed");
}

static void
test_who_comes_is_served_at_once (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_watched (fixture->poller, FALSE);
  assert_around (get_pause_us (fixture, fixture->yahoo, &open_market), 300 * SECOND_US);
  answer (fixture->yahoo, &open_market);
  assert_pace (fixture, 300 * SECOND_US, "unwatched");
  fake_clock_advance_us (fixture->clock, 200 * SECOND_US);
  g_assert_false (fake_provider_is_waiting (fixture->yahoo));

  /* Until the new price comes the old one is what it was. */
  quotes_poller_set_watched (fixture->poller, TRUE);
  assert_pace (fixture, BASE_US, "regular");
  fake_clock_advance_us (fixture->clock, 0);
  g_assert_true (fake_provider_is_waiting (fixture->yahoo));
  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_NONE);
  fake_clock_advance_us (fixture->clock, 14 * SECOND_US);
  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_NONE);
  answer (fixture->yahoo, &open_market);
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), <=, MOST (BASE_US));
}

/* The price is then as old as the faster pace does not allow, and nobody says otherwise. */
static void
test_who_comes_to_a_failing_provider_sees_it (PollerFixture *fixture,
                                              G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_watched (fixture->poller, FALSE);
  get_pause_us (fixture, fixture->yahoo, &open_market);
  answer (fixture->yahoo, &open_market);
  fake_clock_advance_us (fixture->clock, 200 * SECOND_US);
  quotes_poller_set_watched (fixture->poller, TRUE);
  fake_clock_advance_us (fixture->clock, 0);
  fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_HTTP, -1);
  fake_clock_advance_us (fixture->clock, SECOND_US);
  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_PROVIDER_ERROR);
}

static void
test_who_comes_soon_waits_for_the_next_round (PollerFixture *fixture,
                                              G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 pause_us = 0;

  quotes_poller_set_watched (fixture->poller, FALSE);
  get_pause_us (fixture, fixture->yahoo, &open_market);
  answer (fixture->yahoo, &open_market);
  fake_clock_advance_us (fixture->clock, 5 * SECOND_US);
  quotes_poller_set_watched (fixture->poller, TRUE);
  pause_us = poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
  /* The fixture notices a long pause's end with up to ten seconds of delay. */
  g_assert_cmpint (pause_us, >=, 15 * SECOND_US);
  g_assert_cmpint (pause_us, <=, 25 * SECOND_US + SECOND_US / 50);
}

static void
test_who_leaves_changes_the_round_after_the_next (PollerFixture *fixture,
                                                  G_GNUC_UNUSED gconstpointer user_data)
{
  get_pause_us (fixture, fixture->yahoo, &open_market);
  answer (fixture->yahoo, &open_market);
  quotes_poller_set_watched (fixture->poller, FALSE);
  assert_pace (fixture, 300 * SECOND_US, "unwatched");
  assert_around (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), BASE_US);
  answer (fixture->yahoo, &open_market);
  assert_around (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), 300 * SECOND_US);
  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_NONE);
}

/* Somebody opens and closes a page again and again. */
static void
test_coming_and_going_is_no_storm (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  guint n_before = 0;

  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->yahoo), TRUE);
  quotes_poller_set_interval (fixture->poller, SECOND_US);
  answer (fixture->yahoo, &open_market);
  n_before = fake_provider_get_n_fetches (fixture->yahoo);
  for (guint i = 0; i < 100; i++)
    {
      quotes_poller_set_watched (fixture->poller, FALSE);
      quotes_poller_set_watched (fixture->poller, TRUE);
      fake_clock_advance_us (fixture->clock, SECOND_US / 10);
      if (fake_provider_is_waiting (fixture->yahoo))
        answer (fixture->yahoo, &open_market);
    }
  /* Ten seconds at one a second. */
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->yahoo) - n_before, <=, 13);
}

static void
test_saving_makes_it_four_times_as_long (PollerFixture *fixture,
                                         G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_metered (fixture->poller, TRUE);
  assert_around (get_pause_us (fixture, fixture->yahoo, &open_market), 120 * SECOND_US);
  assert_pace (fixture, 120 * SECOND_US, "metered");
  quotes_poller_set_power_saver (fixture->poller, TRUE);
  assert_pace (fixture, 120 * SECOND_US, "power-saver");
  quotes_poller_set_metered (fixture->poller, FALSE);
  assert_pace (fixture, 120 * SECOND_US, "power-saver");
  quotes_poller_set_power_saver (fixture->poller, FALSE);
  assert_pace (fixture, BASE_US, "regular");
}

static void
test_a_fixed_pace_is_fixed (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_fixed (fixture->poller, TRUE);
  quotes_poller_set_watched (fixture->poller, FALSE);
  quotes_poller_set_metered (fixture->poller, TRUE);
  assert_around (get_pause_us (fixture, fixture->yahoo, &closed_market), BASE_US);
  assert_pace (fixture, BASE_US, "fixed");
}

static void
test_offline_is_a_pace (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->yahoo), TRUE);
  get_pause_us (fixture, fixture->yahoo, &open_market);
  answer (fixture->yahoo, &open_market);
  quotes_poller_set_fixed (fixture->poller, TRUE);
  quotes_poller_set_online (fixture->poller, FALSE);
  assert_pace (fixture, 60 * SECOND_US, "offline");
  quotes_poller_set_online (fixture->poller, TRUE);
  assert_pace (fixture, BASE_US, "fixed");
}

static void
test_a_holiday_is_noticed_and_its_end (PollerFixture *fixture,
                                       G_GNUC_UNUSED gconstpointer user_data)
{
  Market market = {.state = QUOTES_MARKET_STATE_REGULAR, .quote_time_us = 1000 * SECOND_US};

  for (guint i = 0; i < 12; i++)
    {
      answer (fixture->yahoo, &market);
      assert_pace (fixture, BASE_US * (i < 5 ? 1 : i < 10 ? 2 : 4), i < 5 ? "regular" : "quiet");
      poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
    }
  /* A round that fails says nothing about the market. */
  fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_HTTP, -1);
  assert_around (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), 4 * BASE_US);

  market.quote_time_us += SECOND_US;
  answer (fixture->yahoo, &market);
  assert_pace (fixture, BASE_US, "regular");
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), <=, BASE_US);
}

/* From the night before to the evening after, everything that is asked is asked in time. */
static void
test_a_day_at_the_exchange (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 opens_us = get_real_us (fixture) + 3 * HOUR_US;
  gint64 closes_us = opens_us + 6 * HOUR_US;
  gint64 last_us = get_real_us (fixture);
  guint n_before_opening = 0;
  guint n_at_opening = 0;
  guint n_last = 0;

  while (last_us < closes_us + 5 * HOUR_US)
    {
      gint64 now_us = 0;
      Market market = {.opens_us = opens_us, .closes_us = closes_us};

      if (!fake_provider_is_waiting (fixture->yahoo))
        poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
      now_us = get_real_us (fixture);
      market.quote_time_us = now_us;
      market.state = now_us >= opens_us && now_us < closes_us ? QUOTES_MARKET_STATE_REGULAR
                                                              : QUOTES_MARKET_STATE_CLOSED;
      if (now_us < opens_us + SECOND_US || now_us > closes_us + 95 * SECOND_US)
        g_assert_cmpint (now_us - last_us, <=, MOST (900 * SECOND_US));
      else
        g_assert_cmpint (now_us - last_us, <=, MOST (BASE_US));
      /* The clock goes in steps of at most ten seconds, and stops at each alarm. */
      n_before_opening += now_us > opens_us - 60 * SECOND_US && now_us < opens_us;
      n_at_opening += now_us >= opens_us && now_us <= opens_us + 10 * SECOND_US;
      n_last += now_us >= closes_us + 60 * SECOND_US && now_us < closes_us + 800 * SECOND_US;
      last_us = now_us;
      answer (fixture->yahoo, &market);
    }
  g_assert_cmpuint (n_before_opening, ==, 1);
  g_assert_cmpuint (n_at_opening, ==, 1);
  g_assert_cmpuint (n_last, ==, 1);
  assert_pace (fixture, 900 * SECOND_US, "closed");
}

static void
test_a_bell_passes_no_breaker (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 opens_us = get_real_us (fixture) + 400 * SECOND_US;
  const Market market = {
    .state = QUOTES_MARKET_STATE_CLOSED, .opens_us = opens_us, .closes_us = opens_us + HOUR_US};

  answer (fixture->yahoo, &market);
  poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
  fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_RATE_LIMITED, 600 * SECOND_US);
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), >=, 600 * SECOND_US);
}

/* Rule R9: with hours that the date decides, too. */
static void
test_setting_the_date_only_moves_the_bells (PollerFixture *fixture,
                                            G_GNUC_UNUSED gconstpointer user_data)
{
  static const gint64 steps_s[] = {86400, -86400, -86400, 86400, 7 * 86400, -7 * 86400};
  gint64 least_us = G_MAXINT64;
  gint64 most_us = 0;

  for (gsize i = 0; i < 10 * G_N_ELEMENTS (steps_s); i++)
    {
      Market market = {.state = QUOTES_MARKET_STATE_REGULAR};
      gint64 pause_us = 0;

      market.opens_us = get_real_us (fixture) - HOUR_US;
      market.closes_us = get_real_us (fixture) + HOUR_US;
      /* The market has a clock of its own. */
      market.quote_time_us = poller_fixture_get_monotonic_us (fixture);
      answer (fixture->yahoo, &market);
      if (i == 0)
        poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
      else
        {
          fake_clock_step_real_us (fixture->clock, steps_s[i % G_N_ELEMENTS (steps_s)] * SECOND_US);
          quotes_poller_date_changed (fixture->poller);
          pause_us = poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
          least_us = MIN (least_us, pause_us);
          most_us = MAX (most_us, pause_us);
        }
    }
  g_assert_cmpint (least_us, >=, LEAST (BASE_US));
  g_assert_cmpint (most_us, <=, BASE_US * 11 / 10 + SECOND_US / 50);
  g_test_message ("PROMISE R9 steps=%u tick_gap_min_s=%.2f tick_gap_max_s=%.2f",
                  (guint) (10 * G_N_ELEMENTS (steps_s) - 1), (double) least_us / SECOND_US,
                  (double) most_us / SECOND_US);
}

static void
test_a_bell_rings_by_the_new_date (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 opens_us = get_real_us (fixture) + 86400 * SECOND_US + 600 * SECOND_US;
  const Market market = {
    .state = QUOTES_MARKET_STATE_CLOSED, .opens_us = opens_us, .closes_us = opens_us + HOUR_US};
  guint n_before = 0;

  get_pause_us (fixture, fixture->yahoo, &market);
  answer (fixture->yahoo, &market);
  fake_clock_step_real_us (fixture->clock, opens_us - 100 * SECOND_US - get_real_us (fixture));
  quotes_poller_date_changed (fixture->poller);
  n_before = fake_provider_get_n_fetches (fixture->yahoo);
  fake_clock_advance_us (fixture->clock, 69 * SECOND_US);
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->yahoo), ==, n_before);
  fake_clock_advance_us (fixture->clock, SECOND_US);
  g_assert_true (fake_provider_is_waiting (fixture->yahoo));
  g_assert_cmpint (get_real_us (fixture), ==, opens_us - 30 * SECOND_US);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_another_pace_is_told (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  guint n_told = 0;

  get_pause_us (fixture, fixture->yahoo, &open_market);
  g_signal_connect_swapped (fixture->poller, "pace-changed", G_CALLBACK (count_cb), &n_told);
  quotes_poller_set_watched (fixture->poller, TRUE);
  g_assert_cmpuint (n_told, ==, 0);
  quotes_poller_set_watched (fixture->poller, FALSE);
  g_assert_cmpuint (n_told, ==, 1);
  quotes_poller_set_metered (fixture->poller, TRUE);
  g_assert_cmpuint (n_told, ==, 2);
  answer (fixture->yahoo, &closed_market);
  g_assert_cmpuint (n_told, ==, 3);
  g_signal_handlers_disconnect_by_data (fixture->poller, &n_told);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/poller-pace/" name, PollerFixture, NULL, poller_fixture_set_up, func,              \
              poller_fixture_tear_down)
  ADD ("a-closed-market-is-asked-rarely", test_a_closed_market_is_asked_rarely);
  ADD ("one-that-waits-for-a-price-hurries-all", test_one_that_waits_for_a_price_hurries_all);
  ADD ("who-comes-is-served-at-once", test_who_comes_is_served_at_once);
  ADD ("who-comes-to-a-failing-provider-sees-it", test_who_comes_to_a_failing_provider_sees_it);
  ADD ("who-comes-soon-waits-for-the-next-round", test_who_comes_soon_waits_for_the_next_round);
  ADD ("who-leaves-changes-the-round-after-the-next",
       test_who_leaves_changes_the_round_after_the_next);
  ADD ("coming-and-going-is-no-storm", test_coming_and_going_is_no_storm);
  ADD ("saving-makes-it-four-times-as-long", test_saving_makes_it_four_times_as_long);
  ADD ("a-fixed-pace-is-fixed", test_a_fixed_pace_is_fixed);
  ADD ("offline-is-a-pace", test_offline_is_a_pace);
  ADD ("a-holiday-is-noticed-and-its-end", test_a_holiday_is_noticed_and_its_end);
  ADD ("a-day-at-the-exchange", test_a_day_at_the_exchange);
  ADD ("a-bell-passes-no-breaker", test_a_bell_passes_no_breaker);
  ADD ("setting-the-date-only-moves-the-bells", test_setting_the_date_only_moves_the_bells);
  ADD ("a-bell-rings-by-the-new-date", test_a_bell_rings_by_the_new_date);
  ADD ("another-pace-is-told", test_another_pace_is_told);
#undef ADD

  return g_test_run ();
}
