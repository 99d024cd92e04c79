/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-history-query.h"

#include "quotes-bars-table.h"
#include "quotes-lttb.h"

/* With fewer bars than this a chart is a few strokes; then finer ones are looked for. */
#define BARS_ENOUGH 32
/* What is later than now by more was recorded while the date was wrong, or it is wrong now. */
#define FUTURE_LIMIT_US (86400 * G_GINT64_CONSTANT (1000000))

/**
 * quotes_history_query_find_end:
 * @now_us: real time
 * @end_us: (out): when the newest bar of any length begins, from which ranges are counted back;
 *   QUOTES_BARS_NEVER = there is none
 *
 * Bars of a far future, from a time when the date was wrong, do not count, unless there are no
 * others.
 */
gboolean
quotes_history_query_find_end (QuotesDatabase *database,
                               gint64 instrument_id,
                               gint64 now_us,
                               gint64 *end_us,
                               GError **error)
{
  const gint64 limits_us[] = {now_us + FUTURE_LIMIT_US, G_MAXINT64};

  *end_us = QUOTES_BARS_NEVER;
  for (gsize i = 0; i < G_N_ELEMENTS (limits_us) && *end_us == QUOTES_BARS_NEVER; i++)
    for (int interval = QUOTES_INTERVAL_MINUTE; interval < QUOTES_N_INTERVALS; interval++)
      {
        gint64 start_us = 0;

        if (!quotes_bars_find_newest (database, (QuotesInterval) interval, instrument_id,
                                      limits_us[i], &start_us, error))
          return FALSE;
        *end_us = MAX (*end_us, start_us);
      }
  return TRUE;
}

/* Of one instrument and one stretch of time. */
typedef struct
{
  gint64 instrument_id;
  QuotesRange range;
  gint64 from_us;
  gint64 until_us;
  GHashTable *sources; /* (unowned) */
} Span;

/* Both in the order of their starts: all of the finer ones, and those of the longer ones during
 * which none of the finer begins. So no moment is told twice. */
static GArray *
merge (GArray *fine, GArray *coarse, gint64 coarse_us)
{
  GArray *merged = g_array_sized_new (FALSE, FALSE, sizeof (QuotesBar), fine->len + coarse->len);
  guint n_fine = 0;

  for (guint i = 0; i < coarse->len; i++)
    {
      const QuotesBar *bar = &g_array_index (coarse, QuotesBar, i);
      guint n_before = n_fine;

      while (n_before < fine->len &&
             g_array_index (fine, QuotesBar, n_before).start_us < bar->start_us)
        n_before++;
      if (n_before > n_fine)
        g_array_append_vals (merged, &g_array_index (fine, QuotesBar, n_fine), n_before - n_fine);
      n_fine = n_before;
      if (n_fine == fine->len ||
          g_array_index (fine, QuotesBar, n_fine).start_us - bar->start_us >= coarse_us)
        g_array_append_vals (merged, bar, 1);
    }
  if (n_fine < fine->len)
    g_array_append_vals (merged, &g_array_index (fine, QuotesBar, n_fine), fine->len - n_fine);
  return merged;
}

/* Returns: (transfer full) (nullable): the bars of *interval, and longer ones where there are none;
 *   *interval becomes that of the shortest */
static GArray *
load_bars (QuotesDatabase *database, const Span *span, QuotesInterval *interval, GError **error)
{
  g_autoptr (GArray) bars = g_array_new (FALSE, FALSE, sizeof (QuotesBar));

  for (int i = (int) *interval; i < QUOTES_N_INTERVALS; i++)
    {
      g_autoptr (GArray) level = g_array_new (FALSE, FALSE, sizeof (QuotesBar));
      GArray *merged = NULL;

      if (!quotes_bars_load (database, (QuotesInterval) i, span->instrument_id, span->from_us,
                             span->until_us, -1, span->sources, level, error))
        return NULL;
      if (bars->len == 0 && level->len > 0)
        *interval = (QuotesInterval) i;
      merged = merge (bars, level, quotes_interval_get_us ((QuotesInterval) i));
      g_array_unref (bars);
      bars = merged;
    }
  return g_steal_pointer (&bars);
}

/* Of an instrument that is known since today, a year is a single day: then hours show more of it,
 * or minutes. */
static GArray *
load_enough_bars (QuotesDatabase *database,
                  const Span *span,
                  QuotesInterval *interval,
                  guint n_points,
                  GError **error)
{
  g_autoptr (GArray) bars = load_bars (database, span, interval, error);

  for (int level = (int) quotes_range_get_interval (span->range) - 1;
       bars != NULL && bars->len < MIN (n_points, BARS_ENOUGH) && level >= QUOTES_INTERVAL_MINUTE;
       level--)
    {
      QuotesInterval finer = (QuotesInterval) level;
      g_autoptr (GArray) more = load_bars (database, span, &finer, error);
      gboolean is_better = more == NULL || more->len > bars->len;

      if (is_better)
        {
          g_clear_pointer (&bars, g_array_unref);
          bars = g_steal_pointer (&more);
          *interval = finer;
        }
    }
  return g_steal_pointer (&bars);
}

static QuotesHistory *
read_instrument (QuotesDatabase *database,
                 const QuotesBarsInstrument *instrument,
                 QuotesRange range,
                 guint n_points,
                 gint64 now_us,
                 GError **error)
{
  g_autoptr (GHashTable) sources = quotes_bars_load_sources (database, error);
  gint64 range_us = quotes_range_get_us (range);
  QuotesInterval interval = quotes_range_get_interval (range);
  Span span = {instrument->id, range, G_MININT64, 0, sources};
  g_autoptr (GArray) bars = NULL;
  g_autoptr (GArray) kept = NULL;
  g_autoptr (QuotesHistory) history = NULL;

  if (sources == NULL ||
      !quotes_history_query_find_end (database, instrument->id, now_us, &span.until_us, error))
    return NULL;
  if (range_us != G_MAXINT64 && span.until_us != QUOTES_BARS_NEVER)
    span.from_us = span.until_us - range_us + 1;
  bars = load_enough_bars (database, &span, &interval, n_points, error);
  if (bars == NULL)
    return NULL;

  kept = quotes_lttb_reduce (bars, n_points);
  history = quotes_history_new (instrument->symbol, instrument->currency, interval);
  for (guint i = 0; i < kept->len; i++)
    quotes_history_append (history, &g_array_index (kept, QuotesBar, i));
  return g_steal_pointer (&history);
}

/**
 * quotes_history_query_read:
 * @database: `market.db`
 * @symbol: of what; of one that nobody has heard of the history is empty
 * @range: how far back, counted from its newest bar
 * @n_points: how many bars there may be at most
 * @now_us: real time
 * @error: return location for a #QuotesStoreError or %G_IO_ERROR_CANCELLED
 *
 * The bars are those of the interval of @range; where there are none, but longer ones, those. When
 * there are fewer of them than a chart is worth drawing of, finer ones are taken. The interval of
 * the answer is that of its shortest bars.
 *
 * Returns: (transfer full) (nullable)
 */
QuotesHistory *
quotes_history_query_read (QuotesDatabase *database,
                           const char *symbol,
                           QuotesRange range,
                           guint n_points,
                           gint64 now_us,
                           GError **error)
{
  g_auto (QuotesBarsInstrument) instrument = {0};
  QuotesHistory *history = NULL;

  /* All of it at one moment. */
  if (!quotes_database_execute (database, "BEGIN", error))
    return NULL;
  if (quotes_bars_find_instrument (database, symbol, &instrument, error))
    history =
      instrument.id != 0
        ? read_instrument (database, &instrument, range,
                           CLAMP (n_points, QUOTES_HISTORY_POINTS_MIN, QUOTES_HISTORY_POINTS_MAX),
                           now_us, error)
        : quotes_history_new (symbol, NULL, quotes_range_get_interval (range));
  quotes_database_roll_back (database);
  return history;
}

static gboolean
find_fetched (QuotesDatabase *database, gint64 instrument_id, gint64 *fetched_us, GError **error)
{
  sqlite3_stmt *statement = quotes_database_prepare (
    database, "SELECT fetched_us FROM quotes WHERE instrument_id = ?1", error);
  gboolean has_row = FALSE;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, instrument_id);
  if (!quotes_database_step (database, statement, &has_row, error))
    return FALSE;
  *fetched_us = has_row ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return TRUE;
}

/**
 * quotes_history_query_read_newest:
 * @now_us: real time
 *
 * A bar tells of the time until its end only if nothing shorter says how far into it something is
 * known: the hour in which recording stopped ended without being watched. One that is not over yet
 * tells of its beginning.
 *
 * Returns: when the newest that is kept of @symbol was fetched or ended, microseconds since 1970;
 *   0 = nothing is; -1 = error
 */
gint64
quotes_history_query_read_newest (QuotesDatabase *database,
                                  const char *symbol,
                                  gint64 now_us,
                                  GError **error)
{
  g_auto (QuotesBarsInstrument) instrument = {0};
  gint64 newest_us = 0;

  if (!quotes_bars_find_instrument (database, symbol, &instrument, error))
    return -1;
  if (instrument.id == 0)
    return 0;
  if (!find_fetched (database, instrument.id, &newest_us, error))
    return -1;

  newest_us = MIN (newest_us, now_us);
  for (int i = QUOTES_INTERVAL_MINUTE; i < QUOTES_N_INTERVALS; i++)
    {
      gint64 interval_us = quotes_interval_get_us ((QuotesInterval) i);
      gint64 start_us = 0;

      if (!quotes_bars_find_newest (database, (QuotesInterval) i, instrument.id, now_us, &start_us,
                                    error))
        return -1;
      if (start_us > newest_us)
        newest_us = start_us + interval_us <= now_us ? start_us + interval_us : start_us;
    }
  return newest_us;
}
