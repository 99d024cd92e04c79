/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-chart.h"

G_BEGIN_DECLS

/**
 * QuotesChartFacts:
 * @first, @last: what the first bar began with, and the last ended with
 * @high, @low: of all bars
 * @top, @bottom: of the line, which goes from close to close
 * @change: what the market moved: without the steps from one contract to the next
 * @has_filled: some bars were filled in afterwards
 * @has_rolled: there is more than one contract
 *
 * What a chart says in words and numbers.
 */
typedef struct
{
  double first;
  double last;
  double high;
  double low;
  double top;
  double bottom;
  double change;
  gboolean has_filled;
  gboolean has_rolled;
} QuotesChartFacts;

void quotes_chart_facts_read (QuotesChartFacts *self, const QuotesHistory *history);
gboolean quotes_chart_facts_is_filled (const QuotesBar *bar);
QuotesStyle quotes_chart_facts_get_style (const QuotesChartFacts *self);

/* The lines above and below the drawing, each with its end. Each returns how many it wrote. */
guint quotes_chart_facts_append_title (const QuotesChartFacts *self,
                                       const QuotesChart *chart,
                                       GString *out);
guint quotes_chart_facts_append_legend (const QuotesChartFacts *self,
                                        const QuotesChart *chart,
                                        GString *out);

G_END_DECLS
