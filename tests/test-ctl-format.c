/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "quote-maker.h"
#include "quotes-format.h"
#include "quotes-json.h"
#include "quotes-text-format.h"
#include "quotes-text.h"
#include "test-locale.h"

#define HOSTILE "A\033[31m\"\\<b>&\n\u202e,\xc2\x9b\x7f%{F#fff}"

static const QuotesPalette bare = {FALSE, FALSE};
static const QuotesPalette colored = {TRUE, FALSE};

static void
assert_text (char *taken, const char *expected)
{
  g_autofree char *text = taken;

  g_assert_cmpstr (text, ==, expected);
}

static void
test_numbers (void)
{
  assert_text (quotes_format_number (1234.5, 2), "1234.50");
  assert_text (quotes_format_number (-0.001, 2), "0.00");
  assert_text (quotes_format_number (-3.25, 2), "\u22123.25");
  assert_text (quotes_format_number (NAN, 2), "\u2013");
  assert_text (quotes_format_number (0.00001234, 8), "0.00001234");
  assert_text (quotes_format_number (1e18, 2), "1e+18");
  assert_text (quotes_format_signed (0.005, 2), "0.00");
  assert_text (quotes_format_signed (2.5, 1), "+2.5");
  assert_text (quotes_format_signed (-2.5, 1), "\u22122.5");
}

static void
test_numbers_in_german (void)
{
  TestLocale locale = {0};

  if (test_locale_begin (&locale, "de_DE"))
    {
      assert_text (quotes_format_number (1234567.5, 2), "1.234.567,50");
      assert_text (quotes_format_signed (-1.25, 2), "\u22121,25");
    }
  test_locale_end (&locale);
}

static void
test_programs_get_plain_numbers (void)
{
  static const char *const names[] = {"de_DE", "ar_EG"};
  const QuotesQuote fields = maker_get_fields ("XAU", "Gold");

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      TestLocale locale = {0};

      if (test_locale_begin (&locale, names[i]))
        {
          g_autoptr (QuotesSnapshot) snapshot = maker_snapshot (&fields);
          g_autoptr (QuotesView) view = quotes_view_new (snapshot, NULL, TRUE, NULL);
          g_autoptr (GString) json = g_string_new (NULL);
          g_autoptr (GString) csv = g_string_new (NULL);
          g_autofree char *price = quotes_format_price (g_ptr_array_index (view->quotes, 0));

          quotes_text_format_append_json (view, NULL, bare, json);
          quotes_text_format_append_csv (snapshot, csv);
          g_assert_nonnull (strstr (json->str, "\"price\":64000.5,\"currency\""));
          g_assert_nonnull (strstr (csv->str, "metal,64000.5,USD,800.25,1.25,"));
          g_assert_true (g_utf8_validate (price, -1, NULL));
        }
      test_locale_end (&locale);
    }
}

static void
test_ages (void)
{
  assert_text (quotes_format_age (-5), "0 s");
  assert_text (quotes_format_age (59 * G_USEC_PER_SEC), "59 s");
  assert_text (quotes_format_age (61 * G_USEC_PER_SEC), "1 min");
  assert_text (quotes_format_age (G_GINT64_CONSTANT (7199) * G_USEC_PER_SEC), "1 h");
  assert_text (quotes_format_age (G_GINT64_CONSTANT (200000) * G_USEC_PER_SEC), "2 d");
}

static void
test_marks_need_no_color (void)
{
  static const struct
  {
    double change;
    QuotesMarketState market_state;
    QuotesStaleReason stale_reason;
    const char *marks;
    const char *state;
  } rows[] = {
    {1, QUOTES_MARKET_STATE_REGULAR, QUOTES_STALE_REASON_NONE, "\u25b2 ", "open"},
    {-1, QUOTES_MARKET_STATE_REGULAR, QUOTES_STALE_REASON_NONE, "\u25bc ", "open"},
    {0, QUOTES_MARKET_STATE_ALWAYS, QUOTES_STALE_REASON_NONE, "= ", "always open"},
    {1, QUOTES_MARKET_STATE_CLOSED, QUOTES_STALE_REASON_NONE, "\u25b2\u00d7", "closed"},
    {-1, QUOTES_MARKET_STATE_CLOSED, QUOTES_STALE_REASON_OLD, "\u25bc!", "stale: no recent price"},
    {NAN, QUOTES_MARKET_STATE_UNKNOWN, QUOTES_STALE_REASON_OFFLINE, " !", "stale: offline"},
    {NAN, QUOTES_MARKET_STATE_PRE, QUOTES_STALE_REASON_NONE, "  ", "before hours"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      QuotesQuote fields = maker_get_fields ("XAU", "Gold");

      fields.change = rows[i].change;
      fields.change_pct = NAN;
      fields.market_state = rows[i].market_state;
      fields.stale_reason = rows[i].stale_reason;
      assert_text (quotes_format_marks (&fields), rows[i].marks);
      assert_text (quotes_format_state (&fields), rows[i].state);
    }
}

static void
test_delay_is_told (void)
{
  QuotesQuote fields = maker_get_fields ("SPX", "S&P 500");

  fields.is_delayed = TRUE;
  fields.delay_minutes = 15;
  assert_text (quotes_format_state (&fields), "open, 15 min late");
}

static void
test_plain_tells_changes_only (void)
{
  QuotesQuote fields = maker_get_fields ("XAU", "Gold");
  g_autoptr (QuotesSnapshot) first = maker_snapshot (&fields);
  g_autoptr (QuotesView) view = quotes_view_new (first, NULL, TRUE, NULL);
  g_autoptr (QuotesView) gone = quotes_view_new (first, NULL, FALSE, "It went away");
  g_autoptr (GString) out = g_string_new (NULL);

  quotes_text_format_append_plain (view, NULL, bare, out);
  g_assert_nonnull (strstr (out->str, "XAU  64000.50 USD  \u25b2  +800.25  +1.25%  open\n"));
  g_string_truncate (out, 0);
  quotes_text_format_append_plain (view, view, bare, out);
  g_assert_cmpstr (out->str, ==, "");
  quotes_text_format_append_plain (gone, view, bare, out);
  g_assert_cmpstr (out->str, ==, "offline: It went away\n");
  g_string_truncate (out, 0);
  quotes_text_format_append_plain (gone, gone, bare, out);
  g_assert_cmpstr (out->str, ==, "");
  quotes_text_format_append_plain (view, gone, bare, out);
  g_assert_nonnull (strstr (out->str, "XAU  64000.50"));
}

static void
test_plain_tells_what_is_missing (void)
{
  static const char *const symbols[] = {"xau", "NOPE", NULL};
  QuotesQuote fields = maker_get_fields ("XAU", "Gold");
  g_autoptr (QuotesSnapshot) snapshot = maker_snapshot (&fields);
  g_autoptr (QuotesView) view = quotes_view_new (snapshot, symbols, TRUE, NULL);
  g_autoptr (QuotesView) empty = quotes_view_new (snapshot, symbols + 1, TRUE, NULL);
  g_autoptr (GString) out = g_string_new (NULL);

  quotes_text_format_append_plain (view, NULL, bare, out);
  g_assert_nonnull (strstr (out->str, "XAU  "));
  g_assert_true (g_str_has_suffix (out->str, "NOPE has no price; is it on the list?\n"));
  g_string_truncate (out, 0);
  quotes_text_format_append_plain (empty, view, bare, out);
  g_assert_cmpstr (out->str, ==, "XAU is no longer on the list\n");
}

/* No byte of a name may command the terminal. */
static void
test_plain_neutralizes_names (void)
{
  const QuotesQuote fields = maker_get_fields (HOSTILE, HOSTILE);
  g_autoptr (QuotesSnapshot) snapshot = maker_snapshot (&fields);
  g_autoptr (QuotesView) view = quotes_view_new (snapshot, NULL, TRUE, NULL);
  g_autoptr (GString) out = g_string_new (NULL);

  quotes_text_format_append_plain (view, NULL, bare, out);
  g_assert_null (strchr (out->str, '\033'));
  g_assert_null (strstr (out->str, "\u202e"));
  g_assert_null (strstr (out->str, "\xc2\x9b"));
  g_assert_true (strchr (out->str, '\n') == out->str + out->len - 1);
  g_string_truncate (out, 0);
  quotes_text_format_append_plain (view, NULL, colored, out);
  g_assert_nonnull (strstr (out->str, "\033[32m"));
  g_assert_null (strstr (out->str, "\033[31m"));
}

static void
test_json_is_one_valid_line (void)
{
  const QuotesQuote fields = maker_get_fields (HOSTILE, HOSTILE);
  g_autoptr (QuotesSnapshot) snapshot = maker_snapshot (&fields);
  g_autoptr (QuotesView) offline = quotes_view_new (snapshot, NULL, FALSE, NULL);
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = NULL;

  quotes_text_format_append_json (offline, NULL, bare, line);
  g_assert_true (strchr (line->str, '\n') == line->str + line->len - 1);
  bytes = g_bytes_new (line->str, line->len);
  node = quotes_json_parse (bytes, G_MAXSIZE, NULL);
  g_assert_nonnull (node);
  object = json_array_get_object_element (quotes_json_get_array (node), 0);
  g_assert_cmpstr (quotes_json_object_get_string (object, "name"), ==, HOSTILE);
  g_assert_true (json_object_get_boolean_member (object, "stale"));
  g_assert_cmpstr (quotes_json_object_get_string (object, "stale_reason"), ==, "offline");
}

static void
test_list_json_is_the_rest_answer (void)
{
  const QuotesQuote fields = maker_get_fields ("XAU", "Gold");
  g_autoptr (QuotesSnapshot) snapshot = maker_snapshot (&fields);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = NULL;
  gint64 version = 0;

  quotes_text_format_append_list_json (snapshot, out);
  bytes = g_bytes_new (out->str, out->len);
  node = quotes_json_parse (bytes, G_MAXSIZE, NULL);
  object = quotes_json_get_object (node);
  g_assert_true (quotes_json_object_get_int (object, "version", &version));
  g_assert_cmpint (version, ==, 7);
  g_assert_true (
    g_str_has_prefix (quotes_json_object_get_string (object, "generated"), "2026-02-17T09:30:00"));
  g_assert_cmpuint (json_array_get_length (quotes_json_object_get_array (object, "quotes")), ==, 1);
}

static void
test_csv_quotes_what_needs_it (void)
{
  static const struct
  {
    const char *name;
    const char *cell;
  } rows[] = {
    {"Gold", "XAU,Gold,metal,"},
    {"Gold, fine", "XAU,\"Gold, fine\",metal,"},
    {"\"Gold\"", "XAU,\"\"\"Gold\"\"\",metal,"},
    {"=1+1", "XAU,\"'=1+1\",metal,"},
    {"@x", "XAU,\"'@x\",metal,"},
    {"two\nlines", "XAU,\"two\nlines\",metal,"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const QuotesQuote fields = maker_get_fields ("XAU", rows[i].name);
      g_autoptr (QuotesSnapshot) snapshot = maker_snapshot (&fields);
      g_autoptr (GString) out = g_string_new (NULL);
      const char *row = NULL;

      quotes_text_format_append_csv (snapshot, out);
      row = strstr (out->str, "\r\n");
      g_assert_nonnull (row);
      g_assert_true (g_str_has_prefix (row + 2, rows[i].cell));
      g_assert_true (g_str_has_suffix (out->str, ",2,false,\r\n"));
    }
}

static void
test_csv_symbol_is_quoted_too (void)
{
  QuotesQuote fields = maker_get_fields ("=cmd|' /C calc'!A0", "x");
  g_autoptr (QuotesSnapshot) snapshot = NULL;
  g_autoptr (GString) out = g_string_new (NULL);

  fields.previous_close = NAN;
  snapshot = maker_snapshot (&fields);
  quotes_text_format_append_csv (snapshot, out);
  g_assert_nonnull (strstr (out->str, "\r\n\"'=cmd|' /C calc'!A0\",x,"));
}

static void
test_view_takes_symbols_in_any_case (void)
{
  static const char *const symbols[] = {"xau", "XAU", "nope", NULL};
  const QuotesQuote fields = maker_get_fields ("XAU", "Gold");
  g_autoptr (QuotesSnapshot) snapshot = maker_snapshot (&fields);
  g_autoptr (QuotesView) view = quotes_view_new (snapshot, symbols, TRUE, NULL);

  g_assert_cmpuint (view->quotes->len, ==, 1);
  g_assert_cmpuint (view->missing->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (view->missing, 0), ==, "nope");
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ctl-format/numbers-for-people", test_numbers);
  g_test_add_func ("/ctl-format/numbers-in-german", test_numbers_in_german);
  g_test_add_func ("/ctl-format/programs-get-plain-numbers-in-every-locale",
                   test_programs_get_plain_numbers);
  g_test_add_func ("/ctl-format/ages-are-short", test_ages);
  g_test_add_func ("/ctl-format/marks-and-words-need-no-color", test_marks_need_no_color);
  g_test_add_func ("/ctl-format/a-delay-is-told", test_delay_is_told);
  g_test_add_func ("/ctl-format/plain-tells-changes-only", test_plain_tells_changes_only);
  g_test_add_func ("/ctl-format/plain-tells-what-is-missing", test_plain_tells_what_is_missing);
  g_test_add_func ("/ctl-format/plain-neutralizes-names", test_plain_neutralizes_names);
  g_test_add_func ("/ctl-format/json-is-one-valid-line", test_json_is_one_valid_line);
  g_test_add_func ("/ctl-format/list-json-is-the-rest-answer", test_list_json_is_the_rest_answer);
  g_test_add_func ("/ctl-format/csv-quotes-what-needs-it", test_csv_quotes_what_needs_it);
  g_test_add_func ("/ctl-format/csv-symbol-is-no-formula", test_csv_symbol_is_quoted_too);
  g_test_add_func ("/ctl-format/view-takes-symbols-in-any-case",
                   test_view_takes_symbols_in_any_case);

  return g_test_run ();
}
