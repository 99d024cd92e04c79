/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-database.h"

G_BEGIN_DECLS

GHashTable *quotes_closes_query_read (QuotesDatabase *database,
                                      guint n_points,
                                      gint64 now_us,
                                      GError **error);

G_END_DECLS
