/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-lookup.h"

#include "quotes-await.h"

QuotesSnapshot *
quotes_lookup_list (QuotesClient *client, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_client_list_async (client, NULL, quotes_await_cb, &result);
  quotes_await (&result);

  return quotes_client_list_finish (client, result, error);
}

const QuotesQuote *
quotes_lookup_quote (const QuotesSnapshot *list, const char *text)
{
  const QuotesQuote *exact = quotes_snapshot_lookup (list, text);

  for (guint i = 0; exact == NULL && i < list->quotes->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (list->quotes, i);

      if (g_ascii_strcasecmp (quote->symbol, text) == 0)
        return quote;
    }
  return exact;
}

const char *
quotes_lookup_symbol (const QuotesSnapshot *list, const char *text)
{
  const QuotesQuote *quote = quotes_lookup_quote (list, text);

  return quote != NULL ? quote->symbol : text;
}
