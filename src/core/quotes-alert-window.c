/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-window.h"

#define N_BUCKETS (QUOTES_ALERT_WINDOW_MAX / 2)

typedef struct
{
  gint64 until_us; /* when it stopped counting; G_MAXINT64 = it counts now */
  double price;
} Point;

/* Prices, each of them less extreme and counting longer than the one before. */
typedef struct
{
  GArray *points; /* (owned) (element-type Point) */
  guint begin;    /* those before it are forgotten */
  double sign;    /* 1 = the highest, -1 = the lowest */
} Side;

struct _QuotesAlertWindow
{
  gint64 length_us;
  Side lows;
  Side highs;
};

static Point *
get_point (Side *side, guint i)
{
  return &g_array_index (side->points, Point, i);
}

static void
side_init (Side *side, double sign)
{
  side->points = g_array_new (FALSE, FALSE, sizeof (Point));
  side->sign = sign;
}

static void
side_clear (Side *side)
{
  g_array_set_size (side->points, 0);
  side->begin = 0;
}

/* Nothing moves until half of it is forgotten: each price is moved once, on average. */
static void
side_forget (Side *side, gint64 since_us)
{
  while (side->begin < side->points->len && get_point (side, side->begin)->until_us <= since_us)
    side->begin++;
  if (side->begin > side->points->len / 2)
    {
      g_array_remove_range (side->points, 0, side->begin);
      side->begin = 0;
    }
}

static void
side_end (Side *side, gint64 now_us)
{
  if (side->points->len > side->begin)
    {
      Point *last = get_point (side, side->points->len - 1);

      last->until_us = MIN (last->until_us, now_us);
    }
}

/* The buckets stand still, so that what was made one before is not drawn out any further. */
static void
side_thin_out (Side *side, gint64 bucket_us)
{
  guint n_kept = 0;

  for (guint i = side->begin; i < side->points->len; i++)
    {
      Point *point = get_point (side, i);
      Point *last = n_kept > 0 ? get_point (side, n_kept - 1) : NULL;

      if (last != NULL && point->until_us < G_MAXINT64 &&
          last->until_us / bucket_us == point->until_us / bucket_us)
        last->until_us = point->until_us;
      else
        *get_point (side, n_kept++) = *point;
    }
  g_array_set_size (side->points, n_kept);
  side->begin = 0;
}

static void
side_add (Side *side, const Point *point, gint64 bucket_us)
{
  while (side->points->len > side->begin &&
         side->sign * get_point (side, side->points->len - 1)->price <= side->sign * point->price)
    g_array_set_size (side->points, side->points->len - 1);
  if (side->points->len - side->begin >= QUOTES_ALERT_WINDOW_MAX)
    side_thin_out (side, bucket_us);
  g_array_append_val (side->points, *point);
}

static void
add (QuotesAlertWindow *self, const Point *point)
{
  gint64 bucket_us = MAX (self->length_us / N_BUCKETS, 1);

  side_add (&self->lows, point, bucket_us);
  side_add (&self->highs, point, bucket_us);
}

QuotesAlertWindow *
quotes_alert_window_new (gint64 length_us)
{
  QuotesAlertWindow *self = g_new0 (QuotesAlertWindow, 1);

  self->length_us = length_us;
  side_init (&self->lows, -1);
  side_init (&self->highs, 1);

  return self;
}

void
quotes_alert_window_free (QuotesAlertWindow *self)
{
  g_array_unref (self->lows.points);
  g_array_unref (self->highs.points);
  g_free (self);
}

void
quotes_alert_window_clear (QuotesAlertWindow *self)
{
  side_clear (&self->lows);
  side_clear (&self->highs);
}

gboolean
quotes_alert_window_is_empty (QuotesAlertWindow *self)
{
  return self->lows.points->len == self->lows.begin;
}

void
quotes_alert_window_add (QuotesAlertWindow *self, gint64 now_us, double price)
{
  Point point = {.until_us = G_MAXINT64, .price = price};

  quotes_alert_window_end (self, now_us);
  side_forget (&self->lows, now_us - self->length_us);
  side_forget (&self->highs, now_us - self->length_us);
  add (self, &point);
}

void
quotes_alert_window_add_past (QuotesAlertWindow *self, gint64 until_us, double price)
{
  Point point = {.until_us = until_us, .price = price};

  g_return_if_fail (quotes_alert_window_is_empty (self));

  add (self, &point);
}

void
quotes_alert_window_end (QuotesAlertWindow *self, gint64 now_us)
{
  side_end (&self->lows, now_us);
  side_end (&self->highs, now_us);
}

gboolean
quotes_alert_window_has_price (QuotesAlertWindow *self)
{
  return !quotes_alert_window_is_empty (self) &&
         get_point (&self->lows, self->lows.points->len - 1)->until_us == G_MAXINT64;
}

gboolean
quotes_alert_window_look (QuotesAlertWindow *self, gint64 now_us, double *lowest, double *highest)
{
  side_forget (&self->lows, now_us - self->length_us);
  side_forget (&self->highs, now_us - self->length_us);
  if (quotes_alert_window_is_empty (self))
    return FALSE;

  *lowest = get_point (&self->lows, self->lows.begin)->price;
  *highest = get_point (&self->highs, self->highs.begin)->price;
  return TRUE;
}

/* On the side that has more. */
guint
quotes_alert_window_get_n_prices (QuotesAlertWindow *self)
{
  return MAX (self->lows.points->len - self->lows.begin,
              self->highs.points->len - self->highs.begin);
}
