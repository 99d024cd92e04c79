/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "ctl-world.h"
#include "wait.h"

#define PATIENCE 20

#define ENTERED "\033[?1049h"
#define LEFT "\033[?25h\033[?1049l"

/* The command on a terminal of its own. */
typedef struct
{
  CtlWorld *world;      /* (owned) */
  GSubprocess *process; /* (owned) (nullable) */
  GString *screen;      /* (owned): all that was written */
  struct termios modes; /* before */
  int fd;               /* of our end */
  guint source_id;
  gboolean has_ended;
} Fixture;

static gboolean
readable_cb (int fd, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
  Fixture *fixture = user_data;
  char bytes[4096];
  gssize size = read (fd, bytes, sizeof bytes);

  if (size > 0)
    g_string_append_len (fixture->screen, bytes, size);
  if (size > 0 || errno == EAGAIN)
    return G_SOURCE_CONTINUE;

  fixture->source_id = 0;
  return G_SOURCE_REMOVE;
}

/* In the child: the terminal becomes the one that its signals come from. */
static void
take_terminal (G_GNUC_UNUSED gpointer user_data)
{
  setsid ();
  ioctl (STDIN_FILENO, TIOCSCTTY, 0);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  fixture->has_ended = TRUE;
}

static void
set_size (Fixture *fixture, gushort width, gushort height)
{
  struct winsize size = {.ws_col = width, .ws_row = height};

  g_assert_cmpint (ioctl (fixture->fd, TIOCSWINSZ, &size), ==, 0);
}

static void
start (Fixture *fixture, const char *const *arguments)
{
  g_auto (GStrv) command = ctl_dup_command (arguments);
  GSubprocessLauncher *launcher = fixture->world->launcher;
  g_autoptr (GError) error = NULL;
  int their_fd = -1;

  g_assert_cmpint (openpty (&fixture->fd, &their_fd, NULL, NULL, NULL), ==, 0);
  g_assert_true (g_unix_set_fd_nonblocking (fixture->fd, TRUE, NULL));
  fcntl (fixture->fd, F_SETFD, FD_CLOEXEC);
  g_assert_cmpint (tcgetattr (their_fd, &fixture->modes), ==, 0);
  set_size (fixture, 80, 24);
  fixture->source_id = g_unix_fd_add (fixture->fd, G_IO_IN | G_IO_HUP, readable_cb, fixture);

  g_subprocess_launcher_set_flags (launcher, G_SUBPROCESS_FLAGS_NONE);
  g_subprocess_launcher_set_child_setup (launcher, take_terminal, NULL, NULL);
  g_subprocess_launcher_take_stdin_fd (launcher, dup (their_fd));
  g_subprocess_launcher_take_stdout_fd (launcher, their_fd);
  fixture->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) command, &error);
  g_assert_no_error (error);
  g_subprocess_wait_async (fixture->process, NULL, ended_cb, fixture);
  wait_until (strstr (fixture->screen->str, "BTC") != NULL, PATIENCE);
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fixture->screen = g_string_new (NULL);
  fixture->world = ctl_world_new ("bus");
  ctl_world_start_daemon (fixture->world, "0.5");
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  if (fixture->process != NULL && !fixture->has_ended)
    g_subprocess_force_exit (fixture->process);
  if (fixture->process != NULL)
    wait_until (fixture->has_ended, PATIENCE);
  g_clear_handle_id (&fixture->source_id, g_source_remove);
  close (fixture->fd);
  g_clear_object (&fixture->process);
  ctl_world_free (fixture->world);
  g_string_free (fixture->screen, TRUE);
}

static void
type (Fixture *fixture, const char *keys)
{
  g_assert_cmpint (write (fixture->fd, keys, strlen (keys)), ==, (gssize) strlen (keys));
}

static gboolean
has_modes (Fixture *fixture)
{
  struct termios modes = {0};

  return tcgetattr (fixture->fd, &modes) == 0 && modes.c_lflag == fixture->modes.c_lflag &&
         memcmp (modes.c_cc, fixture->modes.c_cc, sizeof modes.c_cc) == 0;
}

static void
assert_restored (Fixture *fixture)
{
  wait_until (g_str_has_suffix (fixture->screen->str, LEFT), PATIENCE);
  wait_until (has_modes (fixture), PATIENCE);
}

static void
test_q_quits (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  start (fixture, (const char *[]){"watch", NULL});
  g_assert_nonnull (strstr (fixture->screen->str, ENTERED));
  g_assert_false (has_modes (fixture));
  type (fixture, "xyz\033[A");
  type (fixture, "q");
  wait_until (fixture->has_ended, PATIENCE);
  g_assert_cmpint (g_subprocess_get_exit_status (fixture->process), ==, 0);
  assert_restored (fixture);
}

static void
test_control_c (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  start (fixture, (const char *[]){"watch", NULL});
  type (fixture, "\003");
  wait_until (fixture->has_ended, PATIENCE);
  g_assert_cmpint (g_subprocess_get_exit_status (fixture->process), ==, 0);
  assert_restored (fixture);
}

static void
test_death (Fixture *fixture, gconstpointer user_data)
{
  int signal_number = GPOINTER_TO_INT (user_data);

  start (fixture, (const char *[]){"watch", NULL});
  g_assert_false (g_str_has_suffix (fixture->screen->str, LEFT));
  g_subprocess_send_signal (fixture->process, signal_number);
  wait_until (fixture->has_ended, PATIENCE);
  assert_restored (fixture);
}

static void
test_resize (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  start (fixture, (const char *[]){"watch", NULL});
  wait_until (strstr (fixture->screen->str, "Crude") != NULL, PATIENCE);
  g_string_truncate (fixture->screen, 0);
  set_size (fixture, 40, 5);
  /* Two of nine rows are left, and no room for names. */
  wait_until (strstr (fixture->screen->str, "7 more") != NULL, PATIENCE);
  g_assert_null (strstr (strstr (fixture->screen->str, "\033[H"), "Brent"));
  type (fixture, "G");
  wait_until (strstr (fixture->screen->str, "IXIC") != NULL, PATIENCE);
}

static void
test_offline (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  start (fixture, (const char *[]){"watch", "--color=never", "BTC", NULL});
  ctl_world_kill_daemon (fixture->world);
  wait_until (strstr (fixture->screen->str, "offline: ") != NULL, PATIENCE);
  wait_until (strstr (fixture->screen->str, "stale: offline") != NULL, PATIENCE);
}

static guint
count_colors (const char *text)
{
  guint n = 0;

  for (const char *p = strstr (text, "\033["); p != NULL; p = strstr (p + 1, "\033["))
    n += p[2 + strspn (p + 2, "0123456789;")] == 'm' && p[2] != '0';
  return n;
}

static void
test_colors (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  start (fixture, (const char *[]){"watch", NULL});
  g_assert_cmpuint (count_colors (fixture->screen->str), >, 0);
}

static void
test_no_color (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_subprocess_launcher_setenv (fixture->world->launcher, "NO_COLOR", "1", TRUE);
  start (fixture, (const char *[]){"watch", NULL});
  g_assert_cmpuint (count_colors (fixture->screen->str), ==, 0);
}

static void
test_dumb_terminals_get_lines (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_subprocess_launcher_setenv (fixture->world->launcher, "TERM", "dumb", TRUE);
  start (fixture, (const char *[]){"watch", NULL});
  g_assert_null (strchr (fixture->screen->str, '\033'));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, data, func)                                                                      \
  g_test_add ("/ctl-terminal/" name, Fixture, data, set_up, func, tear_down)
  ADD ("q-quits", NULL, test_q_quits);
  ADD ("control-c-quits", NULL, test_control_c);
  ADD ("sigterm-restores-it", GINT_TO_POINTER (SIGTERM), test_death);
  ADD ("a-crash-restores-it", GINT_TO_POINTER (SIGABRT), test_death);
  ADD ("even-sigkill-restores-it", GINT_TO_POINTER (SIGKILL), test_death);
  ADD ("a-new-size-is-filled", NULL, test_resize);
  ADD ("a-lost-service-is-told", NULL, test_offline);
  ADD ("colors-are-used", NULL, test_colors);
  ADD ("no-color-is-obeyed", NULL, test_no_color);
  ADD ("dumb-terminals-get-lines", NULL, test_dumb_terminals_get_lines);
#undef ADD

  return g_test_run ();
}
