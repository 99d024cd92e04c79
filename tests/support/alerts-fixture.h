/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fake-clock.h"
#include "quotes-alerts.h"

G_BEGIN_DECLS

/* The engine of alerts over a hub that gets its prices from the test. */
typedef struct
{
  FakeClock *clock;      /* (owned) */
  QuotesWatchlist *list; /* (owned): BTC, XAU */
  QuotesHub *hub;        /* (owned) */
  QuotesAlerts *alerts;  /* (owned) */
} AlertsFixture;

void alerts_fixture_set_up (AlertsFixture *self);
void alerts_fixture_tear_down (AlertsFixture *self);
/* One version: @symbol has that price. */
void alerts_fixture_publish (AlertsFixture *self, const char *symbol, double price);
/* A repeating one without cool-down. Returns: (transfer none): its id */
const char *alerts_fixture_add_above (AlertsFixture *self, const char *symbol, double level);

G_END_DECLS
