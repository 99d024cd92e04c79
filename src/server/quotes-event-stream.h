/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "quotes-epoll.h"
#include "quotes-event-log.h"
#include "quotes-hub.h"
#include "quotes-peer.h"
#include "quotes-request-head.h"
#include "quotes-stream-request.h"

G_BEGIN_DECLS

/**
 * QuotesStreamLimits:
 * @max_streams: in all
 * @max_per_client: per key of rule E2; 0 = no limit per client
 * @max_per_own_uid: the same for loopback clients of our own uid, which share one key
 */
typedef struct
{
  guint max_streams;
  guint max_per_client;
  guint max_per_own_uid;
} QuotesStreamLimits;

typedef struct
{
  guint n_open;
  guint64 n_opened;
  guint64 n_closed;
  guint64 n_evicted;   /* no progress for 10 s */
  guint64 n_conflated; /* fell out of the ring: gap and snapshot */
  guint64 n_refused;
  guint64 n_frames_sent;
  guint64 n_bytes_sent;
} QuotesStreamCounters;

#define QUOTES_TYPE_EVENT_STREAM (quotes_event_stream_get_type ())
G_DECLARE_FINAL_TYPE (QuotesEventStream, quotes_event_stream, QUOTES, EVENT_STREAM, GObject)

QuotesEventStream *quotes_event_stream_new (QuotesEventLog *log,
                                            QuotesHub *hub,
                                            QuotesEpoll *epoll,
                                            QuotesClock *clock,
                                            const QuotesStreamLimits *limits);
/* Answers a GET or HEAD for a stream: refuses it, or takes its connection over. After it the
 * message may be gone. @is_multiplexed: the path was `/api/v1/stream`, which reads `topics=`. */
void quotes_event_stream_serve (QuotesEventStream *self,
                                SoupServerMessage *message,
                                gboolean is_multiplexed);
/* Takes over a request that the door let in, if it is a plain GET for a stream and there is room;
 * returns whether it did. What it leaves is for libsoup. */
gboolean quotes_event_stream_claim (QuotesEventStream *self,
                                    int fd,
                                    const QuotesRequestHead *head,
                                    const QuotesPeer *peer);
/* Whether there is room for one more; a refusal is not counted. */
gboolean quotes_event_stream_has_room (QuotesEventStream *self,
                                       const QuotesStreamRequest *request,
                                       const QuotesPeer *peer);
/* Whether there is room for one more (rules E1 and E2); if not, what to answer with 503. */
gboolean quotes_event_stream_admits (QuotesEventStream *self,
                                     const QuotesStreamRequest *request,
                                     const QuotesPeer *peer,
                                     const char **problem_code,
                                     guint *retry_after_s);
/* The same below HTTP: owns @fd from now on and writes the head of the answer itself. */
void quotes_event_stream_take_fd (QuotesEventStream *self,
                                  int fd,
                                  const QuotesStreamRequest *request,
                                  const QuotesPeer *peer);
void quotes_event_stream_get_counters (QuotesEventStream *self, QuotesStreamCounters *counters);
/* Says goodbye to every reader (`event: bye`, jittered `retry:`), finishes what is being sent for
 * at most a second and calls back when all are gone. */
void quotes_event_stream_drain_async (QuotesEventStream *self,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean quotes_event_stream_drain_finish (QuotesEventStream *self,
                                           GAsyncResult *result,
                                           GError **error);

/* Emits ::count-changed (guint n_open) so that the door can count streams as connections. */

G_END_DECLS
