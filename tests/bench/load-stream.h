/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of an id; longer ones are cut. */
#define LOAD_STREAM_ID_SIZE 64

typedef enum
{
  LOAD_EVENT_SNAPSHOT,
  LOAD_EVENT_UPDATE,
  LOAD_EVENT_STATUS,
  LOAD_EVENT_GAP,
  LOAD_EVENT_OTHER,
} LoadEventKind;

/**
 * LoadEvent:
 * @seq: the stamp `"seq":` of its data; 0 = it has none
 * @ts_us: the stamp `"ts_us":`, microseconds since 1970; 0 = it has none
 */
typedef struct
{
  LoadEventKind kind;
  guint64 seq;
  gint64 ts_us;
} LoadEvent;

typedef enum
{
  LOAD_STREAM_HEAD,
  LOAD_STREAM_BODY,
  LOAD_STREAM_END,
  LOAD_STREAM_BROKEN,
} LoadStreamState;

typedef enum
{
  LOAD_CHUNK_SIZE,
  LOAD_CHUNK_EXTENSION,
  LOAD_CHUNK_DATA,
  LOAD_CHUNK_DATA_END,
} LoadChunkState;

/**
 * LoadStream:
 * @status: of the response; 0 = not yet known
 * @carry: (nullable) (owned): what is not yet a whole head or line
 * @id: the last one received
 * @n_bytes: of the body as it went over the wire, framing included
 *
 * Reads one response with an event stream, cut anywhere. Zeroed memory is a fresh one.
 */
typedef struct
{
  LoadStreamState state;
  LoadChunkState chunk_state;
  guint status;
  gboolean is_chunked;
  gboolean has_data;
  guint64 chunk_left;
  GByteArray *carry;
  LoadEvent event;
  char id[LOAD_STREAM_ID_SIZE];
  guint64 n_bytes;
  guint64 n_comments;
} LoadStream;

typedef void (*LoadEventFunc) (const LoadEvent *event, gpointer user_data);

void load_stream_feed (LoadStream *self,
                       const char *bytes,
                       gsize length,
                       LoadEventFunc func,
                       gpointer user_data);
/* Ready for the next response; the id stays. */
void load_stream_reset (LoadStream *self);

G_END_DECLS
