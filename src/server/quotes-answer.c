/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-answer.h"

#include "quotes-problem.h"

/**
 * quotes_answer_set_headers:
 * @message: what is answered
 *
 * Sets what every answer carries: the headers of rule D1, the request's id, and the end of the
 * connection: one request for each, so that nothing can hide behind one.
 */
void
quotes_answer_set_headers (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *request_id = quotes_problem_dup_request_id (soup_message_headers_get_list (
    soup_server_message_get_request_headers (message), "X-Request-ID"));

  quotes_problem_set_security_headers (headers);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "Connection", "close");
  soup_message_headers_replace (headers, "X-Request-ID", request_id);
}

/**
 * quotes_answer_take:
 * @message: what is answered
 * @status: HTTP status
 * @content_type: a constant
 * @body: (transfer full): the body
 */
void
quotes_answer_take (SoupServerMessage *message,
                    guint status,
                    const char *content_type,
                    GString *body)
{
  gsize size = body->len;

  quotes_answer_set_headers (message);
  soup_server_message_set_response (message, content_type, SOUP_MEMORY_TAKE,
                                    g_string_free (body, FALSE), size);
  soup_server_message_set_status (message, status, NULL);
}

void
quotes_answer_take_json (SoupServerMessage *message, guint status, GString *body)
{
  quotes_answer_take (message, status, "application/json", body);
}
