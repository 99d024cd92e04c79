/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "store-fixture.h"
#include "wait.h"

#define MINUTE_US (60 * (gint64) G_USEC_PER_SEC)

static void
test_each_version_is_kept_once (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_cmpuint (store_fixture_get_stored (fixture), ==, 0);
  for (int i = 0; i < 200; i++)
    store_fixture_append_price (fixture, i % 2 == 0 ? "XAU" : "BTC", 100 + i);
  store_fixture_wait_until_stored (fixture);
  g_assert_cmpstr (store_fixture_get_state (fixture), ==, "ok");
  g_assert_null (quotes_archive_get_message (QUOTES_ARCHIVE (fixture->store)));

  store_fixture_assert (fixture, "SELECT count(*) FROM versions", "200");
  store_fixture_assert (fixture, "SELECT count(*) FROM ticks", "200");
  store_fixture_assert (fixture, "SELECT group_concat(epoch) FROM runs", "00c0ffee");
  /* In the order of their coming, each with the version that told it. */
  store_fixture_assert (
    fixture, "SELECT count(*) FROM ticks WHERE id = version AND price = 99 + version", "200");
  store_fixture_assert (fixture, "SELECT min(n_ticks) || max(n_ticks) FROM versions", "11");
}

static void
test_what_is_stale_is_no_price (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  QuotesQuote fields = store_fixture_get_fields (fixture, "XAU", 2400.5);

  store_fixture_append (fixture, &fields);
  fields.stale_reason = QUOTES_STALE_REASON_OFFLINE;
  store_fixture_append (fixture, &fields);
  fields.stale_reason = QUOTES_STALE_REASON_NONE;
  store_fixture_append (fixture, &fields);
  store_fixture_wait_until_stored (fixture);

  store_fixture_assert (fixture, "SELECT group_concat(version) FROM ticks", "1,3");
  store_fixture_assert (fixture, "SELECT group_concat(n_ticks) FROM versions", "1,0,1");
}

static void
test_bars_begin_at_multiples_and_grow (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  /* The fake clock starts 20 s into a minute. */
  store_fixture_append_price (fixture, "XAU", 10);
  store_fixture_append_price (fixture, "XAU", 12);
  store_fixture_append_price (fixture, "XAU", 9);
  store_fixture_append_price (fixture, "XAU", 11);
  fake_clock_advance_us (fixture->clock, MINUTE_US);
  store_fixture_append_price (fixture, "XAU", 20);
  store_fixture_wait_until_stored (fixture);

  store_fixture_assert (
    fixture,
    "SELECT group_concat(interval || (start_us / 1000000) || ':' || open || '/' "
    "|| high || '/' || low || '/' || close, ' ') FROM bars",
    "1d1699920000:10.0/20.0/9.0/20.0 1h1699999200:10.0/20.0/9.0/20.0 "
    "1m1699999980:10.0/12.0/9.0/11.0 1m1700000040:20.0/20.0/20.0/20.0");
}

static void
append_contract (StoreFixture *fixture, double price, const char *contract)
{
  QuotesQuote fields = store_fixture_get_fields (fixture, "XAU", price);

  fields.contract = contract;
  store_fixture_append (fixture, &fields);
}

static void
test_another_contract_is_a_roll (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  append_contract (fixture, 1, NULL);
  append_contract (fixture, 2, "Gold Dec 26");
  append_contract (fixture, 3, NULL);
  append_contract (fixture, 4, "Gold Dec 26");
  store_fixture_wait_until_stored (fixture);
  store_fixture_reopen (fixture);

  /* What was known before the program ended is known after it, and a silent one changes nothing. */
  append_contract (fixture, 5, NULL);
  fake_clock_advance_us (fixture->clock, MINUTE_US);
  append_contract (fixture, 6, "Gold Feb 27");
  append_contract (fixture, 7, "Gold Feb 27");
  fake_clock_advance_us (fixture->clock, MINUTE_US);
  append_contract (fixture, 8, "Gold Feb 27");
  store_fixture_wait_until_stored (fixture);

  store_fixture_assert (fixture, "SELECT group_concat(price) FROM ticks WHERE is_roll", "6.0");
  store_fixture_assert (fixture,
                        "SELECT group_concat(interval || close, ' ') FROM bars WHERE is_roll",
                        "1d8.0 1h8.0 1m7.0");
}

static void
test_other_money_is_a_roll (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  QuotesQuote fields = store_fixture_get_fields (fixture, "XAU", 1);

  store_fixture_append (fixture, &fields);
  fields.currency = "GBP";
  store_fixture_append (fixture, &fields);
  fields.instrument = "fake:Y";
  store_fixture_append (fixture, &fields);
  store_fixture_append (fixture, &fields);
  store_fixture_wait_until_stored (fixture);

  store_fixture_assert (fixture, "SELECT group_concat(is_roll) FROM ticks", "0,1,1,0");
  store_fixture_assert (fixture, "SELECT currency || instrument FROM instruments", "GBPfake:Y");
}

static const QuotesQuote whole = {
  .symbol = "XAU",
  .name = "Gold",
  .asset_class = QUOTES_ASSET_CLASS_METAL,
  .price = 2400.5,
  .currency = "USD",
  .change = -1.25,
  .change_pct = -0.05,
  .fetched_us = 1771320600123456,
  .source = "yahoo",
  .is_delayed = TRUE,
  .delay_minutes = 15,
  .feed_delay_minutes = 10,
  .instrument = "yahoo:GC=F",
  .provider_symbol = "GC=F",
  .previous_close = 2401.75,
  .open = 2402,
  .high = 2410,
  .low = 2399,
  .volume = 123456,
  .change_basis = QUOTES_CHANGE_BASIS_PREVIOUS_CLOSE,
  .market_state = QUOTES_MARKET_STATE_REGULAR,
  .exchange = "COMEX",
  .exchange_timezone = "America/New_York",
  .quote_time_us = 1771320000000000,
  .quoted_as = "USX",
  .contract = "Gold Dec 26",
  .opens_us = 1771300000000000,
  .closes_us = 1771380000000000,
  .decimals = 1,
};

static void
test_a_quote_comes_back_whole (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const QuotesQuote bare = store_fixture_get_fields (fixture, "BTC", 97000);
  g_autoptr (QuotesQuote) expected = quotes_quote_new (&whole);
  g_autoptr (QuotesQuote) expected_bare = quotes_quote_new (&bare);
  g_autoptr (QuotesSnapshot) found = NULL;
  const QuotesQuote *quote = NULL;

  store_fixture_append (fixture, &whole);
  store_fixture_append (fixture, &bare);
  store_fixture_reopen (fixture);
  found = quotes_store_dup_snapshot (fixture->store);

  g_assert_cmpuint (found->version, ==, 0);
  g_assert_cmpuint (found->quotes->len, ==, 2);
  quote = quotes_snapshot_lookup (found, "XAU");
  g_assert_true (quotes_quote_is_same_news (quote, expected));
  g_assert_cmpint (quote->fetched_us, ==, whole.fetched_us);
  g_assert_cmpint (quote->quote_time_us, ==, whole.quote_time_us);
  g_assert_cmpint (quote->opens_us, ==, whole.opens_us);
  g_assert_cmpint (quote->closes_us, ==, whole.closes_us);
  g_assert_cmpint (quote->feed_delay_minutes, ==, whole.feed_delay_minutes);
  quote = quotes_snapshot_lookup (found, "BTC");
  g_assert_true (quotes_quote_is_same_news (quote, expected_bare));
  g_assert_cmpint (quote->quote_time_us, ==, 0);
}

static void
test_rows_that_are_not_ours_are_left_out (StoreFixture *fixture,
                                          G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesSnapshot) found = NULL;

  store_fixture_append_price (fixture, "XAU", 1);
  store_fixture_append_price (fixture, "BTC", 2);
  store_fixture_append_price (fixture, "ETH", 3);
  store_fixture_close (fixture);
  store_fixture_ask (fixture, "UPDATE quotes SET price = 9e999 WHERE instrument_id = 1");
  store_fixture_ask (fixture, "UPDATE quotes SET provider_symbol = CAST (x'ff' AS TEXT) WHERE "
                              "instrument_id = 2");
  store_fixture_ask (fixture,
                     "UPDATE quotes SET decimals = 4000, market_state = 'mad', delay_minutes = -5"
                     " WHERE instrument_id = 3");
  store_fixture_open (fixture);

  found = quotes_store_dup_snapshot (fixture->store);
  g_assert_cmpuint (found->quotes->len, ==, 1);
  g_assert_cmpint (quotes_snapshot_lookup (found, "ETH")->decimals, ==, 12);
  g_assert_cmpint (quotes_snapshot_lookup (found, "ETH")->delay_minutes, ==, 0);
}

static void
test_what_is_removed_is_not_painted (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesSnapshot) found = NULL;

  store_fixture_append_price (fixture, "XAU", 1);
  store_fixture_append_price (fixture, "BTC", 2);
  store_fixture_remove (fixture, "XAU");
  store_fixture_reopen (fixture);

  found = quotes_store_dup_snapshot (fixture->store);
  g_assert_cmpuint (found->quotes->len, ==, 1);
  g_assert_nonnull (quotes_snapshot_lookup (found, "BTC"));
  store_fixture_assert (fixture, "SELECT count(*) FROM ticks", "2");
}

static void
touch (StoreFixture *fixture, gint64 fetched_us)
{
  QuotesQuote fields = store_fixture_get_fields (fixture, "XAU", 1);
  GPtrArray *quotes = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  g_autoptr (QuotesSnapshot) snapshot = NULL;

  fields.fetched_us = fetched_us;
  g_ptr_array_add (quotes, quotes_quote_new (&fields));
  snapshot = quotes_snapshot_new (fixture->version, fetched_us, quotes);
  quotes_store_touch (fixture->store, snapshot);
}

static char *
ask_fetched (StoreFixture *fixture)
{
  return store_fixture_ask (fixture, "SELECT fetched_us FROM quotes");
}

static gboolean
is_fetched_at (StoreFixture *fixture, const char *expected)
{
  g_autofree char *fetched = ask_fetched (fixture);

  return g_strcmp0 (fetched, expected) == 0;
}

static void
test_times_are_written_once_a_minute_and_at_the_end (StoreFixture *fixture,
                                                     G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *first = NULL;

  store_fixture_append_price (fixture, "XAU", 1);
  store_fixture_wait_until_stored (fixture);
  first = ask_fetched (fixture);
  touch (fixture, 5);
  store_fixture_append_price (fixture, "BTC", 1);
  store_fixture_wait_until_stored (fixture);
  g_assert_true (is_fetched_at (fixture, first));

  fake_clock_advance_us (fixture->clock, MINUTE_US);
  touch (fixture, 6);
  wait_until (is_fetched_at (fixture, "6"), 10);
  touch (fixture, 7);
  store_fixture_close (fixture);
  g_assert_true (is_fetched_at (fixture, "7"));
  store_fixture_assert (fixture, "SELECT count(*) FROM ticks", "2");
}

static void
test_alerts_come_back_whole (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  QuotesAlert fields = QUOTES_ALERT_INIT;
  g_autoptr (QuotesAlert) first = NULL;
  g_autoptr (QuotesAlert) second = NULL;
  g_autoptr (GPtrArray) alerts = NULL;
  const QuotesAlert *found = NULL;

  fields.id = "7";
  fields.kind = QUOTES_ALERT_MOVE;
  fields.symbol = "XAU";
  fields.percent = 1.5;
  fields.direction = QUOTES_ALERT_DOWN;
  fields.window_us = 15 * MINUTE_US;
  fields.is_repeating = TRUE;
  fields.note = "sell?";
  fields.snoozed_until_us = 4;
  fields.created_us = 5;
  fields.fired_us = 6;
  fields.n_fired = 3;
  fields.is_armed = TRUE;
  first = quotes_alert_new (&fields);
  fields.id = "9";
  second = quotes_alert_new (&fields);
  quotes_store_save_alert (fixture->store, first);
  quotes_store_save_alert (fixture->store, second);
  quotes_store_remove_alert (fixture->store, "9");
  store_fixture_reopen (fixture);

  alerts = quotes_store_dup_alerts (fixture->store);
  g_assert_cmpuint (alerts->len, ==, 1);
  found = g_ptr_array_index (alerts, 0);
  g_assert_cmpstr (found->id, ==, "7");
  g_assert_cmpint (found->kind, ==, QUOTES_ALERT_MOVE);
  g_assert_cmpstr (found->symbol, ==, "XAU");
  g_assert_null (found->provider);
  g_assert_true (isnan (found->level));
  g_assert_cmpfloat (found->percent, ==, 1.5);
  g_assert_cmpint (found->direction, ==, QUOTES_ALERT_DOWN);
  g_assert_cmpint (found->window_us, ==, 15 * MINUTE_US);
  g_assert_true (found->is_repeating && found->is_enabled && found->is_armed);
  g_assert_cmpint (found->cooldown_us, ==, 60 * MINUTE_US);
  g_assert_cmpfloat (found->hysteresis_percent, ==, 0.1);
  g_assert_cmpstr (found->note, ==, "sell?");
  g_assert_cmpint (found->snoozed_until_us, ==, 4);
  g_assert_cmpint (found->created_us, ==, 5);
  g_assert_cmpint (found->fired_us, ==, 6);
  g_assert_cmpuint (found->n_fired, ==, 3);
  /* An id is not used again, not even that of one that came and went within one transaction. */
  g_assert_cmpint (quotes_store_get_last_alert_id (fixture->store), ==, 9);
}

static void
test_calls_are_counted_by_day (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_store_count_calls (fixture->store, "yahoo", 2, 1);
  quotes_store_count_calls (fixture->store, "yahoo", 3, 0);
  store_fixture_reopen (fixture);
  g_assert_cmpuint (quotes_store_get_calls_today (fixture->store, "yahoo"), ==, 5);
  g_assert_cmpuint (quotes_store_get_calls_today (fixture->store, "coingecko"), ==, 0);
  quotes_store_count_calls (fixture->store, "yahoo", 1, 0);
  g_assert_cmpuint (quotes_store_get_calls_today (fixture->store, "yahoo"), ==, 6);

  fake_clock_step_real_us (fixture->clock, 24 * 60 * MINUTE_US);
  g_assert_cmpuint (quotes_store_get_calls_today (fixture->store, "yahoo"), ==, 0);
  quotes_store_count_calls (fixture->store, "yahoo", 1, 0);
  store_fixture_reopen (fixture);
  g_assert_cmpuint (quotes_store_get_calls_today (fixture->store, "yahoo"), ==, 1);
}

static void
test_runs_are_told_apart (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  store_fixture_append_price (fixture, "XAU", 1);
  store_fixture_reopen (fixture);
  g_assert_cmpuint (store_fixture_get_stored (fixture), ==, 0);
  store_fixture_append_price (fixture, "XAU", 2);
  store_fixture_wait_until_stored (fixture);

  store_fixture_assert (fixture, "SELECT count(*) FROM runs", "2");
  store_fixture_assert (fixture, "SELECT group_concat(run || '.' || version) FROM versions",
                        "1.1,2.1");
}

static void
test_order_is_not_time (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  store_fixture_append_price (fixture, "XAU", 1);
  fake_clock_step_real_us (fixture->clock, -24 * 60 * MINUTE_US);
  store_fixture_append_price (fixture, "XAU", 2);
  fake_clock_step_real_us (fixture->clock, 48 * 60 * MINUTE_US);
  store_fixture_append_price (fixture, "XAU", 3);
  store_fixture_wait_until_stored (fixture);

  store_fixture_assert (fixture,
                        "SELECT group_concat(price) FROM (SELECT price FROM ticks ORDER BY"
                        " id)",
                        "1.0,2.0,3.0");
}

static void
test_what_waits_is_written_when_it_closes (StoreFixture *fixture,
                                           G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);

  for (int i = 0; i < 20; i++)
    store_fixture_append_many (fixture, 100);
  g_assert_cmpuint (store_fixture_get_stored (fixture), <, 20);
  store_fixture_close (fixture);

  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
  store_fixture_assert (fixture, "SELECT count(*) FROM ticks", "2000");
}

static void
test_closing_without_a_loop_writes_all (StoreFixture *fixture,
                                        G_GNUC_UNUSED gconstpointer user_data)
{
  for (int i = 0; i < 20; i++)
    store_fixture_append_many (fixture, 5);
  g_assert_true (quotes_store_close (fixture->store));
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->store));

  store_fixture_assert (fixture, "SELECT count(*) FROM ticks", "100");
  store_fixture_assert (fixture, "PRAGMA integrity_check", "ok");
}

static void
test_a_writer_that_is_behind_takes_all_at_once (StoreFixture *fixture,
                                                G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 begin_us = g_get_monotonic_time ();

  for (int i = 0; i < 5; i++)
    store_fixture_append_many (fixture, 1000);
  store_fixture_wait_until_stored (fixture);

  store_fixture_assert (fixture, "SELECT count(*) FROM ticks", "5000");
  store_fixture_assert (fixture, "SELECT count(*) FROM gaps", "0");
  g_test_minimized_result ((double) (g_get_monotonic_time () - begin_us) / 5000,
                           "%.1f ms for 1,000 rows",
                           (double) (g_get_monotonic_time () - begin_us) / 5000);
}

static void
test_files_are_ours_alone (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const char *const names[] = {"market.db", "private.db", "market.db-wal", "private.db-wal"};

  store_fixture_append_price (fixture, "XAU", 1);
  quotes_store_count_calls (fixture->store, "yahoo", 1, 0);
  store_fixture_wait_until_stored (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->dir, names[i], NULL);
      GStatBuf info = {0};

      g_assert_cmpint (g_stat (path, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function)                                                                        \
  g_test_add (name, StoreFixture, NULL, store_fixture_set_up, function, store_fixture_tear_down)
  ADD ("/store/each-version-is-kept-once", test_each_version_is_kept_once);
  ADD ("/store/what-is-stale-is-no-price", test_what_is_stale_is_no_price);
  ADD ("/store/bars-begin-at-multiples-and-grow", test_bars_begin_at_multiples_and_grow);
  ADD ("/store/another-contract-is-a-roll", test_another_contract_is_a_roll);
  ADD ("/store/other-money-is-a-roll", test_other_money_is_a_roll);
  ADD ("/store/a-quote-comes-back-whole", test_a_quote_comes_back_whole);
  ADD ("/store/rows-that-are-not-ours-are-left-out", test_rows_that_are_not_ours_are_left_out);
  ADD ("/store/what-is-removed-is-not-painted", test_what_is_removed_is_not_painted);
  ADD ("/store/times-are-written-once-a-minute-and-at-the-end",
       test_times_are_written_once_a_minute_and_at_the_end);
  ADD ("/store/alerts-come-back-whole", test_alerts_come_back_whole);
  ADD ("/store/calls-are-counted-by-day", test_calls_are_counted_by_day);
  ADD ("/store/runs-are-told-apart", test_runs_are_told_apart);
  ADD ("/store/order-is-not-time", test_order_is_not_time);
  ADD ("/store/what-waits-is-written-when-it-closes", test_what_waits_is_written_when_it_closes);
  ADD ("/store/closing-without-a-loop-writes-all", test_closing_without_a_loop_writes_all);
  ADD ("/store/a-writer-that-is-behind-takes-all-at-once",
       test_a_writer_that_is_behind_takes_all_at_once);
  ADD ("/store/files-are-ours-alone", test_files_are_ours_alone);
#undef ADD

  return g_test_run ();
}
