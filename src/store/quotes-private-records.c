/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-private-records.h"

#include <string.h>

#include "quotes-quotes-table.h"

typedef struct
{
  char *day;
  char *provider;
  guint64 n_requests;
  guint64 n_failures;
} Calls;

struct _QuotesPrivateChanges
{
  GHashTable *alerts; /* (owned) (element-type utf8 QuotesAlert) by id; %NULL = removed */
  GPtrArray *calls;   /* (owned) (element-type Calls) */
};

static void
calls_free (gpointer data)
{
  Calls *self = data;

  g_free (self->day);
  g_free (self->provider);
  g_free (self);
}

static void
alert_unref (gpointer data)
{
  if (data != NULL)
    quotes_alert_unref (data);
}

QuotesPrivateChanges *
quotes_private_changes_new (void)
{
  QuotesPrivateChanges *self = g_new0 (QuotesPrivateChanges, 1);

  self->alerts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, alert_unref);
  self->calls = g_ptr_array_new_with_free_func (calls_free);
  return self;
}

void
quotes_private_changes_free (QuotesPrivateChanges *self)
{
  g_hash_table_unref (self->alerts);
  g_ptr_array_unref (self->calls);
  g_free (self);
}

/* @alert: one that has an id */
void
quotes_private_changes_save_alert (QuotesPrivateChanges *self, QuotesAlert *alert)
{
  g_hash_table_insert (self->alerts, g_strdup (alert->id), quotes_alert_ref (alert));
}

void
quotes_private_changes_remove_alert (QuotesPrivateChanges *self, const char *id)
{
  g_hash_table_insert (self->alerts, g_strdup (id), NULL);
}

/* @day: `2026-02-17`, in UTC */
void
quotes_private_changes_count_calls (QuotesPrivateChanges *self,
                                    const char *day,
                                    const char *provider,
                                    guint64 n_requests,
                                    guint64 n_failures)
{
  Calls *calls = NULL;

  for (guint i = 0; i < self->calls->len && calls == NULL; i++)
    {
      Calls *known = g_ptr_array_index (self->calls, i);

      if (g_str_equal (known->day, day) && g_str_equal (known->provider, provider))
        calls = known;
    }
  if (calls == NULL)
    {
      calls = g_new0 (Calls, 1);
      calls->day = g_strdup (day);
      calls->provider = g_strdup (provider);
      g_ptr_array_add (self->calls, calls);
    }
  calls->n_requests += n_requests;
  calls->n_failures += n_failures;
}

gboolean
quotes_private_changes_are_empty (QuotesPrivateChanges *self)
{
  return g_hash_table_size (self->alerts) == 0 && self->calls->len == 0;
}

/* Returns: (transfer full): all of it; @self is empty then */
QuotesPrivateChanges *
quotes_private_changes_take (QuotesPrivateChanges *self)
{
  QuotesPrivateChanges *taken = quotes_private_changes_new ();
  QuotesPrivateChanges fields = *taken;

  *taken = *self;
  *self = fields;
  return taken;
}

/* @older: (transfer full): what was taken, and could not be written */
void
quotes_private_changes_give_back (QuotesPrivateChanges *self, QuotesPrivateChanges *older)
{
  GHashTableIter iter;
  gpointer id = NULL;
  gpointer alert = NULL;

  g_hash_table_iter_init (&iter, older->alerts);
  while (g_hash_table_iter_next (&iter, &id, &alert))
    if (!g_hash_table_contains (self->alerts, id))
      g_hash_table_insert (self->alerts, g_strdup (id),
                           alert != NULL ? quotes_alert_ref (alert) : NULL);
  for (guint i = 0; i < older->calls->len; i++)
    {
      const Calls *calls = g_ptr_array_index (older->calls, i);

      quotes_private_changes_count_calls (self, calls->day, calls->provider, calls->n_requests,
                                          calls->n_failures);
    }
  quotes_private_changes_free (older);
}

static void
bind_alert (sqlite3_stmt *statement, const QuotesAlert *alert)
{
  quotes_bind_text (statement, 2, quotes_alert_kind_to_string (alert->kind));
  quotes_bind_text (statement, 3, alert->symbol);
  quotes_bind_text (statement, 4, alert->provider);
  sqlite3_bind_double (statement, 5, alert->level);
  sqlite3_bind_double (statement, 6, alert->percent);
  quotes_bind_text (statement, 7, quotes_alert_direction_to_string (alert->direction));
  sqlite3_bind_int64 (statement, 8, alert->window_us);
  sqlite3_bind_int (statement, 9, alert->is_repeating != 0);
  sqlite3_bind_int64 (statement, 10, alert->cooldown_us);
  sqlite3_bind_double (statement, 11, alert->hysteresis_percent);
  quotes_bind_text (statement, 12, alert->note);
  sqlite3_bind_int (statement, 13, alert->is_enabled != 0);
  sqlite3_bind_int64 (statement, 14, alert->snoozed_until_us);
  sqlite3_bind_int64 (statement, 15, alert->created_us);
  sqlite3_bind_int64 (statement, 16, alert->fired_us);
  sqlite3_bind_int64 (statement, 17, alert->n_fired);
  sqlite3_bind_int (statement, 18, alert->is_armed != 0);
}

/* An alert that came and went before it was written has used up its id, too. */
static gboolean
remember_id (QuotesDatabase *database, gint64 id, GError **error)
{
  const char *const sqls[] = {
    "UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'alerts'",
    "INSERT INTO sqlite_sequence (name, seq) SELECT 'alerts', ?1"
    " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'alerts')",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (sqls); i++)
    {
      sqlite3_stmt *statement = quotes_database_prepare (database, sqls[i], error);

      if (statement == NULL)
        return FALSE;
      sqlite3_bind_int64 (statement, 1, id);
      if (!quotes_database_run (database, statement, error))
        return FALSE;
    }
  return TRUE;
}

/* @alert: (nullable): %NULL = it is gone */
static gboolean
write_alert (QuotesDatabase *database, const char *id, const QuotesAlert *alert, GError **error)
{
  gint64 number = g_ascii_strtoll (id, NULL, 10);
  const char *sql =
    alert == NULL
      ? "DELETE FROM alerts WHERE id = ?1"
      : "INSERT OR REPLACE INTO alerts (id, kind, symbol, provider, level, percent, direction,"
        " window_us, is_repeating, cooldown_us, hysteresis_percent, note, is_enabled,"
        " snoozed_until_us, created_us, fired_us, n_fired, is_armed) VALUES (?1, ?2, ?3, ?4, ?5,"
        " ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
  sqlite3_stmt *statement = quotes_database_prepare (database, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  if (alert != NULL)
    bind_alert (statement, alert);
  return quotes_database_run (database, statement, error) &&
         (alert != NULL || remember_id (database, number, error));
}

static gboolean
write_calls (QuotesDatabase *database, const Calls *calls, GError **error)
{
  sqlite3_stmt *statement = quotes_database_prepare (
    database,
    "INSERT INTO calls (day, provider, n_requests, n_failures) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT DO UPDATE SET n_requests = n_requests + excluded.n_requests,"
    " n_failures = n_failures + excluded.n_failures",
    error);

  if (statement == NULL)
    return FALSE;
  quotes_bind_text (statement, 1, calls->day);
  quotes_bind_text (statement, 2, calls->provider);
  sqlite3_bind_int64 (statement, 3, (gint64) calls->n_requests);
  sqlite3_bind_int64 (statement, 4, (gint64) calls->n_failures);
  return quotes_database_run (database, statement, error);
}

static gboolean
write_all (QuotesPrivateChanges *self, QuotesDatabase *database, GError **error)
{
  GHashTableIter iter;
  gpointer id = NULL;
  gpointer alert = NULL;

  g_hash_table_iter_init (&iter, self->alerts);
  while (g_hash_table_iter_next (&iter, &id, &alert))
    if (!write_alert (database, id, alert, error))
      return FALSE;
  for (guint i = 0; i < self->calls->len; i++)
    if (!write_calls (database, g_ptr_array_index (self->calls, i), error))
      return FALSE;
  return TRUE;
}

/* Writes all of it in one transaction, or nothing. */
gboolean
quotes_private_changes_write (QuotesPrivateChanges *self, QuotesDatabase *database, GError **error)
{
  if (!quotes_database_begin (database, error))
    return FALSE;
  if (!write_all (self, database, error))
    {
      quotes_database_roll_back (database);
      return FALSE;
    }
  return quotes_database_commit (database, error);
}

static double
get_number (sqlite3_stmt *statement, int column)
{
  return sqlite3_column_type (statement, column) == SQLITE_NULL
           ? NAN
           : sqlite3_column_double (statement, column);
}

/* Returns: (transfer full) (nullable): %NULL for a row that is none of ours */
static QuotesAlert *
read_alert (sqlite3_stmt *statement)
{
  QuotesAlert fields = QUOTES_ALERT_INIT;
  g_autofree char *id =
    g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) sqlite3_column_int64 (statement, 0));
  const char *kind = quotes_column_text (statement, 1);
  const char *direction = quotes_column_text (statement, 6);

  fields.id = id;
  fields.symbol = quotes_column_text (statement, 2);
  fields.provider = quotes_column_text (statement, 3);
  fields.level = get_number (statement, 4);
  fields.percent = get_number (statement, 5);
  fields.window_us = sqlite3_column_int64 (statement, 7);
  fields.is_repeating = sqlite3_column_int (statement, 8) != 0;
  fields.cooldown_us = sqlite3_column_int64 (statement, 9);
  fields.hysteresis_percent = get_number (statement, 10);
  fields.note = quotes_column_text (statement, 11);
  fields.is_enabled = sqlite3_column_int (statement, 12) != 0;
  fields.snoozed_until_us = sqlite3_column_int64 (statement, 13);
  fields.created_us = sqlite3_column_int64 (statement, 14);
  fields.fired_us = sqlite3_column_int64 (statement, 15);
  fields.n_fired = (guint) MAX (sqlite3_column_int (statement, 16), 0);
  fields.is_armed = sqlite3_column_int (statement, 17) != 0;

  if (kind == NULL || direction == NULL || !quotes_alert_kind_from_string (kind, &fields.kind) ||
      !quotes_alert_direction_from_string (direction, &fields.direction) ||
      !isfinite (fields.hysteresis_percent) ||
      (fields.kind == QUOTES_ALERT_PROVIDER ? fields.provider : fields.symbol) == NULL)
    return NULL;
  return quotes_alert_new (&fields);
}

/**
 * quotes_private_records_read_alerts:
 *
 * Returns: (transfer full) (nullable) (element-type QuotesAlert): the oldest first
 */
GPtrArray *
quotes_private_records_read_alerts (QuotesDatabase *database, GError **error)
{
  g_autoptr (GPtrArray) alerts =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_alert_unref);
  sqlite3_stmt *statement = quotes_database_prepare (
    database,
    "SELECT id, kind, symbol, provider, level, percent, direction, window_us, is_repeating,"
    " cooldown_us, hysteresis_percent, note, is_enabled, snoozed_until_us, created_us, fired_us,"
    " n_fired, is_armed FROM alerts ORDER BY id",
    error);
  gboolean has_row = FALSE;

  if (statement == NULL)
    return NULL;
  do
    {
      QuotesAlert *alert = NULL;

      if (!quotes_database_step (database, statement, &has_row, error))
        return NULL;
      alert = has_row ? read_alert (statement) : NULL;
      if (alert != NULL)
        g_ptr_array_add (alerts, alert);
    }
  while (has_row);
  return g_steal_pointer (&alerts);
}

/* Returns: the highest id that was ever used; 0 = none was; -1 = error */
gint64
quotes_private_records_read_last_alert_id (QuotesDatabase *database, GError **error)
{
  sqlite3_stmt *statement = quotes_database_prepare (
    database, "SELECT seq FROM sqlite_sequence WHERE name = 'alerts'", error);
  gboolean has_row = FALSE;
  gint64 id = 0;

  if (statement == NULL || !quotes_database_step (database, statement, &has_row, error))
    return -1;
  id = has_row ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return MAX (id, 0);
}

/**
 * quotes_private_records_read_calls:
 * @day: `2026-02-17`, in UTC
 *
 * Returns: (transfer full) (nullable) (element-type utf8 guint64): requests by provider
 */
GHashTable *
quotes_private_records_read_calls (QuotesDatabase *database, const char *day, GError **error)
{
  g_autoptr (GHashTable) calls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  sqlite3_stmt *statement = quotes_database_prepare (
    database, "SELECT provider, n_requests FROM calls WHERE day = ?1", error);
  gboolean has_row = FALSE;

  if (statement == NULL)
    return NULL;
  quotes_bind_text (statement, 1, day);
  do
    {
      const char *provider = NULL;

      if (!quotes_database_step (database, statement, &has_row, error))
        return NULL;
      provider = has_row ? quotes_column_text (statement, 0) : NULL;
      if (provider != NULL)
        {
          guint64 n = (guint64) MAX (sqlite3_column_int64 (statement, 1), 0);

          g_hash_table_insert (calls, g_strdup (provider), g_memdup2 (&n, sizeof n));
        }
    }
  while (has_row);
  return g_steal_pointer (&calls);
}
