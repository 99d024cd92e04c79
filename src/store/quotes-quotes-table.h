/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-database.h"
#include "quotes-quote.h"

G_BEGIN_DECLS

/* The table `quotes`: the last good price of each instrument, whole. */
GPtrArray *quotes_quotes_table_read (QuotesDatabase *database, GError **error);
gboolean quotes_quotes_table_write (QuotesDatabase *database,
                                    const QuotesQuote *quote,
                                    gint64 instrument_id,
                                    gint64 source_id,
                                    GError **error);

/* For whoever binds or reads texts that may be unknown. */
void quotes_bind_text (sqlite3_stmt *statement, int index, const char *text);
const char *quotes_column_text (sqlite3_stmt *statement, int index);

G_END_DECLS
