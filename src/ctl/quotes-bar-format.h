/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-view.h"

G_BEGIN_DECLS

/* QuotesViewFormat of three status bars: one line per call, in UTF-8 whatever the locale says. */
void quotes_bar_append_waybar (const QuotesView *view,
                               const QuotesView *previous,
                               QuotesPalette palette,
                               GString *out);
void quotes_bar_append_i3bar (const QuotesView *view,
                              const QuotesView *previous,
                              QuotesPalette palette,
                              GString *out);
void quotes_bar_append_polybar (const QuotesView *view,
                                const QuotesView *previous,
                                QuotesPalette palette,
                                GString *out);

G_END_DECLS
