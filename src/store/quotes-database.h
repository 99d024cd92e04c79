/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#include "quotes-schema.h"
#include "quotes-store-error.h"

G_BEGIN_DECLS

/**
 * QuotesDatabase:
 *
 * One connection to one file. It belongs to one thread at a time.
 */
typedef struct _QuotesDatabase QuotesDatabase;

QuotesDatabase *quotes_database_open (const char *path, const QuotesSchema *schema, GError **error);
QuotesDatabase *quotes_database_open_reader (const char *path,
                                             const QuotesSchema *schema,
                                             GError **error);
void quotes_database_close (QuotesDatabase *self);
sqlite3 *quotes_database_get_handle (QuotesDatabase *self);
const char *quotes_database_get_path (QuotesDatabase *self);

/* (nullable): what is done ends soon after one of them has fired. */
void quotes_database_set_cancellable (QuotesDatabase *self,
                                      GCancellable *cancellable,
                                      GCancellable *closing);

gboolean quotes_database_execute (QuotesDatabase *self, const char *sql, GError **error);
sqlite3_stmt *quotes_database_prepare (QuotesDatabase *self, const char *sql, GError **error);
gboolean quotes_database_run (QuotesDatabase *self, sqlite3_stmt *statement, GError **error);
gboolean quotes_database_step (QuotesDatabase *self,
                               sqlite3_stmt *statement,
                               gboolean *has_row,
                               GError **error);
gboolean quotes_database_begin (QuotesDatabase *self, GError **error);
gboolean quotes_database_commit (QuotesDatabase *self, GError **error);
void quotes_database_roll_back (QuotesDatabase *self);
void quotes_database_set_error (QuotesDatabase *self, const char *doing, GError **error);
gboolean quotes_database_checkpoint (QuotesDatabase *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesDatabase, quotes_database_close)

G_END_DECLS
