/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-watch.h"

#include <glib-unix.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quotes-invocation.h"
#include "quotes-output.h"
#include "quotes-screen.h"
#include "quotes-terminal.h"

/* The ages on the screen grow by themselves. */
#define AGE_SECONDS 1

/**
 * Watch:
 *
 * Shows what the service tells until somebody ends it.
 */
typedef struct
{
  const QuotesWatchPlan *plan; /* (unowned) */
  GMainLoop *loop;             /* (owned) */
  QuotesTerminal *terminal;    /* (owned) (nullable): the full screen */
  QuotesSnapshot *snapshot;    /* (owned) (nullable): the newest list */
  QuotesView *view;            /* (owned) (nullable): what is shown */
  QuotesScreen screen;
  guint draw_id;
  GError *error; /* (owned) (nullable): what ended it */
} Watch;

static void
watch_clear (Watch *self)
{
  g_clear_handle_id (&self->draw_id, g_source_remove);
  g_clear_pointer (&self->terminal, quotes_terminal_leave);
  g_clear_pointer (&self->view, quotes_view_free);
  g_clear_pointer (&self->snapshot, quotes_snapshot_unref);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watch, watch_clear)

static void
write_text (Watch *self, const char *text, gsize size, gboolean is_for_people)
{
  gboolean is_written = self->error == NULL;

  if (is_written && is_for_people)
    is_written = quotes_output_write_for_people (STDOUT_FILENO, text, &self->error);
  else if (is_written)
    is_written = quotes_output_write (STDOUT_FILENO, text, size, &self->error);
  if (!is_written)
    g_main_loop_quit (self->loop);
}

static gboolean
draw_cb (gpointer user_data)
{
  Watch *self = user_data;
  g_autoptr (GString) text = g_string_new (NULL);

  self->draw_id = 0;
  self->screen.view = self->view;
  self->screen.now_us = g_get_real_time ();
  quotes_terminal_get_size (self->terminal, &self->screen.width, &self->screen.height);
  quotes_screen_draw (&self->screen, text);
  write_text (self, text->str, text->len, TRUE);
  return G_SOURCE_REMOVE;
}

/* Once for everything that comes at the same time. */
static void
draw_soon (Watch *self)
{
  if (self->terminal != NULL && self->draw_id == 0)
    self->draw_id = g_idle_add (draw_cb, self);
}

static gboolean
is_same_news (const QuotesView *a, const QuotesView *b)
{
  if (a->has_list != b->has_list || a->is_connected != b->is_connected ||
      a->quotes->len != b->quotes->len || a->missing->len != b->missing->len ||
      g_strcmp0 (a->reason, b->reason) != 0)
    return FALSE;

  for (guint i = 0; i < a->quotes->len; i++)
    if (!quotes_quote_is_same_news (g_ptr_array_index (a->quotes, i),
                                    g_ptr_array_index (b->quotes, i)))
      return FALSE;

  return TRUE;
}

/* A line says something new, or is not written. */
static void
show (Watch *self, gboolean is_connected, const char *reason)
{
  g_autoptr (QuotesView) previous = g_steal_pointer (&self->view);
  g_autoptr (GString) text = g_string_new (NULL);

  self->view = quotes_view_new (self->snapshot, self->plan->symbols, is_connected, reason);
  if (self->terminal != NULL)
    {
      draw_soon (self);
      return;
    }
  if (previous != NULL && is_same_news (self->view, previous))
    return;

  self->plan->format (self->view, previous, self->plan->palette, text);
  write_text (self, text->str, text->len, self->plan->is_for_people);
}

static void
changed_cb (G_GNUC_UNUSED QuotesClient *client, QuotesSnapshot *snapshot, gpointer user_data)
{
  Watch *self = user_data;

  g_clear_pointer (&self->snapshot, quotes_snapshot_unref);
  self->snapshot = quotes_snapshot_ref (snapshot);
  show (self, TRUE, NULL);
}

static void
state_changed_cb (G_GNUC_UNUSED QuotesClient *client,
                  gboolean is_connected,
                  const char *reason,
                  gpointer user_data)
{
  /* That the service is back is shown with the list that follows, as the old one may be wrong. */
  if (!is_connected)
    show (user_data, FALSE, reason);
}

static void
scroll (Watch *self, gint64 by)
{
  /* Drawing keeps it in range at the other end. */
  self->screen.first_row =
    (guint) CLAMP ((gint64) self->screen.first_row + by, 0, (gint64) G_MAXINT32);
  draw_soon (self);
}

static void
key_cb (QuotesKey key, gpointer user_data)
{
  Watch *self = user_data;
  gint64 page = (gint64) quotes_screen_get_n_rows (&self->screen);

  switch (key)
    {
    case QUOTES_KEY_QUIT:
      g_main_loop_quit (self->loop);
      break;
    case QUOTES_KEY_SUSPEND:
      quotes_terminal_suspend (self->terminal);
      draw_soon (self);
      break;
    case QUOTES_KEY_UP:
      scroll (self, -1);
      break;
    case QUOTES_KEY_DOWN:
      scroll (self, 1);
      break;
    case QUOTES_KEY_PAGE_UP:
      scroll (self, -page);
      break;
    case QUOTES_KEY_PAGE_DOWN:
      scroll (self, page);
      break;
    case QUOTES_KEY_FIRST:
      scroll (self, -(gint64) G_MAXINT32);
      break;
    case QUOTES_KEY_LAST:
      scroll (self, G_MAXINT32);
      break;
    case QUOTES_KEY_REDRAW:
    case QUOTES_KEY_NONE:
    default:
      draw_soon (self);
      break;
    }
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (((Watch *) user_data)->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
redraw_cb (gpointer user_data)
{
  draw_soon (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
reader_gone_cb (G_GNUC_UNUSED int fd, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
  g_main_loop_quit (((Watch *) user_data)->loop);
  return G_SOURCE_CONTINUE;
}

/* The reader of a pipe that goes away is noticed at once and not with the next price, which may be
 * days off. */
static guint
watch_reader (Watch *self)
{
  struct stat status = {0};

  if (fstat (STDOUT_FILENO, &status) != 0 ||
      !(S_ISFIFO (status.st_mode) || S_ISSOCK (status.st_mode)))
    return 0;
  return g_unix_fd_add (STDOUT_FILENO, G_IO_ERR | G_IO_HUP, reader_gone_cb, self);
}

static void
run_loop (Watch *self)
{
  guint ids[] = {
    g_unix_signal_add (SIGINT, quit_cb, self),
    g_unix_signal_add (SIGTERM, quit_cb, self),
    g_unix_signal_add (SIGHUP, quit_cb, self),
    g_unix_signal_add (SIGWINCH, redraw_cb, self),
    self->terminal != NULL ? g_timeout_add_seconds (AGE_SECONDS, redraw_cb, self) : 0,
    watch_reader (self),
  };

  g_main_loop_run (self->loop);

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    g_clear_handle_id (&ids[i], g_source_remove);
}

/**
 * quotes_watch_run:
 * @plan: what to show
 * @open: makes the client; called after the terminal was taken, since a client has threads
 *
 * Shows prices until a key, a signal or the end of the reader ends it. A service that is not there
 * is shown as that; it may come.
 *
 * Returns: the exit code
 */
int
quotes_watch_run (const QuotesWatchPlan *plan,
                  QuotesClient *(*open) (gpointer user_data, GError **error),
                  gpointer user_data)
{
  g_auto (Watch) self = {.plan = plan, .screen = {.palette = plan->palette}};
  g_autoptr (QuotesClient) client = NULL;

  self.loop = g_main_loop_new (NULL, FALSE);
  if (plan->format == NULL)
    self.terminal = quotes_terminal_enter (key_cb, &self);
  draw_soon (&self);

  client = open (user_data, &self.error);
  if (client != NULL)
    {
      g_signal_connect (client, "changed", G_CALLBACK (changed_cb), &self);
      g_signal_connect (client, "state-changed", G_CALLBACK (state_changed_cb), &self);
      quotes_client_start_watching (client);
      run_loop (&self);
      g_signal_handlers_disconnect_by_data (client, &self);
      quotes_client_stop_watching (client);
    }

  g_clear_pointer (&self.terminal, quotes_terminal_leave);
  return self.error != NULL ? quotes_invocation_fail (self.error, NULL) : QUOTES_EXIT_SUCCESS;
}
