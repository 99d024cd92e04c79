/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-database.h"
#include "quotes-history.h"

G_BEGIN_DECLS

QuotesHistory *quotes_history_query_read (QuotesDatabase *database,
                                          const char *symbol,
                                          QuotesRange range,
                                          guint n_points,
                                          gint64 now_us,
                                          GError **error);
gint64 quotes_history_query_read_newest (QuotesDatabase *database,
                                         const char *symbol,
                                         gint64 now_us,
                                         GError **error);
gboolean quotes_history_query_find_end (QuotesDatabase *database,
                                        gint64 instrument_id,
                                        gint64 now_us,
                                        gint64 *end_us,
                                        GError **error);

G_END_DECLS
