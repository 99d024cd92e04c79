/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-history.h"
#include "quotes-record-page.h"

G_BEGIN_DECLS

/* The past for programs: with the names and numbers of HTTP, whatever the locale says. */
void quotes_history_format_append_json (const QuotesHistory *history, GString *out);
void quotes_history_format_append_csv (const QuotesHistory *history, GString *out);

/* One line for each record; JSON is one object a line, CSV has its headings apart. */
void quotes_records_format_append_json (const QuotesRecordPage *page, GString *out);
void quotes_records_format_append_csv_headings (GString *out);
void quotes_records_format_append_csv (const QuotesRecordPage *page, GString *out);

G_END_DECLS
