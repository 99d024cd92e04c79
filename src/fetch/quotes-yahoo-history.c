/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-yahoo-history.h"

#include <math.h>

#include "quotes-answer.h"
#include "quotes-history-fold.h"
#include "quotes-json.h"
#include "quotes-yahoo-parse.h"
#include "quotes-yahoo-quote.h"

#define SOURCE "yahoo:chart"
#define HOUR_S 3600
#define DAY_S (24 * HOUR_S)
/* The trading day of futures begins at six in the evening before. */
#define FUTURES_EVENING_S (6 * HOUR_S)

/* The arrays of a chart: equally long, with nulls; all but two may be missing. */
typedef struct
{
  JsonArray *times;  /* (nullable) */
  JsonArray *opens;  /* (nullable) */
  JsonArray *highs;  /* (nullable) */
  JsonArray *lows;   /* (nullable) */
  JsonArray *closes; /* (nullable) */
  guint n;
} Columns;

/* What one needs to know of a chart to read its bars. */
typedef struct
{
  QuotesInterval interval;
  QuotesYahooUnit unit;
  double offset;      /* of the exchange's time now, in seconds */
  double market_time; /* of the newest price, in seconds; NAN = unknown */
  gboolean is_future;
  gint64 now_us;
} Frame;

static guint
get_length (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

static gboolean
fits (JsonArray *array, guint n)
{
  return array == NULL || json_array_get_length (array) == n;
}

/* Returns: whether it is a table at all; one without rows is. */
static gboolean
columns_read (Columns *self, JsonObject *result)
{
  JsonArray *quotes =
    quotes_json_object_get_array (quotes_json_object_get_object (result, "indicators"), "quote");
  JsonObject *quote =
    get_length (quotes) > 0 ? quotes_json_get_object (json_array_get_element (quotes, 0)) : NULL;

  self->times = quotes_json_object_get_array (result, "timestamp");
  self->opens = quotes_json_object_get_array (quote, "open");
  self->highs = quotes_json_object_get_array (quote, "high");
  self->lows = quotes_json_object_get_array (quote, "low");
  self->closes = quotes_json_object_get_array (quote, "close");
  self->n = get_length (self->times);
  return get_length (self->closes) == self->n && fits (self->opens, self->n) &&
         fits (self->highs, self->n) && fits (self->lows, self->n);
}

/* Bars of a day begin at midnight of the exchange, or when it opens; ours begin at midnight UTC of
 * the same date. Its distance from UTC is told as it is now, and in the other half of the year it
 * is an hour less or more: midnight may seem to be eleven in the evening. The one bar whose time is
 * any time of a day is that of the newest price. */
static gint64
get_day_us (const Frame *self, double time)
{
  double slack = time == self->market_time ? (self->is_future ? FUTURES_EVENING_S : 0) : HOUR_S;

  return (gint64) floor ((time + self->offset + slack) / DAY_S) * DAY_S * G_USEC_PER_SEC;
}

/* Returns: 0 when there is no such time, or not yet */
static gint64
get_start_us (const Frame *self, double time)
{
  gint64 bar_us = quotes_interval_get_us (self->interval);
  gint64 time_us = quotes_answer_get_time_us (time, self->now_us);
  gint64 start_us = 0;

  if (time_us == 0)
    return 0;
  start_us = self->interval == QUOTES_INTERVAL_DAY
               ? get_day_us (self, (double) time_us / G_USEC_PER_SEC)
               : time_us / bar_us * bar_us;
  return start_us <= self->now_us ? MAX (start_us, 0) : 0;
}

/* A value of the bar whose close is @close. Yahoo writes null and 0 for what it does not know. */
static double
get_value (const Frame *self, JsonArray *array, guint i, double close)
{
  double value = quotes_yahoo_unit_convert (&self->unit, quotes_json_array_get_number (array, i));

  return isfinite (value) && value != 0 ? value : close;
}

static gboolean
read_bar (const Frame *self, const Columns *columns, guint i, QuotesBar *bar)
{
  double close =
    quotes_yahoo_unit_convert (&self->unit, quotes_json_array_get_number (columns->closes, i));

  *bar = (QuotesBar){
    .start_us = get_start_us (self, quotes_json_array_get_number (columns->times, i)),
    .close = close,
    .source = SOURCE,
  };
  if (bar->start_us == 0 || !isfinite (close))
    return FALSE;

  bar->open = get_value (self, columns->opens, i, close);
  /* Those that were rounded elsewhere may lie within the body. */
  bar->high = fmax (get_value (self, columns->highs, i, close), fmax (bar->open, close));
  bar->low = fmin (get_value (self, columns->lows, i, close), fmin (bar->open, close));
  return TRUE;
}

/* @meta has to stay. */
static void
frame_read (Frame *self,
            JsonObject *result,
            const QuotesYahooMeta *meta,
            const QuotesInstrument *instrument)
{
  double offset =
    quotes_json_object_get_number (quotes_json_object_get_object (result, "meta"), "gmtoffset");

  self->offset = fabs (offset) <= DAY_S ? offset : 0;
  self->market_time = meta->quote_time;
  self->is_future = g_strcmp0 (meta->type, "FUTURE") == 0;
  quotes_yahoo_unit_read (&self->unit, meta, instrument);
}

/* Yahoo has answered with bars of another length when it had none of these. */
static gboolean
is_granularity (JsonObject *result, QuotesInterval interval)
{
  const char *told = quotes_json_object_get_string (quotes_json_object_get_object (result, "meta"),
                                                    "dataGranularity");

  return told == NULL || g_str_equal (told, quotes_interval_to_string (interval)) ||
         (interval == QUOTES_INTERVAL_HOUR && g_str_equal (told, "60m"));
}

/* Returns: what is wrong with the answer as a whole; -1 = nothing */
static int
find_fault (JsonObject *result, QuotesInterval interval, Columns *columns)
{
  if (result == NULL)
    return QUOTES_PROVIDER_ERROR_NOT_FOUND;
  if (!columns_read (columns, result) || !is_granularity (result, interval))
    return QUOTES_PROVIDER_ERROR_BAD_DATA;
  return columns->n > QUOTES_HISTORY_BARS_MAX ? QUOTES_PROVIDER_ERROR_TOO_LARGE : -1;
}

/**
 * quotes_yahoo_parse_history:
 * @answer: of `/v8/finance/chart`
 * @instrument: what was asked for
 * @interval: likewise
 * @now_us: the real time
 * @error: return location for a #QuotesProviderError
 *
 * A bar without a close, or of a time that is not yet, is left out. The bars of a future do not say
 * of which contract they are, so where one takes over from another cannot be marked in them.
 *
 * Returns: (transfer full): bars in the money of the instrument's quotes; maybe none
 */
QuotesHistory *
quotes_yahoo_parse_history (const QuotesHttpAnswer *answer,
                            const QuotesInstrument *instrument,
                            QuotesInterval interval,
                            gint64 now_us,
                            GError **error)
{
  JsonObject *result = NULL;
  g_autoptr (JsonNode) root =
    quotes_yahoo_open_chart (answer, instrument->provider_symbol, &result, error);
  g_autoptr (QuotesYahooMeta) meta = NULL;
  g_autoptr (GArray) bars = g_array_new (FALSE, FALSE, sizeof (QuotesBar));
  g_autoptr (QuotesHistory) history = NULL;
  Frame frame = {.interval = interval, .now_us = now_us};
  Columns columns;
  int fault = -1;

  if (root == NULL)
    return NULL;
  fault = find_fault (result, interval, &columns);
  if (fault >= 0)
    {
      quotes_answer_set_error (error, (QuotesProviderError) fault, QUOTES_YAHOO_LABEL,
                               answer->status);
      return NULL;
    }

  meta = quotes_yahoo_meta_read (result, now_us);
  frame_read (&frame, result, meta, instrument);
  for (guint i = 0; i < columns.n; i++)
    {
      QuotesBar bar;

      if (read_bar (&frame, &columns, i, &bar))
        g_array_append_val (bars, bar);
    }
  history = quotes_history_new (instrument->symbol, frame.unit.currency, interval);
  quotes_history_fold (history, bars);
  return g_steal_pointer (&history);
}

/* @from_us and @to_us are rounded to whole seconds, outwards. */
char *
quotes_yahoo_build_history_path (const QuotesInstrument *instrument,
                                 QuotesInterval interval,
                                 gint64 from_us,
                                 gint64 to_us)
{
  g_autofree char *name = g_uri_escape_string (instrument->provider_symbol, NULL, FALSE);

  return g_strdup_printf ("/v8/finance/chart/%s?interval=%s&period1=%" G_GINT64_FORMAT
                          "&period2=%" G_GINT64_FORMAT "&includePrePost=false",
                          name, quotes_interval_to_string (interval), from_us / G_USEC_PER_SEC,
                          (to_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
}
