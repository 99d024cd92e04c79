/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Load on an event stream, and the judge of it: opens readers of many kinds on loopback, checks
 * what each of them gets, and prints one line of JSON. One thread; bounded in time and number. */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include "load-plan.h"

#define MAX_READERS 60000
#define MAX_CYCLES 1000000
#define MAX_TIME_S 3600

static void
plan_clear (LoadPlan *plan)
{
  g_clear_pointer (&plan->url, g_free);
  g_clear_pointer (&plan->label, g_free);
  g_clear_pointer (&plan->probe_path, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LoadPlan, plan_clear)

static gboolean
is_sane (const LoadPlan *plan)
{
  return plan->url != NULL && plan->n_readers >= 0 && plan->n_readers <= MAX_READERS &&
         plan->n_roaming >= 0 && plan->n_roaming <= plan->n_readers && plan->n_silent >= 0 &&
         plan->n_silent <= MAX_READERS && plan->n_half >= 0 && plan->n_half <= MAX_READERS &&
         plan->n_cycles >= 0 && plan->n_cycles <= MAX_CYCLES && plan->n_probes >= 0 &&
         plan->n_probes <= 10000 && plan->n_sources >= 1 && plan->n_sources <= 250 &&
         plan->in_flight >= 1 && plan->in_flight <= 4096 && plan->pid >= 0 && plan->idle_s >= 0 &&
         plan->warm_s >= 0 && plan->measure_s >= 0 && plan->silent_wait_s >= 0 &&
         plan->max_time_s > 0 && plan->max_time_s <= MAX_TIME_S;
}

static gboolean
parse (LoadPlan *plan, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    {"url", 0, 0, G_OPTION_ARG_STRING, &plan->url, "The stream; loopback only", "URL"},
    {"pid", 0, 0, G_OPTION_ARG_INT, &plan->pid, "The server's process", "PID"},
    {"label", 0, 0, G_OPTION_ARG_STRING, &plan->label, "Goes into the result", "TEXT"},
    {"readers", 0, 0, G_OPTION_ARG_INT, &plan->n_readers, "Readers (100)", "N"},
    {"roaming", 0, 0, G_OPTION_ARG_INT, &plan->n_roaming, "Of them come and go (0)", "N"},
    {"silent", 0, 0, G_OPTION_ARG_INT, &plan->n_silent, "Readers that never read (0)", "N"},
    {"sources", 0, 0, G_OPTION_ARG_INT, &plan->n_sources, "Addresses to come from (1)", "N"},
    {"in-flight", 0, 0, G_OPTION_ARG_INT, &plan->in_flight, "Connects at once (256)", "N"},
    {"no-resume", 0, 0, G_OPTION_ARG_NONE, &plan->is_no_resume, "Never send an id", NULL},
    {"watch", 0, 0, G_OPTION_ARG_NONE, &plan->is_watching, "Look at memory all the time", NULL},
    {"idle", 0, 0, G_OPTION_ARG_DOUBLE, &plan->idle_s, "Measure an idle phase (0)", "SECONDS"},
    {"warm", 0, 0, G_OPTION_ARG_DOUBLE, &plan->warm_s, "Before measuring (1)", "SECONDS"},
    {"measure", 0, 0, G_OPTION_ARG_DOUBLE, &plan->measure_s, "Measure (10)", "SECONDS"},
    {"silent-wait", 0, 0, G_OPTION_ARG_DOUBLE, &plan->silent_wait_s, "For evictions (0)",
     "SECONDS"},
    {"cycles", 0, 0, G_OPTION_ARG_INT, &plan->n_cycles, "Connect and close instead", "N"},
    {"half", 0, 0, G_OPTION_ARG_INT, &plan->n_half, "Half-sent requests instead", "N"},
    {"probe-path", 0, 0, G_OPTION_ARG_STRING, &plan->probe_path, "Of the requests meanwhile",
     "PATH"},
    {"probes", 0, 0, G_OPTION_ARG_INT, &plan->n_probes, "How many (200)", "N"},
    {"max-time", 0, 0, G_OPTION_ARG_DOUBLE, &plan->max_time_s, "End after (300)", "SECONDS"},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (!is_sane (plan))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           "--url is missing, or a number is out of its range");
      return FALSE;
    }
  return TRUE;
}

static gboolean
raise_descriptor_limit (const LoadPlan *plan, GError **error)
{
  struct rlimit limit;
  guint64 wanted =
    (guint64) plan->n_readers + (guint64) plan->n_silent + (guint64) plan->n_half + 64;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= wanted)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               "The descriptor limit of %" G_GUINT64_FORMAT " is too low",
               (guint64) limit.rlim_cur);
  return FALSE;
}

int
main (int argc, char **argv)
{
  g_auto (LoadPlan) plan = {
    .probe_path = g_strdup ("/health"),
    .n_readers = 100,
    .n_sources = 1,
    .in_flight = 256,
    .n_probes = 200,
    .warm_s = 1,
    .measure_s = 10,
    .max_time_s = 300,
  };
  g_autoptr (GString) json = g_string_new ("{");
  g_autoptr (GError) error = NULL;
  gboolean is_valid;

  signal (SIGPIPE, SIG_IGN);
  if (!parse (&plan, &argc, &argv, &error) || !raise_descriptor_limit (&plan, &error))
    {
      fprintf (stderr, "sse-load: %s\n", error->message);
      return 2;
    }

  g_string_append_printf (json, "\"label\":\"%s\"", plan.label != NULL ? plan.label : "");
  if (plan.n_cycles > 0)
    is_valid = load_run_cycles (&plan, json, &error);
  else if (plan.n_half > 0)
    is_valid = load_run_half (&plan, json, &error);
  else
    is_valid = load_run_streams (&plan, json, &error);
  if (!is_valid)
    {
      fprintf (stderr, "sse-load: %s\n", error->message);
      return 1;
    }
  printf ("%s}\n", json->str);
  return 0;
}
