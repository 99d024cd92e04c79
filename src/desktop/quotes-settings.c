/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-settings.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <errno.h>
#include <fcntl.h>
#include <gio/gsettingsbackend.h>
#include <glib/gstdio.h>
#include <string.h>

#define KEY_WATCHLIST "watchlist"
#define KEY_INTERVAL "refresh-interval"
#define KEY_ADAPTIVE "adaptive-interval"
#define KEY_ALLOWED_HOSTS "allowed-hosts"
#define KEY_CONTACT "user-agent-contact"
#define KEY_TICK_DAYS "history-tick-days"
#define KEY_MINUTE_DAYS "history-minute-days"
#define KEY_HOUR_DAYS "history-hour-days"
#define KEY_MAX_MIB "history-max-mib"

/* The group of settings.ini; without it the keys would stand under the whole path. */
#define FILE_GROUP "marketwell"

/* What the file holds beside the list, and what escaping may add. */
#define ROOM_MARGIN_BYTES (64 * 1024)
#define RETRY_SECONDS 5

/**
 * QuotesSettings:
 *
 * What the user decided, kept by GSettings (contract 6).
 */
struct _QuotesSettings
{
  GObject parent_instance;

  GSettings *settings;        /* (owned) */
  char *file;                 /* (owned) (nullable): where they are, if in a file of ours */
  QuotesWatchlist *watchlist; /* (owned) (nullable): what is bound */
  char **defaults;            /* (owned) (nullable): the list of those who never set one */
  char **left_out;            /* (owned) (nullable): stored, but nobody knows them now */
  gboolean is_loading;
  gboolean is_saving;
  gboolean has_complained;
  guint retry_id; /* the list waits to be stored */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QuotesSettings, quotes_settings, G_TYPE_OBJECT)

static gboolean
is_complete (GSettingsSchema *schema)
{
  const char *const keys[] = {KEY_WATCHLIST, KEY_INTERVAL,  KEY_ALLOWED_HOSTS,
                              KEY_CONTACT,   KEY_TICK_DAYS, KEY_MINUTE_DAYS,
                              KEY_HOUR_DAYS, KEY_MAX_MIB,   KEY_ADAPTIVE};

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (!g_settings_schema_has_key (schema, keys[i]))
      return FALSE;

  return TRUE;
}

static GSettingsSchema *
lookup_in_source (GSettingsSchemaSource *source)
{
  g_autoptr (GSettingsSchema) schema = NULL;

  if (source == NULL)
    return NULL;

  /* GSettings ends the process when a key is missing, as one of an older version's schema is. */
  schema = g_settings_schema_source_lookup (source, APP_ID, TRUE);
  return schema != NULL && is_complete (schema) ? g_steal_pointer (&schema) : NULL;
}

static GSettingsSchema *
find_schema (const char *program, GError **error)
{
  g_autoptr (GSettingsSchema) schema = lookup_in_source (g_settings_schema_source_get_default ());
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autofree char *program_dir = NULL;
  g_autofree char *dir = NULL;

  if (schema != NULL)
    return g_steal_pointer (&schema);

  program_dir = g_path_get_dirname (program);
  dir = g_build_filename (program_dir, "..", "..", "data", NULL);
  source = g_settings_schema_source_new_from_directory (dir, NULL, FALSE, NULL);
  schema = lookup_in_source (source);
  if (schema == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         "Could not find the description of the settings, " APP_ID
                         ".gschema.xml; the installation is incomplete");

  return g_steal_pointer (&schema);
}

static void
load_watchlist (QuotesSettings *self)
{
  g_auto (GStrv) stored = quotes_settings_dup_watchlist (self);
  const char *const *texts =
    stored != NULL ? (const char *const *) stored : (const char *const *) self->defaults;
  g_auto (GStrv) current = quotes_watchlist_dup_texts (self->watchlist);
  g_autoptr (GStrvBuilder) left_out = g_strv_builder_new ();

  if (!g_strv_equal (texts, (const char *const *) current))
    {
      self->is_loading = TRUE;
      quotes_watchlist_load (self->watchlist, texts);
      self->is_loading = FALSE;
    }

  /* A provider may be absent for this run only (--demo); what the user asked of it is not lost. */
  g_strfreev (current);
  current = quotes_watchlist_dup_texts (self->watchlist);
  for (guint i = 0; texts[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) current, texts[i]) &&
        quotes_watchlist_lookup (self->watchlist, texts[i]) == NULL)
      g_strv_builder_add (left_out, texts[i]);
  g_strfreev (self->left_out);
  self->left_out = g_strv_builder_end (left_out);
}

static void
watchlist_changed_cb (QuotesSettings *self)
{
  g_auto (GStrv) texts = NULL;
  g_autoptr (GStrvBuilder) builder = NULL;

  if (self->is_loading)
    return;

  texts = quotes_watchlist_dup_texts (self->watchlist);
  builder = g_strv_builder_new ();
  g_strv_builder_addv (builder, (const char **) texts);
  g_strv_builder_addv (builder, (const char **) self->left_out);
  g_strfreev (texts);
  texts = g_strv_builder_end (builder);
  quotes_settings_set_watchlist (self, (const char *const *) texts);
}

static void
settings_changed_cb (QuotesSettings *self, const char *key)
{
  if (self->watchlist != NULL && !self->is_saving && g_str_equal (key, KEY_WATCHLIST))
    load_watchlist (self);

  g_signal_emit (self, signals[SIGNAL_CHANGED], g_quark_from_string (key), key);
}

static void
quotes_settings_dispose (GObject *object)
{
  QuotesSettings *self = QUOTES_SETTINGS (object);

  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_object (&self->watchlist);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (quotes_settings_parent_class)->dispose (object);
}

static void
quotes_settings_finalize (GObject *object)
{
  QuotesSettings *self = QUOTES_SETTINGS (object);

  g_free (self->file);
  g_strfreev (self->defaults);
  g_strfreev (self->left_out);

  G_OBJECT_CLASS (quotes_settings_parent_class)->finalize (object);
}

static void
quotes_settings_class_init (QuotesSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_settings_dispose;
  object_class->finalize = quotes_settings_finalize;

  /**
   * QuotesSettings::changed:
   * @self: the settings
   * @key: which, also the detail: `changed::refresh-interval`
   *
   * Somebody, perhaps we, set a key. Its getter gives the new value.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
quotes_settings_init (G_GNUC_UNUSED QuotesSettings *self)
{
}

/**
 * quotes_settings_new:
 * @file: (nullable): `STATE/settings.ini`, with a state folder or without a session bus; %NULL =
 * the user's own settings, for which dconf needs a bus
 * @error: return location for a missing schema; exit 78
 *
 * Returns: (transfer full): the settings
 */
QuotesSettings *
quotes_settings_new (const char *file, GError **error)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", error);

  return program != NULL ? quotes_settings_new_for_program (file, program, error) : NULL;
}

/* As quotes_settings_new(), of the program whose path is @program. */
QuotesSettings *
quotes_settings_new_for_program (const char *file, const char *program, GError **error)
{
  g_autoptr (QuotesSettings) self = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettingsBackend) backend = NULL;
  g_auto (GStrv) keys = NULL;

  schema = find_schema (program, error);
  if (schema == NULL)
    return NULL;

  self = g_object_new (QUOTES_TYPE_SETTINGS, NULL);
  self->file = g_strdup (file);
  if (file != NULL)
    backend = g_keyfile_settings_backend_new (file, APP_PATH "/", FILE_GROUP);
  self->settings = g_settings_new_full (schema, backend, NULL);
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (settings_changed_cb), self,
                           G_CONNECT_SWAPPED);

  /* GSettings tells of a change only when the key was read after connecting. */
  keys = g_settings_schema_list_keys (schema);
  for (guint i = 0; keys[i] != NULL; i++)
    g_variant_unref (g_settings_get_value (self->settings, keys[i]));

  return g_steal_pointer (&self);
}

/**
 * quotes_settings_bind_watchlist:
 * @self: the settings
 * @watchlist: gets the stored list now and whenever it is changed from outside, and is stored
 *   whenever an instrument is added or removed
 * @defaults: the list of those who never set one
 */
void
quotes_settings_bind_watchlist (QuotesSettings *self,
                                QuotesWatchlist *watchlist,
                                const char *const *defaults)
{
  g_return_if_fail (QUOTES_IS_SETTINGS (self));
  g_return_if_fail (self->watchlist == NULL && QUOTES_IS_WATCHLIST (watchlist));

  self->watchlist = g_object_ref (watchlist);
  self->defaults = g_strdupv ((char **) defaults);
  g_signal_connect_object (watchlist, "changed", G_CALLBACK (watchlist_changed_cb), self,
                           G_CONNECT_SWAPPED);
  load_watchlist (self);
}

/**
 * quotes_settings_dup_watchlist:
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): instruments; %NULL when it was
 *   never set, which is not the same as an empty list
 */
char **
quotes_settings_dup_watchlist (QuotesSettings *self)
{
  g_autoptr (GVariant) value = NULL;

  g_return_val_if_fail (QUOTES_IS_SETTINGS (self), NULL);

  value = g_settings_get_user_value (self->settings, KEY_WATCHLIST);
  return value != NULL ? g_variant_dup_strv (value, NULL) : NULL;
}

/* GLib 2.74 replaces the file even when its writing has failed: on a full disk by an empty one. So
 * nothing is written without the room for it. */
static gboolean
has_room (QuotesSettings *self, const char *const *texts)
{
  g_autofree char *dir = self->file != NULL ? g_path_get_dirname (self->file) : NULL;
  off_t size = ROOM_MARGIN_BYTES;
  int fd = -1;
  gboolean has_it = FALSE;

  if (dir == NULL)
    return TRUE;

  for (gsize i = 0; texts[i] != NULL; i++)
    size += (off_t) strlen (texts[i]) + 4;
  fd = g_open (dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  /* A file system that cannot tell is taken at its word. */
  if (fd < 0)
    return errno == EOPNOTSUPP || errno == EISDIR;

  has_it = posix_fallocate (fd, 0, size) == 0;
  g_close (fd, NULL);
  return has_it;
}

static gboolean
retry_cb (gpointer user_data)
{
  QuotesSettings *self = user_data;

  self->retry_id = 0;
  watchlist_changed_cb (self);
  return G_SOURCE_REMOVE;
}

static void
keep_for_later (QuotesSettings *self)
{
  if (self->retry_id == 0)
    self->retry_id = g_timeout_add_seconds (RETRY_SECONDS, retry_cb, self);
  if (self->has_complained)
    return;

  self->has_complained = TRUE;
  g_warning ("Could not store the list of instruments: the disk is full, or the settings are "
             "read-only; trying again every %d s",
             RETRY_SECONDS);
}

/* Stores the list. When it cannot be stored, it holds for this run, what was stored before stays,
 * and it is tried again; that is logged once. */
void
quotes_settings_set_watchlist (QuotesSettings *self, const char *const *texts)
{
  gboolean is_stored = FALSE;

  g_return_if_fail (QUOTES_IS_SETTINGS (self));

  self->is_saving = TRUE;
  is_stored = has_room (self, texts) && g_settings_set_strv (self->settings, KEY_WATCHLIST, texts);
  self->is_saving = FALSE;
  if (!is_stored)
    {
      keep_for_later (self);
      return;
    }

  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->has_complained = FALSE;
}

gint64
quotes_settings_get_interval_us (QuotesSettings *self)
{
  g_return_val_if_fail (QUOTES_IS_SETTINGS (self), 0);

  return g_settings_get_uint (self->settings, KEY_INTERVAL) * G_USEC_PER_SEC;
}

/* Whether the interval may get longer when it would be wasted. */
gboolean
quotes_settings_is_adaptive (QuotesSettings *self)
{
  g_return_val_if_fail (QUOTES_IS_SETTINGS (self), TRUE);

  return g_settings_get_boolean (self->settings, KEY_ADAPTIVE);
}

/* Returns: (transfer full) (array zero-terminated=1): Hosts that the door accepts besides its own
 */
char **
quotes_settings_dup_allowed_hosts (QuotesSettings *self)
{
  g_return_val_if_fail (QUOTES_IS_SETTINGS (self), NULL);

  return g_settings_get_strv (self->settings, KEY_ALLOWED_HOSTS);
}

/* Returns: (transfer full) (nullable): what the User-Agent says about the user; %NULL = nothing */
char *
quotes_settings_dup_contact (QuotesSettings *self)
{
  g_autofree char *contact = NULL;

  g_return_val_if_fail (QUOTES_IS_SETTINGS (self), NULL);

  contact = g_settings_get_string (self->settings, KEY_CONTACT);
  return *contact != '\0' ? g_steal_pointer (&contact) : NULL;
}

/* How long what is kept is kept; read at the start. */
void
quotes_settings_get_history_limits (QuotesSettings *self, QuotesHistoryLimits *limits)
{
  g_return_if_fail (QUOTES_IS_SETTINGS (self));

  limits->tick_days = (int) g_settings_get_uint (self->settings, KEY_TICK_DAYS);
  limits->minute_days = (int) g_settings_get_uint (self->settings, KEY_MINUTE_DAYS);
  limits->hour_days = (int) g_settings_get_uint (self->settings, KEY_HOUR_DAYS);
  limits->max_mib = (int) g_settings_get_uint (self->settings, KEY_MAX_MIB);
}

/* Waits until what was set is stored; for the end of the program. */
void
quotes_settings_flush (QuotesSettings *self)
{
  g_return_if_fail (QUOTES_IS_SETTINGS (self));

  g_settings_sync ();
}
