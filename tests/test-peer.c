/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-peer.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <unistd.h>

typedef struct
{
  QuotesPeerFinder *finder; /* (owned) */
  int listener;
  int client;
  int accepted;
} Fixture;

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  socklen_t length = sizeof address;

  fixture->finder = quotes_peer_finder_new ();
  fixture->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  fixture->client = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (fixture->listener, (struct sockaddr *) &address, length), ==, 0);
  g_assert_cmpint (listen (fixture->listener, 4), ==, 0);
  getsockname (fixture->listener, (struct sockaddr *) &address, &length);
  g_assert_cmpint (connect (fixture->client, (struct sockaddr *) &address, length), ==, 0);
  fixture->accepted = accept (fixture->listener, NULL, NULL);
  g_assert_cmpint (fixture->accepted, >=, 0);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  if (fixture->client >= 0)
    g_close (fixture->client, NULL);
  g_close (fixture->accepted, NULL);
  g_close (fixture->listener, NULL);
  quotes_peer_finder_free (fixture->finder);
}

static void
test_own_uid_is_trusted (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *expected = g_strdup_printf ("uid:%u", (guint) geteuid ());
  g_autofree char *key = NULL;
  QuotesPeer peer;

  quotes_peer_finder_identify (fixture->finder, fixture->accepted, &peer);
  key = quotes_peer_dup_key (&peer);
  g_assert_cmpint (peer.kind, ==, QUOTES_PEER_LOOPBACK);
  g_assert_cmpint (peer.uid, ==, geteuid ());
  g_assert_true (quotes_peer_is_trusted (&peer));
  g_assert_cmpstr (key, ==, expected);
}

static void
test_a_closed_client_is_unknown (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  QuotesPeer peer;

  g_close (fixture->client, NULL);
  fixture->client = -1;
  quotes_peer_finder_identify (fixture->finder, fixture->accepted, &peer);
  g_assert_cmpint (peer.uid, ==, -1);
  g_assert_false (quotes_peer_is_trusted (&peer));
}

static void
test_a_unix_peer_is_told_by_the_kernel (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *expected = g_strdup_printf ("unix:%d", (int) getpid ());
  g_autofree char *key = NULL;
  QuotesPeer peer;
  int ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  quotes_peer_finder_identify (fixture->finder, ends[0], &peer);
  key = quotes_peer_dup_key (&peer);
  g_assert_cmpint (peer.kind, ==, QUOTES_PEER_UNIX);
  g_assert_cmpint (peer.uid, ==, geteuid ());
  g_assert_cmpstr (key, ==, expected);
  g_close (ends[0], NULL);
  g_close (ends[1], NULL);
}

static void
test_the_other_loopback_is_known_too (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  struct sockaddr_in6 address = {.sin6_family = AF_INET6};
  socklen_t length = sizeof address;
  int listener = socket (AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int client = socket (AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int accepted = -1;
  QuotesPeer peer;

  address.sin6_addr = in6addr_loopback;
  if (listener < 0 || bind (listener, (struct sockaddr *) &address, length) != 0)
    {
      g_test_skip ("this machine has no ::1");
      return;
    }
  g_assert_cmpint (listen (listener, 4), ==, 0);
  getsockname (listener, (struct sockaddr *) &address, &length);
  g_assert_cmpint (connect (client, (struct sockaddr *) &address, length), ==, 0);
  accepted = accept (listener, NULL, NULL);
  quotes_peer_finder_identify (fixture->finder, accepted, &peer);
  g_assert_cmpint (peer.kind, ==, QUOTES_PEER_LOOPBACK);
  g_assert_cmpint (peer.uid, ==, geteuid ());
  g_close (accepted, NULL);
  g_close (client, NULL);
  g_close (listener, NULL);
}

/* An IPv4 client of a socket for both families: we make none, so it is a stranger. */
static void
test_a_mapped_address_is_remote (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const int off = 0;
  struct sockaddr_in6 address = {.sin6_family = AF_INET6};
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket (AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int client = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int accepted = -1;
  QuotesPeer peer;

  inet_pton (AF_INET6, "::ffff:127.0.0.1", &address.sin6_addr);
  setsockopt (listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (listener < 0 || bind (listener, (struct sockaddr *) &address, length) != 0)
    {
      g_test_skip ("this machine has no IPv6");
      return;
    }
  g_assert_cmpint (listen (listener, 4), ==, 0);
  getsockname (listener, (struct sockaddr *) &address, &length);
  to.sin_port = address.sin6_port;
  g_assert_cmpint (connect (client, (struct sockaddr *) &to, sizeof to), ==, 0);
  accepted = accept (listener, NULL, NULL);
  quotes_peer_finder_identify (fixture->finder, accepted, &peer);
  g_assert_cmpint (peer.kind, ==, QUOTES_PEER_REMOTE);
  g_assert_false (quotes_peer_is_trusted (&peer));
  g_close (accepted, NULL);
  g_close (client, NULL);
  g_close (listener, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/peer/own-uid-is-trusted", Fixture, NULL, set_up, test_own_uid_is_trusted,
              tear_down);
  g_test_add ("/peer/a-closed-client-is-unknown", Fixture, NULL, set_up,
              test_a_closed_client_is_unknown, tear_down);
  g_test_add ("/peer/a-unix-peer-is-told-by-the-kernel", Fixture, NULL, set_up,
              test_a_unix_peer_is_told_by_the_kernel, tear_down);

  g_test_add ("/peer/the-other-loopback-is-known-too", Fixture, NULL, set_up,
              test_the_other_loopback_is_known_too, tear_down);
  g_test_add ("/peer/a-mapped-address-is-remote", Fixture, NULL, set_up,
              test_a_mapped_address_is_remote, tear_down);

  return g_test_run ();
}
