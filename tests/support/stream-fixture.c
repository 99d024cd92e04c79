/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream-fixture.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "catalog-file.h"
#include "wait.h"

#define INTERVAL_US (30 * G_USEC_PER_SEC)

static void
hub_changed_cb (StreamFixture *self, QuotesSnapshot *snapshot, GPtrArray *changed, GStrv removed)
{
  gboolean list_changed = removed[0] != NULL || snapshot->quotes->len != self->n_known;

  self->n_known = snapshot->quotes->len;
  quotes_event_log_append_version (self->log, snapshot, changed, list_changed);
}

static void
note_count_cb (StreamFixture *self, guint n_open)
{
  self->n_open = n_open;
}

static void
finalize (gpointer object)
{
  g_assert_finalize_object (G_OBJECT (object));
}

void
stream_fixture_set_limits (StreamFixture *self, const QuotesStreamLimits *limits)
{
  g_clear_pointer (&self->stream, finalize);
  self->stream =
    quotes_event_stream_new (self->log, self->hub, self->epoll, QUOTES_CLOCK (self->clock), limits);
  g_signal_connect_swapped (self->stream, "count-changed", G_CALLBACK (note_count_cb), self);
}

void
stream_fixture_restart (StreamFixture *self, guint32 run, const QuotesStreamLimits *limits)
{
  g_clear_pointer (&self->stream, finalize);
  g_clear_pointer (&self->log, finalize);
  self->log = quotes_event_log_new (QUOTES_CLOCK (self->clock), run, FALSE);
  stream_fixture_set_limits (self, limits);
}

void
stream_fixture_set_up (StreamFixture *self, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const texts[] = {"BTC", "ETH", "XAU", NULL};
  const QuotesStreamLimits limits = {200, 5, 32};
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();

  self->clock = fake_clock_new ();
  self->list = quotes_watchlist_new (catalog);
  quotes_watchlist_load (self->list, texts);
  self->hub = quotes_hub_new (self->list, QUOTES_CLOCK (self->clock));
  self->epoll = quotes_epoll_new (NULL);
  g_signal_connect_swapped (self->hub, "changed", G_CALLBACK (hub_changed_cb), self);
  self->peer = (QuotesPeer){.kind = QUOTES_PEER_UNIX, .uid = geteuid (), .pid = getpid ()};
  self->price = 100.0;
  stream_fixture_restart (self, STREAM_RUN, &limits);
}

void
stream_fixture_tear_down (StreamFixture *self, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_finalize_object (g_steal_pointer (&self->stream));
  g_assert_finalize_object (g_steal_pointer (&self->log));
  g_clear_pointer (&self->epoll, quotes_epoll_free);
  g_assert_finalize_object (g_steal_pointer (&self->hub));
  g_assert_finalize_object (g_steal_pointer (&self->list));
  g_assert_cmpuint (fake_clock_get_n_alarms (self->clock), ==, 0);
  g_assert_finalize_object (g_steal_pointer (&self->clock));
}

static QuotesQuote *
make_quote (StreamFixture *self, const char *symbol)
{
  const QuotesInstrument *instrument = quotes_watchlist_lookup (self->list, symbol);
  QuotesQuote fields = QUOTES_QUOTE_INIT;

  fields.symbol = symbol;
  fields.name = symbol;
  fields.currency = "USD";
  fields.source = "fake";
  fields.instrument = instrument->text;
  fields.provider_symbol = instrument->provider_symbol;
  fields.price = self->price;
  fields.market_state = QUOTES_MARKET_STATE_ALWAYS;
  fields.fetched_us = quotes_clock_get_real_us (QUOTES_CLOCK (self->clock));
  return quotes_quote_new (&fields);
}

void
stream_fixture_publish (StreamFixture *self, const char *symbols)
{
  g_auto (GStrv) list = g_strsplit (symbols, " ", -1);
  g_autoptr (GPtrArray) quotes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);

  for (gsize i = 0; list[i] != NULL; i++)
    {
      self->price += 1.0;
      g_ptr_array_add (quotes, make_quote (self, list[i]));
    }
  quotes_hub_take_quotes (self->hub, quotes, INTERVAL_US);
}

void
stream_fixture_ask (StreamFixture *self, int fd, const char *query, const char *last_id)
{
  g_auto (QuotesStreamRequest) request = QUOTES_STREAM_REQUEST_INIT;
  gboolean is_multiplexed = query != NULL && *query == '*';
  const char *code = NULL;

  g_assert_true (quotes_stream_request_parse (is_multiplexed ? query + 1 : query, last_id,
                                              is_multiplexed, FALSE, &request, &code));
  quotes_event_stream_take_fd (self->stream, fd, &request, &self->peer);
}

StreamClient *
stream_fixture_open (StreamFixture *self, const char *query, const char *last_id)
{
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  if (self->send_buffer > 0)
    setsockopt (fds[0], SOL_SOCKET, SO_SNDBUF, &self->send_buffer, sizeof self->send_buffer);
  stream_fixture_ask (self, fds[0], query, last_id);
  return stream_client_new (fds[1]);
}

/* With the options that the door sets on its sockets. */
StreamClient *
stream_fixture_open_tcp (StreamFixture *self, int receive_buffer)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int client = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int send_buffer = 128 * 1024;
  const int low_water = 16 * 1024;

  g_assert_cmpint (bind (listener, (struct sockaddr *) &address, size), ==, 0);
  g_assert_cmpint (listen (listener, 1), ==, 0);
  g_assert_cmpint (getsockname (listener, (struct sockaddr *) &address, &size), ==, 0);
  setsockopt (listener, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
  setsockopt (listener, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &low_water, sizeof low_water);
  if (receive_buffer > 0)
    setsockopt (client, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  g_assert_cmpint (connect (client, (struct sockaddr *) &address, size), ==, 0);
  stream_fixture_ask (self, accept4 (listener, NULL, NULL, SOCK_CLOEXEC), NULL, NULL);
  close (listener);
  return stream_client_new (client);
}
