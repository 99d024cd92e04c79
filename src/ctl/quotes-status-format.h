/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-client-status.h"
#include "quotes-style.h"

G_BEGIN_DECLS

/* How the service fares, for people and for programs. */
void quotes_status_format_append_plain (const QuotesClientStatus *status,
                                        gint64 now_us,
                                        guint width,
                                        QuotesPalette palette,
                                        GString *out);
void quotes_status_format_append_json (const QuotesClientStatus *status, GString *out);

/* Stable words in the language of the user; a word that is new to us stays as it is. */
const char *quotes_status_format_get_service_words (const char *state);
const char *quotes_status_format_get_provider_words (const char *state);
const char *quotes_status_format_get_reason_words (const char *reason);
const char *quotes_status_format_get_pace_words (const char *reason);
const char *quotes_status_format_get_symbol_words (const char *reason);

G_END_DECLS
