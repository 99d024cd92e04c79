/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-event-frame.h"

#include <string.h>

#include "quotes-alert-json.h"

#define WORD_MAX 64
/* "ffffffff\r\n" and "\r\n": no frame is larger than 4 GiB. */
#define CODING_SIZE 12
#define REPLACEMENT_CHARACTER "\xef\xbf\xbd"

static gboolean
is_word (const char *text)
{
  gsize length = 0;

  for (; text[length] != '\0'; length++)
    if (!g_ascii_isalnum (text[length]) && strchr ("._:-", text[length]) == NULL)
      return FALSE;
  return length >= 1 && length <= WORD_MAX;
}

void
quotes_event_format_id (guint32 run, guint64 seq, char id[QUOTES_EVENT_ID_SIZE])
{
  g_snprintf (id, QUOTES_EVENT_ID_SIZE, "%08x.%" G_GUINT64_FORMAT, run, seq);
}

/* What no client may read as the end of a line is written as what it is: the end of a line of
 * data. The reader gets LF for each. */
static void
append_data (GString *text, const char *data, gsize size)
{
  const char *end = data + size;

  for (;;)
    {
      const char *at = data;

      while (at < end && *at != '\r' && *at != '\n' && *at != '\0')
        at++;
      g_string_append_len (text, data, at - data);
      if (at == end)
        break;

      if (*at == '\0')
        g_string_append (text, REPLACEMENT_CHARACTER);
      else
        g_string_append (text, "\ndata: ");
      data = at + 1;
      if (*at == '\r' && data < end && *data == '\n')
        data++;
    }
}

/**
 * quotes_event_write:
 * @text: where to
 * @name: event name, `[A-Za-z0-9._:-]{1,64}`
 * @id: (nullable): its id, of the same characters; %NULL = the reader's last id stays
 * @data: may hold anything: line ends and NUL are written so that it stays one event
 * @size: bytes of @data
 */
void
quotes_event_write (GString *text, const char *name, const char *id, const char *data, gsize size)
{
  g_return_if_fail (is_word (name));
  g_return_if_fail (id == NULL || is_word (id));

  if (id != NULL)
    {
      g_string_append (text, "id: ");
      g_string_append (text, id);
      g_string_append_c (text, '\n');
    }
  g_string_append (text, "event: ");
  g_string_append (text, name);
  g_string_append (text, "\ndata: ");
  append_data (text, data, size);
  g_string_append (text, "\n\n");
}

/* No event, but from now on this is the reader's last id. */
void
quotes_event_write_id (GString *text, const char *id)
{
  g_return_if_fail (is_word (id));

  g_string_append_printf (text, "id: %s\n\n", id);
}

void
quotes_event_write_retry (GString *text, guint retry_ms)
{
  g_string_append_printf (text, "retry: %u\n\n", retry_ms);
}

void
quotes_event_write_comment (GString *text, const char *comment)
{
  g_return_if_fail (strpbrk (comment, "\r\n") == NULL);

  g_string_append_printf (text, ": %s\n\n", comment);
}

/* Every piece is a chunk of its own, so that each stands alone behind any other. */
void
quotes_event_append_coded (GString *bytes, const GString *text, QuotesFlavor flavor)
{
  gboolean is_chunked = (flavor & QUOTES_FLAVOR_CHUNKED) != 0;

  /* A chunk of no bytes would be the last one. */
  if (text->len == 0)
    return;

  if (is_chunked)
    g_string_append_printf (bytes, "%x\r\n", (guint) text->len);
  g_string_append_len (bytes, text->str, (gssize) text->len);
  if (is_chunked)
    g_string_append (bytes, "\r\n");
}

/* Nothing follows in this stream. */
void
quotes_event_append_end (GString *bytes, QuotesFlavor flavor)
{
  if (flavor & QUOTES_FLAVOR_CHUNKED)
    g_string_append (bytes, "0\r\n\r\n");
}

GBytes *
quotes_event_encode (const GString *text, QuotesFlavor flavor)
{
  GString *bytes = g_string_sized_new (text->len + CODING_SIZE);

  quotes_event_append_coded (bytes, text, flavor);
  return g_string_free_to_bytes (bytes);
}

static const char *
get_name (const QuotesEventFrame *self, QuotesFlavor flavor)
{
  gboolean is_multiplexed = (flavor & QUOTES_FLAVOR_MULTIPLEXED) != 0;

  if (self->quote != NULL)
    return is_multiplexed ? "quotes.update" : "update";
  if (self->snapshot != NULL)
    return is_multiplexed ? "quotes.snapshot" : "snapshot";
  /* No other stream carries it. */
  if (self->fired != NULL)
    return "alerts.fired";
  return "status";
}

/**
 * quotes_event_frame_format:
 * @self: a frame
 * @id: (nullable): its id
 * @is_stamped: whether each item carries the stamp
 * @symbols: (nullable) (element-type utf8 utf8): what a snapshot is cut down to
 * @flavor: in which words
 *
 * Returns: (transfer full): the bytes that a reader gets
 */
GBytes *
quotes_event_frame_format (const QuotesEventFrame *self,
                           const char *id,
                           gboolean is_stamped,
                           GHashTable *symbols,
                           QuotesFlavor flavor)
{
  const QuotesStamp *stamp = is_stamped ? &self->stamp : NULL;
  g_autoptr (GString) data = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->quote != NULL)
    quotes_quote_append_json (self->quote, stamp, data);
  else if (self->snapshot != NULL)
    quotes_snapshot_append_json (self->snapshot, symbols, stamp, data);
  else if (self->fired != NULL)
    quotes_alert_fired_append_json (self->fired, data);
  else
    g_string_append (data, self->json);

  quotes_event_write (text, get_name (self, flavor), id, data->str, data->len);
  return quotes_event_encode (text, flavor);
}

void
quotes_event_frame_clear (QuotesEventFrame *self)
{
  g_clear_pointer (&self->quote, quotes_quote_unref);
  g_clear_pointer (&self->snapshot, quotes_snapshot_unref);
  g_clear_pointer (&self->changed, g_ptr_array_unref);
  g_clear_pointer (&self->fired, quotes_alert_fired_unref);
  g_clear_pointer (&self->json, g_free);
  for (guint i = 0; i < QUOTES_N_FLAVORS; i++)
    g_clear_pointer (&self->bytes[i], g_bytes_unref);
  self->cost = self->size = 0;
}

/**
 * quotes_event_frame_concerns:
 * @self: a frame
 * @symbols: (element-type utf8 utf8): what a reader wants
 *
 * Returns: whether the reader could tell that it happened
 */
gboolean
quotes_event_frame_concerns (const QuotesEventFrame *self, GHashTable *symbols)
{
  if (self->quote != NULL)
    return g_hash_table_contains (symbols, self->quote->symbol);
  /* That a provider fails concerns everybody. */
  if (self->fired != NULL && self->fired->alert->symbol != NULL)
    return g_hash_table_contains (symbols, self->fired->alert->symbol);
  /* What else is new on the list, or gone, only the list says. */
  if (self->snapshot == NULL || (self->topics & QUOTES_TOPIC_LIST))
    return TRUE;

  for (guint i = 0; i < self->changed->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (self->changed, i);

      if (g_hash_table_contains (symbols, quote->symbol))
        return TRUE;
    }
  return FALSE;
}
