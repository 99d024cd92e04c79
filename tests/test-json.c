/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-json.h"

#include <math.h>
#include <string.h>

static JsonNode *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return quotes_json_parse (bytes, 1024 * 1024, error);
}

static void
assert_refused (const char *text, QuotesJsonError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (text, &error));
  g_assert_error (error, QUOTES_JSON_ERROR, (int) code);
}

static void
test_refuses_deep_nesting (void)
{
  g_autofree char *arrays = g_strnfill (100000, '[');
  g_autofree char *closed =
    g_strdup_printf ("%.*s%.*s", 33, arrays, 33, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
  g_autofree char *fits =
    g_strdup_printf ("%.*s%.*s", 32, arrays, 32, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
  g_autoptr (GString) objects = g_string_new (NULL);
  g_autoptr (JsonNode) root = parse (fits, NULL);

  for (guint i = 0; i < 100000; i++)
    g_string_append (objects, "{\"a\":");

  g_assert_nonnull (root);
  assert_refused (closed, QUOTES_JSON_ERROR_DEPTH);
  assert_refused (arrays, QUOTES_JSON_ERROR_DEPTH);
  assert_refused (objects->str, QUOTES_JSON_ERROR_DEPTH);
}

static void
test_refuses_what_is_not_json (void)
{
  static const char *const texts[] = {
    "",
    " ",
    "{'a':1}",
    "var x = {};",
    "0x10",
    "01",
    "[1,]",
    "NaN",
    "Infinity",
    "+1",
    "]",
    "{",
    "\"a",
    "[1] x",
    "1.",
    ".5",
    "\"\n\"",
    "\xff",
    "tru",
    /* One document. json-glib takes the last of many and leaks the others. */
    "{}{}",
    "{}\n{}",
    "[1]{}",
    "1 2",
    "\"a\"[1]",
    "null null",
    "{},{}",
    ",1",
    "[1],",
    "1:2",
    /* Escapes. It takes the first three, and leaks the text before half a surrogate pair with
     * another character behind it. */
    "\"\\q\"",
    "\"\\u12\"",
    "\"\\uZZZZ\"",
    "\"ab\\ud800\"",
    "\"ab\\ud800\\ud800\"",
    "\"ab\\udc00\\udc00\"",
    "\"ab\\ud800\\uZZZZ\"",
    "\"ab\\ud800\\u0041\"",
    "\"ab\\udc00\"",
    "\"\\",
    "\"\\u",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (texts[i], QUOTES_JSON_ERROR_SYNTAX);
}

static void
test_reads_escapes (void)
{
  g_autoptr (JsonNode) root =
    parse ("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\", \"\\u00e9\\uD83D\\uDE00\\uFFFD\"]", NULL);
  JsonArray *array = quotes_json_get_array (root);

  g_assert_cmpstr (quotes_json_array_get_string (array, 0), ==, "\"\\/\b\f\n\r\t");
  g_assert_cmpstr (quotes_json_array_get_string (array, 1), ==,
                   "\303\251\360\237\230\200\357\277\275");
}

static void
test_numbers_are_checked (void)
{
  g_autoptr (JsonNode) root = parse (
    "{\"s\":\"64000\",\"inf\":1e400,\"big\":99999999999999999999,\"max\":9223372036854775808,"
    "\"t\":true,\"n\":null,\"i\":7,\"d\":7.5}",
    NULL);
  JsonObject *object = quotes_json_get_object (root);
  static const char *const invalid[] = {"s", "inf", "big", "max", "t"};
  gint64 integer = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_assert_true (isnan (quotes_json_object_get_number (object, invalid[i])));
      g_assert_true (quotes_json_object_is_invalid_number (object, invalid[i]));
    }
  g_assert_false (quotes_json_object_is_invalid_number (object, "n"));
  g_assert_false (quotes_json_object_is_invalid_number (object, "absent"));
  g_assert_cmpfloat (quotes_json_object_get_number (object, "d"), ==, 7.5);
  g_assert_true (quotes_json_object_get_int (object, "i", &integer));
  g_assert_cmpint (integer, ==, 7);
  g_assert_false (quotes_json_object_get_int (object, "d", &integer));
}

static void
test_writes_strings_safely (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  quotes_json_append_string (text, "a\"b\\c\n\x01\x7f\xc3\xa9");
  quotes_json_append_number (text, NAN);
  quotes_json_append_number (text, 2899.3);
  g_assert_cmpstr (text->str, ==, "\"a\\\"b\\\\c\\n\\u0001\\u007f\xc3\xa9\"null2899.3");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rules/F6-deep-json-is-refused-before-the-parser", test_refuses_deep_nesting);
  g_test_add_func ("/rules/F7-lenient-json-is-refused", test_refuses_what_is_not_json);
  g_test_add_func ("/rules/D6-impossible-numbers-are-unknown", test_numbers_are_checked);
  g_test_add_func ("/json/reads-escapes", test_reads_escapes);
  g_test_add_func ("/json/writes-strings-safely", test_writes_strings_safely);

  return g_test_run ();
}
