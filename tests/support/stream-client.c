/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream-client.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "quotes-sse-parser.h"
#include "wait.h"

#define MAX_EVENT (16 * 1024 * 1024)

typedef enum
{
  STATE_HEAD,
  STATE_SIZE,
  STATE_CHUNK,
  STATE_CHUNK_END,
  STATE_TRAILER,
  STATE_COMPLETE,
  STATE_IDENTITY,
} State;

struct _StreamClient
{
  int fd;
  GByteArray *raw; /* (owned): not understood yet */
  GString *text;   /* (owned) */
  State state;
  gsize chunk_left;
  QuotesSseParser *parser; /* (owned) */
  GPtrArray *events;       /* (owned) (element-type StreamEvent) */
  gboolean is_eof;
  gboolean is_reset;
};

static void
stream_event_free (gpointer data)
{
  StreamEvent *self = data;

  g_free (self->type);
  g_free (self->id);
  g_free (self->data);
  g_free (self);
}

static void
note_event_cb (const QuotesSseEvent *event, gpointer user_data)
{
  StreamClient *self = user_data;
  StreamEvent *noted = g_new0 (StreamEvent, 1);

  noted->type = g_strdup (event->type);
  noted->id = g_strdup (event->last_event_id);
  noted->data = g_strndup (event->data, event->size);
  g_ptr_array_add (self->events, noted);
}

StreamClient *
stream_client_new (int fd)
{
  StreamClient *self = g_new0 (StreamClient, 1);

  self->fd = fd;
  self->raw = g_byte_array_new ();
  self->text = g_string_new (NULL);
  self->parser = quotes_sse_parser_new (MAX_EVENT, note_event_cb, self);
  self->events = g_ptr_array_new_with_free_func (stream_event_free);
  return self;
}

void
stream_client_free (StreamClient *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_byte_array_unref (self->raw);
  g_string_free (self->text, TRUE);
  quotes_sse_parser_free (self->parser);
  g_ptr_array_unref (self->events);
  g_free (self);
}

static void
take_body (StreamClient *self, gsize size)
{
  g_string_append_len (self->text, (const char *) self->raw->data, (gssize) size);
  g_assert_true (quotes_sse_parser_push (self->parser, self->raw->data, size));
  g_byte_array_remove_range (self->raw, 0, (guint) size);
}

/* Takes a line off, with its CRLF. Returns NULL when it is not there yet. */
static char *
take_line (StreamClient *self)
{
  const guint8 *end = memmem (self->raw->data, self->raw->len, "\r\n", 2);
  gsize length = end != NULL ? (gsize) (end - self->raw->data) : 0;
  char *line = NULL;

  if (end == NULL)
    return NULL;
  line = g_strndup ((const char *) self->raw->data, length);
  g_byte_array_remove_range (self->raw, 0, (guint) length + 2);
  return line;
}

static gboolean
take_head_line (StreamClient *self)
{
  g_autofree char *line = take_line (self);

  if (line == NULL)
    return FALSE;
  g_string_append_printf (self->text, "%s\r\n", line);
  if (*line == '\0')
    self->state = strstr (self->text->str, "\r\nTransfer-Encoding: chunked\r\n") != NULL
                    ? STATE_SIZE
                    : STATE_IDENTITY;
  return TRUE;
}

static gboolean
take_chunk_size (StreamClient *self)
{
  g_autofree char *line = take_line (self);
  guint64 size = 0;

  if (line == NULL)
    return FALSE;
  g_assert_true (g_ascii_string_to_unsigned (line, 16, 0, MAX_EVENT, &size, NULL));
  self->chunk_left = size;
  self->state = size > 0 ? STATE_CHUNK : STATE_TRAILER;
  return TRUE;
}

static gboolean
take_empty_line (StreamClient *self, State next)
{
  g_autofree char *line = take_line (self);

  if (line == NULL)
    return FALSE;
  g_assert_cmpstr (line, ==, "");
  self->state = next;
  return TRUE;
}

/* Understands the next piece. Returns whether there was one. */
static gboolean
step (StreamClient *self)
{
  gsize n = self->raw->len;

  switch (self->state)
    {
    case STATE_HEAD:
      return take_head_line (self);
    case STATE_SIZE:
      return take_chunk_size (self);
    case STATE_CHUNK:
      n = MIN (n, self->chunk_left);
      take_body (self, n);
      self->chunk_left -= n;
      if (self->chunk_left == 0)
        self->state = STATE_CHUNK_END;
      return n > 0;
    case STATE_CHUNK_END:
      return take_empty_line (self, STATE_SIZE);
    case STATE_TRAILER:
      return take_empty_line (self, STATE_COMPLETE);
    case STATE_COMPLETE:
      g_assert_cmpuint (n, ==, 0);
      return FALSE;
    case STATE_IDENTITY:
    default:
      take_body (self, n);
      return n > 0;
    }
}

void
stream_client_read_some (StreamClient *self, gsize max)
{
  while (max > 0)
    {
      guint8 bytes[65536];
      gssize n = recv (self->fd, bytes, MIN (max, sizeof bytes), MSG_DONTWAIT);

      if (n < 0 && errno == EINTR)
        continue;
      if (n == 0)
        self->is_eof = TRUE;
      else if (n < 0 && errno != EAGAIN)
        self->is_eof = self->is_reset = TRUE;
      if (n <= 0)
        return;

      max -= (gsize) n;
      g_byte_array_append (self->raw, bytes, (guint) n);
      while (step (self))
        continue;
    }
}

void
stream_client_read (StreamClient *self)
{
  stream_client_read_some (self, G_MAXSIZE);
}

guint
stream_client_get_n_events (StreamClient *self)
{
  stream_client_read (self);
  return self->events->len;
}

guint
stream_client_get_n_known (StreamClient *self)
{
  return self->events->len;
}

gboolean
stream_client_has_ended (StreamClient *self)
{
  return self->is_eof;
}

const StreamEvent *
stream_client_get_event (StreamClient *self, guint i)
{
  g_assert_cmpuint (i, <, self->events->len);
  return g_ptr_array_index (self->events, i);
}

guint
stream_client_count (StreamClient *self, const char *type)
{
  guint n = 0;

  stream_client_read (self);
  for (guint i = 0; i < self->events->len; i++)
    if (g_str_equal (stream_client_get_event (self, i)->type, type))
      n++;
  return n;
}

void
stream_client_forget (StreamClient *self)
{
  g_ptr_array_set_size (self->events, 0);
  g_string_free (self->text, TRUE);
  self->text = g_string_new (NULL);
}

const char *
stream_client_get_text (StreamClient *self)
{
  stream_client_read (self);
  return self->text->str;
}

const char *
stream_client_get_last_id (StreamClient *self)
{
  return quotes_sse_parser_get_last_event_id (self->parser);
}

gint64
stream_client_get_retry_ms (StreamClient *self)
{
  return quotes_sse_parser_get_retry_ms (self->parser);
}

gboolean
stream_client_is_eof (StreamClient *self)
{
  stream_client_read (self);
  return self->is_eof;
}

gboolean
stream_client_is_reset (StreamClient *self)
{
  stream_client_read (self);
  return self->is_reset;
}

gboolean
stream_client_is_complete (StreamClient *self)
{
  stream_client_read (self);
  return self->state == STATE_COMPLETE;
}

int
stream_client_get_fd (StreamClient *self)
{
  return self->fd;
}

void
stream_client_assert_event (StreamClient *self,
                            guint i,
                            const char *type,
                            const char *id,
                            const char *data)
{
  const StreamEvent *event = stream_client_get_event (self, i);

  g_assert_cmpstr (event->type, ==, type);
  g_assert_cmpstr (event->id, ==, id);
  if (data != NULL && strstr (event->data, data) == NULL)
    g_assert_cmpstr (event->data, ==, data);
}

void
stream_client_wait_for (StreamClient *self, guint n)
{
  wait_until (stream_client_get_n_events (self) >= n, 5);
  wait_settle ();
  g_assert_cmpuint (stream_client_get_n_events (self), ==, n);
}
