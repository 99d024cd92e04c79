/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz-target.h"
#include "quotes-history-request.h"

/* Every query is read as each of the three requests. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  QuotesHistoryRequest history;
  QuotesRecordsRequest records;
  gboolean has_sparklines = -1;
  const char *detail = "";

  g_assert_true (quotes_history_request_parse (text, &history, &detail) == (detail == NULL));
  g_assert_cmpuint (history.range, <, QUOTES_N_RANGES);
  g_assert_cmpuint (history.n_points, >=, QUOTES_HISTORY_POINTS_MIN);
  g_assert_cmpuint (history.n_points, <=, QUOTES_HISTORY_POINTS_MAX);

  g_assert_true (quotes_records_request_parse (text, &records, &detail) == (detail == NULL));
  g_assert_cmpuint (records.interval, <, QUOTES_N_INTERVALS);
  g_assert_cmpuint (records.n_records, >=, 1);
  g_assert_cmpuint (records.n_records, <=, QUOTES_RECORD_PAGE_MAX);
  g_assert_cmpint (records.after, >=, 0);

  g_assert_true (quotes_list_request_parse (text, &has_sparklines, &detail) == (detail == NULL));
  g_assert_true (has_sparklines == TRUE || has_sparklines == FALSE);

  return 0;
}
