/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-database.h"

G_BEGIN_DECLS

/* Which file a job is about. */
typedef enum
{
  QUOTES_STORE_FILE_MARKET,
  QUOTES_STORE_FILE_PRIVATE,
} QuotesStoreFile;

#define QUOTES_N_STORE_FILES (QUOTES_STORE_FILE_PRIVATE + 1)

/**
 * QuotesStoreWorker:
 *
 * One thread and the connections that only it uses. Its jobs are done one after another, in the
 * order in which they were pushed.
 *
 * A file that could not be opened is tried again with each job that needs it.
 */
typedef struct _QuotesStoreWorker QuotesStoreWorker;

/**
 * QuotesStoreJob:
 * @database: of the file that was asked for
 * @data: the task data of the job's task
 * @error: return location for why it failed
 *
 * Runs on the worker's thread. It puts its results into @data, which nobody else looks at before
 * the task has returned. A transaction that it leaves open is rolled back.
 *
 * Returns: what the task returns
 */
typedef gboolean (*QuotesStoreJob) (QuotesDatabase *database, gpointer data, GError **error);

QuotesStoreWorker *quotes_store_worker_new_writer (const char *dir);
QuotesStoreWorker *quotes_store_worker_new_reader (const char *dir);
void quotes_store_worker_give (QuotesStoreWorker *self,
                               QuotesStoreFile file,
                               QuotesDatabase *database);
void quotes_store_worker_push (QuotesStoreWorker *self,
                               QuotesStoreFile file,
                               QuotesStoreJob job,
                               GTask *task);
void quotes_store_worker_begin_close (QuotesStoreWorker *self, GTask *task);
gboolean quotes_store_worker_close (QuotesStoreWorker *self, gint64 limit_us);

char *quotes_store_file_dup_path (const char *dir, QuotesStoreFile file);
const QuotesSchema *quotes_store_file_get_schema (QuotesStoreFile file);

G_END_DECLS
