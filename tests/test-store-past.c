/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store-fixture.h"
#include "wait.h"

#define MINUTE_US (60 * (gint64) G_USEC_PER_SEC)
#define HOUR_US (60 * MINUTE_US)

static void
answered_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **answer = user_data;

  *answer = g_object_ref (result);
}

#define WAIT_FOR(answer) wait_until ((answer) != NULL, 10)

static QuotesHistory *
read_history (StoreFixture *fixture, const char *symbol, QuotesRange range)
{
  QuotesArchive *archive = QUOTES_ARCHIVE (fixture->store);
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  QuotesHistory *history = NULL;

  quotes_archive_read_history_async (archive, symbol, range, 500, NULL, answered_cb, &answer);
  WAIT_FOR (answer);
  history = quotes_archive_read_history_finish (archive, answer, &error);
  g_assert_no_error (error);
  return history;
}

static void
fill (StoreFixture *fixture, QuotesHistory *history)
{
  QuotesArchive *archive = QUOTES_ARCHIVE (fixture->store);
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;

  quotes_archive_fill_async (archive, history, NULL, answered_cb, &answer);
  WAIT_FOR (answer);
  quotes_archive_fill_finish (archive, answer, &error);
  g_assert_no_error (error);
}

static gint64
read_newest (StoreFixture *fixture, const char *symbol)
{
  QuotesArchive *archive = QUOTES_ARCHIVE (fixture->store);
  g_autoptr (GAsyncResult) answer = NULL;

  quotes_archive_read_newest_async (archive, symbol, NULL, answered_cb, &answer);
  WAIT_FOR (answer);
  return quotes_archive_read_newest_finish (archive, answer, NULL);
}

static void
append_minutes (StoreFixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      store_fixture_append_price (fixture, "XAU", 100 + i);
      fake_clock_advance_us (fixture->clock, MINUTE_US);
    }
  store_fixture_wait_until_stored (fixture);
}

static void
test_what_is_recorded_is_read (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  QuotesArchive *archive = QUOTES_ARCHIVE (fixture->store);
  g_autoptr (QuotesHistory) history = NULL;
  g_autoptr (QuotesRecordPage) page = NULL;
  g_autoptr (GHashTable) closes = NULL;
  g_autoptr (GAsyncResult) page_answer = NULL;
  g_autoptr (GAsyncResult) closes_answer = NULL;
  gint64 last_us = 0;

  append_minutes (fixture, 40);
  last_us = quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock)) - MINUTE_US;

  history = read_history (fixture, "XAU", QUOTES_RANGE_1D);
  g_assert_cmpuint (history->bars->len, ==, 40);
  g_assert_cmpstr (history->currency, ==, "USD");
  g_assert_cmpstr (g_array_index (history->bars, QuotesBar, 39).source, ==, "fake");
  g_assert_cmpint (read_newest (fixture, "XAU"), >=, last_us);
  g_assert_cmpint (read_newest (fixture, "XAG"), ==, 0);

  quotes_archive_read_page_async (archive, QUOTES_INTERVAL_TICK, last_us, 0, 10, NULL, answered_cb,
                                  &page_answer);
  WAIT_FOR (page_answer);
  page = quotes_archive_read_page_finish (archive, page_answer, NULL);
  g_assert_cmpuint (page->records->len, ==, 1);
  g_assert_cmpfloat (g_array_index (page->records, QuotesRecord, 0).bar.close, ==, 139);

  quotes_archive_read_closes_async (archive, 48, NULL, answered_cb, &closes_answer);
  WAIT_FOR (closes_answer);
  closes = quotes_archive_read_closes_finish (archive, closes_answer, NULL);
  g_assert_cmpuint (((GArray *) g_hash_table_lookup (closes, "XAU"))->len, ==, 40);
}

static void
append_filled (QuotesHistory *history, gint64 start_us, double price)
{
  const QuotesBar bar = {start_us, price, price, price, price, "fake:chart", FALSE};

  quotes_history_append (history, &bar);
}

/* The bars that came first have no instrument of their own, and its first price is no roll. */
static void
test_a_history_may_come_before_the_price (StoreFixture *fixture,
                                          G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 now_us = quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock));
  g_autoptr (QuotesHistory) filled = quotes_history_new ("XAU", "USD", QUOTES_INTERVAL_HOUR);
  g_autoptr (QuotesHistory) history = NULL;

  append_filled (filled, now_us - 2 * HOUR_US, 90);
  append_filled (filled, now_us - HOUR_US, 95);
  fill (fixture, filled);
  store_fixture_append_price (fixture, "XAU", 100);
  store_fixture_append_price (fixture, "XAU", 101);
  store_fixture_wait_until_stored (fixture);

  store_fixture_assert (fixture, "SELECT sum(is_roll) FROM ticks", "0");
  store_fixture_assert (fixture, "SELECT group_concat(instrument) FROM instruments", "fake:X");
  history = read_history (fixture, "XAU", QUOTES_RANGE_1D);
  g_assert_cmpuint (history->bars->len, ==, 3);
  g_assert_cmpint (history->interval, ==, QUOTES_INTERVAL_MINUTE);
  g_assert_cmpfloat (g_array_index (history->bars, QuotesBar, 0).close, ==, 90);
  g_assert_cmpfloat (g_array_index (history->bars, QuotesBar, 2).close, ==, 101);
}

/* Whatever the date is set to: each price is there once, in the order of its coming. */
static void
test_a_clock_that_steps_leaves_the_order (StoreFixture *fixture,
                                          G_GNUC_UNUSED gconstpointer user_data)
{
  static const gint64 steps_s[] = {0, 86400, -86400, 10 * 365 * 86400LL, -10 * 365 * 86400LL};
  g_autoptr (QuotesHistory) history = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (steps_s); i++)
    {
      fake_clock_step_real_us (fixture->clock, steps_s[i] * (gint64) G_USEC_PER_SEC);
      append_minutes (fixture, 20);
    }

  store_fixture_assert (fixture, "SELECT count(*) FROM ticks", "100");
  store_fixture_assert (fixture,
                        "SELECT count(*) FROM ticks AS a JOIN ticks AS b ON b.id = a.id + 1"
                        " WHERE b.version = a.version + 1",
                        "99");
  store_fixture_assert (fixture, "SELECT count(DISTINCT version) FROM ticks", "100");
  history = read_history (fixture, "XAU", QUOTES_RANGE_1D);
  g_assert_cmpuint (history->bars->len, >, 0);
  for (guint i = 1; i < history->bars->len; i++)
    g_assert_cmpint (g_array_index (history->bars, QuotesBar, i).start_us, >,
                     g_array_index (history->bars, QuotesBar, i - 1).start_us);
}

static void
test_a_cancelled_question_is_told_so (StoreFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  QuotesArchive *archive = QUOTES_ARCHIVE (fixture->store);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;

  append_minutes (fixture, 2);
  quotes_archive_read_history_async (archive, "XAU", QUOTES_RANGE_1D, 500, cancellable, answered_cb,
                                     &answer);
  g_cancellable_cancel (cancellable);
  WAIT_FOR (answer);
  g_assert_null (quotes_archive_read_history_finish (archive, answer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_a_closed_store_answers_with_an_error (StoreFixture *fixture,
                                           G_GNUC_UNUSED gconstpointer user_data)
{
  QuotesArchive *archive = QUOTES_ARCHIVE (fixture->store);
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;

  quotes_store_close (fixture->store);
  quotes_archive_read_closes_async (archive, 48, NULL, answered_cb, &answer);
  WAIT_FOR (answer);
  g_assert_null (quotes_archive_read_closes_finish (archive, answer, &error));
  g_assert_error (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_CLOSED);

  g_clear_object (&answer);
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->store));
}

static void
add (const char *name, void (*func) (StoreFixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/store-past/", name, NULL);

  g_test_add (path, StoreFixture, NULL, store_fixture_set_up, func, store_fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("what-is-recorded-is-read", test_what_is_recorded_is_read);
  add ("a-history-may-come-before-the-price", test_a_history_may_come_before_the_price);
  add ("a-clock-that-steps-leaves-the-order", test_a_clock_that_steps_leaves_the_order);
  add ("a-cancelled-question-is-told-so", test_a_cancelled_question_is_told_so);
  add ("a-closed-store-answers-with-an-error", test_a_closed_store_answers_with_an_error);

  return g_test_run ();
}
