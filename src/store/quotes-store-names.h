/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-database.h"
#include "quotes-quote.h"

G_BEGIN_DECLS

/* What the file says of an instrument. */
typedef struct
{
  gint64 id;
  char *instrument;
  char *name;
  char *asset_class;
  char *currency;
  char *contract; /* (nullable): the last known */
} QuotesStoreInstrument;

/**
 * QuotesStoreNames:
 *
 * The tables `instruments` and `sources`, and what is remembered of them between two jobs of the
 * writer; so it is for one connection and the writer's thread only.
 */
typedef struct _QuotesStoreNames QuotesStoreNames;

QuotesStoreNames *quotes_store_names_new (void);
void quotes_store_names_free (QuotesStoreNames *self);
/* What was rolled back is not in the file. */
void quotes_store_names_forget (QuotesStoreNames *self);
gint64 quotes_store_names_ensure_source (QuotesStoreNames *self,
                                         QuotesDatabase *database,
                                         const char *name,
                                         GError **error);
QuotesStoreInstrument *quotes_store_names_ensure_instrument (QuotesStoreNames *self,
                                                             QuotesDatabase *database,
                                                             const QuotesQuote *quote,
                                                             GError **error);
gboolean quotes_store_names_update_instrument (QuotesDatabase *database,
                                               QuotesStoreInstrument *known,
                                               const QuotesQuote *quote,
                                               GError **error);
gboolean quotes_store_find_id (QuotesDatabase *database,
                               sqlite3_stmt *statement,
                               gint64 *id,
                               GError **error);

G_END_DECLS
