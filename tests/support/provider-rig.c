/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "provider-rig.h"

#include <string.h>

QuotesHttpAnswer *
rig_load_answer (const char *file, guint status)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", file, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return rig_make_answer (text, status,
                          g_str_has_suffix (file, ".html") ? "text/html" : "application/json");
}

QuotesHttpAnswer *
rig_make_answer (const char *text, guint status, const char *content_type)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  return quotes_http_answer_new (status, content_type, body, -1);
}

QuotesInstrument *
rig_make_instrument (const char *provider, const char *name)
{
  g_autofree char *text = g_strconcat (provider, ":", name, NULL);

  return quotes_instrument_new (&(QuotesInstrument){
    .symbol = name,
    .provider = provider,
    .provider_symbol = name,
    .text = text,
    .delay_minutes = -1,
  });
}

GPtrArray *
rig_make_instruments (const char *provider, const char *names)
{
  GPtrArray *instruments =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_instrument_unref);
  g_auto (GStrv) parts = g_strsplit (names, " ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    g_ptr_array_add (instruments, rig_make_instrument (provider, parts[i]));
  return instruments;
}

const QuotesQuote *
rig_find_quote (const QuotesBatch *batch, const char *symbol)
{
  for (guint i = 0; i < batch->quotes->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (batch->quotes, i);

      if (g_str_equal (quote->symbol, symbol))
        return quote;
    }
  return NULL;
}

int
rig_get_symbol_error (const QuotesBatch *batch, const char *symbol)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (batch->symbol_errors, symbol));
}
