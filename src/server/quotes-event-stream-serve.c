/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-event-stream.h"

#include "quotes-door.h"
#include "quotes-problem.h"

static gboolean
read_request (SoupServerMessage *message,
              gboolean is_multiplexed,
              QuotesStreamRequest *request,
              const char **problem_code)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  gboolean is_http_1_0 = soup_server_message_get_http_version (message) == SOUP_HTTP_1_0;

  if (!quotes_stream_request_parse (query, soup_message_headers_get_one (headers, "Last-Event-ID"),
                                    is_multiplexed, is_http_1_0, request, problem_code))
    return FALSE;

  request->is_head = g_str_equal (soup_server_message_get_method (message), SOUP_METHOD_HEAD);
  quotes_stream_request_set_id (request, soup_message_headers_get_one (headers, "X-Request-ID"));
  return TRUE;
}

/**
 * quotes_event_stream_serve:
 * @self: a stream
 * @message: a GET or HEAD that came through the door
 * @is_multiplexed: see quotes_stream_request_parse()
 *
 * Refuses the request, or takes its connection over, after which the message is gone.
 */
void
quotes_event_stream_serve (QuotesEventStream *self,
                           SoupServerMessage *message,
                           gboolean is_multiplexed)
{
  QuotesVisitor *visitor = quotes_visitor_from_message (message);
  g_auto (QuotesStreamRequest) request = QUOTES_STREAM_REQUEST_INIT;
  const char *code = NULL;
  guint retry_after_s = 0;
  QuotesPeer peer;
  int fd = -1;

  g_return_if_fail (visitor != NULL);

  if (!read_request (message, is_multiplexed, &request, &code))
    {
      quotes_problem_set (message, 400, code, 0);
      return;
    }

  /* Refused by libsoup if it must be, so that it is one answer like any other. */
  peer = *quotes_visitor_get_peer (visitor);
  if (!quotes_event_stream_admits (self, &request, &peer, &code, &retry_after_s))
    {
      quotes_problem_set (message, 503, code, retry_after_s);
      return;
    }

  fd = quotes_visitor_steal_fd (visitor, message);
  if (fd >= 0)
    quotes_event_stream_take_fd (self, fd, &request, &peer);
}
