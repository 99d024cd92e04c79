/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-history-format.h"

#include "quotes-csv.h"
#include "quotes-json.h"
#include "quotes-quote-json.h"

static void
append_number_member (GString *out, const char *name, double value)
{
  g_string_append_printf (out, ",\"%s\":", name);
  quotes_json_append_number (out, value);
}

static void
append_prices (GString *out, const QuotesBar *bar)
{
  append_number_member (out, "o", bar->open);
  append_number_member (out, "h", bar->high);
  append_number_member (out, "l", bar->low);
  append_number_member (out, "c", bar->close);
}

static void
append_bar (GString *out, const QuotesBar *bar)
{
  g_string_append (out, "{\"t\":");
  quotes_json_append_time (out, bar->start_us);
  append_prices (out, bar);
  g_string_append (out, ",\"source\":");
  quotes_json_append_string (out, bar->source);
  g_string_append (out, bar->is_roll ? ",\"roll\":true}" : "}");
}

/**
 * quotes_history_format_append_json:
 *
 * Writes what `GET /api/v1/widgets/quotes/{symbol}/history` answers, on one line.
 */
void
quotes_history_format_append_json (const QuotesHistory *history, GString *out)
{
  g_string_append (out, "{\"symbol\":");
  quotes_json_append_string (out, history->symbol);
  g_string_append (out, ",\"currency\":");
  quotes_json_append_string (out, history->currency);
  g_string_append_printf (out, ",\"interval\":\"%s\",\"bars\":[",
                          quotes_interval_to_string (history->interval));
  for (guint i = 0; i < history->bars->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_bar (out, &g_array_index (history->bars, QuotesBar, i));
    }
  g_string_append (out, "]}\n");
}

static void
append_csv_prices (GString *out, const QuotesBar *bar)
{
  quotes_csv_append_number (out, bar->open);
  quotes_csv_append_number (out, bar->high);
  quotes_csv_append_number (out, bar->low);
  quotes_csv_append_number (out, bar->close);
}

void
quotes_history_format_append_csv (const QuotesHistory *history, GString *out)
{
  g_string_append (out, "time,open,high,low,close,currency,source\r\n");
  for (guint i = 0; i < history->bars->len; i++)
    {
      const QuotesBar *bar = &g_array_index (history->bars, QuotesBar, i);

      quotes_csv_append_time (out, bar->start_us);
      append_csv_prices (out, bar);
      quotes_csv_append_text (out, history->currency);
      quotes_csv_append_text (out, bar->source);
      quotes_csv_end_row (out);
    }
}

/* As `GET /api/v1/history` has them. */
void
quotes_records_format_append_json (const QuotesRecordPage *page, GString *out)
{
  for (guint i = 0; i < page->records->len; i++)
    {
      const QuotesRecord *record = &g_array_index (page->records, QuotesRecord, i);

      g_string_append (out, "{\"t\":");
      quotes_json_append_time (out, record->bar.start_us);
      g_string_append (out, ",\"symbol\":");
      quotes_json_append_string (out, record->symbol);
      append_prices (out, &record->bar);
      g_string_append (out, ",\"currency\":");
      quotes_json_append_string (out, record->currency);
      g_string_append (out, ",\"source\":");
      quotes_json_append_string (out, record->bar.source);
      g_string_append (out, "}\n");
    }
}

void
quotes_records_format_append_csv_headings (GString *out)
{
  g_string_append (out, "time,symbol,open,high,low,close,currency,source\r\n");
}

void
quotes_records_format_append_csv (const QuotesRecordPage *page, GString *out)
{
  for (guint i = 0; i < page->records->len; i++)
    {
      const QuotesRecord *record = &g_array_index (page->records, QuotesRecord, i);

      quotes_csv_append_time (out, record->bar.start_us);
      quotes_csv_append_text (out, record->symbol);
      append_csv_prices (out, &record->bar);
      quotes_csv_append_text (out, record->currency);
      quotes_csv_append_text (out, record->bar.source);
      quotes_csv_end_row (out);
    }
}
