/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert.h"
#include "quotes-database.h"

G_BEGIN_DECLS

/**
 * QuotesPrivateChanges:
 *
 * What is to be written into `private.db`: alerts by id, of which the newest counts, and calls by
 * day and provider, which are added up. So it stays small however long it waits.
 */
typedef struct _QuotesPrivateChanges QuotesPrivateChanges;

QuotesPrivateChanges *quotes_private_changes_new (void);
void quotes_private_changes_free (QuotesPrivateChanges *self);
void quotes_private_changes_save_alert (QuotesPrivateChanges *self, QuotesAlert *alert);
void quotes_private_changes_remove_alert (QuotesPrivateChanges *self, const char *id);
void quotes_private_changes_count_calls (QuotesPrivateChanges *self,
                                         const char *day,
                                         const char *provider,
                                         guint64 n_requests,
                                         guint64 n_failures);
gboolean quotes_private_changes_are_empty (QuotesPrivateChanges *self);
QuotesPrivateChanges *quotes_private_changes_take (QuotesPrivateChanges *self);
void quotes_private_changes_give_back (QuotesPrivateChanges *self, QuotesPrivateChanges *older);
gboolean quotes_private_changes_write (QuotesPrivateChanges *self,
                                       QuotesDatabase *database,
                                       GError **error);

GPtrArray *quotes_private_records_read_alerts (QuotesDatabase *database, GError **error);
gint64 quotes_private_records_read_last_alert_id (QuotesDatabase *database, GError **error);
GHashTable *quotes_private_records_read_calls (QuotesDatabase *database,
                                               const char *day,
                                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesPrivateChanges, quotes_private_changes_free)

G_END_DECLS
