/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-bar-format.h"

#include <glib/gi18n.h>

#include "quotes-format.h"
#include "quotes-json.h"
#include "quotes-text.h"

#define BLOCK_NAME "marketwell"
#define ITEM_GAP "   "
/* waybar picks one of the user's icons by a percentage: the middle is "unchanged" and a change of
 * five percent is an end. */
#define MIDDLE_PERCENTAGE 50
#define PERCENTAGE_PER_PERCENT 10.0

static void
append_part (GString *out, const char *part)
{
  if (*part == '\0')
    return;
  if (out->len > 0)
    g_string_append_c (out, ' ');
  g_string_append (out, part);
}

/* `BTC 64,000.00 ▲ +1.25%`, without the price when @is_short. */
static char *
format_item (const QuotesQuote *quote, gboolean is_short)
{
  GString *item = g_string_new (NULL);
  g_autofree char *symbol = quotes_text_clean (quote->symbol);
  g_autofree char *price = quotes_format_price (quote);
  g_autofree char *marks = g_strstrip (quotes_format_marks (quote));
  g_autofree char *percent = quotes_format_percent (quote);

  append_part (item, symbol);
  if (!is_short)
    append_part (item, price);
  append_part (item, marks);
  if (isfinite (quote->change_pct))
    append_part (item, percent);

  return g_string_free (item, FALSE);
}

static char *
format_missing (const char *symbol)
{
  g_autofree char *clean = quotes_text_clean (symbol);

  /* Translators: %s is the symbol of an instrument; this stands in a status bar. */
  return g_strdup_printf (_ ("%s: no price"), clean);
}

/* The mean of what is known; NAN when nothing is. */
static double
get_mean_percent (const QuotesView *view)
{
  double sum = 0;
  guint n_known = 0;

  for (guint i = 0; i < view->quotes->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (view->quotes, i);

      if (isfinite (quote->change_pct))
        {
          sum += quote->change_pct;
          n_known++;
        }
    }

  return n_known > 0 ? sum / n_known : NAN;
}

/* One word for the user's style sheet: the first that is true of offline, stale (any of them),
 * closed (all of them), up or down (on average). */
static const char *
get_class (const QuotesView *view)
{
  double percent = get_mean_percent (view);
  guint n_closed = 0;

  if (!view->is_connected)
    return "offline";
  for (guint i = 0; i < view->quotes->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (view->quotes, i);

      if (quote->stale_reason != QUOTES_STALE_REASON_NONE)
        return "stale";
      n_closed += quotes_format_is_closed (quote) ? 1 : 0;
    }
  if (n_closed > 0 && n_closed == view->quotes->len)
    return "closed";
  if (percent > 0)
    return "up";
  return percent < 0 ? "down" : "unchanged";
}

static int
get_percentage (const QuotesView *view)
{
  double percent = get_mean_percent (view);

  if (!isfinite (percent))
    return MIDDLE_PERCENTAGE;
  return (int) CLAMP (round (MIDDLE_PERCENTAGE + percent * PERCENTAGE_PER_PERCENT), 0, 100);
}

static char *
format_text (const QuotesView *view)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < view->quotes->len; i++)
    g_ptr_array_add (items, format_item (g_ptr_array_index (view->quotes, i), FALSE));
  for (guint i = 0; view->has_list && i < view->missing->len; i++)
    g_ptr_array_add (items, format_missing (g_ptr_array_index (view->missing, i)));
  if (items->len == 0 && !view->is_connected)
    g_ptr_array_add (items, g_strdup (_ ("offline")));
  g_ptr_array_add (items, NULL);

  return g_strjoinv (ITEM_GAP, (char **) items->pdata);
}

static void
append_tooltip_line (const QuotesQuote *quote, GString *out)
{
  g_autofree char *name = quotes_text_clean (quote->name);
  g_autofree char *price = quotes_format_price_in_currency (quote);
  g_autofree char *change = quotes_format_change (quote);
  g_autofree char *percent = quotes_format_percent (quote);
  g_autofree char *state = quotes_format_state (quote);

  if (out->len > 0)
    g_string_append_c (out, '\n');
  g_string_append_printf (out, "%s  %s  %s  %s", name, price, change, percent);
  if (*state != '\0')
    g_string_append_printf (out, "  %s", state);
}

static char *
format_tooltip (const QuotesView *view)
{
  GString *tooltip = g_string_new (NULL);

  if (!view->is_connected && view->reason != NULL)
    {
      g_autofree char *reason = quotes_text_clean (view->reason);

      g_string_append (tooltip, reason);
    }
  for (guint i = 0; i < view->quotes->len; i++)
    append_tooltip_line (g_ptr_array_index (view->quotes, i), tooltip);

  return g_string_free (tooltip, FALSE);
}

static void
append_markup_member (GString *out, const char *member, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append_printf (out, "\"%s\":", member);
  quotes_json_append_string (out, escaped);
}

/**
 * quotes_bar_append_waybar:
 *
 * Writes the object that a custom module of waybar with `"return-type": "json"` reads. It takes
 * `text` and `tooltip` for Pango markup.
 */
void
quotes_bar_append_waybar (const QuotesView *view,
                          const QuotesView *previous G_GNUC_UNUSED,
                          QuotesPalette palette G_GNUC_UNUSED,
                          GString *out)
{
  g_autofree char *text = format_text (view);
  g_autofree char *tooltip = format_tooltip (view);
  const char *class = get_class (view);

  g_string_append_c (out, '{');
  append_markup_member (out, "text", text);
  g_string_append_printf (out, ",\"alt\":\"%s\",", class);
  append_markup_member (out, "tooltip", tooltip);
  g_string_append_printf (out, ",\"class\":\"%s\",\"percentage\":%d}\n", class,
                          get_percentage (view));
}

static void
append_block (GString *out,
              const char *instance,
              const char *full_text,
              const char *short_text,
              const char *rgb)
{
  if (!g_str_has_suffix (out->str, "["))
    g_string_append_c (out, ',');
  g_string_append (out, "{\"name\":\"" BLOCK_NAME "\",\"instance\":");
  quotes_json_append_string (out, instance);
  g_string_append (out, ",\"full_text\":");
  quotes_json_append_string (out, full_text);
  g_string_append (out, ",\"short_text\":");
  quotes_json_append_string (out, short_text);
  if (rgb != NULL)
    g_string_append_printf (out, ",\"color\":\"%s\"", rgb);
  g_string_append_c (out, '}');
}

/**
 * quotes_bar_append_i3bar:
 *
 * Writes one line of the i3bar protocol: an array of blocks within an array that never ends. The
 * first one comes after the protocol's header.
 */
void
quotes_bar_append_i3bar (const QuotesView *view,
                         const QuotesView *previous,
                         QuotesPalette palette,
                         GString *out)
{
  const char *stale_rgb = quotes_style_get_rgb (palette, QUOTES_STYLE_STALE);

  g_string_append (out, previous == NULL ? "{\"version\":1}\n[\n[" : ",[");
  if (!view->is_connected)
    append_block (out, "offline", _ ("offline"), _ ("offline"), stale_rgb);
  for (guint i = 0; i < view->quotes->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (view->quotes, i);
      g_autofree char *full_text = format_item (quote, FALSE);
      g_autofree char *short_text = format_item (quote, TRUE);

      append_block (out, quote->symbol, full_text, short_text,
                    quotes_style_get_rgb (palette, quotes_view_get_style (quote)));
    }
  for (guint i = 0; view->has_list && i < view->missing->len; i++)
    {
      const char *symbol = g_ptr_array_index (view->missing, i);
      g_autofree char *text = format_missing (symbol);

      append_block (out, symbol, text, text, stale_rgb);
    }
  g_string_append (out, "]\n");
}

/* polybar has no escape for its tags: `%` that must not begin one is parted from its brace. */
static void
append_polybar_text (GString *out, const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      g_string_append_c (out, *p);
      if (p[0] == '%' && p[1] == '{')
        g_string_append (out, "\u200b");
    }
}

static void
append_polybar_item (GString *out, gsize start, const char *text, const char *rgb)
{
  if (out->len > start)
    g_string_append (out, ITEM_GAP);
  if (rgb != NULL)
    g_string_append_printf (out, "%%{F%s}", rgb);
  append_polybar_text (out, text);
  if (rgb != NULL)
    g_string_append (out, "%{F-}");
}

/**
 * quotes_bar_append_polybar:
 *
 * Writes one line for a `custom/script` module of polybar with `tail = true`.
 */
void
quotes_bar_append_polybar (const QuotesView *view,
                           const QuotesView *previous G_GNUC_UNUSED,
                           QuotesPalette palette,
                           GString *out)
{
  const char *stale_rgb = quotes_style_get_rgb (palette, QUOTES_STYLE_STALE);
  gsize start = out->len;

  if (!view->is_connected)
    append_polybar_item (out, start, _ ("offline"), stale_rgb);
  for (guint i = 0; i < view->quotes->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (view->quotes, i);
      g_autofree char *text = format_item (quote, FALSE);

      append_polybar_item (out, start, text,
                           quotes_style_get_rgb (palette, quotes_view_get_style (quote)));
    }
  for (guint i = 0; view->has_list && i < view->missing->len; i++)
    {
      g_autofree char *text = format_missing (g_ptr_array_index (view->missing, i));

      append_polybar_item (out, start, text, stale_rgb);
    }
  g_string_append_c (out, '\n');
}
