/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-quote.h"
#include "quotes-snapshot.h"

G_BEGIN_DECLS

/**
 * QuotesStamp:
 *
 * What --stamp-frames adds to each item: when it was published and the version that it belongs to.
 */
typedef struct
{
  gint64 ts_us;
  guint64 seq;
} QuotesStamp;

void quotes_quote_append_json (const QuotesQuote *self, const QuotesStamp *stamp, GString *text);
void quotes_snapshot_append_json (const QuotesSnapshot *self,
                                  GHashTable *symbols,
                                  const QuotesStamp *stamp,
                                  GString *text);
void quotes_json_append_instant (GString *text, gint64 time_us);
void quotes_json_append_time (GString *text, gint64 time_us);

G_END_DECLS
