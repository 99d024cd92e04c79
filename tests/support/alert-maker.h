/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert.h"

/* An alert in which no two members are alike. */
static inline QuotesAlert *
make_whole_alert (void)
{
  QuotesAlert fields = QUOTES_ALERT_INIT;

  fields.id = "12";
  fields.kind = QUOTES_ALERT_MOVE;
  fields.symbol = "^FTSE";
  fields.percent = 2.5;
  fields.direction = QUOTES_ALERT_DOWN;
  fields.window_us = 900 * (gint64) G_USEC_PER_SEC;
  fields.is_repeating = TRUE;
  fields.cooldown_us = 60 * (gint64) G_USEC_PER_SEC;
  fields.hysteresis_percent = 0.25;
  fields.note = "“Sell” <b>\n";
  fields.is_enabled = TRUE;
  fields.snoozed_until_us = G_GINT64_CONSTANT (1700000003000000);
  fields.created_us = G_GINT64_CONSTANT (1700000001000000);
  fields.fired_us = G_GINT64_CONSTANT (1700000002500000);
  fields.n_fired = 7;
  fields.is_armed = FALSE;
  return quotes_alert_new (&fields);
}

/* That it fired at a price of 8000.25. */
static inline QuotesAlertFired *
make_whole_fired (void)
{
  g_autoptr (QuotesAlert) alert = make_whole_alert ();

  return quotes_alert_fired_new (&(QuotesAlertFired){
    .alert = alert,
    .price = 8000.25,
    .value = -2.75,
    .currency = "GBP",
    .name = "FTSE 100",
    .decimals = 2,
    .fired_us = alert->fired_us,
    .is_missed = TRUE,
  });
}
