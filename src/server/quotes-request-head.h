/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Limits of contract 8. */
#define QUOTES_REQUEST_HEAD_MAX (16 * 1024)
#define QUOTES_REQUEST_FIELDS_MAX 64
#define QUOTES_REQUEST_TARGET_MAX (2 * 1024)
#define QUOTES_REQUEST_BODY_MAX (64 * 1024)

/**
 * QuotesHostRules:
 * @port: the bound port; Hosts must name it unless it is 80
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
 */
typedef struct
{
  /* of a refusal */
  guint status;
  const char *code; /* (static): `bad_host`, `framing`, ... */

  /* of a pass */
  gsize head_size;       /* with the blank line */
  gint64 content_length; /* -1 = there is none */
  const char *method;
  gsize method_length;
  const char *target;
  gsize target_length;
  const char *host;
  gsize host_length;
  gboolean is_http_1_0;
} QuotesRequestHead;

QuotesVerdict quotes_request_head_judge (const char *bytes,
                                         gsize size,
                                         const QuotesHostRules *rules,
                                         QuotesRequestHead *head);

G_END_DECLS
