/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-database.h"
#include "quotes-history.h"

G_BEGIN_DECLS

/* What a run of the retention finds and deletes, within a transaction of its own. */

gboolean quotes_retention_ask (QuotesDatabase *database,
                               sqlite3_stmt *statement,
                               gint64 *number,
                               GError **error);
gboolean quotes_retention_ask_for (QuotesDatabase *database,
                                   const char *sql,
                                   gint64 *number,
                                   GError **error);
gboolean quotes_retention_find_oldest_tick (QuotesDatabase *database, gint64 *id, GError **error);
gboolean quotes_retention_delete_ticks (QuotesDatabase *database,
                                        gint64 until_id,
                                        gint64 *n_deleted,
                                        GError **error);
gboolean quotes_retention_find_oldest_bar (QuotesDatabase *database,
                                           QuotesInterval interval,
                                           gint64 instrument_id,
                                           gint64 *start_us,
                                           GError **error);
gboolean quotes_retention_delete_bars (QuotesDatabase *database,
                                       QuotesInterval interval,
                                       gint64 instrument_id,
                                       gint64 cutoff_us,
                                       gint64 n_rows,
                                       gint64 *n_deleted,
                                       GError **error);

G_END_DECLS
