/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-output.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "quotes-table.h"
#include "quotes-text.h"

/**
 * quotes_output_write:
 *
 * Writes all of @text at once, past the buffers of stdio: a bar waits for each line, and a full
 * disk is seen here and not at the end. SIGPIPE has to be ignored.
 */
gboolean
quotes_output_write (int fd, const char *text, gsize size, GError **error)
{
  while (size > 0)
    {
      gssize n = write (fd, text, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 && errno == EAGAIN)
        {
          GPollFD poll_fd = {.fd = fd, .events = G_IO_OUT};

          g_poll (&poll_fd, 1, -1);
          continue;
        }
      if (n < 0)
        {
          int code = errno;

          g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code),
                       _ ("Could not write: %s"), g_strerror (code));
          return FALSE;
        }
      text += n;
      size -= (gsize) n;
    }

  return TRUE;
}

/**
 * quotes_output_write_for_people:
 * @text: UTF-8
 *
 * As quotes_output_write(), in the charset of the locale.
 */
gboolean
quotes_output_write_for_people (int fd, const char *text, GError **error)
{
  const char *charset = NULL;
  g_autofree char *converted = NULL;

  if (g_get_charset (&charset))
    return quotes_output_write (fd, text, strlen (text), error);

  converted = quotes_text_to_charset (text, charset);
  return quotes_output_write (fd, converted, strlen (converted), error);
}

/**
 * quotes_output_get_width:
 *
 * Returns: the columns of the terminal that @fd is; %QUOTES_TABLE_ANY_WIDTH when it is none
 */
guint
quotes_output_get_width (int fd)
{
  struct winsize size = {0};

  if (isatty (fd) == 0 || ioctl (fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return QUOTES_TABLE_ANY_WIDTH;
  return size.ws_col;
}

/* What a variable of the shell says; 0 when it says nothing that can be. */
static guint
get_number (const char *variable)
{
  const char *text = g_getenv (variable);
  guint64 number = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, 10000, &number, NULL))
    return 0;
  return (guint) number;
}

/**
 * quotes_output_get_size:
 *
 * Of the terminal that @fd is. Where it is none, what `COLUMNS` and `LINES` say, else 80 by 18.
 */
void
quotes_output_get_size (int fd, guint *width, guint *height)
{
  struct winsize size = {0};

  if (isatty (fd) != 0 && ioctl (fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0)
    {
      *width = size.ws_col;
      *height = size.ws_row;
      return;
    }

  *width = get_number ("COLUMNS");
  *height = get_number ("LINES");
  if (*width == 0)
    *width = 80;
  if (*height == 0)
    *height = 18;
}
