/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-breaker.h"
#include "quotes-clock.h"
#include "quotes-hub.h"
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
 * @n_failures: rounds that failed since the last good one
 * @n_requests: HTTP requests since the start
 * @n_rounds: rounds since the start
 * @n_invalid: quotes refused because a number was impossible
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
  guint n_failures;
  guint64 n_requests;
  guint64 n_rounds;
  guint64 n_invalid;
  guint n_instruments;
} QuotesProviderStatus;

void quotes_provider_status_free (QuotesProviderStatus *self);

/**
 * QuotesPending:
 * @symbol: an instrument of the list that has no price yet
 * @instrument: what the user typed
 * @reason: (nullable): `not-found`, `no-price`, `bad-data` or `unknown-symbol` (given up until the
 *   next check); %NULL = nobody has answered yet
 * @next_check_us: real time of the next check of an unknown symbol; 0 = with the next round
 */
typedef struct
{
  char *symbol;
  char *instrument;
  const char *reason;
  gint64 next_check_us;
} QuotesPending;

void quotes_pending_free (QuotesPending *self);

#define QUOTES_TYPE_POLLER (quotes_poller_get_type ())
G_DECLARE_FINAL_TYPE (QuotesPoller, quotes_poller, QUOTES, POLLER, GObject)

QuotesPoller *quotes_poller_new (QuotesHub *hub, QuotesClock *clock, GRand *random);
void quotes_poller_add_provider (QuotesPoller *self,
                                 QuotesProvider *provider,
                                 QuotesBreaker *breaker);
void quotes_poller_set_interval (QuotesPoller *self, gint64 interval_us);
void quotes_poller_start (QuotesPoller *self);
void quotes_poller_stop (QuotesPoller *self);
void quotes_poller_refresh (QuotesPoller *self, const char *const *symbols);
GPtrArray *quotes_poller_dup_statuses (QuotesPoller *self);
GPtrArray *quotes_poller_dup_pending (QuotesPoller *self);
const char *quotes_poller_get_state (QuotesPoller *self);
gint64 quotes_poller_get_last_ok_us (QuotesPoller *self);
gint64 quotes_poller_get_next_try_us (QuotesPoller *self);

G_END_DECLS
