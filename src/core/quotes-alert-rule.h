/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert-state.h"

G_BEGIN_DECLS

/**
 * QuotesAlertRule:
 *
 * When an alert fires. Pure: what is seen goes in, the state moves on, whether it fires comes out.
 *
 * - It fires when its condition becomes true, not because it is: the first price that is seen
 * (after it was added, enabled, or its instrument came back) only says where the price stands.
 * - After that it is armed again when the condition is not met any more and the price went back by
 *   the hysteresis: in percent of the level, of the reference price (move), or in points of the
 *   change. Of move and change it counts at most as half of their percent.
 * - A crossing while it is snoozed, or within the cool-down of a repeating one, is swallowed and
 * not postponed: the next one counts.
 * - above, below: the price reaches or passes the level.
 * - move: the price is so many percent over the lowest, or under the highest, price of the window.
 *   That is looked at also just before a price comes, so that a window which has gone by in silence
 *   arms it again.
 * - change: the price is so many percent from the previous close (or, where the provider compares
 *   with 24 hours ago, by its own figure). With a new close the price before is compared too.
 * - stale: the quote becomes stale after it was fresh. `stored` is no news.
 * - provider: it failed without pause for so long.
 * - A stale price never fires, nor is it compared with, unless no other one is known.
 * - A price of another contract, in another currency or unit, or of another instrument is no move:
 *   it is a first price. A price without a contract is of another one, once a contract was named.
 *   After that a change waits for the close to become another one, because the first one seen may
 *   be that of the old contract. Nothing keeps that over a restart: so after one an alert of this
 *   kind that is not armed, of a thing that has contracts, waits too.
 * - Percents are equal when nine of their digits are: 1.1 is 10 % over 1.
 */
gboolean quotes_alert_rule_observe (const QuotesAlert *alert,
                                    QuotesAlertState *state,
                                    const QuotesAlertObservation *observation,
                                    double *value);
gboolean quotes_alert_rule_observe_provider (const QuotesAlert *alert,
                                             QuotesAlertState *state,
                                             gboolean is_failing,
                                             gint64 monotonic_us,
                                             gint64 now_us,
                                             double *value);
/* Nothing is seen from @now_us on, until the next observation. */
void quotes_alert_rule_pause (QuotesAlertState *state, gint64 now_us);

G_END_DECLS
