/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "quotes-clock.h"
#include "quotes-event-frame.h"
#include "quotes-snapshot.h"

G_BEGIN_DECLS

/* Contract 5: whichever is less. */
#define QUOTES_EVENT_LOG_MAX_FRAMES 4096
#define QUOTES_EVENT_LOG_MAX_BYTES (4 * 1024 * 1024)

#define QUOTES_TYPE_EVENT_LOG (quotes_event_log_get_type ())
G_DECLARE_FINAL_TYPE (QuotesEventLog, quotes_event_log, QUOTES, EVENT_LOG, GObject)

QuotesEventLog *quotes_event_log_new (QuotesClock *clock, guint32 run, gboolean stamp_frames);
void quotes_event_log_append_version (QuotesEventLog *self,
                                      QuotesSnapshot *snapshot,
                                      GPtrArray *changed,
                                      gboolean list_changed);
void quotes_event_log_append_status (QuotesEventLog *self, const char *json);
void quotes_event_log_append_alert (QuotesEventLog *self, QuotesAlertFired *fired);

/* For those who send from it. The log holds the numbers from tail to head - 1. */
guint32 quotes_event_log_get_run (QuotesEventLog *self);
guint64 quotes_event_log_get_head (QuotesEventLog *self);
guint64 quotes_event_log_get_tail (QuotesEventLog *self);
const QuotesEventFrame *quotes_event_log_get_frame (QuotesEventLog *self, guint64 seq);
GBytes *quotes_event_log_get_bytes (QuotesEventLog *self, guint64 seq, QuotesFlavor flavor);
GBytes *quotes_event_log_dup_filtered (QuotesEventLog *self,
                                       guint64 seq,
                                       GHashTable *symbols,
                                       QuotesFlavor flavor);
GBytes *quotes_event_log_get_status (QuotesEventLog *self, guint64 before, QuotesFlavor flavor);
GBytes *quotes_event_log_dup_snapshot (QuotesEventLog *self,
                                       QuotesSnapshot *snapshot,
                                       GHashTable *symbols,
                                       guint64 seq,
                                       QuotesFlavor flavor);

G_END_DECLS
