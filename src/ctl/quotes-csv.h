/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The cells of a table by RFC 4180: each writes one, with the comma before it unless it begins a
 * row. What is unknown is empty. */
void quotes_csv_append_text (GString *out, const char *text);
void quotes_csv_append_number (GString *out, double value);
void quotes_csv_append_time (GString *out, gint64 time_us);
void quotes_csv_end_row (GString *out);

G_END_DECLS
