/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream-fixture.h"

#include <string.h>
#include <sys/resource.h>

#include "wait.h"

/* More than two slices. */
#define N_READERS 1300
#define SLICE 512

typedef struct
{
  StreamFixture base;
  GPtrArray *clients; /* (owned) (element-type StreamClient) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  const QuotesStreamLimits limits = {N_READERS, 0, 0};
  struct rlimit descriptors;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &descriptors), ==, 0);
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit (RLIMIT_NOFILE, &descriptors);

  stream_fixture_set_up (&fixture->base, user_data);
  stream_fixture_set_limits (&fixture->base, &limits);
  fixture->clients = g_ptr_array_new_with_free_func ((GDestroyNotify) stream_client_free);
  if (descriptors.rlim_max < 2 * N_READERS + 100)
    {
      g_test_skip ("too few descriptors");
      return;
    }
  stream_fixture_publish (&fixture->base, "BTC");
  for (guint i = 0; i < N_READERS; i++)
    g_ptr_array_add (fixture->clients, stream_fixture_open (&fixture->base, NULL, NULL));
  wait_settle ();
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_ptr_array_unref (fixture->clients);
  stream_fixture_tear_down (&fixture->base, user_data);
}

/* How many clients have @n updates. */
static guint
count_with (Fixture *fixture, guint n)
{
  guint count = 0;

  for (guint i = 0; i < fixture->clients->len; i++)
    if (stream_client_count (g_ptr_array_index (fixture->clients, i), "update") == n)
      count++;
  return count;
}

static void
test_others_have_their_turn_between_slices (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  if (fixture->clients->len == 0)
    return;

  stream_fixture_publish (&fixture->base, "BTC");
  g_assert_cmpuint (count_with (fixture, 1), ==, 0);
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (count_with (fixture, 1), ==, SLICE);
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (count_with (fixture, 1), ==, 2 * SLICE);
  /* Those who have had their turn get another one. */
  stream_fixture_publish (&fixture->base, "BTC");
  wait_settle ();
  g_assert_cmpuint (count_with (fixture, 2), ==, N_READERS);
}

/* While a slice is out, more is published and readers go, also those that the others
 * change places with. */
static void
test_nobody_is_forgotten_between_slices (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  const guint n_published = 20;

  if (fixture->clients->len == 0)
    return;

  for (guint i = 0; i < n_published; i++)
    {
      stream_fixture_publish (&fixture->base, "BTC");
      g_main_context_iteration (NULL, FALSE);
      for (guint j = 0; j < 20; j++)
        g_ptr_array_remove_index_fast (
          fixture->clients, (guint) g_rand_int_range (rand, 0, (gint32) fixture->clients->len));
      g_main_context_iteration (NULL, FALSE);
    }
  wait_settle ();

  g_assert_cmpuint (count_with (fixture, n_published), ==, fixture->clients->len);
  g_assert_cmpuint (fixture->base.n_open, ==, N_READERS - n_published * 20);
  for (guint i = 0; i < fixture->clients->len; i++)
    {
      StreamClient *client = g_ptr_array_index (fixture->clients, i);

      for (guint j = 1; j < stream_client_get_n_events (client); j++)
        g_assert_cmpuint (g_ascii_strtoull (stream_client_get_event (client, j)->id + 9, NULL, 10),
                          ==, 2 * j);
    }
}

static void
test_all_are_kept_alive (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  if (fixture->clients->len == 0)
    return;

  fake_clock_advance_us (fixture->base.clock, 16 * G_USEC_PER_SEC);
  for (guint i = 0; i < N_READERS; i++)
    {
      const char *text = stream_client_get_text (g_ptr_array_index (fixture->clients, i));
      const char *first = strstr (text, "\n: keepalive\n");

      g_assert_nonnull (first);
      g_assert_null (strstr (first + 1, "\n: keepalive\n"));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/event-stream/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("others-have-their-turn-between-slices", test_others_have_their_turn_between_slices);
  ADD ("nobody-is-forgotten-between-slices", test_nobody_is_forgotten_between_slices);
  ADD ("all-are-kept-alive-in-slices", test_all_are_kept_alive);
#undef ADD

  return g_test_run ();
}
