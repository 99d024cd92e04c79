/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-event-stream.h"

#include <errno.h>
#include <sys/socket.h>

#include "quotes-byte-view.h"
#include "quotes-routes.h"

/* By way of libsoup 8,060 streams were opened per second, past it 15,320 (10,000 at once, two
 * cores, bare loop 25,000); the readers of a service that starts again all come within the same
 * seconds. The judge has read all that a plain request for a stream consists of, so nothing is
 * parsed twice. Whatever else there is, a refusal, HEAD, another spelling of the path, goes by way
 * of libsoup as everything does. */

static char *
dup_text (const char *at, gsize length)
{
  return at != NULL ? g_strndup (at, length) : NULL;
}

/* Returns: whether the target is a stream's; then @target is left with what follows the path */
static gboolean
skip_path (View *target, QuotesRouteId id)
{
  guint n_routes = 0;
  const QuotesRoute *routes = quotes_routes_get (&n_routes);

  for (guint i = 0; i < n_routes; i++)
    {
      View rest = *target;

      if (routes[i].id != id || !view_skip (&rest, routes[i].path) ||
          (rest.size > 0 && *rest.at != '?'))
        continue;
      *target = rest;
      return TRUE;
    }
  return FALSE;
}

static gboolean
read_request (const QuotesRequestHead *head, QuotesStreamRequest *request)
{
  View method = {head->method, head->method_length};
  View target = {head->target, head->target_length};
  gboolean is_multiplexed = FALSE;
  const char *code = NULL;
  g_autofree char *query = NULL;
  g_autofree char *last_event_id = NULL;
  g_autofree char *request_id = NULL;

  if (!view_is (method, "GET"))
    return FALSE;
  if (!skip_path (&target, QUOTES_ROUTE_QUOTES_STREAM))
    is_multiplexed = skip_path (&target, QUOTES_ROUTE_STREAM);
  if (!is_multiplexed && target.size == head->target_length)
    return FALSE;

  query = target.size > 0 ? g_strndup (target.at + 1, target.size - 1) : NULL;
  last_event_id = dup_text (head->last_event_id, head->last_event_id_length);
  request_id = dup_text (head->request_id, head->request_id_length);
  if (!quotes_stream_request_parse (query, last_event_id, is_multiplexed, head->is_http_1_0,
                                    request, &code))
    return FALSE;

  quotes_stream_request_set_id (request, request_id);
  return TRUE;
}

/* The head was only looked at so far; what is not read away would turn closing into a reset. */
static void
discard_head (int fd, gsize size)
{
  char buffer[QUOTES_REQUEST_HEAD_MAX];

  while (recv (fd, buffer, size, MSG_DONTWAIT) < 0 && errno == EINTR)
    continue;
}

gboolean
quotes_event_stream_claim (QuotesEventStream *self,
                           int fd,
                           const QuotesRequestHead *head,
                           const QuotesPeer *peer)
{
  g_auto (QuotesStreamRequest) request = QUOTES_STREAM_REQUEST_INIT;

  if (!read_request (head, &request) || !quotes_event_stream_has_room (self, &request, peer))
    return FALSE;

  discard_head (fd, head->head_size);
  quotes_event_stream_take_fd (self, fd, &request, peer);
  return TRUE;
}
