/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-clock.h"
#include "quotes-epoll.h"
#include "quotes-event-batch.h"
#include "quotes-event-reader.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 n_evicted;   /* no progress for too long */
  guint64 n_conflated; /* fell out of the log */
  guint64 n_frames;
  guint64 n_bytes;
} QuotesReadersCounters;

/* @reader: no longer one of the readers, and freed soon after */
typedef void (*QuotesReaderClosedFunc) (QuotesEventReader *reader, gpointer user_data);

typedef struct _QuotesEventReaders QuotesEventReaders;

/**
 * QuotesEventReaders:
 *
 * All readers of the log, and when each is sent what. Appending only plans the sending; who has
 * everything costs nothing.
 */
QuotesEventReaders *quotes_event_readers_new (QuotesEventLog *log,
                                              QuotesStreamText *text,
                                              QuotesEpoll *epoll,
                                              QuotesClock *clock,
                                              QuotesReaderClosedFunc closed,
                                              gpointer user_data);
void quotes_event_readers_free (QuotesEventReaders *self);
void quotes_event_readers_add (QuotesEventReaders *self,
                               QuotesEventReader *reader,
                               const QuotesStreamRequest *request);
void quotes_event_readers_wake (QuotesEventReaders *self);
void quotes_event_readers_finish (QuotesEventReaders *self,
                                  QuotesEventReader *reader,
                                  GBytes *bytes,
                                  gint64 within_us);
void quotes_event_readers_foreach (QuotesEventReaders *self, GFunc func, gpointer user_data);
guint quotes_event_readers_get_n_open (QuotesEventReaders *self);
gboolean quotes_event_readers_is_empty (QuotesEventReaders *self);
void quotes_event_readers_get_counters (QuotesEventReaders *self, QuotesReadersCounters *counters);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesEventReaders, quotes_event_readers_free)

G_END_DECLS
