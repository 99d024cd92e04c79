/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-request-head.h"

#include "head-rows.h"

static const QuotesHostRules rules = {.port = PORT};

#define TYPED(type) POST_WITH ("Content-Length: 2\r\nContent-Type: " type "\r\n")

static void
test_a9_content_type (void)
{
  static const Row rows[] = {
    {TYPED ("application/json"), 0, NULL},
    {TYPED ("application/json; charset=utf-8"), 0, NULL},
    {TYPED ("Application/JSON;charset=UTF-8"), 0, NULL},
    {TYPED ("application/json ; charset=\"utf-8\""), 0, NULL},
    {TYPED ("text/plain"), 415, "content_type"},
    {TYPED ("application/x-www-form-urlencoded"), 415, "content_type"},
    {TYPED ("multipart/form-data; boundary=x"), 415, "content_type"},
    {TYPED ("application/json; charset=utf-16"), 415, "content_type"},
    {TYPED ("application/json; boundary=x"), 415, "content_type"},
    {TYPED ("application/json; charset=utf-8; x=y"), 415, "content_type"},
    {TYPED ("application/json;"), 415, "content_type"},
    {TYPED ("application/jsonx"), 415, "content_type"},
    {TYPED ("text/plain; application/json"), 415, "content_type"},
    {TYPED ("application/json, text/plain"), 415, "content_type"},
    {TYPED (""), 415, "content_type"},
    {POST_WITH ("Content-Length: 2\r\n"), 415, "content_type"},
    {POST_WITH ("Content-Length: 0\r\n"), 415, "content_type"},
    {POST_WITH ("Content-Length: 2\r\n" JSON "Content-Type: text/plain\r\n"), 415, "content_type"},
    {"PATCH /x HTTP/1.1\r\n" HOST "Content-Length: 2\r\nContent-Type: text/plain\r\n\r\n", 415,
     "content_type"},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &rules);
}

#define SECOND "GET /second HTTP/1.1\r\n" HOST "\r\n"

static void
test_a10_framing (void)
{
  static const Row rows[] = {
    {POST_WITH (JSON "Transfer-Encoding: chunked\r\nContent-Length: 44\r\n") "0\r\n\r\n" SECOND,
     400, "framing"},
    {POST_WITH (JSON "Content-Length: 44\r\nTransfer-Encoding: chunked\r\n") "0\r\n\r\n" SECOND,
     400, "framing"},
    {GET_WITH ("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"), 400, "framing"},
    {POST_WITH (JSON "Content-Length: 0\r\nContent-Length: 44\r\n") SECOND, 400, "framing"},
    {POST_WITH (JSON "Content-Length: 44\r\nContent-Length: 44\r\n"), 400, "framing"},
    {POST_WITH (JSON "Content-Length: 0, 44\r\n"), 400, "framing"},
    {POST_WITH (JSON "Content-Length: +5\r\n"), 400, "framing"},
    {POST_WITH (JSON "Content-Length: -1\r\n"), 400, "framing"},
    {POST_WITH (JSON "Content-Length: 5x\r\n"), 400, "framing"},
    {POST_WITH (JSON "Content-Length: 0x5\r\n"), 400, "framing"},
    {POST_WITH (JSON "Content-Length: 5 5\r\n"), 400, "framing"},
    {POST_WITH (JSON "Content-Length:\r\n"), 400, "framing"},
    {POST_WITH (JSON "Content-Length: 99999999999999999999999\r\n"), 400, "framing"},
    {GET_WITH ("Content-Length: 99999999999999999999999\r\n"), 400, "framing"},
    {GET_WITH ("Content-Length: -1\r\n"), 400, "framing"},
    {POST_WITH (JSON "Content-Length : 5\r\n"), 400, "framing"},
    {POST_WITH (JSON "Content-Length: 5\r\n Content-Length: 6\r\n"), 400, "framing"},
    {POST_WITH (JSON "Content-Length: 5\r\n\t6\r\n"), 400, "framing"},
    {POST_WITH (JSON "Transfer-Encoding: chunked\r\n"), 411, "length"},
    {POST_WITH (JSON "Transfer-Encoding: identity\r\n"), 411, "length"},
    {POST_WITH (JSON "Transfer-Encoding: xchunked\r\n"), 411, "length"},
    {POST_WITH (JSON "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"), 400,
     "framing"},
    {GET_WITH ("Transfer-Encoding: chunked\r\n"), 411, "length"},
    {POST_WITH (JSON), 411, "length"},
    {GET_WITH ("X: a\rContent-Length: 5\r\n"), 400, "framing"},
    {GET_WITH ("X: a\nContent-Length: 5\r\n"), 400, "framing"},
    {"GET / HTTP/1.1\n" HOST "\r\n", 400, "request"},
    {"GET / HTTP/1.1\n\n", 400, "request"},
    {"GET / HTTP/1.1\r\n" HOST "\n", 400, "framing"},
    {GET_WITH ("no colon\r\n"), 400, "framing"},
    {GET_WITH (": nameless\r\n"), 400, "framing"},
    {GET_WITH ("X\x7f: y\r\n"), 400, "framing"},
    {GET_WITH ("X: \x01\r\n"), 400, "framing"},
    {GET_WITH ("X: tab\tand caf\xc3\xa9\r\n"), 0, NULL},
    {GET_WITH ("Expect: something\r\n"), 400, "framing"},
    {POST_WITH (JSON "Content-Length: 5\r\nExpect: 100-continue\r\n"), 0, NULL},
    /* libsoup drops what Connection names from a request of HTTP/1.0. */
    {"POST / HTTP/1.0\r\n" HOST JSON "Content-Length: 5\r\nConnection: Content-Length\r\n\r\n", 400,
     "framing"},
    {"GET / HTTP/1.0\r\n" HOST "Connection: Keep-Alive\r\n\r\n", 0, NULL},
    {GET_WITH ("Connection: TE, close\r\nTE: trailers\r\n"), 0, NULL},
    {GET_WITH ("Upgrade: websocket\r\nConnection: Upgrade\r\n"), 400, "upgrade"},
    {GET_WITH ("Upgrade: h2c\r\n"), 400, "upgrade"},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &rules);
}

static void
test_a10_a_nul_ends_nothing (void)
{
  static const char in_value[] = "GET / HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n";
  static const char in_name[] = "GET / HTTP/1.1\r\n" HOST "X\0: a\r\n\r\n";
  static const char in_host[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1:18787\0\r\n\r\n";
  static const char in_target[] = "GET /\0 HTTP/1.1\r\n" HOST "\r\n";
  static const char in_method[] = "G\0T / HTTP/1.1\r\n" HOST "\r\n";
  QuotesRequestHead head;

  g_assert_cmpint (judge (in_value, sizeof in_value - 1, &rules, &head), ==, QUOTES_VERDICT_REFUSE);
  g_assert_cmpstr (head.code, ==, "framing");
  g_assert_cmpint (judge (in_name, sizeof in_name - 1, &rules, &head), ==, QUOTES_VERDICT_REFUSE);
  g_assert_cmpstr (head.code, ==, "framing");
  g_assert_cmpint (judge (in_host, sizeof in_host - 1, &rules, &head), ==, QUOTES_VERDICT_REFUSE);
  g_assert_cmpstr (head.code, ==, "framing");
  g_assert_cmpint (judge (in_target, sizeof in_target - 1, &rules, &head), ==,
                   QUOTES_VERDICT_REFUSE);
  g_assert_cmpstr (head.code, ==, "path");
  g_assert_cmpint (judge (in_method, sizeof in_method - 1, &rules, &head), ==,
                   QUOTES_VERDICT_REFUSE);
  g_assert_cmpstr (head.code, ==, "request");
}

static char *
dup_head_with_fields (guint n_fields)
{
  GString *head = g_string_new ("GET / HTTP/1.1\r\n" HOST);

  for (guint i = 1; i < n_fields; i++)
    g_string_append_printf (head, "X-%u: y\r\n", i);
  g_string_append (head, "\r\n");
  return g_string_free (head, FALSE);
}

/* A head of exactly @size bytes, in few fields. */
static char *
dup_head_of_size (gsize size)
{
  GString *head = g_string_new ("GET / HTTP/1.1\r\n" HOST "X: ");

  while (head->len < size - 4)
    g_string_append_c (head, 'y');
  g_string_append (head, "\r\n\r\n");
  return g_string_free (head, FALSE);
}

static char *
dup_head_of_target (gsize size, const char *end)
{
  GString *head = g_string_new ("GET /");

  while (head->len < 4 + size)
    g_string_append_c (head, 'p');
  g_string_append (head, end);
  return g_string_free (head, FALSE);
}

static void
check_taken (char *head, guint status, const char *code)
{
  g_autofree char *owned = head;

  check_row (&(Row){owned, status, code}, &rules);
}

static void
test_a11_sizes (void)
{
  check_taken (dup_head_with_fields (64), 0, NULL);
  check_taken (dup_head_with_fields (65), 431, "headers");
  check_taken (dup_head_with_fields (5000), 431, "headers");
  check_taken (dup_head_of_size (QUOTES_REQUEST_HEAD_MAX), 0, NULL);
  check_taken (dup_head_of_size (QUOTES_REQUEST_HEAD_MAX + 1), 431, "headers");
  check_taken (dup_head_of_size (64 * 1024), 431, "headers");
  check_taken (dup_head_of_target (2048, " HTTP/1.1\r\n" HOST "\r\n"), 0, NULL);
  check_taken (dup_head_of_target (2049, " HTTP/1.1\r\n" HOST "\r\n"), 414, "target");
  check_taken (dup_head_of_target (3072, " HTTP/1.1\r\n" HOST "\r\n"), 414, "target");
  check_taken (dup_head_of_target (20000, ""), 414, "target");
}

static void
test_a13_paths (void)
{
  static const Row rows[] = {
    {GET ("/"), 0, NULL},
    {GET ("/api/v1/widgets/quotes/%5EFTSE"), 0, NULL},
    {GET ("/api/v1/widgets/quotes/GC=F"), 0, NULL},
    {GET ("/api/v1/widgets/quotes/coingecko:dogecoin?x=/../"), 0, NULL},
    {GET ("/caf%C3%A9/%E2%82%AC/%F0%9F%98%80"), 0, NULL},
    {GET ("/a/"), 0, NULL},
    {GET ("/..."), 0, NULL},
    {GET ("/.well-known/x"), 0, NULL},
    {GET ("/static/%252e%252e/x"), 0, NULL},
    {GET ("/static/../../etc/passwd"), 400, "path"},
    {GET ("/static/%2e%2e/x"), 400, "path"},
    {GET ("/static/.%2E/x"), 400, "path"},
    {GET ("/static/..%2f..%2fx"), 400, "path"},
    {GET ("/static/./x"), 400, "path"},
    {GET ("/.."), 400, "path"},
    {GET ("/static/."), 400, "path"},
    {GET ("/%2e"), 400, "path"},
    {GET ("/static/%ff%fe"), 400, "path"},
    {GET ("/%c0%af"), 400, "path"},
    {GET ("/%e0%80%af"), 400, "path"},
    {GET ("/%ed%a0%80"), 400, "path"},
    {GET ("/%f4%90%80%80"), 400, "path"},
    {GET ("/%c3"), 400, "path"},
    {GET ("/%c3/a9"), 400, "path"},
    {GET ("//api//v1"), 400, "path"},
    {GET ("/api//v1"), 400, "path"},
    {GET ("/api/%2fv1"), 400, "path"},
    {GET ("//evil.example/"), 400, "path"},
    {GET ("/a%00b"), 400, "path"},
    {GET ("/a%0d%0ab"), 400, "path"},
    {GET ("/a%7f"), 400, "path"},
    {GET ("/a\\b"), 400, "path"},
    {GET ("/a%5cb"), 400, "path"},
    {GET ("/a\x01"), 400, "path"},
    {GET ("/a\x7f"), 400, "path"},
    {GET ("/caf\xc3\xa9"), 400, "path"},
    {GET ("/a%"), 400, "path"},
    {GET ("/a%4"), 400, "path"},
    {GET ("/a%zz"), 400, "path"},
    {"HEAD /static/../../etc/passwd HTTP/1.1\r\n" HOST "\r\n", 400, "path"},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &rules);
}

static void
test_c4_bodies (void)
{
  static const Row rows[] = {
    {POST_WITH (JSON "Content-Length: 0\r\n"), 0, NULL},
    {POST_WITH (JSON "Content-Length: 65536\r\n"), 0, NULL},
    {POST_WITH (JSON "Content-Length: 65537\r\n"), 413, "too_large"},
    {POST_WITH (JSON "Content-Length: 200000000\r\n"), 413, "too_large"},
    {POST_WITH (JSON "Content-Length: 9999999999999999999\r\n"), 413, "too_large"},
    {POST_WITH ("Content-Type: text/plain\r\nContent-Length: 200000000\r\n"), 413, "too_large"},
    {POST_WITH (JSON "Transfer-Encoding: chunked\r\n") "zz\r\n", 411, "length"},
    {GET_WITH ("Content-Length: 0\r\n"), 0, NULL},
    {GET_WITH ("Content-Length: 5\r\n"), 400, "body"},
    {HEAD_WITH ("Content-Length: 5\r\n"), 400, "body"},
    {"DELETE /x HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\n", 400, "body"},
  };

  check_rows (rows, G_N_ELEMENTS (rows), &rules);
}

static void
test_a_pass_says_what_the_request_is (void)
{
  static const char text[] = "POST /a%20b?c=d HTTP/1.0\r\nhost:\t localhost:18787 \r\n" JSON
                             "Content-Length: 007\r\n\r\nbody GET /";
  QuotesRequestHead head;

  g_assert_cmpint (judge (text, strlen (text), &rules, &head), ==, QUOTES_VERDICT_PASS);
  g_assert_cmpmem (head.method, head.method_length, "POST", 4);
  g_assert_cmpmem (head.target, head.target_length, "/a%20b?c=d", 10);
  g_assert_cmpmem (head.host, head.host_length, "localhost:18787", 15);
  g_assert_cmpint (head.content_length, ==, 7);
  g_assert_true (head.is_http_1_0);
  g_assert_cmpuint (head.head_size, ==, strlen (text) - 10);
}

/* However a head is cut, the verdict is the same, and it does not come before the end. */
static void
test_a_head_may_come_in_any_pieces (void)
{
  static const char *const heads[] = {
    GET ("/api/v1/status"),
    POST_WITH (JSON "Content-Length: 2\r\n"),
    GET_FROM ("evil.example"),
    GET_WITH ("X : y\r\n"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      gsize size = strlen (heads[i]);
      QuotesRequestHead whole;
      QuotesVerdict verdict = judge (heads[i], size, &rules, &whole);

      for (gsize n = 0; n < size; n++)
        {
          QuotesRequestHead head;

          g_assert_cmpint (judge (heads[i], n, &rules, &head), ==, QUOTES_VERDICT_MORE);
          for (gsize seen = 0; seen <= n; seen++)
            g_assert_false (quotes_request_head_is_ready (heads[i], n, seen));
          g_assert_true (quotes_request_head_is_ready (heads[i], size, n));
        }
      g_assert_cmpint (verdict, !=, QUOTES_VERDICT_MORE);
    }
}

static void
test_what_cannot_become_a_head_is_not_waited_for (void)
{
  g_assert_false (quotes_request_head_is_ready ("", 0, 0));
  g_assert_true (quotes_request_head_is_ready ("\x16", 1, 0));
  g_assert_true (quotes_request_head_is_ready ("\r", 1, 0));
  g_assert_true (quotes_request_head_is_ready ("GET / HTTP/1.1\n", 15, 14));
  g_assert_false (quotes_request_head_is_ready ("GET / HTTP/1.1\r\n", 16, 14));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rules/A9-content-type", test_a9_content_type);
  g_test_add_func ("/rules/A10-framing", test_a10_framing);
  g_test_add_func ("/rules/A10-a-nul-ends-nothing", test_a10_a_nul_ends_nothing);
  g_test_add_func ("/rules/A11-sizes", test_a11_sizes);
  g_test_add_func ("/rules/A13-paths", test_a13_paths);
  g_test_add_func ("/rules/C4-bodies", test_c4_bodies);
  g_test_add_func ("/request-head/a-pass-says-what-the-request-is",
                   test_a_pass_says_what_the_request_is);
  g_test_add_func ("/request-head/a-head-may-come-in-any-pieces",
                   test_a_head_may_come_in_any_pieces);
  g_test_add_func ("/request-head/what-cannot-become-a-head-is-not-waited-for",
                   test_what_cannot_become_a_head_is_not_waited_for);

  return g_test_run ();
}
