/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fake-clock.h"
#include "quotes-alerts.h"

G_BEGIN_DECLS

#define ALERT_SECOND_US ((gint64) G_USEC_PER_SEC)
#define ALERT_HOUR_US (3600 * ALERT_SECOND_US)
#define ALERT_DAY_US (24 * ALERT_HOUR_US)

/* Members of alerts on gold, which fire once, are armed by any step back and have no window. */
#define ALERT_ON_GOLD .symbol = "XAU", .is_enabled = TRUE
#define ABOVE(price) ALERT_ON_GOLD, .kind = QUOTES_ALERT_ABOVE, .level = (price), .percent = NAN
#define BELOW(price) ALERT_ON_GOLD, .kind = QUOTES_ALERT_BELOW, .level = (price), .percent = NAN
#define MOVE(by, within_s)                                                                         \
  ALERT_ON_GOLD, .kind = QUOTES_ALERT_MOVE, .level = NAN, .percent = (by),                         \
                 .window_us = (within_s) *ALERT_SECOND_US
#define CHANGE(by) ALERT_ON_GOLD, .kind = QUOTES_ALERT_CHANGE, .level = NAN, .percent = (by)
#define STALE ALERT_ON_GOLD, .kind = QUOTES_ALERT_STALE, .level = NAN, .percent = NAN
#define REPEATING(cooldown) .is_repeating = TRUE, .cooldown_us = (cooldown)

/* Alerts on a list of BTC and XAU, and what they said. */
typedef struct
{
  FakeClock *clock;       /* (owned) */
  QuotesWatchlist *list;  /* (owned) */
  QuotesHub *hub;         /* (owned) */
  QuotesAlerts *alerts;   /* (owned) */
  GHashTable *saved;      /* (owned) (element-type utf8 QuotesAlert): what a store has */
  QuotesAlertFired *last; /* (owned) (nullable): what fired last */
  GPtrArray *last_digest; /* (owned) (nullable) */
  QuotesQuote gold;       /* what alert_fixture_take() varies */
  guint n_fired;
  guint n_saved;
  guint n_changed;
  guint n_digests;
} AlertFixture;

void alert_fixture_set_up (AlertFixture *fixture, gconstpointer user_data);
void alert_fixture_tear_down (AlertFixture *fixture, gconstpointer user_data);
/* A second later the hub gets @price for gold. */
void alert_fixture_take (AlertFixture *fixture, double price);
/* The same for any quote, at once. */
void alert_fixture_take_quote (AlertFixture *fixture, const QuotesQuote *fields);
/* (transfer none): there has to be one */
QuotesAlert *alert_fixture_add (AlertFixture *fixture, const QuotesAlert *fields);
QuotesAlert *alert_fixture_get (AlertFixture *fixture);
/* Another daemon begins with what the store has: alerts and, with @is_stored, quotes. */
void alert_fixture_restart (AlertFixture *fixture, gboolean is_stored);

G_END_DECLS
