/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert.h"
#include "quotes-quote-json.h"
#include "quotes-snapshot.h"

G_BEGIN_DECLS

/**
 * QuotesTopic:
 *
 * What a frame is about, and what a reader wants, as a mask. A version of the quotes stands in the
 * log twice, as updates and as one whole snapshot; a reader wants one of the two forms. News join
 * later.
 */
typedef enum
{
  QUOTES_TOPIC_UPDATES = 1 << 0,
  QUOTES_TOPIC_SNAPSHOTS = 1 << 1,
  /* A whole snapshot that the readers of updates get as well: the list itself changed. */
  QUOTES_TOPIC_LIST = 1 << 2,
  QUOTES_TOPIC_STATUS = 1 << 3,
  QUOTES_TOPIC_ALERTS = 1 << 4,
} QuotesTopic;

#define QUOTES_TOPICS_OF_QUOTES (QUOTES_TOPIC_UPDATES | QUOTES_TOPIC_SNAPSHOTS | QUOTES_TOPIC_LIST)

/**
 * QuotesFlavor:
 *
 * The same frame in different words: event names with or without `quotes.`, and with or without the
 * chunked coding around it. A frame formats each once, when the first reader needs it.
 */
typedef enum
{
  QUOTES_FLAVOR_PLAIN = 0,
  QUOTES_FLAVOR_MULTIPLEXED = 1 << 0, /* `quotes.snapshot` instead of `snapshot` */
  QUOTES_FLAVOR_CHUNKED = 1 << 1,
} QuotesFlavor;

#define QUOTES_N_FLAVORS 4

/* `<run>.<seq>` and its NUL. */
#define QUOTES_EVENT_ID_SIZE 32

/**
 * QuotesEventFrame:
 * @seq: its number in the log
 * @topics: mask of #QuotesTopic
 * @quote: (owned) (nullable): of an update
 * @snapshot: (owned) (nullable): of a snapshot
 * @changed: (owned) (nullable) (element-type QuotesQuote): of a snapshot: what is new in it
 * @fired: (owned) (nullable): of an alert
 * @json: (owned) (nullable): of anything else
 * @stamp: what --stamp-frames adds to each item
 * @cost: bytes that it counts in the log
 * @size: bytes of @json and of all that is in @bytes
 * @bytes: (owned) (nullable): what was formatted so far, by #QuotesFlavor
 *
 * One event of the log. Its content never changes.
 */
typedef struct
{
  guint64 seq;
  guint topics;
  QuotesQuote *quote;
  QuotesSnapshot *snapshot;
  GPtrArray *changed;
  QuotesAlertFired *fired;
  char *json;
  QuotesStamp stamp;
  gsize cost;
  gsize size;
  GBytes *bytes[QUOTES_N_FLAVORS];
} QuotesEventFrame;

void quotes_event_frame_clear (QuotesEventFrame *self);
gboolean quotes_event_frame_concerns (const QuotesEventFrame *self, GHashTable *symbols);
GBytes *quotes_event_frame_format (const QuotesEventFrame *self,
                                   const char *id,
                                   gboolean is_stamped,
                                   GHashTable *symbols,
                                   QuotesFlavor flavor);

/* The words of the protocol (rule D4: nothing else writes any). */
void quotes_event_format_id (guint32 run, guint64 seq, char id[QUOTES_EVENT_ID_SIZE]);
void quotes_event_write (GString *text,
                         const char *name,
                         const char *id,
                         const char *data,
                         gsize size);
void quotes_event_write_id (GString *text, const char *id);
void quotes_event_write_retry (GString *text, guint retry_ms);
void quotes_event_write_comment (GString *text, const char *comment);
/* The coding around them. */
void quotes_event_append_coded (GString *bytes, const GString *text, QuotesFlavor flavor);
void quotes_event_append_end (GString *bytes, QuotesFlavor flavor);
GBytes *quotes_event_encode (const GString *text, QuotesFlavor flavor);

G_END_DECLS
