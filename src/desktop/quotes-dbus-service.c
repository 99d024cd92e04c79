/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-dbus-service.h"

#include <glib/gi18n.h>

#include "quotes-dbus-callers.h"
#include "quotes-dbus-error.h"
#include "quotes-dbus-generated.h"
#include "quotes-dbus-history.h"
#include "quotes-providers-variant.h"
#include "quotes-quote-variant.h"

/* Rule H6: at most ten signals a second that only tell how we fare. */
#define PROPERTIES_INTERVAL_MS 100
/**
 * QuotesDbusService:
 *
 * The interface `Quotes1` on the session bus.
 */
struct _QuotesDbusService
{
  GObject parent_instance;

  QuotesHub *hub;              /* (owned) */
  QuotesPoller *poller;        /* (owned) */
  QuotesDBusQuotes1 *skeleton; /* (owned) */
  QuotesDbusCallers *callers;  /* (owned) (nullable): while exported */
  QuotesDbusCalls *calls;      /* (owned) (nullable): likewise */
  QuotesDbusHistory *history;  /* (owned) */
  guint properties_id;
  gboolean properties_are_old;
};

enum
{
  SIGNAL_HOLDS_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QuotesDbusService, quotes_dbus_service, G_TYPE_OBJECT)

static void
get_snapshot (QuotesDbusService *self,
              GDBusMethodInvocation *invocation,
              G_GNUC_UNUSED GVariant *arguments)
{
  const QuotesSnapshot *snapshot = quotes_hub_get_snapshot (self->hub);

  quotes_hub_note_look (self->hub);
  g_dbus_method_invocation_return_value (
    invocation,
    g_variant_new ("(t@aa{sv})", snapshot->version, quotes_quotes_to_variant (snapshot->quotes)));
}

static void
get_quote (QuotesDbusService *self, GDBusMethodInvocation *invocation, GVariant *arguments)
{
  const char *symbol = NULL;
  const QuotesQuote *quote = NULL;

  g_variant_get (arguments, "(&s)", &symbol);
  quotes_hub_note_look (self->hub);
  quote = quotes_hub_lookup (self->hub, symbol);
  if (quote != NULL)
    g_dbus_method_invocation_return_value (
      invocation, g_variant_new ("(@a{sv})", quotes_quote_to_variant (quote)));
  else if (quotes_watchlist_lookup (quotes_hub_get_watchlist (self->hub), symbol) != NULL)
    quotes_dbus_return_code (invocation, QUOTES_ERROR_NO_QUOTE, symbol);
  else
    quotes_dbus_return_code (invocation, QUOTES_ERROR_UNKNOWN_SYMBOL, symbol);
}

static GHashTable *
dup_known_symbols (QuotesDbusService *self)
{
  GPtrArray *instruments = quotes_watchlist_get_instruments (quotes_hub_get_watchlist (self->hub));
  g_autoptr (GHashTable) symbols = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < instruments->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (instruments, i);

      g_hash_table_add (symbols, (gpointer) instrument->symbol);
    }
  return g_steal_pointer (&symbols);
}

static void
refresh (QuotesDbusService *self, GDBusMethodInvocation *invocation, GVariant *arguments)
{
  g_autofree const char **symbols = NULL;
  g_autoptr (GHashTable) known = dup_known_symbols (self);

  g_variant_get (arguments, "(^a&s)", &symbols);
  for (guint i = 0; symbols[i] != NULL; i++)
    if (!g_hash_table_contains (known, symbols[i]))
      {
        quotes_dbus_return_code (invocation, QUOTES_ERROR_UNKNOWN_SYMBOL, symbols[i]);
        return;
      }

  quotes_poller_refresh (self->poller, symbols[0] != NULL ? symbols : NULL);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
add (QuotesDbusService *self, GDBusMethodInvocation *invocation, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  const QuotesInstrument *instrument = NULL;
  const char *text = NULL;
  gboolean added = FALSE;

  g_variant_get (arguments, "(&s)", &text);
  instrument = quotes_watchlist_add (quotes_hub_get_watchlist (self->hub), text, &added, &error);
  if (instrument == NULL)
    quotes_dbus_return_error (invocation, error, text);
  else
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(s)", instrument->symbol));
}

static void
remove_symbol (QuotesDbusService *self, GDBusMethodInvocation *invocation, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  const char *symbol = NULL;

  g_variant_get (arguments, "(&s)", &symbol);
  if (!quotes_watchlist_remove (quotes_hub_get_watchlist (self->hub), symbol, &error))
    quotes_dbus_return_error (invocation, error, symbol);
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
get_history (QuotesDbusService *self, GDBusMethodInvocation *invocation, GVariant *arguments)
{
  quotes_dbus_history_get_history (self->history, self->callers, invocation, arguments);
}

static void
get_records (QuotesDbusService *self, GDBusMethodInvocation *invocation, GVariant *arguments)
{
  quotes_dbus_history_get_records (self->history, self->callers, invocation, arguments);
}

static void
hold (QuotesDbusService *self, GDBusMethodInvocation *invocation, G_GNUC_UNUSED GVariant *arguments)
{
  guint32 cookie =
    quotes_dbus_callers_hold (self->callers, quotes_dbus_calls_get_sender (invocation));

  if (cookie == 0)
    quotes_dbus_return_code (invocation, QUOTES_ERROR_LIMITS_EXCEEDED, "");
  else
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", cookie));
}

static void
release (QuotesDbusService *self, GDBusMethodInvocation *invocation, GVariant *arguments)
{
  guint32 cookie = 0;

  g_variant_get (arguments, "(u)", &cookie);
  if (quotes_dbus_callers_release (self->callers, quotes_dbus_calls_get_sender (invocation),
                                   cookie))
    {
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
  else
    {
      g_autoptr (GError) error = g_error_new_literal (QUOTES_ERROR, QUOTES_ERROR_INVALID_ARGUMENT,
                                                      _ ("That is not a hold of yours"));

      quotes_dbus_return_error (invocation, error, "");
    }
}

static const struct
{
  const char *name;
  const char *signal;
  void (*handle) (QuotesDbusService *self, GDBusMethodInvocation *invocation, GVariant *arguments);
} methods[] = {
  {"Add", "handle-add", add},
  {"GetHistory", "handle-get-history", get_history},
  {"GetQuote", "handle-get-quote", get_quote},
  {"GetRecords", "handle-get-records", get_records},
  {"GetSnapshot", "handle-get-snapshot", get_snapshot},
  {"Hold", "handle-hold", hold},
  {"Refresh", "handle-refresh", refresh},
  {"Release", "handle-release", release},
  {"Remove", "handle-remove", remove_symbol},
};

static void
answer_call (gpointer user_data, GDBusMethodInvocation *invocation, GVariant *arguments)
{
  const char *name = g_dbus_method_invocation_get_method_name (invocation);

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (methods[i].name, name))
      {
        methods[i].handle (user_data, invocation, arguments);
        return;
      }
  g_assert_not_reached ();
}

/* Handler of every handle-* signal; what else they carry stands in the invocation too. */
static gboolean
queue_call_cb (QuotesDbusService *self, GDBusMethodInvocation *invocation)
{
  quotes_dbus_calls_push (self->calls, invocation, answer_call, self);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
update_properties (QuotesDbusService *self)
{
  QuotesWatchlist *watchlist = quotes_hub_get_watchlist (self->hub);
  QuotesArchive *archive = quotes_dbus_history_get_archive (self->history);

  self->properties_are_old = FALSE;
  quotes_dbus_quotes1_set_state (self->skeleton, quotes_poller_get_state (self->poller));
  quotes_dbus_quotes1_set_providers (
    self->skeleton, quotes_providers_to_variant (self->poller, archive, watchlist));
  quotes_dbus_quotes1_set_last_update (self->skeleton, quotes_poller_get_last_ok_us (self->poller));
  quotes_dbus_quotes1_set_next_update (self->skeleton,
                                       quotes_poller_get_next_try_us (self->poller));
}

/* Only how it fares, which nearly no commit changes. */
static void
archive_changed_cb (QuotesDbusService *self)
{
  QuotesArchive *archive = quotes_dbus_history_get_archive (self->history);

  quotes_dbus_quotes1_set_storage (self->skeleton,
                                   archive != NULL ? quotes_archive_get_state (archive) : "");
}

static gboolean
properties_interval_over_cb (gpointer user_data)
{
  QuotesDbusService *self = user_data;

  if (self->properties_are_old)
    {
      update_properties (self);
      return G_SOURCE_CONTINUE;
    }

  self->properties_id = 0;
  return G_SOURCE_REMOVE;
}

/* The first change goes out at once, what follows it within the interval together. */
static void
properties_changed_cb (QuotesDbusService *self)
{
  if (self->callers == NULL)
    return;

  self->properties_are_old = TRUE;
  if (self->properties_id != 0)
    return;

  update_properties (self);
  self->properties_id = g_timeout_add (PROPERTIES_INTERVAL_MS, properties_interval_over_cb, self);
}

static void
hub_changed_cb (G_GNUC_UNUSED QuotesHub *hub,
                const QuotesSnapshot *snapshot,
                GPtrArray *changed,
                const char *const *removed,
                gpointer user_data)
{
  QuotesDbusService *self = user_data;
  const char *const nothing[] = {NULL};

  if (self->callers == NULL)
    return;

  quotes_dbus_quotes1_emit_quotes_changed (self->skeleton, snapshot->version,
                                           quotes_quotes_to_variant (changed),
                                           removed != NULL ? removed : nothing);
}

static void
holds_changed_cb (QuotesDbusService *self)
{
  g_signal_emit (self, signals[SIGNAL_HOLDS_CHANGED], 0);
}

static void
quotes_dbus_service_dispose (GObject *object)
{
  QuotesDbusService *self = QUOTES_DBUS_SERVICE (object);

  quotes_dbus_service_unexport (self);
  if (self->history != NULL)
    quotes_dbus_service_set_archive (self, NULL);
  g_clear_pointer (&self->history, quotes_dbus_history_free);
  g_clear_object (&self->skeleton);
  g_clear_object (&self->poller);
  g_clear_object (&self->hub);

  G_OBJECT_CLASS (quotes_dbus_service_parent_class)->dispose (object);
}

static void
quotes_dbus_service_class_init (QuotesDbusServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_dbus_service_dispose;

  /**
   * QuotesDbusService::holds-changed:
   * @self: the service
   *
   * Somebody began or ceased to watch; see quotes_dbus_service_get_n_holds().
   */
  signals[SIGNAL_HOLDS_CHANGED] =
    g_signal_new ("holds-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
}

static void
quotes_dbus_service_init (QuotesDbusService *self)
{
  self->skeleton = quotes_dbus_quotes1_skeleton_new ();
  quotes_dbus_quotes1_set_version (self->skeleton, VERSION);
  quotes_dbus_quotes1_set_address (self->skeleton, "");
  quotes_dbus_quotes1_set_storage (self->skeleton, "");
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    g_signal_connect_object (self->skeleton, methods[i].signal, G_CALLBACK (queue_call_cb), self,
                             G_CONNECT_SWAPPED);
}

QuotesDbusService *
quotes_dbus_service_new (QuotesHub *hub, QuotesPoller *poller)
{
  QuotesDbusService *self = NULL;

  g_return_val_if_fail (QUOTES_IS_HUB (hub), NULL);
  g_return_val_if_fail (QUOTES_IS_POLLER (poller), NULL);

  self = g_object_new (QUOTES_TYPE_DBUS_SERVICE, NULL);
  self->hub = g_object_ref (hub);
  self->poller = g_object_ref (poller);
  self->history = quotes_dbus_history_new (quotes_hub_get_watchlist (hub));
  g_signal_connect_object (hub, "changed", G_CALLBACK (hub_changed_cb), self, 0);
  g_signal_connect_object (poller, "cycle", G_CALLBACK (properties_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (poller, "pace-changed", G_CALLBACK (properties_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (quotes_hub_get_watchlist (hub), "changed",
                           G_CALLBACK (properties_changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);

  return self;
}

/**
 * quotes_dbus_service_export:
 *
 * Puts the object on @connection, complete with its properties. Done before the name is owned, so
 * that nobody sees the name without the object.
 */
gboolean
quotes_dbus_service_export (QuotesDbusService *self, GDBusConnection *connection, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_DBUS_SERVICE (self), FALSE);
  g_return_val_if_fail (self->callers == NULL, FALSE);

  update_properties (self);
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection,
                                         APP_PATH, error))
    return FALSE;

  self->callers = quotes_dbus_callers_new (connection);
  self->calls = quotes_dbus_calls_new (self->callers);
  g_signal_connect_object (self->callers, "holds-changed", G_CALLBACK (holds_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return TRUE;
}

/* Takes the object off the bus; waiting calls are answered with an error. Does nothing when it is
 * not there. */
void
quotes_dbus_service_unexport (QuotesDbusService *self)
{
  g_return_if_fail (QUOTES_IS_DBUS_SERVICE (self));

  g_clear_handle_id (&self->properties_id, g_source_remove);
  if (self->callers == NULL)
    return;

  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  quotes_dbus_calls_refuse (self->calls, self);
  quotes_dbus_history_refuse (self->history);
  g_clear_object (&self->calls);
  g_clear_object (&self->callers);
}

/**
 * quotes_dbus_service_set_address:
 * @address: (nullable): where we answer over HTTP; %NULL = nowhere
 */
void
quotes_dbus_service_set_address (QuotesDbusService *self, const char *address)
{
  g_return_if_fail (QUOTES_IS_DBUS_SERVICE (self));

  quotes_dbus_quotes1_set_address (self->skeleton, address != NULL ? address : "");
}

/**
 * quotes_dbus_service_set_archive:
 * @archive: (nullable): what is kept of the past; without one there is none to ask for
 */
void
quotes_dbus_service_set_archive (QuotesDbusService *self, QuotesArchive *archive)
{
  QuotesArchive *old = NULL;

  g_return_if_fail (QUOTES_IS_DBUS_SERVICE (self));
  g_return_if_fail (archive == NULL || QUOTES_IS_ARCHIVE (archive));

  old = quotes_dbus_history_get_archive (self->history);
  if (old != NULL)
    g_signal_handlers_disconnect_by_data (old, self);
  if (archive != NULL)
    g_signal_connect_object (archive, "changed", G_CALLBACK (archive_changed_cb), self,
                             G_CONNECT_SWAPPED);
  quotes_dbus_history_set_archive (self->history, archive);
  archive_changed_cb (self);
}

/* How many times somebody said that they are watching. */
guint
quotes_dbus_service_get_n_holds (QuotesDbusService *self)
{
  g_return_val_if_fail (QUOTES_IS_DBUS_SERVICE (self), 0);

  return self->callers != NULL ? quotes_dbus_callers_get_n_holds (self->callers) : 0;
}

/**
 * quotes_dbus_service_get_calls:
 *
 * Returns: (transfer none) (nullable): the queue in which the calls of our other interfaces wait as
 *   well, while exported
 */
QuotesDbusCalls *
quotes_dbus_service_get_calls (QuotesDbusService *self)
{
  g_return_val_if_fail (QUOTES_IS_DBUS_SERVICE (self), NULL);

  return self->calls;
}
