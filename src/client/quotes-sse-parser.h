/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * QuotesSseEvent:
 * @type: `message` unless the block said otherwise
 * @data: the lines of data, joined by LF; may hold NUL, hence @size; a NUL follows it
 * @last_event_id: what Last-Event-ID would carry now; "" = none
 *
 * One event; valid during the call only.
 */
typedef struct
{
  const char *type;
  const char *data;
  gsize size;
  const char *last_event_id;
} QuotesSseEvent;

typedef void (*QuotesSseEventFunc) (const QuotesSseEvent *event, gpointer user_data);

typedef struct _QuotesSseParser QuotesSseParser;

QuotesSseParser *quotes_sse_parser_new (gsize max_size,
                                        QuotesSseEventFunc func,
                                        gpointer user_data);
void quotes_sse_parser_free (QuotesSseParser *self);
gboolean quotes_sse_parser_push (QuotesSseParser *self, const void *bytes, gsize size);
void quotes_sse_parser_restart (QuotesSseParser *self);
const char *quotes_sse_parser_get_last_event_id (QuotesSseParser *self);
gint64 quotes_sse_parser_get_retry_ms (QuotesSseParser *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesSseParser, quotes_sse_parser_free)

G_END_DECLS
