/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-router.h"

#include "quotes-adds.h"
#include "quotes-alerts-rest.h"
#include "quotes-answer.h"
#include "quotes-history-rest.h"
#include "quotes-metrics.h"
#include "quotes-problem.h"
#include "quotes-rate-limit.h"
#include "quotes-request-head.h"
#include "quotes-rest.h"
#include "quotes-routes.h"

/* libsoup has no name for it. */
#define STATUS_TOO_MANY_REQUESTS 429

struct _QuotesRouter
{
  SoupServer *soup; /* (owned) */
  QuotesRouterParts parts;
  QuotesRateLimit *rate_limit; /* (owned) */
  QuotesAdds *adds;            /* (owned) */
  QuotesHistoryRest *history;  /* (owned) */
  QuotesAlerts *alerts;        /* (owned) (nullable) */
  char *address;               /* (owned) (nullable): where we answer over TCP */
};

void
quotes_router_read_status (QuotesRouter *self, QuotesStatusSources *sources)
{
  *sources = (QuotesStatusSources){
    .hub = self->parts.hub,
    .poller = self->parts.poller,
    .archive = quotes_history_rest_get_archive (self->history),
    .address = self->address,
    .max_streams = self->parts.max_streams,
  };
  quotes_event_stream_get_counters (self->parts.stream, &sources->streams);
}

static void
answer_status (QuotesRouter *self, SoupServerMessage *message)
{
  QuotesStatusSources sources = {0};
  GString *body = g_string_new (NULL);

  quotes_router_read_status (self, &sources);
  quotes_status_append_json (&sources, body);
  quotes_answer_take_json (message, SOUP_STATUS_OK, body);
}

static void
answer_metrics (QuotesRouter *self, SoupServerMessage *message)
{
  QuotesStatusSources sources = {0};
  QuotesDoorCounters door = {0};
  GString *body = g_string_new (NULL);

  quotes_router_read_status (self, &sources);
  quotes_door_get_counters (self->parts.door, &door);
  quotes_metrics_append (&sources, &door, quotes_rate_limit_get_n_refused (self->rate_limit), body);
  quotes_answer_take (message, SOUP_STATUS_OK, QUOTES_METRICS_CONTENT_TYPE, body);
}

static void
answer_health (SoupServerMessage *message)
{
  quotes_answer_take_json (message, SOUP_STATUS_OK,
                           g_string_new ("{\"status\":\"healthy\",\"version\":\"" VERSION "\"}"));
}

/* @id: (nullable): of one of them */
static void
answer_alerts (QuotesRouter *self, SoupServerMessage *message, const char *id)
{
  const char *method = soup_server_message_get_method (message);

  if (self->alerts == NULL)
    quotes_problem_set (message, SOUP_STATUS_NOT_FOUND, "not_found", 0);
  else if (g_str_equal (method, SOUP_METHOD_POST))
    quotes_alerts_rest_add (self->alerts, message);
  else if (g_str_equal (method, SOUP_METHOD_DELETE))
    quotes_alerts_rest_remove (self->alerts, message, id);
  else if (g_str_equal (method, "PATCH"))
    quotes_alerts_rest_change (self->alerts, message, id);
  else
    quotes_alerts_rest_list (self->alerts, message);
}

static void
answer_list (QuotesRouter *self, SoupServerMessage *message)
{
  quotes_hub_note_look (self->parts.hub);
  quotes_history_rest_answer_list (self->history, message);
}

static void
answer_quote (QuotesRouter *self, SoupServerMessage *message, const char *symbol)
{
  quotes_hub_note_look (self->parts.hub);
  quotes_rest_get (self->parts.hub, message, symbol);
}

/* @name: (nullable): what stands in the braces of the route */
static void
answer_route (QuotesRouter *self,
              SoupServerMessage *message,
              const QuotesRoute *route,
              const char *name)
{
  const char *method = soup_server_message_get_method (message);

  switch (route->id)
    {
    case QUOTES_ROUTE_ALERT:
    case QUOTES_ROUTE_ALERTS:
      answer_alerts (self, message, name);
      break;
    case QUOTES_ROUTE_HEALTH:
      answer_health (message);
      break;
    case QUOTES_ROUTE_HISTORY:
      quotes_history_rest_answer_history (self->history, message, name);
      break;
    case QUOTES_ROUTE_LIST:
      if (g_str_equal (method, SOUP_METHOD_POST))
        quotes_adds_answer (self->adds, message);
      else
        answer_list (self, message);
      break;
    case QUOTES_ROUTE_METRICS:
      answer_metrics (self, message);
      break;
    case QUOTES_ROUTE_QUOTES_STREAM:
    case QUOTES_ROUTE_STREAM:
      quotes_event_stream_serve (self->parts.stream, message, route->id == QUOTES_ROUTE_STREAM);
      break;
    case QUOTES_ROUTE_RECORDS:
      quotes_history_rest_answer_records (self->history, message);
      break;
    case QUOTES_ROUTE_REFRESH:
      quotes_rest_refresh (self->parts.hub, self->parts.poller, message);
      break;
    case QUOTES_ROUTE_STATUS:
      answer_status (self, message);
      break;
    case QUOTES_ROUTE_SYMBOL:
      if (g_str_equal (method, SOUP_METHOD_DELETE))
        quotes_rest_remove (self->parts.hub, message, name);
      else
        answer_quote (self, message, name);
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
is_too_often (QuotesRouter *self, SoupServerMessage *message, QuotesVisitor *visitor)
{
  g_autofree char *key = quotes_peer_dup_key (quotes_visitor_get_peer (visitor));
  guint wait_s = quotes_rate_limit_take (self->rate_limit, key,
                                         quotes_clock_get_monotonic_us (self->parts.clock));

  if (wait_s > 0)
    quotes_problem_set (message, STATUS_TOO_MANY_REQUESTS, "rate", wait_s);
  return wait_s > 0;
}

static void
answer_method (SoupServerMessage *message, const QuotesRoute *route)
{
  const char *allow = quotes_route_get_allow (route);

  quotes_problem_set (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "method", 0);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Allow", allow);
}

/* The request is complete, with its body. @path is as it was sent: the server has raw-paths. */
static void
request_read_cb (G_GNUC_UNUSED SoupServer *soup,
                 SoupServerMessage *message,
                 const char *path,
                 G_GNUC_UNUSED GHashTable *query,
                 gpointer user_data)
{
  QuotesRouter *self = user_data;
  QuotesVisitor *visitor = quotes_visitor_from_message (message);
  g_autofree char *symbol = NULL;
  const QuotesRoute *route = quotes_routes_find (path, &symbol);

  quotes_visitor_set_body_read (visitor);
  if (route == NULL)
    quotes_problem_set (message, SOUP_STATUS_NOT_FOUND, "not_found", 0);
  else if (!quotes_route_allows (route, soup_server_message_get_method (message)))
    answer_method (message, route);
  else if (!route->is_limited || !is_too_often (self, message, visitor))
    answer_route (self, message, route, symbol);
}

/* The head is there, its body is not. The door has let nothing pass that is longer than the limit
 * or comes in chunks; what is refused here is refused twice. */
static void
head_read_cb (G_GNUC_UNUSED SoupServer *soup,
              SoupServerMessage *message,
              G_GNUC_UNUSED const char *path,
              G_GNUC_UNUSED GHashTable *query,
              G_GNUC_UNUSED gpointer user_data)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupEncoding encoding = soup_message_headers_get_encoding (headers);
  goffset size = encoding == SOUP_ENCODING_CONTENT_LENGTH
                   ? soup_message_headers_get_content_length (headers)
                   : 0;
  const char *method = soup_server_message_get_method (message);

  /* Rule A12: libsoup 3.2 builds the parts of a range request in memory, 6 GB for 60 KB. */
  soup_message_headers_remove (headers, "Range");

  if (encoding == SOUP_ENCODING_CHUNKED)
    quotes_problem_set (message, SOUP_STATUS_LENGTH_REQUIRED, "length", 0);
  else if (size > QUOTES_REQUEST_BODY_MAX)
    quotes_problem_set (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "too_large", 0);
  else if (size > 0 && !g_str_equal (method, SOUP_METHOD_POST) && !g_str_equal (method, "PATCH"))
    quotes_problem_set (message, SOUP_STATUS_BAD_REQUEST, "body", 0);
  else
    return;

  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
}

QuotesRouter *
quotes_router_new (SoupServer *soup, const QuotesRouterParts *parts)
{
  QuotesRouter *self = g_new0 (QuotesRouter, 1);

  self->soup = g_object_ref (soup);
  self->parts = *parts;
  self->rate_limit = quotes_rate_limit_new (quotes_clock_get_monotonic_us (parts->clock));
  self->adds = quotes_adds_new (parts->hub, parts->clock);
  self->history = quotes_history_rest_new (parts->hub);
  soup_server_add_early_handler (soup, NULL, head_read_cb, self, NULL);
  soup_server_add_handler (soup, NULL, request_read_cb, self, NULL);

  return self;
}

void
quotes_router_free (QuotesRouter *self)
{
  soup_server_remove_handler (self->soup, NULL);
  g_object_unref (self->soup);
  g_clear_object (&self->alerts);
  quotes_adds_free (self->adds);
  quotes_history_rest_free (self->history);
  quotes_rate_limit_free (self->rate_limit);
  g_free (self->address);
  g_free (self);
}

/* @archive: (nullable): what is kept of the past; without one there is none to ask for */
void
quotes_router_set_archive (QuotesRouter *self, QuotesArchive *archive)
{
  quotes_history_rest_set_archive (self->history, archive);
}

/* @alerts: (nullable): without them there are no such routes */
void
quotes_router_set_alerts (QuotesRouter *self, QuotesAlerts *alerts)
{
  g_set_object (&self->alerts, alerts);
}

/* @address: (nullable): `http://127.0.0.1:18787` */
void
quotes_router_set_address (QuotesRouter *self, const char *address)
{
  g_free (self->address);
  self->address = g_strdup (address);
}

const char *
quotes_router_get_address (QuotesRouter *self)
{
  return self->address;
}
