/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * QuotesTokenBucket:
 *
 * A rate limit: @burst tokens at most, refilled at @per_second. A plain value that the owner embeds
 * or copies; it has no clock of its own.
 */
typedef struct
{
  double per_second;
  double burst;
  double tokens;
  gint64 filled_us; /* monotonic */
} QuotesTokenBucket;

void quotes_token_bucket_init (QuotesTokenBucket *self,
                               double per_second,
                               double burst,
                               gint64 now_us);
gboolean quotes_token_bucket_take (QuotesTokenBucket *self, gint64 now_us);
double quotes_token_bucket_count (const QuotesTokenBucket *self, gint64 now_us);
gint64 quotes_token_bucket_get_wait_us (const QuotesTokenBucket *self, gint64 now_us);
gboolean quotes_token_bucket_is_full (const QuotesTokenBucket *self, gint64 now_us);

G_END_DECLS
