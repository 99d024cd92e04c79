/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One event, as the client understood it. */
typedef struct
{
  char *type; /* (owned) */
  char *id;   /* (owned): the last one that was said, or "" */
  char *data; /* (owned) */
} StreamEvent;

/* The other end of an event stream. Reads whatever comes, and fails the test when it is not a valid
 * answer with valid chunks around valid events. */
typedef struct _StreamClient StreamClient;

/* Takes @fd. */
StreamClient *stream_client_new (int fd);
void stream_client_free (StreamClient *self);
/* Reads what is there, at most @max bytes of it. */
void stream_client_read_some (StreamClient *self, gsize max);
void stream_client_read (StreamClient *self);

guint stream_client_get_n_events (StreamClient *self);
/* The same without reading on. */
guint stream_client_get_n_known (StreamClient *self);
gboolean stream_client_has_ended (StreamClient *self);
const StreamEvent *stream_client_get_event (StreamClient *self, guint i);
/* How many of that type. */
guint stream_client_count (StreamClient *self, const char *type);
/* Forgets all events and text so far, so that a long test costs no memory. */
void stream_client_forget (StreamClient *self);
/* Without the chunked coding, head included. */
const char *stream_client_get_text (StreamClient *self);
const char *stream_client_get_last_id (StreamClient *self);
gint64 stream_client_get_retry_ms (StreamClient *self);
gboolean stream_client_is_eof (StreamClient *self);
gboolean stream_client_is_reset (StreamClient *self);
/* The last chunk has come. */
gboolean stream_client_is_complete (StreamClient *self);
/* @data: (nullable): something that is in it */
void stream_client_assert_event (StreamClient *self,
                                 guint i,
                                 const char *type,
                                 const char *id,
                                 const char *data);
/* Waits until @n events have come, and no more. */
void stream_client_wait_for (StreamClient *self, guint n);
int stream_client_get_fd (StreamClient *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StreamClient, stream_client_free)

G_END_DECLS
