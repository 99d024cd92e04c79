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
 * @listen_address: where to listen, a loopback address without brackets
 * @listen_port: and there, 0 = any that is free
 * @upstreams: (element-type utf8 utf8): `--upstream`: base URL, without a slash at its end, by name
 * @interval_us: `--interval`; 0 = not given
 * @max_streams: `--max-streams`
 * @max_streams_per_client: `--max-streams-per-client`; 0 = no limit per client
 * @no_bus, @no_http, @demo, @stamp_frames, @verbose, @version: the flags
 *
 * The command line of the daemon.
 */
typedef struct
{
  char *state_dir;
  char *listen_address;
  guint16 listen_port;
  GHashTable *upstreams;
  gint64 interval_us;
  guint max_streams;
  guint max_streams_per_client;
  gboolean no_bus;
  gboolean no_http;
  gboolean demo;
  gboolean stamp_frames;
  gboolean verbose;
  gboolean version;
} QuotesOptions;

gboolean quotes_options_parse (QuotesOptions *self, int *argc, char ***argv, GError **error);
void quotes_options_clear (QuotesOptions *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QuotesOptions, quotes_options_clear)

G_END_DECLS
