/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-database.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* Others who look into the file lock it for moments only. */
#define BUSY_TIMEOUT_MS 250
/* Ends the start in time on any disk; what it did not reach is found by who reads it. */
#define QUICK_CHECK_LIMIT_US G_USEC_PER_SEC
/* Steps of the virtual machine between two looks at the cancellable: about 0.1 ms. */
#define STEPS_BETWEEN_LOOKS 2000
/* After a checkpoint the log is cut to what it usually needs. */
#define LOG_SIZE_LIMIT "4194304"

struct _QuotesDatabase
{
  sqlite3 *handle;           /* (owned) */
  char *path;                /* (owned) */
  GHashTable *statements;    /* (owned) (element-type utf8 sqlite3_stmt): by their SQL */
  GCancellable *cancellable; /* (owned) (nullable) */
  GCancellable *closing;     /* (owned) (nullable) */
};

static int
look_cb (gpointer user_data)
{
  QuotesDatabase *self = user_data;

  return g_cancellable_is_cancelled (self->cancellable) ||
         g_cancellable_is_cancelled (self->closing);
}

static QuotesStoreError
get_code (sqlite3 *handle)
{
  int cause = sqlite3_system_errno (handle);

  switch (sqlite3_extended_errcode (handle) & 0xff)
    {
    case SQLITE_FULL:
      return QUOTES_STORE_ERROR_FULL;
    case SQLITE_READONLY:
      return QUOTES_STORE_ERROR_READ_ONLY;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return QUOTES_STORE_ERROR_CORRUPT;
    case SQLITE_CANTOPEN:
      if (cause == EROFS)
        return QUOTES_STORE_ERROR_READ_ONLY;
      G_GNUC_FALLTHROUGH;
    case SQLITE_IOERR:
      /* The shared memory of the log could not grow, or its file not be made. */
      return cause == ENOSPC || cause == EDQUOT ? QUOTES_STORE_ERROR_FULL
                                                : QUOTES_STORE_ERROR_FAILED;
    default:
      return QUOTES_STORE_ERROR_FAILED;
    }
}

/**
 * quotes_database_set_error:
 * @doing: what could not be done: "read the alerts"
 *
 * Sets the error that SQLite reported last.
 */
void
quotes_database_set_error (QuotesDatabase *self, const char *doing, GError **error)
{
  g_autofree char *name = g_filename_display_basename (self->path);

  if (sqlite3_errcode (self->handle) == SQLITE_INTERRUPT &&
      (g_cancellable_set_error_if_cancelled (self->cancellable, error) ||
       g_cancellable_set_error_if_cancelled (self->closing, error)))
    return;
  g_set_error (error, QUOTES_STORE_ERROR, (int) get_code (self->handle), "Could not %s in %s: %s",
               doing, name, sqlite3_errmsg (self->handle));
}

gboolean
quotes_database_execute (QuotesDatabase *self, const char *sql, GError **error)
{
  if (sqlite3_exec (self->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  quotes_database_set_error (self, "work", error);
  return FALSE;
}

/**
 * quotes_database_prepare:
 * @sql: a literal: it is kept with its statement as long as the database is open
 *
 * Returns: (transfer none) (nullable): the statement, without values
 */
sqlite3_stmt *
quotes_database_prepare (QuotesDatabase *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement != NULL)
    {
      sqlite3_reset (statement);
      sqlite3_clear_bindings (statement);
      return statement;
    }

  if (sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
      SQLITE_OK)
    {
      quotes_database_set_error (self, "work", error);
      return NULL;
    }
  g_hash_table_insert (self->statements, g_strdup (sql), statement);
  return statement;
}

/* One step of a statement; after the last one it is reset. */
gboolean
quotes_database_step (QuotesDatabase *self,
                      sqlite3_stmt *statement,
                      gboolean *has_row,
                      GError **error)
{
  int code = sqlite3_step (statement);

  *has_row = code == SQLITE_ROW;
  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    quotes_database_set_error (self, "work", error);
  sqlite3_reset (statement);
  return code == SQLITE_DONE;
}

/* A statement that gives no rows. */
gboolean
quotes_database_run (QuotesDatabase *self, sqlite3_stmt *statement, GError **error)
{
  gboolean has_row = FALSE;
  gboolean is_good = quotes_database_step (self, statement, &has_row, error);

  sqlite3_reset (statement);
  return is_good;
}

gboolean
quotes_database_begin (QuotesDatabase *self, GError **error)
{
  return quotes_database_execute (self, "BEGIN IMMEDIATE", error);
}

gboolean
quotes_database_commit (QuotesDatabase *self, GError **error)
{
  if (quotes_database_execute (self, "COMMIT", error))
    return TRUE;

  quotes_database_roll_back (self);
  return FALSE;
}

/* Many errors have rolled back already. */
void
quotes_database_roll_back (QuotesDatabase *self)
{
  if (!sqlite3_get_autocommit (self->handle))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
}

/* Puts all of the log into the file and empties it. Others who read delay that; it is no error. */
gboolean
quotes_database_checkpoint (QuotesDatabase *self, GError **error)
{
  int code = sqlite3_wal_checkpoint_v2 (self->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

  if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY)
    return TRUE;
  quotes_database_set_error (self, "tidy up", error);
  return FALSE;
}

sqlite3 *
quotes_database_get_handle (QuotesDatabase *self)
{
  return self->handle;
}

const char *
quotes_database_get_path (QuotesDatabase *self)
{
  return self->path;
}

void
quotes_database_set_cancellable (QuotesDatabase *self,
                                 GCancellable *cancellable,
                                 GCancellable *closing)
{
  gboolean is_watched = cancellable != NULL || closing != NULL;

  g_set_object (&self->cancellable, cancellable);
  g_set_object (&self->closing, closing);
  sqlite3_progress_handler (self->handle, is_watched ? STEPS_BETWEEN_LOOKS : 0,
                            is_watched ? look_cb : NULL, self);
}

void
quotes_database_close (QuotesDatabase *self)
{
  g_hash_table_unref (self->statements);
  sqlite3_close_v2 (self->handle);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->closing);
  g_free (self->path);
  g_free (self);
}

static gboolean
read_number (QuotesDatabase *self, const char *sql, gint64 *number, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean is_good = FALSE;

  if (sqlite3_prepare_v2 (self->handle, sql, -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step (statement) == SQLITE_ROW)
    {
      *number = sqlite3_column_int64 (statement, 0);
      is_good = TRUE;
    }
  else
    {
      quotes_database_set_error (self, "read", error);
    }
  sqlite3_finalize (statement);
  return is_good;
}

static void
set_config (QuotesDatabase *self, int what, int value)
{
  sqlite3_db_config (self->handle, what, value, NULL);
}

static void
finalize_statement (gpointer data)
{
  sqlite3_finalize (data);
}

static QuotesDatabase *
connect_to (const char *path, int flags, GError **error)
{
  g_autoptr (QuotesDatabase) self = g_new0 (QuotesDatabase, 1);

  self->path = g_strdup (path);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize_statement);
  if (sqlite3_open_v2 (path, &self->handle, flags | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK)
    {
      if (self->handle != NULL)
        quotes_database_set_error (self, "open the database", error);
      else
        g_set_error (error, QUOTES_STORE_ERROR, QUOTES_STORE_ERROR_FAILED,
                     "Could not open a database: out of memory");
      return NULL;
    }

  sqlite3_busy_timeout (self->handle, BUSY_TIMEOUT_MS);
  set_config (self, SQLITE_DBCONFIG_DEFENSIVE, 1);
  set_config (self, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
  /* Until it is known to be ours, nothing of the file is changed, not even by closing it. */
  set_config (self, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1);
  return g_steal_pointer (&self);
}

static gboolean
refuse (QuotesDatabase *self, QuotesStoreError code, const char *why, GError **error)
{
  g_autofree char *name = g_filename_display_basename (self->path);

  g_set_error (error, QUOTES_STORE_ERROR, (int) code, "Could not use %s: %s", name, why);
  return FALSE;
}

/* Whose file it is, and of what age; *version = 0 for one in which nothing is yet. */
static gboolean
identify (QuotesDatabase *self, const QuotesSchema *schema, gint64 *version, GError **error)
{
  gint64 application_id = 0;
  gint64 n_tables = 0;

  if (!read_number (self, "PRAGMA application_id", &application_id, error) ||
      !read_number (self, "PRAGMA user_version", version, error) ||
      !read_number (self, "SELECT count(*) FROM sqlite_schema", &n_tables, error))
    return FALSE;

  if (application_id == 0 && *version == 0 && n_tables == 0)
    return TRUE;
  if ((guint32) application_id != schema->application_id || *version <= 0)
    return refuse (self, QUOTES_STORE_ERROR_CORRUPT, "it is of another program", error);
  if (*version > schema->n_migrations)
    return refuse (self, QUOTES_STORE_ERROR_NEWER,
                   "it was written by a newer version of this program", error);
  return TRUE;
}

static gboolean
migrate (QuotesDatabase *self, const QuotesSchema *schema, gint64 version, GError **error)
{
  for (gint64 i = version; i < schema->n_migrations; i++)
    {
      g_autofree char *mark =
        g_strdup_printf ("PRAGMA application_id = %u; PRAGMA user_version = %" G_GINT64_FORMAT,
                         schema->application_id, i + 1);

      if (!quotes_database_begin (self, error))
        return FALSE;
      if (!quotes_database_execute (self, schema->migrations[i], error) ||
          !quotes_database_execute (self, mark, error))
        {
          quotes_database_roll_back (self);
          return FALSE;
        }
      if (!quotes_database_commit (self, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_tables (QuotesDatabase *self, const QuotesSchema *schema, GError **error)
{
  for (gsize i = 0; schema->tables[i] != NULL; i++)
    if (sqlite3_table_column_metadata (self->handle, "main", schema->tables[i], NULL, NULL, NULL,
                                       NULL, NULL, NULL) != SQLITE_OK)
      {
        if (sqlite3_errcode (self->handle) == SQLITE_ERROR)
          return refuse (self, QUOTES_STORE_ERROR_CORRUPT, "a table is missing", error);
        quotes_database_set_error (self, "read", error);
        return FALSE;
      }
  return TRUE;
}

typedef struct
{
  sqlite3 *handle;
  GAsyncQueue *done; /* (owned) */
} CheckLimit;

/* The check of one table is one step of SQLite 3.40, so a progress handler would not be asked. */
static gpointer
limit_check (gpointer user_data)
{
  CheckLimit *limit = user_data;

  if (g_async_queue_timeout_pop (limit->done, QUICK_CHECK_LIMIT_US) == NULL)
    sqlite3_interrupt (limit->handle);
  return NULL;
}

static gboolean
run_quick_check (QuotesDatabase *self, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean is_good = FALSE;
  int code = sqlite3_prepare_v2 (self->handle, "PRAGMA quick_check(1)", -1, &statement, NULL);

  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    is_good = g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0 ||
              refuse (self, QUOTES_STORE_ERROR_CORRUPT, "it is damaged", error);
  else if (code == SQLITE_INTERRUPT)
    is_good = TRUE;
  else
    quotes_database_set_error (self, "check what is", error);
  sqlite3_finalize (statement);
  return is_good;
}

static gboolean
quick_check (QuotesDatabase *self, GError **error)
{
  CheckLimit limit = {.handle = self->handle, .done = g_async_queue_new ()};
  GThread *thread = g_thread_try_new ("check-limit", limit_check, &limit, NULL);
  gboolean is_good = run_quick_check (self, error);

  if (thread != NULL)
    {
      g_async_queue_push (limit.done, self);
      g_thread_join (thread);
    }
  g_async_queue_unref (limit.done);
  return is_good;
}

/* Made by us, because SQLite's own would depend on the umask; its other files follow this one. */
static gboolean
ensure_file (const char *path, GError **error)
{
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
  int cause = errno;

  if (fd >= 0)
    {
      if (fchmod (fd, 0600) != 0)
        g_debug ("Could not set the mode of %s: %s", path, g_strerror (errno));
      return g_close (fd, error);
    }
  /* SQLite may still open it for reading, and says read-only when something is written. */
  if (cause == EROFS || cause == EACCES)
    return TRUE;
  g_set_error (error, QUOTES_STORE_ERROR,
               cause == ENOSPC || cause == EDQUOT ? QUOTES_STORE_ERROR_FULL
                                                  : QUOTES_STORE_ERROR_FAILED,
               "Could not open %s: %s", path, g_strerror (cause));
  return FALSE;
}

/**
 * quotes_database_open:
 * @path: the file, which is made if it is missing
 * @schema: what it has to have; an older one is brought to the newest version
 * @error: return location for a #QuotesStoreError
 *
 * Blocks. A file that is refused is left as it was, to the last byte.
 *
 * Returns: (transfer full) (nullable): a connection that may write
 */
QuotesDatabase *
quotes_database_open (const char *path, const QuotesSchema *schema, GError **error)
{
  g_autoptr (QuotesDatabase) self = NULL;
  gint64 version = 0;

  if (!ensure_file (path, error))
    return NULL;
  self = connect_to (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
  if (self == NULL || !identify (self, schema, &version, error))
    return NULL;
  if (!quotes_database_execute (self, "PRAGMA cell_size_check = ON", error) ||
      (version > 0 && !quick_check (self, error)))
    return NULL;

  /* Works only before there is a table, and before the log. */
  if (version == 0 && !quotes_database_execute (self, "PRAGMA auto_vacuum = INCREMENTAL", error))
    return NULL;
  if (!quotes_database_execute (self,
                                "PRAGMA journal_mode = WAL;"
                                "PRAGMA synchronous = NORMAL;"
                                "PRAGMA temp_store = MEMORY;"
                                "PRAGMA journal_size_limit = " LOG_SIZE_LIMIT,
                                error) ||
      !migrate (self, schema, version, error) || !check_tables (self, schema, error))
    return NULL;

  set_config (self, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0);
  return g_steal_pointer (&self);
}

/**
 * quotes_database_open_reader:
 *
 * Returns: (transfer full) (nullable): a connection that cannot write, to a file that
 *   quotes_database_open() has opened before
 */
QuotesDatabase *
quotes_database_open_reader (const char *path, const QuotesSchema *schema, GError **error)
{
  g_autoptr (QuotesDatabase) self = connect_to (path, SQLITE_OPEN_READWRITE, error);
  gint64 version = 0;

  if (self == NULL || !identify (self, schema, &version, error))
    return NULL;
  if (version != schema->n_migrations)
    {
      refuse (self, QUOTES_STORE_ERROR_FAILED, "it is not ready", error);
      return NULL;
    }
  if (!quotes_database_execute (self,
                                "PRAGMA query_only = ON;"
                                "PRAGMA cell_size_check = ON;"
                                "PRAGMA temp_store = MEMORY",
                                error))
    return NULL;
  return g_steal_pointer (&self);
}
