/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-poller.h"

/* What all providers together are like, as far as anybody can tell from their statuses. */

/**
 * quotes_poller_get_state:
 *
 * Returns: (transfer none): `waiting` (no answer yet), `ok`, `degraded` (a provider fails), `error`
 *   (all of them do) or `idle` (nothing is wanted)
 */
const char *
quotes_poller_get_state (QuotesPoller *self)
{
  g_autoptr (GPtrArray) statuses = quotes_poller_dup_statuses (self);

  return quotes_provider_statuses_get_state (statuses);
}

/**
 * quotes_poller_get_last_ok_us:
 *
 * Returns: real time of the newest round that gave a price; 0 = none did
 */
gint64
quotes_poller_get_last_ok_us (QuotesPoller *self)
{
  g_autoptr (GPtrArray) statuses = quotes_poller_dup_statuses (self);

  return quotes_provider_statuses_get_last_ok_us (statuses);
}

/**
 * quotes_poller_get_next_try_us:
 *
 * Returns: real time of the next round of any provider; 0 = none is planned
 */
gint64
quotes_poller_get_next_try_us (QuotesPoller *self)
{
  g_autoptr (GPtrArray) statuses = quotes_poller_dup_statuses (self);

  return quotes_provider_statuses_get_next_try_us (statuses);
}
