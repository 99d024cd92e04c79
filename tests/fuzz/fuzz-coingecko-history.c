/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz-batch.h"
#include "fuzz-history.h"
#include "fuzz-target.h"
#include "quotes-coingecko-history.h"

#define NOW_US (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GPtrArray) instruments = fuzz_make_instruments ("coingecko");
  g_autoptr (GBytes) body = g_bytes_new_static (data, size);
  g_autoptr (QuotesHttpAnswer) answer = quotes_http_answer_new (200, NULL, body, -1);

  for (guint i = QUOTES_INTERVAL_MINUTE; i < QUOTES_N_INTERVALS; i++)
    {
      GError *error = NULL;
      QuotesHistory *history = quotes_coingecko_parse_history (
        answer, g_ptr_array_index (instruments, 0), (QuotesInterval) i, NOW_US, &error);

      fuzz_check_history (history, error, NOW_US);
    }
  return 0;
}
