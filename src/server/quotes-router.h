/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "quotes-alerts.h"
#include "quotes-archive.h"
#include "quotes-clock.h"
#include "quotes-door.h"
#include "quotes-event-stream.h"
#include "quotes-hub.h"
#include "quotes-poller.h"
#include "quotes-status-json.h"

G_BEGIN_DECLS

/**
 * QuotesRouterParts:
 * @max_streams: what the status says about it
 *
 * Whom the routes ask. All of them outlive the router.
 */
typedef struct
{
  QuotesHub *hub;
  QuotesPoller *poller;
  QuotesClock *clock;
  QuotesDoor *door;
  QuotesEventStream *stream;
  guint max_streams;
} QuotesRouterParts;

/**
 * QuotesRouter:
 *
 * Answers each request that libsoup has read: finds its route, counts it (rule E4) and asks who
 * knows.
 */
typedef struct _QuotesRouter QuotesRouter;

QuotesRouter *quotes_router_new (SoupServer *soup, const QuotesRouterParts *parts);
void quotes_router_free (QuotesRouter *self);
void quotes_router_set_archive (QuotesRouter *self, QuotesArchive *archive);
void quotes_router_set_alerts (QuotesRouter *self, QuotesAlerts *alerts);
void quotes_router_set_address (QuotesRouter *self, const char *address);
const char *quotes_router_get_address (QuotesRouter *self);
void quotes_router_read_status (QuotesRouter *self, QuotesStatusSources *sources);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesRouter, quotes_router_free)

G_END_DECLS
