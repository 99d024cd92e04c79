/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-archive.h"
#include "quotes-event-stream.h"
#include "quotes-hub.h"
#include "quotes-poller.h"

G_BEGIN_DECLS

/**
 * QuotesStatusSources:
 * @archive: (nullable): what is kept of the past
 * @address: (nullable): where we answer, `http://127.0.0.1:18787`
 * @streams: the readers now
 * @max_streams: and at most
 *
 * What the status is read from.
 */
typedef struct
{
  QuotesHub *hub;
  QuotesPoller *poller;
  QuotesArchive *archive;
  const char *address;
  QuotesStreamCounters streams;
  guint max_streams;
} QuotesStatusSources;

void quotes_status_append_json (const QuotesStatusSources *sources, GString *text);
void quotes_status_append_essence (const QuotesStatusSources *sources, GString *text);
void quotes_list_append_json (const QuotesSnapshot *snapshot,
                              QuotesArchive *archive,
                              GString *text);
gboolean quotes_list_append_json_with_sparklines (const QuotesSnapshot *snapshot,
                                                  QuotesArchive *archive,
                                                  GHashTable *closes,
                                                  guint first,
                                                  guint n,
                                                  GString *text);

G_END_DECLS
