/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fake-clock.h"
#include "fake-provider.h"
#include "quotes-poller.h"

G_BEGIN_DECLS

#define SECOND_US ((gint64) G_USEC_PER_SEC)

/* A poller that runs, with two providers that wait for an answer. */
typedef struct
{
  FakeClock *clock;      /* (owned) */
  FakeProvider *yahoo;   /* (owned) */
  FakeProvider *crypto;  /* (owned) */
  QuotesWatchlist *list; /* (owned) */
  QuotesHub *hub;        /* (owned) */
  QuotesPoller *poller;  /* (owned) */
  guint n_cycles;
} PollerFixture;

void poller_fixture_set_up (PollerFixture *fixture, gconstpointer user_data);
void poller_fixture_tear_down (PollerFixture *fixture, gconstpointer user_data);
/* Handles what is ready now. */
void poller_fixture_settle (void);
gint64 poller_fixture_get_monotonic_us (PollerFixture *fixture);
/* How long until @provider is asked. */
gint64 poller_fixture_wait_for_fetch (PollerFixture *fixture, FakeProvider *provider);

G_END_DECLS
