/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-chart.h"

#include <math.h>

#include "quotes-canvas.h"
#include "quotes-chart-facts.h"
#include "quotes-format.h"
#include "quotes-text.h"
#include "quotes-timeline.h"

/* Rows for each tick of prices. */
#define TICK_ROWS 2
/* Without so many columns for the drawing there are no prices beside it. */
#define PLOT_COLUMNS_MIN 8
#define LABEL_GAP 2
#define GRID_COLUMNS 4

/* From below: a line hides the marks, these the area, and that the grid. */
#define LAYER_GRID 1
#define LAYER_AREA 2
#define LAYER_MARK 3
#define LAYER_LINE 4

/* All that is known while it is drawn. */
typedef struct
{
  const QuotesChart *chart;
  QuotesChartFacts facts;
  QuotesCanvas *canvas;     /* (owned) */
  QuotesTimeline *timeline; /* (owned) */
  double top;               /* the price of the upper dots */
  double bottom;            /* of the lower ones */
  char **labels;            /* (owned): of each row; NULL where there is none */
  guint n_rows;
  guint n_columns;
  guint label_width;
  guint last_row; /* where the last price is */
} Plot;

static void
plot_clear (Plot *plot)
{
  g_clear_pointer (&plot->canvas, quotes_canvas_free);
  g_clear_pointer (&plot->timeline, quotes_timeline_free);
  for (guint i = 0; i < plot->n_rows; i++)
    g_free (plot->labels[i]);
  g_free (plot->labels);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Plot, plot_clear)

double
quotes_chart_get_price_step (double span, guint n_max)
{
  double least = span / MAX (n_max, 1);
  double power = pow (10, floor (log10 (least)));

  if (!isfinite (power) || power <= 0)
    return INFINITY;
  for (guint i = 0; i < 3; i++)
    {
      static const double factors[] = {1, 2, 5};

      /* A hair less than the step is the step. */
      if (factors[i] * power >= least * (1 - 1e-9))
        return factors[i] * power;
    }
  return 10 * power;
}

/* A flat line is in the middle, with as much above and below as may make a difference. */
static void
choose_scale (Plot *plot)
{
  const QuotesChartFacts *facts = &plot->facts;
  double margin = 0;

  plot->top = facts->top;
  plot->bottom = facts->bottom;
  if (plot->top > plot->bottom)
    return;
  margin = MAX (fabs (facts->last) * 0.001, pow (10, -plot->chart->decimals));
  plot->top += margin;
  plot->bottom -= margin;
}

/* In halves, as the difference of two doubles may be none. */
static int
get_y (const Plot *plot, double price)
{
  double share = (plot->top / 2 - price / 2) / (plot->top / 2 - plot->bottom / 2);
  int last = (int) quotes_canvas_get_height (plot->canvas) - 1;

  return isfinite (share) ? (int) lround (CLAMP (share, 0, 1) * last) : last / 2;
}

static void
set_label (Plot *plot, guint row, char *label)
{
  g_free (plot->labels[row]);
  plot->labels[row] = label;
  plot->label_width = MAX (plot->label_width, quotes_text_get_width (label));
}

/* As many decimals as all of them have, so that they stand straight. */
static void
label_prices (Plot *plot)
{
  double step =
    quotes_chart_get_price_step (plot->top - plot->bottom, MAX (plot->n_rows / TICK_ROWS, 2));
  int decimals = plot->chart->decimals;
  double first = ceil (plot->bottom / step - 1e-9);
  double last = floor (plot->top / step + 1e-9);

  plot->last_row = quotes_canvas_get_row (plot->canvas, (guint) get_y (plot, plot->facts.last));
  if (isfinite (step))
    decimals = MAX (decimals, (int) -floor (log10 (step) + 1e-9));
  for (double i = first; isfinite (first) && i <= last && i - first <= plot->n_rows; i++)
    set_label (plot, quotes_canvas_get_row (plot->canvas, (guint) get_y (plot, i * step)),
               quotes_format_number (i * step, decimals));
  set_label (plot, plot->last_row, quotes_format_number (plot->facts.last, decimals));
}

static QuotesStyle
get_faint_style (QuotesStyle style)
{
  switch ((int) style)
    {
    case QUOTES_STYLE_UP:
      return QUOTES_STYLE_UP_FAINT;
    case QUOTES_STYLE_DOWN:
      return QUOTES_STYLE_DOWN_FAINT;
    default:
      return QUOTES_STYLE_FAINT;
    }
}

/* Below the line from one bar to the next, in a pattern that is lighter than the line. */
static void
draw_area (Plot *plot, int from_x, int from_y, int to_x, int to_y)
{
  const QuotesPen pen = {
    .layer = LAYER_AREA,
    .style = get_faint_style (quotes_chart_facts_get_style (&plot->facts)),
  };
  int height = (int) quotes_canvas_get_height (plot->canvas);

  /* Without colour it cannot be told from the line. */
  if (!plot->chart->palette.is_colored || plot->chart->is_ascii)
    return;
  for (int x = from_x; x <= to_x; x++)
    {
      int y = to_x > from_x ? from_y + (to_y - from_y) * (x - from_x) / (to_x - from_x) : to_y;

      for (y++; y < height; y++)
        if (y % 4 == 2 && x % 2 == (y / 4) % 2)
          quotes_canvas_draw_dot (plot->canvas, &pen, x, y);
    }
}

static void
draw_roll (Plot *plot, int x)
{
  const QuotesPen pen = {.layer = LAYER_MARK, .style = QUOTES_STYLE_STALE};
  guint column = quotes_canvas_get_column (plot->canvas, (guint) x);

  for (guint row = 0; row < plot->n_rows; row++)
    quotes_canvas_draw_sign (plot->canvas, &pen, column, row, plot->chart->is_ascii ? ':' : 0x250a);
}

/* The line from the bar before; none over a hole or from one contract to another. */
static void
draw_bar (Plot *plot, guint i)
{
  const GArray *bars = plot->chart->history->bars;
  const QuotesBar *bar = &g_array_index (bars, QuotesBar, i);
  gboolean is_filled = quotes_chart_facts_is_filled (bar);
  QuotesStyle style = quotes_chart_facts_get_style (&plot->facts);
  const QuotesPen pen = {
    .layer = LAYER_LINE,
    .style = is_filled ? get_faint_style (style) : style,
    .is_dotted = is_filled,
  };
  int x = quotes_timeline_get_x (plot->timeline, i);
  int y = get_y (plot, bar->close);

  if (bar->is_roll)
    draw_roll (plot, x);
  if (i > 0 && !bar->is_roll && !quotes_timeline_is_broken (plot->timeline, i))
    {
      int from_x = quotes_timeline_get_x (plot->timeline, i - 1);
      int from_y = get_y (plot, g_array_index (bars, QuotesBar, i - 1).close);

      draw_area (plot, from_x, from_y, x, y);
      quotes_canvas_draw_line (plot->canvas, &pen, from_x, from_y, x, y);
      return;
    }
  draw_area (plot, x, y, x, y);
  if (bars->len > 1)
    quotes_canvas_draw_dot (plot->canvas, &pen, x, y);
  else
    quotes_canvas_draw_sign (plot->canvas, &pen, quotes_canvas_get_column (plot->canvas, (guint) x),
                             quotes_canvas_get_row (plot->canvas, (guint) y),
                             plot->chart->is_ascii ? '*' : 0x25cf);
}

static void
draw_grid (Plot *plot)
{
  const QuotesPen pen = {.layer = LAYER_GRID, .style = QUOTES_STYLE_FAINT};

  if (!plot->chart->palette.is_colored || plot->chart->is_ascii)
    return;
  for (guint row = 0; row < plot->n_rows; row++)
    for (guint column = 0; plot->labels[row] != NULL && column < plot->n_columns;
         column += GRID_COLUMNS)
      quotes_canvas_draw_sign (plot->canvas, &pen, column, row, 0xb7);
}

static void
append_price_axis (const Plot *plot, guint row, GString *out)
{
  const QuotesChart *chart = plot->chart;
  const char *label = plot->labels[row];
  gboolean is_last = row == plot->last_row;
  QuotesStyle style = is_last ? quotes_chart_facts_get_style (&plot->facts) : QUOTES_STYLE_PLAIN;
  const char *sign = chart->is_ascii ? "|" : "\u2502";
  int padding = 0;

  if (label != NULL)
    sign = chart->is_ascii ? "+" : "\u251c";
  if (is_last)
    sign = chart->is_ascii ? "<" : "\u25c2";
  quotes_style_append (out, chart->palette, is_last ? style : QUOTES_STYLE_FAINT, sign);
  if (label == NULL || plot->label_width == 0)
    return;

  padding = (int) (plot->label_width - quotes_text_get_width (label));
  g_string_append_printf (out, " %*s", padding, "");
  quotes_style_append (out, chart->palette, style, label);
}

/* Where the label of a tick begins: in the middle below it, but not out of the drawing. */
static guint
get_label_start (const Plot *plot, guint column, guint width)
{
  guint start = column > width / 2 ? column - width / 2 : 0;

  return MIN (start, plot->n_columns - MIN (width, plot->n_columns));
}

/* Whether the labels of @ticks have room; those of one place are the last of them. */
static gboolean
place_ticks (const Plot *plot, const GArray *ticks, guint *columns, guint *starts)
{
  guint end = 0;

  for (guint i = 0; i < ticks->len; i++)
    {
      const QuotesTimeTick *tick = &g_array_index (ticks, QuotesTimeTick, i);
      int x = quotes_timeline_find_x (plot->timeline, tick->time_us);
      guint width = quotes_text_get_width (tick->label);

      columns[i] = quotes_canvas_get_column (plot->canvas, (guint) MAX (x, 0));
      starts[i] = get_label_start (plot, columns[i], width);
      if (i > 0 && columns[i] == columns[i - 1])
        end = i > 1 && columns[i - 1] != columns[i - 2] ? starts[i - 1] : end;
      else if (i > 0 && starts[i] < end + LABEL_GAP)
        return FALSE;
      end = starts[i] + width;
      if (end > plot->n_columns)
        return FALSE;
    }
  return TRUE;
}

static void
append_time_axis (const Plot *plot, const GArray *ticks, const guint *columns, GString *out)
{
  gboolean is_ascii = plot->chart->is_ascii;
  g_autoptr (GString) line = g_string_new (NULL);
  guint next = 0;

  for (guint column = 0; column < plot->n_columns; column++)
    {
      gboolean is_tick = FALSE;

      for (; next < ticks->len && columns[next] == column; next++)
        is_tick = TRUE;
      if (is_ascii)
        g_string_append_c (line, is_tick ? '+' : '-');
      else
        g_string_append (line, is_tick ? "\u252c" : "\u2500");
    }
  g_string_append (line, is_ascii ? "+" : "\u2518");
  quotes_style_append (out, plot->chart->palette, QUOTES_STYLE_FAINT, line->str);
  g_string_append_c (out, '\n');
}

static void
append_time_labels (const GArray *ticks, const guint *columns, const guint *starts, GString *out)
{
  guint column = 0;

  for (guint i = 0; i < ticks->len; i++)
    {
      const char *label = g_array_index (ticks, QuotesTimeTick, i).label;
      g_autofree char *shown =
        quotes_text_is_rtl (label) ? quotes_text_isolate (label) : g_strdup (label);

      if (i + 1 < ticks->len && columns[i + 1] == columns[i])
        continue;
      g_string_append_printf (out, "%*s%s", (int) (starts[i] - column), "", shown);
      column = starts[i] + quotes_text_get_width (label);
    }
  g_string_append_c (out, '\n');
}

/* With the shortest steps whose labels have room; without any when there is none for them. */
static void
append_times (const Plot *plot, GString *out)
{
  const GArray *bars = plot->chart->history->bars;
  gint64 first_us = g_array_index (bars, QuotesBar, 0).start_us;
  gint64 last_us = g_array_index (bars, QuotesBar, bars->len - 1).start_us;
  g_autoptr (GArray) none = g_array_new (FALSE, FALSE, sizeof (QuotesTimeTick));
  guint n_max = plot->n_columns / LABEL_GAP;
  g_autofree guint *columns = NULL;
  g_autofree guint *starts = NULL;

  for (guint step = 0; step < quotes_time_ticks_get_n_steps (); step++)
    {
      g_autoptr (GArray) ticks =
        quotes_time_ticks_new (step, first_us, last_us, plot->chart->zone, n_max);

      if (ticks == NULL || ticks->len == 0)
        continue;
      g_free (columns);
      g_free (starts);
      columns = g_new0 (guint, ticks->len);
      starts = g_new0 (guint, ticks->len);
      if (place_ticks (plot, ticks, columns, starts))
        {
          append_time_axis (plot, ticks, columns, out);
          append_time_labels (ticks, columns, starts, out);
          return;
        }
    }
  append_time_axis (plot, none, NULL, out);
}

static void
set_up_plot (Plot *plot, const QuotesChart *chart, guint n_rows)
{
  plot->chart = chart;
  plot->n_rows = n_rows;
  plot->n_columns = chart->width - 1;
  plot->labels = g_new0 (char *, n_rows);
  /* Labels need to know the rows only, and the columns what they leave. */
  plot->canvas = quotes_canvas_new (1, n_rows, chart->is_ascii);
  choose_scale (plot);
  label_prices (plot);
  if (plot->label_width + 1 + PLOT_COLUMNS_MIN <= plot->n_columns)
    plot->n_columns -= plot->label_width + 1;
  else
    plot->label_width = 0;

  quotes_canvas_free (plot->canvas);
  plot->canvas = quotes_canvas_new (plot->n_columns, n_rows, chart->is_ascii);
  plot->timeline = quotes_timeline_new (chart->history, quotes_canvas_get_width (plot->canvas));
}

/**
 * quotes_chart_append:
 *
 * Writes the chart for people, line by line.
 */
void
quotes_chart_append (const QuotesChart *self, GString *out)
{
  QuotesChart chart = *self;
  g_auto (Plot) plot = {0};
  g_autoptr (GString) legend = g_string_new (NULL);
  guint n_lines = 0;

  g_return_if_fail (self->history->bars->len > 0);

  chart.width = MAX (self->width, QUOTES_CHART_MIN_WIDTH);
  chart.height = MAX (self->height, QUOTES_CHART_MIN_HEIGHT);
  quotes_chart_facts_read (&plot.facts, self->history);
  /* And the axis of times. */
  n_lines = quotes_chart_facts_append_title (&plot.facts, &chart, out) + 2;
  n_lines += quotes_chart_facts_append_legend (&plot.facts, &chart, legend);

  set_up_plot (&plot, &chart, MAX (chart.height - MIN (n_lines, chart.height), 4));
  draw_grid (&plot);
  for (guint i = 0; i < self->history->bars->len; i++)
    draw_bar (&plot, i);
  for (guint row = 0; row < plot.n_rows; row++)
    {
      quotes_canvas_append_row (plot.canvas, row, chart.palette, out);
      append_price_axis (&plot, row, out);
      g_string_append_c (out, '\n');
    }
  append_times (&plot, out);
  g_string_append (out, legend->str);
}
