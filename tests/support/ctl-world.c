/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ctl-world.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "wait.h"

#define PATIENCE 20
/* Between two looks at a daemon that starts. */
#define LOOK_US (50 * 1000)

static char *
dup_program (const char *variable, const char *folder, const char *name)
{
  const char *program = g_getenv (variable);

  return program != NULL ? g_strdup (program)
                         : g_test_build_filename (G_TEST_BUILT, "..", "src", folder, name, NULL);
}

char **
ctl_dup_command (const char *const *arguments)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *program = dup_program ("MARKETWELL", "ctl", "marketwell");

  g_strv_builder_add (builder, program);
  g_strv_builder_addv (builder, (const char **) arguments);
  return g_strv_builder_end (builder);
}

double
ctl_get_slowness (void)
{
  const char *text = g_getenv ("MARKETWELL_TEST_SLOW");
  double slowness = text != NULL ? g_ascii_strtod (text, NULL) : 1.0;

  return MAX (slowness, 1.0);
}

static void
signal_cb (G_GNUC_UNUSED GDBusConnection *connection,
           G_GNUC_UNUSED const char *sender,
           G_GNUC_UNUSED const char *path,
           G_GNUC_UNUSED const char *interface,
           G_GNUC_UNUSED const char *signal,
           G_GNUC_UNUSED GVariant *arguments,
           gpointer user_data)
{
  CtlWorld *self = user_data;

  self->n_signals++;
  self->signal_us = g_get_monotonic_time ();
}

static void
join_bus (CtlWorld *self)
{
  const char *address = NULL;
  g_autoptr (GError) error = NULL;

  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->bus);
  address = g_test_dbus_get_bus_address (self->bus);
  g_subprocess_launcher_setenv (self->launcher, "DBUS_SESSION_BUS_ADDRESS", address, TRUE);
  self->connection = g_dbus_connection_new_for_address_sync (
    address,
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);
  self->subscription_id = g_dbus_connection_signal_subscribe (
    self->connection, NULL, APP_ID ".Quotes1", "QuotesChanged", APP_PATH, NULL,
    G_DBUS_SIGNAL_FLAGS_NONE, signal_cb, self, NULL);
}

/* A test that fails leaves nobody behind. */
static void
die_with_test (G_GNUC_UNUSED gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

CtlWorld *
ctl_world_new (const char *kind)
{
  static const char *const folders[] = {"HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR",
                                        "XDG_STATE_HOME"};
  static const char *const unwanted[] = {"DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "LANGUAGE",
                                         "LC_ALL", "NO_COLOR"};
  CtlWorld *self = g_new0 (CtlWorld, 1);
  g_autoptr (GError) error = NULL;

  self->dir = g_dir_make_tmp ("marketwell-XXXXXX", &error);
  g_assert_no_error (error);
  self->launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_subprocess_launcher_set_child_setup (self->launcher, die_with_test, NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    g_subprocess_launcher_setenv (self->launcher, folders[i], self->dir, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (unwanted); i++)
    g_subprocess_launcher_unsetenv (self->launcher, unwanted[i]);
  g_subprocess_launcher_setenv (self->launcher, "LANG", "C.UTF-8", TRUE);
  g_subprocess_launcher_setenv (self->launcher, "TERM", "xterm", TRUE);
  if (g_str_equal (kind, "bus"))
    join_bus (self);

  return self;
}

static void
end_process (GSubprocess *process)
{
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
  g_object_unref (process);
}

void
ctl_world_free (CtlWorld *self)
{
  const char *argv[] = {"rm", "-rf", "--", self->dir, NULL};

  g_clear_pointer (&self->daemon, end_process);
  if (self->bus != NULL)
    {
      g_dbus_connection_signal_unsubscribe (self->connection, self->subscription_id);
      g_dbus_connection_close_sync (self->connection, NULL, NULL);
      wait_settle ();
      g_clear_object (&self->connection);
      g_test_dbus_down (self->bus);
      g_clear_object (&self->bus);
    }
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  g_object_unref (self->launcher);
  g_free (self->dir);
  g_free (self);
}

static gboolean
has_prices (CtlWorld *self)
{
  g_auto (CtlOutcome) outcome = {0};

  ctl_world_run (self, (const char *[]){"list", "--json", NULL}, &outcome);
  return outcome.code == 0 && strstr (outcome.out, "\"symbol\"") != NULL;
}

void
ctl_world_start_daemon (CtlWorld *self, const char *interval)
{
  g_autofree char *program = dup_program ("MARKETWELLD", "daemon", "marketwelld");
  g_autoptr (GError) error = NULL;
  gint64 end_us =
    g_get_monotonic_time () + (gint64) (PATIENCE * ctl_get_slowness () * (double) G_USEC_PER_SEC);

  g_subprocess_launcher_set_flags (self->launcher, G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                                     G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  self->daemon = g_subprocess_launcher_spawn (self->launcher, &error, program, "--demo", "--listen",
                                              "127.0.0.1:0", "--interval", interval,
                                              self->bus == NULL ? "--no-bus" : NULL, NULL);
  g_assert_no_error (error);
  while (!has_prices (self))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (LOOK_US);
    }
}

void
ctl_world_kill_daemon (CtlWorld *self)
{
  g_clear_pointer (&self->daemon, end_process);
}

gint64
ctl_world_wait_for_signal (CtlWorld *self)
{
  guint n_signals = self->n_signals;

  wait_until (self->n_signals > n_signals, PATIENCE);
  return self->signal_us;
}

char *
ctl_world_dup_unix_option (CtlWorld *self)
{
  return g_strconcat ("--address=unix:", self->dir, "/marketwell/http.sock", NULL);
}

void
ctl_world_run (CtlWorld *self, const char *const *arguments, CtlOutcome *outcome)
{
  g_auto (GStrv) command = ctl_dup_command (arguments);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_flags (self->launcher,
                                   G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  process = g_subprocess_launcher_spawnv (self->launcher, (const char *const *) command, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &outcome->out, &outcome->err, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  outcome->code = g_subprocess_get_exit_status (process);
}

void
ctl_outcome_clear (CtlOutcome *self)
{
  g_free (self->out);
  g_free (self->err);
}

static void read_next_line (CtlWatch *self);

static void
line_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CtlWatch *self = user_data;
  char *line =
    g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, NULL);

  self->is_reading = FALSE;
  if (line == NULL)
    return;
  g_ptr_array_add (self->lines, line);
  read_next_line (self);
}

static void
read_next_line (CtlWatch *self)
{
  self->is_reading = TRUE;
  g_data_input_stream_read_line_async (self->output, G_PRIORITY_DEFAULT, self->cancellable,
                                       line_read_cb, self);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CtlWatch *self = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  self->has_ended = TRUE;
}

CtlWatch *
ctl_watch_start (CtlWorld *world, const char *const *arguments)
{
  CtlWatch *self = g_new0 (CtlWatch, 1);
  g_auto (GStrv) command = ctl_dup_command (arguments);
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_flags (world->launcher,
                                   G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  self->process =
    g_subprocess_launcher_spawnv (world->launcher, (const char *const *) command, &error);
  g_assert_no_error (error);
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->cancellable = g_cancellable_new ();
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_subprocess_wait_async (self->process, NULL, ended_cb, self);
  read_next_line (self);

  return self;
}

void
ctl_watch_close (CtlWatch *self)
{
  g_cancellable_cancel (self->cancellable);
  wait_until (!self->is_reading, PATIENCE);
  g_input_stream_close (G_INPUT_STREAM (self->output), NULL, NULL);
}

void
ctl_watch_free (CtlWatch *self)
{
  ctl_watch_close (self);
  if (!self->has_ended)
    g_subprocess_force_exit (self->process);
  wait_until (self->has_ended, PATIENCE);
  g_object_unref (self->output);
  g_object_unref (self->cancellable);
  g_object_unref (self->process);
  g_ptr_array_unref (self->lines);
  g_free (self->errors);
  g_free (self);
}

const char *
ctl_watch_wait_for_line (CtlWatch *self, guint n)
{
  wait_until (self->lines->len > n, PATIENCE);
  return g_ptr_array_index (self->lines, n);
}

guint
ctl_watch_wait_for_text (CtlWatch *self, guint n, const char *text)
{
  while (strstr (ctl_watch_wait_for_line (self, n), text) == NULL)
    n++;

  return n;
}

int
ctl_watch_wait_for_end (CtlWatch *self)
{
  wait_until (self->has_ended, PATIENCE);
  g_assert_true (g_subprocess_get_if_exited (self->process));
  return g_subprocess_get_exit_status (self->process);
}

/* After its end. */
const char *
ctl_watch_get_errors (CtlWatch *self)
{
  char text[4096] = "";
  gsize size = 0;

  g_assert_true (g_input_stream_read_all (g_subprocess_get_stderr_pipe (self->process), text,
                                          sizeof text - 1, &size, NULL, NULL));
  g_free (self->errors);
  self->errors = g_strndup (text, size);
  return self->errors;
}
