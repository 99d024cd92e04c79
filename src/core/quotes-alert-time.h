/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-clock.h"

G_BEGIN_DECLS

/**
 * QuotesAlertTime:
 *
 * Running time: the monotonic time, plus what the machine slept. The monotonic time stands still
 * meanwhile, and the real time may be set by anybody at any moment: only when we are told that the
 * machine woke up, what the real time is ahead counts as sleep.
 */
typedef struct
{
  QuotesClock *clock; /* (unowned), outlives us */
  gint64 slept_us;
  gint64 offset_us;    /* of the real from the monotonic time, when last looked at */
  gint64 jump_us;      /* how far they went apart last */
  gint64 jumped_at_us; /* monotonic time */
} QuotesAlertTime;

void quotes_alert_time_init (QuotesAlertTime *self, QuotesClock *clock);
gint64 quotes_alert_time_get_now_us (const QuotesAlertTime *self);
gint64 quotes_alert_time_to_monotonic_us (const QuotesAlertTime *self, gint64 at_us);
gboolean quotes_alert_time_look (QuotesAlertTime *self);
gboolean quotes_alert_time_wake_up (QuotesAlertTime *self);

G_END_DECLS
