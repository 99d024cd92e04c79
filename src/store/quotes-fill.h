/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-database.h"
#include "quotes-history.h"

G_BEGIN_DECLS

/* How many bars one fill has at most: two weeks of minutes. The writer has other things to do. */
#define QUOTES_FILL_BARS_MAX 20000

gboolean quotes_fill_write (QuotesDatabase *database,
                            const QuotesHistory *history,
                            gint64 now_us,
                            GError **error);

G_END_DECLS
