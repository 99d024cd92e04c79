/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-history-format.h"

#include "quotes-csv.h"
#include "quotes-history-json.h"

/**
 * quotes_history_format_append_json:
 *
 * Writes what `GET /api/v1/widgets/quotes/{symbol}/history` answers, on one line.
 */
void
quotes_history_format_append_json (const QuotesHistory *history, GString *out)
{
  quotes_history_append_json (history, 0, history->bars->len, out);
  g_string_append_c (out, '\n');
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

/* As `GET /api/v1/history` has them, one on a line. */
void
quotes_records_format_append_json (const QuotesRecordPage *page, GString *out)
{
  for (guint i = 0; i < page->records->len; i++)
    {
      quotes_record_append_json (&g_array_index (page->records, QuotesRecord, i), out);
      g_string_append_c (out, '\n');
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
