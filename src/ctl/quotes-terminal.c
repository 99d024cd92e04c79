/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* The alternate screen, without a cursor and without wrapping: a sign that is wider here than we
 * think must not push the rest down. */
#define ENTER "\033[?1049h\033[?25l\033[?7l\033[2J"
#define LEAVE "\033[0m\033[?7h\033[?25h\033[?1049l"

#define DEFAULT_WIDTH 80
#define DEFAULT_HEIGHT 24

#define CONTROL(c) ((c) &0x1f)

/**
 * QuotesTerminal:
 *
 * The terminal while `watch` has it for itself. A child process, the guard, does nothing but wait
 * for our end and put the terminal back: it does so even when we crash or are killed, which no
 * handler in this process could.
 */
struct _QuotesTerminal
{
  QuotesKeyFunc func;
  gpointer user_data;
  struct termios modes; /* before us */
  gboolean has_modes;   /* standard input is a terminal */
  guint input_id;
  int guard_fd; /* -1 = none */
  pid_t guard_pid;
};

static void
write_all (const char *text)
{
  gsize size = strlen (text);

  while (size > 0)
    {
      gssize n = write (STDOUT_FILENO, text, size);

      if (n < 0 && errno != EINTR)
        return;
      if (n > 0)
        {
          text += n;
          size -= (gsize) n;
        }
    }
}

/* Only what is safe in a handler of signals may be called between fork() and _exit(). */
static void
restore (const struct termios *modes)
{
  write_all (LEAVE);
  if (modes != NULL)
    tcsetattr (STDIN_FILENO, TCSADRAIN, modes);
}

/* In the guard. A byte says that all is in order, the end of the pipe that we died. */
static void G_GNUC_NORETURN
stand_guard (int fd, const struct termios *modes)
{
  static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTOU, SIGPIPE};
  char byte = 0;
  gssize n = -1;

  for (gsize i = 0; i < G_N_ELEMENTS (ignored); i++)
    signal (ignored[i], SIG_IGN);
  do
    n = read (fd, &byte, 1);
  while (n < 0 && errno == EINTR);
  if (n == 0)
    restore (modes);
  _exit (0);
}

static void
post_guard (QuotesTerminal *self)
{
  int fds[2] = {-1, -1};

  if (!g_unix_open_pipe (fds, FD_CLOEXEC, NULL))
    return;

  self->guard_pid = fork ();
  if (self->guard_pid == 0)
    {
      close (fds[1]);
      stand_guard (fds[0], self->has_modes ? &self->modes : NULL);
    }
  close (fds[0]);
  if (self->guard_pid > 0)
    self->guard_fd = fds[1];
  else
    close (fds[1]);
}

static void
dismiss_guard (QuotesTerminal *self)
{
  if (self->guard_fd < 0)
    return;

  /* If this fails it restores what is restored already. */
  if (write (self->guard_fd, "q", 1) != 1)
    g_debug ("Could not dismiss the guard");
  g_close (self->guard_fd, NULL);
  self->guard_fd = -1;
  while (waitpid (self->guard_pid, NULL, 0) < 0 && errno == EINTR)
    continue;
}

static void
take_terminal (QuotesTerminal *self)
{
  struct termios modes = self->modes;

  if (self->has_modes)
    {
      modes.c_lflag &= ~(tcflag_t) (ICANON | ECHO);
      modes.c_cc[VMIN] = 1;
      modes.c_cc[VTIME] = 0;
      /* We put the screen back before we stop. */
      modes.c_cc[VSUSP] = _POSIX_VDISABLE;
      tcsetattr (STDIN_FILENO, TCSADRAIN, &modes);
    }
  write_all (ENTER);
}

static QuotesKey
get_plain_key (char c)
{
  switch (c)
    {
    case 'q':
    case 'Q':
      return QUOTES_KEY_QUIT;
    case CONTROL ('z'):
      return QUOTES_KEY_SUSPEND;
    case CONTROL ('l'):
      return QUOTES_KEY_REDRAW;
    case 'k':
      return QUOTES_KEY_UP;
    case 'j':
      return QUOTES_KEY_DOWN;
    case 'b':
      return QUOTES_KEY_PAGE_UP;
    case ' ':
      return QUOTES_KEY_PAGE_DOWN;
    case 'g':
      return QUOTES_KEY_FIRST;
    case 'G':
      return QUOTES_KEY_LAST;
    default:
      return QUOTES_KEY_NONE;
    }
}

/* @final ends the sequence, @number is its only parameter. */
static QuotesKey
get_sequence_key (char final, int number)
{
  switch (final)
    {
    case 'A':
      return QUOTES_KEY_UP;
    case 'B':
      return QUOTES_KEY_DOWN;
    case 'H':
      return QUOTES_KEY_FIRST;
    case 'F':
      return QUOTES_KEY_LAST;
    case '~':
      if (number == 5)
        return QUOTES_KEY_PAGE_UP;
      if (number == 6)
        return QUOTES_KEY_PAGE_DOWN;
      return number == 1 ? QUOTES_KEY_FIRST : number == 4 ? QUOTES_KEY_LAST : QUOTES_KEY_NONE;
    default:
      return QUOTES_KEY_NONE;
    }
}

gsize
quotes_terminal_read_key (const char *bytes, gsize size, QuotesKey *key)
{
  gsize n = 2;
  int number = 0;

  *key = QUOTES_KEY_NONE;
  if (size == 0)
    return 0;
  if (bytes[0] != '\033')
    {
      *key = get_plain_key (bytes[0]);
      return 1;
    }
  /* A lone Escape means nothing to us; neither does Alt with a key. */
  if (size == 1 || (bytes[1] != '[' && bytes[1] != 'O'))
    return MIN (size, 2);

  while (n < size && (guchar) bytes[n] < 0x40)
    {
      if (g_ascii_isdigit (bytes[n]))
        number = MIN (number * 10 + g_ascii_digit_value (bytes[n]), 1000);
      n++;
    }
  if (n == size)
    return size;

  *key = get_sequence_key (bytes[n], number);
  return n + 1;
}

static gboolean
input_ready_cb (int fd, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
  QuotesTerminal *self = user_data;
  char bytes[256];
  gssize size = read (fd, bytes, sizeof bytes);
  QuotesKeyFunc func = self->func;
  gpointer data = self->user_data;
  gsize i = 0;

  if (size < 0 && (errno == EINTR || errno == EAGAIN))
    return G_SOURCE_CONTINUE;
  if (size <= 0)
    {
      self->input_id = 0;
      return G_SOURCE_REMOVE;
    }

  while (i < (gsize) size)
    {
      QuotesKey key = QUOTES_KEY_NONE;

      i += quotes_terminal_read_key (bytes + i, (gsize) size - i, &key);
      if (key != QUOTES_KEY_NONE)
        func (key, data);
    }
  return G_SOURCE_CONTINUE;
}

/* Returns: whether standard output is a terminal on which a screen can be drawn */
gboolean
quotes_terminal_can_show (void)
{
  const char *term = g_getenv ("TERM");

  return isatty (STDOUT_FILENO) != 0 && term != NULL && *term != '\0' &&
         !g_str_equal (term, "dumb");
}

/**
 * quotes_terminal_enter:
 * @func: called for each key that means something; must not leave
 *
 * To be called before there is another thread, because it forks.
 *
 * Returns: (transfer full): the terminal, until quotes_terminal_leave()
 */
QuotesTerminal *
quotes_terminal_enter (QuotesKeyFunc func, gpointer user_data)
{
  QuotesTerminal *self = g_new0 (QuotesTerminal, 1);

  self->func = func;
  self->user_data = user_data;
  self->guard_fd = -1;
  self->has_modes = tcgetattr (STDIN_FILENO, &self->modes) == 0;
  post_guard (self);
  take_terminal (self);
  if (self->has_modes)
    self->input_id = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, input_ready_cb, self);

  return self;
}

void
quotes_terminal_leave (QuotesTerminal *self)
{
  g_clear_handle_id (&self->input_id, g_source_remove);
  restore (self->has_modes ? &self->modes : NULL);
  dismiss_guard (self);
  g_free (self);
}

/* As a program does that Ctrl-Z stops; returns when it goes on. */
void
quotes_terminal_suspend (QuotesTerminal *self)
{
  restore (self->has_modes ? &self->modes : NULL);
  raise (SIGSTOP);
  take_terminal (self);
}

void
quotes_terminal_get_size (G_GNUC_UNUSED QuotesTerminal *self, guint *width, guint *height)
{
  struct winsize size = {0};

  *width = DEFAULT_WIDTH;
  *height = DEFAULT_HEIGHT;
  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0)
    {
      *width = size.ws_col;
      *height = size.ws_row;
    }
}
