/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "alert-fixture.h"
#include "quotes-error.h"

typedef AlertFixture Fixture;

static void
test_fires_when_the_price_passes (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  alert_fixture_take (fixture, 99.99);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  alert_fixture_take (fixture, 100);

  g_assert_cmpuint (fixture->n_fired, ==, 1);
  g_assert_cmpfloat (fixture->last->value, ==, 100);
  g_assert_cmpfloat (fixture->last->price, ==, 100);
  g_assert_cmpstr (fixture->last->currency, ==, "USD");
  g_assert_cmpuint (fixture->last->alert->n_fired, ==, 1);
  g_assert_false (fixture->last->is_missed);
}

static void
test_below_is_the_other_way (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){BELOW (90)});
  alert_fixture_take (fixture, 120);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  alert_fixture_take (fixture, 80);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
}

static void
test_what_is_so_already_does_not_fire (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  QuotesAlert *alert = NULL;

  alert_fixture_take (fixture, 101);
  alert = alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  g_assert_false (alert->is_armed);
  alert_fixture_take (fixture, 102);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  alert_fixture_take (fixture, 99);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
}

static void
test_once_is_once (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  QuotesAlert *alert = NULL;

  alert_fixture_take (fixture, 99);
  alert = alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  alert_fixture_take (fixture, 101);
  alert_fixture_take (fixture, 99);
  alert_fixture_take (fixture, 101);

  g_assert_cmpuint (fixture->n_fired, ==, 1);
  alert = g_ptr_array_index (quotes_alerts_get_list (fixture->alerts), 0);
  g_assert_false (alert->is_enabled);
  g_assert_cmpuint (alert->n_fired, ==, 1);
}

static void
test_unknown_ids_are_errors (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (quotes_alerts_remove (fixture->alerts, "1", &error));
  g_assert_error (error, QUOTES_ERROR, QUOTES_ERROR_UNKNOWN_ALERT);
  g_clear_error (&error);
  g_assert_false (quotes_alerts_set_enabled (fixture->alerts, "1", TRUE, &error));
  g_assert_error (error, QUOTES_ERROR, QUOTES_ERROR_UNKNOWN_ALERT);
  g_clear_error (&error);
  g_assert_false (quotes_alerts_snooze (fixture->alerts, "1", 0, &error));
  g_assert_error (error, QUOTES_ERROR, QUOTES_ERROR_UNKNOWN_ALERT);
}

static void
test_a_removed_one_is_gone (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  QuotesAlert *alert = NULL;

  alert_fixture_take (fixture, 99);
  alert = alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  g_assert_true (quotes_alerts_wants_prices (fixture->alerts));
  g_assert_true (quotes_alerts_remove (fixture->alerts, alert->id, NULL));
  g_assert_false (quotes_alerts_wants_prices (fixture->alerts));
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  g_assert_cmpuint (quotes_alerts_get_list (fixture->alerts)->len, ==, 0);
}

static void
test_repeats_after_going_back (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100), REPEATING (0), .hysteresis_percent = 1});
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 1);

  alert_fixture_take (fixture, 99.01);
  g_assert_false (alert_fixture_get (fixture)->is_armed);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 1);

  alert_fixture_take (fixture, 99);
  g_assert_true (alert_fixture_get (fixture)->is_armed);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 2);
}

static void
test_within_the_cooldown_is_swallowed (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100), REPEATING (60 * ALERT_SECOND_US)});
  alert_fixture_take (fixture, 101);
  alert_fixture_take (fixture, 99);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 1);

  /* Nor is it postponed. */
  fake_clock_advance_us (fixture->clock, 59 * ALERT_SECOND_US);
  alert_fixture_take (fixture, 102);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  alert_fixture_take (fixture, 99);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 2);
}

static void
test_negative_prices_have_levels (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 1);
  alert_fixture_add (fixture, &(QuotesAlert){BELOW (-10), REPEATING (0), .hysteresis_percent = 10});
  alert_fixture_take (fixture, -37.63);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  alert_fixture_take (fixture, -9.5);
  g_assert_false (alert_fixture_get (fixture)->is_armed);
  alert_fixture_take (fixture, -9);
  g_assert_true (alert_fixture_get (fixture)->is_armed);
}

static void
test_a_move_is_within_its_window (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 100);
  alert_fixture_add (fixture, &(QuotesAlert){MOVE (5, 30), REPEATING (0)});
  alert_fixture_take (fixture, 102.5);
  /* 100 stopped counting when 102.5 came, thirty seconds before the next price. */
  fake_clock_advance_us (fixture->clock, 29 * ALERT_SECOND_US);
  alert_fixture_take (fixture, 105);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  alert_fixture_take (fixture, 107.7);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  g_assert_cmpfloat_with_epsilon (fixture->last->value, 5.073, 0.001);
}

static void
test_a_quiet_price_counts (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 100);
  alert_fixture_add (fixture, &(QuotesAlert){MOVE (5, 10), REPEATING (0)});
  /* It is the price of the last ten seconds, however long it has been so. */
  fake_clock_advance_us (fixture->clock, 50 * ALERT_SECOND_US);
  alert_fixture_take (fixture, 94);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  g_assert_cmpfloat_with_epsilon (fixture->last->value, -6, 1e-9);
}

static void
test_a_window_gone_by_arms_a_move (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 100);
  alert_fixture_add (fixture, &(QuotesAlert){MOVE (5, 10), REPEATING (0)});
  alert_fixture_take (fixture, 106);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  alert_fixture_take (fixture, 107);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  fake_clock_advance_us (fixture->clock, 30 * ALERT_SECOND_US);
  alert_fixture_take (fixture, 113);
  g_assert_cmpuint (fixture->n_fired, ==, 2);
}

static void
test_a_turn_is_another_move (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 100);
  alert_fixture_add (fixture, &(QuotesAlert){MOVE (5, 60), REPEATING (0)});
  alert_fixture_take (fixture, 106);
  alert_fixture_take (fixture, 100);
  g_assert_cmpuint (fixture->n_fired, ==, 2);
  g_assert_cmpfloat (fixture->last->value, <, -5);
}

static void
test_directions_count (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 100);
  alert_fixture_add (fixture, &(QuotesAlert){MOVE (5, 60), .direction = QUOTES_ALERT_DOWN});
  alert_fixture_take (fixture, 110);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  alert_fixture_take (fixture, 104);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  g_assert_cmpfloat (fixture->last->value, <, -5);
}

static void
test_a_change_is_since_the_close (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->gold.previous_close = 100;
  alert_fixture_take (fixture, 101);
  alert_fixture_add (fixture, &(QuotesAlert){CHANGE (3), REPEATING (0)});
  alert_fixture_take (fixture, 103);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  g_assert_cmpfloat_with_epsilon (fixture->last->value, 3, 1e-9);

  /* The next session opens far away from the close: that is news, though it never was back. */
  fixture->gold.previous_close = 103;
  alert_fixture_take (fixture, 107);
  g_assert_cmpuint (fixture->n_fired, ==, 2);
}

static void
test_a_rolling_change_is_the_providers (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->gold.change_basis = QUOTES_CHANGE_BASIS_ROLLING_24H;
  fixture->gold.change_pct = 1;
  alert_fixture_take (fixture, 100);
  alert_fixture_add (fixture, &(QuotesAlert){CHANGE (3), REPEATING (0)});
  fixture->gold.change_pct = -4;
  alert_fixture_take (fixture, 100);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  g_assert_cmpfloat (fixture->last->value, ==, -4);
}

static void
test_a_roll_is_no_crossing (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->gold.contract = "Gold Apr 25";
  alert_fixture_take (fixture, 95);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100), REPEATING (0)});
  alert_fixture_add (fixture, &(QuotesAlert){MOVE (5, 60), REPEATING (0)});
  fixture->gold.contract = "Gold Dec 26";
  alert_fixture_take (fixture, 110);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  g_assert_false (alert_fixture_get (fixture)->is_armed);

  /* From the new contract's price on all is as ever. */
  alert_fixture_take (fixture, 99);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  g_assert_cmpint (fixture->last->alert->kind, ==, QUOTES_ALERT_MOVE);
  alert_fixture_take (fixture, 100);
  g_assert_cmpuint (fixture->n_fired, ==, 2);
}

static void
test_a_price_of_no_contract_is_of_another (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->gold.contract = "Gold Apr 25";
  alert_fixture_take (fixture, 95);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100), REPEATING (0)});
  fixture->gold.contract = NULL;
  alert_fixture_take (fixture, 110);
  alert_fixture_take (fixture, 95);
  fixture->gold.contract = "Gold Apr 25";
  alert_fixture_take (fixture, 110);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
}

static void
test_other_money_is_no_crossing (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 95);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100), REPEATING (0)});
  fixture->gold.currency = "EUR";
  alert_fixture_take (fixture, 110);
  alert_fixture_take (fixture, 95);
  fixture->gold.quoted_as = "GBp";
  alert_fixture_take (fixture, 110);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
}

static void
test_after_a_roll_a_change_waits_for_a_close (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->gold.contract = "Gold Apr 25";
  fixture->gold.previous_close = 100;
  alert_fixture_take (fixture, 101);
  alert_fixture_add (fixture, &(QuotesAlert){CHANGE (3), REPEATING (0)});
  fixture->gold.contract = "Gold Dec 26";
  alert_fixture_take (fixture, 110);
  alert_fixture_take (fixture, 101);
  fixture->gold.previous_close = NAN;
  alert_fixture_take (fixture, 102);
  fixture->gold.previous_close = 100;
  alert_fixture_take (fixture, 110);
  g_assert_cmpuint (fixture->n_fired, ==, 0);

  fixture->gold.previous_close = 110;
  alert_fixture_take (fixture, 111);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  alert_fixture_take (fixture, 114);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
}

static void
test_stale_prices_are_not_compared (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  alert_fixture_add (fixture, &(QuotesAlert){MOVE (5, 30)});
  fake_clock_advance_us (fixture->clock, 100 * ALERT_SECOND_US);
  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_OLD);
  g_assert_cmpuint (fixture->n_fired, ==, 0);

  /* The level was crossed, whenever that was; the move was not within its window. */
  alert_fixture_take (fixture, 110);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  g_assert_cmpint (fixture->last->alert->kind, ==, QUOTES_ALERT_ABOVE);
}

static void
test_becoming_stale_fires (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){STALE, REPEATING (0)});
  fake_clock_advance_us (fixture->clock, 59 * ALERT_SECOND_US);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  fake_clock_advance_us (fixture->clock, 2 * ALERT_SECOND_US);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
  g_assert_cmpfloat_with_epsilon (fixture->last->value, 60, 0.01);
  fake_clock_advance_us (fixture->clock, ALERT_HOUR_US);
  g_assert_cmpuint (fixture->n_fired, ==, 1);

  alert_fixture_take (fixture, 99);
  fake_clock_advance_us (fixture->clock, ALERT_HOUR_US);
  g_assert_cmpuint (fixture->n_fired, ==, 2);
}

static void
test_what_is_off_is_not_followed (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *id = NULL;

  alert_fixture_take (fixture, 99);
  id = g_strdup (alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)})->id);
  g_assert_true (quotes_alerts_set_enabled (fixture->alerts, id, FALSE, NULL));
  g_assert_false (quotes_alerts_wants_prices (fixture->alerts));
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 0);

  g_assert_true (quotes_alerts_set_enabled (fixture->alerts, id, TRUE, NULL));
  alert_fixture_take (fixture, 102);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  alert_fixture_take (fixture, 99);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
}

static void
test_switched_on_it_knows_the_price (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  const char *id = NULL;

  alert_fixture_take (fixture, 99);
  id = alert_fixture_add (fixture, &(QuotesAlert){.symbol = "XAU", .level = 100})->id;
  g_assert_false (alert_fixture_get (fixture)->is_enabled);
  g_assert_true (quotes_alerts_set_enabled (fixture->alerts, id, TRUE, NULL));
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
}

static void
test_an_idle_one_begins_anew (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  gboolean added = FALSE;

  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  g_assert_true (quotes_watchlist_remove (fixture->list, "XAU", NULL));
  g_assert_cmpuint (quotes_alerts_get_list (fixture->alerts)->len, ==, 1);
  g_assert_false (quotes_alerts_wants_prices (fixture->alerts));
  g_assert_nonnull (quotes_watchlist_add (fixture->list, "XAU", &added, NULL));
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 0);
  alert_fixture_take (fixture, 99);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_fired, ==, 1);
}

static void
test_only_changes_are_saved (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100), REPEATING (0)});
  g_assert_cmpuint (fixture->n_saved, ==, 1);
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  for (int i = 0; i < 10; i++)
    alert_fixture_take (fixture, 98 + i / 10.0);
  g_assert_cmpuint (fixture->n_saved, ==, 1);
  alert_fixture_take (fixture, 101);
  g_assert_cmpuint (fixture->n_saved, ==, 2);
  g_assert_true (g_hash_table_lookup (fixture->saved, fixture->last->alert->id) ==
                 alert_fixture_get (fixture));
}

static void
assert_refused (Fixture *fixture, QuotesAlert fields, QuotesError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (quotes_alerts_add (fixture->alerts, &fields, &error));
  g_assert_error (error, QUOTES_ERROR, (int) code);
  g_assert_true (g_str_has_prefix (error->message, "Could not add the alert: "));
}

static void
test_what_cannot_be_is_refused (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *long_note = g_strnfill (201, 'x');
  const QuotesAlert invalid[] = {
    {ABOVE (INFINITY)},
    {ABOVE (NAN)},
    {MOVE (0, 60)},
    {MOVE (10001, 60)},
    {MOVE (NAN, 60)},
    {MOVE (5, 9)},
    {MOVE (5, 31 * 86400 + 1)},
    {CHANGE (-1)},
    {ABOVE (1), .cooldown_us = -1},
    {ABOVE (1), .cooldown_us = 32 * ALERT_DAY_US},
    {ABOVE (1), .hysteresis_percent = 51},
    {ABOVE (1), .hysteresis_percent = NAN},
    {ABOVE (1), .note = long_note},
    {ABOVE (1), .note = "two\nlines"},
    {ABOVE (1), .note = "\xff"},
    {.kind = QUOTES_ALERT_PROVIDER, .window_us = ALERT_HOUR_US},
    {.kind = QUOTES_ALERT_PROVIDER, .window_us = ALERT_HOUR_US, .provider = "nobody"},
    {.kind = QUOTES_ALERT_PROVIDER, .window_us = ALERT_SECOND_US, .provider = "yahoo"},
    {.level = 1},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (invalid); i++)
    assert_refused (fixture, invalid[i], QUOTES_ERROR_INVALID_ALERT);
  assert_refused (fixture, (QuotesAlert){.symbol = "AAPL", .level = 1},
                  QUOTES_ERROR_UNKNOWN_SYMBOL);
  g_assert_cmpuint (quotes_alerts_get_list (fixture->alerts)->len, ==, 0);

  for (int i = 0; i < QUOTES_ALERTS_MAX; i++)
    alert_fixture_add (fixture, &(QuotesAlert){ABOVE (i + 1)});
  assert_refused (fixture, (QuotesAlert){ABOVE (1)}, QUOTES_ERROR_LIST_FULL);
}

static void
test_members_without_meaning_are_dropped (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  QuotesAlert *alert = alert_fixture_add (fixture, &(QuotesAlert){.symbol = "XAU",
                                                                  .provider = "yahoo",
                                                                  .level = 1,
                                                                  .percent = 3,
                                                                  .window_us = 7,
                                                                  .note = "",
                                                                  .n_fired = 9,
                                                                  .fired_us = 9});

  g_assert_null (alert->provider);
  g_assert_null (alert->note);
  g_assert_true (isnan (alert->percent));
  g_assert_cmpint (alert->window_us, ==, 0);
  g_assert_cmpuint (alert->n_fired, ==, 0);
  g_assert_cmpint (alert->fired_us, ==, 0);
  g_assert_cmpint (alert->created_us, >, 0);
}

/* Somebody who is told removes all of them. */
static void
remove_all_cb (Fixture *fixture)
{
  while (quotes_alerts_get_list (fixture->alerts)->len > 0)
    quotes_alerts_remove (fixture->alerts, alert_fixture_get (fixture)->id, NULL);
}

static void
test_who_is_told_may_call_back (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  alert_fixture_take (fixture, 99);
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  alert_fixture_add (fixture, &(QuotesAlert){ABOVE (100)});
  g_signal_connect_swapped (fixture->alerts, "saved", G_CALLBACK (remove_all_cb), fixture);
  alert_fixture_take (fixture, 101);

  g_assert_cmpuint (fixture->n_fired, ==, 2);
  g_assert_cmpuint (g_hash_table_size (fixture->saved), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add (path, Fixture, NULL, alert_fixture_set_up, func, alert_fixture_tear_down)
  ADD ("/alerts/it-fires-when-the-price-passes-the-level", test_fires_when_the_price_passes);
  ADD ("/alerts/below-is-the-other-way", test_below_is_the_other_way);
  ADD ("/alerts/what-is-so-already-does-not-fire", test_what_is_so_already_does_not_fire);
  ADD ("/alerts/once-is-once", test_once_is_once);
  ADD ("/alerts/unknown-ids-are-errors", test_unknown_ids_are_errors);
  ADD ("/alerts/a-removed-one-is-gone", test_a_removed_one_is_gone);
  ADD ("/alerts/it-repeats-only-after-going-back", test_repeats_after_going_back);
  ADD ("/alerts/a-crossing-within-the-cool-down-is-swallowed",
       test_within_the_cooldown_is_swallowed);
  ADD ("/alerts/negative-prices-have-levels-too", test_negative_prices_have_levels);
  ADD ("/alerts/a-move-is-within-its-window", test_a_move_is_within_its_window);
  ADD ("/alerts/a-quiet-price-counts-until-the-next", test_a_quiet_price_counts);
  ADD ("/alerts/a-window-gone-by-arms-a-move", test_a_window_gone_by_arms_a_move);
  ADD ("/alerts/a-turn-is-another-move", test_a_turn_is_another_move);
  ADD ("/alerts/only-the-direction-that-was-asked-for-counts", test_directions_count);
  ADD ("/alerts/a-change-is-since-the-close", test_a_change_is_since_the_close);
  ADD ("/alerts/a-rolling-change-is-the-providers-figure", test_a_rolling_change_is_the_providers);
  ADD ("/alerts/a-roll-is-no-crossing", test_a_roll_is_no_crossing);
  ADD ("/alerts/a-price-of-no-contract-is-of-another", test_a_price_of_no_contract_is_of_another);
  ADD ("/alerts/other-money-is-no-crossing", test_other_money_is_no_crossing);
  ADD ("/alerts/after-a-roll-a-change-waits-for-a-close",
       test_after_a_roll_a_change_waits_for_a_close);
  ADD ("/alerts/stale-prices-are-not-compared", test_stale_prices_are_not_compared);
  ADD ("/alerts/becoming-stale-fires", test_becoming_stale_fires);
  ADD ("/alerts/what-is-off-is-not-followed", test_what_is_off_is_not_followed);
  ADD ("/alerts/switched-on-it-knows-the-price", test_switched_on_it_knows_the_price);
  ADD ("/alerts/an-idle-one-begins-anew", test_an_idle_one_begins_anew);
  ADD ("/alerts/only-changes-are-saved", test_only_changes_are_saved);
  ADD ("/alerts/what-cannot-be-is-refused", test_what_cannot_be_is_refused);
  ADD ("/alerts/members-without-meaning-are-dropped", test_members_without_meaning_are_dropped);
  ADD ("/alerts/who-is-told-may-call-back", test_who_is_told_may_call_back);

  return g_test_run ();
}
