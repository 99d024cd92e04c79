/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-text.h"

#include <string.h>

#define FIRST_STRONG_ISOLATE "\u2068"
#define POP_DIRECTIONAL_ISOLATE "\u2069"
#define ELLIPSIS "\u2026"
#define REPLACEMENT_CHARACTER 0xfffd

/* Marks, embeddings, overrides and isolates: in a name that came from outside they could reorder
 * the rest of the line. */
static gboolean
is_direction_control (gunichar c)
{
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

/**
 * quotes_text_clean:
 * @text: text that came from outside
 *
 * Makes @text fit to be shown on one line of a terminal: names come from other people's servers,
 * and an escape character in one would let them write on the screen as they like.
 *
 * Returns: (transfer full): valid UTF-8 without control characters, line ends and direction
 * controls
 */
char *
quotes_text_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *clean = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\t' || c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029)
        g_string_append_c (clean, ' ');
      else if (g_unichar_iscntrl (c))
        g_string_append_unichar (clean, REPLACEMENT_CHARACTER);
      else if (!is_direction_control (c))
        g_string_append_unichar (clean, c);
    }

  return g_string_free (clean, FALSE);
}

static gboolean
is_strong_rtl (gunichar c)
{
  return (c >= 0x0590 && c <= 0x08ff && g_unichar_isalpha (c)) || (c >= 0xfb1d && c <= 0xfdff) ||
         (c >= 0xfe70 && c <= 0xfefe) || (c >= 0x10800 && c <= 0x10fff) ||
         (c >= 0x1e800 && c <= 0x1efff);
}

/**
 * quotes_text_is_rtl:
 *
 * Returns: whether a letter of @text runs from right to left
 */
gboolean
quotes_text_is_rtl (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (is_strong_rtl (g_utf8_get_char (p)))
      return TRUE;

  return FALSE;
}

static guint
get_character_width (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

/**
 * quotes_text_get_width:
 *
 * Returns: how many cells of a terminal @text takes. Characters of ambiguous width count as one.
 */
guint
quotes_text_get_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    width += get_character_width (g_utf8_get_char (p));

  return width;
}

/**
 * quotes_text_truncate:
 * @text: valid UTF-8
 * @width: cells
 *
 * Returns: (transfer full): @text, cut with an ellipsis if it takes more than @width cells. A
 *   character keeps its combining marks.
 */
char *
quotes_text_truncate (const char *text, guint width)
{
  guint taken = 0;
  const char *p = text;

  if (quotes_text_get_width (text) <= width)
    return g_strdup (text);
  if (width == 0)
    return g_strdup ("");

  for (; *p != '\0'; p = g_utf8_next_char (p))
    {
      guint character_width = get_character_width (g_utf8_get_char (p));

      if (taken + character_width > width - 1)
        break;
      taken += character_width;
    }

  return g_strdup_printf ("%.*s" ELLIPSIS, (int) (p - text), text);
}

/**
 * quotes_text_isolate:
 *
 * Returns: (transfer full): @text between U+2068 and U+2069, so that its direction stays its own
 */
char *
quotes_text_isolate (const char *text)
{
  return g_strconcat (FIRST_STRONG_ISOLATE, text, POP_DIRECTIONAL_ISOLATE, NULL);
}

/* What we draw with, for terminals that cannot show it. Same width, so that tables stay straight.
 */
static char
get_ascii (gunichar c)
{
  static const struct
  {
    gunichar character;
    char ascii;
  } map[] = {
    {0x25b2, '^'}, {0x25bc, 'v'}, {0x2212, '-'}, {0x2026, '~'},  {0x25cf, '*'},  {0x25cb, 'o'},
    {0x00d7, 'x'}, {0x2013, '-'}, {0x2014, '-'}, {0x2018, '\''}, {0x2019, '\''}, {0x201c, '"'},
    {0x201d, '"'}, {0x00a0, ' '}, {0x202f, ' '}, {0x2009, ' '},  {0x00b7, '-'},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (map); i++)
    if (map[i].character == c)
      return map[i].ascii;

  return '?';
}

static void
append_in_charset (GString *out, gunichar c, const char *charset)
{
  char utf8[6] = {0};
  gsize size = (gsize) g_unichar_to_utf8 (c, utf8);
  gsize converted_size = 0;
  g_autofree char *converted =
    g_convert (utf8, (gssize) size, charset, "UTF-8", NULL, &converted_size, NULL);

  if (converted != NULL)
    g_string_append_len (out, converted, (gssize) converted_size);
  else if (!g_unichar_iszerowidth (c))
    for (guint i = get_character_width (c); i > 0; i--)
      g_string_append_c (out, get_ascii (c));
}

/**
 * quotes_text_to_charset:
 * @text: valid UTF-8
 * @charset: the terminal's, as g_get_charset() names it
 *
 * Returns: (transfer full): @text in @charset; what it lacks is replaced by signs of the same width
 */
char *
quotes_text_to_charset (const char *text, const char *charset)
{
  GString *out = NULL;

  if (g_ascii_strcasecmp (charset, "UTF-8") == 0)
    return g_strdup (text);

  out = g_string_sized_new (strlen (text));
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c < 0x80)
        g_string_append_c (out, (char) c);
      else
        append_in_charset (out, c, charset);
    }

  return g_string_free (out, FALSE);
}
