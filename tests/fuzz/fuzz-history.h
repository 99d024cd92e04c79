/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <math.h>

#include "quotes-provider.h"

/* What holds of every history, whatever the bytes were. Takes over both. */
static inline void
fuzz_check_history (QuotesHistory *history, GError *error, gint64 now_us)
{
  gint64 last_us = 0;

  g_assert_true ((history == NULL) == (error != NULL));
  g_clear_error (&error);
  if (history == NULL)
    return;

  g_assert_cmpuint (history->bars->len, <=, QUOTES_HISTORY_BARS_MAX);
  g_assert_true (g_utf8_validate (history->currency, -1, NULL));
  for (guint i = 0; i < history->bars->len; i++)
    {
      const QuotesBar *bar = &g_array_index (history->bars, QuotesBar, i);

      g_assert_cmpint (bar->start_us, >, last_us);
      g_assert_cmpint (bar->start_us, <=, now_us);
      g_assert_cmpint (bar->start_us % quotes_interval_get_us (history->interval), ==, 0);
      g_assert_true (isfinite (bar->low) && isfinite (bar->high));
      g_assert_cmpfloat (bar->low, <=, MIN (bar->open, bar->close));
      g_assert_cmpfloat (bar->high, >=, MAX (bar->open, bar->close));
      last_us = bar->start_us;
    }
  quotes_history_unref (history);
}
