/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "quotes-archive.h"
#include "quotes-poller.h"

G_BEGIN_DECLS

/**
 * QuotesFilling:
 *
 * What brings the backfill together with the providers, and with what is known of the network.
 */
typedef struct _QuotesFilling QuotesFilling;

QuotesFilling *quotes_filling_new (QuotesHub *hub,
                                   QuotesPoller *poller,
                                   QuotesArchive *archive,
                                   QuotesClock *clock,
                                   GPtrArray *markets,
                                   GNetworkMonitor *monitor);
void quotes_filling_free (QuotesFilling *self);
void quotes_filling_stop (QuotesFilling *self);

G_END_DECLS
