/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-database.h"

G_BEGIN_DECLS

/* How many files that were set aside are kept of each database. Nothing is ever deleted: when there
 * are so many, the next bad one stays where it is, and nothing is kept. */
#define QUOTES_DATABASE_ASIDE_MAX 3

QuotesDatabase *quotes_database_open_or_set_aside (const char *path,
                                                   const QuotesSchema *schema,
                                                   gint64 now_us,
                                                   char **aside,
                                                   GError **error);

G_END_DECLS
