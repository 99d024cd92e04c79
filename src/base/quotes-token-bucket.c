/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-token-bucket.h"

/**
 * quotes_token_bucket_count:
 *
 * Returns: how many tokens there are; the part of one that is still coming counts too
 */
double
quotes_token_bucket_count (const QuotesTokenBucket *self, gint64 now_us)
{
  double elapsed_s = (double) MAX (now_us - self->filled_us, 0) / G_USEC_PER_SEC;

  return MIN (self->tokens + elapsed_s * self->per_second, self->burst);
}

void
quotes_token_bucket_init (QuotesTokenBucket *self, double per_second, double burst, gint64 now_us)
{
  g_return_if_fail (per_second > 0 && burst >= 1);

  self->per_second = per_second;
  self->burst = burst;
  self->tokens = burst;
  self->filled_us = now_us;
}

/**
 * quotes_token_bucket_take:
 * @now_us: monotonic time
 *
 * Returns: whether there was a token, which is then gone
 */
gboolean
quotes_token_bucket_take (QuotesTokenBucket *self, gint64 now_us)
{
  self->tokens = quotes_token_bucket_count (self, now_us);
  self->filled_us = now_us;

  if (self->tokens < 1)
    return FALSE;
  self->tokens -= 1;
  return TRUE;
}

/**
 * quotes_token_bucket_get_wait_us:
 *
 * Returns: how long until the next token is there; 0 = one is there
 */
gint64
quotes_token_bucket_get_wait_us (const QuotesTokenBucket *self, gint64 now_us)
{
  double missing = 1 - quotes_token_bucket_count (self, now_us);

  return missing <= 0 ? 0 : (gint64) (missing / self->per_second * G_USEC_PER_SEC) + 1;
}

/**
 * quotes_token_bucket_is_full:
 *
 * Returns: whether a new bucket would be the same, so that this one may be forgotten
 */
gboolean
quotes_token_bucket_is_full (const QuotesTokenBucket *self, gint64 now_us)
{
  return quotes_token_bucket_count (self, now_us) >= self->burst;
}
