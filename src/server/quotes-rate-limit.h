/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Contract 8. */
#define QUOTES_RATE_PER_SECOND 20
#define QUOTES_RATE_BURST 40
#define QUOTES_RATE_ALL_PER_SECOND 200
#define QUOTES_RATE_MAX_KEYS 1024

/**
 * QuotesRateLimit:
 *
 * How often each client may ask (rule E4): a bucket for each key and one for all of them. When
 * there are more keys than we remember, the one that asked longest ago is forgotten.
 */
typedef struct _QuotesRateLimit QuotesRateLimit;

QuotesRateLimit *quotes_rate_limit_new (gint64 now_us);
void quotes_rate_limit_free (QuotesRateLimit *self);
guint quotes_rate_limit_take (QuotesRateLimit *self, const char *key, gint64 now_us);
guint quotes_rate_limit_get_n_keys (const QuotesRateLimit *self);
guint64 quotes_rate_limit_get_n_refused (const QuotesRateLimit *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesRateLimit, quotes_rate_limit_free)

G_END_DECLS
