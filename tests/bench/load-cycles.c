/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>

#include "load-engine.h"
#include "load-plan.h"

/* Memory is looked at after each of these many cycles. */
#define STEP 10000
/* So long may the server take to close what we have closed. */
#define SETTLE_US (3 * G_USEC_PER_SEC)

static void
run_step (LoadEngine *engine, guint64 target, gint64 end_us)
{
  while (engine->counters.n_cycles < target && g_get_monotonic_time () < end_us)
    {
      for (guint i = 0; i < engine->n_readers; i++)
        if (engine->readers[i].state == LOAD_READER_AWAY &&
            engine->counters.n_cycles + engine->n_in_flight < target)
          load_engine_start_reader (engine, &engine->readers[i]);
        /* A refusal is counted and the place tried again: it is no cycle. */
        else if (engine->readers[i].state == LOAD_READER_GONE)
          engine->readers[i].state = LOAD_READER_AWAY;
      load_engine_pump (engine, 5);
    }
}

/* Waits until the server has as few descriptors as before, or time is up. */
static void
settle (LoadEngine *engine, guint pid, guint n_descriptors, LoadProcess *sample)
{
  gint64 end_us = g_get_monotonic_time () + SETTLE_US;

  while (load_process_sample (pid, sample) && sample->n_descriptors > n_descriptors &&
         g_get_monotonic_time () < end_us)
    load_engine_pump (engine, 20);
}

gboolean
load_run_cycles (const LoadPlan *plan, GString *json, GError **error)
{
  g_auto (LoadEngine) engine = {0};
  LoadProcess before, sample;
  gint64 start_us = g_get_monotonic_time ();
  gint64 end_us = start_us + (gint64) (plan->max_time_s * 1e6);
  guint64 done = 0;

  if (!load_engine_init (&engine, plan->url, (guint) plan->in_flight, error))
    return FALSE;
  if (!load_process_sample ((guint) plan->pid, &before))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "--pid is not a process");
      return FALSE;
    }

  engine.n_sources = (guint) plan->n_sources;
  for (guint i = 0; i < engine.n_readers; i++)
    engine.readers[i].role = LOAD_ROLE_CYCLING;
  g_string_append_printf (json,
                          ",\"descriptors\":%u,\"resident_kib\":%" G_GUINT64_FORMAT ",\"steps\":[",
                          before.n_descriptors, before.resident_kib);
  while (done < (guint64) plan->n_cycles && g_get_monotonic_time () < end_us)
    {
      guint64 target = MIN (done + STEP, (guint64) plan->n_cycles);

      run_step (&engine, target, end_us);
      settle (&engine, (guint) plan->pid, before.n_descriptors, &sample);
      g_string_append_printf (json,
                              "%s{\"cycles\":%" G_GUINT64_FORMAT
                              ",\"descriptors\":%u,\"resident_kib\":%" G_GUINT64_FORMAT "}",
                              done > 0 ? "," : "", engine.counters.n_cycles, sample.n_descriptors,
                              sample.resident_kib);
      done = target;
    }
  g_string_append_printf (json,
                          "],\"cycles\":%" G_GUINT64_FORMAT ",\"refused\":%" G_GUINT64_FORMAT
                          ",\"failed\":%" G_GUINT64_FORMAT ",\"seconds\":%.3f",
                          engine.counters.n_cycles, engine.counters.n_refused,
                          engine.counters.n_failed,
                          (double) (g_get_monotonic_time () - start_us) / 1e6);
  load_histogram_append_json (&engine.head_us, json, "head_us");
  return TRUE;
}
