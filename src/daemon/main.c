/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "quotes-daemon.h"

int
main (int argc, char *argv[])
{
  g_auto (QuotesOptions) options = {0};
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (!quotes_options_parse (&options, &argc, &argv, &error))
    {
      g_printerr ("marketwelld: %s\n", error->message);
      return QUOTES_EXIT_CONFIG;
    }
  if (options.version)
    {
      g_print ("marketwelld %s\n", VERSION);
      return 0;
    }
  /* GLib would put what --verbose says on standard output, which has one line only. */
  g_log_writer_default_set_use_stderr (TRUE);
  if (options.verbose)
    g_log_set_debug_enabled (TRUE);

  return quotes_daemon_run (&options);
}
