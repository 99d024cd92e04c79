/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alerts.h"
#include "quotes-archive.h"
#include "quotes-clock.h"
#include "quotes-event-stream.h"
#include "quotes-hub.h"
#include "quotes-poller.h"

G_BEGIN_DECLS

/**
 * QuotesServerOptions:
 * @max_streams, @max_streams_per_client: contract 8; the latter 0 lifts both per-client caps
 * @stamp_frames: the diagnostic `ts_us` and `seq` in every item
 * @allowed_hosts: (nullable): setting `allowed-hosts`
 * @run: names this run of the program in the ids of events, as in what it keeps; 0 = any
 */
typedef struct
{
  guint max_streams;
  guint max_streams_per_client;
  gboolean stamp_frames;
  const char *const *allowed_hosts;
  guint32 run;
} QuotesServerOptions;

#define QUOTES_TYPE_SERVER (quotes_server_get_type ())
G_DECLARE_FINAL_TYPE (QuotesServer, quotes_server, QUOTES, SERVER, GObject)

/* Everything inward: epoll set, door, libsoup, event log, event stream, routes. Listens nowhere
 * yet. */
QuotesServer *quotes_server_new (QuotesHub *hub,
                                 QuotesPoller *poller,
                                 QuotesClock *clock,
                                 const QuotesServerOptions *options,
                                 GError **error);
gboolean quotes_server_listen_tcp (QuotesServer *self,
                                   const char *address,
                                   guint16 port,
                                   GError **error);
gboolean quotes_server_listen_unix (QuotesServer *self, const char *path, GError **error);
void quotes_server_set_allowed_hosts (QuotesServer *self, const char *const *allowed_hosts);
void quotes_server_set_alerts (QuotesServer *self, QuotesAlerts *alerts);
void quotes_server_set_archive (QuotesServer *self, QuotesArchive *archive);
const char *quotes_server_get_address (QuotesServer *self);
guint16 quotes_server_get_port (QuotesServer *self);
guint quotes_server_get_n_streams (QuotesServer *self);
/* Stops accepting, drains the streams (see quotes_event_stream_drain_async()). */
void quotes_server_stop_async (QuotesServer *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean quotes_server_stop_finish (QuotesServer *self, GAsyncResult *result, GError **error);

G_END_DECLS
