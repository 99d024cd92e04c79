/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-event-batch.h"

/* More does not fit into a socket's buffer anyway (the door sets 128 KiB). */
#define MAX_SIZE (128 * 1024)

QuotesEventBatch *
quotes_event_batch_new (QuotesEventLog *log, QuotesStreamText *text)
{
  QuotesEventBatch *self = g_new0 (QuotesEventBatch, 1);

  self->log = g_object_ref (log);
  self->text = text;
  return self;
}

static void
empty (QuotesEventBatch *self)
{
  for (guint i = 0; i < self->n; i++)
    if (self->pieces[i].is_own)
      g_bytes_unref (self->pieces[i].bytes);
  self->n = 0;
  self->size = 0;
}

void
quotes_event_batch_free (QuotesEventBatch *self)
{
  empty (self);
  g_object_unref (self->log);
  g_free (self);
}

static gboolean
is_full (const QuotesEventBatch *self)
{
  return self->n == QUOTES_EVENT_BATCH_MAX || self->size >= MAX_SIZE;
}

/* @cursor: where the reader is once it has begun to get it */
static QuotesEventPiece *
add (QuotesEventBatch *self, GBytes *bytes, gsize offset, guint64 cursor)
{
  QuotesEventPiece *piece = &self->pieces[self->n];
  struct iovec *iov = &self->iov[self->n];
  gsize size = 0;
  const char *data = g_bytes_get_data (bytes, &size);

  iov->iov_base = (char *) data + offset;
  iov->iov_len = size - offset;
  *piece = (QuotesEventPiece){.bytes = bytes, .cursor = cursor};
  self->cursor = cursor;
  self->size += size - offset;
  self->n++;
  return piece;
}

static QuotesEventPiece *
take (QuotesEventBatch *self, GBytes *bytes, guint64 cursor)
{
  QuotesEventPiece *piece = add (self, bytes, 0, cursor);

  piece->is_own = TRUE;
  return piece;
}

static guint
get_first_needs (const QuotesEventReader *reader)
{
  guint needs = 0;

  if (reader->topics & QUOTES_TOPICS_OF_QUOTES)
    needs |= QUOTES_NEED_GAP | QUOTES_NEED_SNAPSHOT;
  if (reader->topics & QUOTES_TOPIC_ALERTS)
    needs |= QUOTES_NEED_GAP;
  if (reader->topics & QUOTES_TOPIC_STATUS)
    needs |= QUOTES_NEED_STATUS;
  return needs;
}

/* The reader has fallen out of the log: it gets what is, instead of what was (contract 5). */
static void
conflate (QuotesEventBatch *self, QuotesEventReader *reader)
{
  reader->needs = get_first_needs (reader);
  reader->gap_reason = QUOTES_GAP_SLOW;
  if (!(reader->needs & QUOTES_NEED_SNAPSHOT))
    reader->cursor = self->head;
  self->n_conflated++;
}

/* A gap and the snapshot that makes up for it end with the same number. */
static QuotesEventPiece *
add_snapshot (QuotesEventBatch *self, const QuotesEventReader *reader)
{
  QuotesFlavor flavor = reader->flavor;
  guint64 next = 0;
  QuotesEventPiece *piece = NULL;
  GBytes *snapshot = quotes_stream_text_dup_snapshot (self->text, reader->symbols, flavor, &next);

  if (reader->needs & QUOTES_NEED_GAP)
    take (
      self,
      quotes_stream_text_dup_gap (self->text, reader->gap_reason, reader->cursor, next - 1, flavor),
      self->cursor)
      ->needs = QUOTES_NEED_GAP;
  piece = take (self, snapshot, next);
  piece->needs = QUOTES_NEED_SNAPSHOT;
  return piece;
}

static void
add_needs (QuotesEventBatch *self, QuotesEventReader *reader)
{
  QuotesEventPiece *snapshot = NULL;
  GBytes *status = NULL;

  if (reader->needs & QUOTES_NEED_SNAPSHOT)
    snapshot = add_snapshot (self, reader);
  else if (reader->needs & QUOTES_NEED_GAP)
    take (self, quotes_stream_text_dup_alerts_gap (self->text, reader->gap_reason, reader->flavor),
          self->cursor)
      ->needs = QUOTES_NEED_GAP;
  if (!(reader->needs & QUOTES_NEED_STATUS))
    return;

  /* None is needed when there is none yet, or when it comes by itself after the snapshot. */
  status = quotes_event_log_get_status (self->log, self->cursor, reader->flavor);
  if (status != NULL)
    add (self, status, 0, self->cursor)->needs = QUOTES_NEED_STATUS;
  else if (snapshot != NULL)
    snapshot->needs |= QUOTES_NEED_STATUS;
  else
    reader->needs &= ~(guint) QUOTES_NEED_STATUS & 0xf;
}

static gboolean
wants (const QuotesEventReader *reader, const QuotesEventFrame *frame)
{
  if (!(reader->topics & frame->topics))
    return FALSE;
  return reader->symbols == NULL || quotes_event_frame_concerns (frame, reader->symbols);
}

static void
add_frames (QuotesEventBatch *self, const QuotesEventReader *reader)
{
  while (self->cursor < self->head && !is_full (self))
    {
      guint64 seq = self->cursor;
      const QuotesEventFrame *frame = quotes_event_log_get_frame (self->log, seq);

      if (!wants (reader, frame))
        self->cursor++;
      else if (reader->symbols != NULL && frame->snapshot != NULL)
        take (self, quotes_event_log_dup_filtered (self->log, seq, reader->symbols, reader->flavor),
              seq + 1);
      else
        add (self, quotes_event_log_get_bytes (self->log, seq, reader->flavor), 0, seq + 1);
    }
}

static gboolean
is_for (const QuotesEventBatch *self, const QuotesEventReader *reader)
{
  return self->is_shared && reader->cursor == self->from && reader->topics == self->topics &&
         reader->flavor == self->flavor && self->head == quotes_event_log_get_head (self->log);
}

/**
 * quotes_event_batch_gather:
 * @self: a batch
 * @reader: who it is for
 *
 * Fills the batch with what the reader gets next, unless it holds just that. It is valid until
 * something is appended to the log.
 */
void
quotes_event_batch_gather (QuotesEventBatch *self, QuotesEventReader *reader)
{
  gboolean is_plain = reader->part == NULL && reader->needs == 0 && reader->symbols == NULL;

  if (is_plain && is_for (self, reader))
    return;

  empty (self);
  self->head = quotes_event_log_get_head (self->log);
  if (reader->part == NULL && !(reader->needs & QUOTES_NEED_SNAPSHOT) && !reader->is_closing &&
      reader->cursor < quotes_event_log_get_tail (self->log))
    {
      conflate (self, reader);
      is_plain = FALSE;
    }
  self->is_shared = is_plain;
  self->from = self->cursor = reader->cursor;
  self->topics = reader->topics;
  self->flavor = reader->flavor;

  if (reader->part != NULL)
    add (self, reader->part, reader->offset, reader->cursor);
  if (reader->is_closing)
    return;
  add_needs (self, reader);
  if (self->cursor >= quotes_event_log_get_tail (self->log))
    add_frames (self, reader);
}
