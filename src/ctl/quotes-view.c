/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-view.h"

#include "quotes-format.h"

static void
add_quote (QuotesView *self, QuotesQuote *quote)
{
  g_ptr_array_add (self->quotes, self->is_connected ? quotes_quote_ref (quote)
                                                    : quotes_quote_with_stale_reason (
                                                        quote, QUOTES_STALE_REASON_OFFLINE));
}

/* People type `btc`; symbols that differ in case only are told apart by the exact one. */
static QuotesQuote *
find_wanted (const QuotesSnapshot *snapshot, const char *symbol)
{
  QuotesQuote *exact = quotes_snapshot_lookup (snapshot, symbol);

  if (exact != NULL)
    return exact;
  for (guint i = 0; i < snapshot->quotes->len; i++)
    {
      QuotesQuote *quote = g_ptr_array_index (snapshot->quotes, i);

      if (g_ascii_strcasecmp (quote->symbol, symbol) == 0)
        return quote;
    }

  return NULL;
}

/**
 * quotes_view_new:
 * @snapshot: (nullable): the newest list; %NULL = none has come
 * @symbols: (nullable): what to show; %NULL or empty = everything
 * @reason: (nullable): why the service is not there
 *
 * Returns: (transfer full): a new view
 */
QuotesView *
quotes_view_new (const QuotesSnapshot *snapshot,
                 const char *const *symbols,
                 gboolean is_connected,
                 const char *reason)
{
  QuotesView *self = g_new0 (QuotesView, 1);
  gboolean wants_all = symbols == NULL || *symbols == NULL;

  self->quotes = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  self->missing = g_ptr_array_new_with_free_func (g_free);
  self->has_list = snapshot != NULL;
  self->is_connected = is_connected;
  self->reason = g_strdup (reason);
  self->updated_us = snapshot != NULL ? snapshot->generated_us : 0;

  for (guint i = 0; wants_all && snapshot != NULL && i < snapshot->quotes->len; i++)
    add_quote (self, g_ptr_array_index (snapshot->quotes, i));
  for (guint i = 0; !wants_all && symbols[i] != NULL; i++)
    {
      QuotesQuote *quote = snapshot != NULL ? find_wanted (snapshot, symbols[i]) : NULL;

      if (quote != NULL && quotes_view_lookup (self, quote->symbol) == NULL)
        add_quote (self, quote);
      else if (quote == NULL)
        g_ptr_array_add (self->missing, g_strdup (symbols[i]));
    }

  return self;
}

void
quotes_view_free (QuotesView *self)
{
  g_ptr_array_unref (self->quotes);
  g_ptr_array_unref (self->missing);
  g_free (self->reason);
  g_free (self);
}

/* (transfer none) (nullable) */
QuotesQuote *
quotes_view_lookup (const QuotesView *self, const char *symbol)
{
  for (guint i = 0; i < self->quotes->len; i++)
    {
      QuotesQuote *quote = g_ptr_array_index (self->quotes, i);

      if (g_str_equal (quote->symbol, symbol))
        return quote;
    }

  return NULL;
}

QuotesStyle
quotes_view_get_style (const QuotesQuote *quote)
{
  if (quote->stale_reason != QUOTES_STALE_REASON_NONE)
    return QUOTES_STYLE_STALE;
  if (quotes_format_is_closed (quote))
    return QUOTES_STYLE_CLOSED;

  switch (quotes_format_get_direction (quote))
    {
    case QUOTES_DIRECTION_UP:
      return QUOTES_STYLE_UP;
    case QUOTES_DIRECTION_DOWN:
      return QUOTES_STYLE_DOWN;
    case QUOTES_DIRECTION_UNCHANGED:
    case QUOTES_DIRECTION_UNKNOWN:
    default:
      return QUOTES_STYLE_PLAIN;
    }
}
