/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "quotes-await.h"
#include "quotes-commands.h"
#include "quotes-lookup.h"
#include "quotes-output.h"
#include "quotes-status-format.h"
#include "quotes-text-format.h"

static QuotesClientStatus *
ask_for_status (QuotesClient *client, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_client_status_async (client, NULL, quotes_await_cb, &result);
  quotes_await (&result);

  return quotes_client_status_finish (client, result, error);
}

/* People see what has no price yet, too: they wonder where it is. */
static int
print_table (QuotesClient *client, const QuotesSnapshot *snapshot, QuotesPalette palette)
{
  g_autoptr (QuotesTable) table = quotes_text_format_new_table ();
  g_autoptr (QuotesClientStatus) status = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  status = ask_for_status (client, &error);
  if (status == NULL)
    return quotes_invocation_fail (error, NULL);

  for (guint i = 0; i < snapshot->quotes->len; i++)
    quotes_text_format_add_quote (table, g_ptr_array_index (snapshot->quotes, i),
                                  g_get_real_time ());
  for (guint i = 0; i < status->pending->len; i++)
    {
      const QuotesClientPending *pending = g_ptr_array_index (status->pending, i);

      quotes_text_format_add_pending (table, pending->symbol,
                                      quotes_status_format_get_symbol_words (pending->reason));
    }
  if (quotes_table_get_n_rows (table) == 0)
    return quotes_invocation_print (
      _ ("The list is empty; “marketwell add” puts something on it\n"));

  quotes_table_fit (table, quotes_output_get_width (STDOUT_FILENO));
  quotes_table_append_all (table, palette, text);
  return quotes_invocation_print (text->str);
}

int
quotes_command_list (QuotesInvocation *invocation,
                     const QuotesCommand *command,
                     int argc,
                     char **argv)
{
  gboolean as_json = FALSE;
  gboolean as_csv = FALSE;
  const GOptionEntry entries[] = {
    {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Write JSON, as the HTTP interface does"),
     NULL},
    {"csv", 0, 0, G_OPTION_ARG_NONE, &as_csv, N_ ("Write a table for spreadsheets"), NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (QuotesClient) client = NULL;
  g_autoptr (QuotesSnapshot) snapshot = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  if (!quotes_invocation_parse (invocation, command, entries, argc, argv))
    return QUOTES_EXIT_USAGE;
  if (as_json && as_csv)
    return quotes_invocation_fail_usage (command, _ ("Choose one of --json and --csv"));

  client = quotes_invocation_open (invocation, &error);
  if (client != NULL)
    snapshot = quotes_lookup_list (client, &error);
  if (snapshot == NULL)
    return quotes_invocation_fail (error, NULL);

  if (!as_json && !as_csv)
    return print_table (client, snapshot, quotes_invocation_get_palette (invocation, FALSE));
  if (as_json)
    quotes_text_format_append_list_json (snapshot, text);
  else
    quotes_text_format_append_csv (snapshot, text);
  return quotes_invocation_print_raw (text->str);
}
