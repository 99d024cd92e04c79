/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _QuotesStreamClients QuotesStreamClients;
typedef struct _QuotesStreamClient QuotesStreamClient;

/**
 * QuotesStreamClients:
 *
 * Who has how many streams open (rule E2), and which page has which (rule E3). A client is a key of
 * quotes_peer_dup_key(); it is known as long as it has a stream.
 */
QuotesStreamClients *quotes_stream_clients_new (void);
void quotes_stream_clients_free (QuotesStreamClients *self);
guint quotes_stream_clients_count (QuotesStreamClients *self, const char *key);
gpointer quotes_stream_clients_lookup (QuotesStreamClients *self,
                                       const char *key,
                                       const char *page);
QuotesStreamClient *quotes_stream_clients_join (QuotesStreamClients *self,
                                                const char *key,
                                                const char *page,
                                                gpointer stream);
void quotes_stream_clients_leave (QuotesStreamClients *self,
                                  QuotesStreamClient *client,
                                  const char *page);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesStreamClients, quotes_stream_clients_free)

G_END_DECLS
