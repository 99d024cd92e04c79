/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-clock.h"
#include "quotes-hub.h"
#include "quotes-symbol-watch.h"

G_BEGIN_DECLS

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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesPending, quotes_pending_free)

GPtrArray *quotes_pending_list (QuotesHub *hub, QuotesSymbolWatch *watch, QuotesClock *clock);

G_END_DECLS
