/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "quotes-clock.h"
#include "quotes-snapshot.h"

G_BEGIN_DECLS

/* Contract 5: whichever is less. */
#define QUOTES_EVENT_LOG_MAX_FRAMES 4096
#define QUOTES_EVENT_LOG_MAX_BYTES (4 * 1024 * 1024)

/**
 * QuotesTopic:
 *
 * What a frame is about, and what a reader wants, as a mask. A version of the quotes stands in the
 * log twice, as updates and as one whole snapshot; a reader wants one of the two forms. News and
 * alerts join later.
 */
typedef enum
{
  QUOTES_TOPIC_UPDATES = 1 << 0,
  QUOTES_TOPIC_SNAPSHOTS = 1 << 1,
  /* A whole snapshot that the readers of updates get as well: the list itself changed. */
  QUOTES_TOPIC_LIST = 1 << 2,
  QUOTES_TOPIC_STATUS = 1 << 3,
  QUOTES_TOPIC_GAP = 1 << 4,
} QuotesTopic;

/**
 * QuotesFlavor:
 *
 * The same frame in different words: event names with or without `quotes.`, and with or without the
 * chunked coding around it. A frame formats each once, when the first reader needs it.
 */
typedef enum
{
  QUOTES_FLAVOR_MULTIPLEXED = 1 << 0, /* `quotes.snapshot` instead of `snapshot` */
  QUOTES_FLAVOR_CHUNKED = 1 << 1,
} QuotesFlavor;

#define QUOTES_N_FLAVORS 4

#define QUOTES_TYPE_EVENT_LOG (quotes_event_log_get_type ())
G_DECLARE_FINAL_TYPE (QuotesEventLog, quotes_event_log, QUOTES, EVENT_LOG, GObject)

QuotesEventLog *quotes_event_log_new (QuotesClock *clock, guint32 run, gboolean stamp_frames);
void quotes_event_log_append_version (QuotesEventLog *self,
                                      QuotesSnapshot *snapshot,
                                      GPtrArray *changed,
                                      gboolean list_changed);
void quotes_event_log_append_status (QuotesEventLog *self, const char *json);

G_END_DECLS
