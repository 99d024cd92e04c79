/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-history-json.h"

#include "quotes-json.h"
#include "quotes-quote-json.h"

static void
append_text (GString *text, const char *member, const char *value)
{
  g_string_append_printf (text, ",\"%s\":", member);
  quotes_json_append_string (text, value);
}

static void
append_number (GString *text, const char *member, double value)
{
  g_string_append_printf (text, ",\"%s\":", member);
  quotes_json_append_number (text, value);
}

static void
append_prices (const QuotesBar *bar, GString *text)
{
  append_number (text, "o", bar->open);
  append_number (text, "h", bar->high);
  append_number (text, "l", bar->low);
  append_number (text, "c", bar->close);
}

/* `roll` is so rare that it stands there only when it is true. */
static void
append_end (const QuotesBar *bar, GString *text)
{
  append_text (text, "source", bar->source);
  g_string_append (text, bar->is_roll ? ",\"roll\":true}" : "}");
}

/**
 * quotes_history_append_json:
 * @history: what is said
 * @first: from which bar on
 * @n: how many bars at most
 * @text: where to
 *
 * Writes the history of one symbol, as `GET /api/v1/widgets/quotes/{symbol}/history` says it.
 */
gboolean
quotes_history_append_json (const QuotesHistory *history, guint first, guint n, GString *text)
{
  guint end = first + MIN (n, history->bars->len - first);

  if (first == 0)
    {
      g_string_append (text, "{\"symbol\":");
      quotes_json_append_string (text, history->symbol);
      append_text (text, "currency", history->currency);
      append_text (text, "interval", quotes_interval_to_string (history->interval));
      g_string_append (text, ",\"bars\":[");
    }
  for (guint i = first; i < end; i++)
    {
      const QuotesBar *bar = &g_array_index (history->bars, QuotesBar, i);

      g_string_append (text, i > 0 ? ",{\"t\":" : "{\"t\":");
      quotes_json_append_instant (text, bar->start_us);
      append_prices (bar, text);
      append_end (bar, text);
    }
  if (end < history->bars->len)
    return FALSE;

  g_string_append (text, "]}");
  return TRUE;
}

/* Writes one record, as the pages of `GET /api/v1/history` have it. */
void
quotes_record_append_json (const QuotesRecord *record, GString *text)
{
  g_string_append (text, "{\"t\":");
  quotes_json_append_instant (text, record->bar.start_us);
  append_text (text, "symbol", record->symbol);
  append_prices (&record->bar, text);
  append_text (text, "currency", record->currency);
  append_end (&record->bar, text);
}

/**
 * quotes_record_page_append_json:
 * @page: what is said
 * @first: from which record on
 * @n: how many records at most
 * @text: where to
 *
 * Writes one page of the export, as `GET /api/v1/history` says it.
 */
gboolean
quotes_record_page_append_json (const QuotesRecordPage *page, guint first, guint n, GString *text)
{
  guint end = first + MIN (n, page->records->len - first);

  if (first == 0)
    {
      g_string_append (text, "{\"interval\":");
      quotes_json_append_string (text, quotes_interval_to_string (page->interval));
      g_string_append (text, ",\"records\":[");
    }
  for (guint i = first; i < end; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      quotes_record_append_json (&g_array_index (page->records, QuotesRecord, i), text);
    }
  if (end < page->records->len)
    return FALSE;

  if (page->next != 0)
    g_string_append_printf (text, "],\"next\":%" G_GINT64_FORMAT "}", page->next);
  else
    g_string_append (text, "],\"next\":null}");
  return TRUE;
}

static void
append_closes (GArray *closes, GString *text)
{
  g_string_append_c (text, '[');
  for (guint i = 0; closes != NULL && i < closes->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      quotes_json_append_number (text, g_array_index (closes, double, i));
    }
  g_string_append_c (text, ']');
}

/**
 * quotes_sparklines_append_json:
 * @snapshot: what is said
 * @closes: (nullable) (element-type utf8 GArray): by symbol; %NULL = they could not be read
 * @first: from which quote on
 * @n: how many quotes at most
 * @text: where to
 *
 * Writes the items of quotes_snapshot_append_json(), each with a last member more: `sparkline`.
 */
gboolean
quotes_sparklines_append_json (const QuotesSnapshot *snapshot,
                               GHashTable *closes,
                               guint first,
                               guint n,
                               GString *text)
{
  guint end = first + MIN (n, snapshot->quotes->len - first);

  if (first == 0)
    g_string_append_c (text, '[');
  for (guint i = first; i < end; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (snapshot->quotes, i);

      if (i > 0)
        g_string_append_c (text, ',');
      quotes_quote_append_json (quote, NULL, text);
      /* Opens the item again. */
      g_string_truncate (text, text->len - 1);
      g_string_append (text, ",\"sparkline\":");
      if (closes != NULL)
        append_closes (g_hash_table_lookup (closes, quote->symbol), text);
      else
        g_string_append (text, "null");
      g_string_append_c (text, '}');
    }
  if (end < snapshot->quotes->len)
    return FALSE;

  g_string_append_c (text, ']');
  return TRUE;
}
