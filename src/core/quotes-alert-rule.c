/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-rule.h"

/* What is lost by computing percents of decimal fractions, and more. */
#define PERCENT_PRECISION 1e-9

/* How far the price is beyond its condition on either side, in the unit of that; negative = the
 * condition is not met there. */
typedef struct
{
  double up;
  double down;
} Excess;

static double
get_percent (double price, double reference)
{
  return reference != 0 ? (price - reference) / fabs (reference) * 100 : 0;
}

/* What the condition is about. */
static double
get_change (const QuotesAlertObservation *observation, double price)
{
  if (!isnan (observation->rolling_percent))
    return observation->rolling_percent;
  if (observation->previous_close == 0)
    return NAN;
  return get_percent (price, observation->previous_close);
}

static gboolean
measure_move (const QuotesAlert *alert,
              QuotesAlertState *state,
              gint64 now_us,
              double price,
              Excess *excess)
{
  double lowest = NAN;
  double highest = NAN;

  if (!quotes_alert_window_look (state->window, now_us, &lowest, &highest))
    return FALSE;
  excess->up = get_percent (price, lowest) - alert->percent;
  excess->down = -get_percent (price, highest) - alert->percent;
  return TRUE;
}

/* Returns: whether there is a figure */
static gboolean
measure (const QuotesAlert *alert,
         QuotesAlertState *state,
         const QuotesAlertObservation *observation,
         double price,
         Excess *excess)
{
  excess->up = -INFINITY;
  excess->down = -INFINITY;
  switch (alert->kind)
    {
    case QUOTES_ALERT_ABOVE:
      excess->up = price - alert->level;
      return TRUE;
    case QUOTES_ALERT_BELOW:
      excess->down = alert->level - price;
      return TRUE;
    case QUOTES_ALERT_MOVE:
      if (!measure_move (alert, state, observation->now_us, price, excess))
        return FALSE;
      break;
    case QUOTES_ALERT_CHANGE:
      excess->up = get_change (observation, price) - alert->percent;
      excess->down = -get_change (observation, price) - alert->percent;
      if (isnan (excess->up))
        return FALSE;
      break;
    case QUOTES_ALERT_STALE:
    case QUOTES_ALERT_PROVIDER:
    default:
      return FALSE;
    }
  if (alert->direction == QUOTES_ALERT_UP)
    excess->down = -INFINITY;
  if (alert->direction == QUOTES_ALERT_DOWN)
    excess->up = -INFINITY;
  return TRUE;
}

static gboolean
is_level (const QuotesAlert *alert)
{
  return alert->kind == QUOTES_ALERT_ABOVE || alert->kind == QUOTES_ALERT_BELOW;
}

static gboolean
is_met (const QuotesAlert *alert, double excess)
{
  return is_level (alert) ? excess >= 0 : excess >= -alert->percent * PERCENT_PRECISION;
}

/* Whether the price went back far enough. */
static gboolean
is_back (const QuotesAlert *alert, double excess)
{
  double margin = is_level (alert) ? fabs (alert->level) * alert->hysteresis_percent / 100
                                   : MIN (alert->hysteresis_percent, alert->percent / 2);

  return !is_met (alert, excess) && excess <= -margin * (1 - PERCENT_PRECISION);
}

static void
arm_when_back (const QuotesAlert *alert, QuotesAlertState *state, const Excess *excess)
{
  if (state->side != QUOTES_ALERT_SIDE_DOWN && !is_back (alert, excess->up))
    return;
  if (state->side != QUOTES_ALERT_SIDE_UP && !is_back (alert, excess->down))
    return;
  state->is_armed = TRUE;
}

static void
note_side (const QuotesAlert *alert, QuotesAlertState *state, const Excess *excess)
{
  if (is_met (alert, MAX (excess->up, excess->down)))
    state->side = excess->up >= excess->down ? QUOTES_ALERT_SIDE_UP : QUOTES_ALERT_SIDE_DOWN;
}

/* The first look: where the price stands. */
static void
begin (const QuotesAlert *alert, QuotesAlertState *state, const Excess *excess)
{
  state->is_known = TRUE;
  state->is_armed = !is_met (alert, MAX (excess->up, excess->down));
  note_side (alert, state, excess);
}

/* The condition has become true. */
static gboolean
go_off (const QuotesAlert *alert, QuotesAlertState *state, gint64 now_us)
{
  state->is_armed = FALSE;
  if (now_us < state->snoozed_until_us)
    return FALSE;
  if (!alert->is_repeating)
    return TRUE;
  if (now_us < state->silent_until_us)
    return FALSE;
  state->silent_until_us = now_us + alert->cooldown_us;
  return TRUE;
}

static double
get_value (const QuotesAlert *alert,
           const QuotesAlertState *state,
           const QuotesAlertObservation *observation,
           const Excess *excess)
{
  if (alert->kind == QUOTES_ALERT_CHANGE)
    return get_change (observation, observation->price);
  if (alert->kind == QUOTES_ALERT_MOVE)
    return state->side == QUOTES_ALERT_SIDE_UP ? excess->up + alert->percent
                                               : -(excess->down + alert->percent);
  return observation->price;
}

static gboolean
observe_staleness (const QuotesAlert *alert,
                   QuotesAlertState *state,
                   const QuotesAlertObservation *observation,
                   double *value)
{
  state->is_known = TRUE;
  if (observation->stale_reason == QUOTES_STALE_REASON_NONE)
    {
      state->is_armed = TRUE;
      return FALSE;
    }
  if (!state->is_armed || observation->stale_reason == QUOTES_STALE_REASON_STORED)
    {
      state->is_armed = FALSE;
      return FALSE;
    }
  *value = (double) MAX (observation->age_us, 0) / G_USEC_PER_SEC;
  return go_off (alert, state, observation->now_us);
}

/* A restart forgets that a change waits for a close. */
static void
settle_rolled (QuotesAlertState *state, const QuotesAlertObservation *observation)
{
  if (!state->may_be_rolled)
    return;
  state->may_be_rolled = FALSE;
  state->waits_for_close = observation->contract != NULL && isnan (observation->rolling_percent);
}

/* The price before, seen just before this one: the window has moved on, or the close is new. */
static void
look_back (const QuotesAlert *alert,
           QuotesAlertState *state,
           const QuotesAlertObservation *observation)
{
  gboolean is_new_close = alert->kind == QUOTES_ALERT_CHANGE &&
                          isfinite (observation->previous_close) &&
                          observation->previous_close != state->previous_close &&
                          (!state->waits_for_close || isfinite (state->previous_close));
  Excess excess;

  if (!is_new_close &&
      !(alert->kind == QUOTES_ALERT_MOVE && quotes_alert_window_has_price (state->window)))
    return;
  if (is_new_close)
    state->waits_for_close = FALSE;
  if (!measure (alert, state, observation, state->price, &excess))
    return;
  if (!state->is_known)
    begin (alert, state, &excess);
  else if (!state->is_armed)
    arm_when_back (alert, state, &excess);
}

static gboolean
look (const QuotesAlert *alert,
      QuotesAlertState *state,
      const QuotesAlertObservation *observation,
      double *value)
{
  Excess excess;

  if (state->waits_for_close || !measure (alert, state, observation, observation->price, &excess))
    return FALSE;
  if (!state->is_known)
    {
      begin (alert, state, &excess);
      return FALSE;
    }
  if (!state->is_armed)
    arm_when_back (alert, state, &excess);
  if (!state->is_armed || !is_met (alert, MAX (excess.up, excess.down)))
    return FALSE;
  note_side (alert, state, &excess);
  *value = get_value (alert, state, observation, &excess);
  return go_off (alert, state, observation->now_us);
}

/* What was seen before is of another thing. */
static void
begin_anew (const QuotesAlert *alert,
            QuotesAlertState *state,
            const QuotesAlertObservation *observation)
{
  state->is_known = FALSE;
  state->is_armed = FALSE;
  state->side = QUOTES_ALERT_SIDE_UNKNOWN;
  state->waits_for_close =
    alert->kind == QUOTES_ALERT_CHANGE && isnan (observation->rolling_percent);
  state->may_be_rolled = FALSE;
  state->previous_close = NAN;
  if (state->window != NULL)
    quotes_alert_window_clear (state->window);
}

static void
observe_stale_price (const QuotesAlert *alert,
                     QuotesAlertState *state,
                     const QuotesAlertObservation *observation)
{
  double value = NAN;

  if (state->window != NULL)
    quotes_alert_window_end (state->window, observation->now_us);
  if (state->has_basis)
    return;
  if (state->window != NULL && observation->age_us >= 0)
    quotes_alert_window_add_past (state->window, observation->now_us - observation->age_us,
                                  observation->price);
  settle_rolled (state, observation);
  quotes_alert_state_take_basis (state, observation);
  /* One that was loaded knows better what it saw last: what came after that was missed. */
  if (!state->is_known)
    look (alert, state, observation, &value);
}

/**
 * quotes_alert_rule_observe:
 * @alert: one that is enabled, of an instrument
 * @state: (inout): what is remembered of it
 * @observation: what is seen now
 * @value: (out): what met the condition, when it fires
 *
 * Returns: whether it fires
 */
gboolean
quotes_alert_rule_observe (const QuotesAlert *alert,
                           QuotesAlertState *state,
                           const QuotesAlertObservation *observation,
                           double *value)
{
  gboolean is_firing = FALSE;

  if (alert->kind == QUOTES_ALERT_STALE)
    return observe_staleness (alert, state, observation, value);
  if (observation->stale_reason != QUOTES_STALE_REASON_NONE)
    {
      observe_stale_price (alert, state, observation);
      return FALSE;
    }

  if (!state->has_basis)
    settle_rolled (state, observation);
  else if (!quotes_alert_state_is_basis (state, observation))
    begin_anew (alert, state, observation);
  else
    look_back (alert, state, observation);
  if (state->window != NULL)
    quotes_alert_window_add (state->window, observation->now_us, observation->price);
  is_firing = look (alert, state, observation, value);
  quotes_alert_state_take_basis (state, observation);

  return is_firing;
}

/**
 * quotes_alert_rule_observe_provider:
 * @alert: one that is enabled, of a provider
 * @monotonic_us: how long it fails is counted while the machine is awake only
 * @now_us: running time
 *
 * Returns: whether it fires; @value is for how many seconds it has been failing
 */
gboolean
quotes_alert_rule_observe_provider (const QuotesAlert *alert,
                                    QuotesAlertState *state,
                                    gboolean is_failing,
                                    gint64 monotonic_us,
                                    gint64 now_us,
                                    double *value)
{
  if (!is_failing)
    {
      state->failing_since_us = -1;
      state->is_armed = TRUE;
      return FALSE;
    }
  if (state->failing_since_us < 0)
    {
      state->failing_since_us = monotonic_us;
      /* It has not failed for so long, as far as we know. */
      state->is_armed = state->is_armed || !state->is_known;
    }
  state->is_known = TRUE;
  if (!state->is_armed || monotonic_us - state->failing_since_us < alert->window_us)
    return FALSE;
  *value = (double) (monotonic_us - state->failing_since_us) / G_USEC_PER_SEC;
  return go_off (alert, state, now_us);
}

void
quotes_alert_rule_pause (QuotesAlertState *state, gint64 now_us)
{
  if (state->window != NULL)
    quotes_alert_window_end (state->window, now_us);
}
