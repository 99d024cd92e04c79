/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fake-clock.h"
#include "quotes-event-stream.h"
#include "stream-client.h"

G_BEGIN_DECLS

#define STREAM_RUN 0xcafe0001

/* Everything from the hub to the readers, without a door. */
typedef struct
{
  FakeClock *clock;          /* (owned) */
  QuotesWatchlist *list;     /* (owned): BTC, ETH, XAU */
  QuotesHub *hub;            /* (owned) */
  QuotesEpoll *epoll;        /* (owned) */
  QuotesEventLog *log;       /* (owned) */
  QuotesEventStream *stream; /* (owned) */
  QuotesPeer peer;           /* of clients that are opened next */
  int send_buffer;           /* likewise; 0 = the system's */
  guint n_open;              /* as the stream told */
  guint n_known;             /* quotes of the last version */
  double price;
} StreamFixture;

void stream_fixture_set_up (StreamFixture *self, gconstpointer user_data);
void stream_fixture_tear_down (StreamFixture *self, gconstpointer user_data);
/* Begins anew with other limits. */
void stream_fixture_set_limits (StreamFixture *self, const QuotesStreamLimits *limits);
/* Begins anew as another run of the program, with the prices of before. */
void stream_fixture_restart (StreamFixture *self, guint32 run, const QuotesStreamLimits *limits);
/* One version: each of @symbols (separated by spaces) gets a price that it never had. */
void stream_fixture_publish (StreamFixture *self, const char *symbols);
/* Connects by a socket pair and asks for the stream. @query starts with `*` for the multiplexed
 * path. */
StreamClient *stream_fixture_open (StreamFixture *self, const char *query, const char *last_id);
StreamClient *stream_fixture_open_tcp (StreamFixture *self, int receive_buffer);
void stream_fixture_ask (StreamFixture *self, int fd, const char *query, const char *last_id);

G_END_DECLS
