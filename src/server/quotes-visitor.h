/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "quotes-clock.h"
#include "quotes-peer.h"

G_BEGIN_DECLS

/**
 * QuotesVisitor:
 *
 * One connection while libsoup holds it. Found from a message; valid as long as the message is,
 * until the connection is stolen.
 */
typedef struct _QuotesVisitor QuotesVisitor;

QuotesVisitor *quotes_visitor_from_message (SoupServerMessage *message);
const QuotesPeer *quotes_visitor_get_peer (QuotesVisitor *self);
/* Ends the body deadline and begins the answer deadline. */
void quotes_visitor_set_body_read (QuotesVisitor *self);
/* Runs its callback, a #GSocketSourceFunc, when the connection is surely gone. */
GSource *quotes_visitor_create_gone_source (QuotesVisitor *self);
/* Takes the connection over: steals it from libsoup and returns its descriptor, or -1. After it
 * neither the visitor nor the message may be used. */
int quotes_visitor_steal_fd (QuotesVisitor *self, SoupServerMessage *message);

/**
 * QuotesVisitors:
 *
 * All connections that libsoup holds, each for one request, and their deadlines.
 */
typedef struct _QuotesVisitors QuotesVisitors;

QuotesVisitors *quotes_visitors_new (SoupServer *soup,
                                     QuotesClock *clock,
                                     gint64 body_deadline_us,
                                     gint64 answer_deadline_us);
void quotes_visitors_free (QuotesVisitors *self);
void quotes_visitors_take_fd (QuotesVisitors *self,
                              int fd,
                              const QuotesPeer *peer,
                              GSocketAddress *local);
guint quotes_visitors_sweep (QuotesVisitors *self);
guint quotes_visitors_get_n (QuotesVisitors *self);
gboolean quotes_visitors_have_deadlines (QuotesVisitors *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesVisitors, quotes_visitors_free)

G_END_DECLS
