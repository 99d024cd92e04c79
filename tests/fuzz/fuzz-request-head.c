/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "fuzz-target.h"
#include "quotes-request-head.h"

static const QuotesHostRules rules = {.port = 18787, .is_unix = TRUE};

static char *
dup_unescaped (const char *text, gsize size)
{
  g_autofree char *copy = g_strndup (text, size);

  return g_uri_unescape_string (copy, NULL);
}

/* The same place, by the parser that libsoup uses. */
static void
check_uri (const QuotesRequestHead *head, const char *host, const char *path)
{
  g_autofree char *text = g_strconcat ("http://", host, path, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GUri) uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, &error);
  const char *query = memchr (head->target, '?', head->target_length);
  gsize path_size = query != NULL ? (gsize) (query - head->target) : head->target_length;
  g_autofree char *our_path = dup_unescaped (head->target, path_size);
  g_autofree char *their_path = NULL;

  g_assert_no_error (error);
  their_path = g_uri_unescape_string (g_uri_get_path (uri), NULL);
  g_assert_cmpstr (their_path, ==, our_path);
  g_assert_true ((g_uri_get_query (uri) != NULL) == (query != NULL));
  g_assert_cmpstr (g_uri_get_fragment (uri), ==, NULL);
  g_assert_cmpstr (g_uri_get_userinfo (uri), ==, NULL);
  g_assert_true (g_uri_get_port (uri) == 18787 || g_ascii_strcasecmp (host, "localhost") == 0);
}

/* What passes here, libsoup must read as the same method, path, host and length. */
static void
check_soup (const char *bytes, const QuotesRequestHead *head)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autofree char *text = g_strndup (bytes, head->head_size - 2);
  g_autofree char *method = NULL;
  g_autofree char *path = NULL;
  SoupHTTPVersion version;
  const char *host = NULL;

  g_assert_cmpuint (
    soup_headers_parse_request (text, (int) strlen (text), headers, &method, &path, &version), ==,
    SOUP_STATUS_OK);
  g_assert_cmpuint (strlen (text), ==, head->head_size - 2);
  g_assert_cmpmem (method, strlen (method), head->method, head->method_length);
  g_assert_cmpmem (path, strlen (path), head->target, head->target_length);
  g_assert_true ((version == SOUP_HTTP_1_0) == head->is_http_1_0);
  host = soup_message_headers_get_one (headers, "Host");
  g_assert_cmpmem (host, strlen (host), head->host, head->host_length);
  if (head->content_length >= 0)
    {
      g_assert_cmpint (soup_message_headers_get_encoding (headers), ==,
                       SOUP_ENCODING_CONTENT_LENGTH);
      g_assert_cmpint (soup_message_headers_get_content_length (headers), ==, head->content_length);
    }
  else
    {
      g_assert_cmpint (soup_message_headers_get_encoding (headers), ==, SOUP_ENCODING_NONE);
    }
  check_uri (head, host, path);
  soup_message_headers_unref (headers);
}

static void
check_pass (const char *bytes, gsize size, const QuotesRequestHead *head)
{
  g_assert_cmpuint (head->head_size, <=, MIN (size, QUOTES_REQUEST_HEAD_MAX));
  g_assert_cmpmem (bytes + head->head_size - 4, 4, "\r\n\r\n", 4);
  g_assert_cmpint (head->content_length, <=, QUOTES_REQUEST_BODY_MAX);
  g_assert_cmpuint (head->status, ==, 0);
  check_soup (bytes, head);
}

/* Byte by byte, as a slow client sends it: the verdict comes once, and is that of the whole. */
static void
check_pieces (const char *bytes, gsize size, QuotesVerdict verdict, const QuotesRequestHead *head)
{
  gsize n = 0;
  QuotesRequestHead piece;

  while (n < size && !quotes_request_head_is_ready (bytes, n, n == 0 ? 0 : n - 1))
    n++;
  g_assert_true (quotes_request_head_is_ready (bytes, size, n == 0 ? 0 : n - 1) ==
                 (verdict != QUOTES_VERDICT_MORE));
  if (verdict == QUOTES_VERDICT_MORE)
    return;

  g_assert_cmpint (quotes_request_head_judge (bytes, n, &rules, &piece), ==, verdict);
  g_assert_cmpuint (piece.status, ==, head->status);
  g_assert_cmpstr (piece.code, ==, head->code);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *bytes = (const char *) data;
  QuotesRequestHead head;
  QuotesVerdict verdict = quotes_request_head_judge (bytes, size, &rules, &head);

  check_pieces (bytes, size, verdict, &head);
  if (verdict == QUOTES_VERDICT_PASS)
    check_pass (bytes, size, &head);
  g_assert_true ((verdict == QUOTES_VERDICT_REFUSE) == (head.status != 0));

  return 0;
}
