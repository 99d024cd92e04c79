/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-request-path.h"

/* A strict reader of UTF-8 that is fed byte by byte. */
typedef struct
{
  guint n_missing;
  guchar low;
  guchar high;
} Utf8;

static gboolean
utf8_take (Utf8 *self, guchar c)
{
  gboolean is_good = TRUE;

  if (self->n_missing > 0)
    {
      is_good = c >= self->low && c <= self->high;
      self->n_missing--;
    }
  else if (c >= 0x80)
    {
      is_good = c >= 0xc2 && c <= 0xf4;
      self->n_missing = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
    }

  /* No overlong forms, no surrogates, nothing above U+10FFFF. */
  self->low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
  self->high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
  return is_good;
}

/* Returns: the byte at @at, unescaped once, or -1 */
static int
decode (const char *text, gsize size, gsize *at)
{
  int high = -1;
  int low = -1;

  if (text[*at] != '%')
    return (guchar) text[(*at)++];
  if (size - *at < 3)
    return -1;

  high = g_ascii_xdigit_value (text[*at + 1]);
  low = g_ascii_xdigit_value (text[*at + 2]);
  *at += 3;
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* `.` and `..` lead elsewhere, and an empty one is `//`. */
static gboolean
is_good_segment (gsize size, gsize n_dots)
{
  return size > 0 && (n_dots != size || n_dots > 2);
}

/**
 * quotes_request_path_is_good:
 * @path: the raw path, which begins with a slash; printable ASCII
 * @size: its length
 *
 * Rule A13. The path is looked at as it is after unescaping it once, which shows whatever the raw
 * one could hide: no control bytes, no `\`, no `//`, no `.` and `..`, valid UTF-8. What is still
 * escaped after that round is an odd name and no more.
 */
gboolean
quotes_request_path_is_good (const char *path, gsize size)
{
  Utf8 utf8 = {0};
  gsize n_segment = 0;
  gsize n_dots = 0;
  gsize at = 1;

  while (at < size)
    {
      int c = decode (path, size, &at);

      if (c < 0 || g_ascii_iscntrl ((char) c) || c == '\\' || !utf8_take (&utf8, (guchar) c))
        return FALSE;
      if (c == '/')
        {
          if (!is_good_segment (n_segment, n_dots))
            return FALSE;
          n_segment = n_dots = 0;
          continue;
        }
      n_segment++;
      if (c == '.')
        n_dots++;
    }

  return utf8.n_missing == 0 && (n_segment == 0 || is_good_segment (n_segment, n_dots));
}

/* Whether every escape is one; what they mean is for whoever reads the query. */
gboolean
quotes_request_query_is_good (const char *query, gsize size)
{
  gsize at = 0;

  while (at < size)
    if (decode (query, size, &at) < 0)
      return FALSE;

  return TRUE;
}
