/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-breaker.h"
#include "quotes-clock.h"
#include "quotes-pace.h"
#include "quotes-provider-status.h"
#include "quotes-symbol-watch.h"
#include "quotes-watchlist.h"

G_BEGIN_DECLS

typedef struct _QuotesTurn QuotesTurn;

/**
 * QuotesTurn:
 *
 * One provider and when it is asked: the rhythm, the breaker's pauses and the second try. It
 * neither asks nor sets alarms; the poller does. Its times are monotonic, unless they say
 * otherwise.
 */
QuotesTurn *quotes_turn_new (QuotesProvider *provider,
                             QuotesBreaker *breaker,
                             QuotesClock *clock,
                             GRand *random);
void quotes_turn_free (QuotesTurn *self);
QuotesProvider *quotes_turn_get_provider (QuotesTurn *self);
GPtrArray *quotes_turn_list_instruments (QuotesTurn *self,
                                         QuotesWatchlist *watchlist,
                                         QuotesSymbolWatch *watch);
gint64 quotes_turn_get_interval_us (QuotesTurn *self);
gint64 quotes_turn_get_attended_us (QuotesTurn *self);
guint quotes_turn_get_n_quiet (QuotesTurn *self);
/* Whether a round with prices of an open market had a newer one. */
void quotes_turn_note_movement (QuotesTurn *self, gboolean has_moved);
gboolean quotes_turn_set_pace (QuotesTurn *self, const QuotesPace *pace);
gint64 quotes_turn_get_change_us (QuotesTurn *self);
void quotes_turn_set_public (QuotesTurn *self, gboolean is_public);

gint64 quotes_turn_get_due_us (QuotesTurn *self);
GPtrArray *quotes_turn_steal_second_try (QuotesTurn *self);
gboolean quotes_turn_may_ask (QuotesTurn *self, GPtrArray *instruments);
void quotes_turn_plan (QuotesTurn *self);
void quotes_turn_hurry (QuotesTurn *self);
void quotes_turn_catch_up (QuotesTurn *self, gint64 at_us, gboolean only_public);
void quotes_turn_set_offline (QuotesTurn *self, gboolean is_offline);
gboolean quotes_turn_is_offline (QuotesTurn *self);
GCancellable *quotes_turn_begin_round (QuotesTurn *self, GPtrArray *instruments);
gboolean quotes_turn_end_round (QuotesTurn *self, QuotesBatch *batch);
/* What is under way is cancelled, what was to be asked again is forgotten. */
void quotes_turn_stop (QuotesTurn *self);
/* The round that was under way gave nothing, because it was cancelled. */
void quotes_turn_drop_round (QuotesTurn *self);

QuotesProviderStatus *quotes_turn_dup_status (QuotesTurn *self,
                                              guint n_instruments,
                                              gboolean is_running);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesTurn, quotes_turn_free)

G_END_DECLS
