/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-client.h"
#include "quotes-view.h"

G_BEGIN_DECLS

/**
 * QuotesWatchPlan:
 * @symbols: (nullable): what to show; %NULL = everything
 * @format: (nullable): how lines are written; %NULL = on the full screen
 * @is_for_people: lines are written in the charset of the locale
 * @palette: the colors
 *
 * What `watch` was asked for.
 */
typedef struct
{
  const char *const *symbols;
  QuotesViewFormat format;
  gboolean is_for_people;
  QuotesPalette palette;
} QuotesWatchPlan;

int quotes_watch_run (const QuotesWatchPlan *plan,
                      QuotesClient *(*open) (gpointer user_data, GError **error),
                      gpointer user_data);

G_END_DECLS
