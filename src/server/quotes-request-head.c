/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-request-head.h"

#include <string.h>

#include "quotes-byte-view.h"
#include "quotes-request-path.h"

/* 20 digits may pass 2^63; 19 that do are too large anyhow. */
#define CONTENT_LENGTH_DIGITS_MAX 19

typedef enum
{
  FIELD_CONNECTION,
  FIELD_CONTENT_LENGTH,
  FIELD_CONTENT_TYPE,
  FIELD_EXPECT,
  FIELD_FETCH_DEST,
  FIELD_FETCH_MODE,
  FIELD_FETCH_SITE,
  FIELD_HOST,
  FIELD_LAST_EVENT_ID,
  FIELD_ORIGIN,
  FIELD_REQUEST_ID,
  FIELD_TRANSFER_ENCODING,
  N_FIELDS,
} Field;

/* The fields that somebody reads. Of two that decide something, one reader takes the first and
 * another the last, so none of those may come twice; of the others, without a status here, the last
 * counts, as for libsoup. */
static const struct
{
  const char *name;
  guint status;
  const char *code;
} known_fields[N_FIELDS] = {
  [FIELD_CONNECTION] = {"connection", 400, "framing"},
  [FIELD_CONTENT_LENGTH] = {"content-length", 400, "framing"},
  [FIELD_CONTENT_TYPE] = {"content-type", 415, "content_type"},
  [FIELD_EXPECT] = {"expect", 400, "framing"},
  [FIELD_FETCH_DEST] = {"sec-fetch-dest", 403, "cross_origin"},
  [FIELD_FETCH_MODE] = {"sec-fetch-mode", 403, "cross_origin"},
  [FIELD_FETCH_SITE] = {"sec-fetch-site", 403, "cross_origin"},
  [FIELD_HOST] = {"host", 400, "bad_host"},
  [FIELD_LAST_EVENT_ID] = {"last-event-id", 0, NULL},
  [FIELD_ORIGIN] = {"origin", 403, "cross_origin"},
  [FIELD_REQUEST_ID] = {"x-request-id", 0, NULL},
  [FIELD_TRANSFER_ENCODING] = {"transfer-encoding", 400, "framing"},
};

/* The request while it is judged. */
typedef struct
{
  const QuotesHostRules *rules;
  QuotesRequestHead *head;
  const char *next; /* where the next line begins */
  const char *end;
  View method;
  View target;
  View fields[N_FIELDS];
} Request;

static gboolean
refuse (Request *self, guint status, const char *code)
{
  self->head->status = status;
  self->head->code = code;
  return FALSE;
}

static gboolean
is_token (View view)
{
  for (gsize i = 0; i < view.size; i++)
    if (!g_ascii_isalnum (view.at[i]) &&
        (view.at[i] == '\0' || strchr ("!#$%&'*+-.^_`|~", view.at[i]) == NULL))
      return FALSE;

  return view.size > 0;
}

/* A line ends with CR LF and nothing else: a lone CR or LF is where two readers disagree. */
static gboolean
next_line (Request *self, View *line, guint cut_status, const char *cut_code, const char *code)
{
  const char *newline = memchr (self->next, '\n', (gsize) (self->end - self->next));

  if (newline == NULL)
    return refuse (self, cut_status, cut_code);
  if (newline == self->next || newline[-1] != '\r')
    return refuse (self, 400, code);

  *line = (View){self->next, (gsize) (newline - 1 - self->next)};
  self->next = newline + 1;
  return memchr (line->at, '\r', line->size) == NULL || refuse (self, 400, code);
}

static gboolean
is_known_method (View method)
{
  return view_is (method, "GET") || view_is (method, "HEAD") || view_is (method, "POST") ||
         view_is (method, "PATCH") || view_is (method, "DELETE");
}

static gboolean
takes_body (View method)
{
  return view_is (method, "POST") || view_is (method, "PATCH");
}

static gboolean
judge_target (Request *self)
{
  View query = self->target;
  View path = query;

  if (self->target.size > QUOTES_REQUEST_TARGET_MAX)
    return refuse (self, 414, "target");
  /* CONNECT has no path by its nature, so it is the method that is wrong there. */
  if (self->target.at[0] != '/' && !view_is (self->method, "CONNECT"))
    return refuse (self, 400, "bad_target");
  if (!is_known_method (self->method))
    return refuse (self, 405, "method");
  if (memchr (self->target.at, '#', self->target.size) != NULL)
    return refuse (self, 400, "bad_target");
  for (gsize i = 0; i < self->target.size; i++)
    if (!g_ascii_isgraph (self->target.at[i]))
      return refuse (self, 400, "path");

  if (!view_split (&query, '?', &path))
    query.size = 0;
  if (!quotes_request_path_is_good (path.at, path.size))
    return refuse (self, 400, "path");
  return quotes_request_query_is_good (query.at, query.size) || refuse (self, 400, "bad_target");
}

static gboolean
judge_request_line (Request *self)
{
  View rest;

  if (!next_line (self, &rest, 414, "target", "request"))
    return FALSE;
  if (!view_split (&rest, ' ', &self->method) || !is_token (self->method) ||
      !view_split (&rest, ' ', &self->target) || self->target.size == 0)
    return refuse (self, 400, "request");
  if (!view_is (rest, "HTTP/1.1") && !view_is (rest, "HTTP/1.0"))
    return refuse (self, 400, "request");

  self->head->is_http_1_0 = view_is (rest, "HTTP/1.0");
  return judge_target (self);
}

static gboolean
judge_field (Request *self, View line)
{
  View name;

  /* A name that begins with a space is a folded line; one that ends with it has been used to hide
   * a second Content-Length. */
  if (!view_split (&line, ':', &name) || !is_token (name))
    return refuse (self, 400, "framing");

  line = view_strip (line);
  for (gsize i = 0; i < line.size; i++)
    if (g_ascii_iscntrl (line.at[i]) && line.at[i] != '\t')
      return refuse (self, 400, "framing");

  if (view_is_word (name, "upgrade"))
    return refuse (self, 400, "upgrade");
  if (!self->rules->is_proxied && (view_is_word (name, "forwarded") ||
                                   view_skip_word (&(View){name.at, name.size}, "x-forwarded-")))
    return refuse (self, 400, "forwarded");

  for (gsize i = 0; i < N_FIELDS; i++)
    if (view_is_word (name, known_fields[i].name))
      {
        if (self->fields[i].at != NULL && known_fields[i].status != 0)
          return refuse (self, known_fields[i].status, known_fields[i].code);
        self->fields[i] = line;
      }

  return TRUE;
}

static gboolean
judge_fields (Request *self)
{
  guint n_fields = 0;
  View line;

  for (;;)
    {
      if (!next_line (self, &line, 431, "headers", "framing"))
        return FALSE;
      if (line.size == 0)
        return TRUE;
      if (++n_fields > QUOTES_REQUEST_FIELDS_MAX)
        return refuse (self, 431, "headers");
      if (!judge_field (self, line))
        return FALSE;
    }
}

static gboolean
names_port (View rest, guint16 port)
{
  char text[8];

  if (rest.size == 0)
    return port == 80;

  g_snprintf (text, sizeof text, ":%u", port);
  return view_is (rest, text);
}

/* Rule A2: no suffixes, no private addresses, no names of this machine. */
static gboolean
is_our_host (View host, const QuotesHostRules *rules)
{
  static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};

  if (rules->is_unix && view_is_word (host, "localhost"))
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (names) && rules->port != 0; i++)
    {
      View rest = host;

      if (view_skip_word (&rest, names[i]) && names_port (rest, rules->port))
        return TRUE;
    }
  for (gsize i = 0; rules->allowed_hosts != NULL && rules->allowed_hosts[i] != NULL; i++)
    if (view_is_word (host, rules->allowed_hosts[i]))
      return TRUE;

  return FALSE;
}

static gboolean
judge_host (Request *self)
{
  View host = self->fields[FIELD_HOST];

  if (host.at == NULL)
    return refuse (self, 400, "bad_host");
  for (gsize i = 0; i < host.size; i++)
    if (!g_ascii_isalnum (host.at[i]) && (host.at[i] == '\0' || !strchr (".:[]-", host.at[i])))
      return refuse (self, 400, "bad_host");

  return is_our_host (host, self->rules) || refuse (self, 403, "bad_host");
}

/* Rule A7: the page that sends this came from the very host that it talks to. */
static gboolean
judge_origin (Request *self)
{
  View origin = self->fields[FIELD_ORIGIN];
  View host = self->fields[FIELD_HOST];

  if (origin.at == NULL)
    return TRUE;
  if (origin.size == host.size + 7 && memcmp (origin.at, "http://", 7) == 0 &&
      g_ascii_strncasecmp (origin.at + 7, host.at, host.size) == 0)
    return TRUE;

  return refuse (self, 403, "cross_origin");
}

/* Rule A8. Another port of this machine is `same-site`, and not ours. */
static gboolean
is_good_fetch (Request *self)
{
  View site = self->fields[FIELD_FETCH_SITE];
  View mode = self->fields[FIELD_FETCH_MODE];
  gboolean is_get = view_is (self->method, "GET");
  gboolean is_navigation = view_is (mode, "navigate");

  if (site.at == NULL || view_is (site, "same-origin"))
    return TRUE;
  if (view_is (site, "none"))
    return (is_get || view_is (self->method, "HEAD")) && (mode.at == NULL || is_navigation);
  if (!view_is (site, "same-site") && !view_is (site, "cross-site"))
    return FALSE;

  /* A link to the dashboard, which is the same for everybody. */
  return is_get && is_navigation && view_is (self->target, "/") &&
         view_is (self->fields[FIELD_FETCH_DEST], "document");
}

/* libsoup drops from a request of HTTP/1.0 whatever Connection names: it could be the length. */
static gboolean
is_good_connection (Request *self)
{
  View connection = self->fields[FIELD_CONNECTION];

  return !self->head->is_http_1_0 || connection.at == NULL || view_is_word (connection, "close") ||
         view_is_word (connection, "keep-alive");
}

static gboolean
parse_content_length (View digits, gint64 *length)
{
  guint64 value = 0;

  if (digits.size == 0 || digits.size > CONTENT_LENGTH_DIGITS_MAX)
    return FALSE;

  for (gsize i = 0; i < digits.size; i++)
    {
      if (!g_ascii_isdigit (digits.at[i]))
        return FALSE;
      value = value * 10 + (guint64) g_ascii_digit_value (digits.at[i]);
    }
  *length = (gint64) MIN (value, (guint64) G_MAXINT64);
  return TRUE;
}

/* Rules A10 and C4: one plain length, or no body at all. */
static gboolean
judge_framing (Request *self)
{
  View length = self->fields[FIELD_CONTENT_LENGTH];
  gboolean is_coded = self->fields[FIELD_TRANSFER_ENCODING].at != NULL;
  View expect = self->fields[FIELD_EXPECT];

  if (length.at != NULL && !parse_content_length (length, &self->head->content_length))
    return refuse (self, 400, "framing");
  if ((is_coded && length.at != NULL) || !is_good_connection (self))
    return refuse (self, 400, "framing");
  if (expect.at != NULL && !view_is_word (expect, "100-continue"))
    return refuse (self, 400, "framing");
  if (is_coded || (takes_body (self->method) && length.at == NULL))
    return refuse (self, 411, "length");
  if (!takes_body (self->method) && self->head->content_length > 0)
    return refuse (self, 400, "body");
  return self->head->content_length <= QUOTES_REQUEST_BODY_MAX || refuse (self, 413, "too_large");
}

/* Rule A9: a form of another site cannot say this without asking first, and gets no answer. */
static gboolean
judge_content_type (Request *self)
{
  View parameter = self->fields[FIELD_CONTENT_TYPE];
  View type;

  if (!takes_body (self->method))
    return TRUE;
  if (parameter.at == NULL)
    return refuse (self, 415, "content_type");
  if (!view_split (&parameter, ';', &type))
    return view_is_word (parameter, "application/json") || refuse (self, 415, "content_type");

  parameter = view_strip (parameter);
  if (!view_is_word (view_strip (type), "application/json") ||
      !(view_is_word (parameter, "charset=utf-8") || view_is_word (parameter, "charset=\"utf-8\"")))
    return refuse (self, 415, "content_type");
  return TRUE;
}

static gboolean
judge_request (Request *self)
{
  return judge_request_line (self) && judge_fields (self) && judge_host (self) &&
         judge_framing (self) && judge_origin (self) &&
         (is_good_fetch (self) || refuse (self, 403, "cross_origin")) && judge_content_type (self);
}

static void
note_pass (const Request *self, const char *bytes)
{
  const View *fields = self->fields;
  QuotesRequestHead *head = self->head;

  head->head_size = (gsize) (self->next - bytes);
  head->method = self->method.at;
  head->method_length = self->method.size;
  head->target = self->target.at;
  head->target_length = self->target.size;
  head->host = fields[FIELD_HOST].at;
  head->host_length = fields[FIELD_HOST].size;
  head->last_event_id = fields[FIELD_LAST_EVENT_ID].at;
  head->last_event_id_length = fields[FIELD_LAST_EVENT_ID].size;
  head->request_id = fields[FIELD_REQUEST_ID].at;
  head->request_id_length = fields[FIELD_REQUEST_ID].size;
}

/**
 * quotes_request_head_is_ready:
 * @bytes: what has come so far
 * @size: how much that is
 * @n_seen: how much of it an earlier call has seen that said %FALSE
 *
 * Whether the judge would decide: the head is whole, or wrong beyond repair. It looks at each byte
 * once, so a head that comes byte by byte costs no more than one that comes at once.
 */
gboolean
quotes_request_head_is_ready (const char *bytes, gsize size, gsize n_seen)
{
  const char *end = bytes + size;
  const char *newline = bytes + MIN (n_seen, size);

  if (size == 0)
    return FALSE;
  /* Neither a TLS handshake nor noise: do not wait for the rest of those. */
  if (!g_ascii_isupper (bytes[0]) || size >= QUOTES_REQUEST_HEAD_MAX)
    return TRUE;

  while ((newline = memchr (newline, '\n', (gsize) (end - newline))) != NULL)
    {
      gsize at = (gsize) (newline - bytes);

      /* A lone LF, which is refused, or the second CR LF in a row. */
      if (bytes[at - 1] != '\r' || (at >= 2 && bytes[at - 2] == '\n'))
        return TRUE;
      newline++;
    }
  return FALSE;
}

/**
 * quotes_request_head_judge:
 * @bytes: the first bytes of a connection
 * @size: how many there are
 * @rules: what is accepted here
 * @head: (out caller-allocates): the reason of a refusal, or what the request is
 *
 * Judges a request by its raw bytes, before any other parser sees it. Pure: no allocation, no
 * state, every path and method alike (routes have their own say later).
 */
QuotesVerdict
quotes_request_head_judge (const char *bytes,
                           gsize size,
                           const QuotesHostRules *rules,
                           QuotesRequestHead *head)
{
  Request request = {.rules = rules, .head = head, .next = bytes};

  *head = (QuotesRequestHead){.content_length = -1};
  if (!quotes_request_head_is_ready (bytes, size, 0))
    return QUOTES_VERDICT_MORE;

  request.end = bytes + MIN (size, QUOTES_REQUEST_HEAD_MAX);
  if (!g_ascii_isupper (bytes[0]))
    refuse (&request, 400, "request");
  else if (judge_request (&request))
    {
      note_pass (&request, bytes);
      return QUOTES_VERDICT_PASS;
    }

  return QUOTES_VERDICT_REFUSE;
}
