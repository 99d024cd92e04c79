/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "quotes-http.h"
#include "quotes-provider.h"

G_BEGIN_DECLS

/* What the answers of all providers have in common: pure functions of what came over the wire. */
JsonNode *quotes_answer_parse (const QuotesHttpAnswer *answer, const char *host, GError **error);
gboolean quotes_answer_check_status (const QuotesHttpAnswer *answer,
                                     const char *host,
                                     GError **error);
void quotes_answer_set_error (GError **error,
                              QuotesProviderError code,
                              const char *host,
                              guint status);
gboolean quotes_answer_says_too_many (const char *text);
char *quotes_answer_dup_text (const char *text);
gint64 quotes_answer_get_time_us (double time, gint64 now_us);

G_END_DECLS
