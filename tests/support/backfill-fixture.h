/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fake-archive.h"
#include "fake-clock.h"
#include "fake-provider.h"
#include "quotes-backfill.h"

G_BEGIN_DECLS

#define SECOND_US ((gint64) G_USEC_PER_SEC)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)

/* A backfill of gold and silver, with a provider that is a public host, and an archive; both answer
 * when the test says so. Prices come every 30 s. */
typedef struct
{
  FakeClock *clock;         /* (owned) */
  FakeProvider *yahoo;      /* (owned) */
  QuotesBreaker *breaker;   /* (owned) */
  QuotesWatchlist *list;    /* (owned) */
  QuotesHub *hub;           /* (owned) */
  QuotesPoller *poller;     /* (owned) */
  FakeArchive *archive;     /* (owned) */
  QuotesBackfill *backfill; /* (owned) */
  gint64 priced_us;         /* real time of the last prices */
} BackfillFixture;

void backfill_fixture_set_up (BackfillFixture *fixture, gconstpointer user_data);
void backfill_fixture_tear_down (BackfillFixture *fixture, gconstpointer user_data);
/* Handles what is ready now. */
void backfill_fixture_settle (void);
gint64 backfill_fixture_get_real_us (BackfillFixture *fixture);

/* @kept_ago_us: how old the prices are that the hub has adopted; 0 = none, and the archive is empty
 */
void backfill_fixture_start (BackfillFixture *fixture, gint64 kept_ago_us);
/* All was filled, and prices have just come. */
void backfill_fixture_start_filled (BackfillFixture *fixture);
/* The same, then a gap of an hour; gold's is being asked for, and silver's waits. */
void backfill_fixture_start_gap (BackfillFixture *fixture);

/* Waits for the next round, and answers it. */
void backfill_fixture_give_prices (BackfillFixture *fixture);
/* Lets rounds pass in which nothing is asked of the archive or of the past. */
void backfill_fixture_run_quietly (BackfillFixture *fixture, gint64 us);
/* How long until the archive is asked something, or the past. */
gint64 backfill_fixture_wait_for_archive (BackfillFixture *fixture);
gint64 backfill_fixture_wait_for_history (BackfillFixture *fixture);
/* The archive's answer: one bar, or none without a @source. */
void backfill_fixture_answer_kept (BackfillFixture *fixture,
                                   const char *symbol,
                                   const char *source);
/* The provider's answer: the last @n bars until now. */
void backfill_fixture_answer_bars (BackfillFixture *fixture,
                                   const char *symbol,
                                   QuotesInterval interval,
                                   guint n);

G_END_DECLS
