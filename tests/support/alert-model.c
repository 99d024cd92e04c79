/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "alert-model.h"

#define MONTH_US (31 * 24 * G_GINT64_CONSTANT (3600000000))

AlertModel *
alert_model_new (const QuotesAlert *alert)
{
  AlertModel *self = g_new0 (AlertModel, 1);

  self->alert = *alert;
  self->is_enabled = alert->is_enabled;
  self->prices = g_array_new (FALSE, FALSE, sizeof (AlertModelPrice));
  self->fires = g_array_new (FALSE, FALSE, sizeof (AlertModelFire));
  self->close = NAN;
  self->failing_since_us = -1;

  return self;
}

void
alert_model_free (AlertModel *self)
{
  g_array_unref (self->prices);
  g_array_unref (self->fires);
  g_clear_pointer (&self->before, quotes_quote_unref);
  g_free (self);
}

/* "Percents are equal when nine of their digits are." */
static gboolean
reaches (double percent, double wanted)
{
  return percent >= wanted || fabs (percent - wanted) <= wanted / 1e9;
}

static double
percent_of (double price, double reference)
{
  return reference == 0 ? 0 : 100 * ((price - reference) / fabs (reference));
}

/* How far @price is over the lowest or under the highest price of the window; FALSE = there is
 * none.
 */
static gboolean
measure_move (AlertModel *self, double price, gint64 now_us, double *rise, double *fall)
{
  double lowest = INFINITY;
  double highest = -INFINITY;

  for (guint i = self->n_forgotten; i < self->prices->len; i++)
    {
      const AlertModelPrice *old = &g_array_index (self->prices, AlertModelPrice, i);

      if (old->until_us <= now_us - self->alert.window_us)
        continue;
      lowest = MIN (lowest, old->price);
      highest = MAX (highest, old->price);
    }
  if (isinf (lowest))
    return FALSE;
  *rise = percent_of (price, lowest);
  *fall = -percent_of (price, highest);
  return TRUE;
}

static double
get_change (const QuotesQuote *quote, double price)
{
  if (quote->change_basis == QUOTES_CHANGE_BASIS_ROLLING_24H && !isnan (quote->change_pct))
    return quote->change_pct;
  return quote->previous_close == 0 ? NAN : percent_of (price, quote->previous_close);
}

/* What a price says about the condition. */
typedef struct
{
  gboolean is_met[2]; /* upwards, downwards */
  gboolean is_back[2];
  double value[2];
} Look;

static void
look_at_percents (AlertModel *self, double up, double down, Look *look)
{
  double percents[2] = {up, down};
  double wanted = self->alert.percent;
  double back = wanted - MIN (self->alert.hysteresis_percent, wanted / 2);

  for (int side = 0; side < 2; side++)
    {
      gboolean counts = self->alert.direction == QUOTES_ALERT_EITHER ||
                        self->alert.direction == (side == 0 ? QUOTES_ALERT_UP : QUOTES_ALERT_DOWN);

      look->is_met[side] = counts && reaches (percents[side], wanted);
      look->is_back[side] =
        !counts ||
        (!look->is_met[side] && (percents[side] <= back || fabs (percents[side] - back) < 1e-8));
      look->value[side] = side == 0 ? percents[side] : -percents[side];
    }
}

static gboolean
look_at (AlertModel *self, const QuotesQuote *quote, double price, gint64 now_us, Look *look)
{
  double level = self->alert.level;
  double back = fabs (level) * self->alert.hysteresis_percent / 100;
  double up = NAN;
  double down = NAN;

  *look = (Look){{FALSE, FALSE}, {TRUE, TRUE}, {price, price}};
  switch (self->alert.kind)
    {
    case QUOTES_ALERT_ABOVE:
      look->is_met[0] = price >= level;
      look->is_back[0] = price < level && price <= level - back + 1e-9;
      return TRUE;
    case QUOTES_ALERT_BELOW:
      look->is_met[1] = price <= level;
      look->is_back[1] = price > level && price >= level + back - 1e-9;
      return TRUE;
    case QUOTES_ALERT_MOVE:
      if (!measure_move (self, price, now_us, &up, &down))
        return FALSE;
      break;
    case QUOTES_ALERT_CHANGE:
      up = get_change (quote, price);
      down = -up;
      if (isnan (up))
        return FALSE;
      break;
    case QUOTES_ALERT_STALE:
    case QUOTES_ALERT_PROVIDER:
    default:
      return FALSE;
    }
  look_at_percents (self, up, down, look);
  return TRUE;
}

static int
get_side (const Look *look)
{
  if (look->is_met[0] && look->is_met[1])
    return fabs (look->value[0]) >= fabs (look->value[1]) ? 1 : -1;
  return look->is_met[0] ? 1 : look->is_met[1] ? -1 : 0;
}

static void
fire (AlertModel *self, double value, gboolean is_missed, gint64 now_us, gint64 real_us)
{
  AlertModelFire fired = {now_us, real_us, value, is_missed};

  self->is_armed = FALSE;
  if (now_us < self->snoozed_until_us)
    return;
  if (self->alert.is_repeating && now_us < self->silent_until_us)
    return;
  g_array_append_val (self->fires, fired);
  self->silent_until_us = now_us + self->alert.cooldown_us;
  if (!self->alert.is_repeating)
    alert_model_set_enabled (self, FALSE);
}

static void
arm (AlertModel *self, const Look *look)
{
  if ((self->beyond >= 0 && !look->is_back[0]) || (self->beyond <= 0 && !look->is_back[1]))
    return;
  self->is_armed = TRUE;
}

/* "the first price that is seen only says where the price stands" */
static void
stand (AlertModel *self, const Look *look)
{
  self->is_known = TRUE;
  self->is_armed = !look->is_met[0] && !look->is_met[1];
  if (!self->is_armed)
    self->beyond = get_side (look);
}

static void
judge (AlertModel *self,
       const QuotesQuote *quote,
       gboolean is_missed,
       gint64 now_us,
       gint64 real_us)
{
  Look look;

  if (self->waits_for_close || !look_at (self, quote, quote->price, now_us, &look))
    return;
  if (!self->is_known)
    {
      stand (self, &look);
      return;
    }
  if (!self->is_armed)
    arm (self, &look);
  if (!self->is_armed || get_side (&look) == 0)
    return;
  self->beyond = get_side (&look);
  fire (self, look.value[self->beyond > 0 ? 0 : 1], is_missed, now_us, real_us);
}

static void
stop_counting (AlertModel *self, gint64 now_us)
{
  for (guint i = self->n_forgotten; i < self->prices->len; i++)
    {
      AlertModelPrice *price = &g_array_index (self->prices, AlertModelPrice, i);

      price->until_us = MIN (price->until_us, now_us);
    }
}

static void
note_price (AlertModel *self, double price, gint64 from_us, gint64 until_us)
{
  AlertModelPrice now = {from_us, until_us, price};

  g_array_append_val (self->prices, now);
}

static gboolean
is_counting (AlertModel *self)
{
  return self->prices->len > self->n_forgotten &&
         g_array_index (self->prices, AlertModelPrice, self->prices->len - 1).until_us ==
           G_MAXINT64;
}

static void
compare_with (AlertModel *self, QuotesQuote *quote)
{
  g_clear_pointer (&self->before, quotes_quote_unref);
  self->before = quotes_quote_ref (quote);
  self->has_named = self->has_named || quote->contract != NULL;
  if (isfinite (quote->previous_close))
    self->close = quote->previous_close;
}

static gboolean
is_rolling (const QuotesQuote *quote)
{
  return quote->change_basis == QUOTES_CHANGE_BASIS_ROLLING_24H && !isnan (quote->change_pct);
}

/* "after one an alert of this kind that is not armed, of a thing that has contracts, waits too" */
static void
remember_the_restart (AlertModel *self, const QuotesQuote *quote)
{
  if (self->was_loaded_unarmed && self->alert.kind == QUOTES_ALERT_CHANGE)
    self->waits_for_close = quote->contract != NULL && !is_rolling (quote);
  self->was_loaded_unarmed = FALSE;
}

static gboolean
is_other_thing (AlertModel *self, const QuotesQuote *quote)
{
  return !g_str_equal (self->before->instrument, quote->instrument) ||
         !g_str_equal (self->before->currency, quote->currency) ||
         g_strcmp0 (self->before->quoted_as, quote->quoted_as) != 0 ||
         (self->has_named && g_strcmp0 (self->before->contract, quote->contract) != 0);
}

static void
take_stale (AlertModel *self, QuotesQuote *quote, gint64 now_us, gint64 real_us)
{
  gint64 age_us = real_us - quote->fetched_us;

  stop_counting (self, now_us);
  if (self->before != NULL)
    return;
  if (age_us >= 0)
    note_price (self, quote->price, now_us - age_us, now_us - age_us);
  remember_the_restart (self, quote);
  compare_with (self, quote);
  if (!self->is_known)
    judge (self, quote, FALSE, now_us, real_us);
}

static void
look_before (AlertModel *self, const QuotesQuote *quote, gint64 now_us)
{
  Look look;

  if (self->alert.kind == QUOTES_ALERT_CHANGE)
    {
      if (!isfinite (quote->previous_close) || quote->previous_close == self->close)
        return;
      if (self->waits_for_close && isnan (self->close))
        return;
      self->waits_for_close = FALSE;
    }
  else if (self->alert.kind != QUOTES_ALERT_MOVE || !is_counting (self))
    {
      return;
    }
  if (!look_at (self, quote, self->before->price, now_us, &look))
    return;
  if (!self->is_known)
    stand (self, &look);
  else if (!self->is_armed)
    arm (self, &look);
}

static void
take_fresh (AlertModel *self, QuotesQuote *quote, gboolean is_missed, gint64 now_us, gint64 real_us)
{
  if (self->before == NULL)
    {
      remember_the_restart (self, quote);
    }
  else if (is_other_thing (self, quote))
    {
      self->is_known = FALSE;
      self->is_armed = FALSE;
      self->beyond = 0;
      self->close = NAN;
      self->waits_for_close = self->alert.kind == QUOTES_ALERT_CHANGE && !is_rolling (quote);
      self->n_forgotten = self->prices->len;
    }
  else
    {
      look_before (self, quote, now_us);
    }
  stop_counting (self, now_us);
  note_price (self, quote->price, now_us, G_MAXINT64);
  judge (self, quote, is_missed, now_us, real_us);
  if (self->is_enabled)
    compare_with (self, quote);
}

static void
take_staleness (AlertModel *self, const QuotesQuote *quote, gint64 now_us, gint64 real_us)
{
  if (quote->stale_reason == QUOTES_STALE_REASON_NONE)
    self->is_armed = TRUE;
  else if (self->is_awaiting)
    return;
  else if (quote->stale_reason == QUOTES_STALE_REASON_STORED)
    self->is_armed = FALSE;
  else if (self->is_armed)
    fire (self, MAX (0, (double) (real_us - quote->fetched_us) / 1e6), FALSE, now_us, real_us);
}

void
alert_model_take (AlertModel *self, QuotesQuote *quote, gint64 now_us, gint64 real_us)
{
  gboolean is_fresh = quote->stale_reason == QUOTES_STALE_REASON_NONE;
  gboolean is_first = self->is_awaiting && is_fresh && quote->fetched_us != self->awaited_not_us;

  if (self->alert.kind == QUOTES_ALERT_PROVIDER)
    return;
  if (self->is_enabled && self->alert.kind == QUOTES_ALERT_STALE)
    take_staleness (self, quote, now_us, real_us);
  else if (self->is_enabled && is_fresh)
    take_fresh (self, quote, is_first, now_us, real_us);
  else if (self->is_enabled)
    take_stale (self, quote, now_us, real_us);
  if (is_first)
    self->is_awaiting = FALSE;
}

void
alert_model_begin_anew (AlertModel *self)
{
  self->is_known = FALSE;
  self->is_armed = FALSE;
  self->beyond = 0;
  self->n_forgotten = self->prices->len;
  g_clear_pointer (&self->before, quotes_quote_unref);
  self->has_named = FALSE;
  self->close = NAN;
  self->waits_for_close = FALSE;
  self->was_loaded_unarmed = FALSE;
  self->failing_since_us = -1;
}

void
alert_model_set_enabled (AlertModel *self, gboolean is_enabled)
{
  if (self->is_enabled == is_enabled)
    return;
  self->is_enabled = is_enabled;
  alert_model_begin_anew (self);
  /* Nobody waits for the price of an alert that is off. */
  if (!is_enabled)
    self->is_awaiting = FALSE;
}

void
alert_model_snooze (AlertModel *self, gint64 now_us, gint64 real_us, gint64 duration_us)
{
  self->snoozed_until_us = duration_us > 0 ? now_us + duration_us : 0;
  self->snoozed_until_real_us = duration_us > 0 ? real_us + duration_us : 0;
}

void
alert_model_sleep (AlertModel *self, gint64 now_us, gint64 fetched_us)
{
  stop_counting (self, now_us);
  self->is_awaiting = self->is_enabled;
  self->awaited_not_us = fetched_us;
}

void
alert_model_lose_time (AlertModel *self)
{
  self->n_forgotten = self->prices->len;
}

void
alert_model_restart (AlertModel *self, gint64 stopped_us, gint64 now_us, gint64 real_us)
{
  gboolean was_armed = self->is_armed;
  gint64 snoozed_us =
    stopped_us < self->snoozed_until_us ? self->snoozed_until_real_us - real_us : 0;
  gint64 silent_us = 0;

  if (self->fires->len > 0)
    {
      const AlertModelFire *last =
        &g_array_index (self->fires, AlertModelFire, self->fires->len - 1);

      silent_us = last->real_us + self->alert.cooldown_us - real_us;
    }
  alert_model_begin_anew (self);
  self->is_armed = was_armed;
  self->is_known = was_armed || self->fires->len > 0;
  self->was_loaded_unarmed = !was_armed;
  self->is_awaiting = self->is_enabled;
  self->awaited_not_us = 0;
  self->snoozed_until_us = snoozed_us > 0 ? now_us + MIN (snoozed_us, MONTH_US) : 0;
  self->silent_until_us = now_us + CLAMP (silent_us, 0, self->alert.cooldown_us);
}

void
alert_model_take_provider (AlertModel *self,
                           gboolean is_failing,
                           gint64 awake_us,
                           gint64 now_us,
                           gint64 real_us)
{
  if (!self->is_enabled)
    return;
  if (!is_failing)
    {
      self->failing_since_us = -1;
      self->is_armed = TRUE;
      return;
    }
  if (self->failing_since_us < 0)
    self->failing_since_us = awake_us;
  if (!self->is_known)
    self->is_armed = TRUE;
  self->is_known = TRUE;
  if (self->is_armed && awake_us >= self->failing_since_us + self->alert.window_us)
    fire (self, (double) (awake_us - self->failing_since_us) / 1e6, FALSE, now_us, real_us);
}
