/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "alert-fixture.h"
#include "poller-fixture.h"
#include "quotes-alert-window.h"
#include "quotes-error.h"

typedef AlertFixture Fixture;

static void
test_a_snoozed_one_is_silent (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100), REPEATING (0)});
  g_assert_true (
    quotes_alerts_snooze (fixture->alerts, alert_fixture_get (fixture)->id, ALERT_HOUR_US, NULL));
  g_assert_cmpint (alert_fixture_get (fixture)->snoozed_until_us, >, 0);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  g_assert_false (alert_fixture_get (fixture)->is_armed);

  /* It is over by itself; what was crossed meanwhile is not told. */
  fake_clock_advance_us (fixture->clock, ALERT_HOUR_US);
  g_assert_cmpint (alert_fixture_get (fixture)->snoozed_until_us, ==, 0);
  alert_fixture_take (fixture, 102);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  alert_fixture_take (fixture, 99);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
}

static void
test_it_can_be_woken (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  alert_fixture_take (fixture, 99);
  id = g_strdup (alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)})->id);
  g_assert_true (
    quotes_alerts_snooze (fixture->alerts, alert_fixture_get (fixture)->id, ALERT_HOUR_US, NULL));
  g_assert_true (quotes_alerts_snooze (fixture->alerts, id, 0, NULL));
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 1);

  g_assert_false (quotes_alerts_snooze (fixture->alerts, id, -1, &error));
  g_assert_error (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_ALERT);
  g_clear_error (&error);
  g_assert_false (quotes_alerts_snooze (fixture->alerts, id, 32 * ALERT_DAY_US, &error));
  g_assert_error (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_ALERT);
}

/* @step: days */
static void
test_the_clock_is_set (Fixture *fixture, gconstpointer step)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100), REPEATING (ALERT_HOUR_US)});
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  g_assert_true (quotes_alerts_snooze (fixture->alerts, alert_fixture_get (fixture)->id,
                                       ALERT_HOUR_US / 2, NULL));
  fake_clock_step_real_us (fixture->clock, GPOINTER_TO_INT (step) * ALERT_DAY_US);

  fake_clock_advance_us (fixture->clock, ALERT_HOUR_US / 2 - 2 * ALERT_SECOND_US);
  alert_fixture_take (fixture, 99);
  g_assert_cmpint (alert_fixture_get (fixture)->snoozed_until_us, !=, 0);
  fake_clock_advance_us (fixture->clock, 3 * ALERT_SECOND_US);
  g_assert_cmpint (alert_fixture_get (fixture)->snoozed_until_us, ==, 0);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 1);

  fake_clock_advance_us (fixture->clock, ALERT_HOUR_US / 2);
  alert_fixture_take (fixture, 99);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 2);
}

static void
sleep_long (Fixture *fixture, gint64 us)
{
  fake_clock_step_real_us (fixture->clock, us);
  quotes_alerts_note_gap (fixture->alerts);
}

static void
test_sleep_is_time_too (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100), REPEATING (ALERT_HOUR_US)});
  alert_fixture_take (fixture, 101);
  g_assert_true (
    quotes_alerts_snooze (fixture->alerts, alert_fixture_get (fixture)->id, ALERT_HOUR_US, NULL));
  alert_fixture_take (fixture, 99);
  sleep_long (fixture, 2 * ALERT_HOUR_US);
  g_assert_cmpint (alert_fixture_get (fixture)->snoozed_until_us, ==, 0);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 2);
}

static void
test_a_move_while_asleep_is_as_slow_as_it_was (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 100);
  alert_fixture_add (fixture, &(QuotesAlert){MOVE (5, 900)});
  alert_fixture_add (fixture, &(QuotesAlert){MOVE (5, 86400)});
  sleep_long (fixture, 8 * ALERT_HOUR_US);
  alert_fixture_take (fixture, 94);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  g_assert_cmpint (fixture->last->alert->window_us, ==, ALERT_DAY_US);
  g_assert_true (fixture->last->is_missed);
}

/* The price may come before we are told. */
static void
test_nobody_knows_how_fast_a_move_was (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 100);
  alert_fixture_add (fixture, &(QuotesAlert){MOVE (5, 900)});
  fake_clock_step_real_us (fixture->clock, 8 * ALERT_HOUR_US);
  alert_fixture_take (fixture, 94);
  quotes_alerts_note_gap (fixture->alerts);
  alert_fixture_take (fixture, 93);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
}

static void
test_stored_prices_never_fire (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  alert_fixture_add (fixture, &(QuotesAlert){STALE});
  /* It was crossed, and the end came before the alert was saved. */
  g_signal_handlers_disconnect_by_data (fixture->alerts, fixture);
  alert_fixture_take (fixture, 101);
  alert_fixture_restart (fixture, TRUE);
  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_STORED);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  g_assert_true (fixture->last->is_missed);
}

static void
test_what_was_missed_is_one_digest (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  QuotesQuote bitcoin = fixture->gold;

  bitcoin.symbol = bitcoin.name = "BTC";
  bitcoin.instrument = g_intern_string (quotes_watchlist_lookup (fixture->list, "BTC")->text);
  bitcoin.price = 50000;
  alert_fixture_take (fixture, 99);
  alert_fixture_take_quote (fixture, &bitcoin);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (200)});
  alert_fixture_add (
    fixture, &(QuotesAlert){
               .symbol = "BTC", .kind = QUOTES_ALERT_BELOW, .level = 40000, .is_enabled = TRUE});
  alert_fixture_restart (fixture, TRUE);

  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  g_assert_true (fixture->last->is_missed);
  g_assert_cmpuint (fixture->n_digests, ==, 0);
  /* Gold was seen: this one is told as ever. */
  alert_fixture_take (fixture, 201);
  g_assert_cmpuint (fixture->n_fired, ==, 2);
  g_assert_false (fixture->last->is_missed);
  g_assert_cmpuint (fixture->n_digests, ==, 0);

  bitcoin.price = 30000;
  alert_fixture_take_quote (fixture, &bitcoin);
  g_assert_cmpuint (fixture->n_fired, ==, 3);
  g_assert_cmpuint (fixture->n_digests, ==, 1);
  g_assert_cmpuint (fixture->last_digest->len, ==, 2);
  fake_clock_advance_us (fixture->clock, ALERT_HOUR_US);
  g_assert_cmpuint (fixture->n_digests, ==, 1);
}

static void
test_a_digest_waits_for_a_minute (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  alert_fixture_add (fixture, &(QuotesAlert){.symbol = "BTC", .level = 40000, .is_enabled = TRUE});
  alert_fixture_restart (fixture, TRUE);
  fake_clock_advance_us (fixture->clock, ALERT_HOUR_US);
  alert_fixture_take (fixture, 101);
  fake_clock_advance_us (fixture->clock, 59 * ALERT_SECOND_US);
  g_assert_cmpuint (fixture->n_digests, ==, 0);
  fake_clock_advance_us (fixture->clock, ALERT_SECOND_US);
  g_assert_cmpuint (fixture->n_digests, ==, 1);
  g_assert_cmpuint (fixture->last_digest->len, ==, 1);
}

static void
test_nothing_missed_is_no_digest (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  alert_fixture_restart (fixture, TRUE);
  alert_fixture_take (fixture, 98);
  alert_fixture_take (fixture, 101);
  fake_clock_advance_us (fixture->clock, ALERT_HOUR_US);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  g_assert_false (fixture->last->is_missed);
  g_assert_cmpuint (fixture->n_digests, ==, 0);
}

static void
test_stored_is_not_stale (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  QuotesQuote bitcoin = fixture->gold;

  bitcoin.symbol = bitcoin.name = "BTC";
  bitcoin.instrument = g_intern_string (quotes_watchlist_lookup (fixture->list, "BTC")->text);
  bitcoin.price = 50000;
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){STALE});
  alert_fixture_add (fixture, &(QuotesAlert){.symbol = "BTC", .level = 1e6, .is_enabled = TRUE});
  alert_fixture_restart (fixture, TRUE);
  g_assert_true (alert_fixture_get (fixture)->is_armed);
  /* Gold is not waited for any longer. */
  alert_fixture_take_quote (fixture, &bitcoin);
  fake_clock_advance_us (fixture->clock, ALERT_HOUR_US);
  g_assert_false (alert_fixture_get (fixture)->is_armed);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
}

static void
test_getting_stale_over_night_is_no_news (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){STALE, REPEATING (0)});
  sleep_long (fixture, 8 * ALERT_HOUR_US);
  fake_clock_advance_us (fixture->clock, 100 * ALERT_SECOND_US);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  alert_fixture_take (fixture, 99);
  fake_clock_advance_us (fixture->clock, 100 * ALERT_SECOND_US);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
}

static void
test_a_restart_keeps_everything (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100), REPEATING (ALERT_HOUR_US),
                                             .hysteresis_percent = 1, .note = "gold"});
  alert_fixture_take (fixture, 101);
  alert_fixture_restart (fixture, TRUE);
  g_assert_cmpstr (alert_fixture_get (fixture)->note, ==, "gold");
  g_assert_cmpuint (alert_fixture_get (fixture)->n_fired, ==, 1);
  g_assert_false (alert_fixture_get (fixture)->is_armed);

  /* Neither the hysteresis nor the cool-down begins anew. */
  fake_clock_advance_us (fixture->clock, ALERT_HOUR_US);
  alert_fixture_take (fixture, 99.5);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  alert_fixture_take (fixture, 99);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 2);
  alert_fixture_take (fixture, 99);
  alert_fixture_restart (fixture, TRUE);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 2);
}

/* Set back by a year between two runs. */
static void
test_no_cooldown_is_longer_than_it_was (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100), REPEATING (ALERT_HOUR_US)});
  alert_fixture_take (fixture, 101);
  alert_fixture_take (fixture, 99);
  fake_clock_step_real_us (fixture->clock, -365 * ALERT_DAY_US);
  alert_fixture_restart (fixture, TRUE);
  fake_clock_advance_us (fixture->clock, ALERT_HOUR_US);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 2);
}

static void
test_a_snooze_survives (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100), REPEATING (0)});
  g_assert_true (
    quotes_alerts_snooze (fixture->alerts, alert_fixture_get (fixture)->id, ALERT_HOUR_US, NULL));
  alert_fixture_restart (fixture, TRUE);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  fake_clock_advance_us (fixture->clock, ALERT_HOUR_US);
  g_assert_cmpint (alert_fixture_get (fixture)->snoozed_until_us, ==, 0);
}

static void
test_a_roll_over_night_is_no_crossing (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->gold.contract = "Gold Apr 25";
  fixture->gold.previous_close = 95;
  alert_fixture_take (fixture, 95);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100), REPEATING (0)});
  alert_fixture_add (fixture, &(QuotesAlert){CHANGE (5), REPEATING (0)});
  alert_fixture_restart (fixture, TRUE);
  fixture->gold.contract = "Gold Dec 26";
  alert_fixture_take (fixture, 110);
  g_assert_cmpuint (fixture->n_fired, ==, 0);

  /* That the change waits for a close is not forgotten. */
  alert_fixture_restart (fixture, TRUE);
  alert_fixture_take (fixture, 95);
  alert_fixture_take (fixture, 99);
  alert_fixture_take (fixture, 99.9);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  fixture->gold.previous_close = 100;
  alert_fixture_take (fixture, 99.9);
  alert_fixture_take (fixture, 94);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
}

static void
test_ids_are_never_used_twice (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *first = g_strdup (alert_fixture_add (fixture, &(QuotesAlert){ABOVE (1)})->id);
  g_autofree char *second = g_strdup (alert_fixture_add (fixture, &(QuotesAlert){ABOVE (1)})->id);
  guint64 third = 0;

  g_assert_cmpuint (g_ascii_strtoull (second, NULL, 10), >, g_ascii_strtoull (first, NULL, 10));
  g_assert_true (quotes_alerts_remove (fixture->alerts, second, NULL));
  alert_fixture_restart (fixture, FALSE);
  fake_clock_advance_us (fixture->clock, ALERT_SECOND_US);
  third = g_ascii_strtoull (alert_fixture_add (fixture, &(QuotesAlert){ABOVE (1)})->id, NULL, 10);
  g_assert_cmpuint (third, >, g_ascii_strtoull (second, NULL, 10));
}

static void
test_broken_ones_are_left_out (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  QuotesAlert *alert = quotes_alert_new (&(QuotesAlert){ABOVE (NAN), .id = "7"});

  g_hash_table_replace (fixture->saved, (gpointer) alert->id, alert);
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "The alert 7 is left out: *");
  alert_fixture_restart (fixture, FALSE);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (quotes_alerts_get_list (fixture->alerts)->len, ==, 0);
}

static void
count_fired_cb (guint *n_fired, QuotesAlertFired *fired)
{
  (*n_fired)++;
  g_assert_cmpfloat_with_epsilon (fired->value, 600, 1);
  g_assert_true (isnan (fired->price));
  g_assert_null (fired->currency);
}

static void
answer_for (PollerFixture *fixture, gboolean is_good, gint64 for_us)
{
  gint64 end_us = poller_fixture_get_monotonic_us (fixture) + for_us;

  while (poller_fixture_get_monotonic_us (fixture) < end_us)
    {
      if (fake_provider_is_waiting (fixture->yahoo) && is_good)
        fake_provider_answer (fixture->yahoo, 100);
      else if (fake_provider_is_waiting (fixture->yahoo))
        fake_provider_fail (fixture->yahoo, QUOTES_PROVIDER_ERROR_NETWORK, -1);
      poller_fixture_settle ();
      fake_clock_advance_us (fixture->clock, SECOND_US);
    }
}

static void
test_a_provider_fails_for_long (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  QuotesAlerts *alerts =
    quotes_alerts_new (fixture->hub, fixture->poller, QUOTES_CLOCK (fixture->clock));
  QuotesAlert fields = QUOTES_ALERT_INIT;
  guint n_fired = 0;

  fields.kind = QUOTES_ALERT_PROVIDER;
  fields.provider = "yahoo";
  fields.window_us = 600 * SECOND_US;
  fields.is_repeating = TRUE;
  fields.cooldown_us = 0;
  g_signal_connect_swapped (alerts, "fired", G_CALLBACK (count_fired_cb), &n_fired);
  g_assert_nonnull (quotes_alerts_add (alerts, &fields, NULL));
  g_assert_false (quotes_alerts_wants_prices (alerts));

  answer_for (fixture, TRUE, 60 * SECOND_US);
  answer_for (fixture, FALSE, 590 * SECOND_US);
  g_assert_cmpuint (n_fired, ==, 0);
  answer_for (fixture, FALSE, 3600 * SECOND_US);
  g_assert_cmpuint (n_fired, ==, 1);
  /* Good again; and the next time counts from its own beginning. */
  answer_for (fixture, TRUE, 1200 * SECOND_US);
  answer_for (fixture, FALSE, 550 * SECOND_US);
  g_assert_cmpuint (n_fired, ==, 1);
  answer_for (fixture, FALSE, 120 * SECOND_US);
  g_assert_cmpuint (n_fired, ==, 2);

  g_assert_finalize_object (alerts);
}

/* As a provider does: its quotes say when they were fetched. */
static void
answer (PollerFixture *fixture, FakeProvider *provider, double price)
{
  QuotesBatch *batch = quotes_batch_new ();
  GPtrArray *instruments = fake_provider_get_instruments (provider);

  for (guint i = 0; i < instruments->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (instruments, i);
      QuotesQuote fields = QUOTES_QUOTE_INIT;

      fields.symbol = fields.name = instrument->symbol;
      fields.instrument = instrument->text;
      fields.provider_symbol = instrument->provider_symbol;
      fields.currency = "USD";
      fields.source = instrument->provider;
      fields.price = price;
      fields.fetched_us = quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock));
      quotes_batch_take_quote (batch, quotes_quote_new (&fields));
    }
  fake_provider_answer_batch (provider, batch);
  poller_fixture_settle ();
}

static void
note_missed_cb (gboolean *is_missed, QuotesAlertFired *fired)
{
  *is_missed = fired->is_missed;
}

/* Gold has a price then, a fresh one even; but it is from before. */
static void
test_another_providers_round_shows_nothing (PollerFixture *fixture,
                                            G_GNUC_UNUSED gconstpointer data)
{
  QuotesAlerts *alerts =
    quotes_alerts_new (fixture->hub, fixture->poller, QUOTES_CLOCK (fixture->clock));
  QuotesAlert fields = QUOTES_ALERT_INIT;
  gboolean is_missed = FALSE;

  answer (fixture, fixture->yahoo, 99);
  answer (fixture, fixture->crypto, 1);
  fields.symbol = "XAU";
  fields.level = 100;
  g_signal_connect_swapped (alerts, "fired", G_CALLBACK (note_missed_cb), &is_missed);
  g_assert_nonnull (quotes_alerts_add (alerts, &fields, NULL));

  fake_clock_step_real_us (fixture->clock, 3600 * SECOND_US);
  quotes_alerts_note_gap (alerts);
  poller_fixture_wait_for_fetch (fixture, fixture->crypto);
  answer (fixture, fixture->crypto, 2);
  poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
  answer (fixture, fixture->yahoo, 101);
  g_assert_true (is_missed);

  g_assert_finalize_object (alerts);
}

/* A price that did not change was seen, too: what comes after that is not missed. */
static void
test_an_unchanged_price_ends_the_gap (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  QuotesAlerts *alerts =
    quotes_alerts_new (fixture->hub, fixture->poller, QUOTES_CLOCK (fixture->clock));
  QuotesAlert fields = QUOTES_ALERT_INIT;
  gboolean is_missed = TRUE;

  answer (fixture, fixture->yahoo, 99);
  fields.symbol = "XAU";
  fields.level = 100;
  g_signal_connect_swapped (alerts, "fired", G_CALLBACK (note_missed_cb), &is_missed);
  g_assert_nonnull (quotes_alerts_add (alerts, &fields, NULL));

  fake_clock_step_real_us (fixture->clock, 3600 * SECOND_US);
  quotes_alerts_note_gap (alerts);
  for (int price = 99; price <= 101; price += 2)
    {
      poller_fixture_wait_for_fetch (fixture, fixture->yahoo);
      answer (fixture, fixture->yahoo, price);
    }
  g_assert_false (is_missed);

  g_assert_finalize_object (alerts);
}

/* A day of nothing but falling prices, one a second. */
static void
test_a_window_has_a_bound (void)
{
  g_autoptr (QuotesAlertWindow) window = quotes_alert_window_new (ALERT_DAY_US);
  double slack = 86400.0 / 1024 + 1;
  double lowest = NAN;
  double highest = NAN;

  for (int s = 0; s < 200000; s++)
    {
      quotes_alert_window_add (window, s * ALERT_SECOND_US, 1e6 - s);
      g_assert_true (quotes_alert_window_look (window, s * ALERT_SECOND_US, &lowest, &highest));
      g_assert_cmpuint (quotes_alert_window_get_n_prices (window), <=, QUOTES_ALERT_WINDOW_MAX);
      g_assert_cmpfloat (lowest, ==, 1e6 - s);
      /* The price that stopped counting a day ago, or a thousandth of a day before. */
      g_assert_cmpfloat (highest, >=, 1e6 - MAX (s - 86400, 0));
      g_assert_cmpfloat (highest, <=, 1e6 - MAX (s - 86400 - slack, 0));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD_WITH(path, data, func)                                                                 \
  g_test_add (path, Fixture, data, alert_fixture_set_up, func, alert_fixture_tear_down)
#define ADD(path, func) ADD_WITH (path, NULL, func)
  ADD ("/alerts-time/a-snoozed-one-is-silent", test_a_snoozed_one_is_silent);
  ADD ("/alerts-time/it-can-be-woken", test_it_can_be_woken);
  ADD_WITH ("/alerts-time/a-clock-set-forward-changes-nothing", GINT_TO_POINTER (1),
            test_the_clock_is_set);
  ADD_WITH ("/alerts-time/a-clock-set-back-changes-nothing", GINT_TO_POINTER (-1),
            test_the_clock_is_set);
  ADD ("/alerts-time/sleep-is-time-too", test_sleep_is_time_too);
  ADD ("/alerts-time/a-move-while-asleep-is-as-slow-as-it-was",
       test_a_move_while_asleep_is_as_slow_as_it_was);
  ADD ("/alerts-time/nobody-knows-how-fast-a-move-was", test_nobody_knows_how_fast_a_move_was);
  ADD ("/alerts-time/stored-prices-never-fire", test_stored_prices_never_fire);
  ADD ("/alerts-time/what-was-missed-is-one-digest", test_what_was_missed_is_one_digest);
  ADD ("/alerts-time/a-digest-waits-for-a-minute", test_a_digest_waits_for_a_minute);
  ADD ("/alerts-time/nothing-missed-is-no-digest", test_nothing_missed_is_no_digest);
  ADD ("/alerts-time/stored-is-not-stale", test_stored_is_not_stale);
  ADD ("/alerts-time/getting-stale-over-night-is-no-news",
       test_getting_stale_over_night_is_no_news);
  ADD ("/alerts-time/a-restart-keeps-everything", test_a_restart_keeps_everything);
  ADD ("/alerts-time/no-cool-down-is-longer-than-it-was", test_no_cooldown_is_longer_than_it_was);
  ADD ("/alerts-time/a-snooze-survives", test_a_snooze_survives);
  ADD ("/alerts-time/a-roll-over-night-is-no-crossing", test_a_roll_over_night_is_no_crossing);
  ADD ("/alerts-time/ids-are-never-used-twice", test_ids_are_never_used_twice);
  ADD ("/alerts-time/broken-ones-are-left-out", test_broken_ones_are_left_out);
  g_test_add ("/alerts-time/a-provider-that-fails-for-long-fires-once", PollerFixture, NULL,
              poller_fixture_set_up, test_a_provider_fails_for_long, poller_fixture_tear_down);
  g_test_add ("/alerts-time/another-providers-round-shows-nothing", PollerFixture, NULL,
              poller_fixture_set_up, test_another_providers_round_shows_nothing,
              poller_fixture_tear_down);
  g_test_add ("/alerts-time/an-unchanged-price-ends-the-gap", PollerFixture, NULL,
              poller_fixture_set_up, test_an_unchanged_price_ends_the_gap,
              poller_fixture_tear_down);
  g_test_add_func ("/alerts-time/a-window-has-a-bound", test_a_window_has_a_bound);

  return g_test_run ();
}
