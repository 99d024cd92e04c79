/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-breaker.h"
#include "quotes-clock.h"
#include "quotes-hub.h"
#include "quotes-pending.h"
#include "quotes-provider-status.h"
#include "quotes-provider.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_POLLER (quotes_poller_get_type ())
G_DECLARE_FINAL_TYPE (QuotesPoller, quotes_poller, QUOTES, POLLER, GObject)

QuotesPoller *quotes_poller_new (QuotesHub *hub, QuotesClock *clock, GRand *random);
void quotes_poller_add_provider (QuotesPoller *self,
                                 QuotesProvider *provider,
                                 QuotesBreaker *breaker);
void quotes_poller_set_public (QuotesPoller *self, QuotesProvider *provider, gboolean is_public);
void quotes_poller_set_interval (QuotesPoller *self, gint64 interval_us);
void quotes_poller_set_fixed (QuotesPoller *self, gboolean is_fixed);
void quotes_poller_set_watched (QuotesPoller *self, gboolean is_watched);
void quotes_poller_set_metered (QuotesPoller *self, gboolean is_metered);
void quotes_poller_set_power_saver (QuotesPoller *self, gboolean is_power_saver);
void quotes_poller_date_changed (QuotesPoller *self);
void quotes_poller_set_online (QuotesPoller *self, gboolean is_online);
void quotes_poller_wake_up (QuotesPoller *self);
void quotes_poller_start (QuotesPoller *self);
void quotes_poller_stop (QuotesPoller *self);
void quotes_poller_refresh (QuotesPoller *self, const char *const *symbols);
GPtrArray *quotes_poller_dup_statuses (QuotesPoller *self);
GPtrArray *quotes_poller_dup_pending (QuotesPoller *self);
const char *quotes_poller_get_state (QuotesPoller *self);
gint64 quotes_poller_get_last_ok_us (QuotesPoller *self);
gint64 quotes_poller_get_next_try_us (QuotesPoller *self);

G_END_DECLS
