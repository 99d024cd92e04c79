/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-quote-json.h"

#include "quotes-json.h"

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

/**
 * quotes_json_append_instant:
 * @time_us: microseconds since 1970, also before it: indices have daily prices since 1927
 *
 * Writes `"YYYY-MM-DDTHH:MM:SS.ffffff+00:00"`, without the fraction when it is 0 (wire format 2.1);
 * `null` for what is in no year of four digits.
 */
void
quotes_json_append_instant (GString *text, gint64 time_us)
{
  gint64 seconds = time_us / G_USEC_PER_SEC;
  gint64 fraction = time_us % G_USEC_PER_SEC;
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *date = NULL;

  if (fraction < 0)
    {
      fraction += G_USEC_PER_SEC;
      seconds--;
    }
  time = g_date_time_new_from_unix_utc (seconds);
  if (time == NULL)
    {
      g_string_append (text, "null");
      return;
    }

  date = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  g_string_append_printf (text, "\"%s", date);
  if (fraction != 0)
    g_string_append_printf (text, ".%06d", (int) fraction);
  g_string_append (text, "+00:00\"");
}

/* As quotes_json_append_instant(); but 0, and what is before it, means that it is unknown: `null`.
 */
void
quotes_json_append_time (GString *text, gint64 time_us)
{
  if (time_us > 0)
    quotes_json_append_instant (text, time_us);
  else
    g_string_append (text, "null");
}

/* The eleven members of the earlier system, in its order. */
static void
append_first_members (const QuotesQuote *self, GString *text)
{
  g_string_append (text, "{\"symbol\":");
  quotes_json_append_string (text, self->symbol);
  append_text (text, "name", self->name);
  append_text (text, "asset_class", quotes_asset_class_to_string (self->asset_class));
  append_number (text, "price", self->price);
  append_text (text, "currency", self->currency);
  append_number (text, "change", self->change);
  append_number (text, "change_pct", self->change_pct);
  g_string_append (text, ",\"ts_iso\":");
  quotes_json_append_time (text, self->fetched_us);
  append_text (text, "source", self->source);
  g_string_append_printf (text, ",\"is_delayed\":%s,\"delay_minutes\":%d",
                          self->is_delayed ? "true" : "false", self->delay_minutes);
}

/**
 * quotes_quote_append_json:
 * @self: a quote
 * @stamp: (nullable): what --stamp-frames adds
 * @text: where to
 *
 * Writes one item of the wire (contract 3): every member always, on one line.
 */
void
quotes_quote_append_json (const QuotesQuote *self, const QuotesStamp *stamp, GString *text)
{
  append_first_members (self, text);
  append_text (text, "instrument", self->instrument);
  append_text (text, "provider_symbol", self->provider_symbol);
  append_number (text, "previous_close", self->previous_close);
  append_number (text, "open", self->open);
  append_number (text, "high", self->high);
  append_number (text, "low", self->low);
  append_number (text, "volume", self->volume);
  append_text (text, "change_basis", quotes_change_basis_to_string (self->change_basis));
  append_text (text, "market_state", quotes_market_state_to_string (self->market_state));
  append_text (text, "exchange", self->exchange);
  append_text (text, "exchange_timezone", self->exchange_timezone);
  g_string_append (text, ",\"quote_time\":");
  quotes_json_append_time (text, self->quote_time_us);
  append_text (text, "quoted_as", self->quoted_as);
  g_string_append_printf (text, ",\"decimals\":%d,\"stale\":%s", self->decimals,
                          self->stale_reason != QUOTES_STALE_REASON_NONE ? "true" : "false");
  append_text (text, "stale_reason", quotes_stale_reason_to_string (self->stale_reason));
  if (stamp != NULL)
    g_string_append_printf (text, ",\"ts_us\":%" G_GINT64_FORMAT ",\"seq\":%" G_GUINT64_FORMAT,
                            stamp->ts_us, stamp->seq);
  g_string_append_c (text, '}');
}

/**
 * quotes_snapshot_append_json:
 * @self: a snapshot
 * @symbols: (nullable) (element-type utf8 utf8): a set; %NULL = all
 * @stamp: (nullable): what --stamp-frames adds
 * @text: where to
 *
 * Writes a bare array of items, in the order of the watchlist.
 */
void
quotes_snapshot_append_json (const QuotesSnapshot *self,
                             GHashTable *symbols,
                             const QuotesStamp *stamp,
                             GString *text)
{
  gboolean is_first = TRUE;

  g_string_append_c (text, '[');
  for (guint i = 0; i < self->quotes->len; i++)
    {
      QuotesQuote *quote = g_ptr_array_index (self->quotes, i);

      if (symbols != NULL && !g_hash_table_contains (symbols, quote->symbol))
        continue;
      if (!is_first)
        g_string_append_c (text, ',');
      is_first = FALSE;
      quotes_quote_append_json (quote, stamp, text);
    }
  g_string_append_c (text, ']');
}
