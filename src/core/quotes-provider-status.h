/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-provider.h"

G_BEGIN_DECLS

/**
 * QuotesProviderStatus:
 * @info: who
 * @state: `idle` (serves nothing), `ok`, `waiting` (no answer yet), `error`, `open` (breaker) or
 *   `half-open`
 * @reason: (nullable): the stable word of the last error, see quotes_provider_error_to_string()
 * @message: (nullable): the last error in words; no secret, no newline
 * @last_ok_us: real time of the last round that gave a price; 0 = never
 * @next_try_us: real time of the next round; 0 = none planned
 * @interval_us: between two rounds now
 * @interval_reason: why it is that long, see quotes_pace_reason_to_string()
 * @n_failures: rounds that failed since the last good one
 * @n_requests: HTTP requests since the start
 * @n_rounds: rounds since the start
 * @n_invalid: quotes refused: no price, or an impossible number
 * @n_instruments: how many instruments it serves
 *
 * How one provider fares, as it was when asked.
 */
typedef struct
{
  const QuotesProviderInfo *info;
  const char *state;
  const char *reason;
  char *message;
  gint64 last_ok_us;
  gint64 next_try_us;
  gint64 interval_us;
  const char *interval_reason;
  guint n_failures;
  guint64 n_requests;
  guint64 n_rounds;
  guint64 n_invalid;
  guint n_instruments;
} QuotesProviderStatus;

void quotes_provider_status_free (QuotesProviderStatus *self);

/* Of all of them (element-type QuotesProviderStatus) together. */
const char *quotes_provider_statuses_get_state (GPtrArray *statuses);
gint64 quotes_provider_statuses_get_last_ok_us (GPtrArray *statuses);
gint64 quotes_provider_statuses_get_next_try_us (GPtrArray *statuses);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesProviderStatus, quotes_provider_status_free)

G_END_DECLS
