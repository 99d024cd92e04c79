/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-clock.h"
#include "quotes-provider.h"

G_BEGIN_DECLS

typedef enum
{
  QUOTES_BREAKER_CLOSED,
  QUOTES_BREAKER_OPEN,
  QUOTES_BREAKER_HALF_OPEN,
} QuotesBreakerState;

/* `closed`, `open`, `half-open`. */
const char *quotes_breaker_state_to_string (QuotesBreakerState state);

#define QUOTES_TYPE_BREAKER (quotes_breaker_get_type ())
G_DECLARE_FINAL_TYPE (QuotesBreaker, quotes_breaker, QUOTES, BREAKER, GObject)

QuotesBreaker *quotes_breaker_new (QuotesClock *clock,
                                   gint64 base_us,
                                   gint64 cap_us,
                                   GRand *random);
void quotes_breaker_set_scale (QuotesBreaker *self, double scale);
gboolean quotes_breaker_try_pass (QuotesBreaker *self);
void quotes_breaker_report_success (QuotesBreaker *self);
void quotes_breaker_report_failure (QuotesBreaker *self,
                                    const GError *error,
                                    gint64 retry_after_us);
void quotes_breaker_network_changed (QuotesBreaker *self);
QuotesBreakerState quotes_breaker_get_state (QuotesBreaker *self);
gint64 quotes_breaker_get_next_try_us (QuotesBreaker *self);
guint quotes_breaker_get_n_failures (QuotesBreaker *self);

G_END_DECLS
