/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-style.h"

/**
 * quotes_palette_is_red_up_in:
 * @language: a language as g_get_language_names() gives it, e.g. `zh_TW.UTF-8`
 *
 * Returns: whether people there expect a rising price in red
 */
gboolean
quotes_palette_is_red_up_in (const char *language)
{
  static const char *const languages[] = {"zh", "ja", "ko"};

  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_str_has_prefix (language, languages[i]) && !g_ascii_isalpha (language[2]))
      return TRUE;

  return FALSE;
}

static QuotesStyle
swap_if_red_up (QuotesPalette palette, QuotesStyle style)
{
  if (palette.is_red_up && style == QUOTES_STYLE_UP)
    return QUOTES_STYLE_DOWN;
  if (palette.is_red_up && style == QUOTES_STYLE_DOWN)
    return QUOTES_STYLE_UP;
  if (palette.is_red_up && style == QUOTES_STYLE_UP_FAINT)
    return QUOTES_STYLE_DOWN_FAINT;
  if (palette.is_red_up && style == QUOTES_STYLE_DOWN_FAINT)
    return QUOTES_STYLE_UP_FAINT;
  return style;
}

/* The terminal's own sixteen colours: its user chose them to be readable on its background. */
static const char *
get_sgr (QuotesStyle style)
{
  switch (style)
    {
    case QUOTES_STYLE_UP:
    case QUOTES_STYLE_GOOD:
      return "32";
    case QUOTES_STYLE_DOWN:
    case QUOTES_STYLE_BAD:
      return "31";
    case QUOTES_STYLE_STALE:
      return "33";
    case QUOTES_STYLE_CLOSED:
    case QUOTES_STYLE_FAINT:
      return "2";
    case QUOTES_STYLE_UP_FAINT:
      return "2;32";
    case QUOTES_STYLE_DOWN_FAINT:
      return "2;31";
    case QUOTES_STYLE_HEADING:
      return "1";
    case QUOTES_STYLE_BAR:
      return "7";
    case QUOTES_STYLE_PLAIN:
    default:
      return NULL;
    }
}

/**
 * quotes_style_append:
 * @out: where to
 * @text: what
 *
 * Writes @text as a terminal shows @style.
 */
void
quotes_style_append (GString *out, QuotesPalette palette, QuotesStyle style, const char *text)
{
  const char *sgr = palette.is_colored ? get_sgr (swap_if_red_up (palette, style)) : NULL;

  if (sgr == NULL)
    g_string_append (out, text);
  else
    g_string_append_printf (out, "\033[%sm%s\033[0m", sgr, text);
}

/**
 * quotes_style_get_rgb:
 *
 * Returns: (nullable): `#rrggbb` for a bar's dark background (contrast of at least 6.1 to 1 against
 *   #1e1e1e); %NULL = the bar's own colour
 */
const char *
quotes_style_get_rgb (QuotesPalette palette, QuotesStyle style)
{
  if (!palette.is_colored)
    return NULL;

  switch (swap_if_red_up (palette, style))
    {
    case QUOTES_STYLE_UP:
    case QUOTES_STYLE_GOOD:
      return "#57e389";
    case QUOTES_STYLE_DOWN:
    case QUOTES_STYLE_BAD:
      return "#ff7b63";
    case QUOTES_STYLE_STALE:
      return "#f8e45c";
    case QUOTES_STYLE_CLOSED:
      return "#b0b0b0";
    default:
      return NULL;
    }
}
