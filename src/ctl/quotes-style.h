/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * QuotesStyle:
 *
 * What a piece of text means; how that looks is decided in one place.
 */
typedef enum
{
  QUOTES_STYLE_PLAIN,
  QUOTES_STYLE_HEADING,
  QUOTES_STYLE_UP,
  QUOTES_STYLE_DOWN,
  QUOTES_STYLE_STALE,
  QUOTES_STYLE_CLOSED,
  QUOTES_STYLE_GOOD,
  QUOTES_STYLE_BAD,
  QUOTES_STYLE_BAR,
  QUOTES_STYLE_FAINT,
  QUOTES_STYLE_UP_FAINT,
  QUOTES_STYLE_DOWN_FAINT,
} QuotesStyle;

/**
 * QuotesPalette:
 * @is_colored: whether anything but text is written
 * @is_red_up: rising prices are red and falling ones green, as in East Asia
 */
typedef struct
{
  gboolean is_colored;
  gboolean is_red_up;
} QuotesPalette;

gboolean quotes_palette_is_red_up_in (const char *language);
void quotes_style_append (GString *out, QuotesPalette palette, QuotesStyle style, const char *text);
const char *quotes_style_get_rgb (QuotesPalette palette, QuotesStyle style);

G_END_DECLS
