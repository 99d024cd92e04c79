/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert.h"
#include "quotes-snapshot.h"
#include "quotes-table.h"

G_BEGIN_DECLS

/* Alerts for people and for programs. @list tells currencies and decimals. */
char *quotes_alert_format_condition (const QuotesAlert *alert, const QuotesSnapshot *list);
char *quotes_alert_format_state (const QuotesAlert *alert, gint64 now_us);
char *quotes_alert_format_moment (gint64 time_us);
QuotesTable *quotes_alert_format_new_table (GPtrArray *alerts,
                                            const QuotesSnapshot *list,
                                            gint64 now_us);
void quotes_alert_format_append_json (GPtrArray *alerts, GString *out);

G_END_DECLS
