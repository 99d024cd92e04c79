/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-history.h"
#include "quotes-upstream.h"

G_BEGIN_DECLS

/* Makes bars of an answer; a pure function, called on another thread. */
typedef QuotesHistory *(*QuotesHistoryParser) (const QuotesHttpAnswer *answer,
                                               const QuotesInstrument *instrument,
                                               QuotesInterval interval,
                                               gint64 now_us,
                                               GError **error);

#define QUOTES_TYPE_HISTORY_ASKER (quotes_history_asker_get_type ())
G_DECLARE_FINAL_TYPE (QuotesHistoryAsker, quotes_history_asker, QUOTES, HISTORY_ASKER, GObject)

QuotesHistoryAsker *quotes_history_asker_new (QuotesUpstream *upstream,
                                              QuotesClock *clock,
                                              QuotesHistoryParser parse);
void quotes_history_asker_ask (QuotesHistoryAsker *self,
                               GTask *task,
                               const char *path,
                               QuotesInstrument *instrument,
                               QuotesInterval interval);
guint quotes_history_asker_steal_n_requests (QuotesHistoryAsker *self);

G_END_DECLS
