/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-screen.h"

#include <glib/gi18n.h>

#include "quotes-format.h"
#include "quotes-text-format.h"
#include "quotes-text.h"

#define HOME "\033[H"
/* Before a line is written: behind one that fills the width it would take the last sign away. */
#define CLEAR_LINE "\033[K"

/* Title, headings and footer. */
#define N_FIXED_LINES 3

static void
begin_next_line (GString *out)
{
  g_string_append (out, "\r\n" CLEAR_LINE);
}

/* One line of @left and @right, which gives way. */
static void
append_bar (const QuotesScreen *self, const char *left, const char *right, GString *out)
{
  guint left_width = quotes_text_get_width (left);
  guint right_width = quotes_text_get_width (right);
  g_autofree char *bar = NULL;
  g_autofree char *shown = NULL;

  if (left_width + right_width + 3 <= self->width)
    bar = g_strdup_printf (" %s%*s%s ", left, (int) (self->width - left_width - right_width - 2),
                           "", right);
  else if (left_width + 2 <= self->width)
    bar = g_strdup_printf (" %s%*s", left, (int) (self->width - left_width - 1), "");
  else
    bar = g_strdup (left);
  shown = quotes_text_truncate (bar, self->width);
  quotes_style_append (out, self->palette, QUOTES_STYLE_BAR, shown);
}

static void
append_title (const QuotesScreen *self, GString *out)
{
  g_autofree char *time = quotes_format_time (self->view != NULL ? self->view->updated_us : 0);
  g_autofree char *reason = NULL;
  g_autofree char *title = NULL;

  if (self->view == NULL)
    {
      append_bar (self, "Marketwell", _ ("connecting…"), out);
      return;
    }
  if (self->view->is_connected)
    {
      /* Translators: %s is a time of day; this says that the prices on the screen are followed. */
      title = g_strdup_printf (_ ("live · %s"), time);
      append_bar (self, "Marketwell", title, out);
      return;
    }

  reason = quotes_text_clean (self->view->reason != NULL ? self->view->reason : "");
  /* Translators: %s is a whole sentence that says why. */
  title = g_strdup_printf (_ ("offline: %s"), reason);
  append_bar (self, title, "Marketwell", out);
}

static void
append_footer (const QuotesScreen *self, guint n_hidden, GString *out)
{
  /* Translators: the signs of the table and what they mean; at most 40 characters. */
  const char *legend = _ ("▲ up ▼ down = same ! stale × closed");
  const char *quit = C_ ("key", "q quits");
  g_autofree char *more = NULL;

  if (n_hidden > 0)
    more = g_strdup_printf (ngettext ("%u more", "%u more", n_hidden), n_hidden);
  if (more != NULL)
    {
      g_autofree char *left = g_strdup_printf ("%s  %s", more, quit);

      append_bar (self, left, self->width > 60 ? legend : "", out);
      return;
    }
  append_bar (self, quotes_text_get_width (legend) + 2 <= self->width ? legend : quit, quit, out);
}

/* What stands there instead of headings and rows. */
static void
append_emptiness (const QuotesScreen *self, GString *out)
{
  guint n_lines = quotes_screen_get_n_rows (self) + (self->height > 2 ? 1 : 0);
  const char *text = "";
  g_autofree char *shown = NULL;

  if (self->view != NULL && self->view->has_list)
    text = _ ("No price has come yet; “marketwell doctor” says why.");
  shown = quotes_text_truncate (text, self->width);
  for (guint i = 0; i < n_lines; i++)
    {
      if (i > 0)
        begin_next_line (out);
      if (i == MIN (1, n_lines - 1))
        g_string_append (out, shown);
    }
}

static QuotesTable *
make_table (const QuotesScreen *self)
{
  QuotesTable *table = quotes_text_format_new_table ();

  if (self->view == NULL)
    return table;
  for (guint i = 0; i < self->view->quotes->len; i++)
    quotes_text_format_add_quote (table, g_ptr_array_index (self->view->quotes, i), self->now_us);
  for (guint i = 0; self->view->has_list && i < self->view->missing->len; i++)
    quotes_text_format_add_pending (table, g_ptr_array_index (self->view->missing, i),
                                    _ ("no price"));

  return table;
}

/* How many rows of the list are on the screen at once. A low one does without the footer, then
 * without the headings, then without the title. */
guint
quotes_screen_get_n_rows (const QuotesScreen *self)
{
  return self->height > N_FIXED_LINES ? self->height - N_FIXED_LINES : 1;
}

static void
append_rows (const QuotesScreen *self, QuotesTable *table, guint n_shown, GString *out)
{
  if (self->height > 2)
    {
      quotes_table_append_headings (table, self->palette, out);
      begin_next_line (out);
    }
  for (guint i = 0; i < n_shown; i++)
    {
      if (i > 0)
        begin_next_line (out);
      quotes_table_append_row (table, self->first_row + i, self->palette, out);
    }
  for (guint i = n_shown; i < quotes_screen_get_n_rows (self); i++)
    begin_next_line (out);
}

/**
 * quotes_screen_draw:
 *
 * Writes the whole screen over the one before, without clearing it first, which would flicker.
 */
void
quotes_screen_draw (QuotesScreen *self, GString *out)
{
  g_autoptr (QuotesTable) table = make_table (self);
  guint n_rows = quotes_table_get_n_rows (table);
  guint n_shown = MIN (n_rows, quotes_screen_get_n_rows (self));

  self->first_row = MIN (self->first_row, n_rows - n_shown);
  quotes_table_fit (table, self->width);

  g_string_append (out, HOME CLEAR_LINE);
  if (self->height > 1)
    {
      append_title (self, out);
      begin_next_line (out);
    }
  if (n_rows > 0)
    append_rows (self, table, n_shown, out);
  else
    append_emptiness (self, out);
  if (self->height > N_FIXED_LINES)
    {
      begin_next_line (out);
      append_footer (self, n_rows - n_shown, out);
    }
}
