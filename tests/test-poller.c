/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "poller-fixture.h"

static void
test_everybody_is_asked_at_once (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_cmpstr (quotes_poller_get_state (fixture->poller), ==, "waiting");
  g_assert_cmpuint (fake_provider_get_instruments (fixture->yahoo)->len, ==, 2);
  g_assert_cmpuint (fake_provider_get_instruments (fixture->crypto)->len, ==, 1);
  fake_provider_answer (fixture->yahoo, 2400);
  fake_provider_answer (fixture->crypto, 97000);
  poller_fixture_settle ();

  g_assert_cmpuint (fixture->n_cycles, ==, 2);
  g_assert_cmpuint (quotes_hub_get_snapshot (fixture->hub)->quotes->len, ==, 3);
  g_assert_cmpstr (quotes_poller_get_state (fixture->poller), ==, "ok");
}

static void
test_quotes_between_the_rounds_are_taken (PollerFixture *fixture,
                                          G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GPtrArray) quotes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  QuotesBatch *batch = quotes_batch_new ();
  QuotesQuote fields = QUOTES_QUOTE_INIT;

  quotes_batch_set_symbol_error (batch, "XAU", QUOTES_SYMBOL_ERROR_NOT_FOUND);
  quotes_batch_set_symbol_error (batch, "XAG", QUOTES_SYMBOL_ERROR_NOT_FOUND);
  fake_provider_answer_batch (fixture->yahoo, batch);
  poller_fixture_settle ();

  fields.symbol = "XAU";
  fields.name = "Gold";
  fields.instrument = "yahoo:GC=F";
  fields.provider_symbol = "GC=F";
  fields.currency = "USD";
  fields.source = "yahoo";
  fields.price = 1971.3;
  g_ptr_array_add (quotes, quotes_quote_new (&fields));
  g_signal_emit_by_name (fixture->yahoo, "quotes", quotes);
  g_assert_cmpfloat (quotes_hub_lookup (fixture->hub, "XAU")->price, ==, 1971.3);
  g_assert_null (quotes_hub_lookup (fixture->hub, "XAG"));

  quotes_poller_stop (fixture->poller);
  fields.price = 1;
  g_ptr_array_set_size (quotes, 0);
  g_ptr_array_add (quotes, quotes_quote_new (&fields));
  g_signal_emit_by_name (fixture->yahoo, "quotes", quotes);
  g_assert_cmpfloat (quotes_hub_lookup (fixture->hub, "XAU")->price, ==, 1971.3);
}

static void
test_a_hung_provider_delays_nobody (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  for (guint i = 0; i < 10; i++)
    {
      g_assert_true (fake_provider_is_waiting (fixture->crypto));
      fake_provider_answer (fixture->crypto, i);
      poller_fixture_settle ();
      fake_clock_advance_us (fixture->clock, (i == 0 ? 45 : 33) * SECOND_US);
    }
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->yahoo), ==, 1);
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->crypto), ==, 11);

  /* The missed rounds are made up for by one. */
  fake_provider_answer (fixture->yahoo, 1);
  poller_fixture_settle ();
  fake_clock_advance_us (fixture->clock, 0);
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->yahoo), ==, 2);
}

static void
test_an_open_breaker_stops_the_asking (PollerFixture *fixture,
                                       G_GNUC_UNUSED gconstpointer user_data)
{
  fake_provider_fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_RATE_LIMITED, 600 * SECOND_US);
  poller_fixture_settle ();
  fake_clock_advance_us (fixture->clock, 599 * SECOND_US);
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->yahoo), ==, 1);
  fake_clock_advance_us (fixture->clock, 181 * SECOND_US);

  /* The probe asks for one symbol only. */
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->yahoo), ==, 2);
  g_assert_cmpuint (fake_provider_get_instruments (fixture->yahoo)->len, ==, 1);
}

static void
test_an_unknown_symbol_is_given_up (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GPtrArray) pending = NULL;
  const QuotesPending *item = NULL;

  for (guint i = 0; i < 3; i++)
    {
      QuotesBatch *batch = quotes_batch_new ();

      quotes_batch_set_symbol_error (batch, "XAU", QUOTES_SYMBOL_ERROR_NOT_FOUND);
      fake_provider_answer_batch (fixture->yahoo, batch);
      poller_fixture_settle ();
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
test_an_added_instrument_is_asked_for_now (PollerFixture *fixture,
                                           G_GNUC_UNUSED gconstpointer user_data)
{
  gboolean added = FALSE;

  fake_provider_answer (fixture->yahoo, 1);
  poller_fixture_settle ();
  g_assert_nonnull (quotes_watchlist_add (fixture->list, "yahoo:AAPL", &added, NULL));
  fake_clock_advance_us (fixture->clock, 0);
  g_assert_cmpuint (fake_provider_get_instruments (fixture->yahoo)->len, ==, 3);
}

/* Ends a round of @provider and goes to the beginning of its next. */
static void
answer_and_go_on (PollerFixture *fixture, FakeProvider *provider)
{
  fake_provider_answer (provider, 1);
  poller_fixture_settle ();
  fake_clock_advance_us (fixture->clock, 45 * SECOND_US);
  g_assert_true (fake_provider_is_waiting (provider));
}

static const QuotesProviderStatus *
get_yahoo (GPtrArray *statuses)
{
  return g_ptr_array_index (statuses, 0);
}

static void
test_the_rhythm_has_jitter (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 pause_us = 0;
  gint64 least_us = G_MAXINT64;
  gint64 most_us = 0;

  fake_provider_answer (fixture->yahoo, 1);
  poller_fixture_settle ();
  pause_us = poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
  g_assert_cmpint (pause_us, >=, 15 * SECOND_US);
  g_assert_cmpint (pause_us, <=, 45 * SECOND_US + SECOND_US / 100);
  for (guint i = 0; i < 50; i++)
    {
      fake_provider_answer (fixture->yahoo, 1);
      poller_fixture_settle ();
      pause_us = poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
      least_us = MIN (least_us, pause_us);
      most_us = MAX (most_us, pause_us);
    }
  g_assert_cmpint (least_us, >=, 27 * SECOND_US);
  g_assert_cmpint (most_us, <=, 33 * SECOND_US + SECOND_US / 100);
  g_assert_cmpint (most_us - least_us, >, SECOND_US);
}

static void
test_a_hiccup_is_asked_again_once (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const QuotesProviderError codes[] = {QUOTES_PROVIDER_ERROR_UNAVAILABLE,
                                              QUOTES_PROVIDER_ERROR_BROKEN_OFF};

  answer_and_go_on (fixture, fixture->yahoo);
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (GPtrArray) before = NULL;
      g_autoptr (GPtrArray) after = NULL;
      gint64 pause_us = 0;

      fake_provider_fail (fixture->yahoo, codes[i], -1);
      poller_fixture_settle ();
      before = quotes_poller_dup_statuses (fixture->poller);
      g_assert_cmpuint (get_yahoo (before)->n_failures, ==, i);
      pause_us = poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
      g_assert_cmpint (pause_us, >=, SECOND_US / 2);
      g_assert_cmpint (pause_us, <=, SECOND_US * 3 / 2 + SECOND_US / 100);

      fake_provider_fail (fixture->yahoo, codes[i], -1);
      poller_fixture_settle ();
      after = quotes_poller_dup_statuses (fixture->poller);
      g_assert_cmpuint (get_yahoo (after)->n_failures, ==, i + 1);
      g_assert_cmpuint (get_yahoo (after)->n_rounds, ==, get_yahoo (before)->n_rounds + 1);
      g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), >, 20 * SECOND_US);
    }
}

static void
test_only_what_is_missing_is_asked_again (PollerFixture *fixture,
                                          G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesBatch) half = quotes_batch_new ();
  const QuotesInstrument *again = NULL;

  answer_and_go_on (fixture, fixture->yahoo);
  quotes_batch_set_symbol_error (half, "XAU", QUOTES_SYMBOL_ERROR_NO_PRICE);
  quotes_batch_take_error (
    half, g_error_new_literal (QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_BROKEN_OFF, "Reset"),
    -1);
  fake_provider_answer_batch (fixture->yahoo, g_steal_pointer (&half));
  poller_fixture_settle ();
  poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
  g_assert_cmpuint (fake_provider_get_instruments (fixture->yahoo)->len, ==, 1);
  again = g_ptr_array_index (fake_provider_get_instruments (fixture->yahoo), 0);
  g_assert_cmpstr (again->symbol, ==, "XAG");
}

static void
test_other_errors_wait_for_the_next_round (PollerFixture *fixture,
                                           G_GNUC_UNUSED gconstpointer user_data)
{
  /* Also a hiccup with Retry-After: the host has said when. */
  static const struct
  {
    QuotesProviderError code;
    gint64 retry_after_us;
  } cases[] = {
    {QUOTES_PROVIDER_ERROR_HTTP, -1},
    {QUOTES_PROVIDER_ERROR_AUTH, -1},
    {QUOTES_PROVIDER_ERROR_UNAVAILABLE, 100 * SECOND_US},
  };

  answer_and_go_on (fixture, fixture->yahoo);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      fake_provider_fail (fixture->yahoo, cases[i].code, cases[i].retry_after_us);
      poller_fixture_settle ();
      g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), >=,
                       MAX (cases[i].retry_after_us, 27 * SECOND_US));
    }
}

static void
test_a_short_round_has_no_second_try (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GPtrArray) statuses = NULL;

  quotes_poller_set_interval (fixture->poller, 10 * SECOND_US);
  fake_provider_answer (fixture->yahoo, 1);
  poller_fixture_settle ();
  poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
  fake_provider_fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_BROKEN_OFF, -1);
  poller_fixture_settle ();
  statuses = quotes_poller_dup_statuses (fixture->poller);
  g_assert_cmpuint (get_yahoo (statuses)->n_failures, ==, 1);
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), >=, 9 * SECOND_US);
}

static void
test_hurry_is_limited_at_a_public_host (PollerFixture *fixture,
                                        G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->yahoo), TRUE);
  answer_and_go_on (fixture, fixture->yahoo);
  fake_provider_answer (fixture->yahoo, 1);
  answer_and_go_on (fixture, fixture->crypto);
  fake_provider_answer (fixture->crypto, 1);
  poller_fixture_settle ();
  if (fake_provider_is_waiting (fixture->yahoo))
    fake_provider_answer (fixture->yahoo, 1);
  poller_fixture_settle ();

  for (guint i = 0; i < 3; i++)
    {
      gint64 pause_us = 0;

      quotes_poller_refresh (fixture->poller, NULL);
      /* The host that the user runs is asked at once, each time. */
      g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->crypto), <=,
                       SECOND_US / 100);
      fake_provider_answer (fixture->crypto, 1);
      pause_us = poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
      fake_provider_answer (fixture->yahoo, 1);
      poller_fixture_settle ();
      g_assert_cmpint (pause_us, <=, 10 * SECOND_US + SECOND_US / 50);
      if (i > 0)
        g_assert_cmpint (pause_us, >=, 10 * SECOND_US - SECOND_US / 50);
    }
}

static void
test_hurry_passes_no_breaker (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fake_provider_fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_RATE_LIMITED, 600 * SECOND_US);
  poller_fixture_settle ();
  quotes_poller_refresh (fixture->poller, NULL);
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), >=, 600 * SECOND_US);
}

static void
test_pauses_shrink_unless_the_host_is_public (PollerFixture *fixture,
                                              G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_public (fixture->poller, QUOTES_PROVIDER (fixture->yahoo), TRUE);
  quotes_poller_set_interval (fixture->poller, SECOND_US);
  fake_provider_fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_RATE_LIMITED, 120 * SECOND_US);
  fake_provider_fail (fixture->crypto, QUOTES_PROVIDER_ERROR_RATE_LIMITED, 120 * SECOND_US);
  poller_fixture_settle ();
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->crypto), <=,
                   (gint64) (1.3 * 4 * SECOND_US));
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), >=, 114 * SECOND_US);
}

static void
test_an_empty_bucket_is_no_failure (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GPtrArray) statuses = NULL;

  answer_and_go_on (fixture, fixture->yahoo);
  for (guint i = 0; i < 5; i++)
    {
      fake_provider_fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_THROTTLED, 100 * SECOND_US);
      poller_fixture_settle ();
      g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), >=,
                       100 * SECOND_US);
    }
  statuses = quotes_poller_dup_statuses (fixture->poller);
  g_assert_cmpuint (get_yahoo (statuses)->n_failures, ==, 0);
  g_assert_cmpstr (get_yahoo (statuses)->state, ==, "ok");
  g_assert_cmpstr (get_yahoo (statuses)->reason, ==, "throttled");
}

static void
test_a_barred_provider_is_left_alone (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GPtrArray) statuses = NULL;

  fake_provider_fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_BARRED, -1);
  poller_fixture_settle ();
  statuses = quotes_poller_dup_statuses (fixture->poller);
  g_assert_cmpstr (get_yahoo (statuses)->state, ==, "open");
  g_assert_cmpstr (get_yahoo (statuses)->reason, ==, "blocked");
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), >=,
                   24 * 3600 * SECOND_US);
}

static void
test_three_refused_keys_open_the_breaker (PollerFixture *fixture,
                                          G_GNUC_UNUSED gconstpointer user_data)
{
  for (guint i = 0; i < 3; i++)
    {
      fake_provider_fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_AUTH, -1);
      poller_fixture_settle ();
      if (i < 2)
        g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), <=,
                         46 * SECOND_US);
    }
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), >=, 48 * SECOND_US);
}

static void
test_setting_the_date_changes_no_rhythm (PollerFixture *fixture,
                                         G_GNUC_UNUSED gconstpointer user_data)
{
  static const gint64 steps_s[] = {86400, -86400, -86400, 86400};

  answer_and_go_on (fixture, fixture->yahoo);
  for (gsize i = 0; i < G_N_ELEMENTS (steps_s); i++)
    {
      gint64 pause_us = 0;

      fake_provider_answer (fixture->yahoo, 1);
      poller_fixture_settle ();
      fake_clock_step_real_us (fixture->clock, steps_s[i] * SECOND_US);
      pause_us = poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
      g_assert_cmpint (pause_us, >=, 26 * SECOND_US);
      g_assert_cmpint (pause_us, <=, 34 * SECOND_US);
    }
}

static void
test_a_shorter_interval_holds_at_once (PollerFixture *fixture,
                                       G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_poller_set_interval (fixture->poller, 600 * SECOND_US);
  fake_provider_answer (fixture->yahoo, 1);
  poller_fixture_settle ();
  poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
  fake_provider_answer (fixture->yahoo, 1);
  poller_fixture_settle ();
  quotes_poller_set_interval (fixture->poller, 5 * SECOND_US);
  g_assert_cmpint (poller_fixture_wait_for_fetch (fixture, fixture->yahoo), <=, 5 * SECOND_US);
}

static void
test_no_price_is_no_reason_to_give_up (PollerFixture *fixture,
                                       G_GNUC_UNUSED gconstpointer user_data)
{
  for (guint i = 0; i < 5; i++)
    {
      QuotesBatch *batch = quotes_batch_new ();

      quotes_batch_set_symbol_error (
        batch, "XAU", i == 2 ? QUOTES_SYMBOL_ERROR_BAD_DATA : QUOTES_SYMBOL_ERROR_NO_PRICE);
      fake_provider_answer_batch (fixture->yahoo, batch);
      poller_fixture_settle ();
      poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
      g_assert_cmpuint (fake_provider_get_instruments (fixture->yahoo)->len, ==, 2);
    }
  {
    g_autoptr (GPtrArray) statuses = quotes_poller_dup_statuses (fixture->poller);

    /* Rule D6: null is no more of a price than a text is. */
    g_assert_cmpuint (get_yahoo (statuses)->n_invalid, ==, 5);
  }
}

static void
test_a_host_that_knows_nothing_fails (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const struct
  {
    QuotesSymbolError code;
    const char *reason;
  } cases[] = {
    {QUOTES_SYMBOL_ERROR_NO_PRICE, "bad-data"},
    {QUOTES_SYMBOL_ERROR_NOT_FOUND, "not-found"},
    {QUOTES_SYMBOL_ERROR_NOT_FOUND, "not-found"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      QuotesBatch *batch = quotes_batch_new ();
      g_autoptr (GPtrArray) statuses = NULL;

      quotes_batch_set_symbol_error (batch, "XAU", cases[i].code);
      quotes_batch_set_symbol_error (batch, "XAG", QUOTES_SYMBOL_ERROR_NOT_FOUND);
      fake_provider_answer_batch (fixture->yahoo, batch);
      poller_fixture_settle ();
      statuses = quotes_poller_dup_statuses (fixture->poller);
      g_assert_cmpstr (get_yahoo (statuses)->reason, ==, cases[i].reason);
      g_assert_cmpuint (get_yahoo (statuses)->n_failures, ==, i + 1);
      g_assert_cmpstr (get_yahoo (statuses)->state, ==, i < 2 ? "error" : "open");
      poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
    }
  /* The probe of an open breaker is one thing that is not found: no verdict on the host. */
  g_assert_cmpuint (fake_provider_get_instruments (fixture->yahoo)->len, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                            \
  g_test_add (name, PollerFixture, NULL, poller_fixture_set_up, func, poller_fixture_tear_down)
  ADD ("/poller/everybody-is-asked-at-once", test_everybody_is_asked_at_once);
  ADD ("/poller/a-hung-provider-delays-nobody", test_a_hung_provider_delays_nobody);
  ADD ("/poller/quotes-between-the-rounds-are-taken", test_quotes_between_the_rounds_are_taken);
  ADD ("/poller/an-open-breaker-stops-the-asking", test_an_open_breaker_stops_the_asking);
  ADD ("/poller/an-unknown-symbol-is-given-up", test_an_unknown_symbol_is_given_up);
  ADD ("/poller/an-added-instrument-is-asked-for-now", test_an_added_instrument_is_asked_for_now);
  ADD ("/poller/the-rhythm-has-jitter", test_the_rhythm_has_jitter);
  ADD ("/poller/a-hiccup-is-asked-again-once", test_a_hiccup_is_asked_again_once);
  ADD ("/poller/only-what-is-missing-is-asked-again", test_only_what_is_missing_is_asked_again);
  ADD ("/poller/other-errors-wait-for-the-next-round", test_other_errors_wait_for_the_next_round);
  ADD ("/poller/a-short-round-has-no-second-try", test_a_short_round_has_no_second_try);
  ADD ("/poller/hurry-is-limited-at-a-public-host", test_hurry_is_limited_at_a_public_host);
  ADD ("/poller/hurry-passes-no-breaker", test_hurry_passes_no_breaker);
  ADD ("/poller/pauses-shrink-unless-the-host-is-public",
       test_pauses_shrink_unless_the_host_is_public);
  ADD ("/poller/an-empty-bucket-is-no-failure", test_an_empty_bucket_is_no_failure);
  ADD ("/poller/a-barred-provider-is-left-alone", test_a_barred_provider_is_left_alone);
  ADD ("/poller/three-refused-keys-open-the-breaker", test_three_refused_keys_open_the_breaker);
  ADD ("/poller/setting-the-date-changes-no-rhythm", test_setting_the_date_changes_no_rhythm);
  ADD ("/poller/a-shorter-interval-holds-at-once", test_a_shorter_interval_holds_at_once);
  ADD ("/poller/a-host-that-knows-nothing-fails", test_a_host_that_knows_nothing_fails);
  ADD ("/poller/no-price-is-no-reason-to-give-up", test_no_price_is_no_reason_to_give_up);
#undef ADD

  return g_test_run ();
}
