/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-lttb.h"

#include <math.h>

#define HOUR_US (3600 * G_GINT64_CONSTANT (1000000))

static GArray *
make_bars (guint n_bars)
{
  GArray *bars = g_array_new (FALSE, TRUE, sizeof (QuotesBar));

  for (guint i = 0; i < n_bars; i++)
    {
      double close = (i * 7919) % 101;
      QuotesBar bar = {i * HOUR_US, close, close + 1, close - 1, close, "yahoo", FALSE};

      g_array_append_val (bars, bar);
    }
  return bars;
}

static const QuotesBar *
bar_at (GArray *bars, guint i)
{
  g_assert_cmpuint (i, <, bars->len);
  return &g_array_index (bars, QuotesBar, i);
}

/* The same as in the thesis, step by step, slow and plain: the start of every bucket is written
 * down, and so is every area. */
static GArray *
reduce_plainly (GArray *bars, guint n_points)
{
  guint n_inner = bars->len - 2;
  guint n_buckets = n_points - 2;
  g_autofree guint *starts = g_new (guint, n_buckets + 2);
  GArray *kept = g_array_new (FALSE, FALSE, sizeof (QuotesBar));
  guint a = 0;

  for (guint bucket = 0; bucket <= n_buckets; bucket++)
    starts[bucket] = 1 + bucket * n_inner / n_buckets;
  starts[n_buckets + 1] = bars->len;

  g_array_append_val (kept, *bar_at (bars, 0));
  for (guint bucket = 0; bucket < n_buckets; bucket++)
    {
      double x = 0;
      double y = 0;
      double largest = -1;
      guint b = 0;
      guint n = starts[bucket + 2] - starts[bucket + 1];

      for (guint i = starts[bucket + 1]; i < starts[bucket + 2]; i++)
        {
          x += (double) bar_at (bars, i)->start_us / 1e6 / n;
          y += bar_at (bars, i)->close / n;
        }
      for (guint i = starts[bucket]; i < starts[bucket + 1]; i++)
        {
          double ax = (double) bar_at (bars, a)->start_us / 1e6;
          double bx = (double) bar_at (bars, i)->start_us / 1e6;
          double ay = bar_at (bars, a)->close;
          double by = bar_at (bars, i)->close;
          double area = fabs (ax * (by - y) + bx * (y - ay) + x * (ay - by)) / 2;

          if (area > largest * (1 + 1e-12))
            {
              largest = area;
              b = i;
            }
        }
      g_array_append_val (kept, *bar_at (bars, b));
      a = b;
    }
  g_array_append_val (kept, *bar_at (bars, bars->len - 1));
  return kept;
}

static void
test_agrees_with_the_thesis (void)
{
  for (guint round = 0; round < 300; round++)
    {
      guint n_points = (guint) g_test_rand_int_range (3, 60);
      guint n_bars = n_points + 1 + (guint) g_test_rand_int_range (0, 400);
      g_autoptr (GArray) bars = make_bars (n_bars);
      g_autoptr (GArray) kept = NULL;
      g_autoptr (GArray) expected = NULL;
      gint64 start_us = 0;
      double close = 100;

      for (guint i = 0; i < n_bars; i++)
        {
          QuotesBar *bar = &g_array_index (bars, QuotesBar, i);

          start_us += HOUR_US / 60 * g_test_rand_int_range (1, 5000);
          close += g_test_rand_double_range (-5, 5);
          bar->start_us = start_us;
          bar->close = close;
        }

      kept = quotes_lttb_reduce (bars, n_points);
      expected = reduce_plainly (bars, n_points);
      g_assert_cmpuint (kept->len, ==, n_points);
      g_assert_cmpuint (expected->len, ==, n_points);
      for (guint i = 0; i < n_points; i++)
        {
          g_assert_cmpint (bar_at (kept, i)->start_us, ==, bar_at (expected, i)->start_us);
          g_assert_cmpfloat (bar_at (kept, i)->close, ==, bar_at (expected, i)->close);
        }
    }
}

static void
test_few_bars_stay_as_they_are (void)
{
  for (guint n_bars = 0; n_bars <= 6; n_bars++)
    {
      g_autoptr (GArray) bars = make_bars (n_bars);
      g_autoptr (GArray) kept = quotes_lttb_reduce (bars, 6);

      g_assert_true (kept != bars);
      g_assert_cmpuint (kept->len, ==, n_bars);
      for (guint i = 0; i < n_bars; i++)
        {
          g_assert_cmpint (bar_at (kept, i)->start_us, ==, bar_at (bars, i)->start_us);
          g_assert_cmpfloat (bar_at (kept, i)->close, ==, bar_at (bars, i)->close);
          g_assert_cmpstr (bar_at (kept, i)->source, ==, bar_at (bars, i)->source);
        }
    }
}

static void
test_two_bars_stay_for_three_points (void)
{
  g_autoptr (GArray) bars = make_bars (2);
  g_autoptr (GArray) kept = quotes_lttb_reduce (bars, 3);

  g_assert_cmpuint (kept->len, ==, 2);
  g_assert_cmpint (bar_at (kept, 0)->start_us, ==, 0);
  g_assert_cmpint (bar_at (kept, 1)->start_us, ==, HOUR_US);
}

static void
test_three_points_are_the_ends_and_the_peak (void)
{
  g_autoptr (GArray) bars = make_bars (100);
  g_autoptr (GArray) kept = NULL;

  for (guint i = 0; i < bars->len; i++)
    g_array_index (bars, QuotesBar, i).close = i == 61 ? -3 : 10;
  kept = quotes_lttb_reduce (bars, 3);

  g_assert_cmpuint (kept->len, ==, 3);
  g_assert_cmpint (bar_at (kept, 0)->start_us, ==, 0);
  g_assert_cmpint (bar_at (kept, 1)->start_us, ==, 61 * HOUR_US);
  g_assert_cmpint (bar_at (kept, 2)->start_us, ==, 99 * HOUR_US);
}

/* No bar is better than another, and there are as many as asked for all the same. */
static void
test_a_constant_price_has_all_its_points (void)
{
  g_autoptr (GArray) bars = make_bars (1000);
  g_autoptr (GArray) kept = NULL;

  for (guint i = 0; i < bars->len; i++)
    g_array_index (bars, QuotesBar, i).close = 64.5;
  kept = quotes_lttb_reduce (bars, 47);

  g_assert_cmpuint (kept->len, ==, 47);
  g_assert_cmpint (bar_at (kept, 46)->start_us, ==, 999 * HOUR_US);
  for (guint i = 0; i < kept->len; i++)
    {
      g_assert_cmpfloat (bar_at (kept, i)->close, ==, 64.5);
      g_assert_true (i == 0 || bar_at (kept, i)->start_us > bar_at (kept, i - 1)->start_us);
    }
}

/* Areas that are infinite or no number choose badly, but never a bar that is not there. */
static void
test_the_largest_prices_are_survived (void)
{
  g_autoptr (GArray) bars = make_bars (500);
  g_autoptr (GArray) kept = NULL;

  for (guint i = 0; i < bars->len; i++)
    g_array_index (bars, QuotesBar, i).close = i % 2 == 0 ? G_MAXDOUBLE : -G_MAXDOUBLE;
  kept = quotes_lttb_reduce (bars, 20);

  g_assert_cmpuint (kept->len, ==, 20);
  for (guint i = 0; i < kept->len; i++)
    {
      g_assert_true (isfinite (bar_at (kept, i)->close));
      g_assert_true (i == 0 || bar_at (kept, i)->start_us > bar_at (kept, i - 1)->start_us);
    }
}

/* The bar stays although its neighbours are much more of a sight. */
static void
test_a_roll_stays (void)
{
  g_autoptr (GArray) bars = make_bars (400);
  g_autoptr (GArray) kept = NULL;
  guint n_rolls = 0;

  for (guint i = 0; i < bars->len; i++)
    g_array_index (bars, QuotesBar, i).close = i % 3 == 0 ? 1000 : 0;
  g_array_index (bars, QuotesBar, 200).close = 333;
  g_array_index (bars, QuotesBar, 200).is_roll = TRUE;
  kept = quotes_lttb_reduce (bars, 10);

  for (guint i = 0; i < kept->len; i++)
    if (bar_at (kept, i)->is_roll)
      {
        g_assert_cmpint (bar_at (kept, i)->start_us, ==, 200 * HOUR_US);
        n_rolls++;
      }
  g_assert_cmpuint (n_rolls, ==, 1);
}

/* More rolls than points: what cannot stay is still told by the bar after it. */
static void
test_no_roll_is_forgotten (void)
{
  for (guint round = 0; round < 100; round++)
    {
      g_autoptr (GArray) bars = make_bars (300);
      g_autoptr (GArray) kept = NULL;
      guint i = 0;

      for (guint roll = 0; roll < 12; roll++)
        g_array_index (bars, QuotesBar, g_test_rand_int_range (0, 300)).is_roll = TRUE;
      kept = quotes_lttb_reduce (bars, 8);

      for (guint k = 0; k < kept->len; k++)
        {
          gboolean has_rolled = FALSE;

          for (; i <= bar_at (kept, k)->start_us / HOUR_US; i++)
            has_rolled |= bar_at (bars, i)->is_roll;
          g_assert_cmpint (bar_at (kept, k)->is_roll, ==, has_rolled);
        }
      g_assert_cmpuint (i, ==, 300);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/lttb/agrees-with-the-thesis", test_agrees_with_the_thesis);
  g_test_add_func ("/lttb/few-bars-stay-as-they-are", test_few_bars_stay_as_they_are);
  g_test_add_func ("/lttb/two-bars-stay-for-three-points", test_two_bars_stay_for_three_points);
  g_test_add_func ("/lttb/three-points-are-the-ends-and-the-peak",
                   test_three_points_are_the_ends_and_the_peak);
  g_test_add_func ("/lttb/a-constant-price-has-all-its-points",
                   test_a_constant_price_has_all_its_points);
  g_test_add_func ("/lttb/the-largest-prices-are-survived", test_the_largest_prices_are_survived);
  g_test_add_func ("/lttb/a-roll-stays", test_a_roll_stays);
  g_test_add_func ("/lttb/no-roll-is-forgotten", test_no_roll_is_forgotten);

  return g_test_run ();
}
