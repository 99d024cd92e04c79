/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-event-log.h"
#include "quotes-hub.h"
#include "quotes-stream-request.h"

G_BEGIN_DECLS

/**
 * QuotesGapReason:
 * @QUOTES_GAP_SLOW: the reader fell out of the log while it was connected
 * @QUOTES_GAP_WINDOW: it came back too late
 * @QUOTES_GAP_RESTART: what it has is of another run of the program
 */
typedef enum
{
  QUOTES_GAP_SLOW,
  QUOTES_GAP_WINDOW,
  QUOTES_GAP_RESTART,
} QuotesGapReason;

typedef struct _QuotesStreamText QuotesStreamText;

/**
 * QuotesStreamText:
 *
 * All that a stream says besides the frames of the log: how it begins, what it says in between and
 * how it ends. Keeps what many readers get alike.
 */
QuotesStreamText *quotes_stream_text_new (QuotesEventLog *log, QuotesHub *hub);
void quotes_stream_text_free (QuotesStreamText *self);
GBytes *quotes_stream_text_dup_head (QuotesStreamText *self,
                                     const QuotesStreamRequest *request,
                                     guint64 resumed_at);
GBytes *quotes_stream_text_dup_snapshot (QuotesStreamText *self,
                                         GHashTable *symbols,
                                         QuotesFlavor flavor,
                                         guint64 *next);
GBytes *quotes_stream_text_dup_gap (QuotesStreamText *self,
                                    QuotesGapReason reason,
                                    guint64 from,
                                    guint64 to,
                                    QuotesFlavor flavor);
GBytes *quotes_stream_text_dup_alerts_gap (QuotesStreamText *self,
                                           QuotesGapReason reason,
                                           QuotesFlavor flavor);
GBytes *quotes_stream_text_dup_keepalive (QuotesStreamText *self,
                                          gboolean has_id,
                                          QuotesFlavor flavor);
GBytes *quotes_stream_text_dup_replaced (QuotesStreamText *self, QuotesFlavor flavor);
GBytes *quotes_stream_text_dup_bye (QuotesStreamText *self, QuotesFlavor flavor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesStreamText, quotes_stream_text_free)

G_END_DECLS
