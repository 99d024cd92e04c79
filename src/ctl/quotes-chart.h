/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-history.h"
#include "quotes-style.h"

G_BEGIN_DECLS

/* Narrower or lower than this a chart is drawn as if it were not. */
#define QUOTES_CHART_MIN_WIDTH 20
#define QUOTES_CHART_MIN_HEIGHT 8

/**
 * QuotesChart:
 * @history: what is drawn; not empty
 * @name: (nullable): of the instrument, for people
 * @range: what was asked for
 * @decimals: of prices
 * @width, @height: the room, in cells
 * @is_ascii: only plain characters
 * @zone: where we are
 *
 * The prices of one instrument as a line over time.
 */
typedef struct
{
  const QuotesHistory *history;
  const char *name;
  QuotesRange range;
  int decimals;
  guint width;
  guint height;
  gboolean is_ascii;
  GTimeZone *zone;
  QuotesPalette palette;
} QuotesChart;

void quotes_chart_append (const QuotesChart *self, GString *out);

/* (transfer full): how far apart ticks of prices are, so that there are at most @n_max of them over
 * @span: 1, 2 or 5 times a power of ten */
double quotes_chart_get_price_step (double span, guint n_max);

G_END_DECLS
