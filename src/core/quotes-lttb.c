/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-lttb.h"

#include <math.h>

/* The corners of the triangles: time in seconds since the first bar, so that a double has room for
 * the fractions, and the close. */
typedef struct
{
  double x;
  double y;
} Point;

typedef struct
{
  const QuotesBar *bars;
  guint n_bars;
  guint n_buckets;
} Series;

static Point
point_of (const Series *series, guint i)
{
  return (Point){(double) (series->bars[i].start_us - series->bars[0].start_us) / 1e6,
                 series->bars[i].close};
}

/* Where the bucket begins. The first and the last bar are in none, so the one after the last bucket
 * begins at the last bar. Counted in whole numbers: with a floating width the last bucket can lose
 * a bar. */
static guint
bucket_start (const Series *series, guint bucket)
{
  return 1 + (guint) ((guint64) bucket * (series->n_bars - 2) / series->n_buckets);
}

static Point
average_of (const Series *series, guint from, guint to)
{
  Point sum = {0, 0};

  for (guint i = from; i < to; i++)
    {
      Point point = point_of (series, i);

      sum.x += point.x;
      sum.y += point.y;
    }
  return (Point){sum.x / (to - from), sum.y / (to - from)};
}

/* Twice the area. Prices near the largest double make it infinite or no number at all; then it
 * convinces nobody, and the bucket still has its first bar. */
static double
area_of (Point a, Point b, Point c)
{
  return fabs ((a.x - c.x) * (b.y - a.y) - (a.x - b.x) * (c.y - a.y));
}

static gboolean
has_roll (const Series *series, guint from, guint to)
{
  for (guint i = from; i < to; i++)
    if (series->bars[i].is_roll)
      return TRUE;
  return FALSE;
}

/* The bar of the bucket with the largest triangle; the earliest of equals. Where another contract
 * began only such a bar may stand for the bucket: else the step to it would look like a move. */
static guint
choose (const Series *series, guint bucket, guint previous)
{
  guint from = bucket_start (series, bucket);
  guint to = bucket_start (series, bucket + 1);
  guint next_to = bucket + 1 < series->n_buckets ? bucket_start (series, bucket + 2) : to + 1;
  Point before = point_of (series, previous);
  Point after = average_of (series, to, next_to);
  gboolean wants_roll = has_roll (series, from, to);
  double largest = -1;
  guint chosen = to;

  for (guint i = from; i < to; i++)
    if (!wants_roll || series->bars[i].is_roll)
      {
        double area = area_of (before, point_of (series, i), after);

        if (chosen == to || area > largest)
          {
            largest = area;
            chosen = i;
          }
      }
  return chosen;
}

/* Another contract that began since the bar kept before is told by this one. */
static void
keep (GArray *kept, const Series *series, guint previous, guint chosen)
{
  QuotesBar bar = series->bars[chosen];

  bar.is_roll = has_roll (series, previous + 1, chosen + 1);
  g_array_append_val (kept, bar);
}

/**
 * quotes_lttb_reduce:
 * @bars: (element-type QuotesBar): the oldest first, their closes finite
 * @n_points: how many may remain, %QUOTES_HISTORY_POINTS_MIN at least
 *
 * Largest-Triangle-Three-Buckets (Sveinn Steinarsson, "Downsampling Time Series for Visual
 * Representation", 2013), on the starts and closes: of as many buckets of bars as may remain, each
 * keeps the one that makes the largest triangle with the one kept before and the average of the
 * bucket after. What is seen of the curve stays; the bars themselves are untouched. The first and
 * the last bar remain. Takes time in proportion to @bars.
 *
 * A bucket with rolls keeps one of them, that with the largest triangle, and a bar that is kept is
 * a roll if one lies between it and the bar kept before, so that no roll is forgotten.
 *
 * Returns: (transfer full) (element-type QuotesBar): the bars that remain, all of them if there are
 *   no more than @n_points; their texts belong to whom they belonged to
 */
GArray *
quotes_lttb_reduce (GArray *bars, guint n_points)
{
  Series series = {(gconstpointer) bars->data, bars->len, n_points - 2};
  GArray *kept = NULL;
  guint previous = 0;

  g_return_val_if_fail (n_points >= QUOTES_HISTORY_POINTS_MIN, NULL);

  kept = g_array_sized_new (FALSE, FALSE, sizeof (QuotesBar), MIN (bars->len, n_points));
  if (bars->len <= n_points)
    {
      g_array_append_vals (kept, bars->data, bars->len);
      return kept;
    }

  g_array_append_val (kept, series.bars[0]);
  for (guint bucket = 0; bucket < series.n_buckets; bucket++)
    {
      guint chosen = choose (&series, bucket, previous);

      keep (kept, &series, previous, chosen);
      previous = chosen;
    }
  keep (kept, &series, previous, series.n_bars - 1);

  return kept;
}
