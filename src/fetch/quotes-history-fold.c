/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-history-fold.h"

static int
compare_starts (gconstpointer a, gconstpointer b)
{
  gint64 a_us = ((const QuotesBar *) a)->start_us;
  gint64 b_us = ((const QuotesBar *) b)->start_us;

  return a_us < b_us ? -1 : a_us > b_us;
}

/**
 * quotes_history_fold:
 * @self: one that is being made
 * @bars: (element-type QuotesBar): in any order; they are sorted
 *
 * Appends them, the oldest first. Those that begin at the same time become one: what comes later in
 * @bars is taken to be later.
 */
void
quotes_history_fold (QuotesHistory *self, GArray *bars)
{
  guint next = 0;

  /* It is a stable sort. */
  g_array_sort (bars, compare_starts);
  for (guint i = 0; i < bars->len; i = next)
    {
      QuotesBar bar = g_array_index (bars, QuotesBar, i);

      for (next = i + 1; next < bars->len; next++)
        {
          const QuotesBar *other = &g_array_index (bars, QuotesBar, next);

          if (other->start_us != bar.start_us)
            break;
          bar.high = MAX (bar.high, other->high);
          bar.low = MIN (bar.low, other->low);
          bar.close = other->close;
        }
      quotes_history_append (self, &bar);
    }
}
