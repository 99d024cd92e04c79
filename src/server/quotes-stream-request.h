/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "quotes-event-frame.h"

G_BEGIN_DECLS

/* More fit into no request target that the door lets in (contract 8). */
#define QUOTES_STREAM_SYMBOLS_MAX 2000

/**
 * QuotesResumeKind:
 * @QUOTES_RESUME_NONE: a new reader
 * @QUOTES_RESUME_FOREIGN: it was somewhere, but that is no id of ours
 * @QUOTES_RESUME_AT: its last event was number `seq` of run `run`
 */
typedef enum
{
  QUOTES_RESUME_NONE,
  QUOTES_RESUME_FOREIGN,
  QUOTES_RESUME_AT,
} QuotesResumeKind;

typedef struct
{
  QuotesResumeKind kind;
  guint32 run;
  guint64 seq;
} QuotesResume;

/**
 * QuotesStreamRequest:
 * @topics: mask of #QuotesTopic: what the reader wants
 * @flavor: #QuotesFlavor: the words in which it wants it
 * @is_head: only the head of the answer is wanted; false after parsing
 * @symbols: (owned) (nullable) (element-type utf8 utf8): a set; %NULL = all
 * @client: rule E3: the page that asks, or ""
 * @request_id: X-Request-ID of the answer, or "" = one is made
 * @resume: where the reader was
 *
 * What a request for an event stream asks for.
 */
typedef struct
{
  guint topics;
  QuotesFlavor flavor;
  gboolean is_head;
  GHashTable *symbols;
  char client[37];
  char request_id[65];
  QuotesResume resume;
} QuotesStreamRequest;

#define QUOTES_STREAM_REQUEST_INIT                                                                 \
  {                                                                                                \
    0                                                                                              \
  }

gboolean quotes_stream_request_parse (const char *raw_query,
                                      const char *last_event_id_header,
                                      gboolean is_multiplexed,
                                      gboolean is_http_1_0,
                                      QuotesStreamRequest *request,
                                      const char **problem_code);
void quotes_stream_request_set_id (QuotesStreamRequest *self, const char *header);
void quotes_stream_request_clear (QuotesStreamRequest *self);
void quotes_resume_parse (const char *text, QuotesResume *resume);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QuotesStreamRequest, quotes_stream_request_clear)

G_END_DECLS
