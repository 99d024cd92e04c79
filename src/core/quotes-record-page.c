/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-record-page.h"

/* Returns: (transfer full): an empty one, for quotes_record_page_append() */
QuotesRecordPage *
quotes_record_page_new (QuotesInterval interval)
{
  QuotesRecordPage *self = g_new0 (QuotesRecordPage, 1);

  self->interval = interval;
  self->records = g_array_new (FALSE, FALSE, sizeof (QuotesRecord));
  self->texts = g_string_chunk_new (256);

  return self;
}

void
quotes_record_page_free (QuotesRecordPage *self)
{
  g_array_unref (self->records);
  g_string_chunk_free (self->texts);
  g_free (self);
}

static const char *
keep (QuotesRecordPage *self, const char *text)
{
  return text != NULL ? g_string_chunk_insert_const (self->texts, text) : NULL;
}

/* @record is copied, with its texts. */
void
quotes_record_page_append (QuotesRecordPage *self, const QuotesRecord *record)
{
  QuotesRecord copy = *record;

  copy.symbol = keep (self, record->symbol);
  copy.currency = keep (self, record->currency);
  copy.bar.source = keep (self, record->bar.source);
  g_array_append_val (self->records, copy);
}
