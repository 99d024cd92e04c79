/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-daemon.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/file.h>

#include "quotes-application.h"
#include "quotes-dbus-service.h"
#include "quotes-providers.h"
#include "quotes-settings.h"

/* The composition root: who there is. Only here are two of them built side by side. */
typedef struct
{
  GMainLoop *loop;                /* (owned) */
  QuotesClock *clock;             /* (owned) */
  QuotesSettings *settings;       /* (owned) */
  QuotesWatchlist *watchlist;     /* (owned) */
  QuotesHub *hub;                 /* (owned) */
  QuotesPoller *poller;           /* (owned) */
  QuotesDbusService *service;     /* (owned) (nullable) */
  QuotesApplication *application; /* (owned) (nullable) */
  char *program_dir;              /* (owned) */
  int lock_fd;                    /* -1 = none; held for life */
} Daemon;

static void
daemon_clear (Daemon *self)
{
  if (self->poller != NULL)
    quotes_poller_stop (self->poller);
  if (self->service != NULL)
    quotes_dbus_service_unexport (self->service);
  if (self->settings != NULL)
    quotes_settings_flush (self->settings);
  g_clear_object (&self->application);
  g_clear_object (&self->service);
  g_clear_object (&self->poller);
  g_clear_object (&self->hub);
  g_clear_object (&self->watchlist);
  g_clear_object (&self->settings);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->program_dir, g_free);
  if (self->lock_fd >= 0)
    g_close (self->lock_fd, NULL);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Daemon, daemon_clear)

static int
complain (int code, const char *message)
{
  g_printerr ("marketwelld: %s\n", message);
  return code;
}

/* One daemon for one folder: the lock goes with the process, however it ends. */
static gboolean
take_lock (Daemon *self, const char *state_dir)
{
  g_autofree char *path = g_build_filename (state_dir, "lock", NULL);

  if (g_mkdir_with_parents (state_dir, 0700) != 0)
    return FALSE;
  self->lock_fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  return self->lock_fd >= 0 && flock (self->lock_fd, LOCK_EX | LOCK_NB) == 0;
}

/* Beside a program that runs from the build folder, else where it was installed. */
static QuotesCatalog *
load_catalog (Daemon *self, gboolean demo, GError **error)
{
  g_autofree char *built =
    g_build_filename (self->program_dir, "..", "..", "data", "instruments.ini", NULL);
  g_autofree char *data = NULL;
  gsize size = 0;
  QuotesCatalog *catalog = NULL;

  if (!g_file_get_contents (built, &data, &size, NULL) &&
      !g_file_get_contents (PKGDATADIR "/instruments.ini", &data, &size, error))
    return NULL;
  catalog = quotes_catalog_new (data, size, error);
  if (catalog != NULL && !demo)
    quotes_catalog_withdraw_provider (catalog, "demo");

  return catalog;
}

static gboolean
build_core (Daemon *self, const QuotesOptions *options, GError **error)
{
  g_autoptr (QuotesCatalog) catalog = load_catalog (self, options->demo, error);
  g_autofree char *contact = NULL;
  g_autofree char *file = NULL;
  g_auto (GStrv) defaults = NULL;

  if (catalog == NULL)
    return FALSE;
  if (options->state_dir != NULL)
    file = g_build_filename (options->state_dir, "settings.ini", NULL);
  self->settings = quotes_settings_new (file, error);
  if (self->settings == NULL)
    return FALSE;

  defaults = quotes_catalog_dup_default_texts (catalog);
  self->watchlist = quotes_watchlist_new (catalog);
  quotes_settings_bind_watchlist (self->settings, self->watchlist, (const char *const *) defaults);
  self->hub = quotes_hub_new (self->watchlist, self->clock);
  self->poller = quotes_poller_new (self->hub, self->clock, g_rand_new ());
  quotes_poller_set_interval (self->poller, options->interval_us);

  contact = quotes_settings_dup_contact (self->settings);
  return quotes_providers_build (self->poller, self->clock, options->upstreams, contact,
                                 options->demo, error);
}

static gboolean
export_cb (GDBusConnection *connection, gpointer user_data, GError **error)
{
  Daemon *self = user_data;

  return quotes_dbus_service_export (self->service, connection, error);
}

static int
join_bus (Daemon *self)
{
  g_autoptr (GError) error = NULL;

  self->service = quotes_dbus_service_new (self->hub, self->poller);
  self->application = quotes_application_new (export_cb, self);
  switch (quotes_application_register (self->application, &error))
    {
    case QUOTES_APPLICATION_REGISTERED:
      g_signal_connect_swapped (self->application, "closed", G_CALLBACK (g_main_loop_quit),
                                self->loop);
      return 0;
    case QUOTES_APPLICATION_NO_BUS:
      g_message ("There is no session bus; going on without it");
      return 0;
    case QUOTES_APPLICATION_NAME_TAKEN:
      return complain (QUOTES_EXIT_UNAVAILABLE, _ ("Another one serves this session already"));
    case QUOTES_APPLICATION_FAILED:
    default:
      return complain (1, error != NULL ? error->message : _ ("Could not join the session bus"));
    }
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

int
quotes_daemon_run (const QuotesOptions *options)
{
  g_auto (Daemon) self = {.lock_fd = -1};
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *state_dir = options->state_dir != NULL
                                 ? g_strdup (options->state_dir)
                                 : g_build_filename (g_get_user_state_dir (), "marketwell", NULL);
  int code = 0;

  if (!options->demo)
    return complain (QUOTES_EXIT_CONFIG,
                     _ ("This version has no provider but the demonstration; use --demo"));

  self.program_dir = g_path_get_dirname (program != NULL ? program : ".");
  self.loop = g_main_loop_new (NULL, FALSE);
  self.clock = QUOTES_CLOCK (quotes_system_clock_new ());
  if (!take_lock (&self, state_dir))
    return complain (QUOTES_EXIT_UNAVAILABLE,
                     _ ("Could not take the lock of the state folder; is another one running?"));
  if (!build_core (&self, options, &error))
    return complain (QUOTES_EXIT_CONFIG, error->message);
  if (!options->no_bus)
    code = join_bus (&self);
  if (code != 0)
    return code;

  quotes_poller_start (self.poller);
  g_unix_signal_add (SIGTERM, quit_cb, self.loop);
  g_unix_signal_add (SIGINT, quit_cb, self.loop);
  g_main_loop_run (self.loop);

  return 0;
}
