/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz-batch.h"
#include "fuzz-target.h"
#include "quotes-coingecko-parse.h"

#define NOW_US (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GPtrArray) instruments = fuzz_make_instruments ("coingecko");
  g_autoptr (GBytes) body = g_bytes_new_static (data, size);
  static const guint statuses[] = {200, 422};

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (QuotesHttpAnswer) answer = quotes_http_answer_new (statuses[i], NULL, body, -1);

      fuzz_check_batch (quotes_coingecko_parse (answer, instruments, NOW_US), instruments->len,
                        NOW_US);
    }
  return 0;
}
