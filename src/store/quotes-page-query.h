/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-database.h"
#include "quotes-record-page.h"

G_BEGIN_DECLS

QuotesRecordPage *quotes_page_query_read (QuotesDatabase *database,
                                          QuotesInterval interval,
                                          gint64 since_us,
                                          gint64 after,
                                          guint n_records,
                                          GError **error);

G_END_DECLS
