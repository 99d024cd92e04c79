/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-sse-parser.h"

#include <string.h>

/* A longer pause than a day is a mistake, and keeps sums of it small. */
#define MAX_RETRY_MS (24 * 60 * 60 * 1000)

static const char bom[] = {'\xef', '\xbb', '\xbf'};

/**
 * QuotesSseParser:
 *
 * Reads the event stream of the HTML standard (section 9.2.6) from bytes that are cut anywhere.
 * Pure: it calls back with events and knows nothing of where the bytes come from. Bytes that are
 * not UTF-8 are passed on as they are.
 */
struct _QuotesSseParser
{
  gsize max_size; /* of a line, and of the data of an event */
  QuotesSseEventFunc func;
  gpointer user_data;

  GString *line;
  GString *data;
  GString *type;
  GString *id;            /* of the block that is being read */
  GString *last_event_id; /* of the last block that was complete */
  gint64 retry_ms;        /* -1 = unchanged */
  gsize n_bom;            /* bytes of the byte order mark seen; more than it has = past it */
  gboolean has_data;
  gboolean follows_cr;
  gboolean is_broken;
};

/**
 * quotes_sse_parser_new:
 * @max_size: bytes of one line, and of the data of one event, that are accepted
 * @func: called for each event, from quotes_sse_parser_push(); does not free the parser
 * @user_data: for @func
 */
QuotesSseParser *
quotes_sse_parser_new (gsize max_size, QuotesSseEventFunc func, gpointer user_data)
{
  QuotesSseParser *self = g_new0 (QuotesSseParser, 1);

  self->max_size = max_size;
  self->func = func;
  self->user_data = user_data;
  self->line = g_string_new (NULL);
  self->data = g_string_new (NULL);
  self->type = g_string_new (NULL);
  self->id = g_string_new (NULL);
  self->last_event_id = g_string_new (NULL);
  self->retry_ms = -1;

  return self;
}

void
quotes_sse_parser_free (QuotesSseParser *self)
{
  g_string_free (self->line, TRUE);
  g_string_free (self->data, TRUE);
  g_string_free (self->type, TRUE);
  g_string_free (self->id, TRUE);
  g_string_free (self->last_event_id, TRUE);
  g_free (self);
}

static void
end_block (QuotesSseParser *self)
{
  g_string_assign (self->last_event_id, self->id->str);
  if (self->has_data)
    {
      const QuotesSseEvent event = {
        .type = self->type->len > 0 ? self->type->str : "message",
        .data = self->data->str,
        .size = self->data->len,
        .last_event_id = self->last_event_id->str,
      };

      self->func (&event, self->user_data);
    }

  g_string_truncate (self->data, 0);
  g_string_truncate (self->type, 0);
  self->has_data = FALSE;
}

static void
take_data (QuotesSseParser *self, const char *value, gsize size)
{
  if (self->data->len + size + 1 > self->max_size)
    {
      self->is_broken = TRUE;
      return;
    }
  if (self->has_data)
    g_string_append_c (self->data, '\n');
  g_string_append_len (self->data, value, (gssize) size);
  self->has_data = TRUE;
}

static void
take_retry (QuotesSseParser *self, const char *value, gsize size)
{
  gint64 retry_ms = 0;

  if (size == 0)
    return;
  for (gsize i = 0; i < size; i++)
    {
      if (!g_ascii_isdigit (value[i]))
        return;
      retry_ms = MIN (retry_ms * 10 + g_ascii_digit_value (value[i]), MAX_RETRY_MS);
    }
  self->retry_ms = retry_ms;
}

static void
take_field (QuotesSseParser *self, const char *name, gsize name_size, const char *value, gsize size)
{
  if (name_size == 4 && memcmp (name, "data", 4) == 0)
    {
      take_data (self, value, size);
    }
  else if (name_size == 5 && memcmp (name, "event", 5) == 0)
    {
      g_string_truncate (self->type, 0);
      g_string_append_len (self->type, value, (gssize) size);
    }
  else if (name_size == 2 && memcmp (name, "id", 2) == 0)
    {
      /* An id with NUL is ignored: it could not stand in a header. */
      if (memchr (value, '\0', size) != NULL)
        return;
      g_string_truncate (self->id, 0);
      g_string_append_len (self->id, value, (gssize) size);
    }
  else if (name_size == 5 && memcmp (name, "retry", 5) == 0)
    {
      take_retry (self, value, size);
    }
}

static void
end_line (QuotesSseParser *self)
{
  const char *line = self->line->str;
  gsize size = self->line->len;
  const char *colon = NULL;

  if (size == 0)
    {
      end_block (self);
      return;
    }

  colon = memchr (line, ':', size);
  if (colon == NULL)
    {
      take_field (self, line, size, "", 0);
    }
  else if (colon != line)
    {
      const char *value = colon + 1;
      gsize value_size = size - (gsize) (value - line);

      if (value_size > 0 && *value == ' ')
        {
          value++;
          value_size--;
        }
      take_field (self, line, (gsize) (colon - line), value, value_size);
    }
  g_string_truncate (self->line, 0);
}

/* Drops a byte order mark at the very beginning, even one that comes in pieces. */
static gsize
skip_bom (QuotesSseParser *self, const char *text, gsize size)
{
  gsize i = 0;

  while (i < size && self->n_bom < sizeof bom && text[i] == bom[self->n_bom])
    {
      self->n_bom++;
      i++;
    }
  if (i < size && self->n_bom < sizeof bom)
    g_string_append_len (self->line, bom, (gssize) self->n_bom);
  if (i < size)
    self->n_bom = sizeof bom + 1;

  return i;
}

/* Takes the text up to the next end of a line; returns how much that was. */
static gsize
push_line (QuotesSseParser *self, const char *text, gsize size)
{
  gsize n = 0;

  if (self->follows_cr && text[0] == '\n')
    {
      self->follows_cr = FALSE;
      return 1;
    }
  self->follows_cr = FALSE;

  while (n < size && text[n] != '\n' && text[n] != '\r')
    n++;
  if (self->line->len + n > self->max_size)
    {
      self->is_broken = TRUE;
      return n;
    }
  g_string_append_len (self->line, text, (gssize) n);
  if (n == size)
    return n;

  self->follows_cr = text[n] == '\r';
  end_line (self);
  return n + 1;
}

/**
 * quotes_sse_parser_push:
 * @self: a parser
 * @bytes: the next bytes of the stream
 * @size: how many
 *
 * Returns: %FALSE when a line or an event is longer than accepted; the rest is not read, nor is
 *   anything more until quotes_sse_parser_restart()
 */
gboolean
quotes_sse_parser_push (QuotesSseParser *self, const void *bytes, gsize size)
{
  const char *text = bytes;
  gsize i = 0;

  if (self->n_bom <= sizeof bom)
    i = skip_bom (self, text, size);
  while (i < size && !self->is_broken)
    i += push_line (self, text + i, size - i);

  return !self->is_broken;
}

/* For a new connection: forgets what was half read, keeps the last event id and the pause. */
void
quotes_sse_parser_restart (QuotesSseParser *self)
{
  g_string_truncate (self->line, 0);
  g_string_truncate (self->data, 0);
  g_string_truncate (self->type, 0);
  g_string_assign (self->id, self->last_event_id->str);
  self->n_bom = 0;
  self->has_data = FALSE;
  self->follows_cr = FALSE;
  self->is_broken = FALSE;
}

/* What Last-Event-ID carries when connecting again; "" = the header is not sent. */
const char *
quotes_sse_parser_get_last_event_id (QuotesSseParser *self)
{
  return self->last_event_id->str;
}

/* How long the stream wants a reader to wait before it connects again; -1 = it did not say. */
gint64
quotes_sse_parser_get_retry_ms (QuotesSseParser *self)
{
  return self->retry_ms;
}
