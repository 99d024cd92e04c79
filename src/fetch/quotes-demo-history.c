/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-demo-history.h"

#include <math.h>

#include "quotes-provider.h"

#define SOURCE "demo:history"
#define MINUTE_US (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)
/* How soon before now the past begins to lead to the price of now. */
#define LEAD_HALF_LIFE_US (6 * HOUR_US)
/* Of the price, what the ends of a bar of one minute stand out of its body at most. */
#define WICK 0.0003

/* Waves of several lengths make a line that looks like a price, near and far. */
static const struct
{
  gint64 length_us;
  double height; /* of the price */
} waves[] = {
  {120 * DAY_US, 0.15}, {17 * DAY_US, 0.05},     {41 * HOUR_US, 0.015},
  {5 * HOUR_US, 0.005}, {23 * MINUTE_US, 0.001}, {3 * MINUTE_US, 0.0004},
};

/* Returns: between -1 and 1; the same for the same two numbers (the finalizer of splitmix64) */
static double
make_noise (guint64 seed, gint64 step)
{
  guint64 x = seed + (guint64) step * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  x ^= x >> 31;
  return (double) (x >> 11) / (double) (G_GUINT64_CONSTANT (1) << 52) - 1;
}

/* Whole steps of a wave are noise, and between them it goes without corners. */
static double
get_wave (guint64 seed, gint64 length_us, gint64 at_us)
{
  gint64 step = at_us / length_us;
  double part = (double) (at_us % length_us) / (double) length_us;
  double weight = part * part * (3 - 2 * part);

  return make_noise (seed, step) * (1 - weight) + make_noise (seed, step + 1) * weight;
}

static double
get_level (const char *text, gint64 at_us)
{
  double level = 1;

  for (gsize i = 0; i < G_N_ELEMENTS (waves); i++)
    level += waves[i].height * get_wave (g_str_hash (text) + i, waves[i].length_us, at_us);
  return level;
}

/* To cents. What is made up needs no more care, which would take most of the time. */
static double
round_price (double price)
{
  return round (price * 100) / 100;
}

/**
 * quotes_demo_make_history:
 * @start: what the price swings around
 * @price: what it is at @now_us
 *
 * The same time has the same price whoever asks, except that the last hours lead to @price.
 *
 * Returns: (transfer full): made-up bars of what @from_us and @to_us enclose and is past
 */
QuotesHistory *
quotes_demo_make_history (const QuotesInstrument *instrument,
                          double start,
                          double price,
                          QuotesInterval interval,
                          gint64 from_us,
                          gint64 to_us,
                          gint64 now_us)
{
  QuotesHistory *history = quotes_history_new (instrument->symbol, "USD", interval);
  gint64 bar_us = quotes_interval_get_us (interval);
  gint64 end_us = MIN (to_us, now_us);
  gint64 start_us = 0;
  double miss = price / start - get_level (instrument->text, now_us);
  double wick = WICK * sqrt ((double) bar_us / (double) MINUTE_US);

  g_return_val_if_fail (bar_us > 0, history);

  start_us = MAX (from_us, end_us - (QUOTES_HISTORY_BARS_MAX - 1) * bar_us);
  for (start_us = MAX (start_us, 0) / bar_us * bar_us; start_us < end_us; start_us += bar_us)
    {
      gint64 ends_us[] = {start_us, MIN (start_us + bar_us, now_us)};
      double ends[2];
      double out = wick * start * fabs (make_noise (g_str_hash (instrument->text), start_us));
      QuotesBar bar = {.start_us = start_us, .source = SOURCE};

      for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
        {
          double ago = (double) (now_us - ends_us[i]) / (double) LEAD_HALF_LIFE_US;

          ends[i] = start * (get_level (instrument->text, ends_us[i]) + miss * exp2 (-ago));
        }
      bar.open = round_price (ends[0]);
      bar.close = round_price (ends[1]);
      bar.high = round_price (MAX (ends[0], ends[1]) + out);
      bar.low = round_price (MIN (ends[0], ends[1]) - out);
      quotes_history_append (history, &bar);
    }
  return history;
}
