/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-clock.h"
#include "quotes-epoll.h"

G_BEGIN_DECLS

/**
 * QuotesLinger:
 *
 * Connections that were told off and are on their way out.
 *
 * close() on a socket with unread bytes resets the connection, and the reset destroys the answer on
 * its way (300 of 300). So what was sent to us is read away, and what is still coming is too, until
 * the other end closes or has had its chance.
 */
typedef struct _QuotesLinger QuotesLinger;

QuotesLinger *quotes_linger_new (QuotesEpoll *epoll, QuotesClock *clock, guint max);
void quotes_linger_free (QuotesLinger *self);
void quotes_linger_take_fd (QuotesLinger *self, int fd, const char *answer, gsize size);
void quotes_linger_turn_away (int fd, const char *answer, gsize size);
void quotes_linger_sweep (QuotesLinger *self);
guint quotes_linger_get_n (QuotesLinger *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesLinger, quotes_linger_free)

G_END_DECLS
