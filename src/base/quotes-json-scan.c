/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-json-scan.h"

#include <string.h>

#include "quotes-json.h"

/* json-glib reads an integer beyond 64 bits as -1, without an error. Written as a fraction it is a
 * double instead; 18 digits always fit. */
#define INTEGER_DIGITS_MAX 18

typedef struct
{
  const char *p;
  const char *end;
  guint depth;
  gboolean has_root;  /* the one value of the text has begun */
  GString *patched;   /* (owned) (nullable): the text with its long integers made doubles */
  const char *copied; /* what of the text is in @patched */
} Scanner;

static void
patch_integer (Scanner *self)
{
  if (self->patched == NULL)
    self->patched = g_string_sized_new ((gsize) (self->end - self->copied) + 64);
  g_string_append_len (self->patched, self->copied, self->p - self->copied);
  g_string_append (self->patched, ".0");
  self->copied = self->p;
}

/* The four digits behind a backslash and `u`; -1 = they are none. */
static int
scan_code_unit (Scanner *self)
{
  int unit = 0;

  if (self->end - self->p < 6 || self->p[0] != '\\' || self->p[1] != 'u')
    return -1;
  for (guint i = 2; i < 6; i++)
    {
      if (!g_ascii_isxdigit (self->p[i]))
        return -1;
      unit = unit * 16 + g_ascii_xdigit_value (self->p[i]);
    }
  self->p += 6;
  return unit;
}

/* From its backslash on. json-glib takes any letter and any four behind `u`. Half a surrogate pair
 * is for whoever wants the text; but with another character behind it json-glib leaks what was
 * before. */
static gboolean
scan_escape (Scanner *self)
{
  gboolean is_high = FALSE;
  int unit = 0;

  if (self->end - self->p < 2)
    return FALSE;
  if (self->p[1] != 'u')
    {
      gboolean is_known = self->p[1] != '\0' && strchr ("\"\\/bfnrt", self->p[1]) != NULL;

      self->p += 2;
      return is_known;
    }

  unit = scan_code_unit (self);
  if (unit < 0xd800 || unit >= 0xe000 || self->end - self->p < 2 || self->p[0] != '\\' ||
      self->p[1] != 'u')
    return unit >= 0;
  is_high = unit < 0xdc00;
  unit = scan_code_unit (self);
  return is_high && unit >= 0xdc00 && unit < 0xe000;
}

static gboolean
scan_string (Scanner *self)
{
  self->p++;
  while (self->p < self->end)
    {
      guchar c = (guchar) *self->p;

      if (c == '\\')
        {
          if (!scan_escape (self))
            return FALSE;
          continue;
        }
      self->p++;
      if (c == '"')
        return TRUE;
      if (c < 0x20)
        return FALSE;
    }
  return FALSE;
}

static gboolean
scan_digits (Scanner *self)
{
  const char *start = self->p;

  while (self->p < self->end && g_ascii_isdigit (*self->p))
    self->p++;
  return self->p > start;
}

static gboolean
scan_number (Scanner *self)
{
  const char *start = NULL;
  gsize n_digits = 0;

  if (*self->p == '-')
    self->p++;
  start = self->p;
  if (!scan_digits (self) || (*start == '0' && self->p - start > 1))
    return FALSE;
  n_digits = (gsize) (self->p - start);
  if (n_digits > INTEGER_DIGITS_MAX &&
      (self->p == self->end || (*self->p != '.' && *self->p != 'e' && *self->p != 'E')))
    patch_integer (self);
  if (self->p < self->end && *self->p == '.')
    {
      self->p++;
      if (!scan_digits (self))
        return FALSE;
    }
  if (self->p < self->end && (*self->p == 'e' || *self->p == 'E'))
    {
      self->p++;
      if (self->p < self->end && (*self->p == '+' || *self->p == '-'))
        self->p++;
      if (!scan_digits (self))
        return FALSE;
    }
  return TRUE;
}

static gboolean
scan_word (Scanner *self)
{
  static const char *const words[] = {"true", "false", "null"};

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i]);

      if ((gsize) (self->end - self->p) >= length && memcmp (self->p, words[i], length) == 0)
        {
          self->p += length;
          return TRUE;
        }
    }
  return FALSE;
}

/* Outside of everything there is one value, and space around it: json-glib takes the last of many,
 * and leaks the others. */
static gboolean
scan_root (Scanner *self)
{
  if (strchr (" \t\r\n", *self->p) != NULL)
    return TRUE;
  if (self->has_root || *self->p == ',' || *self->p == ':')
    return FALSE;
  self->has_root = TRUE;
  return TRUE;
}

static gboolean
scan_token (Scanner *self)
{
  if (self->depth == 0 && !scan_root (self))
    return FALSE;

  switch (*self->p)
    {
    case '[':
    case '{':
      self->depth++;
      self->p++;
      return TRUE;
    case ']':
    case '}':
      if (self->depth == 0)
        return FALSE;
      self->depth--;
      self->p++;
      return TRUE;
    case ' ':
    case '\t':
    case '\r':
    case '\n':
    case ',':
    case ':':
      self->p++;
      return TRUE;
    case '"':
      return scan_string (self);
    default:
      return *self->p == '-' || g_ascii_isdigit (*self->p) ? scan_number (self) : scan_word (self);
    }
}

static gboolean
check_tokens (Scanner *self, const char *data, GError **error)
{
  while (self->p < self->end)
    {
      if (!scan_token (self))
        {
          g_set_error (error, QUOTES_JSON_ERROR, QUOTES_JSON_ERROR_SYNTAX,
                       "Could not read JSON: unexpected text at byte %" G_GSIZE_FORMAT,
                       (gsize) (MIN (self->p, self->end) - data));
          return FALSE;
        }
      if (self->depth > QUOTES_JSON_MAX_DEPTH)
        {
          g_set_error (error, QUOTES_JSON_ERROR, QUOTES_JSON_ERROR_DEPTH,
                       "Could not read JSON: nested deeper than %d", QUOTES_JSON_MAX_DEPTH);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * quotes_json_scan:
 * @data: UTF-8 from outside
 * @size: of @data
 * @patched: (out) (transfer full) (nullable): what is to be parsed instead, because json-glib would
 *   read numbers of @data wrongly; untouched after a failure
 * @error: return location for a #QuotesJsonError
 *
 * Returns: whether json-glib may see it
 */
gboolean
quotes_json_scan (const char *data, gsize size, GString **patched, GError **error)
{
  Scanner scanner = {.p = data, .end = data + size, .copied = data};
  gboolean is_good = check_tokens (&scanner, data, error);
  g_autoptr (GString) text = scanner.patched;

  if (!is_good)
    return FALSE;
  if (text != NULL)
    g_string_append_len (text, scanner.copied, scanner.end - scanner.copied);
  *patched = g_steal_pointer (&text);
  return TRUE;
}
