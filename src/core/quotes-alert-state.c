/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-state.h"

#include "quotes-alert-check.h"

/**
 * quotes_alert_observation_init:
 * @quote: what the hub shows
 * @now_us: running time
 * @real_us: real time
 */
void
quotes_alert_observation_init (QuotesAlertObservation *self,
                               const QuotesQuote *quote,
                               gint64 now_us,
                               gint64 real_us)
{
  gboolean is_rolling = quote->change_basis == QUOTES_CHANGE_BASIS_ROLLING_24H;

  self->now_us = now_us;
  self->age_us = real_us - quote->fetched_us;
  self->price = quote->price;
  self->previous_close = quote->previous_close;
  self->rolling_percent = is_rolling ? quote->change_pct : NAN;
  self->instrument = quote->instrument;
  self->currency = quote->currency;
  self->quoted_as = quote->quoted_as;
  self->contract = quote->contract;
  self->stale_reason = quote->stale_reason;
}

/* Of a new alert: whatever comes first is what it compares with. */
QuotesAlertState *
quotes_alert_state_new (const QuotesAlert *alert)
{
  QuotesAlertState *self = g_new0 (QuotesAlertState, 1);

  self->price = NAN;
  self->previous_close = NAN;
  self->failing_since_us = -1;
  if (alert->kind == QUOTES_ALERT_MOVE)
    self->window = quotes_alert_window_new (alert->window_us);

  return self;
}

/**
 * quotes_alert_state_new_loaded:
 * @alert: as it was saved
 * @now_us: running time
 * @real_us: real time, which is all that a restart leaves to measure by. When the clock was set in
 *   between, a cool-down is never longer than it was, and a snooze never longer than any may be.
 *
 * Returns: (transfer full): it goes on where it was
 */
QuotesAlertState *
quotes_alert_state_new_loaded (const QuotesAlert *alert, gint64 now_us, gint64 real_us)
{
  QuotesAlertState *self = quotes_alert_state_new (alert);
  gint64 snoozed_us = alert->snoozed_until_us - real_us;
  gint64 silent_us = alert->fired_us + alert->cooldown_us - real_us;

  self->is_armed = alert->is_armed;
  /* One that never fired and is not armed may not have seen any price. */
  self->is_known = alert->is_armed || alert->n_fired > 0;
  self->may_be_rolled = alert->kind == QUOTES_ALERT_CHANGE && !alert->is_armed;
  if (snoozed_us > 0)
    self->snoozed_until_us = now_us + MIN (snoozed_us, QUOTES_ALERT_SNOOZE_MAX_US);
  if (alert->fired_us > 0 && silent_us > 0)
    self->silent_until_us = now_us + MIN (silent_us, alert->cooldown_us);

  return self;
}

void
quotes_alert_state_free (QuotesAlertState *self)
{
  g_free (self->instrument);
  g_free (self->currency);
  g_free (self->quoted_as);
  g_free (self->contract);
  g_clear_pointer (&self->window, quotes_alert_window_free);
  g_free (self);
}

/* The next price is the first one. The snooze and the cool-down stay. */
void
quotes_alert_state_forget (QuotesAlertState *self)
{
  self->is_known = FALSE;
  self->is_armed = FALSE;
  self->side = QUOTES_ALERT_SIDE_UNKNOWN;
  self->has_basis = FALSE;
  self->has_known_contract = FALSE;
  g_clear_pointer (&self->instrument, g_free);
  g_clear_pointer (&self->currency, g_free);
  g_clear_pointer (&self->quoted_as, g_free);
  g_clear_pointer (&self->contract, g_free);
  self->price = NAN;
  self->previous_close = NAN;
  self->waits_for_close = FALSE;
  self->may_be_rolled = FALSE;
  self->failing_since_us = -1;
  if (self->window != NULL)
    quotes_alert_window_clear (self->window);
}

static void
set_text (char **text, const char *value)
{
  if (g_strcmp0 (*text, value) == 0)
    return;
  g_free (*text);
  *text = g_strdup (value);
}

/* What the next price is compared with. */
void
quotes_alert_state_take_basis (QuotesAlertState *self, const QuotesAlertObservation *observation)
{
  self->has_basis = TRUE;
  self->has_known_contract = self->has_known_contract || observation->contract != NULL;
  set_text (&self->instrument, observation->instrument);
  set_text (&self->currency, observation->currency);
  set_text (&self->quoted_as, observation->quoted_as);
  set_text (&self->contract, observation->contract);
  self->price = observation->price;
  if (isfinite (observation->previous_close))
    self->previous_close = observation->previous_close;
}

/* Whether the price may be compared with the one before: the same thing in the same money. Once a
 * contract was named, a price of no named one may be of any. */
gboolean
quotes_alert_state_is_basis (const QuotesAlertState *self,
                             const QuotesAlertObservation *observation)
{
  return g_strcmp0 (self->instrument, observation->instrument) == 0 &&
         g_strcmp0 (self->currency, observation->currency) == 0 &&
         g_strcmp0 (self->quoted_as, observation->quoted_as) == 0 &&
         (!self->has_known_contract || g_strcmp0 (self->contract, observation->contract) == 0);
}
