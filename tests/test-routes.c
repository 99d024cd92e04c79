/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-routes.h"

static void
assert_route (const char *path, QuotesRouteId id, const char *symbol)
{
  g_autofree char *found = NULL;
  const QuotesRoute *route = quotes_routes_find (path, &found);

  g_test_message ("%s", path);
  g_assert_nonnull (route);
  g_assert_cmpint (route->id, ==, id);
  g_assert_cmpstr (found, ==, symbol);
}

static void
test_exact (void)
{
  assert_route ("/health", QUOTES_ROUTE_HEALTH, NULL);
  assert_route ("/metrics", QUOTES_ROUTE_METRICS, NULL);
  assert_route ("/api/v1/alerts", QUOTES_ROUTE_ALERTS, NULL);
  assert_route ("/api/v1/alerts/12", QUOTES_ROUTE_ALERT, "12");
  assert_route ("/api/v1/status", QUOTES_ROUTE_STATUS, NULL);
  assert_route ("/api/v1/stream", QUOTES_ROUTE_STREAM, NULL);
  assert_route ("/api/v1/history", QUOTES_ROUTE_RECORDS, NULL);
  assert_route ("/api/v1/widgets/quotes", QUOTES_ROUTE_LIST, NULL);
  assert_route ("/api/v1/widgets/quotes/stream", QUOTES_ROUTE_QUOTES_STREAM, NULL);
  assert_route ("/api/v1/widgets/quotes/refresh", QUOTES_ROUTE_REFRESH, NULL);
}

static void
test_symbols (void)
{
  assert_route ("/api/v1/widgets/quotes/XAU", QUOTES_ROUTE_SYMBOL, "XAU");
  assert_route ("/api/v1/widgets/quotes/%5EFTSE", QUOTES_ROUTE_SYMBOL, "^FTSE");
  assert_route ("/api/v1/widgets/quotes/yahoo%3AGC%3DF", QUOTES_ROUTE_SYMBOL, "yahoo:GC=F");
  assert_route ("/api/v1/widgets/quotes/a%2Fb", QUOTES_ROUTE_SYMBOL, "a/b");
  assert_route ("/api/v1/widgets/quotes/%C3%A9", QUOTES_ROUTE_SYMBOL, "é");
  /* Decoded once, not twice. */
  assert_route ("/api/v1/widgets/quotes/%2541", QUOTES_ROUTE_SYMBOL, "%41");
  /* Another way to write a route is another path. */
  assert_route ("/api/v1/widgets/quotes/str%65am", QUOTES_ROUTE_SYMBOL, "stream");
  assert_route ("/api/v1/widgets/quotes/XAU/history", QUOTES_ROUTE_HISTORY, "XAU");
  assert_route ("/api/v1/widgets/quotes/%5EFTSE/history", QUOTES_ROUTE_HISTORY, "^FTSE");
  assert_route ("/api/v1/widgets/quotes/a%2Fb/history", QUOTES_ROUTE_HISTORY, "a/b");
  assert_route ("/api/v1/widgets/quotes/a%2Fhistory", QUOTES_ROUTE_SYMBOL, "a/history");
  assert_route ("/api/v1/widgets/quotes/history", QUOTES_ROUTE_SYMBOL, "history");
  assert_route ("/api/v1/widgets/quotes/history/history", QUOTES_ROUTE_HISTORY, "history");
}

static void
test_unknown (void)
{
  const char *const paths[] = {
    "",
    "/",
    "*",
    "/healthy",
    "/health/",
    "/Health",
    "health",
    "/api",
    "/api/v1",
    "/api/v1/status/",
    "/api/v1/alerts/",
    "/api/v1/alerts/1/2",
    "//api/v1/status",
    "/api//v1/status",
    "/api/v1/../v1/status",
    "/%61pi/v1/status",
    "/api/v1/widgets/quotes/",
    "/api/v1/widgets/quotes/XAU/",
    "/api/v1/widgets/quotes/XAU/x",
    "/api/v1/widgets/quotes//history",
    "/api/v1/widgets/quotes/XAU/history/",
    "/api/v1/widgets/quotes/XAU/history/x",
    "/api/v1/widgets/quotes/XAU/History",
    "/api/v1/widgets/quotes/XAU/hist%6Fry",
    "/api/v1/widgets/quotes/X/U/history",
    "/api/v1/widgets/quotes/X%00U/history",
    "/api/v1/widgets/quotes/%ff/history",
    "/api/v1/history/",
    "/api/v1/widgets/quotes/%00",
    "/api/v1/widgets/quotes/X%00U",
    "/api/v1/widgets/quotes/%ff%fe",
    "/api/v1/widgets/quotes/%zz",
    "/api/v1/widgets/quotesXAU",
    "/static/../../etc/passwd",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *symbol = NULL;

      g_test_message ("%s", paths[i]);
      g_assert_null (quotes_routes_find (paths[i], &symbol));
      g_assert_null (symbol);
    }
}

static void
test_methods (void)
{
  g_autofree char *symbol = NULL;
  const QuotesRoute *list = quotes_routes_find ("/api/v1/widgets/quotes", &symbol);
  const QuotesRoute *refresh = quotes_routes_find ("/api/v1/widgets/quotes/refresh", &symbol);
  const QuotesRoute *status = quotes_routes_find ("/api/v1/status", &symbol);
  const QuotesRoute *item = quotes_routes_find ("/api/v1/widgets/quotes/X", &symbol);

  g_assert_true (quotes_route_allows (list, "GET"));
  g_assert_true (quotes_route_allows (list, "HEAD"));
  g_assert_true (quotes_route_allows (list, "POST"));
  g_assert_false (quotes_route_allows (list, "DELETE"));
  g_assert_false (quotes_route_allows (list, "PATCH"));
  g_assert_false (quotes_route_allows (list, "get"));
  g_assert_cmpstr (quotes_route_get_allow (list), ==, "GET, HEAD, POST");
  g_assert_false (quotes_route_allows (refresh, "GET"));
  g_assert_cmpstr (quotes_route_get_allow (refresh), ==, "POST");
  g_assert_false (quotes_route_allows (status, "POST"));
  g_assert_cmpstr (quotes_route_get_allow (status), ==, "GET, HEAD");
  g_assert_true (quotes_route_allows (item, "DELETE"));
  g_assert_cmpstr (quotes_route_get_allow (item), ==, "GET, HEAD, DELETE");
}

/* Every Allow that is sent names just what is allowed. */
static void
test_allow (void)
{
  const char *const methods[] = {"GET", "HEAD", "POST", "DELETE", "PATCH", "PUT"};
  guint n_routes = 0;
  const QuotesRoute *routes = quotes_routes_get (&n_routes);

  for (guint i = 0; i < n_routes; i++)
    {
      g_auto (GStrv) allowed = g_strsplit (quotes_route_get_allow (&routes[i]), ", ", -1);

      for (gsize m = 0; m < G_N_ELEMENTS (methods); m++)
        g_assert_cmpint (quotes_route_allows (&routes[i], methods[m]), ==,
                         g_strv_contains ((const char *const *) allowed, methods[m]));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/routes/known-paths-are-found", test_exact);
  g_test_add_func ("/routes/a-symbol-is-one-decoded-segment", test_symbols);
  g_test_add_func ("/routes/everything-else-is-unknown", test_unknown);
  g_test_add_func ("/routes/methods-are-those-of-the-route", test_methods);
  g_test_add_func ("/routes/allow-names-what-is-allowed", test_allow);

  return g_test_run ();
}
