/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-time.h"

/* The clocks drift, and are adjusted by a little. */
#define JUMP_MIN_US (10 * G_USEC_PER_SEC)
/* Quotes may come before we are told that the machine slept. */
#define WAKE_UP_MAX_US (60 * G_USEC_PER_SEC)

static gint64
get_offset_us (const QuotesAlertTime *self)
{
  return quotes_clock_get_real_us (self->clock) - quotes_clock_get_monotonic_us (self->clock);
}

void
quotes_alert_time_init (QuotesAlertTime *self, QuotesClock *clock)
{
  *self = (QuotesAlertTime){.clock = clock};
  self->offset_us = get_offset_us (self);
}

gint64
quotes_alert_time_get_now_us (const QuotesAlertTime *self)
{
  return quotes_clock_get_monotonic_us (self->clock) + self->slept_us;
}

/* When it will be @at_us, provided that the machine does not sleep. */
gint64
quotes_alert_time_to_monotonic_us (const QuotesAlertTime *self, gint64 at_us)
{
  return at_us - self->slept_us;
}

/**
 * quotes_alert_time_look:
 *
 * Returns: whether the clocks went apart: nobody knows how much time passed
 */
gboolean
quotes_alert_time_look (QuotesAlertTime *self)
{
  gint64 offset_us = get_offset_us (self);
  gint64 jump_us = offset_us - self->offset_us;

  self->offset_us = offset_us;
  if (ABS (jump_us) < JUMP_MIN_US)
    return FALSE;
  self->jump_us = jump_us;
  self->jumped_at_us = quotes_clock_get_monotonic_us (self->clock);
  return TRUE;
}

/**
 * quotes_alert_time_wake_up:
 *
 * The machine was asleep until now, or until a moment ago.
 *
 * Returns: whether it is known for how long
 */
gboolean
quotes_alert_time_wake_up (QuotesAlertTime *self)
{
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);
  gint64 slept_us = 0;

  quotes_alert_time_look (self);
  if (self->jump_us == 0 || now_us - self->jumped_at_us > WAKE_UP_MAX_US)
    return TRUE;

  slept_us = self->jump_us;
  self->jump_us = 0;
  self->slept_us += MAX (slept_us, 0);
  return slept_us > 0;
}
