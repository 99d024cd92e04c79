/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-archive.h"
#include "quotes-poller.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_BACKFILL (quotes_backfill_get_type ())
G_DECLARE_FINAL_TYPE (QuotesBackfill, quotes_backfill, QUOTES, BACKFILL, GObject)

QuotesBackfill *quotes_backfill_new (QuotesHub *hub,
                                     QuotesPoller *poller,
                                     QuotesArchive *archive,
                                     QuotesClock *clock,
                                     GRand *random);
void quotes_backfill_add_provider (QuotesBackfill *self,
                                   QuotesProvider *provider,
                                   QuotesBreaker *breaker,
                                   gboolean is_public);
void quotes_backfill_set_paused (QuotesBackfill *self, gboolean is_paused);
void quotes_backfill_set_online (QuotesBackfill *self, gboolean is_online);
void quotes_backfill_start (QuotesBackfill *self);
void quotes_backfill_stop (QuotesBackfill *self);

G_END_DECLS
