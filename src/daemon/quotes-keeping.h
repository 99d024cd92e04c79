/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-hub.h"
#include "quotes-poller.h"
#include "quotes-settings.h"
#include "quotes-store.h"

G_BEGIN_DECLS

/**
 * QuotesKeeping:
 *
 * What brings the store together with those who make prices: each version of the hub is kept, and
 * the last good prices are shown before the first ones come.
 */
typedef struct _QuotesKeeping QuotesKeeping;

QuotesKeeping *quotes_keeping_new (const char *state_dir,
                                   QuotesSettings *settings,
                                   QuotesHub *hub,
                                   QuotesPoller *poller,
                                   QuotesClock *clock,
                                   GError **error);
void quotes_keeping_adopt (QuotesKeeping *self);
void quotes_keeping_free (QuotesKeeping *self);
guint32 quotes_keeping_get_run (QuotesKeeping *self);
QuotesStore *quotes_keeping_get_store (QuotesKeeping *self);
QuotesArchive *quotes_keeping_get_archive (QuotesKeeping *self);
void quotes_keeping_close (QuotesKeeping *self, GAsyncReadyCallback callback, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesKeeping, quotes_keeping_free)

G_END_DECLS
