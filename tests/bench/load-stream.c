/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "load-stream.h"

#include <string.h>

#define MAX_CARRY (4 * 1024 * 1024)
#define MAX_HEAD (16 * 1024)

static void
carry (LoadStream *self, const char *bytes, gsize length)
{
  if (self->carry == NULL)
    self->carry = g_byte_array_new ();
  g_byte_array_append (self->carry, (const guint8 *) bytes, (guint) length);
  if (self->carry->len > MAX_CARRY)
    self->state = LOAD_STREAM_BROKEN;
}

static guint64
find_number (const char *line, gsize length, const char *key)
{
  gsize key_length = strlen (key);
  const char *at = memmem (line, length, key, key_length);
  guint64 value = 0;

  if (at == NULL)
    return 0;
  for (at += key_length; at < line + length && g_ascii_isdigit (*at); at++)
    value = value * 10 + (guint64) (*at - '0');
  return value;
}

static gboolean
is_word (const char *text, gsize length, const char *word)
{
  return length == strlen (word) && memcmp (text, word, length) == 0;
}

static LoadEventKind
parse_kind (const char *name, gsize length)
{
  if (is_word (name, length, "snapshot") || is_word (name, length, "quotes.snapshot"))
    return LOAD_EVENT_SNAPSHOT;
  if (is_word (name, length, "update") || is_word (name, length, "quotes.update"))
    return LOAD_EVENT_UPDATE;
  if (is_word (name, length, "status"))
    return LOAD_EVENT_STATUS;
  if (is_word (name, length, "gap"))
    return LOAD_EVENT_GAP;
  return LOAD_EVENT_OTHER;
}

static gboolean
has_field (const char *line, gsize length, const char *name, const char **value, gsize *n)
{
  gsize name_length = strlen (name);

  if (length < name_length || memcmp (line, name, name_length) != 0)
    return FALSE;
  *value = line + name_length;
  *n = length - name_length;
  if (*n > 0 && **value == ' ')
    {
      (*value)++;
      (*n)--;
    }
  return TRUE;
}

static void
read_line (LoadStream *self, const char *line, gsize length, LoadEventFunc func, gpointer user_data)
{
  const char *value;
  gsize n;

  if (length == 0)
    {
      if (self->has_data)
        func (&self->event, user_data);
      self->has_data = FALSE;
      self->event = (LoadEvent){.kind = LOAD_EVENT_OTHER};
    }
  else if (line[0] == ':')
    self->n_comments++;
  else if (has_field (line, length, "data:", &value, &n))
    {
      self->has_data = TRUE;
      self->event.ts_us = (gint64) find_number (value, n, "\"ts_us\":");
      self->event.seq = find_number (value, n, "\"seq\":");
    }
  else if (has_field (line, length, "event:", &value, &n))
    self->event.kind = parse_kind (value, n);
  else if (has_field (line, length, "id:", &value, &n))
    {
      n = MIN (n, sizeof self->id - 1);
      memcpy (self->id, value, n);
      self->id[n] = '\0';
    }
}

/* Bytes of the event stream itself, freed from their chunks. */
static void
read_text (LoadStream *self,
           const char *bytes,
           gsize length,
           LoadEventFunc func,
           gpointer user_data)
{
  while (length > 0)
    {
      const char *end = memchr (bytes, '\n', length);
      gsize n = end != NULL ? (gsize) (end - bytes) : length;

      if (end == NULL)
        {
          carry (self, bytes, n);
          return;
        }
      if (self->carry != NULL && self->carry->len > 0)
        {
          carry (self, bytes, n);
          read_line (self, (const char *) self->carry->data, self->carry->len, func, user_data);
          g_byte_array_set_size (self->carry, 0);
        }
      else
        read_line (self, bytes, n, func, user_data);
      bytes += n + 1;
      length -= n + 1;
    }
}

static void
end_size_line (LoadStream *self)
{
  if (self->chunk_left == 0)
    self->state = LOAD_STREAM_END;
  self->chunk_state = LOAD_CHUNK_DATA;
}

/* One byte of a chunk's size line. */
static void
read_size (LoadStream *self, char c)
{
  if (c == '\n')
    end_size_line (self);
  else if (self->chunk_state == LOAD_CHUNK_EXTENSION || c == '\r')
    return;
  else if (c == ';')
    self->chunk_state = LOAD_CHUNK_EXTENSION;
  else if (g_ascii_isxdigit (c) && self->chunk_left < G_MAXUINT32)
    self->chunk_left = self->chunk_left * 16 + (guint64) g_ascii_xdigit_value (c);
  else
    self->state = LOAD_STREAM_BROKEN;
}

static void
read_chunks (LoadStream *self,
             const char *bytes,
             gsize length,
             LoadEventFunc func,
             gpointer user_data)
{
  while (length > 0 && self->state == LOAD_STREAM_BODY)
    {
      gsize n = 1;

      switch (self->chunk_state)
        {
        case LOAD_CHUNK_SIZE:
        case LOAD_CHUNK_EXTENSION:
          read_size (self, *bytes);
          break;
        case LOAD_CHUNK_DATA:
          n = MIN (length, self->chunk_left);
          read_text (self, bytes, n, func, user_data);
          self->chunk_left -= n;
          if (self->chunk_left == 0)
            self->chunk_state = LOAD_CHUNK_DATA_END;
          break;
        case LOAD_CHUNK_DATA_END:
          if (*bytes == '\n')
            self->chunk_state = LOAD_CHUNK_SIZE;
          else if (*bytes != '\r')
            self->state = LOAD_STREAM_BROKEN;
          break;
        default:
          g_assert_not_reached ();
        }
      bytes += n;
      length -= n;
    }
}

static void
read_body (LoadStream *self,
           const char *bytes,
           gsize length,
           LoadEventFunc func,
           gpointer user_data)
{
  self->n_bytes += length;
  if (self->is_chunked)
    read_chunks (self, bytes, length, func, user_data);
  else
    read_text (self, bytes, length, func, user_data);
}

/* What follows the head in the same bytes already belongs to the body. */
static void
read_head (LoadStream *self,
           const char *bytes,
           gsize length,
           LoadEventFunc func,
           gpointer user_data)
{
  g_autoptr (GByteArray) head = NULL;
  g_autofree char *text = NULL;
  const char *end;
  gsize head_length;

  carry (self, bytes, length);
  end = memmem (self->carry->data, self->carry->len, "\r\n\r\n", 4);
  if (end == NULL)
    {
      if (self->carry->len > MAX_HEAD)
        self->state = LOAD_STREAM_BROKEN;
      return;
    }

  head = g_steal_pointer (&self->carry);
  head_length = (gsize) (end - (const char *) head->data) + 4;
  text = g_ascii_strdown ((const char *) head->data, (gssize) head_length);
  if (!g_str_has_prefix (text, "http/1.") || strlen (text) < 12)
    {
      self->state = LOAD_STREAM_BROKEN;
      return;
    }
  self->status = (guint) g_ascii_strtoull (text + strlen ("http/1.1 "), NULL, 10);
  self->is_chunked = strstr (text, "\r\ntransfer-encoding: chunked\r\n") != NULL;
  self->state = LOAD_STREAM_BODY;
  self->event.kind = LOAD_EVENT_OTHER;
  read_body (self, (const char *) head->data + head_length, head->len - head_length, func,
             user_data);
}

void
load_stream_feed (LoadStream *self,
                  const char *bytes,
                  gsize length,
                  LoadEventFunc func,
                  gpointer user_data)
{
  if (self->state == LOAD_STREAM_HEAD)
    read_head (self, bytes, length, func, user_data);
  else if (self->state == LOAD_STREAM_BODY)
    read_body (self, bytes, length, func, user_data);
}

void
load_stream_reset (LoadStream *self)
{
  char id[LOAD_STREAM_ID_SIZE];

  memcpy (id, self->id, sizeof id);
  g_clear_pointer (&self->carry, g_byte_array_unref);
  memset (self, 0, sizeof *self);
  memcpy (self->id, id, sizeof id);
}
