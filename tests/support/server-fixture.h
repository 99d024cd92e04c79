/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fake-clock.h"
#include "fake-provider.h"
#include "quotes-server.h"

G_BEGIN_DECLS

/**
 * ServerFixture:
 * @address, @unix_address: as http_get() takes them
 *
 * A server that listens on TCP and on a Unix socket, with gold and an index in its list, whose
 * provider is asked already.
 */
typedef struct
{
  FakeClock *clock;
  QuotesHub *hub;
  FakeProvider *provider;
  QuotesPoller *poller;
  QuotesServer *server;
  const char *address;
  char *dir;
  char *unix_address;
} ServerFixture;

void server_fixture_set_up (ServerFixture *fixture, gconstpointer data);
/* Asserts that everything is gone. */
void server_fixture_tear_down (ServerFixture *fixture, gconstpointer data);
/* The provider gives everything this price. */
void server_fixture_answer (ServerFixture *fixture, double price);

G_END_DECLS
