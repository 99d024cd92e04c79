/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-timeline.h"

#include <glib/gi18n.h>
#include <math.h>

/* A hole is longer than this many usual steps, and than this many bars. */
#define HOLE_STEPS 8
#define HOLE_BARS 4
/* Of the width, what all holes that are drawn in may take; and in dots, what one takes. */
#define HOLES_SHARE 0.15
#define HOLE_WIDTH 4.0
/* Narrower ones cannot be seen, and the line goes on over them. */
#define VISIBLE_WIDTH 2

struct _QuotesTimeline
{
  guint n_bars;
  gint64 *times_us;   /* (owned) */
  int *x;             /* (owned): of each bar */
  gint64 hole_us;     /* a longer step is a hole */
  gboolean is_folded; /* holes are drawn in */
};

static gint64
get_step (const QuotesTimeline *self, guint bar)
{
  return self->times_us[bar] - self->times_us[bar - 1];
}

static gboolean
is_hole (const QuotesTimeline *self, guint bar)
{
  return get_step (self, bar) > self->hole_us;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

/* Bars were left out to make a long history short, so that what is usual is seen in it only. */
static gint64
get_usual_step (const QuotesTimeline *self)
{
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 1; i < self->n_bars; i++)
    {
      gint64 step = get_step (self, i);

      g_array_append_val (steps, step);
    }
  g_array_sort (steps, compare_times);
  return g_array_index (steps, gint64, steps->len / 2);
}

static void
place_bars (QuotesTimeline *self, guint width)
{
  double span = (double) (self->times_us[self->n_bars - 1] - self->times_us[0]);
  double in_holes = 0;
  guint n_holes = 0;
  double hole_width = 0;
  double x = 0;

  for (guint i = 1; i < self->n_bars; i++)
    if (is_hole (self, i))
      {
        in_holes += (double) get_step (self, i);
        n_holes++;
      }
  self->is_folded = in_holes > span / 2;
  if (self->is_folded)
    hole_width = MIN (HOLE_WIDTH, width * HOLES_SHARE / n_holes);

  for (guint i = 1; i < self->n_bars; i++)
    {
      double step = (double) get_step (self, i);

      if (!self->is_folded)
        x += step / span * (width - 1);
      else if (is_hole (self, i))
        x += hole_width;
      else
        x += step / (span - in_holes) * (width - 1 - n_holes * hole_width);
      self->x[i] = (int) CLAMP (lround (x), 0, (long) width - 1);
    }
}

QuotesTimeline *
quotes_timeline_new (const QuotesHistory *history, guint width)
{
  QuotesTimeline *self = g_new0 (QuotesTimeline, 1);

  self->n_bars = history->bars->len;
  self->times_us = g_new0 (gint64, self->n_bars);
  self->x = g_new0 (int, self->n_bars);
  for (guint i = 0; i < self->n_bars; i++)
    self->times_us[i] = g_array_index (history->bars, QuotesBar, i).start_us;

  if (self->n_bars == 1)
    self->x[0] = (int) width / 2;
  if (self->n_bars > 1)
    {
      self->hole_us = MAX (HOLE_STEPS * get_usual_step (self),
                           HOLE_BARS * quotes_interval_get_us (history->interval));
      place_bars (self, width);
    }
  return self;
}

void
quotes_timeline_free (QuotesTimeline *self)
{
  g_free (self->times_us);
  g_free (self->x);
  g_free (self);
}

int
quotes_timeline_get_x (const QuotesTimeline *self, guint bar)
{
  g_return_val_if_fail (bar < self->n_bars, 0);

  return self->x[bar];
}

/* Whether there is a hole before the bar that can be seen: no line crosses it. */
gboolean
quotes_timeline_is_broken (const QuotesTimeline *self, guint bar)
{
  g_return_val_if_fail (bar < self->n_bars, FALSE);

  return bar > 0 && is_hole (self, bar) && self->x[bar] - self->x[bar - 1] >= VISIBLE_WIDTH;
}

/* Where a time between the first and the last bar is. In a hole that is drawn in nothing is: it is
 * where the hole ends. */
int
quotes_timeline_find_x (const QuotesTimeline *self, gint64 time_us)
{
  guint low = 0;
  guint high = self->n_bars - 1;
  double share = 0;

  g_return_val_if_fail (self->n_bars > 0, 0);

  if (self->n_bars == 1)
    return self->x[0];
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (self->times_us[middle] <= time_us)
        low = middle;
      else
        high = middle;
    }
  if (self->is_folded && is_hole (self, high) && time_us > self->times_us[low])
    return self->x[high];
  share = (double) (time_us - self->times_us[low]) / (double) get_step (self, high);
  return self->x[low] + (int) lround (CLAMP (share, 0, 1) * (self->x[high] - self->x[low]));
}

typedef enum
{
  MINUTE,
  DAY,
  WEEK,
  MONTH,
  YEAR,
} Unit;

static const struct
{
  Unit unit;
  int n;
  int least_minutes; /* between two ticks */
} steps[] = {
  {MINUTE, 1, 1},     {MINUTE, 5, 5},     {MINUTE, 10, 10},    {MINUTE, 15, 15},
  {MINUTE, 30, 30},   {MINUTE, 60, 60},   {MINUTE, 120, 120},  {MINUTE, 180, 180},
  {MINUTE, 360, 360}, {MINUTE, 720, 720}, {DAY, 1, 1380},      {WEEK, 1, 10020},
  {MONTH, 1, 40260},  {MONTH, 3, 129540}, {MONTH, 6, 260580},  {YEAR, 1, 525540},
  {YEAR, 2, 1051140}, {YEAR, 5, 2628000}, {YEAR, 10, 5256000}, {YEAR, 20, 10512000},
};

guint
quotes_time_ticks_get_n_steps (void)
{
  return G_N_ELEMENTS (steps);
}

static GDateTime *
get_midnight (GDateTime *time)
{
  return g_date_time_new (g_date_time_get_timezone (time), g_date_time_get_year (time),
                          g_date_time_get_month (time), g_date_time_get_day_of_month (time), 0, 0,
                          0);
}

/* Returns: (transfer full) (nullable): the last tick at @time or before */
static GDateTime *
begin (GDateTime *time, Unit unit, int n)
{
  GTimeZone *zone = g_date_time_get_timezone (time);
  int year = g_date_time_get_year (time);
  int month = g_date_time_get_month (time) - 1;
  g_autoptr (GDateTime) midnight = NULL;

  switch (unit)
    {
    case YEAR:
      return g_date_time_new (zone, MAX (year - year % n, 1), 1, 1, 0, 0, 0);
    case MONTH:
      return g_date_time_new (zone, year, month - month % n + 1, 1, 0, 0, 0);
    case WEEK:
      midnight = get_midnight (time);
      return midnight != NULL
               ? g_date_time_add_days (midnight, 1 - g_date_time_get_day_of_week (time))
               : NULL;
    case MINUTE:
    case DAY:
    default:
      return get_midnight (time);
    }
}

/* By the calendar of the place: a day may have 23 hours, and its ticks are at full hours still. */
static GDateTime *
advance (GDateTime *time, Unit unit, int n)
{
  int minutes = 0;
  g_autoptr (GDateTime) midnight = NULL;

  switch (unit)
    {
    case YEAR:
      return g_date_time_add_years (time, n);
    case MONTH:
      return g_date_time_add_months (time, n);
    case WEEK:
      return g_date_time_add_weeks (time, n);
    case DAY:
      return g_date_time_add_days (time, n);
    case MINUTE:
    default:
      break;
    }

  minutes = g_date_time_get_hour (time) * 60 + g_date_time_get_minute (time);
  minutes = minutes - minutes % n + n;
  if (minutes >= 24 * 60)
    {
      midnight = g_date_time_add_days (time, 1);
      return midnight != NULL ? get_midnight (midnight) : NULL;
    }
  return g_date_time_new (g_date_time_get_timezone (time), g_date_time_get_year (time),
                          g_date_time_get_month (time), g_date_time_get_day_of_month (time),
                          minutes / 60, minutes % 60, 0);
}

static char *
format_tick (GDateTime *time, Unit unit)
{
  gboolean is_midnight = g_date_time_get_hour (time) == 0 && g_date_time_get_minute (time) == 0;
  const char *format = NULL;

  if (unit == MINUTE && !is_midnight)
    /* Translators: a time of day below a chart, as g_date_time_format() takes it; short.
     * xgettext:no-c-format */
    format = C_ ("chart", "%H:%M");
  else if (unit <= WEEK)
    /* Translators: a day below a chart, as g_date_time_format() takes it; short.
     * xgettext:no-c-format */
    format = C_ ("chart", "%-d %b");
  else if (unit == MONTH && g_date_time_get_month (time) > 1)
    format = "%b";
  else
    format = "%Y";
  return g_date_time_format (time, format);
}

static void
clear_tick (gpointer data)
{
  g_free (((QuotesTimeTick *) data)->label);
}

static gint64
get_us (GDateTime *time)
{
  return g_date_time_to_unix (time) * G_USEC_PER_SEC;
}

GArray *
quotes_time_ticks_new (guint step, gint64 first_us, gint64 last_us, GTimeZone *zone, guint n_max)
{
  g_autoptr (GArray) ticks = NULL;
  g_autoptr (GDateTime) first = NULL;
  g_autoptr (GDateTime) time = NULL;

  g_return_val_if_fail (step < G_N_ELEMENTS (steps), NULL);

  if ((last_us - first_us) / (60 * G_USEC_PER_SEC) / steps[step].least_minutes > n_max)
    return NULL;

  ticks = g_array_new (FALSE, FALSE, sizeof (QuotesTimeTick));
  g_array_set_clear_func (ticks, clear_tick);
  first = g_date_time_new_from_unix_utc (first_us / G_USEC_PER_SEC);
  if (first != NULL)
    {
      g_autoptr (GDateTime) local = g_date_time_to_timezone (first, zone);

      time = local != NULL ? begin (local, steps[step].unit, steps[step].n) : NULL;
    }
  while (time != NULL && get_us (time) <= last_us)
    {
      g_autoptr (GDateTime) here = g_steal_pointer (&time);
      QuotesTimeTick tick = {.time_us = get_us (here)};

      if (tick.time_us >= first_us)
        {
          tick.label = format_tick (here, steps[step].unit);
          g_array_append_val (ticks, tick);
        }
      time = advance (here, steps[step].unit, steps[step].n);
      /* Where the clock is put back, an hour comes twice. */
      if (time != NULL && get_us (time) <= tick.time_us)
        {
          g_autoptr (GDateTime) again = g_steal_pointer (&time);

          time = g_date_time_add_hours (again, 1);
        }
    }
  return g_steal_pointer (&ticks);
}
