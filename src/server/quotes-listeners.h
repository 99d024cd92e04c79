/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "quotes-clock.h"
#include "quotes-epoll.h"

G_BEGIN_DECLS

/* What a 503 says in Retry-After. */
#define QUOTES_LISTENERS_RETRY_AFTER_S 5

typedef struct _QuotesListeners QuotesListeners;
typedef struct _QuotesListener QuotesListener;

/**
 * QuotesGreet:
 * @listener: valid while the set of listeners is
 * @fd: (transfer full): a new connection
 */
typedef void (*QuotesGreet) (QuotesListener *listener, int fd, gpointer user_data);

/**
 * QuotesListeners:
 *
 * The sockets that we listen on, and the one thing that must never go wrong there: running out of
 * descriptors leaves neither a deaf socket nor a busy loop (rule C1).
 */
QuotesListeners *quotes_listeners_new (QuotesEpoll *epoll,
                                       QuotesClock *clock,
                                       QuotesGreet greet,
                                       gpointer user_data);
void quotes_listeners_free (QuotesListeners *self);
gboolean quotes_listeners_take_fd (QuotesListeners *self, int fd, const char *path, GError **error);
guint16 quotes_listeners_get_port (QuotesListeners *self);
guint64 quotes_listeners_get_n_turned_away (QuotesListeners *self);
void quotes_listeners_close (QuotesListeners *self);

GSocketAddress *quotes_listener_get_address (QuotesListener *self);
guint16 quotes_listener_get_port (QuotesListener *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesListeners, quotes_listeners_free)

G_END_DECLS
