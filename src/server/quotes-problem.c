/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-problem.h"

#include "quotes-answer.h"

#define REQUEST_ID_MAX 64

#define SECURITY_HEADERS(HEADER)                                                                   \
  HEADER ("X-Content-Type-Options", "nosniff")                                                     \
  HEADER ("Referrer-Policy", "no-referrer")                                                        \
  HEADER ("Cross-Origin-Resource-Policy", "same-origin")                                           \
  HEADER ("Cross-Origin-Opener-Policy", "same-origin")                                             \
  HEADER ("X-Frame-Options", "DENY")                                                               \
  HEADER ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")

#define AS_LINE(name, value) name ": " value "\r\n"
#define AS_CALL(name, value) soup_message_headers_replace (headers, name, value);

#define CONTENT_TYPE "application/problem+json"

static const struct
{
  guint status;
  const char *title;
} titles[] = {
  {400, "Bad Request"},
  {401, "Unauthorized"},
  {403, "Forbidden"},
  {404, "Not Found"},
  {405, "Method Not Allowed"},
  {408, "Request Timeout"},
  {409, "Conflict"},
  {411, "Length Required"},
  {413, "Content Too Large"},
  {414, "URI Too Long"},
  {415, "Unsupported Media Type"},
  {422, "Unprocessable Content"},
  {429, "Too Many Requests"},
  {431, "Request Header Fields Too Large"},
  {500, "Internal Server Error"},
  {503, "Service Unavailable"},
};

const char *
quotes_problem_get_title (guint status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (titles[i].status == status)
      return titles[i].title;

  return "Error";
}

static GString *
write_body (guint status, const char *code, const char *detail)
{
  GString *body = g_string_new (NULL);

  g_string_printf (body, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u,\"code\":\"%s\"",
                   quotes_problem_get_title (status), status, code);
  if (detail != NULL)
    g_string_append_printf (body, ",\"detail\":\"%s\"", detail);
  g_string_append_c (body, '}');
  return body;
}

static gboolean
is_request_id (const char *text)
{
  gsize size = strlen (text);

  if (size == 0 || size > REQUEST_ID_MAX)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isalnum (text[i]) && strchr ("._-", text[i]) == NULL)
      return FALSE;

  return TRUE;
}

/**
 * quotes_problem_dup_request_id:
 * @asked: (nullable): `X-Request-ID` of the request
 *
 * Returns: (transfer full): @asked if it can be repeated safely, else a new one
 */
char *
quotes_problem_dup_request_id (const char *asked)
{
  if (asked != NULL && is_request_id (asked))
    return g_strdup (asked);
  return g_strdup_printf ("%08x%08x", g_random_int (), g_random_int ());
}

/* The headers of rule D1 that every answer carries, as `Name: value\r\n` lines, for answers that
 * are written by hand. */
const char *
quotes_problem_get_security_headers (void)
{
  return SECURITY_HEADERS (AS_LINE);
}

void
quotes_problem_set_security_headers (SoupMessageHeaders *headers)
{
  SECURITY_HEADERS (AS_CALL)
}

static void
answer (SoupServerMessage *message,
        guint status,
        const char *code,
        const char *detail,
        guint retry_after_s)
{
  quotes_answer_take (message, status, CONTENT_TYPE, write_body (status, code, detail));
  soup_server_message_set_status (message, status, quotes_problem_get_title (status));
  if (retry_after_s > 0)
    {
      g_autofree char *seconds = g_strdup_printf ("%u", retry_after_s);

      soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                    "Retry-After", seconds);
    }
}

void
quotes_problem_set (SoupServerMessage *message, guint status, const char *code, guint retry_after_s)
{
  answer (message, status, code, NULL, retry_after_s);
}

void
quotes_problem_explain (SoupServerMessage *message,
                        guint status,
                        const char *code,
                        const char *detail)
{
  answer (message, status, code, detail, 0);
}

char *
quotes_problem_dup_http (guint status, const char *code, guint retry_after_s, const char *extra)
{
  g_autoptr (GString) body = write_body (status, code, NULL);
  g_autofree char *request_id = quotes_problem_dup_request_id (NULL);
  g_autofree char *retry =
    retry_after_s > 0 ? g_strdup_printf ("Retry-After: %u\r\n", retry_after_s) : g_strdup ("");

  return g_strdup_printf ("HTTP/1.1 %u %s\r\n"
                          "Content-Type: " CONTENT_TYPE "\r\n"
                          "Content-Length: %" G_GSIZE_FORMAT "\r\n"
                          "Connection: close\r\n"
                          "Cache-Control: no-store\r\n"
                          "X-Request-ID: %s\r\n%s%s%s"
                          "\r\n%s",
                          status, quotes_problem_get_title (status), body->len, request_id,
                          quotes_problem_get_security_headers (), retry, extra, body->str);
}
