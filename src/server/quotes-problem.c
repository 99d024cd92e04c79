/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-problem.h"

#define SECURITY_HEADERS                                                                           \
  "X-Content-Type-Options: nosniff\r\n"                                                            \
  "Referrer-Policy: no-referrer\r\n"                                                               \
  "Cross-Origin-Resource-Policy: same-origin\r\n"                                                  \
  "Cross-Origin-Opener-Policy: same-origin\r\n"                                                    \
  "X-Frame-Options: DENY\r\n"                                                                      \
  "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"                        \
  "Cache-Control: no-store\r\n"

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

static char *
dup_body (guint status, const char *code)
{
  return g_strdup_printf (
    "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u,\"code\":\"%s\"}",
    quotes_problem_get_title (status), status, code);
}

static char *
dup_request_id (void)
{
  return g_strdup_printf ("%08x%08x", g_random_int (), g_random_int ());
}

void
quotes_problem_set (SoupServerMessage *message, guint status, const char *code, guint retry_after_s)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *body = dup_body (status, code);
  g_autofree char *request_id = dup_request_id ();
  gsize size = strlen (body);

  quotes_problem_set_security_headers (headers);
  soup_message_headers_replace (headers, "Connection", "close");
  soup_message_headers_replace (headers, "X-Request-ID", request_id);
  if (retry_after_s > 0)
    {
      g_autofree char *seconds = g_strdup_printf ("%u", retry_after_s);

      soup_message_headers_replace (headers, "Retry-After", seconds);
    }
  soup_server_message_set_response (message, "application/problem+json", SOUP_MEMORY_TAKE,
                                    g_steal_pointer (&body), size);
  soup_server_message_set_status (message, status, quotes_problem_get_title (status));
}

char *
quotes_problem_dup_http (guint status, const char *code, guint retry_after_s, const char *extra)
{
  g_autofree char *body = dup_body (status, code);
  g_autofree char *request_id = dup_request_id ();
  g_autofree char *retry =
    retry_after_s > 0 ? g_strdup_printf ("Retry-After: %u\r\n", retry_after_s) : g_strdup ("");

  return g_strdup_printf ("HTTP/1.1 %u %s\r\n"
                          "Content-Type: application/problem+json\r\n"
                          "Content-Length: %" G_GSIZE_FORMAT "\r\n"
                          "Connection: close\r\n"
                          "X-Request-ID: %s\r\n" SECURITY_HEADERS "%s%s"
                          "\r\n%s",
                          status, quotes_problem_get_title (status), strlen (body), request_id,
                          retry, extra, body);
}

const char *
quotes_problem_get_security_headers (void)
{
  return SECURITY_HEADERS;
}

void
quotes_problem_set_security_headers (SoupMessageHeaders *headers)
{
  g_auto (GStrv) lines = g_strsplit (SECURITY_HEADERS, "\r\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      char *colon = strchr (lines[i], ':');

      if (colon == NULL)
        continue;
      *colon = '\0';
      soup_message_headers_replace (headers, lines[i], colon + 2);
    }
}
