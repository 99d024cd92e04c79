/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LoadPlan:
 * @pid: the server, to sample; 0 = do not
 * @in_flight: connects at once
 * @silent_wait_s: after measuring, wait so long for silent readers to be thrown out
 * @is_watching: look at memory, and at each silent reader's socket, ten times a second
 * @is_no_resume: the server knows no `Last-Event-ID`
 * @max_time_s: the whole run ends after that, whatever is missing
 *
 * The command line.
 */
typedef struct
{
  char *url;
  char *label;
  char *probe_path;
  int pid;
  int n_readers;
  int n_roaming;
  int n_silent;
  int n_sources;
  int in_flight;
  int n_cycles;
  int n_half;
  int n_probes;
  gboolean is_no_resume;
  gboolean is_watching;
  double idle_s;
  double warm_s;
  double measure_s;
  double silent_wait_s;
  double max_time_s;
} LoadPlan;

/* Each appends its members to @json and returns FALSE when the run says nothing. */
gboolean load_run_streams (const LoadPlan *plan, GString *json, GError **error);
gboolean load_run_cycles (const LoadPlan *plan, GString *json, GError **error);
gboolean load_run_half (const LoadPlan *plan, GString *json, GError **error);

G_END_DECLS
