/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Limits of contract 8. */
#define QUOTES_REQUEST_HEAD_MAX (16 * 1024)
#define QUOTES_REQUEST_FIELDS_MAX 64
#define QUOTES_REQUEST_TARGET_MAX (2 * 1024)
#define QUOTES_REQUEST_BODY_MAX (64 * 1024)

/* What a 405 says in `Allow`; routes have the last word. */
#define QUOTES_REQUEST_METHODS "GET, HEAD, POST, PATCH, DELETE"

/**
 * QuotesHostRules:
 * @port: the bound port; Hosts must name it unless it is 80; 0 = there is none
 * @is_unix: a plain `localhost` passes too (rule B3)
 * @allowed_hosts: (nullable) (array zero-terminated=1): further names, exact and with port, lower
 * case
 * @is_proxied: the peer is a trusted proxy, so that forwarding headers are legitimate (rule E6)
 */
typedef struct
{
  guint16 port;
  gboolean is_unix;
  const char *const *allowed_hosts;
  gboolean is_proxied;
} QuotesHostRules;

typedef enum
{
  QUOTES_VERDICT_MORE, /* the head is not complete yet */
  QUOTES_VERDICT_PASS,
  QUOTES_VERDICT_REFUSE,
} QuotesVerdict;

/**
 * QuotesRequestHead:
 *
 * What the judge found. Views point into the judged bytes and live as long as they do.
 *
 * The codes of a refusal, which clients and tests rely on:
 *
 * | status | code           | rule                                                      |
 * |--------|----------------|-----------------------------------------------------------|
 * | 400    | `request`      | not a request line of HTTP/1.1 or 1.0                     |
 * | 400    | `bad_target`   | A4: not a path, or with a fragment or a broken escape     |
 * | 400    | `bad_host`     | A1, A3, A5: none, two, or bytes that no host has          |
 * | 403    | `bad_host`     | A2: not one of ours                                       |
 * | 405    | `method`       | A6                                                        |
 * | 403    | `cross_origin` | A7, A8: another site sent the browser here                |
 * | 415    | `content_type` | A9                                                        |
 * | 400    | `framing`      | A10: lines or lengths that two readers may read two ways  |
 * | 411    | `length`       | A10: a body without one plain Content-Length              |
 * | 400    | `body`         | C4: a body where none belongs                             |
 * | 413    | `too_large`    | C4                                                        |
 * | 431    | `headers`      | A11                                                       |
 * | 414    | `target`       | A11                                                       |
 * | 400    | `path`         | A13                                                       |
 * | 400    | `forwarded`    | E6                                                        |
 * | 400    | `upgrade`      | nothing here speaks another protocol                      |
 */
typedef struct
{
  /* of a refusal */
  guint status;
  const char *code; /* (static) */

  /* of a pass */
  gsize head_size;       /* with the blank line */
  gint64 content_length; /* -1 = there is none */
  const char *method;
  gsize method_length;
  const char *target;
  gsize target_length;
  const char *host;
  gsize host_length;
  const char *last_event_id; /* (nullable) */
  gsize last_event_id_length;
  const char *request_id; /* (nullable): X-Request-ID */
  gsize request_id_length;
  gboolean is_http_1_0;
} QuotesRequestHead;

gboolean quotes_request_head_is_ready (const char *bytes, gsize size, gsize n_seen);
QuotesVerdict quotes_request_head_judge (const char *bytes,
                                         gsize size,
                                         const QuotesHostRules *rules,
                                         QuotesRequestHead *head);

G_END_DECLS
