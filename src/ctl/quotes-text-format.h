/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-table.h"
#include "quotes-view.h"

G_BEGIN_DECLS

/* Lists and changes as text: for people, for programs, for spreadsheets. */
void quotes_text_format_append_plain (const QuotesView *view,
                                      const QuotesView *previous,
                                      QuotesPalette palette,
                                      GString *out);
void quotes_text_format_append_json (const QuotesView *view,
                                     const QuotesView *previous,
                                     QuotesPalette palette,
                                     GString *out);
void quotes_text_format_append_list_json (const QuotesSnapshot *snapshot, GString *out);
void quotes_text_format_append_csv (const QuotesSnapshot *snapshot, GString *out);

QuotesTable *quotes_text_format_new_table (void);
void quotes_text_format_add_quote (QuotesTable *table, const QuotesQuote *quote, gint64 now_us);
void quotes_text_format_add_pending (QuotesTable *table, const char *symbol, const char *state);

G_END_DECLS
