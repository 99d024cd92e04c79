/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-json.h"

#include <math.h>
#include <string.h>

#include "quotes-decimal.h"

G_DEFINE_QUARK (quotes_json_error, quotes_json_error)

/* json-glib reads `{'a':1}`, `var x = 1;`, `0x10` and `01`; RFC 8259 does not. So the bytes are
 * read by a scanner first that knows the grammar of tokens and the depth; the parser then checks
 * the rest. */
typedef struct
{
  const char *p;
  const char *end;
  guint depth;
  GString *patched;   /* (owned) (nullable): the text with its long integers made doubles */
  const char *copied; /* what of the text is in @patched */
} Scanner;

/* json-glib reads an integer beyond 64 bits as -1, without an error. Written as a fraction it is a
 * double instead; 18 digits always fit. */
#define INTEGER_DIGITS_MAX 18
/* No price, volume or time comes near it. */
#define NUMBER_MAX 1e18

static void
patch_integer (Scanner *self)
{
  if (self->patched == NULL)
    self->patched = g_string_sized_new ((gsize) (self->end - self->copied) + 64);
  g_string_append_len (self->patched, self->copied, self->p - self->copied);
  g_string_append (self->patched, ".0");
  self->copied = self->p;
}

static gboolean
scan_string (Scanner *self)
{
  for (self->p++; self->p < self->end; self->p++)
    {
      guchar c = (guchar) *self->p;

      if (c == '"')
        {
          self->p++;
          return TRUE;
        }
      if (c < 0x20)
        return FALSE;
      if (c == '\\' && ++self->p == self->end)
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

static gboolean
scan_token (Scanner *self)
{
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

/* Returns: (transfer none) (nullable): the root, which the parser owns */
static JsonNode *
load (JsonParser *parser, const char *data, gsize size, GError **error)
{
  Scanner scanner = {.p = data, .end = data + size, .copied = data};
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GString) patched = NULL;
  gboolean is_good = check_tokens (&scanner, data, error);
  JsonNode *root = NULL;

  patched = scanner.patched;
  if (!is_good)
    return NULL;
  if (patched != NULL)
    {
      g_string_append_len (patched, scanner.copied, scanner.end - scanner.copied);
      data = patched->str;
      size = patched->len;
    }

  if (json_parser_load_from_data (parser, data, (gssize) size, &local_error))
    root = json_parser_get_root (parser);
  if (root == NULL)
    g_set_error (error, QUOTES_JSON_ERROR, QUOTES_JSON_ERROR_SYNTAX, "Could not read JSON: %s",
                 local_error != NULL ? "not well-formed" : "empty");
  return root;
}

/**
 * quotes_json_parse:
 * @bytes: from outside, trusted in nothing
 * @max_size: the longest text that is looked at
 * @error: return location for a #QuotesJsonError
 *
 * Size and depth are checked before json-glib sees a byte.
 *
 * Returns: (transfer full): the root, immutable
 */
JsonNode *
quotes_json_parse (GBytes *bytes, gsize max_size, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  gsize size = 0;
  const char *data = g_bytes_get_data (bytes, &size);
  JsonNode *root = NULL;

  if (size > max_size)
    {
      g_set_error (error, QUOTES_JSON_ERROR, QUOTES_JSON_ERROR_SIZE,
                   "Could not read JSON: longer than %" G_GSIZE_FORMAT " bytes", max_size);
      return NULL;
    }
  if (data == NULL || !g_utf8_validate_len (data, size, NULL))
    {
      g_set_error_literal (error, QUOTES_JSON_ERROR, QUOTES_JSON_ERROR_SYNTAX,
                           "Could not read JSON: empty or not UTF-8");
      return NULL;
    }

  parser = json_parser_new_immutable ();
  root = load (parser, data, size, error);
  return root != NULL ? json_node_ref (root) : NULL;
}

JsonObject *
quotes_json_get_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
quotes_json_get_array (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonNode *
get_member (JsonObject *object, const char *member)
{
  return object != NULL ? json_object_get_member (object, member) : NULL;
}

JsonObject *
quotes_json_object_get_object (JsonObject *object, const char *member)
{
  return quotes_json_get_object (get_member (object, member));
}

JsonArray *
quotes_json_object_get_array (JsonObject *object, const char *member)
{
  return quotes_json_get_array (get_member (object, member));
}

static GType
get_value_type (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node)
                                                      : G_TYPE_INVALID;
}

/**
 * quotes_json_object_get_string:
 *
 * Returns: (transfer none) (nullable): lives as long as @object
 */
const char *
quotes_json_object_get_string (JsonObject *object, const char *member)
{
  JsonNode *node = get_member (object, member);

  return get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

static double
get_number (JsonNode *node)
{
  GType type = get_value_type (node);
  double value = NAN;

  if (type == G_TYPE_INT64 || type == G_TYPE_DOUBLE)
    value = json_node_get_double (node);

  return isfinite (value) && fabs (value) <= NUMBER_MAX ? value : (double) NAN;
}

/**
 * quotes_json_object_get_number:
 *
 * Returns: a finite number, or NAN when it is absent, null, of another type or out of range
 */
double
quotes_json_object_get_number (JsonObject *object, const char *member)
{
  return get_number (get_member (object, member));
}

double
quotes_json_array_get_number (JsonArray *array, guint i)
{
  return array != NULL && i < json_array_get_length (array)
           ? get_number (json_array_get_element (array, i))
           : (double) NAN;
}

/* Returns: (transfer none) (nullable): lives as long as @array */
const char *
quotes_json_array_get_string (JsonArray *array, guint i)
{
  JsonNode *node =
    array != NULL && i < json_array_get_length (array) ? json_array_get_element (array, i) : NULL;

  return get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

/**
 * quotes_json_object_get_int:
 *
 * Returns: whether there is a whole number; @value is set only then
 */
gboolean
quotes_json_object_get_int (JsonObject *object, const char *member, gint64 *value)
{
  double number = quotes_json_object_get_number (object, member);

  /* Beyond 2^53 neighbours cannot be told apart. */
  if (!isfinite (number) || floor (number) != number || fabs (number) > 9007199254740992.0)
    return FALSE;
  *value = (gint64) number;
  return TRUE;
}

gboolean
quotes_json_object_get_boolean (JsonObject *object, const char *member, gboolean *value)
{
  JsonNode *node = get_member (object, member);

  if (get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;
  *value = json_node_get_boolean (node);
  return TRUE;
}

/**
 * quotes_json_object_is_invalid_number:
 *
 * Returns: whether something is there, and is not null, that cannot be a number: worth counting,
 *   unlike what is merely unknown
 */
gboolean
quotes_json_object_is_invalid_number (JsonObject *object, const char *member)
{
  JsonNode *node = get_member (object, member);

  return node != NULL && !JSON_NODE_HOLDS_NULL (node) && !isfinite (get_number (node));
}

/**
 * quotes_json_append_string:
 * @text: where to
 * @value: (nullable): UTF-8; %NULL is written as `null`
 *
 * Non-ASCII is written as it is (wire format 1.1); U+2028 and U+2029 too, which JSON allows.
 */
void
quotes_json_append_string (GString *text, const char *value)
{
  const char *run = value;

  if (value == NULL)
    {
      g_string_append (text, "null");
      return;
    }

  g_string_append_c (text, '"');
  for (const char *p = value; *p != '\0'; p++)
    {
      guchar c = (guchar) *p;

      if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
        continue;
      g_string_append_len (text, run, p - run);
      run = p + 1;
      if (c == '"' || c == '\\')
        g_string_append_printf (text, "\\%c", c);
      else if (c == '\n')
        g_string_append (text, "\\n");
      else
        g_string_append_printf (text, "\\u%04x", c);
    }
  g_string_append (text, run);
  g_string_append_c (text, '"');
}

/**
 * quotes_json_append_number:
 * @text: where to
 * @value: what is not finite is written as `null`
 *
 * The shortest text that reads back to the same double. json-glib 1.6 writes 2899.3 as
 * 2899.3000000000002 and 1e21 as `1e+21.0`, which is no JSON.
 */
void
quotes_json_append_number (GString *text, double value)
{
  char buffer[QUOTES_DECIMAL_BUFFER_SIZE];

  g_string_append (text, isfinite (value) ? quotes_decimal_format (value, buffer) : "null");
}
