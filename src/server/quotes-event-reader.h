/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-epoll.h"
#include "quotes-event-log.h"
#include "quotes-stream-request.h"
#include "quotes-stream-text.h"

G_BEGIN_DECLS

/* Rule C7: so long without progress, and it is closed. */
#define QUOTES_EVENT_READER_PATIENCE_US (10 * G_USEC_PER_SEC)

/**
 * QuotesReaderNeed:
 *
 * What a reader gets before it goes on from the log, in this order.
 */
typedef enum
{
  QUOTES_NEED_GAP = 1 << 0,
  QUOTES_NEED_SNAPSHOT = 1 << 1,
  QUOTES_NEED_STATUS = 1 << 2,
} QuotesReaderNeed;

typedef struct _QuotesEventBatch QuotesEventBatch;

typedef enum
{
  QUOTES_READER_UP_TO_DATE,
  QUOTES_READER_BLOCKED, /* the rest goes when its socket says so */
  QUOTES_READER_GONE,    /* to be closed */
} QuotesReaderState;

/**
 * QuotesEventReader:
 * @item: its descriptor in the epoll set; must stay first
 * @owner: (unowned): whom @item's callback tells
 * @part: (owned) (nullable): what has been sent in part, or is sent before all else
 * @symbols: (owned) (nullable) (element-type utf8 utf8): quotes of others are skipped; %NULL = all
 * @client: (unowned) (nullable): under whom it counts
 * @page: (owned) (nullable): rule E3
 * @cursor: the number of the next frame that it looks at
 * @event_us: when something was sent last
 * @deadline_us: when it is closed: if it is blocked, unless it makes progress; if it is closing,
 *   in any case
 * @offset: how much of @part has been sent
 * @index: its place among all readers
 * @n_read: bytes that came from it, of no use to anybody
 * @n_queued: bytes that the kernel had not got rid of when it was looked at last
 *
 * One stream. Nothing is queued for it, so that there may be ten thousand.
 */
typedef struct
{
  QuotesEpollItem item;
  gpointer owner;
  GBytes *part;
  GHashTable *symbols;
  gpointer client;
  char *page;
  guint64 cursor;
  gint64 event_us;
  gint64 deadline_us;
  guint32 offset;
  guint32 index;
  guint32 n_read;
  int n_queued;
  guint topics : 8;
  guint flavor : 2;
  guint needs : 4;
  guint gap_reason : 2;
  guint is_blocked : 1;
  guint is_closing : 1;
} QuotesEventReader;

/* 160 bytes of heap at most, with what malloc adds. */
G_STATIC_ASSERT (sizeof (QuotesEventReader) <= 144);

QuotesEventReader *quotes_event_reader_new (int fd, const QuotesStreamRequest *request);
void quotes_event_reader_free (gpointer data);
void quotes_event_reader_begin (QuotesEventReader *self,
                                const QuotesStreamRequest *request,
                                QuotesEventBatch *batch);
QuotesReaderState quotes_event_reader_send (QuotesEventReader *self, QuotesEventBatch *batch);
void quotes_event_reader_take_part (QuotesEventReader *self, GBytes *bytes);
gboolean quotes_event_reader_discard_input (QuotesEventReader *self);
gboolean quotes_event_reader_is_stuck (QuotesEventReader *self, gint64 now_us);

G_END_DECLS
