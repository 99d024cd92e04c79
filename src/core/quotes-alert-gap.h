/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert.h"
#include "quotes-quote.h"
#include "quotes-watchlist.h"

G_BEGIN_DECLS

/**
 * QuotesAlertGap:
 *
 * Which symbols were not seen since we came back, and what fired because of what happened while we
 * were not there. Times are monotonic.
 */
typedef struct _QuotesAlertGap QuotesAlertGap;

QuotesAlertGap *quotes_alert_gap_new (void);
void quotes_alert_gap_free (QuotesAlertGap *self);
void quotes_alert_gap_await (QuotesAlertGap *self, const char *symbol, const QuotesQuote *quote);
gboolean quotes_alert_gap_awaits (QuotesAlertGap *self, const char *symbol);
gboolean quotes_alert_gap_is_end (QuotesAlertGap *self, const QuotesQuote *quote);
void quotes_alert_gap_settle (QuotesAlertGap *self, const char *symbol, gint64 monotonic_us);
void quotes_alert_gap_retain (QuotesAlertGap *self, GHashTable *symbols);
void quotes_alert_gap_add_missed (QuotesAlertGap *self, QuotesAlertFired *fired);
/* Whether nothing is awaited, and nothing is to be told. */
gboolean quotes_alert_gap_is_closed (QuotesAlertGap *self);
/* When waiting ends; G_MAXINT64 = with the last symbol only */
gint64 quotes_alert_gap_get_end_us (QuotesAlertGap *self);
gboolean quotes_alert_gap_is_over (QuotesAlertGap *self, gint64 monotonic_us);
GPtrArray *quotes_alert_gap_end (QuotesAlertGap *self, GHashTable **unseen);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesAlertGap, quotes_alert_gap_free)

G_END_DECLS
