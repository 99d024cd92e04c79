/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert.h"
#include "quotes-store-lane.h"

G_BEGIN_DECLS

/**
 * QuotesPrivate:
 *
 * The half of the store that keeps what is the user's own: what waits for `private.db`.
 */
typedef struct _QuotesPrivate QuotesPrivate;
typedef void (*QuotesPrivateFunc) (gpointer owner);

QuotesPrivate *quotes_private_new (GObject *owner,
                                   QuotesClock *clock,
                                   GHashTable *calls,
                                   QuotesPrivateFunc changed);
void quotes_private_free (QuotesPrivate *self);
QuotesStoreLane *quotes_private_get_lane (QuotesPrivate *self);
void quotes_private_save_alert (QuotesPrivate *self, QuotesAlert *alert);
void quotes_private_remove_alert (QuotesPrivate *self, const char *id);
void quotes_private_count_calls (QuotesPrivate *self,
                                 const char *provider,
                                 guint64 n_requests,
                                 guint64 n_failures);
guint64 quotes_private_get_calls_today (QuotesPrivate *self, const char *provider);
char *quotes_private_dup_day (QuotesClock *clock);

G_END_DECLS
