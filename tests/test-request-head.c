/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-request-head.h"

#include "head-rows.h"

static const QuotesHostRules rules = {.port = PORT};

static void
test_a1_one_host (void)
{
  static const Row rows[] = {
    {GET ("/"), 0, NULL},
    {"GET / HTTP/1.1\r\n" HOST "Host: evil.example\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\nHost: evil.example\r\n" HOST "\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\n" HOST HOST "\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\n" HOST "hOST:127.0.0.1:18787\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\n\r\n", 400, "bad_host"},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &rules);
}

static void
test_a2_only_our_hosts (void)
{
  static const Row rows[] = {
    {GET_FROM ("127.0.0.1:18787"), 0, NULL},
    {GET_FROM ("localhost:18787"), 0, NULL},
    {GET_FROM ("LocalHost:18787"), 0, NULL},
    {GET_FROM ("[::1]:18787"), 0, NULL},
    {GET_FROM ("evil.example:18787"), 403, "bad_host"},
    {GET_FROM ("127.0.0.1.evil.example:18787"), 403, "bad_host"},
    {GET_FROM ("foo.local:18787"), 403, "bad_host"},
    {GET_FROM ("foo.internal:18787"), 403, "bad_host"},
    {GET_FROM ("192.168.1.5:18787"), 403, "bad_host"},
    {GET_FROM ("localhost.:18787"), 403, "bad_host"},
    {GET_FROM ("127.0.0.1"), 403, "bad_host"},
    {GET_FROM ("localhost"), 403, "bad_host"},
    {GET_FROM (""), 403, "bad_host"},
    {GET_FROM (":18787"), 403, "bad_host"},
    {GET_FROM ("127.0.0.1:18788"), 403, "bad_host"},
    {GET_FROM ("127.0.0.1:018787"), 403, "bad_host"},
    {GET_FROM ("127.0.0.1:187870"), 403, "bad_host"},
    {GET_FROM ("127.0.0.1:"), 403, "bad_host"},
    {GET_FROM ("127.1:18787"), 403, "bad_host"},
    {GET_FROM ("xlocalhost:18787"), 403, "bad_host"},
    {GET_FROM ("quotes.example:443"), 403, "bad_host"},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &rules);
}

static void
test_a2_port_80_need_not_be_named (void)
{
  static const QuotesHostRules port_80 = {.port = 80};
  static const Row rows[] = {
    {GET_FROM ("127.0.0.1"), 0, NULL},
    {GET_FROM ("localhost:80"), 0, NULL},
    {GET_FROM ("localhost:18787"), 403, "bad_host"},
    {GET_FROM (""), 403, "bad_host"},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &port_80);
}

static void
test_a2_allowed_hosts_are_exact (void)
{
  static const char *const hosts[] = {"quotes.example:443", "desk:18787", NULL};
  static const QuotesHostRules with_hosts = {.port = PORT, .allowed_hosts = hosts};
  static const Row rows[] = {
    {GET_FROM ("quotes.example:443"), 0, NULL},
    {GET_FROM ("Quotes.Example:443"), 0, NULL},
    {GET_FROM ("desk:18787"), 0, NULL},
    {GET_FROM ("127.0.0.1:18787"), 0, NULL},
    {GET_FROM ("quotes.example"), 403, "bad_host"},
    {GET_FROM ("quotes.example:18787"), 403, "bad_host"},
    {GET_FROM ("a.quotes.example:443"), 403, "bad_host"},
    {GET_FROM ("desk"), 403, "bad_host"},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &with_hosts);
}

static void
test_a3_host_bytes (void)
{
  static const Row rows[] = {
    {GET_FROM ("evil.example@127.0.0.1:18787"), 400, "bad_host"},
    {GET_FROM ("127.0.0.1:18787?x="), 400, "bad_host"},
    {GET_FROM ("127.0.0.1:18787#"), 400, "bad_host"},
    {GET_FROM ("127.0.0.1:18787/"), 400, "bad_host"},
    {GET_FROM ("127.0.0.1:18787, evil.example"), 400, "bad_host"},
    {GET_FROM ("local host:18787"), 400, "bad_host"},
    {GET_FROM ("localhost%00:18787"), 400, "bad_host"},
    {GET_FROM ("l\xc3\xb6"
               "calhost:18787"),
     400, "bad_host"},
    {GET_FROM ("local_host:18787"), 400, "bad_host"},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &rules);
}

static void
test_a4_origin_form (void)
{
  static const Row rows[] = {
    {GET ("http://evil.example/api/v1/status"), 400, "bad_target"},
    {GET ("http://127.0.0.1:18787/"), 400, "bad_target"},
    {GET ("*"), 400, "bad_target"},
    {"OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 400, "bad_target"},
    {GET ("api/v1/status"), 400, "bad_target"},
    {GET ("?x"), 400, "bad_target"},
    {GET ("/api#fragment"), 400, "bad_target"},
    {GET ("/api?a=%"), 400, "bad_target"},
    {GET ("/api?a=%4"), 400, "bad_target"},
    {GET ("/api?a=%zz"), 400, "bad_target"},
    {GET ("/api?a=//..%2f%00"), 0, NULL},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &rules);
}

static void
test_a5_versions (void)
{
  static const Row rows[] = {
    {"GET / HTTP/1.0\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.0\r\n" HOST "\r\n", 0, NULL},
    {"GET / HTTP/1.1\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/0.9\r\n" HOST "\r\n", 400, "request"},
    {"GET / HTTP/1.2\r\n" HOST "\r\n", 400, "request"},
    {"GET / HTTP/2.0\r\n" HOST "\r\n", 400, "request"},
    {"GET / http/1.1\r\n" HOST "\r\n", 400, "request"},
    {"GET / HTTP/1.1 \r\n" HOST "\r\n", 400, "request"},
    {"GET /\r\n" HOST "\r\n", 400, "request"},
    {"GET\r\n" HOST "\r\n", 400, "request"},
    {"GET  / HTTP/1.1\r\n" HOST "\r\n", 400, "request"},
    {"GET\t/\tHTTP/1.1\r\n" HOST "\r\n", 400, "request"},
    {"\r\nGET / HTTP/1.1\r\n" HOST "\r\n", 400, "request"},
    {"\x16\x03\x01\x02", 400, "request"},
    {"get / HTTP/1.1\r\n" HOST "\r\n", 400, "request"},
    {"PRI * HTTP/2.0\r\n\r\n", 400, "request"},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &rules);
}

static void
test_a6_methods (void)
{
  static const Row rows[] = {
    {METHOD ("GET"), 0, NULL},
    {METHOD ("HEAD"), 0, NULL},
    {METHOD ("DELETE"), 0, NULL},
    {POST_WITH (JSON "Content-Length: 2\r\n"), 0, NULL},
    {"PATCH /x HTTP/1.1\r\n" HOST JSON "Content-Length: 2\r\n\r\n", 0, NULL},
    {METHOD ("TRACE"), 405, "method"},
    {METHOD ("FOO"), 405, "method"},
    {METHOD ("GETT"), 405, "method"},
    {METHOD ("PUT"), 405, "method"},
    {METHOD ("OPTIONS"), 405, "method"},
    {"CONNECT a:443 HTTP/1.1\r\n" HOST "\r\n", 405, "method"},
    {"CONNECT / HTTP/1.1\r\n" HOST "\r\n", 405, "method"},
    {"OPTIONS / HTTP/1.1\r\n" HOST "Origin: http://x\r\n\r\n", 405, "method"},
    {METHOD ("GE T"), 400, "request"},
    {METHOD ("G(ET"), 400, "request"},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &rules);
}

static void
test_a7_origin (void)
{
  static const Row rows[] = {
    {GET_WITH ("Origin: http://127.0.0.1:18787\r\n"), 0, NULL},
    {GET_WITH ("Origin: http://evil.example\r\n"), 403, "cross_origin"},
    {GET_WITH ("Origin: null\r\n"), 403, "cross_origin"},
    {GET_WITH ("Origin: http://127.0.0.1:9999\r\n"), 403, "cross_origin"},
    {GET_WITH ("Origin: https://127.0.0.1:18787\r\n"), 403, "cross_origin"},
    {GET_WITH ("Origin: http://localhost:18787\r\n"), 403, "cross_origin"},
    {GET_WITH ("Origin: http://127.0.0.1:18787/\r\n"), 403, "cross_origin"},
    {GET_WITH ("Origin: http://127.0.0.1:18787 http://evil.example\r\n"), 403, "cross_origin"},
    {GET_WITH ("Origin:\r\n"), 403, "cross_origin"},
    {GET_WITH ("Origin: http://127.0.0.1:18787\r\nOrigin: http://evil.example\r\n"), 403,
     "cross_origin"},
    {GET_WITH ("Origin: http://evil.example\r\nOrigin: http://127.0.0.1:18787\r\n"), 403,
     "cross_origin"},
    {POST_WITH (JSON "Content-Length: 2\r\nOrigin: http://evil.example\r\n"), 403, "cross_origin"},
    {"GET / HTTP/1.1\r\nHost: LOCALHOST:18787\r\nOrigin: http://localhost:18787\r\n\r\n", 0, NULL},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &rules);
}

#define SITE(site) "Sec-Fetch-Site: " site "\r\n"
#define MODE(mode) "Sec-Fetch-Mode: " mode "\r\n"
#define DEST(dest) "Sec-Fetch-Dest: " dest "\r\n"
#define STREAM_WITH(lines) "GET /api/v1/widgets/quotes/stream HTTP/1.1\r\n" HOST lines "\r\n"
#define ROOT_WITH(lines) "GET / HTTP/1.1\r\n" HOST lines "\r\n"

static void
test_a8_fetch_metadata (void)
{
  static const Row rows[] = {
    {STREAM_WITH (SITE ("same-origin") MODE ("cors")), 0, NULL},
    {STREAM_WITH (SITE ("cross-site")), 403, "cross_origin"},
    {STREAM_WITH (SITE ("same-site")), 403, "cross_origin"},
    {STREAM_WITH (SITE ("cross-site") MODE ("no-cors")), 403, "cross_origin"},
    {GET_WITH (SITE ("cross-site") MODE ("navigate")), 403, "cross_origin"},
    {GET_WITH (SITE ("cross-site") MODE ("navigate") DEST ("document")), 403, "cross_origin"},
    {ROOT_WITH (SITE ("cross-site") MODE ("navigate") DEST ("document")), 0, NULL},
    {ROOT_WITH (SITE ("same-site") MODE ("navigate") DEST ("document")), 0, NULL},
    {ROOT_WITH (SITE ("cross-site") MODE ("navigate") DEST ("iframe")), 403, "cross_origin"},
    {ROOT_WITH (SITE ("cross-site") MODE ("navigate")), 403, "cross_origin"},
    {ROOT_WITH (SITE ("cross-site") MODE ("cors") DEST ("document")), 403, "cross_origin"},
    {"HEAD / HTTP/1.1\r\n" HOST SITE ("cross-site") MODE ("navigate") DEST ("document") "\r\n", 403,
     "cross_origin"},
    {POST_WITH (JSON "Content-Length: 2\r\n" SITE ("same-origin")), 0, NULL},
    {POST_WITH (JSON "Content-Length: 2\r\n" SITE ("same-site")), 403, "cross_origin"},
    {POST_WITH (JSON "Content-Length: 2\r\n" SITE ("none")), 403, "cross_origin"},
    {POST_WITH (JSON "Content-Length: 2\r\n" SITE ("none") MODE ("navigate")), 403, "cross_origin"},
    {GET_WITH (SITE ("none")), 0, NULL},
    {GET_WITH (SITE ("none") MODE ("navigate")), 0, NULL},
    {HEAD_WITH (SITE ("none") MODE ("navigate")), 0, NULL},
    {GET_WITH (SITE ("none") MODE ("cors")), 403, "cross_origin"},
    {GET_WITH (SITE ("None")), 403, "cross_origin"},
    {GET_WITH (SITE ("")), 403, "cross_origin"},
    {GET_WITH (SITE ("same-origin, cross-site")), 403, "cross_origin"},
    {GET_WITH (SITE ("same-origin") SITE ("cross-site")), 403, "cross_origin"},
    {ROOT_WITH (SITE ("cross-site") MODE ("navigate") DEST ("document") DEST ("iframe")), 403,
     "cross_origin"},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &rules);
}

static void
test_b3_unix_hosts (void)
{
  static const QuotesHostRules both = {.port = PORT, .is_unix = TRUE};
  static const QuotesHostRules alone = {.is_unix = TRUE};
  static const Row rows[] = {
    {GET_FROM ("localhost"), 0, NULL},
    {GET_FROM ("127.0.0.1:18787"), 0, NULL},
    {GET_FROM ("localhost:18787"), 0, NULL},
    {GET_FROM ("localhost:1"), 403, "bad_host"},
    {GET_FROM ("evil.example"), 403, "bad_host"},
    {GET_FROM (""), 403, "bad_host"},
  };
  static const Row alone_rows[] = {
    {GET_FROM ("localhost"), 0, NULL},
    {GET_FROM ("localhost:0"), 403, "bad_host"},
    {GET_FROM ("127.0.0.1"), 403, "bad_host"},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &both);
  check_rows (alone_rows, G_N_ELEMENTS (alone_rows), &alone);
}

static void
test_e6_forwarded (void)
{
  static const QuotesHostRules proxied = {.port = PORT, .is_proxied = TRUE};
  static const Row rows[] = {
    {GET_WITH ("X-Forwarded-For: 1.2.3.4\r\n"), 400, "forwarded"},
    {GET_WITH ("x-forwarded-proto: https\r\n"), 400, "forwarded"},
    {GET_WITH ("X-Forwarded-Host: evil.example\r\n"), 400, "forwarded"},
    {GET_WITH ("Forwarded: for=1.2.3.4\r\n"), 400, "forwarded"},
    {GET_WITH ("X-Forwarded: 1\r\n"), 0, NULL},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &rules);
  check_row (&(Row){rows[0].head, 0, NULL}, &proxied);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rules/A1-one-host", test_a1_one_host);
  g_test_add_func ("/rules/A2-only-our-hosts", test_a2_only_our_hosts);
  g_test_add_func ("/rules/A2-port-80-need-not-be-named", test_a2_port_80_need_not_be_named);
  g_test_add_func ("/rules/A2-allowed-hosts-are-exact", test_a2_allowed_hosts_are_exact);
  g_test_add_func ("/rules/A3-host-bytes", test_a3_host_bytes);
  g_test_add_func ("/rules/A4-origin-form", test_a4_origin_form);
  g_test_add_func ("/rules/A5-versions", test_a5_versions);
  g_test_add_func ("/rules/A6-methods", test_a6_methods);
  g_test_add_func ("/rules/A7-origin", test_a7_origin);
  g_test_add_func ("/rules/A8-fetch-metadata", test_a8_fetch_metadata);
  g_test_add_func ("/rules/B3-unix-hosts", test_b3_unix_hosts);
  g_test_add_func ("/rules/E6-forwarded", test_e6_forwarded);

  return g_test_run ();
}
