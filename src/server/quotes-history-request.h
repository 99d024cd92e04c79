/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-history.h"
#include "quotes-record-page.h"

G_BEGIN_DECLS

/**
 * QuotesHistoryRequest:
 * @range: how far back
 * @n_points: how many bars at most
 *
 * What a request for the history of one symbol asks for.
 */
typedef struct
{
  QuotesRange range;
  guint n_points;
} QuotesHistoryRequest;

/**
 * QuotesRecordsRequest:
 * @interval: of which bars
 * @since_us: from when on
 * @after: the record before the first one; 0 = none
 * @n_records: how many at most
 *
 * What a request for one page of the export asks for.
 */
typedef struct
{
  QuotesInterval interval;
  gint64 since_us;
  gint64 after;
  guint n_records;
} QuotesRecordsRequest;

gboolean quotes_history_request_parse (const char *raw_query,
                                       QuotesHistoryRequest *request,
                                       const char **detail);
gboolean quotes_records_request_parse (const char *raw_query,
                                       QuotesRecordsRequest *request,
                                       const char **detail);
gboolean quotes_list_request_parse (const char *raw_query,
                                    gboolean *has_sparklines,
                                    const char **detail);

G_END_DECLS
