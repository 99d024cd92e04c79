/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "daemon-process.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "wait.h"

#define LISTENING "listening on http://127.0.0.1:"

struct _DaemonProcess
{
  GSubprocess *process;     /* (owned) */
  GDataInputStream *output; /* (owned) */
  char *state_dir;          /* (owned) */
  char *address;            /* (owned) (nullable): until it said so */
  gboolean is_over;
  gboolean has_ended;
};

static char *
dup_program (void)
{
  const char *program = g_getenv ("MARKETWELLD");

  return program != NULL
           ? g_strdup (program)
           : g_test_build_filename (G_TEST_BUILT, "..", "src", "daemon", "marketwelld", NULL);
}

static void
line_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DaemonProcess *self = user_data;
  g_autofree char *line =
    g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, NULL);

  if (line == NULL)
    self->is_over = TRUE;
  else if (g_str_has_prefix (line, LISTENING))
    self->address = g_strdup (line + strlen ("listening on "));
  else
    g_test_message ("It said: %s", line);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DaemonProcess *self = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  self->has_ended = TRUE;
}

/* A test that fails ends at once; nothing of it stays behind. */
static void
die_with_test_cb (G_GNUC_UNUSED gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *
spawn (GSubprocessLauncher *launcher, GStrvBuilder *arguments)
{
  g_auto (GStrv) words = g_strv_builder_end (arguments);
  g_autoptr (GError) error = NULL;
  GSubprocess *process = NULL;

  g_subprocess_launcher_set_child_setup (launcher, die_with_test_cb, NULL, NULL);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) words, &error);
  g_assert_no_error (error);
  return process;
}

GSubprocess *
daemon_process_spawn (const char *const *arguments, const char *state_dir)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *program = dup_program ();

  g_strv_builder_add_many (builder, program, "--state-dir", state_dir, NULL);
  g_strv_builder_addv (builder, (const char **) arguments);
  return spawn (launcher, builder);
}

static DaemonProcess *
start (const char *const *arguments, gboolean has_state_dir)
{
  DaemonProcess *self = g_new0 (DaemonProcess, 1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *program = dup_program ();
  g_autoptr (GError) error = NULL;

  self->state_dir = g_dir_make_tmp ("marketwell-XXXXXX", &error);
  g_assert_no_error (error);
  g_strv_builder_add_many (builder, program, "--listen", "127.0.0.1:0", NULL);
  if (has_state_dir)
    g_strv_builder_add_many (builder, "--state-dir", self->state_dir, NULL);
  else
    g_subprocess_launcher_setenv (launcher, "XDG_STATE_HOME", self->state_dir, TRUE);
  g_strv_builder_addv (builder, (const char **) arguments);
  self->process = spawn (launcher, builder);
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_subprocess_wait_async (self->process, NULL, ended_cb, self);
  g_data_input_stream_read_line_async (self->output, G_PRIORITY_DEFAULT, NULL, line_read_cb, self);
  wait_until (self->address != NULL || self->is_over, 20);
  g_assert_nonnull (self->address);

  return self;
}

DaemonProcess *
daemon_process_start (const char *const *arguments)
{
  return start (arguments, TRUE);
}

DaemonProcess *
daemon_process_start_without_state_dir (const char *const *arguments)
{
  return start (arguments, FALSE);
}

const char *
daemon_process_get_address (DaemonProcess *self)
{
  return self->address;
}

char *
daemon_process_dup_unix_address (DaemonProcess *self)
{
  return g_strconcat ("unix:", self->state_dir, "/http.sock", NULL);
}

guint16
daemon_process_get_port (DaemonProcess *self)
{
  return (guint16) g_ascii_strtoull (strrchr (self->address, ':') + 1, NULL, 10);
}

int
daemon_process_get_pid (DaemonProcess *self)
{
  return (int) g_ascii_strtoll (g_subprocess_get_identifier (self->process), NULL, 10);
}

const char *
daemon_process_get_state_dir (DaemonProcess *self)
{
  return self->state_dir;
}

void
daemon_process_wait (DaemonProcess *self, double seconds)
{
  g_autofree char *more = NULL;

  wait_until (self->has_ended, seconds);
  g_assert_true (g_subprocess_get_if_exited (self->process));
  g_assert_cmpint (g_subprocess_get_exit_status (self->process), ==, 0);
  /* The one line was all that it said (contract: exactly one). */
  more = g_data_input_stream_read_line (self->output, NULL, NULL, NULL);
  g_assert_cmpstr (more, ==, NULL);
}

void
daemon_process_stop (DaemonProcess *self, double seconds)
{
  g_subprocess_send_signal (self->process, SIGTERM);
  daemon_process_wait (self, seconds);
}

static void
remove_folder (const char *path)
{
  GDir *dir = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_file_test (file, G_FILE_TEST_IS_DIR))
        remove_folder (file);
      else
        g_remove (file);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_rmdir (path);
}

void
daemon_process_free (DaemonProcess *self)
{
  if (!self->has_ended)
    g_subprocess_force_exit (self->process);
  wait_until (self->has_ended, 10);
  remove_folder (self->state_dir);
  g_object_unref (self->output);
  g_object_unref (self->process);
  g_free (self->state_dir);
  g_free (self->address);
  g_free (self);
}

int
daemon_process_run (const char *const *arguments, char **said)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *program = dup_program ();
  g_auto (GStrv) words = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_strv_builder_add (builder, program);
  g_strv_builder_addv (builder, (const char **) arguments);
  words = g_strv_builder_end (builder);
  process =
    g_subprocess_newv ((const char *const *) words,
                       G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, said, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));

  return g_subprocess_get_exit_status (process);
}
