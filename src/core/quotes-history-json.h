/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-history.h"
#include "quotes-record-page.h"
#include "quotes-snapshot.h"

G_BEGIN_DECLS

void quotes_record_append_json (const QuotesRecord *record, GString *text);

/* A part of the answer: @n items from the item @first on, with what stands before the first and
 * behind the last one. Return: whether that was the last. A number takes 2 µs, and 5,000 records
 * have 20,000 of them: in one piece every reader of the streams would wait for it. */
gboolean quotes_history_append_json (const QuotesHistory *history,
                                     guint first,
                                     guint n,
                                     GString *text);
gboolean quotes_record_page_append_json (const QuotesRecordPage *page,
                                         guint first,
                                         guint n,
                                         GString *text);
gboolean quotes_sparklines_append_json (const QuotesSnapshot *snapshot,
                                        GHashTable *closes,
                                        guint first,
                                        guint n,
                                        GString *text);

G_END_DECLS
