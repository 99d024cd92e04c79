/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "load-engine.h"
#include "load-plan.h"
#include "load-sockets.h"

#define SECOND G_USEC_PER_SEC
/* The rest of a ramp that does not come to an end. */
#define RAMP_LIMIT_US (60 * SECOND)
#define SETTLE_US (SECOND / 2)
/* So long may the last version take to reach everybody. */
#define CATCH_UP_US (5 * SECOND)
#define WATCH_INTERVAL_US (SECOND / 10)

/**
 * Phase:
 *
 * What was known at a moment of the run.
 */
typedef struct
{
  gint64 at_us;
  LoadProcess server;
  guint64 self_cpu_ns;
  guint64 machine_busy_ns;
  guint64 seq;
} Phase;

/**
 * Run:
 * @by_port: (element-type guint16 LoadReader): silent readers
 * @silent_kernel_bytes: in the sample being taken
 */
typedef struct
{
  const LoadPlan *plan;
  LoadEngine engine;
  gint64 end_us;
  gint64 watched_us;
  GHashTable *by_port;
  guint64 silent_kernel_bytes;
  guint64 peak_silent_kernel_bytes;
  guint32 peak_one_kernel_bytes;
  guint64 peak_resident_kib;
  guint64 peak_tcp_bytes;
  gint64 ramp_us;
  guint n_behind;
  Phase before;
  Phase ramped;
  Phase idled;
  Phase started;
  Phase measured;
} Run;

static void
run_clear (Run *self)
{
  load_engine_clear (&self->engine);
  g_clear_pointer (&self->by_port, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static void
take_sample (Run *self, Phase *phase)
{
  phase->at_us = g_get_monotonic_time ();
  if (self->plan->pid > 0)
    load_process_sample ((guint) self->plan->pid, &phase->server);
  phase->self_cpu_ns = load_self_get_cpu_ns ();
  phase->machine_busy_ns = load_machine_get_busy_ns ();
  phase->seq = self->engine.newest_seq;
}

static void
watch_socket_cb (const LoadSocket *socket, gpointer user_data)
{
  Run *self = user_data;
  LoadReader *reader =
    g_hash_table_lookup (self->by_port, GUINT_TO_POINTER ((guint) socket->peer_port));

  if (reader == NULL || reader->state != LOAD_READER_OPEN)
    return;
  self->silent_kernel_bytes += socket->kernel_bytes;
  self->peak_one_kernel_bytes = MAX (self->peak_one_kernel_bytes, socket->kernel_bytes);
  if (socket->n_unsent != reader->n_unsent)
    {
      reader->n_unsent = socket->n_unsent;
      reader->progress_us = g_get_monotonic_time ();
    }
}

/* From outside the first refused send is not visible; that the server's queue for a silent reader
 * has stopped to change is, and the two are one publication apart. */
static void
watch_silent_readers (Run *self)
{
  LoadEngine *engine = &self->engine;

  for (guint i = 0; i < engine->n_readers; i++)
    if (engine->readers[i].role == LOAD_ROLE_SILENT && engine->readers[i].port != 0)
      g_hash_table_insert (self->by_port, GUINT_TO_POINTER ((guint) engine->readers[i].port),
                           &engine->readers[i]);
  self->silent_kernel_bytes = 0;
  load_sockets_foreach (ntohs (engine->address.sin_port), watch_socket_cb, self);
  self->peak_silent_kernel_bytes = MAX (self->peak_silent_kernel_bytes, self->silent_kernel_bytes);
}

static void
watch (Run *self)
{
  gint64 now_us = g_get_monotonic_time ();
  LoadProcess server;

  if (now_us - self->watched_us < WATCH_INTERVAL_US)
    return;
  self->watched_us = now_us;
  if (self->plan->pid > 0 && load_process_sample ((guint) self->plan->pid, &server))
    self->peak_resident_kib = MAX (self->peak_resident_kib, server.resident_kib);
  self->peak_tcp_bytes = MAX (self->peak_tcp_bytes, load_machine_get_tcp_memory ());
  watch_silent_readers (self);
}

static gboolean
is_over (Run *self)
{
  return g_get_monotonic_time () >= self->end_us;
}

static void
pump (Run *self, int timeout_ms)
{
  load_engine_pump (&self->engine, timeout_ms);
  /* Not in the other runs: looking costs, and they measure the cost of something else. */
  if (self->plan->is_watching)
    watch (self);
}

static void
pump_for (Run *self, gint64 duration_us)
{
  gint64 end_us = g_get_monotonic_time () + duration_us;

  while (g_get_monotonic_time () < end_us && !is_over (self))
    pump (self, 5);
}

static void
ramp (Run *self)
{
  LoadEngine *engine = &self->engine;
  gint64 start_us = g_get_monotonic_time ();
  guint next = 0;

  while ((next < engine->n_readers || engine->n_in_flight > 0) && !is_over (self) &&
         g_get_monotonic_time () - start_us < RAMP_LIMIT_US)
    {
      while (next < engine->n_readers && engine->n_in_flight < (guint) self->plan->in_flight)
        load_engine_start_reader (engine, &engine->readers[next++]);
      pump (self, 5);
    }
  self->ramp_us = g_get_monotonic_time () - start_us;
}

/* @target: the newest version when the measuring ended */
static guint
count_behind (Run *self, guint64 target)
{
  guint n_behind = 0;

  for (guint i = 0; i < self->engine.n_readers; i++)
    {
      LoadReader *reader = &self->engine.readers[i];

      if (reader->role != LOAD_ROLE_SILENT && reader->last_seq < target)
        n_behind++;
    }

  return n_behind;
}

/* Nobody leaves any more and all come back: then everybody has to reach the last version. */
static void
catch_up (Run *self)
{
  LoadEngine *engine = &self->engine;
  guint64 target = engine->newest_seq;
  gint64 end_us = g_get_monotonic_time () + CATCH_UP_US;

  engine->is_roaming = FALSE;
  for (guint i = 0; i < engine->n_readers; i++)
    if (engine->readers[i].role == LOAD_ROLE_ROAMING &&
        engine->readers[i].state == LOAD_READER_AWAY)
      load_engine_start_reader (engine, &engine->readers[i]);
  while ((self->n_behind = count_behind (self, target)) > 0 && g_get_monotonic_time () < end_us &&
         !is_over (self))
    pump (self, 5);
}

static void
wait_for_evictions (Run *self)
{
  gint64 end_us = g_get_monotonic_time () + (gint64) (self->plan->silent_wait_s * (double) SECOND);

  while (self->engine.n_silent_gone < (guint) self->plan->n_silent &&
         g_get_monotonic_time () < end_us && !is_over (self))
    pump (self, 5);
}

static void
append_number (GString *json, const char *name, guint64 value)
{
  g_string_append_printf (json, ",\"%s\":%" G_GUINT64_FORMAT, name, value);
}

static void
append_real (GString *json, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (json, ",\"%s\":%s", name,
                          g_ascii_formatd (text, sizeof text, "%.4f", value));
}

static double
get_ratio (double a, double b)
{
  return b > 0 ? a / b : 0;
}

static double
get_cpu_s (const Phase *from, const Phase *to)
{
  return (double) (to->server.cpu_ns - from->server.cpu_ns) / 1e9;
}

static double
get_wall_s (const Phase *from, const Phase *to)
{
  return (double) (to->at_us - from->at_us) / 1e6;
}

/* What neither the server nor this program has used: of one processor. Clamped because the
 * machine's counter has ticks of 10 ms. */
static double
get_other_share (const Phase *from, const Phase *to)
{
  double busy_s = (double) (to->machine_busy_ns - from->machine_busy_ns) / 1e9;
  double self_s = (double) (to->self_cpu_ns - from->self_cpu_ns) / 1e9;

  return MAX (0, get_ratio (busy_s - self_s - get_cpu_s (from, to), get_wall_s (from, to)));
}

static void
append_correctness (Run *self, GString *json)
{
  const LoadCounters *counters = &self->engine.counters;

  append_number (json, "readers", self->engine.n_readers);
  append_number (json, "opened", counters->n_opened);
  append_number (json, "resumed", counters->n_resumed);
  append_number (json, "refused", counters->n_refused);
  append_number (json, "failed", counters->n_failed);
  append_number (json, "closed_by_server", counters->n_closed_by_server);
  append_number (json, "broken", counters->n_broken);
  append_number (json, "missing", counters->n_missing);
  append_number (json, "announced", counters->n_announced);
  append_number (json, "gaps", counters->n_gaps);
  append_number (json, "dup", counters->n_duplicates);
  append_number (json, "disordered", counters->n_disordered);
  append_number (json, "unstamped", counters->n_unstamped);
  append_number (json, "behind", self->n_behind);
}

static void
append_costs (Run *self, GString *json)
{
  const LoadCounters *counters = &self->engine.counters;
  double measured_s = get_wall_s (&self->started, &self->measured);
  double cpu_s = get_cpu_s (&self->started, &self->measured);
  gint64 resident_kib =
    (gint64) self->ramped.server.resident_kib - (gint64) self->before.server.resident_kib;

  append_real (json, "connects_per_s",
               get_ratio ((double) counters->n_opened, (double) self->ramp_us / 1e6));
  append_real (json, "resident_kib_per_reader",
               get_ratio ((double) resident_kib, self->engine.n_readers));
  append_number (json, "resident_kib", self->measured.server.resident_kib);
  append_real (json, "idle_cpu_percent",
               100 * get_ratio (get_cpu_s (&self->ramped, &self->idled),
                                get_wall_s (&self->ramped, &self->idled)));
  append_real (json, "measured_s", measured_s);
  append_number (json, "versions", self->measured.seq - self->started.seq);
  append_number (json, "events", counters->n_measured);
  append_number (json, "snapshots", counters->n_measured_snapshots);
  append_real (json, "bytes_per_event",
               get_ratio ((double) counters->n_measured_bytes, (double) counters->n_measured));
  append_real (json, "server_cpu_s", cpu_s);
  append_real (json, "cpu_us_per_event", get_ratio (cpu_s * 1e6, (double) counters->n_measured));
  append_real (json, "cpu_us_per_snapshot",
               get_ratio (cpu_s * 1e6, (double) counters->n_measured_snapshots));
  append_real (json, "self_cpu_s",
               (double) (self->measured.self_cpu_ns - self->started.self_cpu_ns) / 1e9);
  append_real (json, "other_share", get_other_share (&self->started, &self->measured));
  append_real (json, "idle_other_share", get_other_share (&self->ramped, &self->idled));
  load_histogram_append_json (&self->engine.head_us, json, "head_us");
  load_histogram_append_json (&self->engine.delivery_us, json, "delivery_us");
}

static void
append_silent (Run *self, GString *json)
{
  double n_silent = self->plan->n_silent;

  append_number (json, "silent", (guint64) self->plan->n_silent);
  append_number (json, "silent_gone", self->engine.n_silent_gone);
  append_real (json, "silent_kernel_kib_each",
               get_ratio ((double) self->peak_silent_kernel_bytes / 1024, n_silent));
  append_number (json, "silent_kernel_kib_most", self->peak_one_kernel_bytes / 1024);
  append_number (json, "peak_resident_kib", self->peak_resident_kib);
  append_number (json, "peak_tcp_kib", self->peak_tcp_bytes / 1024);
  load_histogram_append_json (&self->engine.silent_life_ms, json, "silent_life_ms");
  load_histogram_append_json (&self->engine.silent_blocked_ms, json, "silent_blocked_ms");
}

static void
go_through_phases (Run *self)
{
  const LoadPlan *plan = self->plan;

  take_sample (self, &self->before);
  ramp (self);
  pump_for (self, SETTLE_US);
  take_sample (self, &self->ramped);
  pump_for (self, (gint64) (plan->idle_s * (double) SECOND));
  take_sample (self, &self->idled);
  self->engine.is_roaming = plan->n_roaming > 0;
  pump_for (self, (gint64) (plan->warm_s * (double) SECOND));
  take_sample (self, &self->started);
  self->engine.is_measuring = TRUE;
  pump_for (self, (gint64) (plan->measure_s * (double) SECOND));
  take_sample (self, &self->measured);
  self->engine.is_measuring = FALSE;
  catch_up (self);
  wait_for_evictions (self);
}

gboolean
load_run_streams (const LoadPlan *plan, GString *json, GError **error)
{
  g_auto (Run) self = {
    .plan = plan,
    .end_us = g_get_monotonic_time () + (gint64) (plan->max_time_s * (double) SECOND),
    .by_port = g_hash_table_new (NULL, NULL),
  };
  LoadEngine *engine = &self.engine;

  if (!load_engine_init (engine, plan->url, (guint) (plan->n_readers + plan->n_silent), error))
    return FALSE;
  engine->n_sources = (guint) plan->n_sources;
  engine->can_resume = !plan->is_no_resume;
  for (guint i = 0; i < engine->n_readers; i++)
    if (i >= (guint) plan->n_readers)
      engine->readers[i].role = LOAD_ROLE_SILENT;
    else if (i < (guint) plan->n_roaming)
      engine->readers[i].role = LOAD_ROLE_ROAMING;

  go_through_phases (&self);
  append_correctness (&self, json);
  append_costs (&self, json);
  if (plan->is_watching)
    append_silent (&self, json);
  append_number (json, "is_cut", is_over (&self));
  return TRUE;
}
