/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "market-file.h"
#include "quotes-closes-query.h"
#include "quotes-history-query.h"
#include "quotes-page-query.h"

#define NOW_US (TODAY_US + 10 * HOUR_US + 30 * MINUTE_US)

static QuotesHistory *
read_history (MarketFile *file, const char *symbol, QuotesRange range, guint n_points)
{
  g_autoptr (GError) error = NULL;
  QuotesHistory *history =
    quotes_history_query_read (file->reader, symbol, range, n_points, NOW_US, &error);

  g_assert_no_error (error);
  g_assert_nonnull (history);
  for (guint i = 1; i < history->bars->len; i++)
    g_assert_cmpint (g_array_index (history->bars, QuotesBar, i).start_us, >,
                     g_array_index (history->bars, QuotesBar, i - 1).start_us);
  return history;
}

static const QuotesBar *
bar_at (const QuotesHistory *history, guint i)
{
  g_assert_cmpuint (i, <, history->bars->len);
  return &g_array_index (history->bars, QuotesBar, i);
}

static const QuotesBar *
last_of (const QuotesHistory *history)
{
  return bar_at (history, history->bars->len - 1);
}

static void
add_bars (MarketFile *file,
          const char *symbol,
          QuotesInterval interval,
          gint64 first_us,
          guint n_bars)
{
  market_file_execute (file, "BEGIN");
  for (guint i = 0; i < n_bars; i++)
    market_file_add_bar (file, symbol, interval, first_us + i * quotes_interval_get_us (interval),
                         100 + i);
  market_file_execute (file, "COMMIT");
}

static void
test_what_nobody_knows_is_empty (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) history = read_history (file, "XAU", QUOTES_RANGE_1MO, 500);

  g_assert_cmpstr (history->symbol, ==, "XAU");
  g_assert_null (history->currency);
  g_assert_cmpint (history->interval, ==, QUOTES_INTERVAL_HOUR);
  g_assert_cmpuint (history->bars->len, ==, 0);
  g_assert_cmpint (quotes_history_query_read_newest (file->reader, "XAU", NOW_US, NULL), ==, 0);
}

static void
test_what_has_no_bars_is_empty (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) history = NULL;

  market_file_add_instrument (file, "XAU", 0);
  history = read_history (file, "XAU", QUOTES_RANGE_MAX, 500);

  g_assert_cmpstr (history->currency, ==, "USD");
  g_assert_cmpint (history->interval, ==, QUOTES_INTERVAL_DAY);
  g_assert_cmpuint (history->bars->len, ==, 0);
}

static void
test_a_bar_has_all_its_members (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) history = NULL;
  const QuotesBar *bar = NULL;

  market_file_add_instrument (file, "XAU", 0);
  market_file_add_source (file, "yahoo:chart");
  market_file_execute (file, "INSERT INTO bars SELECT '1d', 1, 86400000000, 2, 4, -1, 3, id, 1"
                             " FROM sources WHERE name = 'yahoo:chart'");
  history = read_history (file, "XAU", QUOTES_RANGE_1Y, 500);
  bar = last_of (history);

  g_assert_cmpint (bar->start_us, ==, DAY_US);
  g_assert_cmpfloat (bar->open, ==, 2);
  g_assert_cmpfloat (bar->high, ==, 4);
  g_assert_cmpfloat (bar->low, ==, -1);
  g_assert_cmpfloat (bar->close, ==, 3);
  g_assert_cmpstr (bar->source, ==, "yahoo:chart");
  g_assert_true (bar->is_roll);
}

/* A market that is closed since days has a last day as well. */
static void
test_ranges_end_with_the_newest_bar (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 end_us = TODAY_US - 3 * DAY_US;
  g_autoptr (QuotesHistory) day = NULL;
  g_autoptr (QuotesHistory) five = NULL;

  market_file_add_instrument (file, "XAU", 0);
  market_file_add_instrument (file, "XAG", 0);
  add_bars (file, "XAU", QUOTES_INTERVAL_MINUTE, end_us - 6 * DAY_US, 6 * 1440 + 1);
  add_bars (file, "XAG", QUOTES_INTERVAL_MINUTE, end_us + DAY_US, 2000);

  day = read_history (file, "XAU", QUOTES_RANGE_1D, 5000);
  g_assert_cmpint (day->interval, ==, QUOTES_INTERVAL_MINUTE);
  g_assert_cmpuint (day->bars->len, ==, 1440);
  g_assert_cmpint (last_of (day)->start_us, ==, end_us);
  five = read_history (file, "XAU", QUOTES_RANGE_5D, 5000);
  g_assert_cmpuint (five->bars->len, ==, 5000);
  g_assert_cmpint (bar_at (five, 0)->start_us, ==, end_us - 5 * DAY_US + MINUTE_US);
  g_assert_cmpint (last_of (five)->start_us, ==, end_us);
}

/* Recording began ten minutes ago, hours are filled in: there are hours, and then minutes. The hour
 * of which there are minutes is not told a second time. */
static void
test_hours_stand_where_there_are_no_minutes (MarketFile *file,
                                             G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) history = NULL;

  market_file_add_instrument (file, "XAU", 0);
  add_bars (file, "XAU", QUOTES_INTERVAL_DAY, TODAY_US - 30 * DAY_US, 31);
  add_bars (file, "XAU", QUOTES_INTERVAL_HOUR, TODAY_US - 2 * DAY_US, 2 * 24 + 11);
  add_bars (file, "XAU", QUOTES_INTERVAL_MINUTE, TODAY_US + 10 * HOUR_US + 20 * MINUTE_US, 10);
  history = read_history (file, "XAU", QUOTES_RANGE_1D, 500);

  g_assert_cmpint (history->interval, ==, QUOTES_INTERVAL_MINUTE);
  g_assert_cmpuint (history->bars->len, ==, 23 + 10);
  g_assert_cmpint (bar_at (history, 0)->start_us, ==, TODAY_US - 13 * HOUR_US);
  g_assert_cmpint (bar_at (history, 22)->start_us, ==, TODAY_US + 9 * HOUR_US);
  g_assert_cmpint (bar_at (history, 23)->start_us, ==, TODAY_US + 10 * HOUR_US + 20 * MINUTE_US);
}

/* A night off, of which only the hours are known: they stand in the hole, and only there. */
static void
test_hours_stand_in_a_hole (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) history = NULL;

  market_file_add_instrument (file, "XAU", 0);
  add_bars (file, "XAU", QUOTES_INTERVAL_HOUR, TODAY_US, 10);
  add_bars (file, "XAU", QUOTES_INTERVAL_MINUTE, TODAY_US + HOUR_US, 90);
  add_bars (file, "XAU", QUOTES_INTERVAL_MINUTE, TODAY_US + 6 * HOUR_US + 10 * MINUTE_US, 20);
  history = read_history (file, "XAU", QUOTES_RANGE_1D, 500);

  g_assert_cmpuint (history->bars->len, ==, 1 + 90 + 3 + 20 + 3);
  g_assert_cmpint (bar_at (history, 0)->start_us, ==, TODAY_US);
  g_assert_cmpint (bar_at (history, 91)->start_us, ==, TODAY_US + 3 * HOUR_US);
  g_assert_cmpint (bar_at (history, 93)->start_us, ==, TODAY_US + 5 * HOUR_US);
  g_assert_cmpint (bar_at (history, 114)->start_us, ==, TODAY_US + 7 * HOUR_US);
}

/* What is only known by its days is shown by them; what is known since an hour by its minutes. */
static void
test_other_bars_stand_for_too_few (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) old = NULL;
  g_autoptr (QuotesHistory) young = NULL;
  g_autoptr (QuotesHistory) middle = NULL;

  market_file_add_instrument (file, "OLD", 0);
  add_bars (file, "OLD", QUOTES_INTERVAL_DAY, TODAY_US - 99 * DAY_US, 100);
  old = read_history (file, "OLD", QUOTES_RANGE_5D, 500);
  g_assert_cmpint (old->interval, ==, QUOTES_INTERVAL_DAY);
  g_assert_cmpuint (old->bars->len, ==, 5);

  market_file_add_instrument (file, "YOUNG", 0);
  add_bars (file, "YOUNG", QUOTES_INTERVAL_DAY, TODAY_US, 1);
  add_bars (file, "YOUNG", QUOTES_INTERVAL_HOUR, TODAY_US + 9 * HOUR_US, 2);
  add_bars (file, "YOUNG", QUOTES_INTERVAL_MINUTE, TODAY_US + 9 * HOUR_US, 80);
  young = read_history (file, "YOUNG", QUOTES_RANGE_1Y, 500);
  g_assert_cmpint (young->interval, ==, QUOTES_INTERVAL_MINUTE);
  g_assert_cmpuint (young->bars->len, ==, 80);

  market_file_add_instrument (file, "MIDDLE", 0);
  add_bars (file, "MIDDLE", QUOTES_INTERVAL_DAY, TODAY_US - 9 * DAY_US, 10);
  add_bars (file, "MIDDLE", QUOTES_INTERVAL_HOUR, TODAY_US - 4 * DAY_US, 4 * 24 + 10);
  add_bars (file, "MIDDLE", QUOTES_INTERVAL_MINUTE, TODAY_US, 600);
  middle = read_history (file, "MIDDLE", QUOTES_RANGE_1Y, 500);
  g_assert_cmpint (middle->interval, ==, QUOTES_INTERVAL_HOUR);
  g_assert_cmpuint (middle->bars->len, ==, 5 + 4 * 24 + 10);
}

static void
test_three_points_are_enough_if_asked_for (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) history = NULL;

  market_file_add_instrument (file, "XAU", 0);
  add_bars (file, "XAU", QUOTES_INTERVAL_DAY, TODAY_US - 9 * DAY_US, 10);
  add_bars (file, "XAU", QUOTES_INTERVAL_HOUR, TODAY_US - 9 * DAY_US, 240);
  history = read_history (file, "XAU", QUOTES_RANGE_MAX, 3);

  g_assert_cmpint (history->interval, ==, QUOTES_INTERVAL_DAY);
  g_assert_cmpuint (history->bars->len, ==, 3);
  g_assert_cmpint (bar_at (history, 0)->start_us, ==, TODAY_US - 9 * DAY_US);
  g_assert_cmpint (last_of (history)->start_us, ==, TODAY_US);
}

/* The clock was ten years ahead once. Its bar is still there, but no range ends with it. */
static void
test_a_bar_of_the_future_is_not_the_newest (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) history = NULL;
  g_autoptr (QuotesHistory) later = NULL;

  market_file_add_instrument (file, "XAU", 0);
  add_bars (file, "XAU", QUOTES_INTERVAL_DAY, TODAY_US + 3650 * DAY_US, 1);
  later = read_history (file, "XAU", QUOTES_RANGE_1Y, 500);
  g_assert_cmpuint (later->bars->len, ==, 1);

  add_bars (file, "XAU", QUOTES_INTERVAL_DAY, TODAY_US - 399 * DAY_US, 400);
  history = read_history (file, "XAU", QUOTES_RANGE_1Y, 500);
  g_assert_cmpuint (history->bars->len, ==, 366);
  g_assert_cmpint (last_of (history)->start_us, ==, TODAY_US);
}

static void
test_rolls_are_told (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesHistory) history = NULL;
  guint n_rolls = 0;

  market_file_add_instrument (file, "CL", 0);
  add_bars (file, "CL", QUOTES_INTERVAL_DAY, TODAY_US - 299 * DAY_US, 300);
  market_file_execute (file, "UPDATE bars SET is_roll = 1 WHERE start_us % 2592000000000 = 0");
  history = read_history (file, "CL", QUOTES_RANGE_1Y, 40);
  for (guint i = 0; i < history->bars->len; i++)
    if (bar_at (history, i)->is_roll)
      {
        g_assert_cmpint (bar_at (history, i)->start_us % (30 * DAY_US), ==, 0);
        n_rolls++;
      }

  g_assert_cmpuint (history->bars->len, ==, 40);
  g_assert_cmpuint (n_rolls, ==, 10);
}

static void
test_the_newest_is_what_was_fetched_or_ended (MarketFile *file,
                                              G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 fetched_us = NOW_US - 90 * MINUTE_US - 5;

  market_file_add_instrument (file, "QUOTE", fetched_us);
  add_bars (file, "QUOTE", QUOTES_INTERVAL_MINUTE, NOW_US - 100 * MINUTE_US, 10);
  add_bars (file, "QUOTE", QUOTES_INTERVAL_HOUR, TODAY_US + 8 * HOUR_US, 1);
  add_bars (file, "QUOTE", QUOTES_INTERVAL_DAY, TODAY_US, 1);
  g_assert_cmpint (quotes_history_query_read_newest (file->reader, "QUOTE", NOW_US, NULL), ==,
                   fetched_us);
  /* Filled in later. */
  add_bars (file, "QUOTE", QUOTES_INTERVAL_HOUR, TODAY_US + 9 * HOUR_US, 1);
  g_assert_cmpint (quotes_history_query_read_newest (file->reader, "QUOTE", NOW_US, NULL), ==,
                   TODAY_US + 10 * HOUR_US);
  add_bars (file, "QUOTE", QUOTES_INTERVAL_HOUR, TODAY_US + 10 * HOUR_US, 1);
  g_assert_cmpint (quotes_history_query_read_newest (file->reader, "QUOTE", NOW_US, NULL), ==,
                   TODAY_US + 10 * HOUR_US);

  market_file_add_instrument (file, "BARS", 0);
  add_bars (file, "BARS", QUOTES_INTERVAL_DAY, TODAY_US - 2 * DAY_US, 2);
  g_assert_cmpint (quotes_history_query_read_newest (file->reader, "BARS", NOW_US, NULL), ==,
                   TODAY_US);
  add_bars (file, "BARS", QUOTES_INTERVAL_MINUTE, NOW_US - 100 * MINUTE_US, 2);
  add_bars (file, "BARS", QUOTES_INTERVAL_HOUR, TODAY_US + 8 * HOUR_US, 1);
  g_assert_cmpint (quotes_history_query_read_newest (file->reader, "BARS", NOW_US, NULL), ==,
                   NOW_US - 98 * MINUTE_US);
}

static void
assert_closes (GHashTable *closes, const char *symbol, guint n, double first, double last)
{
  GArray *found = g_hash_table_lookup (closes, symbol);

  g_assert_nonnull (found);
  g_assert_cmpuint (found->len, ==, n);
  g_assert_cmpfloat (g_array_index (found, double, 0), ==, first);
  g_assert_cmpfloat (g_array_index (found, double, n - 1), ==, last);
}

static void
test_closes_are_even (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GHashTable) closes = NULL;
  g_autoptr (GError) error = NULL;

  market_file_add_instrument (file, "DAY", NOW_US);
  add_bars (file, "DAY", QUOTES_INTERVAL_MINUTE, NOW_US - 2 * DAY_US, 2 * 1440 + 1);
  market_file_add_instrument (file, "HOUR", NOW_US);
  add_bars (file, "HOUR", QUOTES_INTERVAL_MINUTE, NOW_US - 96 * MINUTE_US, 96);
  market_file_add_instrument (file, "MIXED", NOW_US);
  add_bars (file, "MIXED", QUOTES_INTERVAL_HOUR, NOW_US - 47 * HOUR_US - 30 * MINUTE_US, 48);
  add_bars (file, "MIXED", QUOTES_INTERVAL_MINUTE, NOW_US - 9 * MINUTE_US, 10);
  market_file_add_instrument (file, "ONE", NOW_US);
  add_bars (file, "ONE", QUOTES_INTERVAL_MINUTE, NOW_US, 1);
  market_file_add_instrument (file, "NONE", NOW_US);
  market_file_add_instrument (file, "GONE", 0);
  add_bars (file, "GONE", QUOTES_INTERVAL_MINUTE, NOW_US, 1);

  closes = quotes_closes_query_read (file->reader, 48, NOW_US, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (closes), ==, 4);
  assert_closes (closes, "DAY", 48, 100 + 1441 + 29, 100 + 2 * 1440);
  assert_closes (closes, "HOUR", 48, 101, 195);
  assert_closes (closes, "MIXED", 24 + 1, 123, 109);
  assert_closes (closes, "ONE", 1, 100, 100);
}

/* All pages, one after another. */
static GArray *
read_pages (MarketFile *file,
            QuotesInterval interval,
            gint64 since_us,
            guint n_records,
            GStringChunk *texts)
{
  GArray *records = g_array_new (FALSE, FALSE, sizeof (QuotesRecord));
  gint64 after = 0;

  do
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QuotesRecordPage) page =
        quotes_page_query_read (file->reader, interval, since_us, after, n_records, &error);

      g_assert_no_error (error);
      g_assert_cmpint (page->interval, ==, interval);
      g_assert_cmpuint (page->records->len, <=, n_records);
      g_assert_true (page->next == 0 || page->records->len == n_records);
      for (guint i = 0; i < page->records->len; i++)
        {
          QuotesRecord record = g_array_index (page->records, QuotesRecord, i);

          record.symbol = g_string_chunk_insert_const (texts, record.symbol);
          g_array_append_val (records, record);
        }
      g_assert_true (page->next == 0 || page->next > after);
      after = page->next;
    }
  while (after != 0);
  return records;
}

static void
test_pages_of_bars_have_each_once (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  static const QuotesInterval intervals[] = {QUOTES_INTERVAL_MINUTE, QUOTES_INTERVAL_HOUR,
                                             QUOTES_INTERVAL_DAY};
  static const guint sizes[] = {1, 2, 7, 10, 29, 30, 31, 5000};

  market_file_add_instrument (file, "A", 0);
  market_file_add_instrument (file, "NONE", 0);
  market_file_add_instrument (file, "B", 0);
  for (gsize i = 0; i < G_N_ELEMENTS (intervals); i++)
    {
      add_bars (file, "A", intervals[i], 0, 10);
      add_bars (file, "B", intervals[i], TODAY_US, 20);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (intervals); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (sizes); k++)
      {
        g_autoptr (GStringChunk) texts = g_string_chunk_new (64);
        g_autoptr (GArray) records = read_pages (file, intervals[i], 0, sizes[k], texts);

        g_assert_cmpuint (records->len, ==, 30);
        for (guint n = 0; n < 30; n++)
          {
            const QuotesRecord *record = &g_array_index (records, QuotesRecord, n);
            gint64 first_us = n < 10 ? 0 : TODAY_US;

            g_assert_cmpstr (record->symbol, ==, n < 10 ? "A" : "B");
            g_assert_cmpint (record->bar.start_us, ==,
                             first_us +
                               quotes_interval_get_us (intervals[i]) * (n < 10 ? n : n - 10));
          }
      }
}

static void
test_pages_begin_when_asked_to (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GStringChunk) texts = g_string_chunk_new (64);
  g_autoptr (GArray) bars = NULL;
  g_autoptr (GArray) ticks = NULL;

  market_file_add_instrument (file, "A", 0);
  market_file_add_instrument (file, "B", 0);
  add_bars (file, "A", QUOTES_INTERVAL_HOUR, TODAY_US, 10);
  add_bars (file, "B", QUOTES_INTERVAL_HOUR, TODAY_US, 10);
  for (guint i = 0; i < 10; i++)
    market_file_add_tick (file, "B", TODAY_US + i * MINUTE_US, i);

  bars = read_pages (file, QUOTES_INTERVAL_HOUR, TODAY_US + 6 * HOUR_US + 1, 2, texts);
  g_assert_cmpuint (bars->len, ==, 6);
  g_assert_cmpint (g_array_index (bars, QuotesRecord, 0).bar.start_us, ==, TODAY_US + 7 * HOUR_US);
  g_assert_cmpint (g_array_index (bars, QuotesRecord, 3).bar.start_us, ==, TODAY_US + 7 * HOUR_US);
  ticks = read_pages (file, QUOTES_INTERVAL_TICK, TODAY_US + 6 * MINUTE_US, 3, texts);
  g_assert_cmpuint (ticks->len, ==, 4);
}

/* The clock was set back in the middle. */
static void
test_prices_come_as_they_were_written (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  for (guint n_records = 1; n_records < 8; n_records++)
    {
      g_autoptr (GStringChunk) texts = g_string_chunk_new (64);
      g_autoptr (GArray) records = NULL;

      if (n_records == 1)
        {
          market_file_add_instrument (file, "A", 0);
          market_file_add_instrument (file, "B", 0);
          for (guint i = 0; i < 3; i++)
            market_file_add_tick (file, i == 1 ? "B" : "A", TODAY_US + i, i);
          for (guint i = 3; i < 6; i++)
            market_file_add_tick (file, "A", TODAY_US - DAY_US + i, i);
        }

      records = read_pages (file, QUOTES_INTERVAL_TICK, 0, n_records, texts);
      g_assert_cmpuint (records->len, ==, 6);
      for (guint i = 0; i < 6; i++)
        {
          const QuotesRecord *record = &g_array_index (records, QuotesRecord, i);

          g_assert_cmpfloat (record->bar.open, ==, i);
          g_assert_cmpfloat (record->bar.close, ==, i);
          g_assert_cmpstr (record->symbol, ==, i == 1 ? "B" : "A");
        }
    }
}

/* What is gone by the next page is gone, and nothing else is left out. */
static void
test_pages_survive_what_is_deleted (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesRecordPage) first = NULL;
  g_autoptr (QuotesRecordPage) second = NULL;

  market_file_add_instrument (file, "A", 0);
  add_bars (file, "A", QUOTES_INTERVAL_HOUR, TODAY_US, 10);
  first = quotes_page_query_read (file->reader, QUOTES_INTERVAL_HOUR, 0, 0, 4, NULL);
  market_file_execute (file, "DELETE FROM bars WHERE close <= 104");
  second = quotes_page_query_read (file->reader, QUOTES_INTERVAL_HOUR, 0, first->next, 100, NULL);

  g_assert_cmpint (second->next, ==, 0);
  g_assert_cmpuint (second->records->len, ==, 5);
  g_assert_cmpfloat (g_array_index (second->records, QuotesRecord, 0).bar.close, ==, 105);
}

static void
test_no_cursor_is_harmful (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  static const gint64 cursors[] = {
    1, -1, G_MININT64, G_MAXINT64, G_MAXINT64 - 1, 1LL << 33, (1LL << 33) - 1};

  market_file_add_instrument (file, "A", 0);
  add_bars (file, "A", QUOTES_INTERVAL_DAY, TODAY_US, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (cursors); i++)
    for (int interval = 0; interval < QUOTES_N_INTERVALS; interval++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (QuotesRecordPage) page = quotes_page_query_read (
          file->reader, (QuotesInterval) interval, G_MININT64, cursors[i], 10, &error);

        g_assert_no_error (error);
        g_assert_cmpuint (page->records->len, <=, 3);
      }
}

static void
test_a_cancelled_question_ends (MarketFile *file, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  market_file_add_instrument (file, "A", 0);
  add_bars (file, "A", QUOTES_INTERVAL_MINUTE, TODAY_US - DAY_US, 1440);
  quotes_database_set_cancellable (file->reader, cancellable, NULL);
  g_cancellable_cancel (cancellable);

  g_assert_null (
    quotes_history_query_read (file->reader, "A", QUOTES_RANGE_1D, 500, NOW_US, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  quotes_database_set_cancellable (file->reader, NULL, NULL);
}

static void
add (const char *name, void (*func) (MarketFile *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/history-query/", name, NULL);

  g_test_add (path, MarketFile, NULL, market_file_set_up, func, market_file_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("what-nobody-knows-is-empty", test_what_nobody_knows_is_empty);
  add ("what-has-no-bars-is-empty", test_what_has_no_bars_is_empty);
  add ("a-bar-has-all-its-members", test_a_bar_has_all_its_members);
  add ("ranges-end-with-the-newest-bar", test_ranges_end_with_the_newest_bar);
  add ("hours-stand-where-there-are-no-minutes", test_hours_stand_where_there_are_no_minutes);
  add ("hours-stand-in-a-hole", test_hours_stand_in_a_hole);
  add ("other-bars-stand-for-too-few", test_other_bars_stand_for_too_few);
  add ("three-points-are-enough-if-asked-for", test_three_points_are_enough_if_asked_for);
  add ("a-bar-of-the-future-is-not-the-newest", test_a_bar_of_the_future_is_not_the_newest);
  add ("rolls-are-told", test_rolls_are_told);
  add ("the-newest-is-what-was-fetched-or-ended", test_the_newest_is_what_was_fetched_or_ended);
  add ("closes-are-even", test_closes_are_even);
  add ("pages-of-bars-have-each-once", test_pages_of_bars_have_each_once);
  add ("pages-begin-when-asked-to", test_pages_begin_when_asked_to);
  add ("prices-come-as-they-were-written", test_prices_come_as_they_were_written);
  add ("pages-survive-what-is-deleted", test_pages_survive_what_is_deleted);
  add ("no-cursor-is-harmful", test_no_cursor_is_harmful);
  add ("a-cancelled-question-ends", test_a_cancelled_question_ends);

  return g_test_run ();
}
