/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CtlWorld:
 * @bus: (nullable): the session bus of this world
 *
 * A user's session of its own: folders, perhaps a bus, and in it the real daemon and the real
 * command ($MARKETWELLD, $MARKETWELL). The daemon shows made-up prices.
 */
typedef struct
{
  GTestDBus *bus;              /* (owned) (nullable) */
  GDBusConnection *connection; /* (owned) (nullable) */
  guint subscription_id;
  guint n_signals;
  gint64 signal_us;
  char *dir;                     /* (owned) */
  GSubprocessLauncher *launcher; /* (owned) */
  GSubprocess *daemon;           /* (owned) (nullable) */
} CtlWorld;

/* @kind: `bus`, or `socket` for a session without one */
CtlWorld *ctl_world_new (const char *kind);
void ctl_world_free (CtlWorld *self);
/* Starts the daemon with @interval seconds and waits for its first prices. */
void ctl_world_start_daemon (CtlWorld *self, const char *interval);
/* With SIGKILL. */
void ctl_world_kill_daemon (CtlWorld *self);
/* Waits for the next QuotesChanged. Returns: the monotonic time at which it came */
gint64 ctl_world_wait_for_signal (CtlWorld *self);
/* `--address=unix:...` */
char *ctl_world_dup_unix_option (CtlWorld *self);
/* Returns: (transfer full) (array zero-terminated=1): the command line */
char **ctl_dup_command (const char *const *arguments);
double ctl_get_slowness (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlWorld, ctl_world_free)

typedef struct
{
  int code;
  char *out; /* (owned) */
  char *err; /* (owned) */
} CtlOutcome;

/* Runs the command to its end. */
void ctl_world_run (CtlWorld *self, const char *const *arguments, CtlOutcome *outcome);
void ctl_outcome_clear (CtlOutcome *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CtlOutcome, ctl_outcome_clear)

/**
 * CtlWatch:
 * @lines: (element-type utf8): what it has written so far
 *
 * The command while it runs.
 */
typedef struct
{
  GSubprocess *process;      /* (owned) */
  GPtrArray *lines;          /* (owned) */
  GDataInputStream *output;  /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) */
  char *errors;              /* (owned) (nullable) */
  gboolean is_reading;
  gboolean has_ended;
} CtlWatch;

CtlWatch *ctl_watch_start (CtlWorld *world, const char *const *arguments);
/* Kills it if it runs. */
void ctl_watch_free (CtlWatch *self);
/* Returns: (transfer none): line @n, counted from 0 */
const char *ctl_watch_wait_for_line (CtlWatch *self, guint n);
/* Returns: the first line from @n on that contains @text */
guint ctl_watch_wait_for_text (CtlWatch *self, guint n, const char *text);
/* Stops reading, as a bar does that goes away. */
void ctl_watch_close (CtlWatch *self);
/* Returns: its exit code */
int ctl_watch_wait_for_end (CtlWatch *self);
const char *ctl_watch_get_errors (CtlWatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlWatch, ctl_watch_free)

G_END_DECLS
