/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-coingecko-history.h"

#include <math.h>

#include "quotes-answer.h"
#include "quotes-coingecko-parse.h"
#include "quotes-history-fold.h"
#include "quotes-json.h"

#define SOURCE "coingecko:market_chart"
#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
/* Without a key it goes no further back. */
#define DAYS_MAX 365

/* One of `prices`: `[milliseconds, number]`. Returns: whether it is a price of a time that was */
static gboolean
read_point (JsonArray *point, QuotesInterval interval, gint64 now_us, QuotesBar *bar)
{
  gint64 bar_us = quotes_interval_get_us (interval);
  double price = quotes_json_array_get_number (point, 1);
  gint64 time_us = quotes_answer_get_time_us (quotes_json_array_get_number (point, 0), now_us);
  gint64 start_us = time_us / bar_us * bar_us;

  *bar = (QuotesBar){
    .start_us = start_us,
    .open = price,
    .high = price,
    .low = price,
    .close = price,
    .source = SOURCE,
  };
  return isfinite (price) && start_us > 0 && start_us <= now_us;
}

/* Here 404 is about the coin: it says so where prices leave an unknown one out. */
static JsonNode *
open_answer (const QuotesHttpAnswer *answer, GError **error)
{
  GError *fault = NULL;
  JsonNode *root = quotes_coingecko_open (answer, &fault);

  if (answer->status == 404 &&
      g_error_matches (fault, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_HTTP))
    {
      g_clear_error (&fault);
      quotes_answer_set_error (&fault, QUOTES_PROVIDER_ERROR_NOT_FOUND, QUOTES_COINGECKO_LABEL,
                               answer->status);
    }
  if (fault != NULL)
    g_propagate_error (error, fault);
  return root;
}

/**
 * quotes_coingecko_parse_history:
 * @answer: of `/coins/{id}/market_chart`
 * @instrument: what was asked for
 * @interval: of the bars to be made
 * @now_us: the real time
 * @error: return location for a #QuotesProviderError
 *
 * It tells single prices: five minutes apart in the last day, an hour in the last 90, a day before.
 * Those of one bar are folded; between points that are further apart there are no bars.
 *
 * Returns: (transfer full): bars in dollars; maybe none
 */
QuotesHistory *
quotes_coingecko_parse_history (const QuotesHttpAnswer *answer,
                                const QuotesInstrument *instrument,
                                QuotesInterval interval,
                                gint64 now_us,
                                GError **error)
{
  g_autoptr (JsonNode) root = open_answer (answer, error);
  JsonArray *prices = quotes_json_object_get_array (quotes_json_get_object (root), "prices");
  g_autoptr (GArray) bars = g_array_new (FALSE, FALSE, sizeof (QuotesBar));
  g_autoptr (QuotesHistory) history = NULL;
  guint n = prices != NULL ? json_array_get_length (prices) : 0;

  if (root == NULL)
    return NULL;
  if (prices == NULL || n > QUOTES_HISTORY_BARS_MAX)
    {
      quotes_answer_set_error (
        error, prices == NULL ? QUOTES_PROVIDER_ERROR_BAD_DATA : QUOTES_PROVIDER_ERROR_TOO_LARGE,
        QUOTES_COINGECKO_LABEL, answer->status);
      return NULL;
    }

  for (guint i = 0; i < n; i++)
    {
      JsonArray *point = quotes_json_get_array (json_array_get_element (prices, i));
      QuotesBar bar;

      if (read_point (point, interval, now_us, &bar))
        g_array_append_val (bars, bar);
    }
  /* The points of a bar are taken in the order in which they stand there, which is that of time. */
  history = quotes_history_new (instrument->symbol, "USD", interval);
  quotes_history_fold (history, bars);
  return g_steal_pointer (&history);
}

/**
 * quotes_coingecko_build_history_path:
 * @from_us: real time of the first price that is wanted; how many days that is decides how far
 *   apart the points are
 * @now_us: the real time
 *
 * Returns: (transfer full): below where the host has its API
 */
char *
quotes_coingecko_build_history_path (const QuotesInstrument *instrument,
                                     gint64 from_us,
                                     gint64 now_us)
{
  g_autofree char *id = g_uri_escape_string (instrument->provider_symbol, NULL, FALSE);
  gint64 n_days = (now_us - from_us + DAY_US - 1) / DAY_US;

  return g_strdup_printf ("/coins/%s/market_chart?vs_currency=usd&days=%d", id,
                          (int) CLAMP (n_days, 1, DAYS_MAX));
}
