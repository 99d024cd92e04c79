/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-store-found.h"

#include <glib/gstdio.h>

#include "quotes-database-open.h"
#include "quotes-private-records.h"
#include "quotes-quotes-table.h"
#include "quotes-store-reserve.h"

void
quotes_store_found_free (QuotesStoreFound *self)
{
  g_clear_pointer (&self->snapshot, quotes_snapshot_unref);
  g_clear_pointer (&self->alerts, g_ptr_array_unref);
  g_clear_pointer (&self->calls, g_hash_table_unref);
  g_free (self->note);
  for (guint i = 0; i < QUOTES_N_STORE_FILES; i++)
    g_clear_error (&self->errors[i]);
  g_free (self);
}

static void
note_aside (QuotesStoreFound *self, const char *path, const char *aside)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *aside_name = g_path_get_basename (aside);
  g_autofree char *note = g_strdup_printf (
    "%s could not be read; it is kept as %s, and a new one was begun", name, aside_name);
  g_autofree char *before = g_steal_pointer (&self->note);

  g_warning ("%s", note);
  self->note = before != NULL ? g_strconcat (before, "; ", note, NULL) : g_steal_pointer (&note);
}

/* Neither a newer nor a broken file gets better by itself. And new alerts must not come into the
 * place of old ones that could not be read: a file that has some is left alone, too. */
static gboolean
is_hopeless (const char *path, QuotesStoreFile file, const GError *error)
{
  GStatBuf info = {0};

  return g_error_matches (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_NEWER) ||
         g_error_matches (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_CORRUPT) ||
         (file == QUOTES_STORE_FILE_PRIVATE && g_stat (path, &info) == 0 && info.st_size > 0);
}

static gboolean
give_up_reserve (const char *dir)
{
  g_autoptr (QuotesStoreReserve) reserve = quotes_store_reserve_new (dir);

  return quotes_store_reserve_give_up (reserve);
}

/* Returns: (transfer full) (nullable): %NULL when it cannot be used now */
static QuotesDatabase *
open_file (QuotesStoreFound *self, const char *dir, QuotesStoreFile file, gint64 now_us)
{
  g_autofree char *path = quotes_store_file_dup_path (dir, file);
  g_autofree char *aside = NULL;
  GError **error = &self->errors[file];
  const QuotesSchema *schema = quotes_store_file_get_schema (file);
  QuotesDatabase *database =
    quotes_database_open_or_set_aside (path, schema, now_us, &aside, error);

  /* Without any room not even reading begins. */
  if (database == NULL && aside == NULL &&
      g_error_matches (*error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_FULL) &&
      give_up_reserve (dir))
    {
      g_clear_error (error);
      database = quotes_database_open_or_set_aside (path, schema, now_us, &aside, error);
    }

  if (aside != NULL)
    note_aside (self, path, aside);
  self->is_off[file] = database == NULL && is_hopeless (path, file, *error);
  return database;
}

static void
read_market (QuotesStoreFound *self, QuotesDatabase *database)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *quotes = quotes_quotes_table_read (database, &error);

  if (quotes == NULL)
    {
      g_warning ("%s; the first prices come from the network", error->message);
      return;
    }
  quotes_snapshot_unref (self->snapshot);
  self->snapshot = quotes_snapshot_new (0, 0, quotes);
}

static void
read_private (QuotesStoreFound *self, QuotesDatabase *database, const char *day)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *alerts = quotes_private_records_read_alerts (database, &error);
  GHashTable *calls =
    alerts != NULL ? quotes_private_records_read_calls (database, day, &error) : NULL;

  if (alerts != NULL)
    {
      g_ptr_array_unref (self->alerts);
      self->alerts = alerts;
    }
  if (calls != NULL)
    {
      g_hash_table_unref (self->calls);
      self->calls = calls;
      self->last_alert_id = quotes_private_records_read_last_alert_id (database, &error);
    }
  if (error != NULL)
    g_warning ("%s; alerts may be missing", error->message);
}

/**
 * quotes_store_found_open:
 * @dir: the state folder
 * @now_us: real time
 * @day: of now, `2026-02-17`
 * @writer: gets the files that could be opened
 *
 * Blocks, for two seconds at most on a disk that works.
 *
 * Returns: (transfer full): what was found
 */
QuotesStoreFound *
quotes_store_found_open (const char *dir, gint64 now_us, const char *day, QuotesStoreWorker *writer)
{
  QuotesStoreFound *self = g_new0 (QuotesStoreFound, 1);
  QuotesDatabase *market = open_file (self, dir, QUOTES_STORE_FILE_MARKET, now_us);
  QuotesDatabase *private = open_file (self, dir, QUOTES_STORE_FILE_PRIVATE, now_us);

  self->snapshot = quotes_snapshot_new (
    0, 0, g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref));
  self->alerts = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_alert_unref);
  self->calls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (market != NULL)
    {
      read_market (self, market);
      quotes_store_worker_give (writer, QUOTES_STORE_FILE_MARKET, market);
    }
  if (private != NULL)
    {
      read_private (self, private, day);
      quotes_store_worker_give (writer, QUOTES_STORE_FILE_PRIVATE, private);
    }
  return self;
}
