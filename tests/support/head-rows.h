/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <string.h>

#include "quotes-request-head.h"

/* Rows of requests for the judge, and what must come of them. */

#define PORT 18787
#define HOST "Host: 127.0.0.1:18787\r\n"
#define GET(target) "GET " target " HTTP/1.1\r\n" HOST "\r\n"
#define GET_WITH(lines) "GET /api/v1/status HTTP/1.1\r\n" HOST lines "\r\n"
#define GET_FROM(host) "GET / HTTP/1.1\r\nHost: " host "\r\n\r\n"
#define METHOD(method) method " /api/v1/status HTTP/1.1\r\n" HOST "\r\n"
#define JSON "Content-Type: application/json\r\n"
#define POST_WITH(lines) "POST /api/v1/widgets/quotes HTTP/1.1\r\n" HOST lines "\r\n"
#define HEAD_WITH(lines) "HEAD /api/v1/status HTTP/1.1\r\n" HOST lines "\r\n"

/* One input and what must come of it; status 0 = it passes. */
typedef struct
{
  const char *head;
  guint status;
  const char *code;
} Row;

static inline QuotesVerdict
judge (const char *bytes, gsize size, const QuotesHostRules *with, QuotesRequestHead *head)
{
  /* A block of exactly this size, so that the sanitizers see a step too far. */
  g_autofree char *copy = g_memdup2 (bytes, size);
  QuotesVerdict verdict = quotes_request_head_judge (copy, size, with, head);

  if (verdict == QUOTES_VERDICT_PASS)
    {
      head->method = bytes + (head->method - copy);
      head->target = bytes + (head->target - copy);
      head->host = bytes + (head->host - copy);
    }
  return verdict;
}

static inline void
check_row (const Row *row, const QuotesHostRules *with)
{
  gsize size = strlen (row->head);
  QuotesRequestHead head;
  QuotesVerdict verdict = judge (row->head, size, with, &head);

  if (verdict != (row->status == 0 ? QUOTES_VERDICT_PASS : QUOTES_VERDICT_REFUSE))
    g_test_message ("%.*s", 200, row->head);
  if (row->status == 0)
    {
      g_assert_cmpstr (head.code, ==, NULL);
      g_assert_cmpint (verdict, ==, QUOTES_VERDICT_PASS);
      g_assert_cmpuint (head.head_size, ==, size);
      return;
    }
  g_assert_cmpint (verdict, ==, QUOTES_VERDICT_REFUSE);
  g_assert_cmpuint (head.status, ==, row->status);
  g_assert_cmpstr (head.code, ==, row->code);
}

static inline void
check_rows (const Row *rows, gsize n_rows, const QuotesHostRules *with)
{
  for (gsize i = 0; i < n_rows; i++)
    check_row (&rows[i], with);
}
