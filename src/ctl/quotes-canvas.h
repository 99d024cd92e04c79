/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-style.h"

G_BEGIN_DECLS

/**
 * QuotesPen:
 * @layer: what is drawn on a higher layer takes a cell from the lower ones; 1 is the lowest
 * @style: what it means
 * @is_dotted: every other dot is left out
 */
typedef struct
{
  guint8 layer;
  QuotesStyle style;
  gboolean is_dotted;
} QuotesPen;

/**
 * QuotesCanvas:
 *
 * A drawing of small dots in the cells of a terminal: 2 by 4 of braille in each, or, when plain
 * characters must do, 1 by 3. The dot 0, 0 is on the upper left.
 */
typedef struct _QuotesCanvas QuotesCanvas;

QuotesCanvas *quotes_canvas_new (guint n_columns, guint n_rows, gboolean is_ascii);
void quotes_canvas_free (QuotesCanvas *self);
guint quotes_canvas_get_width (const QuotesCanvas *self);
guint quotes_canvas_get_height (const QuotesCanvas *self);
guint quotes_canvas_get_column (const QuotesCanvas *self, guint x);
guint quotes_canvas_get_row (const QuotesCanvas *self, guint y);
void quotes_canvas_draw_dot (QuotesCanvas *self, const QuotesPen *pen, int x, int y);
void quotes_canvas_draw_line (QuotesCanvas *self,
                              const QuotesPen *pen,
                              int x,
                              int y,
                              int to_x,
                              int to_y);
void quotes_canvas_draw_sign (QuotesCanvas *self,
                              const QuotesPen *pen,
                              guint column,
                              guint row,
                              gunichar sign);
void quotes_canvas_append_row (const QuotesCanvas *self,
                               guint row,
                               QuotesPalette palette,
                               GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesCanvas, quotes_canvas_free)

G_END_DECLS
