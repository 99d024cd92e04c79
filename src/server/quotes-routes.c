/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-routes.h"

#include <string.h>

#define ALERTS "/api/v1/alerts"
#define QUOTES "/api/v1/widgets/quotes"
#define SYMBOL "{symbol}"

/* A path that is written differently is another path: nothing is normalized here. */
static const QuotesRoute routes[] = {
  {QUOTES_ROUTE_ALERT, ALERTS "/{id}", QUOTES_METHOD_PATCH | QUOTES_METHOD_DELETE, TRUE},
  {QUOTES_ROUTE_ALERTS, ALERTS, QUOTES_METHOD_GET | QUOTES_METHOD_POST, TRUE},
  {QUOTES_ROUTE_HEALTH, "/health", QUOTES_METHOD_GET, FALSE},
  {QUOTES_ROUTE_HISTORY, QUOTES "/" SYMBOL "/history", QUOTES_METHOD_GET, TRUE},
  {QUOTES_ROUTE_LIST, QUOTES, QUOTES_METHOD_GET | QUOTES_METHOD_POST, TRUE},
  {QUOTES_ROUTE_METRICS, "/metrics", QUOTES_METHOD_GET, FALSE},
  {QUOTES_ROUTE_QUOTES_STREAM, QUOTES "/stream", QUOTES_METHOD_GET, FALSE},
  {QUOTES_ROUTE_RECORDS, "/api/v1/history", QUOTES_METHOD_GET, TRUE},
  {QUOTES_ROUTE_REFRESH, QUOTES "/refresh", QUOTES_METHOD_POST, TRUE},
  {QUOTES_ROUTE_STATUS, "/api/v1/status", QUOTES_METHOD_GET, TRUE},
  {QUOTES_ROUTE_STREAM, "/api/v1/stream", QUOTES_METHOD_GET, FALSE},
  {QUOTES_ROUTE_SYMBOL, QUOTES "/" SYMBOL, QUOTES_METHOD_GET | QUOTES_METHOD_DELETE, TRUE},
};

const QuotesRoute *
quotes_routes_get (guint *n_routes)
{
  *n_routes = G_N_ELEMENTS (routes);
  return routes;
}

/* Returns: (transfer full) (nullable): what stands in @path where @pattern has braces, decoded */
static char *
read_name (const char *path, const char *pattern)
{
  gsize before = strcspn (pattern, "{");
  const char *behind = pattern + before + strcspn (pattern + before, "}") + 1;
  gsize size = 0;
  g_autofree char *name = NULL;

  if (strncmp (path, pattern, before) != 0)
    return NULL;
  size = strcspn (path + before, "/");
  if (!g_str_equal (path + before + size, behind))
    return NULL;

  /* NULL for `%00` and what is not UTF-8. */
  name = g_uri_unescape_segment (path + before, path + before + size, NULL);
  if (name == NULL || *name == '\0' || !g_utf8_validate (name, -1, NULL))
    return NULL;

  return g_steal_pointer (&name);
}

/**
 * quotes_routes_find:
 * @path: of the request, as it was sent
 * @symbol: (out) (nullable): what stands in the place of `{symbol}`, decoded once
 *
 * Returns: (transfer none) (nullable): where @path leads
 */
const QuotesRoute *
quotes_routes_find (const char *path, char **symbol)
{
  *symbol = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      if (strchr (routes[i].path, '{') != NULL)
        *symbol = read_name (path, routes[i].path);
      if (*symbol != NULL || g_str_equal (routes[i].path, path))
        return &routes[i];
    }
  return NULL;
}

gboolean
quotes_route_allows (const QuotesRoute *self, const char *method)
{
  if (g_str_equal (method, "GET") || g_str_equal (method, "HEAD"))
    return (self->methods & QUOTES_METHOD_GET) != 0;
  if (g_str_equal (method, "POST"))
    return (self->methods & QUOTES_METHOD_POST) != 0;
  if (g_str_equal (method, "DELETE"))
    return (self->methods & QUOTES_METHOD_DELETE) != 0;
  if (g_str_equal (method, "PATCH"))
    return (self->methods & QUOTES_METHOD_PATCH) != 0;

  return FALSE;
}

/* Returns: (transfer none): the value of `Allow` */
const char *
quotes_route_get_allow (const QuotesRoute *self)
{
  switch ((guint) self->methods)
    {
    case QUOTES_METHOD_GET | QUOTES_METHOD_POST:
      return "GET, HEAD, POST";
    case QUOTES_METHOD_GET | QUOTES_METHOD_DELETE:
      return "GET, HEAD, DELETE";
    case QUOTES_METHOD_PATCH | QUOTES_METHOD_DELETE:
      return "PATCH, DELETE";
    case QUOTES_METHOD_POST:
      return "POST";
    default:
      return "GET, HEAD";
    }
}
