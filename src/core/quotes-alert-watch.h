/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert-gap.h"
#include "quotes-alert-list.h"
#include "quotes-alert-time.h"
#include "quotes-hub.h"
#include "quotes-poller.h"

G_BEGIN_DECLS

/**
 * QuotesAlertWatch:
 *
 * Looks at the alerts of a list when something happens. What comes of it is in the list then; it
 * tells nobody.
 */
typedef struct
{
  QuotesHub *hub;        /* (owned) */
  QuotesPoller *poller;  /* (owned) (nullable) */
  QuotesClock *clock;    /* (owned) */
  QuotesAlertList *list; /* (owned) */
  QuotesAlertGap *gap;   /* (owned) */
  QuotesAlertTime time;
} QuotesAlertWatch;

QuotesAlertWatch *quotes_alert_watch_new (QuotesHub *hub, QuotesPoller *poller, QuotesClock *clock);
void quotes_alert_watch_free (QuotesAlertWatch *self);
void quotes_alert_watch_look_at_clock (QuotesAlertWatch *self);
void quotes_alert_watch_begin (QuotesAlertWatch *self, guint i);
void quotes_alert_watch_take_changed (QuotesAlertWatch *self, GPtrArray *changed);
void quotes_alert_watch_take_cycle (QuotesAlertWatch *self);
void quotes_alert_watch_take_time (QuotesAlertWatch *self);
void quotes_alert_watch_await_all (QuotesAlertWatch *self);
void quotes_alert_watch_wake_up (QuotesAlertWatch *self);
GPtrArray *quotes_alert_watch_end_gap (QuotesAlertWatch *self);
gint64 quotes_alert_watch_get_next_us (QuotesAlertWatch *self);
gboolean quotes_alert_watch_wants_prices (QuotesAlertWatch *self);
gboolean quotes_alert_watch_check (QuotesAlertWatch *self,
                                   const QuotesAlert *fields,
                                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesAlertWatch, quotes_alert_watch_free)

G_END_DECLS
