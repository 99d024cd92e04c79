/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-daemon.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "quotes-alerting.h"
#include "quotes-application.h"
#include "quotes-dbus-service.h"
#include "quotes-door.h"
#include "quotes-filling.h"
#include "quotes-keeping.h"
#include "quotes-network.h"
#include "quotes-notify.h"
#include "quotes-power.h"
#include "quotes-providers.h"
#include "quotes-server.h"
#include "quotes-settings.h"
#include "quotes-state-dir.h"
#include "quotes-watching.h"

/* The streams' own goodbye takes at most a second; SIGTERM ends us within two (contract 7). */
#define STOP_LIMIT_MS 1700

/* The composition root: who there is. Only here are two of them built side by side. */
typedef struct
{
  const QuotesOptions *options;   /* (unowned), outlives us */
  GMainLoop *loop;                /* (owned) */
  QuotesClock *clock;             /* (owned) */
  QuotesSettings *settings;       /* (owned) */
  QuotesWatchlist *watchlist;     /* (owned) */
  QuotesHub *hub;                 /* (owned) */
  QuotesPoller *poller;           /* (owned) */
  GPtrArray *markets;             /* (owned) (element-type QuotesMarket) */
  QuotesKeeping *keeping;         /* (owned) */
  QuotesAlerting *alerting;       /* (owned) */
  QuotesFilling *filling;         /* (owned) */
  QuotesNetwork *network;         /* (owned) */
  QuotesPower *power;             /* (owned) (nullable) */
  QuotesWatching *watching;       /* (owned) */
  QuotesServer *server;           /* (owned) (nullable) */
  QuotesDbusService *service;     /* (owned) (nullable) */
  QuotesApplication *application; /* (owned) (nullable) */
  char *program_dir;              /* (owned) */
  char *state_dir;                /* (owned) */
  int lock_fd;                    /* -1 = none; held for life */
  guint sigterm_id;
  guint sigint_id;
  guint sighup_id;
  guint stop_limit_id;
  guint n_stopping; /* who has not told its end */
  gboolean is_stopping;
} Daemon;

static void
daemon_clear (Daemon *self)
{
  g_clear_handle_id (&self->sigterm_id, g_source_remove);
  g_clear_handle_id (&self->sigint_id, g_source_remove);
  g_clear_handle_id (&self->sighup_id, g_source_remove);
  g_clear_handle_id (&self->stop_limit_id, g_source_remove);
  g_clear_pointer (&self->watching, quotes_watching_free);
  if (self->poller != NULL)
    quotes_poller_stop (self->poller);
  g_clear_pointer (&self->alerting, quotes_alerting_free);
  if (self->service != NULL)
    quotes_dbus_service_unexport (self->service);
  if (self->settings != NULL)
    quotes_settings_flush (self->settings);
  g_clear_object (&self->application);
  g_clear_object (&self->service);
  g_clear_object (&self->server);
  g_clear_object (&self->network);
  g_clear_object (&self->power);
  g_clear_pointer (&self->filling, quotes_filling_free);
  g_clear_pointer (&self->keeping, quotes_keeping_free);
  g_clear_pointer (&self->markets, g_ptr_array_unref);
  g_clear_object (&self->poller);
  g_clear_object (&self->hub);
  g_clear_object (&self->watchlist);
  g_clear_object (&self->settings);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->program_dir, g_free);
  g_clear_pointer (&self->state_dir, g_free);
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

static void
stopped_cb (G_GNUC_UNUSED GObject *source, G_GNUC_UNUSED GAsyncResult *result, gpointer user_data)
{
  Daemon *self = user_data;

  if (--self->n_stopping == 0)
    g_main_loop_quit (self->loop);
}

static gboolean
stop_limit_cb (gpointer user_data)
{
  Daemon *self = user_data;

  self->stop_limit_id = 0;
  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

/* Readers are told to come back, if there are any, and what waits is written; asked twice, it ends
 * at once. */
static void
stop (Daemon *self)
{
  gboolean is_second = self->is_stopping;

  self->is_stopping = TRUE;
  if (is_second)
    {
      g_main_loop_quit (self->loop);
      return;
    }

  quotes_notify ("STOPPING=1");
  quotes_poller_stop (self->poller);
  quotes_filling_stop (self->filling);
  self->stop_limit_id = g_timeout_add (STOP_LIMIT_MS, stop_limit_cb, self);
  self->n_stopping = self->server != NULL ? 2 : 1;
  quotes_keeping_close (self->keeping, stopped_cb, self);
  if (self->server != NULL)
    quotes_server_stop_async (self->server, NULL, stopped_cb, self);
}

static gboolean
signal_cb (gpointer user_data)
{
  stop (user_data);
  return G_SOURCE_CONTINUE;
}

/* Beside a program that runs from the build folder, else where it was installed. */
static QuotesCatalog *
load_catalog (Daemon *self, GError **error)
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
  if (catalog != NULL && !self->options->demo)
    quotes_catalog_withdraw_provider (catalog, "demo");

  return catalog;
}

static gboolean
has_session_bus (void)
{
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);

  /* The frame that joins it later gets the same one; until then the bus may go, too. */
  if (connection != NULL)
    g_dbus_connection_set_exit_on_close (connection, FALSE);
  return connection != NULL;
}

static void
interval_changed_cb (Daemon *self)
{
  quotes_poller_set_interval (self->poller, quotes_settings_get_interval_us (self->settings));
  /* From an hour to ten seconds: nobody waits for the end of the hour. */
  quotes_poller_refresh (self->poller, NULL);
}

static void
adaptive_changed_cb (Daemon *self)
{
  quotes_poller_set_fixed (self->poller, !quotes_settings_is_adaptive (self->settings));
}

static gboolean
open_settings (Daemon *self, GError **error)
{
  const QuotesOptions *options = self->options;
  g_autofree char *file = NULL;

  /* Contract 6: dconf without a bus loses what is written. */
  if (options->state_dir != NULL || options->no_bus || !has_session_bus ())
    file = g_build_filename (self->state_dir, "settings.ini", NULL);
  self->settings = quotes_settings_new (file, error);
  return self->settings != NULL;
}

static void
set_interval (Daemon *self)
{
  const QuotesOptions *options = self->options;

  if (options->interval_us != 0 || options->demo)
    {
      quotes_poller_set_interval (self->poller, options->interval_us);
      quotes_poller_set_fixed (self->poller, TRUE);
      return;
    }
  quotes_poller_set_interval (self->poller, quotes_settings_get_interval_us (self->settings));
  g_signal_connect_swapped (self->settings, "changed::refresh-interval",
                            G_CALLBACK (interval_changed_cb), self);
  adaptive_changed_cb (self);
  g_signal_connect_swapped (self->settings, "changed::adaptive-interval",
                            G_CALLBACK (adaptive_changed_cb), self);
}

static gboolean
build_core (Daemon *self, GError **error)
{
  g_autoptr (QuotesCatalog) catalog = load_catalog (self, error);
  g_autofree char *contact = NULL;
  g_auto (GStrv) defaults = NULL;

  if (catalog == NULL || !open_settings (self, error))
    return FALSE;

  defaults = quotes_catalog_dup_default_texts (catalog);
  self->watchlist = quotes_watchlist_new (catalog);
  quotes_settings_bind_watchlist (self->settings, self->watchlist, (const char *const *) defaults);
  self->hub = quotes_hub_new (self->watchlist, self->clock);
  self->poller = quotes_poller_new (self->hub, self->clock, g_rand_new ());
  set_interval (self);

  contact = quotes_settings_dup_contact (self->settings);
  self->markets = quotes_providers_build (self->poller, self->clock, self->options->upstreams,
                                          contact, self->options->demo, error);
  return self->markets != NULL;
}

/* Contract 1. */
static char *
dup_socket_path (Daemon *self)
{
  const char *runtime_dir = g_getenv ("XDG_RUNTIME_DIR");

  if (self->options->state_dir != NULL || runtime_dir == NULL || *runtime_dir == '\0')
    return g_build_filename (self->state_dir, "http.sock", NULL);
  return g_build_filename (runtime_dir, "marketwell", "http.sock", NULL);
}

/* One that another daemon uses, or a folder that others can write to, is no reason not to run. */
static void
listen_unix (Daemon *self)
{
  g_autofree char *path = dup_socket_path (self);
  g_autofree char *dir = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  if (!quotes_state_dir_check (dir, &error) ||
      !quotes_server_listen_unix (self->server, path, &error))
    g_warning ("There is no Unix socket: %s", error->message);
}

static void
allowed_hosts_changed_cb (Daemon *self)
{
  g_auto (GStrv) hosts = quotes_settings_dup_allowed_hosts (self->settings);

  quotes_server_set_allowed_hosts (self->server, (const char *const *) hosts);
}

static int
serve_http (Daemon *self)
{
  const QuotesOptions *options = self->options;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) hosts = quotes_settings_dup_allowed_hosts (self->settings);
  const QuotesServerOptions server_options = {
    .max_streams = options->max_streams,
    .max_streams_per_client = options->max_streams_per_client,
    .stamp_frames = options->stamp_frames,
    .allowed_hosts = (const char *const *) hosts,
    .run = quotes_keeping_get_run (self->keeping),
  };

  self->server = quotes_server_new (self->hub, self->poller, self->clock, &server_options, &error);
  if (self->server == NULL)
    return complain (1, error->message);
  quotes_server_set_archive (self->server, quotes_keeping_get_archive (self->keeping));
  if (!quotes_server_listen_tcp (self->server, options->listen_address, options->listen_port,
                                 &error))
    {
      if (g_error_matches (error, QUOTES_DOOR_ERROR, QUOTES_DOOR_ERROR_TAKEN))
        return complain (QUOTES_EXIT_UNAVAILABLE, error->message);
      if (g_error_matches (error, QUOTES_DOOR_ERROR, QUOTES_DOOR_ERROR_ADDRESS))
        return complain (QUOTES_EXIT_CONFIG, error->message);
      return complain (1, error->message);
    }
  quotes_alerting_set_server (self->alerting, self->server);
  listen_unix (self);
  g_signal_connect_swapped (self->settings, "changed::allowed-hosts",
                            G_CALLBACK (allowed_hosts_changed_cb), self);

  return 0;
}

static gboolean
export_cb (GDBusConnection *connection, gpointer user_data, GError **error)
{
  Daemon *self = user_data;

  return quotes_dbus_service_export (self->service, connection, error) &&
         quotes_alerting_export (self->alerting, connection,
                                 quotes_dbus_service_get_calls (self->service), error);
}

static int
join_bus (Daemon *self)
{
  g_autoptr (GError) error = NULL;

  self->service = quotes_dbus_service_new (self->hub, self->poller);
  quotes_dbus_service_set_archive (self->service, quotes_keeping_get_archive (self->keeping));
  if (self->server != NULL)
    quotes_dbus_service_set_address (self->service, quotes_server_get_address (self->server));
  self->application = quotes_application_new (export_cb, self);
  quotes_alerting_set_application (self->alerting, self->application);
  switch (quotes_application_register (self->application, &error))
    {
    case QUOTES_APPLICATION_REGISTERED:
      g_signal_connect_swapped (self->application, "closed", G_CALLBACK (stop), self);
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

/* Each reader of the stream takes a descriptor. */
static void
raise_descriptor_limit (void)
{
  struct rlimit limit = {0};

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit (RLIMIT_NOFILE, &limit) != 0)
    g_info ("The limit of descriptors stays as it is");
}

static void
prepare_process (void)
{
  umask (0077);
  signal (SIGPIPE, SIG_IGN);
  raise_descriptor_limit ();
  /* Taking a connection over from HTTP/2 aborts in libsoup 3.2. */
  g_unsetenv ("SOUP_SERVER_HTTP2");
}

/* Prices that are made up do not come among the user's own. */
static gboolean
keep (Daemon *self, GError **error)
{
  gboolean is_apart = self->options->demo && self->options->state_dir == NULL;
  g_autofree char *dir = g_build_filename (self->state_dir, is_apart ? "demo" : NULL, NULL);

  if (is_apart && !quotes_state_dir_check (dir, error))
    return FALSE;
  self->keeping =
    quotes_keeping_new (dir, self->settings, self->hub, self->poller, self->clock, error);
  if (self->keeping == NULL)
    return FALSE;

  /* In this order: what an alert missed shows by the prices of last time. */
  self->alerting = quotes_alerting_new (self->hub, self->poller,
                                        quotes_keeping_get_store (self->keeping), self->clock);
  quotes_keeping_adopt (self->keeping);
  return TRUE;
}

static void
watch_world (Daemon *self)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();

  self->network = quotes_network_new (self->poller, monitor);
  self->filling =
    quotes_filling_new (self->hub, self->poller, quotes_keeping_get_archive (self->keeping),
                        self->clock, self->markets, monitor);
  self->power = quotes_power_new_default (self->poller);
  self->watching = quotes_watching_new (self->poller, self->clock);
  quotes_watching_add_hub (self->watching, self->hub);
  quotes_alerting_watch (self->alerting, self->watching);
  if (self->server != NULL)
    quotes_watching_add_server (self->watching, self->server);
  if (self->service != NULL)
    quotes_watching_add_service (self->watching, self->service);
}

static void
say_ready (Daemon *self)
{
  if (self->server != NULL)
    {
      g_print ("listening on %s\n", quotes_server_get_address (self->server));
      fflush (stdout);
    }
  quotes_notify ("READY=1");
}

/* Returns: 0, or the exit code, when what is wrong has been said */
static int
build (Daemon *self)
{
  g_autoptr (GError) error = NULL;
  int code = 0;

  code = quotes_state_dir_open (self->state_dir, &self->lock_fd, &error);
  if (code != 0)
    return complain (code, error->message);
  if (!build_core (self, &error))
    return complain (QUOTES_EXIT_CONFIG, error->message);
  if (!keep (self, &error))
    return complain (1, error->message);
  if (!self->options->no_http)
    code = serve_http (self);
  if (code == 0 && !self->options->no_bus)
    code = join_bus (self);

  return code;
}

int
quotes_daemon_run (const QuotesOptions *options)
{
  g_auto (Daemon) self = {.options = options, .lock_fd = -1};
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  int code = 0;

  prepare_process ();
  self.program_dir = g_path_get_dirname (program != NULL ? program : ".");
  self.state_dir = quotes_state_dir_dup_path (options->state_dir);
  self.loop = g_main_loop_new (NULL, FALSE);
  self.clock = QUOTES_CLOCK (quotes_system_clock_new ());
  code = build (&self);
  if (code != 0)
    return code;

  self.sigterm_id = g_unix_signal_add (SIGTERM, signal_cb, &self);
  self.sigint_id = g_unix_signal_add (SIGINT, signal_cb, &self);
  /* The terminal is gone; whoever reads still gets a goodbye. */
  self.sighup_id = g_unix_signal_add (SIGHUP, signal_cb, &self);
  watch_world (&self);
  quotes_poller_start (self.poller);
  say_ready (&self);
  g_main_loop_run (self.loop);

  return 0;
}
