/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * DaemonProcess:
 *
 * The real marketwelld in a state folder of its own, on a port that was free. $MARKETWELLD is the
 * program; else it is looked for in the build folder of the tests.
 */
typedef struct _DaemonProcess DaemonProcess;

/* Starts it with @arguments (array zero-terminated=1) besides --state-dir and --listen, and waits
 * until it says that it listens. */
DaemonProcess *daemon_process_start (const char *const *arguments);
/* The same without --state-dir: its folder is in $XDG_STATE_HOME, which is the state folder here.
 */
DaemonProcess *daemon_process_start_without_state_dir (const char *const *arguments);
/* `http://127.0.0.1:PORT` */
const char *daemon_process_get_address (DaemonProcess *self);
/* `unix:STATE/http.sock` */
char *daemon_process_dup_unix_address (DaemonProcess *self);
guint16 daemon_process_get_port (DaemonProcess *self);
int daemon_process_get_pid (DaemonProcess *self);
const char *daemon_process_get_state_dir (DaemonProcess *self);
/* Asserts that it ends by itself, with 0, within @seconds. */
void daemon_process_wait (DaemonProcess *self, double seconds);
/* The same after SIGTERM. */
void daemon_process_stop (DaemonProcess *self, double seconds);
/* Removes the state folder; kills the process if it was not stopped. */
void daemon_process_free (DaemonProcess *self);

/* Only starts it, with --state-dir and @arguments, standard output in a pipe. */
GSubprocess *daemon_process_spawn (const char *const *arguments, const char *state_dir);

/* Runs it to its end with exactly @arguments. Returns: its exit code; @said: what stands on
 * standard error */
int daemon_process_run (const char *const *arguments, char **said);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonProcess, daemon_process_free)

G_END_DECLS
