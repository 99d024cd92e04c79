/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-server.h"

#include <sys/resource.h>

#include "quotes-door.h"
#include "quotes-epoll.h"
#include "quotes-event-log.h"
#include "quotes-router.h"
#include "quotes-status-feed.h"
#include "quotes-status-json.h"

/* Contract 8: of loopback clients of our own uid, who share one key. */
#define MAX_PER_OWN_UID 32
/* And what is left for requests when all streams are open. */
#define MAX_REQUESTS 64

/**
 * QuotesServer:
 *
 * Everything inward: what comes in at the door is answered by libsoup and the routes here, or
 * becomes a reader of the event stream.
 */
struct _QuotesServer
{
  GObject parent_instance;

  QuotesHub *hub;         /* (owned) */
  QuotesPoller *poller;   /* (owned) */
  QuotesClock *clock;     /* (owned) */
  QuotesArchive *archive; /* (owned) (nullable) */
  guint max_streams;

  QuotesEpoll *epoll;            /* (owned) */
  SoupServer *soup;              /* (owned): never listens */
  QuotesDoor *door;              /* (owned) */
  QuotesEventLog *log;           /* (owned) */
  QuotesEventStream *stream;     /* (owned) */
  QuotesRouter *router;          /* (owned) */
  QuotesStatusFeed *status_feed; /* (owned) */
  guint n_quotes;                /* of the newest version */
};

enum
{
  SIGNAL_STREAMS_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QuotesServer, quotes_server, G_TYPE_OBJECT)

static void
append_essence (gpointer user_data, GString *text)
{
  QuotesStatusSources sources = {0};

  quotes_router_read_status (((QuotesServer *) user_data)->router, &sources);
  quotes_status_append_essence (&sources, text);
}

static void
say_status (gpointer user_data)
{
  QuotesServer *self = user_data;
  QuotesStatusSources sources = {0};
  g_autoptr (GString) text = g_string_new (NULL);

  quotes_router_read_status (self->router, &sources);
  quotes_status_append_json (&sources, text);
  quotes_event_log_append_status (self->log, text->str);
}

static void
hub_changed_cb (QuotesServer *self,
                QuotesSnapshot *snapshot,
                GPtrArray *changed,
                const char *const *removed)
{
  /* Without a removal the list grows or stays as it is. */
  gboolean list_changed = removed[0] != NULL || snapshot->quotes->len != self->n_quotes;

  self->n_quotes = snapshot->quotes->len;
  quotes_event_log_append_version (self->log, snapshot, changed, list_changed);
}

static void
status_changed_cb (QuotesServer *self)
{
  quotes_status_feed_note (self->status_feed);
}

static void
n_streams_changed_cb (QuotesServer *self, guint n_open)
{
  quotes_door_set_n_streams (self->door, n_open);
  g_signal_emit (self, signals[SIGNAL_STREAMS_CHANGED], 0);
}

static void
quotes_server_dispose (GObject *object)
{
  QuotesServer *self = QUOTES_SERVER (object);

  if (self->door != NULL)
    quotes_door_close (self->door);
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  if (self->stream != NULL)
    g_signal_handlers_disconnect_by_data (self->stream, self);
  g_clear_pointer (&self->status_feed, quotes_status_feed_free);
  g_clear_pointer (&self->router, quotes_router_free);
  g_clear_object (&self->stream);
  g_clear_object (&self->log);
  g_clear_object (&self->door);
  g_clear_object (&self->soup);
  g_clear_pointer (&self->epoll, quotes_epoll_free);
  g_clear_object (&self->archive);
  g_clear_object (&self->poller);
  g_clear_object (&self->hub);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_server_parent_class)->dispose (object);
}

static void
quotes_server_class_init (QuotesServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_server_dispose;

  /**
   * QuotesServer::streams-changed:
   * @self: the server
   *
   * Somebody began or ceased to read a stream; see quotes_server_get_n_streams().
   */
  signals[SIGNAL_STREAMS_CHANGED] =
    g_signal_new ("streams-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
}

static void
quotes_server_init (G_GNUC_UNUSED QuotesServer *self)
{
}

/* Never so many that we ourselves run out of descriptors. */
static guint
get_max_connections (guint max_streams)
{
  struct rlimit limit = {0};

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur / 2 > max_streams + MAX_REQUESTS)
    return max_streams + MAX_REQUESTS;
  return (guint) (limit.rlim_cur / 2);
}

static void
build_door (QuotesServer *self, const char *const *allowed_hosts)
{
  QuotesDoorLimits limits = QUOTES_DOOR_LIMITS_INIT;

  limits.max_connections = get_max_connections (self->max_streams);
  self->soup = soup_server_new ("raw-paths", TRUE, NULL);
  self->door = quotes_door_new (self->soup, self->epoll, self->clock, &limits);
  quotes_door_set_allowed_hosts (self->door, allowed_hosts);
}

static gboolean
claim_cb (int fd, const QuotesRequestHead *head, const QuotesPeer *peer, gpointer user_data)
{
  QuotesServer *self = user_data;

  return quotes_event_stream_claim (self->stream, fd, head, peer);
}

static void
build_stream (QuotesServer *self, const QuotesServerOptions *options)
{
  guint max_per_client = options->max_streams_per_client;
  const QuotesStreamLimits limits = {
    .max_streams = self->max_streams,
    .max_per_client = max_per_client,
    .max_per_own_uid = max_per_client == 0 ? 0 : MAX (max_per_client, MAX_PER_OWN_UID),
  };

  self->log = quotes_event_log_new (self->clock, options->run != 0 ? options->run : g_random_int (),
                                    options->stamp_frames);
  self->stream = quotes_event_stream_new (self->log, self->hub, self->epoll, self->clock, &limits);
  g_signal_connect_swapped (self->stream, "count-changed", G_CALLBACK (n_streams_changed_cb), self);
  quotes_door_set_claim (self->door, claim_cb, self);
}

static void
build_router (QuotesServer *self)
{
  const QuotesRouterParts parts = {
    .hub = self->hub,
    .poller = self->poller,
    .clock = self->clock,
    .door = self->door,
    .stream = self->stream,
    .max_streams = self->max_streams,
  };

  self->router = quotes_router_new (self->soup, &parts);
}

static void
listen_to_core (QuotesServer *self)
{
  const QuotesStatusSay functions = {.append_essence = append_essence, .say = say_status};

  self->n_quotes = quotes_hub_get_snapshot (self->hub)->quotes->len;
  self->status_feed = quotes_status_feed_new (self->clock, &functions, self);
  g_signal_connect_object (self->hub, "changed", G_CALLBACK (hub_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->poller, "cycle", G_CALLBACK (status_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->poller, "pace-changed", G_CALLBACK (status_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (quotes_hub_get_watchlist (self->hub), "changed",
                           G_CALLBACK (status_changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

QuotesServer *
quotes_server_new (QuotesHub *hub,
                   QuotesPoller *poller,
                   QuotesClock *clock,
                   const QuotesServerOptions *options,
                   GError **error)
{
  g_autoptr (QuotesServer) self = g_object_new (QUOTES_TYPE_SERVER, NULL);

  self->hub = g_object_ref (hub);
  self->poller = g_object_ref (poller);
  self->clock = g_object_ref (clock);
  self->max_streams = options->max_streams;
  self->epoll = quotes_epoll_new (error);
  if (self->epoll == NULL)
    return NULL;

  build_door (self, options->allowed_hosts);
  build_stream (self, options);
  build_router (self);
  listen_to_core (self);

  return g_steal_pointer (&self);
}

gboolean
quotes_server_listen_tcp (QuotesServer *self, const char *address, guint16 port, GError **error)
{
  gboolean is_v6 = strchr (address, ':') != NULL;
  g_autofree char *url = NULL;

  g_return_val_if_fail (QUOTES_IS_SERVER (self), FALSE);

  if (!quotes_door_listen_tcp (self->door, address, port, error))
    return FALSE;

  url = g_strdup_printf ("http://%s%s%s:%u", is_v6 ? "[" : "", address, is_v6 ? "]" : "",
                         quotes_door_get_port (self->door));
  quotes_router_set_address (self->router, url);
  return TRUE;
}

gboolean
quotes_server_listen_unix (QuotesServer *self, const char *path, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_SERVER (self), FALSE);

  return quotes_door_listen_unix (self->door, path, error);
}

/* @allowed_hosts: (array zero-terminated=1): setting `allowed-hosts` (rule A2) */
void
quotes_server_set_allowed_hosts (QuotesServer *self, const char *const *allowed_hosts)
{
  g_return_if_fail (QUOTES_IS_SERVER (self));

  quotes_door_set_allowed_hosts (self->door, allowed_hosts);
}

static void
alert_fired_cb (QuotesServer *self, QuotesAlertFired *fired)
{
  quotes_event_log_append_alert (self->log, fired);
}

/**
 * quotes_server_set_alerts:
 * @self: a server, which has none yet
 * @alerts: the user's alerts, for the routes and the event stream
 */
void
quotes_server_set_alerts (QuotesServer *self, QuotesAlerts *alerts)
{
  g_return_if_fail (QUOTES_IS_SERVER (self));
  g_return_if_fail (QUOTES_IS_ALERTS (alerts));

  quotes_router_set_alerts (self->router, alerts);
  g_signal_connect_object (alerts, "fired", G_CALLBACK (alert_fired_cb), self, G_CONNECT_SWAPPED);
}

/**
 * quotes_server_set_archive:
 * @self: a server
 * @archive: (nullable): what is kept of the past; without one there is none to ask for
 */
void
quotes_server_set_archive (QuotesServer *self, QuotesArchive *archive)
{
  g_return_if_fail (QUOTES_IS_SERVER (self));
  g_return_if_fail (archive == NULL || QUOTES_IS_ARCHIVE (archive));

  if (self->archive != NULL)
    g_signal_handlers_disconnect_by_data (self->archive, self);
  g_set_object (&self->archive, archive);
  if (archive != NULL)
    g_signal_connect_object (archive, "changed", G_CALLBACK (status_changed_cb), self,
                             G_CONNECT_SWAPPED);
  quotes_router_set_archive (self->router, archive);
  quotes_status_feed_note (self->status_feed);
}

/* Returns: (nullable): `http://127.0.0.1:18787`, while listening on TCP */
const char *
quotes_server_get_address (QuotesServer *self)
{
  g_return_val_if_fail (QUOTES_IS_SERVER (self), NULL);

  return quotes_router_get_address (self->router);
}

guint16
quotes_server_get_port (QuotesServer *self)
{
  g_return_val_if_fail (QUOTES_IS_SERVER (self), 0);

  return quotes_door_get_port (self->door);
}

guint
quotes_server_get_n_streams (QuotesServer *self)
{
  QuotesStreamCounters counters = {0};

  g_return_val_if_fail (QUOTES_IS_SERVER (self), 0);

  quotes_event_stream_get_counters (self->stream, &counters);
  return counters.n_open;
}

static void
drained_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;

  if (quotes_event_stream_drain_finish (QUOTES_EVENT_STREAM (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
quotes_server_stop_async (QuotesServer *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (QUOTES_IS_SERVER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, quotes_server_stop_async);
  quotes_door_close (self->door);
  quotes_event_stream_drain_async (self->stream, cancellable, drained_cb, g_steal_pointer (&task));
}

gboolean
quotes_server_stop_finish (QuotesServer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
