/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-history-reader.h"

#include <glib/gi18n.h>
#include <math.h>

#include "quotes-client.h"
#include "quotes-json.h"

/* The years 1 to 9999: what a GDateTime can say. */
#define FIRST_US (G_GINT64_CONSTANT (-62135596800) * G_USEC_PER_SEC)
#define LAST_US (G_GINT64_CONSTANT (253402300799) * G_USEC_PER_SEC)

static gpointer
refuse (GError **error)
{
  g_set_error_literal (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER,
                       _ ("The service gave an answer that cannot be understood"));
  return NULL;
}

static gboolean
is_bar (const QuotesBar *bar)
{
  return bar->start_us >= FIRST_US && bar->start_us <= LAST_US && isfinite (bar->open) &&
         isfinite (bar->high) && isfinite (bar->low) && isfinite (bar->close);
}

static gboolean
read_time (JsonObject *object, gint64 *time_us)
{
  const char *text = quotes_json_object_get_string (object, "t");
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  if (time == NULL)
    return FALSE;
  *time_us = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return TRUE;
}

/* The texts of @bar live as long as @object. */
static gboolean
read_bar (JsonObject *object, QuotesBar *bar)
{
  if (!read_time (object, &bar->start_us))
    return FALSE;
  bar->open = quotes_json_object_get_number (object, "o");
  bar->high = quotes_json_object_get_number (object, "h");
  bar->low = quotes_json_object_get_number (object, "l");
  bar->close = quotes_json_object_get_number (object, "c");
  bar->source = quotes_json_object_get_string (object, "source");
  if (!quotes_json_object_get_boolean (object, "roll", &bar->is_roll))
    bar->is_roll = FALSE;
  return is_bar (bar);
}

/* The bus has no null. */
static const char *
get_known (const char *text)
{
  return *text != '\0' ? text : NULL;
}

/* Appends @bar if it may stand there. */
static gboolean
take_bar (QuotesHistory *history, const QuotesBar *bar)
{
  guint n_bars = history->bars->len;

  if (n_bars >= QUOTES_HISTORY_POINTS_MAX ||
      (n_bars > 0 &&
       g_array_index (history->bars, QuotesBar, n_bars - 1).start_us >= bar->start_us))
    return FALSE;
  quotes_history_append (history, bar);
  return TRUE;
}

/**
 * quotes_history_read_json:
 * @object: `{"symbol","currency","interval","bars":[...]}`
 */
QuotesHistory *
quotes_history_read_json (JsonObject *object, GError **error)
{
  const char *symbol = quotes_json_object_get_string (object, "symbol");
  const char *word = quotes_json_object_get_string (object, "interval");
  JsonArray *bars = quotes_json_object_get_array (object, "bars");
  QuotesInterval interval = QUOTES_INTERVAL_TICK;
  g_autoptr (QuotesHistory) history = NULL;

  if (symbol == NULL || bars == NULL || word == NULL ||
      !quotes_interval_from_string (word, &interval))
    return refuse (error);

  history =
    quotes_history_new (symbol, quotes_json_object_get_string (object, "currency"), interval);
  for (guint i = 0; i < json_array_get_length (bars); i++)
    {
      JsonObject *item = quotes_json_get_object (json_array_get_element (bars, i));
      QuotesBar bar = {0};

      if (item == NULL || !read_bar (item, &bar) || !take_bar (history, &bar))
        return refuse (error);
    }
  return g_steal_pointer (&history);
}

/**
 * quotes_history_read_variant:
 * @reply: a `(ssa(xddddsb))`: currency, interval, bars
 */
QuotesHistory *
quotes_history_read_variant (GVariant *reply, const char *symbol, GError **error)
{
  const char *currency = NULL;
  const char *word = NULL;
  g_autoptr (GVariantIter) iter = NULL;
  QuotesInterval interval = QUOTES_INTERVAL_TICK;
  g_autoptr (QuotesHistory) history = NULL;
  QuotesBar bar = {0};

  g_variant_get (reply, "(&s&sa(xddddsb))", &currency, &word, &iter);
  if (!quotes_interval_from_string (word, &interval))
    return refuse (error);

  history = quotes_history_new (symbol, get_known (currency), interval);
  while (g_variant_iter_next (iter, "(xdddd&sb)", &bar.start_us, &bar.open, &bar.high, &bar.low,
                              &bar.close, &bar.source, &bar.is_roll))
    {
      bar.source = get_known (bar.source);
      if (!is_bar (&bar) || !take_bar (history, &bar))
        return refuse (error);
    }

  return g_steal_pointer (&history);
}

/* @next: what to ask for next; not further on it would go round in circles. */
static gboolean
take_next (QuotesRecordPage *page, gint64 after, gint64 next)
{
  page->next = next;
  return next == 0 || next > after;
}

static gboolean
take_record (QuotesRecordPage *page, const QuotesRecord *record)
{
  if (page->records->len >= QUOTES_RECORD_PAGE_MAX || *record->symbol == '\0')
    return FALSE;
  quotes_record_page_append (page, record);
  return TRUE;
}

static gboolean
read_record (JsonObject *object, QuotesRecord *record)
{
  record->symbol = quotes_json_object_get_string (object, "symbol");
  record->currency = quotes_json_object_get_string (object, "currency");
  return record->symbol != NULL && read_bar (object, &record->bar);
}

static gboolean
read_next (JsonObject *object, gint64 *next)
{
  *next = 0;
  return (json_object_has_member (object, "next") &&
          json_object_get_null_member (object, "next")) ||
         quotes_json_object_get_int (object, "next", next);
}

/**
 * quotes_record_page_read_json:
 * @object: `{"interval","records":[...],"next"}`
 * @interval: what was asked for
 * @after: as it was asked for
 */
QuotesRecordPage *
quotes_record_page_read_json (JsonObject *object,
                              QuotesInterval interval,
                              gint64 after,
                              GError **error)
{
  const char *word = quotes_json_object_get_string (object, "interval");
  JsonArray *records = quotes_json_object_get_array (object, "records");
  g_autoptr (QuotesRecordPage) page = quotes_record_page_new (interval);
  gint64 next = 0;

  if (g_strcmp0 (word, quotes_interval_to_string (interval)) != 0 || records == NULL ||
      !read_next (object, &next) || !take_next (page, after, next))
    return refuse (error);

  for (guint i = 0; i < json_array_get_length (records); i++)
    {
      JsonObject *item = quotes_json_get_object (json_array_get_element (records, i));
      QuotesRecord record = {0};

      if (item == NULL || !read_record (item, &record) || !take_record (page, &record))
        return refuse (error);
    }
  return g_steal_pointer (&page);
}

/**
 * quotes_record_page_read_variant:
 * @reply: a `(a(xsddddssb)x)`: records, next
 */
QuotesRecordPage *
quotes_record_page_read_variant (GVariant *reply,
                                 QuotesInterval interval,
                                 gint64 after,
                                 GError **error)
{
  g_autoptr (GVariantIter) iter = NULL;
  g_autoptr (QuotesRecordPage) page = quotes_record_page_new (interval);
  QuotesRecord record = {0};
  QuotesBar *bar = &record.bar;
  gint64 next = 0;

  g_variant_get (reply, "(a(xsddddssb)x)", &iter, &next);
  if (!take_next (page, after, next))
    return refuse (error);
  while (g_variant_iter_next (iter, "(x&sdddd&s&sb)", &bar->start_us, &record.symbol, &bar->open,
                              &bar->high, &bar->low, &bar->close, &record.currency, &bar->source,
                              &bar->is_roll))
    {
      bar->source = get_known (bar->source);
      record.currency = get_known (record.currency);
      if (!is_bar (bar) || !take_record (page, &record))
        return refuse (error);
    }

  return g_steal_pointer (&page);
}
