/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-answer.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "quotes-json.h"

/* Contract 8. */
#define BODY_BYTES_MAX (1024 * 1024)
/* A refusal in plain words is one line; a page that mentions such words is something else. */
#define REFUSAL_BYTES_MAX 512
/* The longest name that we keep; the longest seen has about 90. */
#define TEXT_CHARS_MAX 200
/* Seconds until the year 5138, milliseconds since 1973. */
#define SECONDS_MAX 1e11
/* A clock that is a little behind must not make a market's newest time unbelievable. */
#define FUTURE_MAX_US (60 * G_USEC_PER_SEC)

static const char *
get_explanation (QuotesProviderError code)
{
  switch (code)
    {
    case QUOTES_PROVIDER_ERROR_RATE_LIMITED:
      return _ ("it has had too many requests");
    case QUOTES_PROVIDER_ERROR_AUTH:
      return _ ("it wants a key, or another one");
    case QUOTES_PROVIDER_ERROR_BLOCKED:
    case QUOTES_PROVIDER_ERROR_BARRED:
      return _ ("it turns us away");
    case QUOTES_PROVIDER_ERROR_BAD_DATA:
      return _ ("its answer makes no sense");
    case QUOTES_PROVIDER_ERROR_TOO_LARGE:
      return _ ("its answer is too long");
    default:
      return _ ("it does not serve the request");
    }
}

/**
 * quotes_answer_set_error:
 * @error: return location for a #QuotesProviderError
 * @code: what is wrong
 * @host: whose answer it was, for people
 * @status: the HTTP status
 *
 * Nothing that the host wrote gets into the message.
 */
void
quotes_answer_set_error (GError **error, QuotesProviderError code, const char *host, guint status)
{
  g_set_error (error, QUOTES_PROVIDER_ERROR, (int) code,
               /* TRANSLATORS: name of a service, what is wrong, number of an HTTP status */
               _ ("Could not get prices from %s: %s (HTTP %u)"), host, get_explanation (code),
               status);
}

static gboolean
is_success (guint status)
{
  return status >= 200 && status < 300;
}

/**
 * quotes_answer_check_status:
 *
 * Returns: whether the HTTP status is a success
 */
gboolean
quotes_answer_check_status (const QuotesHttpAnswer *answer, const char *host, GError **error)
{
  if (is_success (answer->status))
    return TRUE;

  quotes_answer_set_error (error, quotes_http_status_to_error (answer->status), host,
                           answer->status);
  return FALSE;
}

/**
 * quotes_answer_says_too_many:
 * @text: a host's words
 *
 * Hosts say so with HTTP 200 too, and in several wordings.
 */
gboolean
quotes_answer_says_too_many (const char *text)
{
  static const char *const phrases[] = {"too many requests", "throttled", "rate limit"};
  g_autofree char *lower = g_ascii_strdown (text, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (phrases); i++)
    if (strstr (lower, phrases[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* Why a body that does not begin like JSON is none. */
static QuotesProviderError
judge_text (const QuotesHttpAnswer *answer, const char *data, gsize size)
{
  g_autofree char *text = NULL;
  gboolean is_page =
    (size > 0 && data[0] == '<') ||
    (answer->content_type != NULL && g_str_has_prefix (answer->content_type, "text/html"));

  if (!is_page && size > 0 && size <= REFUSAL_BYTES_MAX)
    {
      text = g_strndup (data, size);
      if (quotes_answer_says_too_many (text))
        return QUOTES_PROVIDER_ERROR_RATE_LIMITED;
    }
  if (!is_success (answer->status))
    return quotes_http_status_to_error (answer->status);
  return is_page ? QUOTES_PROVIDER_ERROR_BLOCKED : QUOTES_PROVIDER_ERROR_BAD_DATA;
}

static void
skip_space (const char **data, gsize *size)
{
  while (*size > 0 && g_ascii_isspace (**data))
    {
      (*data)++;
      (*size)--;
    }
}

/**
 * quotes_answer_parse:
 * @answer: what came
 * @host: from whom, for people
 * @error: return location for a #QuotesProviderError
 *
 * The guard in front of every provider's parser: what does not look like JSON is judged by its
 * status and its words, and JSON is read only up to our size and depth. The status of an answer
 * that is JSON is not looked at: the error that stands in it says more.
 *
 * Returns: (transfer full): the root
 */
JsonNode *
quotes_answer_parse (const QuotesHttpAnswer *answer, const char *host, GError **error)
{
  g_autoptr (GError) json_error = NULL;
  QuotesProviderError code = QUOTES_PROVIDER_ERROR_BAD_DATA;
  JsonNode *root = NULL;
  gsize size = 0;
  const char *data = answer->body != NULL ? g_bytes_get_data (answer->body, &size) : NULL;

  skip_space (&data, &size);
  if (size == 0 || (data[0] != '{' && data[0] != '['))
    {
      quotes_answer_set_error (error, judge_text (answer, data, size), host, answer->status);
      return NULL;
    }

  root = quotes_json_parse (answer->body, BODY_BYTES_MAX, &json_error);
  if (root != NULL)
    return root;

  if (!is_success (answer->status))
    code = quotes_http_status_to_error (answer->status);
  else if (g_error_matches (json_error, QUOTES_JSON_ERROR, QUOTES_JSON_ERROR_SIZE))
    code = QUOTES_PROVIDER_ERROR_TOO_LARGE;
  quotes_answer_set_error (error, code, host, answer->status);
  return NULL;
}

/**
 * quotes_answer_dup_text:
 * @text: (nullable): from outside
 *
 * Names go to terminals, panels and logs: control characters are dropped, the rest is cut to a
 * length that fits.
 *
 * Returns: (transfer full) (nullable): UTF-8, or %NULL when nothing is left
 */
char *
quotes_answer_dup_text (const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;
  g_autoptr (GString) clean = g_string_new (NULL);
  guint n_chars = 0;

  for (const char *p = valid; p != NULL && *p != '\0' && n_chars < TEXT_CHARS_MAX;
       p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT)
        continue;
      g_string_append_unichar (clean, c);
      n_chars++;
    }

  g_strstrip (clean->str);
  return clean->str[0] != '\0' ? g_strdup (clean->str) : NULL;
}

/**
 * quotes_answer_get_time_us:
 * @time: seconds since 1970, or milliseconds when that would be too far away; NAN = unknown
 * @now_us: the real time
 *
 * A time in the future is not believed: as the newest known it would make all true ones look
 * outdated. The price beside it is kept, because the wrong clock may be ours.
 *
 * Returns: microseconds since 1970, 0 = unknown
 */
gint64
quotes_answer_get_time_us (double time, gint64 now_us)
{
  gint64 time_us = 0;

  if (!isfinite (time) || time <= 0 || time > SECONDS_MAX * 1000)
    return 0;

  time_us = (gint64) (time > SECONDS_MAX ? time * 1000 : time * G_USEC_PER_SEC);
  return time_us <= now_us + FUTURE_MAX_US ? time_us : 0;
}
