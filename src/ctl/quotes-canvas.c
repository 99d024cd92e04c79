/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-canvas.h"

#include <stdlib.h>

#define FIRST_BRAILLE 0x2800

typedef struct
{
  guint8 dots; /* as braille counts them */
  guint8 layer;
  QuotesStyle style;
  gunichar sign; /* instead of dots; 0 = none */
} Cell;

struct _QuotesCanvas
{
  guint n_columns;
  guint n_rows;
  gboolean is_ascii;
  Cell *cells; /* (owned): row by row */
};

QuotesCanvas *
quotes_canvas_new (guint n_columns, guint n_rows, gboolean is_ascii)
{
  QuotesCanvas *self = NULL;

  g_return_val_if_fail (n_columns > 0 && n_rows > 0, NULL);

  self = g_new0 (QuotesCanvas, 1);
  self->n_columns = n_columns;
  self->n_rows = n_rows;
  self->is_ascii = is_ascii;
  self->cells = g_new0 (Cell, (gsize) n_columns * n_rows);

  return self;
}

void
quotes_canvas_free (QuotesCanvas *self)
{
  g_free (self->cells);
  g_free (self);
}

static guint
get_x_dots (const QuotesCanvas *self)
{
  return self->is_ascii ? 1 : 2;
}

static guint
get_y_dots (const QuotesCanvas *self)
{
  return self->is_ascii ? 3 : 4;
}

/* In dots. */
guint
quotes_canvas_get_width (const QuotesCanvas *self)
{
  return self->n_columns * get_x_dots (self);
}

/* In dots. */
guint
quotes_canvas_get_height (const QuotesCanvas *self)
{
  return self->n_rows * get_y_dots (self);
}

/* The column of cells that the dot is in. */
guint
quotes_canvas_get_column (const QuotesCanvas *self, guint x)
{
  return MIN (x / get_x_dots (self), self->n_columns - 1);
}

guint
quotes_canvas_get_row (const QuotesCanvas *self, guint y)
{
  return MIN (y / get_y_dots (self), self->n_rows - 1);
}

/* Returns: (transfer none) (nullable): the cell, with the pen's layer; %NULL when it is of a higher
 *   one */
static Cell *
take_cell (QuotesCanvas *self, const QuotesPen *pen, guint column, guint row)
{
  Cell *cell = &self->cells[(gsize) row * self->n_columns + column];

  if (cell->layer > pen->layer)
    return NULL;
  if (cell->layer < pen->layer)
    *cell = (Cell){.layer = pen->layer};
  cell->style = pen->style;
  return cell;
}

/* What is outside is not drawn. */
void
quotes_canvas_draw_dot (QuotesCanvas *self, const QuotesPen *pen, int x, int y)
{
  static const guint8 bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
  Cell *cell = NULL;

  if (x < 0 || y < 0 || (guint) x >= quotes_canvas_get_width (self) ||
      (guint) y >= quotes_canvas_get_height (self))
    return;

  cell = take_cell (self, pen, (guint) x / get_x_dots (self), (guint) y / get_y_dots (self));
  if (cell != NULL)
    cell->dots |= bits[(guint) y % get_y_dots (self)][(guint) x % get_x_dots (self)];
}

/* Bresenham's; both ends are drawn. */
void
quotes_canvas_draw_line (QuotesCanvas *self, const QuotesPen *pen, int x, int y, int to_x, int to_y)
{
  int width = abs (to_x - x);
  int height = abs (to_y - y);
  int right = x < to_x ? 1 : -1;
  int down = y < to_y ? 1 : -1;
  int error = width - height;

  for (;;)
    {
      int twice = 2 * error;

      /* By the place and not by the length, so that many short lines are dotted as one long. */
      if (!pen->is_dotted || (width >= height ? x : y) % 2 == 0)
        quotes_canvas_draw_dot (self, pen, x, y);
      if (x == to_x && y == to_y)
        return;
      if (twice > -height)
        {
          error -= height;
          x += right;
        }
      if (twice < width)
        {
          error += width;
          y += down;
        }
    }
}

/* A whole character in place of the dots of a cell. */
void
quotes_canvas_draw_sign (QuotesCanvas *self,
                         const QuotesPen *pen,
                         guint column,
                         guint row,
                         gunichar sign)
{
  Cell *cell = NULL;

  g_return_if_fail (column < self->n_columns && row < self->n_rows);

  cell = take_cell (self, pen, column, row);
  if (cell != NULL)
    cell->sign = sign;
}

static gunichar
get_character (const QuotesCanvas *self, const Cell *cell)
{
  if (cell->sign != 0)
    return cell->sign;
  if (cell->dots == 0)
    return ' ';
  if (!self->is_ascii)
    return FIRST_BRAILLE + cell->dots;

  switch (cell->dots)
    {
    case 0x01:
      return '\'';
    case 0x02:
      return '-';
    case 0x04:
      return '.';
    default:
      return '|';
    }
}

/* Returns: the first column behind the last that is drawn */
static guint
get_row_end (const QuotesCanvas *self, const Cell *cells)
{
  guint end = self->n_columns;

  while (end > 0 && get_character (self, &cells[end - 1]) == ' ')
    end--;
  return end;
}

/**
 * quotes_canvas_append_row:
 *
 * Writes the cells of one row, all of them, without an end of line.
 */
void
quotes_canvas_append_row (const QuotesCanvas *self, guint row, QuotesPalette palette, GString *out)
{
  const Cell *cells = &self->cells[(gsize) row * self->n_columns];
  guint end = 0;
  g_autoptr (GString) run = g_string_new (NULL);

  g_return_if_fail (row < self->n_rows);

  end = get_row_end (self, cells);
  for (guint i = 0; i < end; i++)
    {
      g_string_append_unichar (run, get_character (self, &cells[i]));
      if (i + 1 < end && cells[i + 1].style == cells[i].style)
        continue;
      quotes_style_append (out, palette, cells[i].style, run->str);
      g_string_truncate (run, 0);
    }
  g_string_append_printf (out, "%*s", (int) (self->n_columns - end), "");
}
