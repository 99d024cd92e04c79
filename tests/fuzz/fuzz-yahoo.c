/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz-batch.h"
#include "fuzz-target.h"
#include "quotes-yahoo-parse.h"
#include "quotes-yahoo-quote.h"

#define NOW_US (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

/* A spark must not trip over the facts that a chart brought, whatever they are. */
static void
check_facts (const QuotesHttpAnswer *answer, const QuotesInstrument *instrument)
{
  g_autoptr (QuotesYahooMeta) facts =
    quotes_yahoo_read_chart (answer, instrument->provider_symbol, NOW_US, NULL);
  QuotesYahooMeta meta = {.price = 1,
                          .previous_close = NAN,
                          .open = NAN,
                          .high = NAN,
                          .low = NAN,
                          .volume = NAN,
                          .price_hint = -1,
                          .quote_time = NAN,
                          .fetched_us = NOW_US};
  QuotesSymbolError error = 0;
  g_autoptr (QuotesQuote) quote = NULL;

  if (facts == NULL)
    return;
  quote = quotes_yahoo_quote_new (&meta, facts, instrument, NOW_US, &error);
  g_assert_nonnull (quote);
  fuzz_check_quote (quote, NOW_US);
  quotes_yahoo_meta_has_ended (facts, NOW_US);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GPtrArray) instruments = fuzz_make_instruments ("yahoo");
  g_autoptr (GBytes) body = g_bytes_new_static (data, size);
  static const guint statuses[] = {200, 404};

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (QuotesHttpAnswer) answer = quotes_http_answer_new (statuses[i], NULL, body, -1);

      fuzz_check_batch (quotes_yahoo_parse_spark (answer, instruments, NOW_US), instruments->len,
                        NOW_US);
      fuzz_check_batch (
        quotes_yahoo_parse_chart (answer, g_ptr_array_index (instruments, 0), NOW_US), 1, NOW_US);
      check_facts (answer, g_ptr_array_index (instruments, 0));
    }
  return 0;
}
