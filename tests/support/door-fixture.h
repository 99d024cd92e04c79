/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fake-clock.h"
#include "quotes-door.h"
#include "raw-client.h"

G_BEGIN_DECLS

/* Replaced by the port in door_fixture_exchange(). */
#define DOOR_HOST "Host: 127.0.0.1:$P\r\n"

/**
 * DoorFixture:
 * @n_served: requests that reached the handler
 * @method, @path, @query, @host, @body_size: of the last one
 *
 * A door on a free port, with a server behind it: `/big` answers 4 MiB, `/steal` takes the
 * connection over and says `stolen` on it, everything else says `served`.
 */
typedef struct
{
  FakeClock *clock;   /* (owned) */
  QuotesEpoll *epoll; /* (owned) */
  SoupServer *soup;   /* (owned) */
  QuotesDoor *door;   /* (owned) */
  guint16 port;
  guint n_served;
  char *method; /* (owned) */
  char *path;   /* (owned) */
  char *query;  /* (owned) (nullable) */
  char *host;   /* (owned) */
  gsize body_size;
  QuotesPeer peer;
} DoorFixture;

/* @user_data: (nullable): QuotesDoorLimits */
void door_fixture_set_up (DoorFixture *self, gconstpointer user_data);
void door_fixture_tear_down (DoorFixture *self, gconstpointer user_data);
char *door_fixture_dup_request (DoorFixture *self, const char *request);
char *door_fixture_exchange (DoorFixture *self, const char *request);
RawClient *door_fixture_connect (DoorFixture *self, const char *request);
void door_fixture_check_refused (DoorFixture *self,
                                 const char *request,
                                 guint status,
                                 const char *code);
void door_fixture_check_served (DoorFixture *self, const char *request);
QuotesDoorCounters door_fixture_count (DoorFixture *self);
/* How many descriptors this process has open. */
guint count_descriptors (void);

G_END_DECLS
