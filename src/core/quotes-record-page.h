/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-history.h"

G_BEGIN_DECLS

/* How many records one page has at most. */
#define QUOTES_RECORD_PAGE_MAX 5000

/**
 * QuotesRecord:
 * @symbol: of what
 * @currency: of the prices
 * @bar: what was recorded; of a tick all four prices are the same
 */
typedef struct
{
  const char *symbol;
  const char *currency;
  QuotesBar bar;
} QuotesRecord;

/**
 * QuotesRecordPage:
 * @interval: what the records are
 * @records: (element-type QuotesRecord): single prices in the order in which they were written;
 *   bars instrument after instrument, each in the order of time
 * @next: what to ask for as @after to get the next page; 0 = this is the last
 * @texts: what the records point to
 *
 * A part of all that is kept, for an export. Immutable once it left its maker.
 */
typedef struct
{
  QuotesInterval interval;
  GArray *records;
  gint64 next;
  GStringChunk *texts;
} QuotesRecordPage;

QuotesRecordPage *quotes_record_page_new (QuotesInterval interval);
void quotes_record_page_free (QuotesRecordPage *self);
void quotes_record_page_append (QuotesRecordPage *self, const QuotesRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesRecordPage, quotes_record_page_free)

G_END_DECLS
