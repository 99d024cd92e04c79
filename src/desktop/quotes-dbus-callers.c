/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-dbus-callers.h"

/* Rule H6. */
#define MAX_CALLS_PER_SENDER 8
/* A few hundred programs on one bus are far more than a desktop has. */
#define MAX_CALLS 256
#define MAX_HOLDS_PER_SENDER 16
#define MAX_HOLDS 1024

typedef struct
{
  guint n_calls;
  GHashTable *cookies; /* (owned) (element-type guint32), a set */
  guint watch_id;      /* 0 = holds nothing */
} Caller;

/**
 * QuotesDbusCallers:
 *
 * Who calls us, by unique name, and what each may still do: how many of its calls wait, and which
 * holds it has. A caller that leaves the bus loses its holds; one with neither is forgotten.
 */
struct _QuotesDbusCallers
{
  GObject parent_instance;

  GDBusConnection *connection; /* (owned) */
  GHashTable *callers;         /* (owned) (element-type utf8 Caller) */
  guint n_calls;
  guint n_holds;
  guint32 last_cookie;
};

enum
{
  SIGNAL_HOLDS_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QuotesDbusCallers, quotes_dbus_callers, G_TYPE_OBJECT)

static void
caller_free (gpointer data)
{
  Caller *caller = data;

  g_hash_table_unref (caller->cookies);
  g_clear_handle_id (&caller->watch_id, g_bus_unwatch_name);
  g_free (caller);
}

static Caller *
ensure_caller (QuotesDbusCallers *self, const char *sender)
{
  Caller *caller = g_hash_table_lookup (self->callers, sender);

  if (caller == NULL)
    {
      caller = g_new0 (Caller, 1);
      caller->cookies = g_hash_table_new (NULL, NULL);
      g_hash_table_insert (self->callers, g_strdup (sender), caller);
    }
  return caller;
}

static void
forget_if_idle (QuotesDbusCallers *self, const char *sender, Caller *caller)
{
  if (g_hash_table_size (caller->cookies) == 0)
    g_clear_handle_id (&caller->watch_id, g_bus_unwatch_name);
  if (caller->n_calls == 0 && caller->watch_id == 0)
    g_hash_table_remove (self->callers, sender);
}

static void
sender_vanished_cb (G_GNUC_UNUSED GDBusConnection *connection,
                    const char *sender,
                    gpointer user_data)
{
  QuotesDbusCallers *self = user_data;
  Caller *caller = g_hash_table_lookup (self->callers, sender);

  if (caller == NULL || g_hash_table_size (caller->cookies) == 0)
    return;

  self->n_holds -= g_hash_table_size (caller->cookies);
  g_hash_table_remove_all (caller->cookies);
  forget_if_idle (self, sender, caller);
  g_signal_emit (self, signals[SIGNAL_HOLDS_CHANGED], 0);
}

static void
quotes_dbus_callers_dispose (GObject *object)
{
  QuotesDbusCallers *self = QUOTES_DBUS_CALLERS (object);

  g_hash_table_remove_all (self->callers);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (quotes_dbus_callers_parent_class)->dispose (object);
}

static void
quotes_dbus_callers_finalize (GObject *object)
{
  g_hash_table_unref (QUOTES_DBUS_CALLERS (object)->callers);

  G_OBJECT_CLASS (quotes_dbus_callers_parent_class)->finalize (object);
}

static void
quotes_dbus_callers_class_init (QuotesDbusCallersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_dbus_callers_dispose;
  object_class->finalize = quotes_dbus_callers_finalize;

  /**
   * QuotesDbusCallers::holds-changed:
   * @self: the callers
   */
  signals[SIGNAL_HOLDS_CHANGED] =
    g_signal_new ("holds-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
}

static void
quotes_dbus_callers_init (QuotesDbusCallers *self)
{
  self->callers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, caller_free);
}

QuotesDbusCallers *
quotes_dbus_callers_new (GDBusConnection *connection)
{
  QuotesDbusCallers *self = g_object_new (QUOTES_TYPE_DBUS_CALLERS, NULL);

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);

  self->connection = g_object_ref (connection);
  return self;
}

/**
 * quotes_dbus_callers_begin_call:
 *
 * Returns: whether one more call of @sender may wait; if so, quotes_dbus_callers_end_call() follows
 */
gboolean
quotes_dbus_callers_begin_call (QuotesDbusCallers *self, const char *sender)
{
  Caller *caller = NULL;

  g_return_val_if_fail (QUOTES_IS_DBUS_CALLERS (self), FALSE);

  if (self->n_calls >= MAX_CALLS)
    return FALSE;
  caller = ensure_caller (self, sender);
  if (caller->n_calls >= MAX_CALLS_PER_SENDER)
    return FALSE;

  caller->n_calls++;
  self->n_calls++;
  return TRUE;
}

void
quotes_dbus_callers_end_call (QuotesDbusCallers *self, const char *sender)
{
  Caller *caller = NULL;

  g_return_if_fail (QUOTES_IS_DBUS_CALLERS (self));
  caller = g_hash_table_lookup (self->callers, sender);
  g_return_if_fail (caller != NULL && caller->n_calls > 0);

  caller->n_calls--;
  self->n_calls--;
  forget_if_idle (self, sender, caller);
}

static guint32
make_cookie (QuotesDbusCallers *self)
{
  /* One count for all senders; after four milliards it begins again. */
  if (++self->last_cookie == 0)
    self->last_cookie = 1;

  return self->last_cookie;
}

/**
 * quotes_dbus_callers_hold:
 *
 * Returns: a new cookie of @sender, or 0 when it, or all together, have too many
 */
guint32
quotes_dbus_callers_hold (QuotesDbusCallers *self, const char *sender)
{
  Caller *caller = NULL;
  guint32 cookie = 0;

  g_return_val_if_fail (QUOTES_IS_DBUS_CALLERS (self), 0);

  caller = g_hash_table_lookup (self->callers, sender);
  if (self->n_holds >= MAX_HOLDS ||
      (caller != NULL && g_hash_table_size (caller->cookies) >= MAX_HOLDS_PER_SENDER))
    return 0;

  caller = ensure_caller (self, sender);
  cookie = make_cookie (self);
  g_hash_table_add (caller->cookies, GUINT_TO_POINTER (cookie));
  self->n_holds++;
  if (caller->watch_id == 0)
    caller->watch_id =
      g_bus_watch_name_on_connection (self->connection, sender, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
                                      sender_vanished_cb, self, NULL);
  g_signal_emit (self, signals[SIGNAL_HOLDS_CHANGED], 0);

  return cookie;
}

/**
 * quotes_dbus_callers_release:
 *
 * Returns: whether @cookie was one of @sender's
 */
gboolean
quotes_dbus_callers_release (QuotesDbusCallers *self, const char *sender, guint32 cookie)
{
  Caller *caller = NULL;

  g_return_val_if_fail (QUOTES_IS_DBUS_CALLERS (self), FALSE);

  caller = g_hash_table_lookup (self->callers, sender);
  if (caller == NULL || !g_hash_table_remove (caller->cookies, GUINT_TO_POINTER (cookie)))
    return FALSE;

  self->n_holds--;
  forget_if_idle (self, sender, caller);
  g_signal_emit (self, signals[SIGNAL_HOLDS_CHANGED], 0);

  return TRUE;
}

guint
quotes_dbus_callers_get_n_holds (QuotesDbusCallers *self)
{
  g_return_val_if_fail (QUOTES_IS_DBUS_CALLERS (self), 0);

  return self->n_holds;
}
