/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <netinet/in.h>

#include "load-histogram.h"
#include "load-process.h"
#include "load-stream.h"

G_BEGIN_DECLS

typedef enum
{
  LOAD_ROLE_STEADY,  /* reads from the beginning to the end */
  LOAD_ROLE_ROAMING, /* comes and goes, and resumes with the last id */
  LOAD_ROLE_SILENT,  /* asks and never reads */
  LOAD_ROLE_CYCLING, /* leaves with its first event; somebody else takes its place */
} LoadRole;

typedef enum
{
  LOAD_READER_AWAY,
  LOAD_READER_CONNECTING,
  LOAD_READER_ASKED,
  LOAD_READER_OPEN,
  LOAD_READER_GONE, /* for good */
} LoadReaderState;

/**
 * LoadReader:
 * @port: its own end, to find the server's end in the kernel's tables
 * @started_us: monotonic; when it began to connect
 * @joined_us: since 1970; when the response's head came. What was published before is replay
 * @turn_us: monotonic; when a roaming one leaves or comes back
 * @last_seq: the newest version it has seen
 * @is_warned: `event: gap` came, so that the next versions may be missing
 * @n_unsent, @progress_us: of a silent one: what the server has in its queue, and since when
 */
typedef struct
{
  LoadRole role;
  LoadReaderState state;
  int fd;
  guint16 port;
  gint64 started_us;
  gint64 joined_us;
  gint64 turn_us;
  LoadStream stream;
  guint64 last_seq;
  guint64 n_events;
  gboolean is_warned;
  guint32 n_unsent;
  gint64 progress_us;
} LoadReader;

/**
 * LoadCounters:
 * @n_missing: versions that a reader did not get and was not warned of
 * @n_announced: versions that it did not get after `event: gap`
 * @n_measured, @n_measured_bytes: all events and their bytes while measuring
 * @n_measured_snapshots: those of them that carry quotes
 */
typedef struct
{
  guint64 n_opened;
  guint64 n_resumed;
  guint64 n_refused;
  guint64 n_failed;
  guint64 n_closed_by_server;
  guint64 n_broken;
  guint64 n_missing;
  guint64 n_announced;
  guint64 n_gaps;
  guint64 n_duplicates;
  guint64 n_disordered;
  guint64 n_unstamped;
  guint64 n_cycles;
  guint64 n_measured;
  guint64 n_measured_snapshots;
  guint64 n_measured_bytes;
} LoadCounters;

/**
 * LoadEngine:
 * @n_sources: addresses 127.0.0.1 and following to connect from
 * @can_resume: the server understands `Last-Event-ID`; otherwise a roaming reader begins anew
 * @n_in_flight: connects without answer
 * @newest_seq: the newest version that anybody has seen
 *
 * One epoll set with readers of a server on loopback.
 */
typedef struct
{
  struct sockaddr_in address;
  char *path;
  guint n_sources;
  gboolean can_resume;
  gboolean is_measuring;
  gboolean is_roaming;
  int epoll_fd;
  LoadReader *readers;
  guint n_readers;
  guint n_in_flight;
  guint n_silent_gone;
  guint64 newest_seq;
  gint64 received_us;
  GRand *random;
  char *buffer;
  LoadCounters counters;
  LoadHistogram head_us;
  LoadHistogram delivery_us;
  LoadHistogram silent_life_ms;
  LoadHistogram silent_blocked_ms;
} LoadEngine;

/* Refuses everything but loopback. */
gboolean load_engine_init (LoadEngine *self, const char *url, guint n_readers, GError **error);
void load_engine_clear (LoadEngine *self);
void load_engine_start_reader (LoadEngine *self, LoadReader *reader);
void load_engine_stop_reader (LoadEngine *self, LoadReader *reader, LoadReaderState state);
/* Waits for at most @timeout_ms and handles what has happened. */
void load_engine_pump (LoadEngine *self, int timeout_ms);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LoadEngine, load_engine_clear)

G_END_DECLS
