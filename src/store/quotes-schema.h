/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * QuotesSchema:
 * @application_id: in the header of each file, so that the file of another program is recognized
 * @n_migrations: how many there are, which is the newest version
 * @migrations: entry i takes the file from version i to i + 1. A released entry never changes.
 * @tables: (array zero-terminated=1): what the newest version has; a file without one of them is
 *   broken
 *
 * What is in one kind of file.
 */
typedef struct
{
  guint32 application_id;
  guint n_migrations;
  const char *const *migrations;
  const char *const *tables;
} QuotesSchema;

/* `market.db`: public data. Its names are an interface: people query it. */
extern const QuotesSchema quotes_schema_market;
/* `private.db`: what is the user's own. */
extern const QuotesSchema quotes_schema_private;

G_END_DECLS
