/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>
#include <math.h>
#include <string.h>

#include "quote-maker.h"
#include "quotes-canvas.h"
#include "quotes-chart.h"
#include "quotes-text.h"
#include "quotes-timeline.h"
#include "test-locale.h"

#define MINUTE_US (60 * G_USEC_PER_SEC)
#define HOUR_US (60 * (gint64) MINUTE_US)
#define DAY_US (24 * HOUR_US)

static const QuotesPalette bare = {FALSE, FALSE};
static const QuotesPalette colored = {TRUE, FALSE};

static void
append_bar (QuotesHistory *history,
            gint64 start_us,
            double close,
            const char *source,
            gboolean is_roll)
{
  const QuotesBar bar = {
    .start_us = start_us,
    .open = close,
    .high = close + 1,
    .low = close - 1,
    .close = close,
    .source = source,
    .is_roll = is_roll,
  };

  quotes_history_append (history, &bar);
}

/* @n_bars minutes from @first on in even steps. */
static QuotesHistory *
make_history (double first, double step, guint n_bars)
{
  QuotesHistory *history = quotes_history_new ("XAU", "USD", QUOTES_INTERVAL_MINUTE);

  for (guint i = 0; i < n_bars; i++)
    append_bar (history, MAKER_TIME_US + (gint64) i * MINUTE_US, first + i * step, "yahoo", FALSE);
  return history;
}

static QuotesChart
make_chart (const QuotesHistory *history, GTimeZone *zone)
{
  const QuotesChart chart = {
    .history = history,
    .name = "Gold",
    .range = QUOTES_RANGE_1D,
    .decimals = 2,
    .width = 50,
    .height = 12,
    .zone = zone,
    .palette = bare,
  };

  return chart;
}

static void
assert_drawn (const QuotesChart *chart, const char *const *lines)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *expected = g_strjoinv ("\n", (char **) lines);

  quotes_chart_append (chart, out);
  g_test_message ("\n%s", out->str);
  if (!g_str_equal (out->str, expected))
    g_printerr ("%s", out->str);
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_rising (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (QuotesHistory) history = make_history (100, 0.5, 121);
  const QuotesChart chart = make_chart (history, zone);

  assert_drawn (&chart, (const char *[]){"Gold (XAU) · 1 day", "160.00 USD  ▲ +60.00 (+60.00%)",
                                         "                                    ⢀⣠⠤⠔⠒⠉◂ 160.00",
                                         "                              ⣀⣀⠤⠖⠒⠉⠁     │",
                                         "                        ⣀⡠⠤⠒⠚⠉            ├ 140.00",
                                         "                  ⣀⡠⠤⠖⠊⠉                  │",
                                         "            ⣀⡤⠤⠒⠊⠉                        ├ 120.00",
                                         "     ⢀⣀⡠⠴⠒⠉⠉                              │",
                                         "⣀⠤⠔⠒⠋⠁                                    ├ 100.00",
                                         "┬─────────┬──────────┬─────────┬─────────┬┘",
                                         "09:30   10:00      10:30     11:00   11:30",
                                         "first 100.00   high 161.00   low 99.00", "", NULL});
}

static void
test_falling_in_ascii (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (QuotesHistory) history = make_history (100, -0.5, 121);
  QuotesChart chart = make_chart (history, zone);

  chart.is_ascii = TRUE;
  assert_drawn (&chart, (const char *[]){"Gold (XAU) · 1 day   40.00 USD  ▼ −60.00 (−60.00%)",
                                         "'|-..                                     + 100.00",
                                         "     '|-|..                               |",
                                         "          ''--..                          +  80.00",
                                         "               ''|-..                     |",
                                         "                    '''-|..               |",
                                         "                          ''--..          +  60.00",
                                         "                               ''|-|.     |",
                                         "                                     ''-|.<  40.00",
                                         "+---------+---------+----------+---------++",
                                         "09:30   10:00     10:30      11:00   11:30",
                                         "first 100.00   high 101.00   low 39.00", "", NULL});
}

static void
test_flat (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (QuotesHistory) history = make_history (100, 0, 30);
  const QuotesChart chart = make_chart (history, zone);

  assert_drawn (&chart, (const char *[]){"Gold (XAU) · 1 day      100.00 USD  = 0.00 (0.00%)",
                                         "                                          ├ 100.10",
                                         "                                          │",
                                         "                                          ├ 100.05",
                                         "                                          │",
                                         "⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉◂ 100.00",
                                         "                                          ├  99.95",
                                         "                                          │",
                                         "                                          ├  99.90",
                                         "┬─────────────┬─────────────┬─────────────┘",
                                         "09:30       09:40         09:50",
                                         "first 100.00   high 101.00   low 99.00", "", NULL});
}

static void
test_one_point (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (QuotesHistory) history = make_history (100, 0, 1);
  const QuotesChart chart = make_chart (history, zone);

  assert_drawn (&chart, (const char *[]){"Gold (XAU) · 1 day      100.00 USD  = 0.00 (0.00%)",
                                         "                                          ├ 100.10",
                                         "                                          │",
                                         "                                          ├ 100.05",
                                         "                                          │",
                                         "                     ●                    ◂ 100.00",
                                         "                                          ├  99.95",
                                         "                                          │",
                                         "                                          ├  99.90",
                                         "─────────────────────┬────────────────────┘",
                                         "                   09:30",
                                         "first 100.00   high 101.00   low 99.00", "", NULL});
}

static void
test_two_points (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (QuotesHistory) history = make_history (100, 2, 2);
  const QuotesChart chart = make_chart (history, zone);

  assert_drawn (&chart, (const char *[]){"Gold (XAU) · 1 day    102.00 USD  ▲ +2.00 (+2.00%)",
                                         "                                     ⣀⡠⠔⠒⠉◂ 102.00",
                                         "                               ⢀⣀⠤⠔⠊⠉     │",
                                         "                          ⢀⡠⠤⠒⠊⠁          ├ 101.50",
                                         "                     ⣀⡠⠔⠒⠉⠁               │",
                                         "               ⢀⣀⠤⠔⠊⠉                     ├ 101.00",
                                         "          ⢀⡠⠤⠒⠊⠁                          ├ 100.50",
                                         "     ⣀⡠⠔⠒⠉⠁                               │",
                                         "⣀⠤⠔⠊⠉                                     ├ 100.00",
                                         "┬────────────────────────────────────────┬┘",
                                         "09:30                                09:31",
                                         "first 100.00   high 103.00   low 99.00", "", NULL});
}

/* An hour is missing of three: nothing may be drawn there. */
static void
test_gap (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (QuotesHistory) history = quotes_history_new ("XAU", "USD", QUOTES_INTERVAL_MINUTE);
  const QuotesChart chart = make_chart (history, zone);

  for (guint i = 0; i < 180; i++)
    if (i < 60 || i >= 120)
      append_bar (history, MAKER_TIME_US + (gint64) i * MINUTE_US, 100 + i, "yahoo", FALSE);
  assert_drawn (&chart, (const char *[]){"Gold (XAU) · 1 day", "279.00 USD  ▲ +179.00 (+179.00%)",
                                         "                                    ⣀⣀⠤⠔⠒⠉◂ 279.00",
                                         "                              ⣀⣠⠤⠖⠒⠉⠁     │",
                                         "                            ⠚⠉⠁           │",
                                         "                                          ├ 200.00",
                                         "           ⢀⣀⡤                            │",
                                         "     ⢀⣀⠤⠴⠒⠋⠉                              │",
                                         "⣀⠤⠔⠒⠉⠉                                    ├ 100.00",
                                         "───────┬─────────────┬─────────────┬──────┘",
                                         "     10:00         11:00         12:00",
                                         "first 100.00   high 280.00   low 99.00", "", NULL});
}

/* Five days of a stock: the nights, which are most of the time, are drawn in. */
static void
test_nights (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (QuotesHistory) history = quotes_history_new ("AAPL", "USD", QUOTES_INTERVAL_MINUTE);
  QuotesChart chart = make_chart (history, zone);

  chart.name = "Apple Inc.";
  chart.range = QUOTES_RANGE_5D;
  for (gint64 day = 0; day < 5; day++)
    for (gint64 i = 0; i < 390; i++)
      append_bar (history, MAKER_TIME_US + day * DAY_US + i * MINUTE_US,
                  200 + (double) (day * 2) + (double) i / 390, "yahoo", FALSE);
  assert_drawn (
    &chart,
    (const char *[]){
      "Apple Inc. (AAPL) · 5 days", "209.00 USD  ▲ +9.00 (+4.50%)",
      "                                  ⢀⣠⠤⠤⠖⠒⠚⠉◂ 209.00",
      "                             ⢀⣀⣠⠤⠄        │", "                          ⠒⠋⠉⠉            │",
      "                 ⣀⣠⠤⠤⠒⠒⠋⠉                 ├ 205.00",
      "            ⣀⣀⣠⠤                          │", "        ⠐⠒⠋⠉⠁                             │",
      "⣀⡤⠤⠴⠒⠒⠋⠁                                  ├ 200.00",
      "────────┬────────┬────────┬───────┬───────┘", "     18 Feb   19 Feb   20 Feb  21 Feb",
      "first 200.00   high 210.00   low 199.00", "", NULL});
}

static void
test_roll_and_filled (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (QuotesHistory) history = quotes_history_new ("XAU", "USD", QUOTES_INTERVAL_DAY);
  QuotesChart chart = make_chart (history, zone);

  chart.range = QUOTES_RANGE_1Y;
  for (gint64 i = 0; i < 250; i++)
    append_bar (history, MAKER_TIME_US + i * DAY_US, (i < 150 ? 2400 : 2500) - (double) i / 5,
                i < 100 ? "yahoo:chart" : "yahoo", i == 150);
  assert_drawn (&chart, (const char *[]){"Gold (XAU) · 1 year", "2450.20 USD  ▼ −49.60 (−2.07%)",
                                         "                        ⠈⠉⠙⠒⠒⠒⠒⠤⠤⠤⠤⣄⣀⣀⣀⡀ │",
                                         "                        ┊              ⠈⠉◂ 2450.20",
                                         "                        ┊                │",
                                         "⠂⠄⠄⠄⠄⡄⡀⡀⡀⡀              ┊                ├ 2400.00",
                                         "         ⠈⠁⠁⠁⠉⠂⠂⠒⠒⠤⠤⠤⠤⣄⣀⡀                │",
                                         "──┬────┬────┬────┬────┬────┬────┬────┬───┘",
                                         " Mar  Apr  May  Jun  Jul  Aug  Sep  Oct",
                                         "first 2400.00   high 2471.00   low 2369.20",
                                         "⠂⠂⠂ filled in afterwards",
                                         "┊ next contract, the step is not counted", "", NULL});
  chart.is_ascii = TRUE;
  chart.width = 60;
  assert_drawn (&chart,
                (const char *[]){"Gold (XAU) · 1 year           2450.20 USD  ▼ −49.60 (−2.07%)",
                                 "                              '''|-----|......     |",
                                 "                              :              ''''''< 2450.20",
                                 "                              :                    |",
                                 "                              :                    |",
                                 "' ''- - -.. . ..              :                    + 2400.00",
                                 "                ' ' '|-----|...                    |",
                                 "--+------+-----+-----+-----+-----+-----+-----+-----+",
                                 " Mar    Apr   May   Jun   Jul   Aug   Sep   Oct",
                                 "first 2400.00   high 2471.00   low 2369.20",
                                 ". . . filled in afterwards",
                                 ": next contract, the step is not counted", "", NULL});
}

static void
test_narrow (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (QuotesHistory) history = make_history (100, 0.5, 121);
  QuotesChart chart = make_chart (history, zone);

  chart.width = 20;
  assert_drawn (&chart, (const char *[]){"Gold (XAU) · 1 day", "160.00 USD", "▲ +60.00 (+60.00%)",
                                         "         ⣠⠴⠋◂ 160.00", "      ⣠⠴⠋⠁  │", "   ⣠⠔⠋      │",
                                         "⣠⠖⠋         ├ 100.00", "───┬────────┘", " 10:00",
                                         "first 100.00", "high 161.00", "low 99.00", "", NULL});
}

static void
test_negative (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (QuotesHistory) history = make_history (10, -0.5, 96);
  const QuotesChart chart = make_chart (history, zone);

  assert_drawn (&chart, (const char *[]){"Gold (XAU) · 1 day", "−37.50 USD  ▼ −47.50 (−475.00%)",
                                         "⠉⠒⠢⠤⣀⡀                                    │",
                                         "     ⠈⠉⠒⠲⠤⣀⣀                              ├   0.00",
                                         "            ⠉⠒⠒⠤⣀⣀                        │",
                                         "                  ⠉⠓⠒⠤⢤⣀                  │",
                                         "                        ⠉⠉⠒⠤⠤⣀            ├ −20.00",
                                         "                              ⠉⠉⠒⠦⠤⣀⡀     │",
                                         "                                    ⠈⠉⠒⠢⠤⣀◂ −37.50",
                                         "┬────────────┬────────────┬────────────┬──┘",
                                         "09:30      10:00        10:30        11:00",
                                         "first 10.00   high 11.00   low −38.50", "", NULL});
}

static void
test_colors (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (QuotesHistory) rising = make_history (100, 0.5, 60);
  g_autoptr (QuotesHistory) falling = make_history (100, -0.5, 60);
  g_autoptr (GString) up = g_string_new (NULL);
  g_autoptr (GString) down = g_string_new (NULL);
  QuotesChart chart = make_chart (rising, zone);

  chart.palette = colored;
  quotes_chart_append (&chart, up);
  chart.history = falling;
  quotes_chart_append (&chart, down);
  g_assert_nonnull (strstr (up->str, "\033[32m"));
  g_assert_nonnull (strstr (up->str, "\033[2;32m"));
  g_assert_null (strstr (up->str, "31m"));
  g_assert_nonnull (strstr (down->str, "\033[31m"));
  g_assert_null (strstr (down->str, "32m"));

  /* As in East Asia. */
  chart.palette.is_red_up = TRUE;
  g_string_truncate (down, 0);
  quotes_chart_append (&chart, down);
  g_assert_nonnull (strstr (down->str, "\033[32m"));
  g_assert_null (strstr (down->str, "31m"));
}

/* Whatever the room, the numbers and the language: no line is wider than it may be. */
static void
assert_fits (const QuotesChart *chart)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;
  guint n_lines = 0;

  quotes_chart_append (chart, out);
  lines = g_strsplit (out->str, "\n", -1);
  for (; lines[n_lines] != NULL && *lines[n_lines] != '\0'; n_lines++)
    g_assert_cmpuint (quotes_text_get_width (lines[n_lines]), <=,
                      MAX (chart->width, QUOTES_CHART_MIN_WIDTH));
  g_assert_true (g_utf8_validate (out->str, (gssize) out->len, NULL));
  if (chart->height >= 14)
    g_assert_cmpuint (n_lines, <=, chart->height);
}

static void
test_every_size (void)
{
  static const double levels[] = {0, 1e-9, 1, 99999.5, -37.63, 1e17, 1e300, -1e308};
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GRand) random = g_rand_new_with_seed (5);

  for (guint i = 0; i < 300; i++)
    {
      double level = levels[g_rand_int_range (random, 0, G_N_ELEMENTS (levels))];
      g_autoptr (QuotesHistory) history = quotes_history_new ("XAU", NULL, QUOTES_INTERVAL_HOUR);
      QuotesChart chart = make_chart (history, zone);
      gint64 time_us = (gint64) g_rand_double_range (random, -3e15, 2.5e17);
      gint32 n_bars = g_rand_int_range (random, 1, 300);

      for (gint32 k = 0; k < n_bars; k++)
        {
          append_bar (history, time_us, level * g_rand_double_range (random, -1, 1),
                      k % 7 == 0 ? "yahoo:chart" : "yahoo", g_rand_int_range (random, 0, 40) == 0);
          time_us += g_rand_int_range (random, 1, 100000000) *
                     (g_rand_int_range (random, 0, 20) == 0 ? G_GINT64_CONSTANT (10000) : 1);
        }
      chart.width = (guint) g_rand_int_range (random, 0, 200);
      chart.height = (guint) g_rand_int_range (random, 0, 40);
      chart.decimals = g_rand_int_range (random, 0, 12);
      chart.is_ascii = g_rand_boolean (random);
      assert_fits (&chart);
    }
}

static void
test_arabic (void)
{
  TestLocale locale = {0};

  if (test_locale_begin (&locale, "ar_EG"))
    {
      g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
      g_autoptr (QuotesHistory) history = quotes_history_new ("XAU", "USD", QUOTES_INTERVAL_DAY);
      QuotesChart chart = make_chart (history, zone);
      g_autoptr (GString) out = g_string_new (NULL);

      chart.name = "ذهب";
      chart.width = 80;
      chart.range = QUOTES_RANGE_1Y;
      for (gint64 i = 0; i < 250; i++)
        append_bar (history, MAKER_TIME_US + i * DAY_US, 2400 + (double) i, "yahoo", FALSE);
      assert_fits (&chart);
      quotes_chart_append (&chart, out);
      /* The name and the months keep to themselves. */
      g_assert_true (g_str_has_prefix (out->str, "\u2068ذهب (XAU)"));
      g_assert_nonnull (strstr (strstr (out->str, "\u2518"), "\u2068"));
    }
  test_locale_end (&locale);
}

static void
test_german (void)
{
  TestLocale locale = {0};

  if (test_locale_begin (&locale, "de_DE"))
    {
      g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
      g_autoptr (QuotesHistory) history = make_history (64000, 1, 100);
      const QuotesChart chart = make_chart (history, zone);
      g_autoptr (GString) out = g_string_new (NULL);

      quotes_chart_append (&chart, out);
      g_assert_nonnull (strstr (out->str, "64.099,00 USD"));
      g_assert_nonnull (strstr (out->str, "\u251c 64.050,00"));
    }
  test_locale_end (&locale);
}

static void
test_hostile_name (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (QuotesHistory) history = quotes_history_new ("X\033[5m", "USD", QUOTES_INTERVAL_DAY);
  QuotesChart chart = make_chart (history, zone);
  g_autoptr (GString) out = g_string_new (NULL);

  append_bar (history, MAKER_TIME_US, 1, "yahoo", FALSE);
  chart.name = "A\033[31m\n\u202e";
  quotes_chart_append (&chart, out);
  g_assert_null (strchr (out->str, '\033'));
  g_assert_null (strstr (out->str, "\u202e"));
}

static void
test_price_steps (void)
{
  g_assert_cmpfloat_with_epsilon (quotes_chart_get_price_step (10, 5), 2, 1e-12);
  g_assert_cmpfloat_with_epsilon (quotes_chart_get_price_step (10, 4), 5, 1e-12);
  g_assert_cmpfloat_with_epsilon (quotes_chart_get_price_step (10, 1), 10, 1e-12);
  g_assert_cmpfloat_with_epsilon (quotes_chart_get_price_step (0.003, 3), 0.001, 1e-12);
  g_assert_cmpfloat_with_epsilon (quotes_chart_get_price_step (8000, 1), 10000, 1e-9);
  g_assert_true (isinf (quotes_chart_get_price_step (INFINITY, 3)));
  g_assert_true (isinf (quotes_chart_get_price_step (0, 3)));
}

/* A day of 23 hours still has its ticks at 0, 3, 6, ..., and one of 25 has none twice. */
static void
test_ticks_at_clock_changes (void)
{
  static const struct
  {
    gint64 first; /* 2026-03-28T23:00:00Z, 2026-10-24T22:00:00Z: midnight in Berlin */
    gint64 hours;
    const char *const labels[10];
  } rows[] = {
    {1774738800,
     23,
     {"29 Mar", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "30 Mar", NULL}},
    {1792879200,
     25,
     {"25 Oct", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "26 Oct", NULL}},
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  guint n_found = 0;

  g_assert_nonnull (zone);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint step = 0; step < quotes_time_ticks_get_n_steps (); step++)
      {
        gint64 first_us = rows[i].first * G_USEC_PER_SEC;
        g_autoptr (GArray) ticks =
          quotes_time_ticks_new (step, first_us, first_us + rows[i].hours * HOUR_US, zone, 2000);

        if (ticks->len != 9)
          continue;
        n_found++;
        for (guint k = 0; k < ticks->len; k++)
          g_assert_cmpstr (g_array_index (ticks, QuotesTimeTick, k).label, ==, rows[i].labels[k]);
      }
  g_assert_cmpuint (n_found, ==, 2);
}

static void
test_canvas_layers (void)
{
  g_autoptr (QuotesCanvas) canvas = quotes_canvas_new (3, 1, FALSE);
  g_autoptr (GString) out = g_string_new (NULL);
  const QuotesPen low = {1, QUOTES_STYLE_PLAIN, FALSE};
  const QuotesPen high = {2, QUOTES_STYLE_PLAIN, FALSE};

  quotes_canvas_draw_sign (canvas, &low, 0, 0, 'a');
  quotes_canvas_draw_dot (canvas, &high, 0, 0);
  quotes_canvas_draw_dot (canvas, &low, 1, 3);
  quotes_canvas_draw_line (canvas, &low, 2, 0, 3, 3);
  quotes_canvas_draw_dot (canvas, &low, 6, 0);
  quotes_canvas_draw_dot (canvas, &low, 0, -1);
  quotes_canvas_append_row (canvas, 0, bare, out);
  g_assert_cmpstr (out->str, ==, "\u2801\u28a3 ");
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add_func ("/ctl-chart/" name, func)
  ADD ("a-rising-price", test_rising);
  ADD ("a-falling-price-in-plain-characters", test_falling_in_ascii);
  ADD ("a-flat-price", test_flat);
  ADD ("one-price", test_one_point);
  ADD ("two-prices", test_two_points);
  ADD ("nothing-is-drawn-in-a-gap", test_gap);
  ADD ("the-nights-of-a-stock-are-drawn-in", test_nights);
  ADD ("a-roll-is-marked-and-not-counted", test_roll_and_filled);
  ADD ("a-narrow-window", test_narrow);
  ADD ("negative-prices", test_negative);
  ADD ("colors-tell-the-direction", test_colors);
  ADD ("every-size-fits", test_every_size);
  ADD ("arabic-keeps-to-itself", test_arabic);
  ADD ("numbers-in-german", test_german);
  ADD ("a-name-commands-nothing", test_hostile_name);
  ADD ("steps-are-round", test_price_steps);
  ADD ("ticks-keep-to-the-clock", test_ticks_at_clock_changes);
  ADD ("layers-hide-each-other", test_canvas_layers);
#undef ADD

  return g_test_run ();
}
