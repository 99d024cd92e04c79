/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "backfill-fixture.h"

static void
test_a_first_run_asks_once_for_each (BackfillFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  static const char *const symbols[] = {"XAU", "XAG"};

  backfill_fixture_start (fixture, 0);
  backfill_fixture_give_prices (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (symbols); i++)
    {
      g_autofree char *look = g_strdup_printf ("history %s max 3", symbols[i]);
      g_autofree char *fill = g_strdup_printf ("fill %s", symbols[i]);
      g_autofree char *expected =
        g_strdup_printf ("%s 1h %" G_GINT64_FORMAT " 0", symbols[i], 366 * DAY_US / SECOND_US);
      g_autofree char *question = NULL;
      gint64 waited_us = backfill_fixture_wait_for_archive (fixture);

      /* Not in front of the prices, and not one right after another. */
      g_assert_cmpint (waited_us, >=, 5 * SECOND_US);
      g_assert_cmpint (waited_us, <=, 11 * SECOND_US);
      g_assert_cmpstr (fake_archive_get_question (fixture->archive), ==, look);
      backfill_fixture_answer_kept (fixture, symbols[i], NULL);
      question = fake_provider_dup_history_question (fixture->yahoo, fixture->priced_us);
      g_assert_cmpstr (question, ==, expected);

      backfill_fixture_answer_bars (fixture, symbols[i], QUOTES_INTERVAL_HOUR, 400 * 24);
      g_assert_cmpstr (fake_archive_get_question (fixture->archive), ==, fill);
      /* A year, whatever else came. */
      g_assert_cmpuint (fake_archive_get_filled (fixture->archive)->bars->len, ==, 366 * 24 + 1);
      fake_archive_answer_fill (fixture->archive);
      backfill_fixture_settle ();
    }

  backfill_fixture_run_quietly (fixture, 3 * HOUR_US);
  g_assert_cmpuint (fake_provider_get_n_histories (fixture->yahoo), ==, 2);
}

static void
test_what_was_filled_is_left_alone (BackfillFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  backfill_fixture_start (fixture, 2 * MINUTE_US);
  backfill_fixture_give_prices (fixture);
  for (guint i = 0; i < 2; i++)
    {
      backfill_fixture_wait_for_archive (fixture);
      backfill_fixture_answer_kept (fixture, i == 0 ? "XAU" : "XAG", "yahoo:chart");
    }
  backfill_fixture_run_quietly (fixture, HOUR_US);
  g_assert_cmpuint (fake_provider_get_n_histories (fixture->yahoo), ==, 0);
}

static void
test_what_was_missed_while_off_is_filled (BackfillFixture *fixture,
                                          G_GNUC_UNUSED gconstpointer data)
{
  const QuotesHistory *filled = NULL;
  g_autofree char *question = NULL;
  g_autofree char *expected = NULL;
  gint64 kept_us = 0;

  backfill_fixture_start (fixture, 3 * HOUR_US);
  kept_us = backfill_fixture_get_real_us (fixture) - 3 * HOUR_US;
  backfill_fixture_give_prices (fixture);
  backfill_fixture_wait_for_archive (fixture);
  backfill_fixture_answer_kept (fixture, "XAU", "yahoo:chart");
  question = fake_provider_dup_history_question (fixture->yahoo, fixture->priced_us);
  expected =
    g_strdup_printf ("XAU 1m %" G_GINT64_FORMAT " 0", (fixture->priced_us - kept_us) / SECOND_US);
  g_assert_cmpstr (question, ==, expected);

  backfill_fixture_answer_bars (fixture, "XAU", QUOTES_INTERVAL_MINUTE, 6 * 60);
  filled = fake_archive_get_filled (fixture->archive);
  g_assert_cmpuint (filled->bars->len, ==, 3 * 60 + 1);
  g_assert_cmpint (g_array_index (filled->bars, QuotesBar, 0).start_us, >, kept_us - MINUTE_US);
  fake_archive_answer_fill (fixture->archive);
  backfill_fixture_settle ();
}

static void
test_a_gap_of_this_run_is_filled (BackfillFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *question = NULL;
  g_autofree char *expected = NULL;
  gint64 before_us = 0;

  backfill_fixture_start_filled (fixture);
  /* Nine minutes are not worth it. */
  fake_clock_advance_us (fixture->clock, 9 * MINUTE_US);
  backfill_fixture_give_prices (fixture);
  backfill_fixture_run_quietly (fixture, MINUTE_US);
  before_us = fixture->priced_us;
  fake_clock_advance_us (fixture->clock, 20 * MINUTE_US);
  backfill_fixture_give_prices (fixture);
  backfill_fixture_wait_for_history (fixture);
  question = fake_provider_dup_history_question (fixture->yahoo, fixture->priced_us);
  expected =
    g_strdup_printf ("XAU 1m %" G_GINT64_FORMAT " 0", (fixture->priced_us - before_us) / SECOND_US);
  g_assert_cmpstr (question, ==, expected);

  /* Nothing was traded: that is an answer too. */
  backfill_fixture_answer_bars (fixture, "XAU", QUOTES_INTERVAL_MINUTE, 0);
  g_assert_cmpint (backfill_fixture_wait_for_history (fixture), >=, 5 * SECOND_US);
  backfill_fixture_answer_bars (fixture, "XAG", QUOTES_INTERVAL_MINUTE, 0);
  backfill_fixture_run_quietly (fixture, HOUR_US);
  g_assert_cmpuint (fake_provider_get_n_histories (fixture->yahoo), ==, 2);
}

static void
test_a_slow_pace_is_no_gap (BackfillFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  backfill_fixture_start_filled (fixture);
  /* A market that is closed, and then opens. */
  quotes_poller_set_interval (fixture->poller, 15 * MINUTE_US);
  backfill_fixture_give_prices (fixture);
  fake_clock_advance_us (fixture->clock, 16 * MINUTE_US);
  quotes_poller_set_interval (fixture->poller, 30 * SECOND_US);
  backfill_fixture_give_prices (fixture);
  backfill_fixture_run_quietly (fixture, 5 * MINUTE_US);
  g_assert_cmpuint (fake_provider_get_n_histories (fixture->yahoo), ==, 0);
}

static void
test_a_new_instrument_is_filled (BackfillFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *question = NULL;
  gboolean added = FALSE;

  backfill_fixture_start_filled (fixture);
  g_assert_nonnull (quotes_watchlist_add (fixture->list, "BRENT", &added, NULL));
  g_assert_true (added);
  g_assert_cmpstr (fake_archive_get_question (fixture->archive), ==, "newest BRENT");
  /* Its price comes before the archive has answered: it is looked at after the next round. */
  backfill_fixture_give_prices (fixture);
  fake_archive_answer_newest (fixture->archive, 0);
  backfill_fixture_settle ();
  g_assert_cmpuint (fake_archive_get_n_waiting (fixture->archive), ==, 0);
  backfill_fixture_give_prices (fixture);
  backfill_fixture_wait_for_archive (fixture);
  backfill_fixture_answer_kept (fixture, "BRENT", NULL);
  question = fake_provider_dup_history_question (fixture->yahoo, fixture->priced_us);
  g_assert_true (g_str_has_prefix (question, "BRENT 1h "));
  backfill_fixture_answer_bars (fixture, "BRENT", QUOTES_INTERVAL_HOUR, 0);
}

static void
test_what_is_removed_is_forgotten (BackfillFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  backfill_fixture_start_gap (fixture);
  g_assert_true (quotes_watchlist_remove (fixture->list, "XAG", NULL));
  g_assert_false (fake_provider_is_history_cancelled (fixture->yahoo));
  g_assert_true (quotes_watchlist_remove (fixture->list, "XAU", NULL));
  g_assert_true (fake_provider_is_history_cancelled (fixture->yahoo));
  backfill_fixture_answer_bars (fixture, "XAU", QUOTES_INTERVAL_MINUTE, 10);
  g_assert_cmpuint (fake_archive_get_n_waiting (fixture->archive), ==, 0);
  fake_clock_advance_us (fixture->clock, HOUR_US);
  backfill_fixture_settle ();
  g_assert_cmpuint (fake_provider_get_n_histories (fixture->yahoo), ==, 1);
}

static void
test_stopping_cancels (BackfillFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  backfill_fixture_start_gap (fixture);
  quotes_backfill_stop (fixture->backfill);
  g_assert_true (fake_provider_is_history_cancelled (fixture->yahoo));
  backfill_fixture_answer_bars (fixture, "XAU", QUOTES_INTERVAL_MINUTE, 10);
  fake_clock_advance_us (fixture->clock, HOUR_US);
  backfill_fixture_settle ();
  g_assert_cmpuint (fake_archive_get_n_waiting (fixture->archive), ==, 0);
  g_assert_cmpuint (fake_provider_get_n_histories (fixture->yahoo), ==, 1);
}

static void
test_a_date_that_was_set_back_is_no_gap (BackfillFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  backfill_fixture_start_filled (fixture);
  fake_clock_step_real_us (fixture->clock, -DAY_US);
  backfill_fixture_give_prices (fixture);
  backfill_fixture_run_quietly (fixture, MINUTE_US);
  g_assert_cmpuint (fake_provider_get_n_histories (fixture->yahoo), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define add(name, func)                                                                            \
  g_test_add ("/backfill/" name, BackfillFixture, NULL, backfill_fixture_set_up, func,             \
              backfill_fixture_tear_down)
  add ("a-first-run-asks-once-for-each", test_a_first_run_asks_once_for_each);
  add ("what-was-filled-is-left-alone", test_what_was_filled_is_left_alone);
  add ("what-was-missed-while-off-is-filled", test_what_was_missed_while_off_is_filled);
  add ("a-gap-of-this-run-is-filled", test_a_gap_of_this_run_is_filled);
  add ("a-slow-pace-is-no-gap", test_a_slow_pace_is_no_gap);
  add ("a-new-instrument-is-filled", test_a_new_instrument_is_filled);
  add ("what-is-removed-is-forgotten", test_what_is_removed_is_forgotten);
  add ("stopping-cancels", test_stopping_cancels);
  add ("a-date-that-was-set-back-is-no-gap", test_a_date_that_was_set_back_is_no_gap);
#undef add

  return g_test_run ();
}
