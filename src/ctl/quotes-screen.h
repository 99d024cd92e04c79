/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-view.h"

G_BEGIN_DECLS

/**
 * QuotesScreen:
 * @view: (nullable): %NULL = nothing has been heard yet
 * @width, @height: of the terminal, in cells
 * @first_row: of the list that is shown; kept in range by quotes_screen_draw()
 * @now_us: microseconds since 1970
 *
 * What the full screen of `watch` shows.
 */
typedef struct
{
  const QuotesView *view;
  guint width;
  guint height;
  guint first_row;
  gint64 now_us;
  QuotesPalette palette;
} QuotesScreen;

void quotes_screen_draw (QuotesScreen *self, GString *out);
guint quotes_screen_get_n_rows (const QuotesScreen *self);

G_END_DECLS
