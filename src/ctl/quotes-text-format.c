/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-text-format.h"

#include <glib/gi18n.h>

#include "quotes-csv.h"
#include "quotes-format.h"
#include "quotes-json.h"
#include "quotes-quote-json.h"
#include "quotes-text.h"

static void
append_field (GString *out, const char *field)
{
  if (*field != '\0')
    g_string_append_printf (out, "  %s", field);
}

static void
append_plain_quote (const QuotesQuote *quote, QuotesPalette palette, GString *out)
{
  g_autofree char *time = quotes_format_time (quote->fetched_us);
  g_autofree char *symbol = quotes_text_clean (quote->symbol);
  g_autofree char *price = quotes_format_price_in_currency (quote);
  g_autofree char *marks = g_strstrip (quotes_format_marks (quote));
  g_autofree char *change = quotes_format_change (quote);
  g_autofree char *percent = quotes_format_percent (quote);
  g_autofree char *state = quotes_format_state (quote);
  g_autoptr (GString) fields = g_string_new (symbol);

  append_field (fields, price);
  append_field (fields, marks);
  append_field (fields, change);
  append_field (fields, percent);
  append_field (fields, state);

  g_string_append_printf (out, "%s  ", time);
  quotes_style_append (out, palette, quotes_view_get_style (quote), fields->str);
  g_string_append_c (out, '\n');
}

static void
append_removed (const QuotesView *view, const QuotesView *previous, GString *out)
{
  for (guint i = 0; i < previous->quotes->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (previous->quotes, i);
      g_autofree char *symbol = NULL;

      if (quotes_view_lookup (view, quote->symbol) != NULL)
        continue;
      symbol = quotes_text_clean (quote->symbol);
      /* Translators: %s is the symbol of an instrument. */
      g_string_append_printf (out, _ ("%s is no longer on the list"), symbol);
      g_string_append_c (out, '\n');
    }
}

static void
append_missing (const QuotesView *view, GString *out)
{
  for (guint i = 0; i < view->missing->len; i++)
    {
      g_autofree char *symbol = quotes_text_clean (g_ptr_array_index (view->missing, i));

      /* Translators: %s is the symbol of an instrument. */
      g_string_append_printf (out, _ ("%s has no price; is it on the list?"), symbol);
      g_string_append_c (out, '\n');
    }
}

/**
 * quotes_text_format_append_plain:
 *
 * Writes one line for each quote that is other news than in @previous, for people. That the service
 * is gone is one line, not one for each quote.
 */
void
quotes_text_format_append_plain (const QuotesView *view,
                                 const QuotesView *previous,
                                 QuotesPalette palette,
                                 GString *out)
{
  if (!view->is_connected)
    {
      g_autofree char *reason = quotes_text_clean (view->reason != NULL ? view->reason : "");

      if (previous != NULL && !previous->is_connected)
        return;
      /* Translators: %s is a whole sentence that says why. */
      g_string_append_printf (out, _ ("offline: %s"), reason);
      g_string_append_c (out, '\n');
      return;
    }

  for (guint i = 0; i < view->quotes->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (view->quotes, i);
      const QuotesQuote *old =
        previous != NULL ? quotes_view_lookup (previous, quote->symbol) : NULL;

      if (old == NULL || !quotes_quote_is_same_news (quote, old))
        append_plain_quote (quote, palette, out);
    }
  if (previous != NULL)
    append_removed (view, previous, out);
  if (view->has_list && (previous == NULL || !previous->has_list))
    append_missing (view, out);
}

/**
 * quotes_text_format_append_json:
 *
 * Writes the wanted quotes as a snapshot of the event stream: a bare array on one line.
 */
void
quotes_text_format_append_json (const QuotesView *view,
                                const QuotesView *previous G_GNUC_UNUSED,
                                QuotesPalette palette G_GNUC_UNUSED,
                                GString *out)
{
  g_string_append_c (out, '[');
  for (guint i = 0; i < view->quotes->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      quotes_quote_append_json (g_ptr_array_index (view->quotes, i), NULL, out);
    }
  g_string_append (out, "]\n");
}

/**
 * quotes_text_format_append_list_json:
 *
 * Writes what `GET /api/v1/widgets/quotes` answers, as far as every transport tells it.
 */
void
quotes_text_format_append_list_json (const QuotesSnapshot *snapshot, GString *out)
{
  g_string_append_printf (out,
                          "{\"version\":%" G_GUINT64_FORMAT ",\"generated\":", snapshot->version);
  quotes_json_append_time (out, snapshot->generated_us);
  g_string_append (out, ",\"quotes\":");
  quotes_snapshot_append_json (snapshot, NULL, NULL, out);
  g_string_append (out, "}\n");
}

static void
append_csv_quote (GString *out, const QuotesQuote *quote)
{
  quotes_csv_append_text (out, quote->symbol);
  quotes_csv_append_text (out, quote->name);
  quotes_csv_append_text (out, quotes_asset_class_to_string (quote->asset_class));
  quotes_csv_append_number (out, quote->price);
  quotes_csv_append_text (out, quote->currency);
  quotes_csv_append_number (out, quote->change);
  quotes_csv_append_number (out, quote->change_pct);
  quotes_csv_append_time (out, quote->fetched_us);
  quotes_csv_append_text (out, quote->source);
  g_string_append_printf (out, ",%s,%d", quote->is_delayed ? "true" : "false",
                          quote->delay_minutes);
  quotes_csv_append_text (out, quote->instrument);
  quotes_csv_append_text (out, quote->provider_symbol);
  quotes_csv_append_number (out, quote->previous_close);
  quotes_csv_append_number (out, quote->open);
  quotes_csv_append_number (out, quote->high);
  quotes_csv_append_number (out, quote->low);
  quotes_csv_append_number (out, quote->volume);
  quotes_csv_append_text (out, quotes_change_basis_to_string (quote->change_basis));
  quotes_csv_append_text (out, quotes_market_state_to_string (quote->market_state));
  quotes_csv_append_text (out, quote->exchange);
  quotes_csv_append_text (out, quote->exchange_timezone);
  quotes_csv_append_time (out, quote->quote_time_us);
  quotes_csv_append_text (out, quote->quoted_as);
  g_string_append_printf (out, ",%d,%s", quote->decimals,
                          quote->stale_reason != QUOTES_STALE_REASON_NONE ? "true" : "false");
  quotes_csv_append_text (out, quotes_stale_reason_to_string (quote->stale_reason));
  quotes_csv_end_row (out);
}

/**
 * quotes_text_format_append_csv:
 *
 * Writes a table by RFC 4180 whose columns are the wire's members in the wire's order. What is
 * unknown is empty.
 */
void
quotes_text_format_append_csv (const QuotesSnapshot *snapshot, GString *out)
{
  g_string_append (out,
                   "symbol,name,asset_class,price,currency,change,change_pct,ts_iso,source,"
                   "is_delayed,delay_minutes,instrument,provider_symbol,previous_close,open,high,"
                   "low,volume,change_basis,market_state,exchange,exchange_timezone,quote_time,"
                   "quoted_as,decimals,stale,stale_reason\r\n");
  for (guint i = 0; i < snapshot->quotes->len; i++)
    append_csv_quote (out, g_ptr_array_index (snapshot->quotes, i));
}

/**
 * quotes_text_format_new_table:
 *
 * Returns: (transfer full): a table of quotes for people, without rows. What stays to the last is
 *   the symbol, the marks and the price.
 */
QuotesTable *
quotes_text_format_new_table (void)
{
  const QuotesTableColumn columns[] = {
    {.heading = _ ("Symbol"), .min_width = 6},
    {.heading = _ ("Name"), .min_width = 8, .drop_rank = 6},
    {.heading = ""},
    {.heading = _ ("Price"), .is_number = TRUE},
    {.heading = "", .drop_rank = 3},
    {.heading = _ ("Change"), .is_number = TRUE, .drop_rank = 4},
    /* Translators: the heading of a column of percentages. */
    {.heading = _ ("%"), .is_number = TRUE, .drop_rank = 1},
    {.heading = _ ("Age"), .is_number = TRUE, .drop_rank = 5},
    {.heading = _ ("State"), .min_width = 6, .drop_rank = 2},
  };

  return quotes_table_new (columns, G_N_ELEMENTS (columns));
}

void
quotes_text_format_add_quote (QuotesTable *table, const QuotesQuote *quote, gint64 now_us)
{
  g_autofree char *marks = quotes_format_marks (quote);
  g_autofree char *price = quotes_format_price (quote);
  g_autofree char *change = quotes_format_change (quote);
  g_autofree char *percent = quotes_format_percent (quote);
  g_autofree char *age = quotes_format_age (now_us - quotes_format_get_time_us (quote));
  g_autofree char *state = quotes_format_state (quote);
  QuotesStyle style = quotes_view_get_style (quote);

  quotes_table_add (table, QUOTES_STYLE_HEADING, quote->symbol);
  quotes_table_add (table, QUOTES_STYLE_PLAIN, quote->name);
  quotes_table_add (table, style, marks);
  quotes_table_add (table, style, price);
  quotes_table_add (table, style, quote->currency);
  quotes_table_add (table, style, change);
  quotes_table_add (table, style, percent);
  quotes_table_add (table, QUOTES_STYLE_PLAIN, age);
  quotes_table_add (table, style, state);
}

/**
 * quotes_text_format_add_pending:
 * @symbol: of an instrument without a price
 * @state: why, in words
 */
void
quotes_text_format_add_pending (QuotesTable *table, const char *symbol, const char *state)
{
  quotes_table_add (table, QUOTES_STYLE_HEADING, symbol);
  /* Name, marks, price, currency, change, percentage, age. */
  for (guint i = 0; i < 7; i++)
    quotes_table_add (table, QUOTES_STYLE_PLAIN, i == 2 ? "\u2013" : NULL);
  quotes_table_add (table, QUOTES_STYLE_STALE, state);
}
