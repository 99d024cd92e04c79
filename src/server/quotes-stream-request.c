/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-stream-request.h"

#include <string.h>

#include "quotes-request-head.h"

/* What a symbol may be long; the longest that a provider has is under 40. */
#define SYMBOL_MAX 128
/* `<run>.<seq>.<db>.<news>` with the largest numbers is 59. */
#define ID_MAX 64
#define RUN_DIGITS 8

/* The parameters that mean something, still as they came. */
typedef struct
{
  char *mode;          /* (owned) (nullable) */
  char *symbols;       /* (owned) (nullable) */
  char *topics;        /* (owned) (nullable) */
  char *client;        /* (owned) (nullable) */
  char *last_event_id; /* (owned) (nullable) */
} Parameters;

static void
parameters_clear (Parameters *self)
{
  g_free (self->mode);
  g_free (self->symbols);
  g_free (self->topics);
  g_free (self->client);
  g_free (self->last_event_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parameters, parameters_clear)

static char **
find_parameter (Parameters *self, const char *name, gsize length)
{
  const struct
  {
    const char *name;
    char **value;
  } known[] = {
    {"mode", &self->mode},
    {"symbols", &self->symbols},
    {"topics", &self->topics},
    {"client", &self->client},
    {"last_event_id", &self->last_event_id},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (strlen (known[i].name) == length && memcmp (known[i].name, name, length) == 0)
      return known[i].value;
  return NULL;
}

/* A parameter that stands there twice means two things, so it is refused. */
static gboolean
read_parameter (Parameters *self, const char *pair, gsize length)
{
  const char *equals = memchr (pair, '=', length);
  gsize name_length = equals != NULL ? (gsize) (equals - pair) : length;
  char **value = find_parameter (self, pair, name_length);

  if (value == NULL)
    return TRUE;
  if (*value != NULL)
    return FALSE;
  if (equals == NULL)
    {
      *value = g_strdup ("");
      return TRUE;
    }

  *value = g_uri_unescape_segment (equals + 1, pair + length, NULL);
  return *value != NULL && g_utf8_validate (*value, -1, NULL);
}

static gboolean
read_query (const char *raw_query, Parameters *parameters)
{
  if (strlen (raw_query) > QUOTES_REQUEST_TARGET_MAX)
    return FALSE;

  while (*raw_query != '\0')
    {
      gsize length = strcspn (raw_query, "&");

      if (!read_parameter (parameters, raw_query, length))
        return FALSE;
      raw_query += length;
      if (*raw_query == '&')
        raw_query++;
    }
  return TRUE;
}

static gboolean
is_symbol (const char *text)
{
  gsize length = strlen (text);

  for (gsize i = 0; i < length; i++)
    if (g_ascii_iscntrl (text[i]))
      return FALSE;
  return length <= SYMBOL_MAX;
}

/* Commas are looked for after decoding, because URLSearchParams writes them as %2C. */
static gboolean
parse_symbols (const char *text, QuotesStreamRequest *request)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);
  g_autoptr (GHashTable) symbols = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; items[i] != NULL; i++)
    {
      if (*items[i] == '\0')
        continue;
      if (!is_symbol (items[i]))
        return FALSE;
      g_hash_table_add (symbols, g_strdup (items[i]));
    }
  if (g_hash_table_size (symbols) > QUOTES_STREAM_SYMBOLS_MAX)
    return FALSE;

  /* As with `source=` of the news stream, an empty filter is none. */
  if (g_hash_table_size (symbols) > 0)
    request->symbols = g_steal_pointer (&symbols);
  return TRUE;
}

/* @quote_topics: what `quotes` stands for */
static gboolean
parse_topics (const char *text, guint quote_topics, guint *topics)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);

  *topics = 0;
  for (gsize i = 0; items[i] != NULL; i++)
    {
      if (g_str_equal (items[i], "quotes"))
        *topics |= quote_topics;
      else if (g_str_equal (items[i], "status"))
        *topics |= QUOTES_TOPIC_STATUS;
      else if (g_str_equal (items[i], "alerts"))
        *topics |= QUOTES_TOPIC_ALERTS;
      else if (!g_str_equal (items[i], "news"))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_mode (const char *text, guint *quote_topics)
{
  if (g_str_equal (text, "snapshot"))
    *quote_topics = QUOTES_TOPIC_SNAPSHOTS;
  else if (!g_str_equal (text, "update"))
    return FALSE;
  return TRUE;
}

/* Returns: (nullable): the code of what is wrong */
static const char *
read_parameters (const Parameters *parameters,
                 gboolean is_multiplexed,
                 QuotesStreamRequest *request)
{
  guint quote_topics = QUOTES_TOPIC_UPDATES | QUOTES_TOPIC_LIST;

  if (parameters->mode != NULL && !parse_mode (parameters->mode, &quote_topics))
    return "bad_mode";
  if (parameters->symbols != NULL && !parse_symbols (parameters->symbols, request))
    return "bad_symbols";
  request->topics = quote_topics | QUOTES_TOPIC_STATUS;
  if (is_multiplexed && parameters->topics != NULL &&
      !parse_topics (parameters->topics, quote_topics, &request->topics))
    return "bad_topics";
  if (parameters->client != NULL)
    {
      if (!g_uuid_string_is_valid (parameters->client))
        return "bad_client";
      g_strlcpy (request->client, parameters->client, sizeof request->client);
    }

  return NULL;
}

/* Reads a whole number in the one form in which we write it. Returns where it ends. */
static const char *
read_number (const char *text, guint64 *value)
{
  gsize length = strspn (text, "0123456789");
  g_autofree char *digits = g_strndup (text, length);

  if (length > 1 && *text == '0')
    return NULL;
  /* Refuses the empty text too, and what is more than 64 bits hold. */
  if (!g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT64, value, NULL))
    return NULL;
  return text + length;
}

/* Reads eight hexadecimal digits and the dot behind them. */
static const char *
read_epoch (const char *text, guint32 *value)
{
  *value = 0;
  for (guint i = 0; i < RUN_DIGITS; i++)
    {
      if (!g_ascii_isxdigit (text[i]) || g_ascii_isupper (text[i]))
        return NULL;
      *value = *value << 4 | (guint32) g_ascii_xdigit_value (text[i]);
    }
  return text[RUN_DIGITS] == '.' ? text + RUN_DIGITS + 1 : NULL;
}

static gboolean
read_pair (const char **text, guint32 *epoch, guint64 *number)
{
  const char *at = read_epoch (*text, epoch);

  at = at != NULL ? read_number (at, number) : NULL;
  if (at == NULL)
    return FALSE;

  *text = at;
  return TRUE;
}

/**
 * quotes_resume_parse:
 * @text: (nullable): a Last-Event-ID, from outside
 * @resume: (out): what it says
 *
 * Reads `<run>.<seq>`, with or without the pair of the news behind it. What is not in the one form
 * that we write is an id of somebody else.
 */
void
quotes_resume_parse (const char *text, QuotesResume *resume)
{
  guint32 database = 0;
  guint64 news = 0;

  *resume = (QuotesResume){.kind = QUOTES_RESUME_NONE};
  if (text == NULL || *text == '\0')
    return;

  resume->kind = QUOTES_RESUME_FOREIGN;
  if (strnlen (text, ID_MAX + 1) > ID_MAX || !read_pair (&text, &resume->run, &resume->seq))
    return;
  if (*text == '.')
    {
      text++;
      if (!read_pair (&text, &database, &news))
        return;
    }
  if (*text == '\0')
    resume->kind = QUOTES_RESUME_AT;
}

/**
 * quotes_stream_request_parse:
 * @raw_query: (nullable): the query as it was sent, still percent-encoded
 * @last_event_id_header: (nullable): wins over `last_event_id=`
 * @is_multiplexed: `topics=` is read, and event names get their topic
 * @is_http_1_0: no chunked coding
 * @request: (out): to be cleared, also after a failure
 * @problem_code: (out) (transfer none): what is wrong with it, for a status of 400
 *
 * Parameters that we do not know are ignored.
 *
 * Returns: whether it is a request that can be served
 */
gboolean
quotes_stream_request_parse (const char *raw_query,
                             const char *last_event_id_header,
                             gboolean is_multiplexed,
                             gboolean is_http_1_0,
                             QuotesStreamRequest *request,
                             const char **problem_code)
{
  g_auto (Parameters) parameters = {0};
  const char *id = last_event_id_header;

  *request = (QuotesStreamRequest) QUOTES_STREAM_REQUEST_INIT;
  *problem_code = "bad_query";
  if (raw_query != NULL && !read_query (raw_query, &parameters))
    return FALSE;
  *problem_code = read_parameters (&parameters, is_multiplexed, request);
  if (*problem_code != NULL)
    return FALSE;

  if (id == NULL || *id == '\0')
    id = parameters.last_event_id;
  quotes_resume_parse (id, &request->resume);
  request->flavor =
    (is_multiplexed ? QUOTES_FLAVOR_MULTIPLEXED : 0) | (is_http_1_0 ? 0 : QUOTES_FLAVOR_CHUNKED);
  return TRUE;
}

/**
 * quotes_stream_request_set_id:
 * @self: a request
 * @header: (nullable): X-Request-ID of the request
 *
 * The client's own id goes back to it, if it is one that may stand in a header (wire format 1.2).
 */
void
quotes_stream_request_set_id (QuotesStreamRequest *self, const char *header)
{
  gsize length = header != NULL ? strnlen (header, sizeof self->request_id) : 0;

  if (length == 0 || length >= sizeof self->request_id)
    return;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (header[i]) && strchr ("._-", header[i]) == NULL)
      return;

  g_strlcpy (self->request_id, header, sizeof self->request_id);
}

void
quotes_stream_request_clear (QuotesStreamRequest *self)
{
  g_clear_pointer (&self->symbols, g_hash_table_unref);
}
