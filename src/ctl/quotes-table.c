/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-table.h"

#include "quotes-text.h"

#define WIDE_GAP 2
#define NARROW_GAP 1
/* Below this each cell counts. */
#define NARROW_WIDTH 60

typedef struct
{
  QuotesStyle style;
  char *text; /* (owned): clean */
} Cell;

typedef struct
{
  char *heading; /* (owned) */
  gboolean is_number;
  guint min_width;
  guint drop_rank;
  guint natural_width;
  guint width; /* now */
  gboolean is_shown;
} Column;

struct _QuotesTable
{
  GArray *columns; /* (owned) (element-type Column) */
  GArray *cells;   /* (owned) (element-type Cell): row by row */
  guint gap;
  gboolean is_rtl; /* some text runs from right to left, so every cell is isolated */
};

static void
clear_cell (gpointer data)
{
  g_free (((Cell *) data)->text);
}

static void
clear_column (gpointer data)
{
  g_free (((Column *) data)->heading);
}

static Column *
get_column (QuotesTable *self, guint i)
{
  return &g_array_index (self->columns, Column, i);
}

QuotesTable *
quotes_table_new (const QuotesTableColumn *columns, guint n_columns)
{
  QuotesTable *self = NULL;

  g_return_val_if_fail (n_columns > 0, NULL);

  self = g_new0 (QuotesTable, 1);
  self->gap = WIDE_GAP;
  self->columns = g_array_new (FALSE, TRUE, sizeof (Column));
  self->cells = g_array_new (FALSE, TRUE, sizeof (Cell));
  g_array_set_clear_func (self->columns, clear_column);
  g_array_set_clear_func (self->cells, clear_cell);

  for (guint i = 0; i < n_columns; i++)
    {
      Column column = {
        .heading = g_strdup (columns[i].heading != NULL ? columns[i].heading : ""),
        .is_number = columns[i].is_number,
        .min_width = columns[i].min_width,
        .drop_rank = columns[i].drop_rank,
        .is_shown = TRUE,
      };

      column.natural_width = column.width = quotes_text_get_width (column.heading);
      self->is_rtl |= quotes_text_is_rtl (column.heading);
      g_array_append_val (self->columns, column);
    }

  return self;
}

void
quotes_table_free (QuotesTable *self)
{
  g_array_unref (self->columns);
  g_array_unref (self->cells);
  g_free (self);
}

/**
 * quotes_table_add:
 * @text: (nullable): of any origin; %NULL = nothing
 *
 * Fills the next cell: rows from the top, each from its first column.
 */
void
quotes_table_add (QuotesTable *self, QuotesStyle style, const char *text)
{
  Column *column = get_column (self, self->cells->len % self->columns->len);
  Cell cell = {style, quotes_text_clean (text != NULL ? text : "")};
  guint width = quotes_text_get_width (cell.text);

  column->natural_width = MAX (column->natural_width, width);
  column->width = column->natural_width;
  self->is_rtl |= quotes_text_is_rtl (cell.text);
  g_array_append_val (self->cells, cell);
}

guint
quotes_table_get_n_rows (QuotesTable *self)
{
  return self->cells->len / self->columns->len;
}

static guint
get_total_width (QuotesTable *self)
{
  guint total = 0;
  guint n_shown = 0;

  for (guint i = 0; i < self->columns->len; i++)
    if (get_column (self, i)->is_shown)
      {
        total += get_column (self, i)->width;
        n_shown++;
      }

  return total + (n_shown > 0 ? n_shown - 1 : 0) * self->gap;
}

/* Takes cells from the columns that may be cut, the widest first. */
static void
cut_columns (QuotesTable *self, guint width, gboolean cut_all)
{
  while (get_total_width (self) > width)
    {
      Column *widest = NULL;

      for (guint i = 0; i < self->columns->len; i++)
        {
          Column *column = get_column (self, i);
          guint least = cut_all ? 1 : column->min_width;

          if (column->is_shown && least > 0 && column->width > least &&
              (widest == NULL || column->width > widest->width))
            widest = column;
        }
      if (widest == NULL)
        return;
      widest->width--;
    }
}

static Column *
find_next_to_drop (QuotesTable *self)
{
  Column *next = NULL;

  for (guint i = 0; i < self->columns->len; i++)
    {
      Column *column = get_column (self, i);

      if (column->is_shown && column->drop_rank > 0 &&
          (next == NULL || column->drop_rank > next->drop_rank))
        next = column;
    }

  return next;
}

static void
restore_widths (QuotesTable *self)
{
  for (guint i = 0; i < self->columns->len; i++)
    get_column (self, i)->width = get_column (self, i)->natural_width;
}

/**
 * quotes_table_fit:
 * @width: the room in cells, or %QUOTES_TABLE_ANY_WIDTH
 *
 * Cuts columns and leaves columns out until a row fits.
 *
 * Returns: how wide a row is
 */
guint
quotes_table_fit (QuotesTable *self, guint width)
{
  self->gap = width < NARROW_WIDTH ? NARROW_GAP : WIDE_GAP;
  for (guint i = 0; i < self->columns->len; i++)
    get_column (self, i)->is_shown = TRUE;

  for (;;)
    {
      Column *next = NULL;

      restore_widths (self);
      cut_columns (self, width, FALSE);
      if (get_total_width (self) <= width)
        break;
      next = find_next_to_drop (self);
      if (next == NULL)
        {
          cut_columns (self, width, TRUE);
          break;
        }
      next->is_shown = FALSE;
    }

  return get_total_width (self);
}

static void
append_cell (QuotesTable *self,
             const Column *column,
             const Cell *cell,
             gboolean is_last,
             QuotesPalette palette,
             GString *out)
{
  g_autofree char *shown = quotes_text_truncate (cell->text, column->width);
  guint shown_width = quotes_text_get_width (shown);
  int padding = (int) (column->width > shown_width ? column->width - shown_width : 0);

  if (self->is_rtl && *shown != '\0')
    {
      g_autofree char *bare = g_steal_pointer (&shown);

      shown = quotes_text_isolate (bare);
    }
  if (column->is_number)
    g_string_append_printf (out, "%*s", padding, "");
  if (*shown != '\0')
    quotes_style_append (out, palette, cell->style, shown);
  if (!column->is_number && !is_last)
    g_string_append_printf (out, "%*s", padding, "");
}

static gboolean
is_last_shown (QuotesTable *self, guint i)
{
  for (guint k = i + 1; k < self->columns->len; k++)
    if (get_column (self, k)->is_shown)
      return FALSE;

  return TRUE;
}

static void
append_gap (QuotesTable *self, guint i, GString *out)
{
  for (guint k = 0; k < i; k++)
    if (get_column (self, k)->is_shown)
      {
        g_string_append_printf (out, "%*s", (int) self->gap, "");
        return;
      }
}

void
quotes_table_append_headings (QuotesTable *self, QuotesPalette palette, GString *out)
{
  for (guint i = 0; i < self->columns->len; i++)
    {
      Column *column = get_column (self, i);
      Cell cell = {QUOTES_STYLE_HEADING, column->heading};

      if (!column->is_shown)
        continue;
      append_gap (self, i, out);
      append_cell (self, column, &cell, is_last_shown (self, i), palette, out);
    }
}

static void
trim_spaces (GString *out, gsize start)
{
  gsize end = out->len;

  while (end > start && out->str[end - 1] == ' ')
    end--;
  g_string_truncate (out, end);
}

/**
 * quotes_table_append_row:
 *
 * Writes one row, without an end of line.
 */
void
quotes_table_append_row (QuotesTable *self, guint row, QuotesPalette palette, GString *out)
{
  gsize start = out->len;

  g_return_if_fail (row < quotes_table_get_n_rows (self));

  for (guint i = 0; i < self->columns->len; i++)
    {
      Column *column = get_column (self, i);
      Cell *cell = &g_array_index (self->cells, Cell, row * self->columns->len + i);

      if (!column->is_shown)
        continue;
      append_gap (self, i, out);
      append_cell (self, column, cell, is_last_shown (self, i), palette, out);
    }
  trim_spaces (out, start);
}

/**
 * quotes_table_append_all:
 *
 * Writes the headings and all rows, each with its end of line.
 */
void
quotes_table_append_all (QuotesTable *self, QuotesPalette palette, GString *out)
{
  quotes_table_append_headings (self, palette, out);
  g_string_append_c (out, '\n');
  for (guint row = 0; row < quotes_table_get_n_rows (self); row++)
    {
      quotes_table_append_row (self, row, palette, out);
      g_string_append_c (out, '\n');
    }
}
