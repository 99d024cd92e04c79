/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  QUOTES_ROUTE_ALERT,
  QUOTES_ROUTE_ALERTS,
  QUOTES_ROUTE_HEALTH,
  QUOTES_ROUTE_HISTORY,
  QUOTES_ROUTE_LIST,
  QUOTES_ROUTE_METRICS,
  QUOTES_ROUTE_QUOTES_STREAM,
  QUOTES_ROUTE_RECORDS,
  QUOTES_ROUTE_REFRESH,
  QUOTES_ROUTE_STATUS,
  QUOTES_ROUTE_STREAM,
  QUOTES_ROUTE_SYMBOL,
} QuotesRouteId;

typedef enum
{
  QUOTES_METHOD_GET = 1 << 0, /* and HEAD */
  QUOTES_METHOD_POST = 1 << 1,
  QUOTES_METHOD_DELETE = 1 << 2,
  QUOTES_METHOD_PATCH = 1 << 3,
} QuotesMethods;

/**
 * QuotesRoute:
 * @id: which
 * @path: as it stands in a request; `{symbol}` takes one segment, which is not empty
 * @methods: what it answers
 * @is_limited: whether rule E4 counts its requests
 */
typedef struct
{
  QuotesRouteId id;
  const char *path;
  QuotesMethods methods;
  gboolean is_limited;
} QuotesRoute;

const QuotesRoute *quotes_routes_get (guint *n_routes);
const QuotesRoute *quotes_routes_find (const char *path, char **symbol);
gboolean quotes_route_allows (const QuotesRoute *self, const char *method);
const char *quotes_route_get_allow (const QuotesRoute *self);

G_END_DECLS
