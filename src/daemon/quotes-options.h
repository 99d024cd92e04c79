/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* sysexits.h, contract 7 */
#define QUOTES_EXIT_UNAVAILABLE 69
#define QUOTES_EXIT_CONFIG 78

/**
 * QuotesOptions:
 * @state_dir: (nullable): `--state-dir`
 * @interval_us: `--interval`; 0 = not given
 * @no_bus, @demo, @verbose, @version: the flags
 *
 * The command line of the daemon.
 */
typedef struct
{
  char *state_dir;
  gint64 interval_us;
  gboolean no_bus;
  gboolean demo;
  gboolean verbose;
  gboolean version;
} QuotesOptions;

gboolean quotes_options_parse (QuotesOptions *self, int *argc, char ***argv, GError **error);
void quotes_options_clear (QuotesOptions *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QuotesOptions, quotes_options_clear)

G_END_DECLS
