/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-event-reader.h"

#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "quotes-event-batch.h"

/* A reader has nothing to say. */
#define INPUT_MAX_BYTES (64 * 1024)

QuotesEventReader *
quotes_event_reader_new (int fd, const QuotesStreamRequest *request)
{
  QuotesEventReader *self = g_new0 (QuotesEventReader, 1);

  self->item.fd = fd;
  self->topics = request->topics & 0xff;
  self->flavor = request->flavor & 3;
  if (request->symbols != NULL)
    self->symbols = g_hash_table_ref (request->symbols);
  if (request->client[0] != '\0')
    self->page = g_strdup (request->client);
  return self;
}

void
quotes_event_reader_free (gpointer data)
{
  QuotesEventReader *self = data;

  g_clear_pointer (&self->part, g_bytes_unref);
  g_clear_pointer (&self->symbols, g_hash_table_unref);
  g_free (self->page);
  g_free (self);
}

/* Decides where the reader begins (promise R4). Returns whether it goes on where it was. */
static gboolean
find_begin (QuotesEventReader *self, const QuotesResume *resume, QuotesEventLog *log)
{
  guint64 head = quotes_event_log_get_head (log);

  self->cursor = head;
  self->needs = QUOTES_NEED_SNAPSHOT | QUOTES_NEED_STATUS;
  if (resume->kind == QUOTES_RESUME_NONE)
    return FALSE;

  if (resume->kind == QUOTES_RESUME_FOREIGN || resume->run != quotes_event_log_get_run (log) ||
      resume->seq >= head)
    {
      self->needs |= QUOTES_NEED_GAP;
      self->gap_reason = QUOTES_GAP_RESTART;
      return FALSE;
    }

  self->cursor = resume->seq + 1;
  if (self->cursor < quotes_event_log_get_tail (log))
    {
      self->needs |= QUOTES_NEED_GAP;
      self->gap_reason = QUOTES_GAP_WINDOW;
      return FALSE;
    }
  self->needs = 0;
  return TRUE;
}

/**
 * quotes_event_reader_begin:
 * @self: a new reader
 * @request: what it asked for
 * @batch: with what it will be sent
 *
 * Makes the reader ready: what is sent to it first is the head of the answer.
 */
void
quotes_event_reader_begin (QuotesEventReader *self,
                           const QuotesStreamRequest *request,
                           QuotesEventBatch *batch)
{
  gboolean is_resumed = find_begin (self, &request->resume, batch->log);

  if (!(self->topics & QUOTES_TOPICS_OF_QUOTES))
    {
      /* No snapshot makes up for lost alerts, but they are not lost in silence. */
      self->needs &= self->topics & QUOTES_TOPIC_ALERTS ? QUOTES_NEED_STATUS | QUOTES_NEED_GAP
                                                        : QUOTES_NEED_STATUS;
      if (!is_resumed)
        self->cursor = quotes_event_log_get_head (batch->log);
    }
  if (!(self->topics & QUOTES_TOPIC_STATUS))
    self->needs &= ~(guint) QUOTES_NEED_STATUS & 0xf;
  self->part =
    quotes_stream_text_dup_head (batch->text, request, is_resumed ? request->resume.seq : 0);
}

/**
 * quotes_event_reader_take_part:
 * @self: a reader
 * @bytes: (transfer full): what it gets next, before anything else but the rest of what it has
 *   begun to get
 */
void
quotes_event_reader_take_part (QuotesEventReader *self, GBytes *bytes)
{
  GByteArray *joined = NULL;
  gsize size = 0;
  const guint8 *data = NULL;

  if (self->part == NULL)
    {
      self->part = bytes;
      self->offset = 0;
      return;
    }

  joined = g_byte_array_new ();
  data = g_bytes_get_data (self->part, &size);
  g_byte_array_append (joined, data + self->offset, (guint) (size - self->offset));
  data = g_bytes_get_data (bytes, &size);
  g_byte_array_append (joined, data, (guint) size);
  g_bytes_unref (bytes);
  g_bytes_unref (self->part);
  self->part = g_byte_array_free_to_bytes (joined);
  self->offset = 0;
}

static int
count_queued (const QuotesEventReader *self)
{
  int n = 0;

  return ioctl (self->item.fd, SIOCOUTQ, &n) == 0 ? n : 0;
}

static void
set_patience (QuotesEventReader *self, gint64 now_us)
{
  if (!self->is_closing)
    self->deadline_us = now_us + QUOTES_EVENT_READER_PATIENCE_US;
  self->n_queued = count_queued (self);
}

/* The deadline counts from the first send that was refused. */
static QuotesReaderState
block (QuotesEventReader *self, gboolean has_progress, gint64 now_us)
{
  if (!self->is_blocked || has_progress)
    set_patience (self, now_us);
  self->is_blocked = TRUE;
  return QUOTES_READER_BLOCKED;
}

/* Notes that the first @sent bytes of the batch are with the kernel. */
static void
account (QuotesEventReader *self, QuotesEventBatch *batch, gsize sent)
{
  for (guint i = 0; i < batch->n; i++)
    {
      QuotesEventPiece *piece = &batch->pieces[i];
      gsize size = batch->iov[i].iov_len;
      gboolean is_part = i == 0 && self->part != NULL;

      if (is_part && sent < size)
        {
          self->offset += (guint32) sent;
          return;
        }
      if (is_part)
        {
          g_clear_pointer (&self->part, g_bytes_unref);
          self->offset = 0;
        }
      else if (sent > 0)
        {
          self->cursor = piece->cursor;
          self->needs &= ~piece->needs & 0xf;
          batch->n_frames++;
        }
      if (sent < size)
        {
          if (sent > 0)
            {
              self->part = g_bytes_ref (piece->bytes);
              self->offset = (guint32) sent;
            }
          return;
        }
      sent -= size;
    }
  self->cursor = batch->cursor;
}

static gssize
send_batch (const QuotesEventReader *self, QuotesEventBatch *batch)
{
  struct msghdr message = {.msg_iov = batch->iov, .msg_iovlen = batch->n};
  const int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  gssize sent = 0;

  do
    sent = batch->n == 1
             ? send (self->item.fd, batch->iov[0].iov_base, batch->iov[0].iov_len, flags)
             : sendmsg (self->item.fd, &message, flags);
  while (sent < 0 && errno == EINTR);
  return sent;
}

/**
 * quotes_event_reader_send:
 * @self: a reader
 * @batch: whose time is set
 *
 * Sends what the reader has not got yet, as much as its socket takes.
 */
QuotesReaderState
quotes_event_reader_send (QuotesEventReader *self, QuotesEventBatch *batch)
{
  for (;;)
    {
      gssize sent = 0;

      quotes_event_batch_gather (batch, self);
      if (batch->n == 0)
        {
          self->cursor = batch->cursor;
          self->is_blocked = FALSE;
          return QUOTES_READER_UP_TO_DATE;
        }

      sent = send_batch (self, batch);
      if (sent < 0)
        return errno == EAGAIN ? block (self, FALSE, batch->now_us) : QUOTES_READER_GONE;

      batch->n_bytes += (guint64) sent;
      self->event_us = batch->now_us;
      account (self, batch, (gsize) sent);
      if ((gsize) sent < batch->size)
        return block (self, sent > 0, batch->now_us);

      self->is_blocked = FALSE;
      /* Leaves the batch as it is for the next reader. */
      if (self->cursor == batch->head && self->needs == 0)
        return QUOTES_READER_UP_TO_DATE;
    }
}

/**
 * quotes_event_reader_discard_input:
 *
 * Returns: whether it is still there, and still quiet enough
 */
gboolean
quotes_event_reader_discard_input (QuotesEventReader *self)
{
  char buffer[4096];

  while (self->n_read <= INPUT_MAX_BYTES)
    {
      gssize n = recv (self->item.fd, buffer, sizeof buffer, MSG_DONTWAIT);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return errno == EAGAIN;
      if (n == 0)
        return FALSE;
      self->n_read += (guint32) n;
    }
  return FALSE;
}

/**
 * quotes_event_reader_is_stuck:
 * @self: a reader that is blocked
 * @now_us: monotonic time
 *
 * A socket says that it can be written again only when about a third of its buffer is free, so a
 * slow reader that lives looks like a dead one. What the kernel still holds tells them apart.
 *
 * Returns: whether its time is up
 */
gboolean
quotes_event_reader_is_stuck (QuotesEventReader *self, gint64 now_us)
{
  int n_queued = count_queued (self);

  if (n_queued < self->n_queued)
    set_patience (self, now_us);
  return now_us >= self->deadline_us;
}
