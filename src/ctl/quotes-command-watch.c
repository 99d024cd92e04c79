/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "quotes-bar-format.h"
#include "quotes-commands.h"
#include "quotes-terminal.h"
#include "quotes-text-format.h"
#include "quotes-watch.h"

static const struct
{
  const char *name;
  QuotesViewFormat format;
  gboolean is_for_people;
  gboolean is_bar;
} formats[] = {
  {"plain", quotes_text_format_append_plain, TRUE, FALSE},
  {"json", quotes_text_format_append_json, FALSE, FALSE},
  {"waybar", quotes_bar_append_waybar, FALSE, TRUE},
  {"i3bar", quotes_bar_append_i3bar, FALSE, TRUE},
  {"polybar", quotes_bar_append_polybar, FALSE, TRUE},
};

static QuotesClient *
open_client (gpointer user_data, GError **error)
{
  return quotes_invocation_open (user_data, error);
}

static gboolean
choose_format (const QuotesInvocation *invocation, const char *name, QuotesWatchPlan *plan)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_equal (formats[i].name, name))
      {
        plan->format = formats[i].format;
        plan->is_for_people = formats[i].is_for_people;
        plan->palette = quotes_invocation_get_palette (invocation, formats[i].is_bar);
        return TRUE;
      }

  return FALSE;
}

int
quotes_command_watch (QuotesInvocation *invocation,
                      const QuotesCommand *command,
                      int argc,
                      char **argv)
{
  g_autofree char *format = NULL;
  g_auto (GStrv) symbols = NULL;
  const GOptionEntry entries[] = {
    {"format", 0, 0, G_OPTION_ARG_STRING, &format,
     N_ ("Write lines: plain, json, waybar, i3bar or polybar"), N_ ("FORMAT")},
    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &symbols, NULL, NULL},
    G_OPTION_ENTRY_NULL,
  };
  QuotesWatchPlan plan = {0};

  if (!quotes_invocation_parse (invocation, command, entries, argc, argv))
    return QUOTES_EXIT_USAGE;

  plan.symbols = (const char *const *) symbols;
  plan.palette = quotes_invocation_get_palette (invocation, FALSE);
  if (format == NULL && !quotes_terminal_can_show ())
    choose_format (invocation, "plain", &plan);
  if (format != NULL && !choose_format (invocation, format, &plan))
    {
      g_autofree char *message = g_strdup_printf (
        _ ("“%s” is not a format; write plain, json, waybar, i3bar or polybar"), format);

      return quotes_invocation_fail_usage (command, message);
    }

  return quotes_watch_run (&plan, open_client, invocation);
}
