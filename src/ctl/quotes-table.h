/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-style.h"

G_BEGIN_DECLS

/**
 * QuotesTableColumn:
 * @heading: (nullable): its name, translated
 * @is_number: aligned at the end of the column
 * @min_width: it may be cut to this; 0 = it is shown whole
 * @drop_rank: when room is short the column with the highest goes first; 0 = stays
 */
typedef struct
{
  const char *heading;
  gboolean is_number;
  guint min_width;
  guint drop_rank;
} QuotesTableColumn;

/**
 * QuotesTable:
 *
 * Rows of text in columns that are as wide as what they hold, or less when the room is less.
 */
typedef struct _QuotesTable QuotesTable;

#define QUOTES_TABLE_ANY_WIDTH G_MAXUINT

QuotesTable *quotes_table_new (const QuotesTableColumn *columns, guint n_columns);
void quotes_table_free (QuotesTable *self);
void quotes_table_add (QuotesTable *self, QuotesStyle style, const char *text);
guint quotes_table_get_n_rows (QuotesTable *self);
guint quotes_table_fit (QuotesTable *self, guint width);
void quotes_table_append_headings (QuotesTable *self, QuotesPalette palette, GString *out);
void quotes_table_append_row (QuotesTable *self, guint row, QuotesPalette palette, GString *out);
void quotes_table_append_all (QuotesTable *self, QuotesPalette palette, GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesTable, quotes_table_free)

G_END_DECLS
