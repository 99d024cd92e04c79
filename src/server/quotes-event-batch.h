/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sys/uio.h>

#include "quotes-event-log.h"
#include "quotes-event-reader.h"
#include "quotes-stream-text.h"

G_BEGIN_DECLS

#define QUOTES_EVENT_BATCH_MAX 32

typedef struct
{
  GBytes *bytes;
  gboolean is_own; /* made for this batch */
  guint needs;     /* which of the reader's needs it meets */
  guint64 cursor;  /* where the reader is once it has begun */
} QuotesEventPiece;

/**
 * QuotesEventBatch:
 * @now_us: the time, told by whoever sends
 * @n_conflated: readers that fell out of the log
 * @n_frames: events handed to the kernel
 * @n_bytes: bytes handed to the kernel
 *
 * What is sent with one system call. Readers that are alike get the same batch one after the other,
 * so that gathering costs nothing per reader.
 */
struct _QuotesEventBatch
{
  QuotesEventLog *log;    /* (owned) */
  QuotesStreamText *text; /* (unowned), outlives us */
  gint64 now_us;
  guint64 n_conflated;
  guint64 n_frames;
  guint64 n_bytes;

  /* < private > */
  gboolean is_shared; /* the next four say for whom */
  guint64 from;
  guint64 head;
  guint topics;
  guint flavor;
  guint64 cursor; /* where the reader is after all of it */
  guint n;
  gsize size;
  struct iovec iov[QUOTES_EVENT_BATCH_MAX];
  QuotesEventPiece pieces[QUOTES_EVENT_BATCH_MAX];
};

QuotesEventBatch *quotes_event_batch_new (QuotesEventLog *log, QuotesStreamText *text);
void quotes_event_batch_free (QuotesEventBatch *self);
void quotes_event_batch_gather (QuotesEventBatch *self, QuotesEventReader *reader);

G_END_DECLS
