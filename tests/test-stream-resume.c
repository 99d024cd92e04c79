/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream-fixture.h"

#include <string.h>

#include "wait.h"

static char *
format_id (guint64 seq)
{
  return g_strdup_printf ("cafe0001.%" G_GUINT64_FORMAT, seq);
}

/* Whoever saw everything, and whoever was cut after any of its events, have the same. */
static void
test_resumes_at_every_cut (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) all = stream_fixture_open (fixture, NULL, NULL);
  guint n = 0;

  for (guint i = 0; i < 10; i++)
    {
      stream_fixture_publish (fixture, i % 2 == 0 ? "BTC ETH XAU" : "ETH");
      quotes_event_log_append_status (fixture->log, "{}");
    }
  n = 1 + 4 * 3 + 5 + 10;
  stream_client_wait_for (all, n);

  for (guint cut = 0; cut < n; cut++)
    {
      const char *id = stream_client_get_event (all, cut)->id;
      g_autoptr (StreamClient) client = stream_fixture_open (fixture, NULL, id);

      stream_client_wait_for (client, n - cut - 1);
      for (guint i = 0; i + cut + 1 < n; i++)
        {
          const StreamEvent *event = stream_client_get_event (all, i + cut + 1);

          stream_client_assert_event (client, i, event->type, event->id, event->data);
        }
      if (cut == n - 1)
        g_assert_cmpstr (stream_client_get_last_id (client), ==, id);
      g_clear_pointer (&client, stream_client_free);
      wait_until (fixture->n_open == 1, 5);
    }
}

static void
test_an_id_of_another_run_is_a_restart (StreamFixture *fixture,
                                        G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *ten_kib = g_strnfill (10 * 1024, '9');
  const char *const ids[] = {"0",     "abc",        "9999999999-1",
                             ten_kib, "cafe0002.1", "cafe0001.2",
                             "00.00", "cafe0001.x", "cafe0001.99999999999"};

  stream_fixture_publish (fixture, "BTC");
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (StreamClient) client = stream_fixture_open (fixture, NULL, ids[i]);

      stream_client_wait_for (client, 2);
      stream_client_assert_event (client, 0, "gap", "",
                                  "{\"topic\":\"quotes\",\"reason\":\"restart\"}");
      stream_client_assert_event (client, 1, "snapshot", "cafe0001.1", NULL);
      g_clear_pointer (&client, stream_client_free);
      wait_until (fixture->n_open == 0, 5);
    }
}

static void
test_an_id_too_old_is_a_gap (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) client = NULL;
  g_autoptr (StreamClient) just = NULL;

  stream_fixture_publish (fixture, "BTC");
  for (guint i = 0; i < QUOTES_EVENT_LOG_MAX_FRAMES; i++)
    quotes_event_log_append_status (fixture->log, "{}");

  /* Number 1 has fallen out; who has it misses nothing, who has not does. */
  g_assert_cmpuint (quotes_event_log_get_tail (fixture->log), ==, 2);
  just = stream_fixture_open (fixture, NULL, "cafe0001.1");
  stream_client_wait_for (just, QUOTES_EVENT_LOG_MAX_FRAMES);
  stream_client_assert_event (just, 0, "status", "cafe0001.2", NULL);

  client = stream_fixture_open (fixture, NULL, "cafe0001.0");
  stream_client_wait_for (client, 3);
  stream_client_assert_event (
    client, 0, "gap", "", "{\"topic\":\"quotes\",\"reason\":\"window\",\"from\":1,\"to\":4097}");
  stream_client_assert_event (client, 1, "snapshot", "cafe0001.4097", NULL);
  stream_client_assert_event (client, 2, "status", "cafe0001.4097", NULL);
}

static void
test_a_slow_reader_gets_what_is_new (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *text = g_strnfill (20000, ' ');
  g_autofree char *last = NULL;
  g_autoptr (StreamClient) client = NULL;
  QuotesStreamCounters counters;
  guint64 from = 0;
  guint n = 0;

  fixture->send_buffer = 32 * 1024;
  stream_fixture_publish (fixture, "BTC XAU");
  client = stream_fixture_open (fixture, NULL, NULL);
  for (guint i = 0; i < 400; i++)
    {
      quotes_event_log_append_status (fixture->log, text);
      wait_settle ();
    }
  stream_fixture_publish (fixture, "XAU");
  wait_settle ();

  last = format_id (quotes_event_log_get_head (fixture->log) - 1);
  wait_until (stream_client_count (client, "gap") == 1 &&
                g_str_equal (stream_client_get_last_id (client), last),
              5);
  quotes_event_stream_get_counters (fixture->stream, &counters);
  g_assert_cmpuint (counters.n_conflated, ==, 1);
  /* What it had got before is whole, in order, and ends where the gap begins. */
  while (!g_str_equal (stream_client_get_event (client, n)->type, "gap"))
    n++;
  g_assert_cmpuint (n, >, 1);
  g_assert_true (g_str_has_prefix (stream_client_get_event (client, n)->data,
                                   "{\"topic\":\"quotes\",\"reason\":\"slow\",\"from\":"));
  from =
    g_ascii_strtoull (strstr (stream_client_get_event (client, n)->data, "from\":") + 6, NULL, 10);
  g_assert_cmpuint (from, ==, n + 1);
  stream_client_assert_event (client, n + 1, "snapshot", last, "\"symbol\":\"XAU\"");
  stream_client_assert_event (client, n + 2, "status", last, NULL);

  stream_fixture_publish (fixture, "BTC");
  wait_until (stream_client_count (client, "update") == 1, 5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/event-stream/" name, StreamFixture, NULL, stream_fixture_set_up, func,             \
              stream_fixture_tear_down)
  ADD ("resumes-at-every-cut", test_resumes_at_every_cut);
  ADD ("an-id-of-another-run-is-a-restart", test_an_id_of_another_run_is_a_restart);
  ADD ("an-id-too-old-is-a-gap", test_an_id_too_old_is_a_gap);
  ADD ("a-slow-reader-gets-what-is-new", test_a_slow_reader_gets_what_is_new);
#undef ADD

  return g_test_run ();
}
