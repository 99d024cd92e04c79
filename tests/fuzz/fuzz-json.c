/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <string.h>

#include "fuzz-target.h"
#include "quotes-json.h"

/* What we write must be JSON that reads back to the same value. */
static void
check_string (const char *value)
{
  g_autoptr (GString) text = g_string_new ("[");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  quotes_json_append_string (text, value);
  g_string_append_c (text, ']');
  bytes = g_bytes_new_static (text->str, text->len);
  node = quotes_json_parse (bytes, G_MAXSIZE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (json_array_get_string_element (json_node_get_array (node), 0), ==, value);
}

static void
check_number (double value)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char *end = NULL;

  if (isnan (value))
    return;
  g_assert_true (isfinite (value));
  quotes_json_append_number (text, value);
  g_assert_true (g_ascii_strtod (text->str, &end) >= value && *end == '\0');
  g_assert_true (g_ascii_strtod (text->str, NULL) <= value);
  g_assert_cmpstr (text->str, !=, "-0");
}

static void
visit_member (JsonObject *object, const char *name)
{
  const char *string = quotes_json_object_get_string (object, name);
  gint64 integer = 0;
  gboolean boolean = FALSE;

  if (string != NULL)
    check_string (string);
  check_string (name);
  check_number (quotes_json_object_get_number (object, name));
  quotes_json_object_get_int (object, name, &integer);
  quotes_json_object_get_boolean (object, name, &boolean);
  quotes_json_object_is_invalid_number (object, name);
  quotes_json_object_get_object (object, name);
  quotes_json_object_get_array (object, name);
}

static void
visit (JsonNode *node)
{
  JsonObject *object = quotes_json_get_object (node);
  JsonArray *array = quotes_json_get_array (node);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      check_number (quotes_json_array_get_number (array, i));
      visit (json_array_get_element (array, i));
    }
  if (object != NULL)
    {
      JsonObjectIter iter;
      const char *name = NULL;
      JsonNode *member = NULL;

      json_object_iter_init (&iter, object);
      while (json_object_iter_next (&iter, &name, &member))
        {
          visit_member (object, name);
          visit (member);
        }
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = quotes_json_parse (bytes, 32 * 1024, &error);

  g_assert_true ((node == NULL) == (error != NULL));
  if (node != NULL)
    visit (node);

  return 0;
}
