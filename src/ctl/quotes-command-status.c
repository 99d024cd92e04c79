/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "quotes-await.h"
#include "quotes-commands.h"
#include "quotes-output.h"
#include "quotes-status-format.h"

int
quotes_command_status (QuotesInvocation *invocation,
                       const QuotesCommand *command,
                       int argc,
                       char **argv)
{
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Write JSON, as the HTTP interface does"),
     NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (QuotesClient) client = NULL;
  g_autoptr (QuotesClientStatus) status = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  if (!quotes_invocation_parse (invocation, command, entries, argc, argv))
    return QUOTES_EXIT_USAGE;

  client = quotes_invocation_open (invocation, &error);
  if (client == NULL)
    return quotes_invocation_fail (error, NULL);
  quotes_client_status_async (client, NULL, quotes_await_cb, &result);
  quotes_await (&result);
  status = quotes_client_status_finish (client, result, &error);
  if (status == NULL)
    return quotes_invocation_fail (error, NULL);

  if (as_json)
    {
      quotes_status_format_append_json (status, text);
      return quotes_invocation_print_raw (text->str);
    }
  quotes_status_format_append_plain (status, g_get_real_time (),
                                     quotes_output_get_width (STDOUT_FILENO),
                                     quotes_invocation_get_palette (invocation, FALSE), text);
  return quotes_invocation_print (text->str);
}
