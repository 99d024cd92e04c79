/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The answers of RFC 9457 (`application/problem+json`), with a stable `code`. They carry constants
 * and numbers only, never a word of the request. */
const char *quotes_problem_get_title (guint status);
/* @retry_after_s: 0 = no Retry-After header */
void quotes_problem_set (SoupServerMessage *message,
                         guint status,
                         const char *code,
                         guint retry_after_s);
/* With `detail`: @detail says to a programmer what is wrong: a constant without quotes */
void quotes_problem_explain (SoupServerMessage *message,
                             guint status,
                             const char *code,
                             const char *detail);
/* The same as a whole HTTP answer with every security header, for the door; @extra: further header
 * lines with CRLF, or "" */
char *quotes_problem_dup_http (guint status,
                               const char *code,
                               guint retry_after_s,
                               const char *extra);
/* The headers of rule D1 that every answer carries, as `Name: value\r\n` lines, for answers that
 * are written by hand; and the same set on a message. Cache-Control is not among them: it depends
 * on the answer. */
const char *quotes_problem_get_security_headers (void);
void quotes_problem_set_security_headers (SoupMessageHeaders *headers);
/* Of every answer; @asked (nullable): what the request said, repeated when that is safe */
char *quotes_problem_dup_request_id (const char *asked);

G_END_DECLS
