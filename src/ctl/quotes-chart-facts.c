/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-chart-facts.h"

#include <glib/gi18n.h>
#include <math.h>

#include "quotes-format.h"
#include "quotes-text.h"

#define GAP 3

/* Who gave it: what is recorded has the name of the provider alone. */
gboolean
quotes_chart_facts_is_filled (const QuotesBar *bar)
{
  return bar->source != NULL && strchr (bar->source, ':') != NULL;
}

/**
 * quotes_chart_facts_read:
 * @history: not empty
 */
void
quotes_chart_facts_read (QuotesChartFacts *self, const QuotesHistory *history)
{
  const QuotesBar *bars = (const QuotesBar *) (gconstpointer) history->bars->data;
  guint n_bars = history->bars->len;

  *self = (QuotesChartFacts){
    .first = bars[0].open,
    .last = bars[n_bars - 1].close,
    .high = bars[0].high,
    .low = bars[0].low,
    .top = bars[0].close,
    .bottom = bars[0].close,
    .has_filled = quotes_chart_facts_is_filled (&bars[0]),
  };
  for (guint i = 1; i < n_bars; i++)
    {
      self->high = MAX (self->high, bars[i].high);
      self->low = MIN (self->low, bars[i].low);
      self->top = MAX (self->top, bars[i].close);
      self->bottom = MIN (self->bottom, bars[i].close);
      self->has_filled |= quotes_chart_facts_is_filled (&bars[i]);
      self->has_rolled |= bars[i].is_roll;
      if (bars[i].is_roll)
        self->change -= bars[i].close - bars[i - 1].close;
    }
  self->change += self->last - self->first;
}

QuotesStyle
quotes_chart_facts_get_style (const QuotesChartFacts *self)
{
  if (self->change > 0)
    return QUOTES_STYLE_UP;
  return self->change < 0 ? QUOTES_STYLE_DOWN : QUOTES_STYLE_PLAIN;
}

static const char *
get_range_words (QuotesRange range)
{
  static const char *const words[QUOTES_N_RANGES] = {
    [QUOTES_RANGE_1D] = NC_ ("range", "1 day"),
    [QUOTES_RANGE_5D] = NC_ ("range", "5 days"),
    [QUOTES_RANGE_1MO] = NC_ ("range", "1 month"),
    [QUOTES_RANGE_3MO] = NC_ ("range", "3 months"),
    [QUOTES_RANGE_1Y] = NC_ ("range", "1 year"),
    [QUOTES_RANGE_MAX] = NC_ ("range", "all that is known"),
  };

  return g_dpgettext2 (GETTEXT_PACKAGE, "range", words[range]);
}

static char *
format_price (const QuotesChart *chart, double price)
{
  g_autofree char *number = quotes_format_number (price, chart->decimals);

  if (chart->history->currency == NULL)
    return g_steal_pointer (&number);
  /* Translators: a price and the code of its currency, as in "64,000.00 USD". */
  return g_strdup_printf (C_ ("price", "%1$s %2$s"), number, chart->history->currency);
}

/* `▲ +12.30 (+0.51%)` */
static char *
format_change (const QuotesChartFacts *self, const QuotesChart *chart)
{
  static const char *const arrows[] = {"\u25bc", "=", "\u25b2"};
  const char *arrow = arrows[self->change > 0 ? 2 : self->change < 0 ? 0 : 1];
  g_autofree char *change = quotes_format_signed (self->change, chart->decimals);
  /* Of nothing, or of a debt, there is no share. */
  double percent = self->first > 0 ? self->change / self->first * 100 : (double) NAN;
  g_autofree char *number = quotes_format_signed (percent, 2);
  g_autofree char *share = NULL;

  if (!isfinite (percent))
    return g_strdup_printf ("%s %s", arrow, change);
  /* Translators: a number of percent with its sign, as in "+1.25%". */
  share = g_strdup_printf (C_ ("percent", "%s%%"), number);
  return g_strdup_printf ("%s %s (%s)", arrow, change, share);
}

/* Text that may run from right to left must not turn what stands beside it. */
static char *
isolate_if_rtl (const char *text)
{
  return quotes_text_is_rtl (text) ? quotes_text_isolate (text) : g_strdup (text);
}

static void
append_shown (const QuotesChart *chart,
              QuotesStyle style,
              const char *text,
              guint width,
              GString *out)
{
  g_autofree char *cut = quotes_text_truncate (text, width);
  g_autofree char *shown = isolate_if_rtl (cut);

  quotes_style_append (out, chart->palette, style, shown);
}

/* `Gold (XAU) · 1 day` on the left, where it stands now on the right, or below when room is short.
 */
guint
quotes_chart_facts_append_title (const QuotesChartFacts *self,
                                 const QuotesChart *chart,
                                 GString *out)
{
  g_autofree char *symbol = quotes_text_clean (chart->history->symbol);
  g_autofree char *name = quotes_text_clean (chart->name != NULL ? chart->name : "");
  const char *range = get_range_words (chart->range);
  g_autofree char *title = *name != '\0' && !g_str_equal (name, symbol)
                             ? g_strdup_printf ("%s (%s) \u00b7 %s", name, symbol, range)
                             : g_strdup_printf ("%s \u00b7 %s", symbol, range);
  g_autofree char *price = format_price (chart, self->last);
  g_autofree char *change = format_change (self, chart);
  g_autofree char *now = g_strdup_printf ("%s  %s", price, change);
  guint title_width = quotes_text_get_width (title);
  guint now_width = quotes_text_get_width (now);

  append_shown (chart, QUOTES_STYLE_HEADING, title, chart->width, out);
  if (title_width + GAP + now_width <= chart->width)
    {
      g_string_append_printf (out, "%*s", (int) (chart->width - title_width - now_width), "");
      append_shown (chart, quotes_chart_facts_get_style (self), now, now_width, out);
      g_string_append_c (out, '\n');
      return 1;
    }

  g_string_append_c (out, '\n');
  if (now_width <= chart->width)
    {
      append_shown (chart, quotes_chart_facts_get_style (self), now, chart->width, out);
      g_string_append_c (out, '\n');
      return 2;
    }
  append_shown (chart, QUOTES_STYLE_HEADING, price, chart->width, out);
  g_string_append_c (out, '\n');
  append_shown (chart, quotes_chart_facts_get_style (self), change, chart->width, out);
  g_string_append_c (out, '\n');
  return 3;
}

/* As many of @facts on a line as there is room for. */
static guint
append_facts (const QuotesChart *chart, char *const *facts, guint n_facts, GString *out)
{
  guint n_lines = 0;

  for (guint i = 0; i < n_facts;)
    {
      g_autoptr (GString) line = g_string_new (facts[i++]);

      while (i < n_facts &&
             quotes_text_get_width (line->str) + GAP + quotes_text_get_width (facts[i]) <=
               chart->width)
        g_string_append_printf (line, "%*s%s", GAP, "", facts[i++]);
      append_shown (chart, QUOTES_STYLE_FAINT, line->str, chart->width, out);
      g_string_append_c (out, '\n');
      n_lines++;
    }
  return n_lines;
}

guint
quotes_chart_facts_append_legend (const QuotesChartFacts *self,
                                  const QuotesChart *chart,
                                  GString *out)
{
  g_autofree char *first = quotes_format_number (self->first, chart->decimals);
  g_autofree char *high = quotes_format_number (self->high, chart->decimals);
  g_autofree char *low = quotes_format_number (self->low, chart->decimals);
  char *facts[5] = {
    /* Translators: the first price of a chart; %s is a number. */
    g_strdup_printf (_ ("first %s"), first),
    /* Translators: the highest price of a chart; %s is a number. */
    g_strdup_printf (_ ("high %s"), high),
    /* Translators: the lowest price of a chart; %s is a number. */
    g_strdup_printf (_ ("low %s"), low),
  };
  guint n_facts = 3;
  guint n_lines = 0;

  if (self->has_filled)
    /* Translators: %s is a dotted line. */
    facts[n_facts++] = g_strdup_printf (_ ("%s filled in afterwards"),
                                        chart->is_ascii ? ". . ." : "\u2802\u2802\u2802");
  if (self->has_rolled)
    /* Translators: %s is a vertical line at the day when a futures contract was followed by the
     * next one. */
    facts[n_facts++] = g_strdup_printf (_ ("%s next contract, the step is not counted"),
                                        chart->is_ascii ? ":" : "\u250a");
  n_lines = append_facts (chart, facts, n_facts, out);
  for (guint i = 0; i < n_facts; i++)
    g_free (facts[i]);

  return n_lines;
}
