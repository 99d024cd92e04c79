/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-history.h"
#include "quotes-record-page.h"
#include "quotes-snapshot.h"

G_BEGIN_DECLS

void quotes_history_append_json (const QuotesHistory *history, GString *text);
void quotes_record_page_append_json (const QuotesRecordPage *page, GString *text);
void quotes_sparklines_append_json (const QuotesSnapshot *snapshot,
                                    GHashTable *closes,
                                    GString *text);

G_END_DECLS
