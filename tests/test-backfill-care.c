/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "backfill-fixture.h"
#include "quotes-hole.h"

/* What the backfill does when it must not ask, or asked in vain. */

static void
fail (BackfillFixture *fixture, QuotesProviderError code)
{
  fake_provider_fail_history (fixture->yahoo, code);
  backfill_fixture_settle ();
}

/* Gold alone has a gap, and is being asked for. */
static void
start_with_gold (BackfillFixture *fixture)
{
  g_assert_true (quotes_watchlist_remove (fixture->list, "XAG", NULL));
  backfill_fixture_start (fixture, 3 * HOUR_US);
  backfill_fixture_give_prices (fixture);
  backfill_fixture_wait_for_archive (fixture);
  backfill_fixture_answer_kept (fixture, "XAU", "yahoo:chart");
  g_assert_true (fake_provider_is_history_waiting (fixture->yahoo));
}

static void
test_failures_are_tried_again_ever_later (BackfillFixture *fixture,
                                          G_GNUC_UNUSED gconstpointer user_data)
{
  static const gint64 pauses_us[] = {MINUTE_US, 10 * MINUTE_US, HOUR_US, DAY_US, DAY_US};

  start_with_gold (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (pauses_us); i++)
    {
      gint64 waited_us = 0;

      fail (fixture, QUOTES_PROVIDER_ERROR_BAD_DATA);
      waited_us = backfill_fixture_wait_for_history (fixture);
      g_assert_cmpint (waited_us, >=, pauses_us[i]);
      g_assert_cmpint (waited_us, <=, pauses_us[i] + SECOND_US);
    }
  backfill_fixture_answer_bars (fixture, "XAU", QUOTES_INTERVAL_MINUTE, 0);
  backfill_fixture_run_quietly (fixture, HOUR_US);
}

static void
test_what_has_no_history_is_asked_once (BackfillFixture *fixture,
                                        G_GNUC_UNUSED gconstpointer user_data)
{
  start_with_gold (fixture);
  fail (fixture, QUOTES_PROVIDER_ERROR_NOT_FOUND);
  backfill_fixture_run_quietly (fixture, 2 * HOUR_US);
  fake_clock_advance_us (fixture->clock, HOUR_US);
  backfill_fixture_run_quietly (fixture, HOUR_US);
  g_assert_cmpuint (fake_provider_get_n_histories (fixture->yahoo), ==, 1);
}

static void
test_too_many_bars_become_longer_ones (BackfillFixture *fixture,
                                       G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const expected[] = {"XAU 1h 31622400 0", "XAU 1d 31622400 0"};

  g_assert_true (quotes_watchlist_remove (fixture->list, "XAG", NULL));
  quotes_backfill_start (fixture->backfill);
  fake_archive_answer_newest (fixture->archive, 0);
  backfill_fixture_settle ();
  quotes_poller_start (fixture->poller);
  backfill_fixture_give_prices (fixture);
  backfill_fixture_wait_for_archive (fixture);
  backfill_fixture_answer_kept (fixture, "XAU", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *question =
        fake_provider_dup_history_question (fixture->yahoo, fixture->priced_us);

      g_assert_cmpstr (question, ==, expected[i]);
      if (i > 0)
        break;
      fail (fixture, QUOTES_PROVIDER_ERROR_TOO_LARGE);
      g_assert_cmpint (backfill_fixture_wait_for_history (fixture), >=, 5 * SECOND_US);
    }
  backfill_fixture_answer_bars (fixture, "XAU", QUOTES_INTERVAL_DAY, 400);
  g_assert_cmpuint (fake_archive_get_filled (fixture->archive)->bars->len, ==, 367);
  fake_archive_answer_fill (fixture->archive);
  backfill_fixture_settle ();
  backfill_fixture_run_quietly (fixture, HOUR_US);
}

static void
test_a_host_that_refuses_has_its_peace (BackfillFixture *fixture,
                                        G_GNUC_UNUSED gconstpointer user_data)
{
  start_with_gold (fixture);
  fail (fixture, QUOTES_PROVIDER_ERROR_RATE_LIMITED);
  /* The prices wait as well. */
  g_assert_cmpint (quotes_breaker_get_state (fixture->breaker), ==, QUOTES_BREAKER_OPEN);
  g_assert_cmpint (backfill_fixture_wait_for_history (fixture), >=, HOUR_US);
  g_assert_cmpint (quotes_breaker_get_state (fixture->breaker), ==, QUOTES_BREAKER_CLOSED);

  fail (fixture, QUOTES_PROVIDER_ERROR_BLOCKED);
  g_assert_cmpint (quotes_breaker_get_state (fixture->breaker), ==, QUOTES_BREAKER_CLOSED);
  g_assert_cmpint (backfill_fixture_wait_for_history (fixture), >=, HOUR_US);
}

static void
test_a_host_in_trouble_is_not_asked_for_the_next (BackfillFixture *fixture,
                                                  G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *question = NULL;

  backfill_fixture_start_gap (fixture);
  fail (fixture, QUOTES_PROVIDER_ERROR_TIMEOUT);
  g_assert_cmpint (backfill_fixture_wait_for_history (fixture), >=, MINUTE_US);
  /* The other one is not behind it. */
  fail (fixture, QUOTES_PROVIDER_ERROR_BAD_DATA);
  g_assert_cmpint (backfill_fixture_wait_for_history (fixture), >=, 5 * SECOND_US);
  question = fake_provider_dup_history_question (fixture->yahoo, fixture->priced_us);
  g_assert_true (g_str_has_prefix (question, "XAG "));
}

static void
test_without_a_token_it_waits (BackfillFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  start_with_gold (fixture);
  for (guint i = 0; i < 10; i++)
    {
      gint64 waited_us = 0;

      fail (fixture, QUOTES_PROVIDER_ERROR_THROTTLED);
      waited_us = backfill_fixture_wait_for_history (fixture);
      g_assert_cmpint (waited_us, >=, 30 * SECOND_US);
      g_assert_cmpint (waited_us, <=, 31 * SECOND_US);
    }
}

static void
set_broken (BackfillFixture *fixture, gboolean is_broken)
{
  g_autoptr (GError) error =
    g_error_new_literal (QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_BARRED, "Told so");

  if (is_broken)
    quotes_breaker_report_failure (fixture->breaker, error, -1);
  else
    quotes_breaker_report_success (fixture->breaker);
}

static void
set_full (BackfillFixture *fixture, gboolean is_full)
{
  fake_archive_set_state (fixture->archive, is_full ? "full" : "ok", NULL);
}

static void
set_offline (BackfillFixture *fixture, gboolean is_offline)
{
  quotes_backfill_set_online (fixture->backfill, !is_offline);
}

static void
set_paused (BackfillFixture *fixture, gboolean is_paused)
{
  quotes_backfill_set_paused (fixture->backfill, is_paused);
}

static void (*const hindrances[]) (BackfillFixture *, gboolean) = {
  set_broken,
  set_full,
  set_offline,
  set_paused,
};

static void
test_nothing_is_asked_while (BackfillFixture *fixture, gconstpointer user_data)
{
  void (*hinder) (BackfillFixture *, gboolean) = hindrances[GPOINTER_TO_SIZE (user_data)];

  backfill_fixture_start (fixture, 3 * HOUR_US);
  backfill_fixture_give_prices (fixture);
  hinder (fixture, TRUE);
  for (guint i = 0; i < 100; i++)
    {
      fake_clock_advance_us (fixture->clock, 10 * SECOND_US);
      backfill_fixture_settle ();
      g_assert_cmpuint (fake_archive_get_n_waiting (fixture->archive), ==, 0);
      g_assert_false (fake_provider_is_history_waiting (fixture->yahoo));
    }
  hinder (fixture, FALSE);
  g_assert_cmpint (backfill_fixture_wait_for_archive (fixture), <=, 31 * SECOND_US);
}

static void
test_what_could_not_be_kept_is_tried_again (BackfillFixture *fixture,
                                            G_GNUC_UNUSED gconstpointer user_data)
{
  start_with_gold (fixture);
  backfill_fixture_answer_bars (fixture, "XAU", QUOTES_INTERVAL_MINUTE, 10);
  fake_archive_fail (fixture->archive);
  backfill_fixture_settle ();
  g_assert_cmpint (backfill_fixture_wait_for_history (fixture), >=, MINUTE_US);
}

static void
test_the_interval_follows_the_age (void)
{
  static const QuotesHistoryOffer offer = {
    .reach_us = {[QUOTES_INTERVAL_MINUTE] = DAY_US, [QUOTES_INTERVAL_DAY] = 365 * DAY_US},
  };
  static const QuotesHistoryOffer whole = {
    .reach_us = {[QUOTES_INTERVAL_MINUTE] = 5 * DAY_US,
                 [QUOTES_INTERVAL_HOUR] = 700 * DAY_US,
                 [QUOTES_INTERVAL_DAY] = 20000 * DAY_US},
  };
  static const struct
  {
    const QuotesHistoryOffer *offer;
    gint64 ago_us;
    QuotesInterval interval;
  } cases[] = {
    {&whole, HOUR_US, QUOTES_INTERVAL_MINUTE},      {&whole, 5 * DAY_US, QUOTES_INTERVAL_MINUTE},
    {&whole, 5 * DAY_US + 1, QUOTES_INTERVAL_HOUR}, {&whole, 700 * DAY_US, QUOTES_INTERVAL_HOUR},
    {&whole, 701 * DAY_US, QUOTES_INTERVAL_DAY},    {&whole, 30000 * DAY_US, QUOTES_INTERVAL_DAY},
    {&offer, DAY_US, QUOTES_INTERVAL_MINUTE},       {&offer, 2 * DAY_US, QUOTES_INTERVAL_DAY},
  };
  g_autoptr (QuotesInstrument) instrument = quotes_instrument_new (&(QuotesInstrument){
    .symbol = "A", .provider = "yahoo", .provider_symbol = "A", .text = "yahoo:A"});

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 now_us = 50000 * DAY_US;
      QuotesHole *hole = quotes_hole_new (instrument, now_us - cases[i].ago_us, now_us);

      quotes_hole_choose (hole, cases[i].offer, now_us);
      g_assert_cmpint (hole->asked, ==, cases[i].interval);
      quotes_hole_free (hole);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define add(name, data, func)                                                                      \
  g_test_add ("/backfill-care/" name, BackfillFixture, GSIZE_TO_POINTER (data),                    \
              backfill_fixture_set_up, func, backfill_fixture_tear_down)
  add ("failures-are-tried-again-ever-later", 0, test_failures_are_tried_again_ever_later);
  add ("what-has-no-history-is-asked-once", 0, test_what_has_no_history_is_asked_once);
  add ("too-many-bars-become-longer-ones", 0, test_too_many_bars_become_longer_ones);
  add ("a-host-that-refuses-has-its-peace", 0, test_a_host_that_refuses_has_its_peace);
  add ("a-host-in-trouble-is-not-asked-for-the-next", 0,
       test_a_host_in_trouble_is_not_asked_for_the_next);
  add ("without-a-token-it-waits", 0, test_without_a_token_it_waits);
  add ("what-could-not-be-kept-is-tried-again", 0, test_what_could_not_be_kept_is_tried_again);
  add ("nothing-is-asked-while/the-breaker-is-open", 0, test_nothing_is_asked_while);
  add ("nothing-is-asked-while/the-archive-is-full", 1, test_nothing_is_asked_while);
  add ("nothing-is-asked-while/there-is-no-network", 2, test_nothing_is_asked_while);
  add ("nothing-is-asked-while/it-is-paused", 3, test_nothing_is_asked_while);
#undef add
  g_test_add_func ("/backfill-care/the-interval-follows-the-age",
                   test_the_interval_follows_the_age);

  return g_test_run ();
}
