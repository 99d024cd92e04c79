/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-page-query.h"

#include "quotes-bars-table.h"

/* Where a page of bars ends: the number of its last instrument above, and below it when that
 * instrument's last bar began, counted in bars since 1970 and from 1 on. Until the year 9999
 * minutes need 33 bits, and with less than a million instruments the whole is exact in a double,
 * too, which is what JavaScript has for numbers. */
#define CURSOR_START_BITS 33

static gint64
encode_cursor (gint64 instrument_id, gint64 start_us, gint64 interval_us)
{
  return (gint64) ((guint64) instrument_id << CURSOR_START_BITS |
                   (guint64) (start_us / interval_us + 1));
}

/* *from_us: when the next bar of that instrument may begin */
static void
decode_cursor (gint64 cursor, gint64 interval_us, gint64 *instrument_id, gint64 *from_us)
{
  gint64 n_bars = cursor & ((G_GINT64_CONSTANT (1) << CURSOR_START_BITS) - 1);

  *instrument_id = cursor >> CURSOR_START_BITS;
  *from_us = n_bars < G_MAXINT64 / interval_us ? n_bars * interval_us : G_MAXINT64;
}

/* One more than asked for was looked for: it says whether there is a next page. */
static QuotesRecordPage *
end_page (QuotesRecordPage *page, guint n_records, gint64 cursor)
{
  if (page->records->len > n_records)
    {
      g_array_set_size (page->records, n_records);
      page->next = cursor;
    }
  return page;
}

static gint64
append_tick (QuotesRecordPage *page, sqlite3_stmt *statement)
{
  double price = sqlite3_column_double (statement, 4);
  QuotesRecord record = {
    .symbol = (const char *) sqlite3_column_text (statement, 1),
    .currency = (const char *) sqlite3_column_text (statement, 2),
    .bar = {sqlite3_column_int64 (statement, 3), price, price, price, price,
            (const char *) sqlite3_column_text (statement, 5),
            sqlite3_column_int (statement, 6) != 0},
  };

  quotes_record_page_append (page, &record);
  return sqlite3_column_int64 (statement, 0);
}

static QuotesRecordPage *
read_ticks (QuotesDatabase *database,
            gint64 since_us,
            gint64 after,
            guint n_records,
            GError **error)
{
  g_autoptr (QuotesRecordPage) page = quotes_record_page_new (QUOTES_INTERVAL_TICK);
  /* CROSS: as the others are looked up by their ids, the order of ticks must stay the outer one. */
  sqlite3_stmt *statement = quotes_database_prepare (
    database,
    "SELECT ticks.id, symbol, currency, at_us, price, sources.name, is_roll FROM ticks"
    " CROSS JOIN instruments ON instruments.id = instrument_id"
    " CROSS JOIN sources ON sources.id = source_id"
    " WHERE ticks.id > ?1 AND at_us >= ?2 ORDER BY ticks.id LIMIT ?3",
    error);
  gboolean has_row = FALSE;
  gint64 last = 0;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, after);
  sqlite3_bind_int64 (statement, 2, since_us);
  sqlite3_bind_int64 (statement, 3, n_records + 1);
  while (quotes_database_step (database, statement, &has_row, error))
    {
      gint64 id = 0;

      if (!has_row)
        return end_page (g_steal_pointer (&page), n_records, last);
      id = append_tick (page, statement);
      if (page->records->len <= n_records)
        last = id;
    }
  return NULL;
}

static void
append_bars (QuotesRecordPage *page, const QuotesBarsInstrument *instrument, GArray *bars)
{
  for (guint i = 0; i < bars->len; i++)
    {
      QuotesRecord record = {instrument->symbol, instrument->currency,
                             g_array_index (bars, QuotesBar, i)};

      quotes_record_page_append (page, &record);
    }
}

static QuotesRecordPage *
read_bars (QuotesDatabase *database,
           QuotesInterval interval,
           gint64 since_us,
           gint64 after,
           guint n_records,
           GError **error)
{
  g_autoptr (QuotesRecordPage) page = quotes_record_page_new (interval);
  gint64 interval_us = quotes_interval_get_us (interval);
  gint64 first_id = 0;
  gint64 first_from_us = 0;
  gint64 cursor = 0;
  g_autoptr (GHashTable) sources = quotes_bars_load_sources (database, error);
  g_autoptr (GArray) instruments = NULL;

  decode_cursor (after, interval_us, &first_id, &first_from_us);
  if (sources != NULL)
    instruments = quotes_bars_load_instruments (database, first_id, error);
  if (instruments == NULL)
    return NULL;

  for (guint i = 0; i < instruments->len && page->records->len <= n_records; i++)
    {
      const QuotesBarsInstrument *instrument =
        &g_array_index (instruments, QuotesBarsInstrument, i);
      g_autoptr (GArray) bars = g_array_new (FALSE, FALSE, sizeof (QuotesBar));
      gint64 from_us = MAX (since_us, instrument->id == first_id ? first_from_us : 0);
      guint n_missing = n_records - page->records->len;

      if (!quotes_bars_load (database, interval, instrument->id, from_us, G_MAXINT64,
                             (gint64) n_missing + 1, sources, bars, error))
        return NULL;
      append_bars (page, instrument, bars);
      if (MIN (bars->len, n_missing) > 0)
        cursor = encode_cursor (
          instrument->id, g_array_index (bars, QuotesBar, MIN (bars->len, n_missing) - 1).start_us,
          interval_us);
    }
  return end_page (g_steal_pointer (&page), n_records, cursor);
}

/**
 * quotes_page_query_read:
 * @database: `market.db`
 * @interval: what records
 * @since_us: those that begin then or later; microseconds since 1970
 * @after: what the page before said is next; 0 = from the beginning
 * @n_records: how many at most
 * @error: return location for a #QuotesStoreError or %G_IO_ERROR_CANCELLED
 *
 * Single prices come in the order in which they were written, whatever the clock was set to
 * meanwhile. Bars come instrument after instrument, each in the order of time: that is the order of
 * their table, so a page begins by one step down its tree. What is written or deleted between two
 * pages moves nothing else: a place is a key, not a count.
 *
 * Returns: (transfer full) (nullable)
 */
QuotesRecordPage *
quotes_page_query_read (QuotesDatabase *database,
                        QuotesInterval interval,
                        gint64 since_us,
                        gint64 after,
                        guint n_records,
                        GError **error)
{
  QuotesRecordPage *page = NULL;

  n_records = CLAMP (n_records, 1, QUOTES_RECORD_PAGE_MAX);
  after = MAX (after, 0);
  if (!quotes_database_execute (database, "BEGIN", error))
    return NULL;
  page = interval == QUOTES_INTERVAL_TICK
           ? read_ticks (database, since_us, after, n_records, error)
           : read_bars (database, interval, since_us, after, n_records, error);
  quotes_database_roll_back (database);
  return page;
}
