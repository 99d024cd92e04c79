/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-options.h"

#include <glib/gi18n.h>
#include <math.h>

/* Nobody means a pause of more than a day, or hundreds of rounds a second. */
#define INTERVAL_MIN_S 0.001
#define INTERVAL_MAX_S 86400.0

gboolean
quotes_options_parse (QuotesOptions *self, int *argc, char ***argv, GError **error)
{
  double interval_s = 0;
  const GOptionEntry entries[] = {
    {"demo", 0, 0, G_OPTION_ARG_NONE, &self->demo, N_ ("Show made-up prices"), NULL},
    {"interval", 0, 0, G_OPTION_ARG_DOUBLE, &interval_s, N_ ("Time between two updates"),
     N_ ("SECONDS")},
    {"no-bus", 0, 0, G_OPTION_ARG_NONE, &self->no_bus, N_ ("Do without the session bus"), NULL},
    {"state-dir", 0, 0, G_OPTION_ARG_FILENAME, &self->state_dir, N_ ("Keep everything here"),
     N_ ("DIR")},
    {"verbose", 0, 0, G_OPTION_ARG_NONE, &self->verbose, N_ ("Say more"), NULL},
    {"version", 0, 0, G_OPTION_ARG_NONE, &self->version, N_ ("Show the version"), NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("Unexpected argument “%s”"),
                   (*argv)[1]);
      return FALSE;
    }
  if (interval_s != 0 && !(interval_s >= INTERVAL_MIN_S && interval_s <= INTERVAL_MAX_S))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _ ("The interval has to be between 0.001 and 86400 seconds"));
      return FALSE;
    }

  self->interval_us = (gint64) round (interval_s * G_USEC_PER_SEC);
  return TRUE;
}

void
quotes_options_clear (QuotesOptions *self)
{
  g_clear_pointer (&self->state_dir, g_free);
}
