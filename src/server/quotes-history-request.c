/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-history-request.h"

#include <string.h>

#include "quotes-request-head.h"

/* No value that means something is longer; the longest is a time. */
#define VALUE_MAX 64

/**
 * Parameter:
 * @read: writes what @value means to @target; returns whether it means something
 * @target: a member of the request
 * @fault: what is said when it does not
 */
typedef struct
{
  const char *name;
  gboolean (*read) (const char *value, gpointer target);
  gpointer target;
  const char *fault;
  gboolean is_seen;
} Parameter;

static gboolean
read_range (const char *value, gpointer target)
{
  return quotes_range_from_string (value, target);
}

static gboolean
read_interval (const char *value, gpointer target)
{
  return quotes_interval_from_string (value, target);
}

static gboolean
read_number (const char *value, guint64 min, guint64 max, guint64 *number)
{
  /* Neither signs nor spaces, unlike strtoull(). */
  return g_ascii_string_to_unsigned (value, 10, min, max, number, NULL);
}

static gboolean
read_points (const char *value, gpointer target)
{
  guint64 number = 0;

  if (!read_number (value, QUOTES_HISTORY_POINTS_MIN, QUOTES_HISTORY_POINTS_MAX, &number))
    return FALSE;
  *(guint *) target = (guint) number;
  return TRUE;
}

static gboolean
read_limit (const char *value, gpointer target)
{
  guint64 number = 0;

  if (!read_number (value, 1, QUOTES_RECORD_PAGE_MAX, &number))
    return FALSE;
  *(guint *) target = (guint) number;
  return TRUE;
}

static gboolean
read_after (const char *value, gpointer target)
{
  guint64 number = 0;

  if (!read_number (value, 0, G_MAXINT64, &number))
    return FALSE;
  *(gint64 *) target = (gint64) number;
  return TRUE;
}

static gboolean
read_time (const char *value, gpointer target)
{
  /* NULL without a zone: whose noon is it? */
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (value, NULL);

  if (time == NULL)
    return FALSE;
  *(gint64 *) target =
    g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return TRUE;
}

static gboolean
read_flag (const char *value, gpointer target)
{
  *(gboolean *) target = g_str_equal (value, "1");
  return g_str_equal (value, "1") || g_str_equal (value, "0");
}

static Parameter *
find_parameter (Parameter *known, gsize n_known, const char *name, gsize size)
{
  for (gsize i = 0; i < n_known; i++)
    if (strlen (known[i].name) == size && memcmp (known[i].name, name, size) == 0)
      return &known[i];
  return NULL;
}

/* @pair is not terminated. Returns: (nullable): what is wrong with it */
static const char *
read_value (Parameter *parameter, const char *pair, gsize size)
{
  const char *equals = memchr (pair, '=', size);
  g_autofree char *value = NULL;

  if (parameter->is_seen)
    return "a parameter stands there twice";
  parameter->is_seen = TRUE;
  if (equals != NULL)
    /* NULL for `%00` and half an escape. */
    value = g_uri_unescape_segment (equals + 1, pair + size, NULL);
  if (value == NULL || strlen (value) > VALUE_MAX || !g_utf8_validate (value, -1, NULL) ||
      !parameter->read (value, parameter->target))
    return parameter->fault;
  return NULL;
}

/* Returns: (nullable): what is wrong */
static const char *
read_query (const char *query, Parameter *known, gsize n_known, gboolean is_strict)
{
  if (query == NULL)
    return NULL;
  if (strlen (query) > QUOTES_REQUEST_TARGET_MAX)
    return "the query is too long";

  while (*query != '\0')
    {
      gsize size = strcspn (query, "&");
      const char *equals = memchr (query, '=', size);
      Parameter *parameter =
        find_parameter (known, n_known, query, equals != NULL ? (gsize) (equals - query) : size);
      const char *fault = NULL;

      if (parameter != NULL)
        fault = read_value (parameter, query, size);
      else if (is_strict && size > 0)
        fault = "there is no such parameter";
      if (fault != NULL)
        return fault;
      query += size;
      if (*query == '&')
        query++;
    }
  return NULL;
}

/**
 * quotes_history_request_parse:
 * @raw_query: (nullable): the query as it was sent, still percent-encoded
 * @request: (out): what it asks for
 * @detail: (out) (transfer none): what is wrong with it: a constant
 *
 * A parameter that is unknown here is refused: whoever mistypes one would take the history that
 * comes for the one that was meant.
 *
 * Returns: whether it can be answered
 */
gboolean
quotes_history_request_parse (const char *raw_query,
                              QuotesHistoryRequest *request,
                              const char **detail)
{
  Parameter known[] = {
    {"range", read_range, &request->range, "range is one of 1d, 5d, 1mo, 3mo, 1y and max", FALSE},
    {"points", read_points, &request->n_points, "points is a whole number from 3 to 5000", FALSE},
  };

  *request = (QuotesHistoryRequest){
    .range = QUOTES_RANGE_1D,
    .n_points = QUOTES_HISTORY_POINTS_DEFAULT,
  };
  *detail = read_query (raw_query, known, G_N_ELEMENTS (known), TRUE);
  return *detail == NULL;
}

/* The same for a page of the export. All of them is much, so how fine it is has to be said. */
gboolean
quotes_records_request_parse (const char *raw_query,
                              QuotesRecordsRequest *request,
                              const char **detail)
{
  Parameter known[] = {
    {"interval", read_interval, &request->interval, "interval is one of tick, 1m, 1h and 1d",
     FALSE},
    {"since", read_time, &request->since_us,
     "since is a time with its zone, as 2026-01-31T12:00:00Z", FALSE},
    {"after", read_after, &request->after, "after is the next of the page before", FALSE},
    {"limit", read_limit, &request->n_records, "limit is a whole number from 1 to 5000", FALSE},
  };

  *request = (QuotesRecordsRequest){
    .since_us = G_MININT64,
    .n_records = QUOTES_RECORD_PAGE_MAX,
  };
  *detail = read_query (raw_query, known, G_N_ELEMENTS (known), TRUE);
  if (*detail == NULL && !known[0].is_seen)
    *detail = known[0].fault;
  return *detail == NULL;
}

/* The same for the list, which has always ignored what it does not know. */
gboolean
quotes_list_request_parse (const char *raw_query, gboolean *has_sparklines, const char **detail)
{
  Parameter known[] = {
    {"sparkline", read_flag, has_sparklines, "sparkline is 0 or 1", FALSE},
  };

  *has_sparklines = FALSE;
  *detail = read_query (raw_query, known, G_N_ELEMENTS (known), FALSE);
  return *detail == NULL;
}
