/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-json.h"

#include <math.h>
#include <string.h>

#include "quotes-decimal.h"
#include "quotes-json-scan.h"

G_DEFINE_QUARK (quotes_json_error, quotes_json_error)

/* No price, volume or time comes near it. */
#define NUMBER_MAX 1e18

/* Returns: (transfer none) (nullable): the root, which the parser owns */
static JsonNode *
load (JsonParser *parser, const char *data, gsize size, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GString) patched = NULL;
  JsonNode *root = NULL;

  if (!quotes_json_scan (data, size, &patched, error))
    return NULL;
  if (patched != NULL)
    {
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
