/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "quotes-await.h"
#include "quotes-commands.h"
#include "quotes-text.h"

/* Does one of the things that were asked for, and says so. */
typedef char *(*ChangeFunc) (QuotesClient *client, const char *argument, GError **error);

static char *
add (QuotesClient *client, const char *instrument, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *symbol = NULL;
  g_autofree char *clean = NULL;

  quotes_client_add_async (client, instrument, NULL, quotes_await_cb, &result);
  quotes_await (&result);
  symbol = quotes_client_add_finish (client, result, error);
  if (symbol == NULL)
    return NULL;

  clean = quotes_text_clean (symbol);
  /* Translators: %s is the symbol of an instrument. */
  return g_strdup_printf (_ ("%s is on the list"), clean);
}

static char *
remove_one (QuotesClient *client, const char *symbol, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *clean = quotes_text_clean (symbol);

  quotes_client_remove_async (client, symbol, NULL, quotes_await_cb, &result);
  quotes_await (&result);
  if (!quotes_client_remove_finish (client, result, error))
    return NULL;

  /* Translators: %s is the symbol of an instrument. */
  return g_strdup_printf (_ ("%s is no longer on the list"), clean);
}

/* One that fails does not keep the others from being done. The worst exit code is the result. */
static int
change_each (QuotesClient *client, const char *const *arguments, ChangeFunc change)
{
  int worst = QUOTES_EXIT_SUCCESS;

  for (guint i = 0; arguments[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *said = change (client, arguments[i], &error);
      int code = QUOTES_EXIT_SUCCESS;

      if (said != NULL)
        {
          g_autofree char *line = g_strconcat (said, "\n", NULL);

          code = quotes_invocation_print (line);
        }
      else
        {
          code = quotes_invocation_fail (error, arguments[i]);
        }
      worst = MAX (worst, code);
      if (code == QUOTES_EXIT_UNAVAILABLE)
        break;
    }

  return worst;
}

static int
run_change (QuotesInvocation *invocation,
            const QuotesCommand *command,
            int argc,
            char **argv,
            ChangeFunc change)
{
  g_auto (GStrv) arguments = NULL;
  const GOptionEntry entries[] = {
    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments, NULL, NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (QuotesClient) client = NULL;
  g_autoptr (GError) error = NULL;

  if (!quotes_invocation_parse (invocation, command, entries, argc, argv))
    return QUOTES_EXIT_USAGE;
  if (arguments == NULL)
    {
      g_autofree char *message = g_strdup_printf (_ ("“%s” needs an argument"), command->name);

      return quotes_invocation_fail_usage (command, message);
    }

  client = quotes_invocation_open (invocation, &error);
  if (client == NULL)
    return quotes_invocation_fail (error, NULL);
  return change_each (client, (const char *const *) arguments, change);
}

int
quotes_command_add (QuotesInvocation *invocation,
                    const QuotesCommand *command,
                    int argc,
                    char **argv)
{
  return run_change (invocation, command, argc, argv, add);
}

int
quotes_command_remove (QuotesInvocation *invocation,
                       const QuotesCommand *command,
                       int argc,
                       char **argv)
{
  return run_change (invocation, command, argc, argv, remove_one);
}

int
quotes_command_refresh (QuotesInvocation *invocation,
                        const QuotesCommand *command,
                        int argc,
                        char **argv)
{
  g_auto (GStrv) symbols = NULL;
  const GOptionEntry entries[] = {
    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &symbols, NULL, NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (QuotesClient) client = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (!quotes_invocation_parse (invocation, command, entries, argc, argv))
    return QUOTES_EXIT_USAGE;

  client = quotes_invocation_open (invocation, &error);
  if (client == NULL)
    return quotes_invocation_fail (error, NULL);
  quotes_client_refresh_async (client, (const char *const *) symbols, NULL, quotes_await_cb,
                               &result);
  quotes_await (&result);
  if (!quotes_client_refresh_finish (client, result, &error))
    /* Over the bus the message names the symbol. */
    return quotes_invocation_fail (error,
                                   symbols != NULL && symbols[1] == NULL ? symbols[0] : NULL);

  return QUOTES_EXIT_SUCCESS;
}
