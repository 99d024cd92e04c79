/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-bus-watch.h"

#include <glib/gi18n.h>

#include "quotes-bus-error.h"
#include "quotes-quote-reader.h"

#define INTERFACE APP_ID ".Quotes1"

/* Between two attempts to read the list from a service that is there; doubled up to the second. */
#define RETRY_MS 500
#define RETRY_MAX_MS 30000

/**
 * QuotesBusWatch:
 *
 * Follows the prices over the bus, on behalf of a client. It starts the service once, and from then
 * on waits for the name to come back: who stopped the service does not want it started by whoever
 * still looks.
 *
 * Signals say what changed but not where in the list it stands, so the list is read anew when
 * a symbol comes, and when a version was missed.
 */
struct _QuotesBusWatch
{
  GObject parent_instance;

  QuotesClient *client;        /* (unowned), outlives us: it owns us */
  GDBusConnection *connection; /* (owned) */
  GCancellable *cancellable;   /* (owned) */
  char *owner;                 /* (owned) (nullable): while the service is there */
  QuotesSnapshot *snapshot;    /* (owned) (nullable): the last one that was shown */
  guint name_id;
  guint subscription_id;
  guint retry_id;
  guint retry_ms;
  guint32 cookie;
  gboolean is_reading;
  gboolean must_read_again;
};

G_DEFINE_FINAL_TYPE (QuotesBusWatch, quotes_bus_watch, G_TYPE_OBJECT)

static void read_list (QuotesBusWatch *self);

static void
emit_state (QuotesBusWatch *self, gboolean connected, const char *reason)
{
  g_signal_emit_by_name (self->client, "state-changed", connected, reason);
}

static void
take_snapshot (QuotesBusWatch *self, guint64 version, GPtrArray *quotes)
{
  g_autoptr (QuotesSnapshot) snapshot = quotes_snapshot_new (version, g_get_real_time (), quotes);

  g_clear_pointer (&self->snapshot, quotes_snapshot_unref);
  self->snapshot = quotes_snapshot_ref (snapshot);
  g_signal_emit_by_name (self->client, "changed", snapshot);
}

static gboolean
retry_due_cb (gpointer user_data)
{
  QuotesBusWatch *self = user_data;

  self->retry_id = 0;
  read_list (self);
  return G_SOURCE_REMOVE;
}

/* The service is there and does not answer: it is starting, busy, or another one than we know. */
static void
retry_later (QuotesBusWatch *self, const GError *error)
{
  g_autoptr (GError) translated = quotes_bus_error_translate (error);

  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->retry_id = g_timeout_add (self->retry_ms, retry_due_cb, self);
  self->retry_ms = MIN (self->retry_ms * 2, RETRY_MAX_MS);
  emit_state (self, FALSE, translated->message);
}

static void
list_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QuotesBusWatch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) quotes = NULL;
  guint64 version = 0;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->client == NULL)
    return;

  self->is_reading = FALSE;
  if (self->owner == NULL)
    return;
  if (reply == NULL)
    {
      retry_later (self, error);
      return;
    }

  self->retry_ms = RETRY_MS;
  if (self->snapshot == NULL)
    emit_state (self, TRUE, NULL);
  /* The handler may have stopped watching. */
  if (self->client == NULL)
    return;
  g_variant_get (reply, "(t@aa{sv})", &version, &quotes);
  take_snapshot (self, version, quotes_quotes_read_variant (quotes));
  if (self->must_read_again)
    read_list (self);
}

static void
read_list (QuotesBusWatch *self)
{
  if (self->client == NULL || self->owner == NULL)
    return;

  self->must_read_again = self->is_reading;
  if (self->is_reading)
    return;

  self->is_reading = TRUE;
  g_dbus_connection_call (self->connection, self->owner, APP_PATH, INTERFACE, "GetSnapshot", NULL,
                          G_VARIANT_TYPE ("(taa{sv})"), G_DBUS_CALL_FLAGS_NONE, -1,
                          self->cancellable, list_read_cb, g_object_ref (self));
}

/* Returns: (transfer full) (nullable): the list with @changed put in its places and without
 * @removed; %NULL when one of @changed has no place yet */
static GPtrArray *
merge (const QuotesSnapshot *snapshot, GPtrArray *changed, const char *const *removed)
{
  g_autoptr (GHashTable) by_symbol = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) quotes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  guint n_known = 0;

  for (guint i = 0; i < changed->len; i++)
    {
      QuotesQuote *quote = g_ptr_array_index (changed, i);

      g_hash_table_insert (by_symbol, (gpointer) quote->symbol, quote);
    }
  for (guint i = 0; i < snapshot->quotes->len; i++)
    {
      QuotesQuote *old = g_ptr_array_index (snapshot->quotes, i);
      QuotesQuote *new = g_hash_table_lookup (by_symbol, old->symbol);

      n_known += new != NULL;
      if (!g_strv_contains (removed, old->symbol))
        g_ptr_array_add (quotes, quotes_quote_ref (new != NULL ? new : old));
    }

  return n_known == g_hash_table_size (by_symbol) ? g_steal_pointer (&quotes) : NULL;
}

static void
quotes_changed_cb (G_GNUC_UNUSED GDBusConnection *connection,
                   const char *sender,
                   G_GNUC_UNUSED const char *path,
                   G_GNUC_UNUSED const char *interface,
                   G_GNUC_UNUSED const char *signal,
                   GVariant *arguments,
                   gpointer user_data)
{
  QuotesBusWatch *self = user_data;
  g_autoptr (GVariant) dictionaries = NULL;
  g_autoptr (GPtrArray) changed = NULL;
  g_autoptr (GPtrArray) quotes = NULL;
  g_autofree const char **removed = NULL;
  guint64 version = 0;

  if (g_strcmp0 (sender, self->owner) != 0 ||
      !g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(taa{sv}as)")))
    return;

  g_variant_get (arguments, "(t@aa{sv}^a&s)", &version, &dictionaries, &removed);
  if (self->is_reading || self->snapshot == NULL)
    {
      /* The answer may be older than this signal. */
      self->must_read_again = self->is_reading;
      return;
    }
  if (version <= self->snapshot->version)
    return;

  changed = quotes_quotes_read_variant (dictionaries);
  if (version == self->snapshot->version + 1)
    quotes = merge (self->snapshot, changed, removed);
  if (quotes != NULL)
    take_snapshot (self, version, g_steal_pointer (&quotes));
  else
    read_list (self);
}

static void
release (GDBusConnection *connection, guint32 cookie)
{
  g_dbus_connection_call (connection, APP_ID, APP_PATH, INTERFACE, "Release",
                          g_variant_new ("(u)", cookie), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1,
                          NULL, NULL, NULL);
}

static void
held_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QuotesBusWatch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL)
    {
      g_debug ("Could not say that somebody looks: %s", error->message);
      return;
    }

  g_variant_get (reply, "(u)", &self->cookie);
  /* Nobody looks any more. */
  if (self->client == NULL)
    release (G_DBUS_CONNECTION (source), self->cookie);
}

static void
name_appeared_cb (GDBusConnection *connection,
                  G_GNUC_UNUSED const char *name,
                  const char *owner,
                  gpointer user_data)
{
  QuotesBusWatch *self = user_data;
  GVariantBuilder options;

  g_free (self->owner);
  self->owner = g_strdup (owner);
  self->retry_ms = RETRY_MS;
  self->cookie = 0;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_dbus_connection_call (connection, owner, APP_PATH, INTERFACE, "Hold",
                          g_variant_new ("(a{sv})", &options), G_VARIANT_TYPE ("(u)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, held_cb, g_object_ref (self));
  read_list (self);
}

static void
name_vanished_cb (G_GNUC_UNUSED GDBusConnection *connection,
                  G_GNUC_UNUSED const char *name,
                  gpointer user_data)
{
  QuotesBusWatch *self = user_data;

  g_clear_pointer (&self->owner, g_free);
  g_clear_pointer (&self->snapshot, quotes_snapshot_unref);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->cookie = 0;
  emit_state (self, FALSE, _ ("The service is not running"));
}

static void
quotes_bus_watch_dispose (GObject *object)
{
  QuotesBusWatch *self = QUOTES_BUS_WATCH (object);

  self->client = NULL;
  g_clear_handle_id (&self->name_id, g_bus_unwatch_name);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->connection != NULL)
    {
      if (self->cookie != 0)
        release (self->connection, self->cookie);
      self->cookie = 0;
      g_dbus_connection_signal_unsubscribe (self->connection, self->subscription_id);
    }
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->snapshot, quotes_snapshot_unref);
  g_clear_pointer (&self->owner, g_free);

  G_OBJECT_CLASS (quotes_bus_watch_parent_class)->dispose (object);
}

static void
quotes_bus_watch_class_init (QuotesBusWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_bus_watch_dispose;
}

static void
quotes_bus_watch_init (QuotesBusWatch *self)
{
  self->cancellable = g_cancellable_new ();
  self->retry_ms = RETRY_MS;
}

/**
 * quotes_bus_watch_new:
 * @client: emits the signals; owns the watch and ends it with g_object_run_dispose()
 * @connection: the bus
 *
 * Returns: (transfer full): a watch that has begun
 */
QuotesBusWatch *
quotes_bus_watch_new (QuotesClient *client, GDBusConnection *connection)
{
  QuotesBusWatch *self = g_object_new (QUOTES_TYPE_BUS_WATCH, NULL);

  self->client = client;
  self->connection = g_object_ref (connection);
  /* Before the first reading, so that no change falls between the two. */
  self->subscription_id = g_dbus_connection_signal_subscribe (
    connection, APP_ID, INTERFACE, "QuotesChanged", APP_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
    quotes_changed_cb, self, NULL);
  self->name_id =
    g_bus_watch_name_on_connection (connection, APP_ID, G_BUS_NAME_WATCHER_FLAGS_AUTO_START,
                                    name_appeared_cb, name_vanished_cb, self, NULL);

  return self;
}
