/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <math.h>

#include "quotes-provider.h"

/* What holds of every batch, whatever the bytes were. */

static inline void
fuzz_check_number (double value)
{
  g_assert_true (isnan (value) || isfinite (value));
  g_assert_false (value == 0 && signbit (value));
}

static inline void
fuzz_check_text (const char *text)
{
  g_assert_true (text == NULL || (*text != '\0' && g_utf8_validate (text, -1, NULL)));
}

static inline void
fuzz_check_quote (const QuotesQuote *quote, gint64 now_us)
{
  g_assert_true (isfinite (quote->price) && fabs (quote->price) <= 1e18);
  fuzz_check_number (quote->price);
  fuzz_check_number (quote->change);
  fuzz_check_number (quote->change_pct);
  fuzz_check_number (quote->previous_close);
  fuzz_check_text (quote->name);
  fuzz_check_text (quote->currency);
  fuzz_check_text (quote->exchange);
  fuzz_check_text (quote->exchange_timezone);
  g_assert_true (isnan (quote->change) || quote->change_basis != QUOTES_CHANGE_BASIS_UNKNOWN);
  g_assert_cmpint (quote->decimals, >=, 0);
  g_assert_cmpint (quote->decimals, <=, 12);
  g_assert_cmpint (quote->quote_time_us, >=, 0);
  g_assert_cmpint (quote->quote_time_us, <=, now_us + 60 * G_USEC_PER_SEC);
}

/* Takes over @batch, of which @n_asked symbols were asked for. */
static inline void
fuzz_check_batch (QuotesBatch *batch, guint n_asked, gint64 now_us)
{
  if (batch->error != NULL)
    g_assert_cmpuint (batch->quotes->len + g_hash_table_size (batch->symbol_errors), ==, 0);
  else
    g_assert_cmpuint (batch->quotes->len + g_hash_table_size (batch->symbol_errors), ==, n_asked);
  for (guint i = 0; i < batch->quotes->len; i++)
    fuzz_check_quote (g_ptr_array_index (batch->quotes, i), now_us);
  quotes_batch_free (batch);
}

/* (transfer full): of @provider, named `A`, `B` and `C` */
static inline GPtrArray *
fuzz_make_instruments (const char *provider)
{
  static const char *const names[] = {"A", "B", "C"};
  GPtrArray *instruments =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_instrument_unref);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_ptr_array_add (instruments, quotes_instrument_new (&(QuotesInstrument){
                                    .symbol = names[i],
                                    .provider = provider,
                                    .provider_symbol = names[i],
                                    .text = names[i],
                                    .delay_minutes = -1,
                                  }));
  return instruments;
}
