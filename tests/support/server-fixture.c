/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "server-fixture.h"

#include <glib/gstdio.h>

#include "catalog-file.h"
#include "wait.h"

static void
set_up_core (ServerFixture *fixture)
{
  const char *const texts[] = {"yahoo:GC=F", "yahoo:^GSPC", NULL};
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();
  g_autoptr (QuotesWatchlist) watchlist = quotes_watchlist_new (catalog);
  g_autoptr (QuotesBreaker) breaker = NULL;
  QuotesClock *clock = NULL;

  fixture->clock = fake_clock_new ();
  clock = QUOTES_CLOCK (fixture->clock);
  quotes_watchlist_load (watchlist, texts);
  fixture->hub = quotes_hub_new (watchlist, clock);
  fixture->poller = quotes_poller_new (fixture->hub, clock, g_rand_new_with_seed (1));
  fixture->provider = fake_provider_new ("yahoo");
  breaker = quotes_breaker_new (clock, G_USEC_PER_SEC, G_USEC_PER_SEC, g_rand_new_with_seed (1));
  quotes_poller_add_provider (fixture->poller, QUOTES_PROVIDER (fixture->provider), breaker);
}

void
server_fixture_set_up (ServerFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  const QuotesServerOptions options = {.max_streams = 3};
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  set_up_core (fixture);
  fixture->server = quotes_server_new (fixture->hub, fixture->poller, QUOTES_CLOCK (fixture->clock),
                                       &options, &error);
  g_assert_no_error (error);
  quotes_server_listen_tcp (fixture->server, "127.0.0.1", 0, &error);
  g_assert_no_error (error);
  fixture->address = quotes_server_get_address (fixture->server);

  fixture->dir = g_dir_make_tmp ("marketwell-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (fixture->dir, "http.sock", NULL);
  quotes_server_listen_unix (fixture->server, path, &error);
  g_assert_no_error (error);
  fixture->unix_address = g_strconcat ("unix:", path, NULL);

  quotes_poller_start (fixture->poller);
  fake_clock_advance_us (fixture->clock, 1);
}

void
server_fixture_tear_down (ServerFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  if (fake_provider_is_waiting (fixture->provider))
    fake_provider_answer (fixture->provider, 1);
  wait_settle ();
  g_assert_finalize_object (fixture->server);
  g_assert_finalize_object (fixture->poller);
  g_assert_finalize_object (fixture->provider);
  g_assert_finalize_object (fixture->hub);
  g_assert_finalize_object (fixture->clock);
  g_remove (fixture->unix_address + strlen ("unix:"));
  g_rmdir (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->unix_address);
}

void
server_fixture_answer (ServerFixture *fixture, double price)
{
  fake_provider_answer (fixture->provider, price);
  wait_settle ();
}
