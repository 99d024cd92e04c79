/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-pacer.h"
#include "quotes-turn.h"

G_BEGIN_DECLS

typedef struct _QuotesRoster QuotesRoster;

/**
 * QuotesRoster:
 *
 * The turns of all providers, and what is done with all of them.
 */
QuotesRoster *quotes_roster_new (void);
void quotes_roster_free (QuotesRoster *self);
void quotes_roster_take_turn (QuotesRoster *self, QuotesTurn *turn);
guint quotes_roster_get_n_turns (QuotesRoster *self);
QuotesTurn *quotes_roster_get_turn (QuotesRoster *self, guint i);
QuotesTurn *quotes_roster_find (QuotesRoster *self, QuotesProvider *provider);
/* There is none afterwards. */
void quotes_roster_clear (QuotesRoster *self);

gint64 quotes_roster_get_next_us (QuotesRoster *self);
gboolean quotes_roster_judge (QuotesRoster *self, QuotesPacer *pacer);
void quotes_roster_hurry (QuotesRoster *self,
                          QuotesWatchlist *watchlist,
                          QuotesSymbolWatch *symbols,
                          const char *const *wanted);
void quotes_roster_catch_up (QuotesRoster *self, gint64 at_us, gboolean only_public);
void quotes_roster_set_offline (QuotesRoster *self, gboolean is_offline);
void quotes_roster_stop (QuotesRoster *self);
GPtrArray *quotes_roster_dup_statuses (QuotesRoster *self,
                                       QuotesWatchlist *watchlist,
                                       gboolean is_running);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesRoster, quotes_roster_free)

G_END_DECLS
