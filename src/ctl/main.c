/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>

#include "quotes-commands.h"
#include "quotes-text.h"

static const QuotesCommand commands[] = {
  {"list", NULL, N_ ("Show the prices as they are now"), quotes_command_list},
  {"watch", N_ ("[SYMBOL…]"), N_ ("Show the prices as they change"), quotes_command_watch},
  {"add", N_ ("INSTRUMENT…"), N_ ("Put instruments on the list"), quotes_command_add},
  {"remove", N_ ("SYMBOL…"), N_ ("Take instruments off the list"), quotes_command_remove},
  {"refresh", N_ ("[SYMBOL…]"), N_ ("Ask for new prices now"), quotes_command_refresh},
  {"history", N_ ("SYMBOL"), N_ ("Draw what an instrument cost"), quotes_command_history},
  {"export", NULL, N_ ("Write out all prices that are kept"), quotes_command_export},
  {"alert", N_ ("add|list|remove|enable|disable|snooze …"),
   N_ ("Tell when prices and providers do something"), quotes_command_alert,
   N_ ("Commands:\n"
       "  alert add SYMBOL above|below LEVEL\n"
       "  alert add SYMBOL move PERCENT --within DURATION\n"
       "  alert add SYMBOL change PERCENT\n"
       "  alert add SYMBOL stale\n"
       "  alert add PROVIDER failing --for DURATION\n"
       "  alert list [--json]\n"
       "  alert remove|enable|disable ID…\n"
       "  alert snooze ID… [--for DURATION]\n"
       "\n"
       "Numbers are written with a point (2400.50), durations with a unit (90s, 15m, 1h, 2d).")},
  {"status", NULL, N_ ("Show how the service and its providers fare"), quotes_command_status},
  {"doctor", NULL, N_ ("Find out what does not work, and what to do"), quotes_command_doctor},
};

/* Beside a program that runs from the build folder, else where they were installed. */
static char *
find_locale_dir (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *program_dir = g_path_get_dirname (program != NULL ? program : ".");
  g_autofree char *mark =
    g_build_filename (program_dir, "..", "..", "data", "gschemas.compiled", NULL);

  if (g_file_test (mark, G_FILE_TEST_EXISTS))
    return g_build_filename (program_dir, "..", "..", "po", NULL);
  return g_strdup (LOCALEDIR);
}

static void
set_up_locale (void)
{
  g_autofree char *locale_dir = find_locale_dir ();

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static char *
dup_description (void)
{
  GString *text = g_string_new (_ ("Commands:"));
  guint width = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    width = MAX (width, quotes_text_get_width (commands[i].name));
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "\n  %-*s  %s", (int) width, commands[i].name,
                            _ (commands[i].summary));
  g_string_append_printf (text, "\n\n%s", _ ("“marketwell COMMAND --help” says more about each."));

  return g_string_free (text, FALSE);
}

static const QuotesCommand *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];

  return NULL;
}

static int
run (QuotesInvocation *invocation, int argc, char **argv)
{
  g_autofree char *description = dup_description ();
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("COMMAND"));
  g_autoptr (GError) error = NULL;
  const QuotesCommand *command = NULL;

  g_option_context_set_summary (context, _ ("Shows live prices of the Marketwell service."));
  g_option_context_set_description (context, description);
  /* What stands behind the command is the command's. */
  g_option_context_set_strict_posix (context, TRUE);
  quotes_invocation_add_options (invocation, context);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return quotes_invocation_fail_usage (NULL, error->message);
  if (invocation->version)
    return quotes_invocation_print ("marketwell " VERSION "\n");
  if (argc < 2)
    return quotes_invocation_fail_usage (NULL, _ ("Say what to do"));

  command = find_command (argv[1]);
  if (command == NULL)
    {
      g_autofree char *message = g_strdup_printf (_ ("There is no command “%s”"), argv[1]);

      return quotes_invocation_fail_usage (NULL, message);
    }
  return command->run (invocation, command, argc - 1, argv + 1);
}

int
main (int argc, char *argv[])
{
  g_auto (QuotesInvocation) invocation = {0};

  set_up_locale ();
  g_set_prgname ("marketwell");
  /* A reader that goes away is seen where we write. */
  signal (SIGPIPE, SIG_IGN);

  return run (&invocation, argc, argv);
}
