/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "quote-maker.h"
#include "quotes-bar-format.h"
#include "quotes-json.h"

#define HOSTILE "A\033[31m\"\\<b>&\n\u202e,%{F#fff}"

static const QuotesPalette colored = {TRUE, FALSE};

/* Returns: (transfer full): a view of one quote */
static QuotesView *
make_view (const QuotesQuote *fields, gboolean is_connected)
{
  g_autoptr (QuotesSnapshot) snapshot = maker_snapshot (fields);

  return quotes_view_new (snapshot, NULL, is_connected, is_connected ? NULL : "It <went> away");
}

static JsonNode *
parse (const char *text, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, size);
  g_autoptr (GError) error = NULL;
  JsonNode *node = quotes_json_parse (bytes, G_MAXSIZE, &error);

  g_assert_no_error (error);
  return node;
}

static void
assert_one_line (const GString *out)
{
  g_assert_true (strchr (out->str, '\n') == out->str + out->len - 1);
}

static void
assert_waybar (const QuotesQuote *fields,
               gboolean is_connected,
               const char *text,
               const char *class,
               gint64 percentage)
{
  g_autoptr (QuotesView) view = make_view (fields, is_connected);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = NULL;
  gint64 found = -1;

  quotes_bar_append_waybar (view, NULL, colored, out);
  assert_one_line (out);
  node = parse (out->str, out->len);
  object = quotes_json_get_object (node);
  g_assert_cmpstr (quotes_json_object_get_string (object, "text"), ==, text);
  g_assert_cmpstr (quotes_json_object_get_string (object, "class"), ==, class);
  g_assert_cmpstr (quotes_json_object_get_string (object, "alt"), ==, class);
  g_assert_nonnull (quotes_json_object_get_string (object, "tooltip"));
  g_assert_true (quotes_json_object_get_int (object, "percentage", &found));
  g_assert_cmpint (found, ==, percentage);
}

static void
test_waybar (void)
{
  QuotesQuote fields = maker_get_fields ("XAU", "Gold");

  assert_waybar (&fields, TRUE, "XAU 64000.50 \u25b2 +1.25%", "up", 63);
  assert_waybar (&fields, FALSE, "XAU 64000.50 \u25b2! +1.25%", "offline", 63);
  fields.change = -1;
  fields.change_pct = -9;
  assert_waybar (&fields, TRUE, "XAU 64000.50 \u25bc \u22129.00%", "down", 0);
  fields.market_state = QUOTES_MARKET_STATE_CLOSED;
  assert_waybar (&fields, TRUE, "XAU 64000.50 \u25bc\u00d7 \u22129.00%", "closed", 0);
  fields.stale_reason = QUOTES_STALE_REASON_OLD;
  assert_waybar (&fields, TRUE, "XAU 64000.50 \u25bc! \u22129.00%", "stale", 0);
  fields.change = fields.change_pct = NAN;
  assert_waybar (&fields, TRUE, "XAU 64000.50 !", "stale", 50);
}

/* waybar reads text and tooltip as Pango markup. */
static void
test_waybar_escapes_markup (void)
{
  const QuotesQuote fields = maker_get_fields (HOSTILE, HOSTILE);
  g_autoptr (QuotesView) view = make_view (&fields, FALSE);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = NULL;
  const char *text = NULL;

  quotes_bar_append_waybar (view, NULL, colored, out);
  assert_one_line (out);
  node = parse (out->str, out->len);
  object = quotes_json_get_object (node);
  text = quotes_json_object_get_string (object, "text");
  g_assert_null (strchr (text, '\033'));
  g_assert_null (strstr (text, "<b>"));
  g_assert_nonnull (strstr (text, "&lt;b&gt;&amp;"));
  g_assert_null (strstr (text, "\u202e"));
  text = quotes_json_object_get_string (object, "tooltip");
  g_assert_true (g_str_has_prefix (text, "It &lt;went&gt; away\n"));
}

static void
test_waybar_before_the_service (void)
{
  g_autoptr (QuotesView) view = quotes_view_new (NULL, NULL, FALSE, "Nobody");
  g_autoptr (GString) out = g_string_new (NULL);

  quotes_bar_append_waybar (view, NULL, colored, out);
  g_assert_cmpstr (out->str, ==,
                   "{\"text\":\"offline\",\"alt\":\"offline\",\"tooltip\":\"Nobody\","
                   "\"class\":\"offline\",\"percentage\":50}\n");
}

static void
test_i3bar (void)
{
  const QuotesQuote fields = maker_get_fields (HOSTILE, HOSTILE);
  static const char *const symbols[] = {HOSTILE, "NOPE", NULL};
  g_autoptr (QuotesSnapshot) snapshot = maker_snapshot (&fields);
  g_autoptr (QuotesView) view = quotes_view_new (snapshot, symbols, TRUE, NULL);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  const char *body = NULL;
  JsonArray *lines = NULL;
  JsonArray *blocks = NULL;

  quotes_bar_append_i3bar (view, NULL, colored, out);
  g_assert_true (g_str_has_prefix (out->str, "{\"version\":1}\n[\n["));
  quotes_bar_append_i3bar (view, view, colored, out);
  /* It never ends; with its end it is an array of arrays. */
  g_string_append_c (out, ']');
  body = strchr (out->str, '\n') + 1;
  node = parse (body, out->len - (gsize) (body - out->str));
  lines = quotes_json_get_array (node);
  g_assert_cmpuint (json_array_get_length (lines), ==, 2);
  blocks = json_array_get_array_element (lines, 1);
  g_assert_cmpuint (json_array_get_length (blocks), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      JsonObject *block = json_array_get_object_element (blocks, i);

      g_assert_cmpstr (quotes_json_object_get_string (block, "name"), ==, "marketwell");
      g_assert_cmpstr (quotes_json_object_get_string (block, "instance"), ==, symbols[i]);
      g_assert_null (strchr (quotes_json_object_get_string (block, "full_text"), '\033'));
      g_assert_cmpstr (quotes_json_object_get_string (block, "color"), ==,
                       i == 0 ? "#57e389" : "#f8e45c");
    }
}

static void
test_polybar (void)
{
  const QuotesQuote fields = maker_get_fields ("%{A1:rm:}X\033", "Gold");
  g_autoptr (QuotesView) view = make_view (&fields, TRUE);
  g_autoptr (QuotesView) offline = make_view (&fields, FALSE);
  g_autoptr (GString) out = g_string_new (NULL);

  quotes_bar_append_polybar (view, NULL, colored, out);
  assert_one_line (out);
  g_assert_true (g_str_has_prefix (out->str, "%{F#57e389}%\u200b{A1:rm:}X\ufffd 64000.50"));
  g_assert_true (g_str_has_suffix (out->str, "+1.25%%{F-}\n"));
  g_string_truncate (out, 0);
  quotes_bar_append_polybar (offline, NULL, colored, out);
  g_assert_true (g_str_has_prefix (out->str, "%{F#f8e45c}offline%{F-}   %{F#f8e45c}"));
}

static void
test_bars_without_color (void)
{
  const QuotesPalette bare = {FALSE, FALSE};
  const QuotesQuote fields = maker_get_fields ("XAU", "Gold");
  g_autoptr (QuotesView) view = make_view (&fields, TRUE);
  g_autoptr (GString) out = g_string_new (NULL);

  quotes_bar_append_polybar (view, NULL, bare, out);
  g_assert_cmpstr (out->str, ==, "XAU 64000.50 \u25b2 +1.25%\n");
  quotes_bar_append_i3bar (view, NULL, bare, out);
  g_assert_null (strstr (out->str, "\"color\""));
}

static void
test_red_may_mean_up (void)
{
  const QuotesPalette red_up = {TRUE, TRUE};

  g_assert_true (quotes_palette_is_red_up_in ("zh_TW.UTF-8"));
  g_assert_true (quotes_palette_is_red_up_in ("ja"));
  g_assert_false (quotes_palette_is_red_up_in ("de_DE"));
  g_assert_false (quotes_palette_is_red_up_in ("kok_IN"));
  g_assert_cmpstr (quotes_style_get_rgb (red_up, QUOTES_STYLE_UP), ==, "#ff7b63");
  g_assert_cmpstr (quotes_style_get_rgb (colored, QUOTES_STYLE_UP), ==, "#57e389");
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ctl-bars/waybar-says-text-class-and-percentage", test_waybar);
  g_test_add_func ("/ctl-bars/waybar-escapes-markup", test_waybar_escapes_markup);
  g_test_add_func ("/ctl-bars/waybar-has-a-line-before-the-service-comes",
                   test_waybar_before_the_service);
  g_test_add_func ("/ctl-bars/i3bar-is-an-array-of-arrays", test_i3bar);
  g_test_add_func ("/ctl-bars/polybar-tags-cannot-come-from-a-name", test_polybar);
  g_test_add_func ("/ctl-bars/bars-can-do-without-color", test_bars_without_color);
  g_test_add_func ("/ctl-bars/red-means-up-where-people-expect-it", test_red_may_mean_up);

  return g_test_run ();
}
