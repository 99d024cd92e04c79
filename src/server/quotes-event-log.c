/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-event-log.h"

#include <string.h>

/* What one item costs before it is formatted: about what it will be. So how far back the log
 * reaches does not depend on who reads it, and a reader who comes back after long cannot make it
 * grow by what it wants formatted. */
#define ITEM_COST 640
/* A version that changes more than this is cheaper as one snapshot, and cannot push everything
 * else out. */
#define MAX_UPDATES (QUOTES_EVENT_LOG_MAX_FRAMES / 4)

/**
 * QuotesEventLog:
 *
 * The last events, numbered, and the bytes that readers get of each. Bounded; what falls out at the
 * old end is lost to readers that have not come so far.
 */
struct _QuotesEventLog
{
  GObject parent_instance;

  QuotesClock *clock; /* (owned) */
  guint32 run;
  gboolean stamp_frames;
  QuotesEventFrame *ring; /* (owned) (array length=QUOTES_EVENT_LOG_MAX_FRAMES) */
  guint64 tail;
  guint64 head;
  gsize n_bytes;           /* costs of all frames */
  QuotesStamp stamp;       /* of the newest version */
  QuotesEventFrame status; /* the newest one, without an id, for those who connect */
};

enum
{
  SIGNAL_APPENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QuotesEventLog, quotes_event_log, G_TYPE_OBJECT)

static QuotesEventFrame *
get_slot (QuotesEventLog *self, guint64 seq)
{
  return &self->ring[seq % QUOTES_EVENT_LOG_MAX_FRAMES];
}

static void
drop_tail (QuotesEventLog *self)
{
  QuotesEventFrame *frame = get_slot (self, self->tail);

  self->n_bytes -= frame->cost;
  quotes_event_frame_clear (frame);
  self->tail++;
}

/* Keeps what was appended last, however large it is: nobody has been sent it yet. */
static void
trim (QuotesEventLog *self, guint64 keep_from)
{
  while (self->tail < keep_from && self->n_bytes > QUOTES_EVENT_LOG_MAX_BYTES)
    drop_tail (self);
}

static QuotesEventFrame *
append (QuotesEventLog *self, guint topics, gsize cost)
{
  QuotesEventFrame *frame = NULL;

  if (self->head - self->tail == QUOTES_EVENT_LOG_MAX_FRAMES)
    drop_tail (self);

  frame = get_slot (self, self->head);
  frame->seq = self->head++;
  frame->topics = topics;
  frame->stamp = self->stamp;
  frame->cost = cost;
  self->n_bytes += cost;
  return frame;
}

static void
count_bytes (QuotesEventLog *self, QuotesEventFrame *frame, gsize size)
{
  frame->size += size;
  if (frame->size <= frame->cost)
    return;

  self->n_bytes += frame->size - frame->cost;
  frame->cost = frame->size;
}

static void
quotes_event_log_dispose (GObject *object)
{
  QuotesEventLog *self = QUOTES_EVENT_LOG (object);

  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_event_log_parent_class)->dispose (object);
}

static void
quotes_event_log_finalize (GObject *object)
{
  QuotesEventLog *self = QUOTES_EVENT_LOG (object);

  while (self->tail < self->head)
    drop_tail (self);
  g_free (self->ring);
  quotes_event_frame_clear (&self->status);

  G_OBJECT_CLASS (quotes_event_log_parent_class)->finalize (object);
}

static void
quotes_event_log_class_init (QuotesEventLogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_event_log_dispose;
  object_class->finalize = quotes_event_log_finalize;

  /**
   * QuotesEventLog::appended:
   *
   * Emitted once for all frames that came together. Handlers plan to send; they send later.
   */
  signals[SIGNAL_APPENDED] = g_signal_new ("appended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
quotes_event_log_init (QuotesEventLog *self)
{
  self->ring = g_new0 (QuotesEventFrame, QUOTES_EVENT_LOG_MAX_FRAMES);
  self->tail = self->head = 1;
}

/**
 * quotes_event_log_new:
 * @clock: for the stamps
 * @run: names this run of the program in ids; another one at each start
 * @stamp_frames: whether each item carries when it was published and its version
 *
 * Returns: (transfer full): an empty log
 */
QuotesEventLog *
quotes_event_log_new (QuotesClock *clock, guint32 run, gboolean stamp_frames)
{
  QuotesEventLog *self = g_object_new (QUOTES_TYPE_EVENT_LOG, NULL);

  self->clock = g_object_ref (clock);
  self->run = run;
  self->stamp_frames = stamp_frames;

  return self;
}

static void
append_snapshot (QuotesEventLog *self, QuotesSnapshot *snapshot, GPtrArray *changed, guint topics)
{
  QuotesEventFrame *frame = append (self, topics, (snapshot->quotes->len + 1) * ITEM_COST);

  frame->snapshot = quotes_snapshot_ref (snapshot);
  frame->changed = g_ptr_array_ref (changed);
}

/**
 * quotes_event_log_append_version:
 * @self: a log
 * @snapshot: the new version
 * @changed: (element-type QuotesQuote): what differs from the one before; not touched any more
 * @list_changed: a symbol is gone or new, which updates cannot say
 *
 * Appends one frame per changed quote and one with everything.
 */
void
quotes_event_log_append_version (QuotesEventLog *self,
                                 QuotesSnapshot *snapshot,
                                 GPtrArray *changed,
                                 gboolean list_changed)
{
  guint64 first = self->head;

  g_return_if_fail (QUOTES_IS_EVENT_LOG (self));

  self->stamp.seq = snapshot->version;
  self->stamp.ts_us = quotes_clock_get_real_us (self->clock);
  if (list_changed || changed->len > MAX_UPDATES)
    {
      append_snapshot (self, snapshot, changed, QUOTES_TOPIC_LIST | QUOTES_TOPIC_SNAPSHOTS);
    }
  else
    {
      for (guint i = 0; i < changed->len; i++)
        append (self, QUOTES_TOPIC_UPDATES, ITEM_COST)->quote =
          quotes_quote_ref (g_ptr_array_index (changed, i));
      append_snapshot (self, snapshot, changed, QUOTES_TOPIC_SNAPSHOTS);
    }

  trim (self, first);
  g_signal_emit (self, signals[SIGNAL_APPENDED], 0);
}

/**
 * quotes_event_log_append_status:
 * @self: a log
 * @json: one object
 *
 * Those who connect later get the newest one at once.
 */
void
quotes_event_log_append_status (QuotesEventLog *self, const char *json)
{
  guint64 first = self->head;
  QuotesEventFrame *frame = NULL;

  g_return_if_fail (QUOTES_IS_EVENT_LOG (self));

  frame = append (self, QUOTES_TOPIC_STATUS, strlen (json) + ITEM_COST);
  frame->json = g_strdup (json);
  frame->size = strlen (json);
  quotes_event_frame_clear (&self->status);
  self->status.json = g_strdup (json);
  self->status.seq = frame->seq;

  trim (self, first);
  g_signal_emit (self, signals[SIGNAL_APPENDED], 0);
}

/**
 * quotes_event_log_append_alert:
 * @self: a log
 * @fired: that an alert fired
 *
 * Nobody gets it when connecting, but for those who go on where they were.
 */
void
quotes_event_log_append_alert (QuotesEventLog *self, QuotesAlertFired *fired)
{
  guint64 first = self->head;

  g_return_if_fail (QUOTES_IS_EVENT_LOG (self));

  append (self, QUOTES_TOPIC_ALERTS, ITEM_COST)->fired = quotes_alert_fired_ref (fired);
  trim (self, first);
  g_signal_emit (self, signals[SIGNAL_APPENDED], 0);
}

guint32
quotes_event_log_get_run (QuotesEventLog *self)
{
  return self->run;
}

/* The number that the next frame will have; the first is 1. */
guint64
quotes_event_log_get_head (QuotesEventLog *self)
{
  return self->head;
}

guint64
quotes_event_log_get_tail (QuotesEventLog *self)
{
  return self->tail;
}

/**
 * quotes_event_log_get_frame:
 * @self: a log
 * @seq: from tail to head - 1
 *
 * Returns: (transfer none): valid until something is appended
 */
const QuotesEventFrame *
quotes_event_log_get_frame (QuotesEventLog *self, guint64 seq)
{
  g_return_val_if_fail (seq >= self->tail && seq < self->head, NULL);

  return get_slot (self, seq);
}

/**
 * quotes_event_log_get_bytes:
 * @self: a log
 * @seq: from tail to head - 1
 * @flavor: in which words
 *
 * Formats the frame when it is asked for the first time.
 *
 * Returns: (transfer none): valid until something is appended
 */
GBytes *
quotes_event_log_get_bytes (QuotesEventLog *self, guint64 seq, QuotesFlavor flavor)
{
  QuotesEventFrame *frame = get_slot (self, seq);

  g_return_val_if_fail (seq >= self->tail && seq < self->head, NULL);

  if (frame->bytes[flavor] == NULL)
    {
      char id[QUOTES_EVENT_ID_SIZE];

      quotes_event_format_id (self->run, seq, id);
      frame->bytes[flavor] =
        quotes_event_frame_format (frame, id, self->stamp_frames, NULL, flavor);
      count_bytes (self, frame, g_bytes_get_size (frame->bytes[flavor]));
    }
  return frame->bytes[flavor];
}

/**
 * quotes_event_log_dup_filtered:
 * @self: a log
 * @seq: of a snapshot
 * @symbols: (element-type utf8 utf8): what the reader wants of it
 * @flavor: in which words
 *
 * Returns: (transfer full): bytes for one reader alone
 */
GBytes *
quotes_event_log_dup_filtered (QuotesEventLog *self,
                               guint64 seq,
                               GHashTable *symbols,
                               QuotesFlavor flavor)
{
  char id[QUOTES_EVENT_ID_SIZE];

  quotes_event_format_id (self->run, seq, id);
  return quotes_event_frame_format (get_slot (self, seq), id, self->stamp_frames, symbols, flavor);
}

/**
 * quotes_event_log_get_status:
 * @self: a log
 * @before: where the reader is; what comes later it gets anyhow
 * @flavor: in which words
 *
 * Returns: (transfer none) (nullable): the newest status, unless it comes later; without an id,
 *   since it is older than what the reader has got already
 */
GBytes *
quotes_event_log_get_status (QuotesEventLog *self, guint64 before, QuotesFlavor flavor)
{
  if (self->status.json == NULL || self->status.seq >= before)
    return NULL;

  if (self->status.bytes[flavor] == NULL)
    self->status.bytes[flavor] =
      quotes_event_frame_format (&self->status, NULL, FALSE, NULL, flavor);
  return self->status.bytes[flavor];
}

/**
 * quotes_event_log_dup_snapshot:
 * @self: a log
 * @snapshot: the hub's
 * @symbols: (nullable) (element-type utf8 utf8): what it is cut down to
 * @seq: of a frame that the snapshot makes up for, with all before it
 * @flavor: in which words
 *
 * What a reader begins with. It has the id of that frame, so that the reader goes on with the next;
 * its stamp is that of the version, whenever the reader came.
 *
 * Returns: (transfer full): bytes
 */
GBytes *
quotes_event_log_dup_snapshot (QuotesEventLog *self,
                               QuotesSnapshot *snapshot,
                               GHashTable *symbols,
                               guint64 seq,
                               QuotesFlavor flavor)
{
  QuotesEventFrame frame = {.snapshot = snapshot, .stamp = self->stamp};
  char id[QUOTES_EVENT_ID_SIZE];

  if (snapshot->version != self->stamp.seq)
    frame.stamp = (QuotesStamp){.ts_us = snapshot->generated_us, .seq = snapshot->version};
  quotes_event_format_id (self->run, seq, id);
  return quotes_event_frame_format (&frame, id, self->stamp_frames, symbols, flavor);
}
