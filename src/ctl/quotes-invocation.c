/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-invocation.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "quotes-await.h"
#include "quotes-output.h"
#include "quotes-text.h"

static void
complain (const char *text)
{
  g_autofree char *line = g_strdup_printf ("marketwell: %s\n", text);

  /* Nobody is left to hear that this failed. */
  (void) quotes_output_write_for_people (STDERR_FILENO, line, NULL);
}

void
quotes_invocation_clear (QuotesInvocation *self)
{
  g_clear_pointer (&self->address, g_free);
}

static gboolean
parse_color_cb (G_GNUC_UNUSED const char *option, const char *value, gpointer data, GError **error)
{
  static const char *const words[] = {"auto", "always", "never"};
  QuotesInvocation *self = data;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (value, words[i]) == 0)
      {
        self->color = (QuotesColor) i;
        return TRUE;
      }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” is not a choice of colors; write auto, always or never"), value);
  return FALSE;
}

void
quotes_invocation_add_options (QuotesInvocation *self, GOptionContext *context)
{
  const GOptionEntry entries[] = {
    {"address", 0, 0, G_OPTION_ARG_STRING, &self->address,
     N_ ("Where the service is: unix:PATH or http://HOST:PORT"), N_ ("ADDRESS")},
    {"color", 0, 0, G_OPTION_ARG_CALLBACK, (gpointer) parse_color_cb,
     N_ ("Use colors: auto, always or never"), N_ ("WHEN")},
    {"version", 0, 0, G_OPTION_ARG_NONE, &self->version, N_ ("Show the version"), NULL},
    G_OPTION_ENTRY_NULL,
  };
  /* A callback gets the data of its group, so the group is made here. */
  GOptionGroup *group = g_option_group_new ("marketwell", "", "", self, NULL);

  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_group_add_entries (group, entries);
  g_option_context_set_main_group (context, group);
}

/**
 * quotes_invocation_parse:
 * @entries: (nullable): the options of the command alone
 *
 * Reads what follows the name of @command. Says what is wrong with it.
 */
gboolean
quotes_invocation_parse (QuotesInvocation *self,
                         const QuotesCommand *command,
                         const GOptionEntry *entries,
                         int argc,
                         char **argv)
{
  g_autofree char *usage =
    command->arguments != NULL
      ? g_strdup_printf ("%s %s", command->name, g_dgettext (GETTEXT_PACKAGE, command->arguments))
      : g_strdup (command->name);
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, g_dgettext (GETTEXT_PACKAGE, command->summary));
  if (command->details != NULL)
    g_option_context_set_description (context, g_dgettext (GETTEXT_PACKAGE, command->details));
  quotes_invocation_add_options (self, context);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      quotes_invocation_fail_usage (command, error->message);
      return FALSE;
    }
  if (argc > 1)
    {
      g_autofree char *message = g_strdup_printf (_ ("Unexpected argument “%s”"), argv[1]);

      quotes_invocation_fail_usage (command, message);
      return FALSE;
    }

  return TRUE;
}

static gboolean
is_environment_set (const char *name)
{
  const char *value = g_getenv (name);

  return value != NULL && *value != '\0';
}

/* https://no-color.org */
static gboolean
wants_color (const QuotesInvocation *self)
{
  switch (self->color)
    {
    case QUOTES_COLOR_ALWAYS:
      return TRUE;
    case QUOTES_COLOR_NEVER:
      return FALSE;
    case QUOTES_COLOR_AUTO:
    default:
      return isatty (STDOUT_FILENO) != 0 && !is_environment_set ("NO_COLOR") &&
             g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
    }
}

/**
 * quotes_invocation_get_palette:
 * @is_bar: for a status bar, whose colors are no escape sequences: they are there unless the user
 *   said `--color=never`
 */
QuotesPalette
quotes_invocation_get_palette (const QuotesInvocation *self, gboolean is_bar)
{
  const char *language = g_get_language_names ()[0];
  QuotesPalette palette = {
    .is_colored = is_bar ? self->color != QUOTES_COLOR_NEVER : wants_color (self),
    .is_red_up = quotes_palette_is_red_up_in (language),
  };

  return palette;
}

/* Returns: (transfer full) (nullable): the client of the service, which may not run */
QuotesClient *
quotes_invocation_open (const QuotesInvocation *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_client_open_async (self->address, NULL, quotes_await_cb, &result);
  quotes_await (&result);

  return quotes_client_open_finish (result, error);
}

/* What the user did, rather than what the transport said about it. */
static char *
describe (const GError *error, const char *argument)
{
  if (argument == NULL || error->domain != QUOTES_CLIENT_ERROR)
    return g_strdup (error->message);

  switch ((QuotesClientError) error->code)
    {
    case QUOTES_CLIENT_ERROR_INVALID_INSTRUMENT:
      return g_strdup_printf (_ ("No provider can have “%s”; type it as PROVIDER:NAME"), argument);
    case QUOTES_CLIENT_ERROR_UNKNOWN_SYMBOL:
      return g_strdup_printf (_ ("“%s” is not in the list"), argument);
    case QUOTES_CLIENT_ERROR_NO_QUOTE:
      return g_strdup_printf (_ ("“%s” has no price yet"), argument);
    case QUOTES_CLIENT_ERROR_UNKNOWN_ALERT:
      return g_strdup_printf (_ ("There is no alert “%s”"), argument);
    default:
      return g_strdup (error->message);
    }
}

/**
 * quotes_invocation_fail:
 * @argument: (nullable): what the user asked about
 *
 * Returns: the exit code; 0 when it only means that the reader of our output is gone
 */
int
quotes_invocation_fail (const GError *error, const char *argument)
{
  g_autofree char *message = NULL;
  g_autofree char *clean = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return QUOTES_EXIT_SUCCESS;

  message = describe (error, argument);
  clean = quotes_text_clean (message);
  complain (clean);
  if (g_error_matches (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_UNAVAILABLE))
    return QUOTES_EXIT_UNAVAILABLE;
  if (g_error_matches (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ADDRESS))
    return QUOTES_EXIT_USAGE;
  return QUOTES_EXIT_FAILURE;
}

/**
 * quotes_invocation_fail_usage:
 * @command: (nullable): whose help says how it is meant
 */
int
quotes_invocation_fail_usage (const QuotesCommand *command, const char *message)
{
  g_autofree char *clean = quotes_text_clean (message);
  g_autofree char *help = command != NULL ? g_strdup_printf ("marketwell %s --help", command->name)
                                          : g_strdup ("marketwell --help");
  /* Translators: %s is a command that the user can type. */
  g_autofree char *hint = g_strdup_printf (_ ("“%s” says what is possible"), help);

  complain (clean);
  complain (hint);
  return QUOTES_EXIT_USAGE;
}

/* For people. */
int
quotes_invocation_print (const char *text)
{
  g_autoptr (GError) error = NULL;

  if (quotes_output_write_for_people (STDOUT_FILENO, text, &error))
    return QUOTES_EXIT_SUCCESS;
  return quotes_invocation_fail (error, NULL);
}

/* For programs: UTF-8 whatever the locale says. */
int
quotes_invocation_print_raw (const char *text)
{
  g_autoptr (GError) error = NULL;

  if (quotes_output_write (STDOUT_FILENO, text, strlen (text), &error))
    return QUOTES_EXIT_SUCCESS;
  return quotes_invocation_fail (error, NULL);
}
