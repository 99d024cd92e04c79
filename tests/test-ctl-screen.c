/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "quote-maker.h"
#include "quotes-screen.h"
#include "quotes-table.h"
#include "quotes-terminal.h"
#include "quotes-text.h"

static const QuotesPalette bare = {FALSE, FALSE};

static void
test_cleaning (void)
{
  g_autofree char *clean = quotes_text_clean ("a\tb\033[1mc\u202ed\u2066e\xff"
                                              "f\xc2\x85");

  g_assert_cmpstr (clean, ==, "a b\ufffd[1mcde\ufffdf\ufffd");
}

static void
test_widths (void)
{
  static const struct
  {
    const char *text;
    guint width;
    const char *cut_to_3;
  } rows[] = {
    {"abc", 3, "abc"},
    {"abcd", 4, "ab\u2026"},
    {"e\u0301bc", 3, "e\u0301bc"},
    {"e\u0301bcd", 4, "e\u0301b\u2026"},
    {"\u91d1\u4fa1\u683c", 6, "\u91d1\u2026"},
    {"a\u91d1b", 4, "a\u2026"},
    {"\u0630\u0647\u0628", 3, "\u0630\u0647\u0628"},
    {"", 0, ""},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *cut = quotes_text_truncate (rows[i].text, 3);

      g_assert_cmpuint (quotes_text_get_width (rows[i].text), ==, rows[i].width);
      g_assert_cmpstr (cut, ==, rows[i].cut_to_3);
      g_assert_cmpuint (quotes_text_get_width (cut), <=, 3);
    }
}

static void
test_other_charsets (void)
{
  g_autofree char *ascii = quotes_text_to_charset ("\u25b2 \u22121\u20ac \u91d1", "ASCII");
  g_autofree char *latin = quotes_text_to_charset ("\u00e4\u25bc", "ISO-8859-1");

  g_assert_cmpstr (ascii, ==, "^ -1? ??");
  g_assert_cmpstr (latin, ==, "\xe4v");
}

static QuotesTable *
make_table (const char *name)
{
  const QuotesTableColumn columns[] = {
    {.heading = "Symbol"},
    {.heading = "Name", .min_width = 4, .drop_rank = 2},
    {.heading = "Price", .is_number = TRUE, .drop_rank = 1},
  };
  QuotesTable *table = quotes_table_new (columns, G_N_ELEMENTS (columns));

  quotes_table_add (table, QUOTES_STYLE_PLAIN, "XAU");
  quotes_table_add (table, QUOTES_STYLE_PLAIN, name);
  quotes_table_add (table, QUOTES_STYLE_UP, "64000.50");
  return table;
}

static void
assert_table (QuotesTable *table, guint width, const char *expected)
{
  g_autoptr (GString) out = g_string_new (NULL);

  g_assert_cmpuint (quotes_table_fit (table, width), <=, width);
  quotes_table_append_all (table, bare, out);
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_table_gives_way (void)
{
  g_autoptr (QuotesTable) table = make_table ("Gold and silver");

  assert_table (table, QUOTES_TABLE_ANY_WIDTH,
                "Symbol  Name                Price\nXAU     Gold and silver  64000.50\n");
  assert_table (table, 24, "Symbol Name        Price\nXAU    Gold an\u2026 64000.50\n");
  assert_table (table, 19, "Symbol    Price\nXAU    64000.50\n");
  assert_table (table, 10, "Symbol\nXAU\n");
  assert_table (table, 2, "S\u2026\nX\u2026\n");
}

static void
test_table_isolates_other_directions (void)
{
  g_autoptr (QuotesTable) table = make_table ("\u0630\u0647\u0628");

  assert_table (table, QUOTES_TABLE_ANY_WIDTH,
                "\u2068Symbol\u2069  \u2068Name\u2069     \u2068Price\u2069\n"
                "\u2068XAU\u2069     \u2068\u0630\u0647\u0628\u2069   \u206864000.50\u2069\n");
}

static void
test_table_neutralizes (void)
{
  g_autoptr (QuotesTable) table = make_table ("x\033]0;y\a");
  g_autoptr (GString) out = g_string_new (NULL);

  quotes_table_append_all (table, (QuotesPalette){TRUE, FALSE}, out);
  g_assert_null (strstr (out->str, "\033]"));
  g_assert_null (strchr (out->str, '\a'));
  g_assert_nonnull (strstr (out->str, "\033[32m64000.50\033[0m"));
}

/* The lines as a terminal of @width and @height has them, without their escape sequences. */
static char **
draw (QuotesScreen *screen)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  char **lines = NULL;

  quotes_screen_draw (screen, out);
  for (const char *p = out->str; *p != '\0'; p++)
    {
      if (*p == '\033')
        p += strcspn (p, "HKm");
      else if (*p != '\r')
        g_string_append_c (text, *p);
    }
  lines = g_strsplit (text->str, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, screen->height);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpuint (quotes_text_get_width (lines[i]), <=, screen->width);

  return lines;
}

static QuotesView *
make_long_view (guint n)
{
  GPtrArray *quotes = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  g_autoptr (QuotesSnapshot) snapshot = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *symbol = g_strdup_printf ("S%02u", i);
      const QuotesQuote fields = maker_get_fields (symbol, "A rather long name of something");

      g_ptr_array_add (quotes, quotes_quote_new (&fields));
    }
  snapshot = quotes_snapshot_new (1, MAKER_TIME_US, quotes);
  return quotes_view_new (snapshot, NULL, TRUE, NULL);
}

static void
test_screen_fits (void)
{
  static const guint sizes[][2] = {{80, 24}, {40, 10}, {200, 50}, {20, 4},
                                   {5, 3},   {61, 5},  {9, 2},    {9, 1}};
  g_autoptr (QuotesView) view = make_long_view (30);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      QuotesScreen screen = {
        .view = view, .width = sizes[i][0], .height = sizes[i][1], .now_us = MAKER_TIME_US};
      g_auto (GStrv) lines = draw (&screen);

      g_assert_nonnull (lines);
    }
}

static void
test_screen_scrolls (void)
{
  g_autoptr (QuotesView) view = make_long_view (30);
  QuotesScreen screen = {.view = view, .width = 80, .height = 13, .now_us = MAKER_TIME_US};
  g_auto (GStrv) top = draw (&screen);
  g_auto (GStrv) bottom = NULL;

  g_assert_true (g_str_has_prefix (top[2], "S00"));
  g_assert_true (g_str_has_prefix (top[11], "S09"));
  g_assert_nonnull (strstr (top[12], "20 more"));
  screen.first_row = 1000;
  bottom = draw (&screen);
  g_assert_cmpuint (screen.first_row, ==, 20);
  g_assert_true (g_str_has_prefix (bottom[11], "S29"));
}

static void
test_screen_says_how_it_is (void)
{
  QuotesQuote fields = maker_get_fields ("XAU", "Gold");
  g_autoptr (QuotesSnapshot) snapshot = maker_snapshot (&fields);
  g_autoptr (QuotesView) offline = quotes_view_new (snapshot, NULL, FALSE, "It went\033 away");
  g_autoptr (QuotesView) empty =
    quotes_view_new (snapshot, (const char *[]){"X", NULL}, TRUE, NULL);
  QuotesScreen screen = {.width = 80, .height = 24, .now_us = MAKER_TIME_US};
  g_auto (GStrv) first = draw (&screen);
  g_auto (GStrv) second = NULL;
  g_auto (GStrv) third = NULL;

  g_assert_nonnull (strstr (first[0], "connecting"));
  screen.view = offline;
  second = draw (&screen);
  g_assert_true (g_str_has_prefix (second[0], " offline: It went\ufffd away"));
  g_assert_nonnull (strstr (second[2], "\u25b2!  64000.50"));
  g_assert_nonnull (strstr (second[2], "stale: offline"));
  screen.view = empty;
  third = draw (&screen);
  g_assert_true (g_str_has_prefix (third[2], "X "));
  g_assert_nonnull (strstr (third[2], "no price"));
  g_assert_nonnull (strstr (third[0], "live"));
}

static void
test_keys (void)
{
  static const struct
  {
    const char *bytes;
    gsize size;
    QuotesKey key;
  } rows[] = {
    {"q", 1, QUOTES_KEY_QUIT},
    {"Q", 1, QUOTES_KEY_QUIT},
    {"\x1a", 1, QUOTES_KEY_SUSPEND},
    {"x", 1, QUOTES_KEY_NONE},
    {"\033", 1, QUOTES_KEY_NONE},
    {"\033[A", 3, QUOTES_KEY_UP},
    {"\033OB", 3, QUOTES_KEY_DOWN},
    {"\033[5~", 4, QUOTES_KEY_PAGE_UP},
    {"\033[6~", 4, QUOTES_KEY_PAGE_DOWN},
    {"\033[1;5B", 6, QUOTES_KEY_DOWN},
    {"\033[99999999999999999999~", 23, QUOTES_KEY_NONE},
    {"\033[200", 5, QUOTES_KEY_NONE},
    /* Alt and q is not q. */
    {"\033q", 2, QUOTES_KEY_NONE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      QuotesKey key = QUOTES_KEY_REDRAW;

      g_assert_cmpuint (quotes_terminal_read_key (rows[i].bytes, strlen (rows[i].bytes), &key), ==,
                        rows[i].size);
      g_assert_cmpint (key, ==, rows[i].key);
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ctl-screen/cleaned-text-commands-nothing", test_cleaning);
  g_test_add_func ("/ctl-screen/widths-are-cells", test_widths);
  g_test_add_func ("/ctl-screen/other-charsets-keep-widths", test_other_charsets);
  g_test_add_func ("/ctl-screen/table-gives-way", test_table_gives_way);
  g_test_add_func ("/ctl-screen/table-isolates-other-directions",
                   test_table_isolates_other_directions);
  g_test_add_func ("/ctl-screen/table-neutralizes-names", test_table_neutralizes);
  g_test_add_func ("/ctl-screen/screen-fits-every-size", test_screen_fits);
  g_test_add_func ("/ctl-screen/screen-scrolls", test_screen_scrolls);
  g_test_add_func ("/ctl-screen/screen-says-how-the-service-is", test_screen_says_how_it_is);
  g_test_add_func ("/ctl-screen/keys-come-as-bytes", test_keys);

  return g_test_run ();
}
