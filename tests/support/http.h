/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * HttpExchange:
 * @received: what has come so far, head and body as they are
 * @is_closed: whether the other end has finished
 *
 * One connection over which one request was sent as it was written. It reads while the main context
 * is iterated and blocks nobody, so that the server may live in the same process.
 */
typedef struct
{
  GString *received;
  gboolean is_closed;
  /* private */
  GSocketConnection *connection;
  GCancellable *cancellable;
  GBytes *request;
  guint n_pending;
} HttpExchange;

/* @address: `http://127.0.0.1:PORT`, `http://[::1]:PORT` or `unix:PATH` */
HttpExchange *http_exchange_begin (const char *address, const char *request, gsize size);
/* GET of @target with the usual head and @headers (nullable), each with its CRLF. */
HttpExchange *http_exchange_get (const char *address, const char *target, const char *headers);
void http_exchange_end (HttpExchange *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HttpExchange, http_exchange_end)

/**
 * HttpAnswer:
 * @status: 0 = the connection ended without an answer
 * @head: the head, lines with CRLF
 * @body: the body
 *
 * A whole answer, read to the end of the connection.
 */
typedef struct
{
  guint status;
  char *head;
  char *body;
  gsize body_size;
} HttpAnswer;

/* Waits for a whole answer to a request as it is written. */
HttpAnswer *http_send (const char *address, const char *request, gsize size);
HttpAnswer *http_get (const char *address, const char *target);
/* @headers: (nullable): lines with CRLF; @json: (nullable): the body */
HttpAnswer *http_ask (const char *address,
                      const char *method,
                      const char *target,
                      const char *headers,
                      const char *json);
void http_answer_free (HttpAnswer *self);
/* Returns: (transfer full) (nullable): the value of a header, whatever its case */
char *http_answer_dup_header (const HttpAnswer *self, const char *name);
/* Asserts a problem of RFC 9457 with this status and code, and nothing else in it but, perhaps, a
 * detail that needs no escapes. */
void http_answer_assert_problem (const HttpAnswer *self, guint status, const char *code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HttpAnswer, http_answer_free)

G_END_DECLS
