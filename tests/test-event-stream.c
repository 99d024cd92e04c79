/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream-fixture.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "quotes-sse-parser.h"
#include "shared-data.h"
#include "wait.h"

#define SECONDS(n) ((gint64) (n) *G_USEC_PER_SEC)

static void
test_begins_with_what_is_known (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) client = NULL;
  const char *text = NULL;

  stream_fixture_publish (fixture, "BTC XAU");
  quotes_event_log_append_status (fixture->log, "{\"state\":\"ok\"}");
  client = stream_fixture_open (fixture, NULL, NULL);

  stream_client_wait_for (client, 2);
  stream_client_assert_event (client, 0, "snapshot", "cafe0001.2", "[{\"symbol\":\"BTC\"");
  stream_client_assert_event (client, 1, "status", "cafe0001.2", "{\"state\":\"ok\"}");
  g_assert_cmpint (stream_client_get_retry_ms (client), >=, 3000);
  g_assert_cmpint (stream_client_get_retry_ms (client), <=, 4000);
  text = stream_client_get_text (client);
  g_assert_null (strstr (text, "waiting"));
  g_assert_cmpuint (fixture->n_open, ==, 1);
}

/* Who comes after something that is not about prices gets the same snapshot, and that after it. */
static void
test_all_begin_with_the_same_bytes (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) first = NULL;
  g_autoptr (StreamClient) second = NULL;
  g_autoptr (StreamClient) third = NULL;

  stream_fixture_publish (fixture, "BTC");
  first = stream_fixture_open (fixture, NULL, NULL);
  stream_client_wait_for (first, 1);
  quotes_event_log_append_status (fixture->log, "{}");
  second = stream_fixture_open (fixture, NULL, NULL);
  stream_client_wait_for (second, 2);
  stream_client_assert_event (second, 0, "snapshot", "cafe0001.1", NULL);
  stream_client_assert_event (second, 1, "status", "cafe0001.2", "{}");

  /* Unless the log does not reach back so far any more. */
  for (guint i = 0; i < QUOTES_EVENT_LOG_MAX_FRAMES; i++)
    quotes_event_log_append_status (fixture->log, "{}");
  third = stream_fixture_open (fixture, NULL, NULL);
  stream_client_wait_for (third, 2);
  stream_client_assert_event (third, 0, "snapshot", "cafe0001.4098", NULL);
  stream_client_assert_event (third, 1, "status", "cafe0001.4098", "{}");
}

static void
test_the_head_says_what_it_must (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const lines[] = {
    "HTTP/1.1 200 OK\r\n",
    "\r\nContent-Type: text/event-stream; charset=utf-8\r\n",
    "\r\nCache-Control: no-cache, no-store, no-transform\r\n",
    "\r\nX-Accel-Buffering: no\r\n",
    "\r\nConnection: keep-alive\r\n",
    "\r\nTransfer-Encoding: chunked\r\n",
    "\r\nX-Content-Type-Options: nosniff\r\n",
    "\r\nX-Request-ID: ",
  };
  g_autoptr (StreamClient) client = stream_fixture_open (fixture, NULL, NULL);
  const char *text = stream_client_get_text (client);

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_nonnull (strstr (text, lines[i]));
  g_assert_null (strstr (strstr (text, "Cache-Control:") + 1, "Cache-Control:"));
  g_assert_null (strstr (text, "Content-Length"));
  g_assert_null (strstr (text, "Access-Control"));
}

static void
test_http_1_0_gets_no_chunks (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_auto (QuotesStreamRequest) request = QUOTES_STREAM_REQUEST_INIT;
  g_autoptr (StreamClient) client = NULL;
  const char *code = NULL;
  int fds[2];

  stream_fixture_publish (fixture, "BTC");
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  g_assert_true (quotes_stream_request_parse (NULL, NULL, FALSE, TRUE, &request, &code));
  quotes_event_stream_take_fd (fixture->stream, fds[0], &request, &fixture->peer);
  client = stream_client_new (fds[1]);

  stream_client_wait_for (client, 1);
  g_assert_null (strstr (stream_client_get_text (client), "chunked"));
  g_assert_null (strstr (stream_client_get_text (client), "keep-alive"));
}

static void
test_head_gets_the_head_only (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_auto (QuotesStreamRequest) request = QUOTES_STREAM_REQUEST_INIT;
  g_autoptr (StreamClient) client = NULL;
  const char *code = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  g_assert_true (quotes_stream_request_parse (NULL, NULL, FALSE, FALSE, &request, &code));
  request.is_head = TRUE;
  quotes_stream_request_set_id (&request, "my-id");
  quotes_event_stream_take_fd (fixture->stream, fds[0], &request, &fixture->peer);
  client = stream_client_new (fds[1]);

  g_assert_true (stream_client_is_eof (client));
  g_assert_true (
    g_str_has_suffix (stream_client_get_text (client), "\r\nX-Request-ID: my-id\r\n\r\n"));
  g_assert_cmpuint (fixture->n_open, ==, 0);
}

static void
test_waits_for_the_first_fetch (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) client = stream_fixture_open (fixture, NULL, NULL);

  g_assert_nonnull (strstr (stream_client_get_text (client), "\n: waiting for first fetch\n\n"));
  stream_fixture_publish (fixture, "XAU");
  stream_client_wait_for (client, 1);
  stream_client_assert_event (client, 0, "snapshot", "cafe0001.1", "[{\"symbol\":\"XAU\"");
}

static void
test_updates_come_one_by_one (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) client = NULL;

  stream_fixture_publish (fixture, "BTC ETH XAU");
  client = stream_fixture_open (fixture, NULL, NULL);
  stream_client_wait_for (client, 1);
  stream_fixture_publish (fixture, "XAU BTC");
  stream_client_wait_for (client, 3);
  /* In the order of the list; the frame of the whole snapshot has a number too. */
  stream_client_assert_event (client, 1, "update", "cafe0001.2", "{\"symbol\":\"BTC\"");
  stream_client_assert_event (client, 2, "update", "cafe0001.3", "{\"symbol\":\"XAU\"");
  stream_fixture_publish (fixture, "ETH");
  stream_client_wait_for (client, 4);
  stream_client_assert_event (client, 3, "update", "cafe0001.5", "{\"symbol\":\"ETH\"");
}

static void
test_the_other_path_has_longer_names (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) client = NULL;

  stream_fixture_publish (fixture, "BTC");
  client = stream_fixture_open (fixture, "*topics=quotes,status", NULL);
  stream_fixture_publish (fixture, "BTC");
  quotes_event_log_append_status (fixture->log, "{}");
  stream_client_wait_for (client, 3);
  stream_client_assert_event (client, 0, "quotes.snapshot", "cafe0001.1", NULL);
  stream_client_assert_event (client, 1, "quotes.update", "cafe0001.2", NULL);
  stream_client_assert_event (client, 2, "status", "cafe0001.4", "{}");
}

static void
test_topics_are_filtered (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) status = NULL;
  g_autoptr (StreamClient) quotes = NULL;

  stream_fixture_publish (fixture, "BTC");
  status = stream_fixture_open (fixture, "*topics=status", NULL);
  quotes = stream_fixture_open (fixture, "*topics=quotes", NULL);
  quotes_event_log_append_status (fixture->log, "{}");
  stream_fixture_publish (fixture, "BTC");
  stream_client_wait_for (quotes, 2);
  stream_client_wait_for (status, 1);
  stream_client_assert_event (status, 0, "status", "cafe0001.2", "{}");
  stream_client_assert_event (quotes, 1, "quotes.update", "cafe0001.3", NULL);
}

static void
test_symbols_are_filtered (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) client = NULL;

  stream_fixture_publish (fixture, "BTC XAU");
  client = stream_fixture_open (fixture, "symbols=XAU,ETH", NULL);
  stream_fixture_publish (fixture, "BTC");
  stream_fixture_publish (fixture, "XAU");
  stream_fixture_publish (fixture, "ETH");
  stream_client_wait_for (client, 3);
  stream_client_assert_event (client, 0, "snapshot", "cafe0001.1", "[{\"symbol\":\"XAU\"");
  stream_client_assert_event (client, 1, "update", "cafe0001.4", "{\"symbol\":\"XAU\"");
  stream_client_assert_event (client, 2, "snapshot", "cafe0001.6", "[{\"symbol\":\"ETH\"");
  for (guint i = 0; i < 3; i++)
    g_assert_null (strstr (stream_client_get_event (client, i)->data, "BTC"));
}

static void
test_whole_snapshots_when_asked_for (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) client = NULL;

  stream_fixture_publish (fixture, "BTC ETH XAU");
  client = stream_fixture_open (fixture, "mode=snapshot", NULL);
  stream_fixture_publish (fixture, "BTC ETH");
  stream_client_wait_for (client, 2);
  stream_client_assert_event (client, 1, "snapshot", "cafe0001.4", "\"symbol\":\"XAU\"");
}

static void
test_filtered_snapshots_when_they_differ (StreamFixture *fixture,
                                          G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) client = NULL;

  stream_fixture_publish (fixture, "BTC ETH XAU");
  client = stream_fixture_open (fixture, "mode=snapshot&symbols=XAU", NULL);
  stream_fixture_publish (fixture, "BTC ETH");
  stream_fixture_publish (fixture, "BTC XAU");
  stream_client_wait_for (client, 2);
  stream_client_assert_event (client, 1, "snapshot", "cafe0001.7", "[{\"symbol\":\"XAU\"");
  g_assert_null (strstr (stream_client_get_event (client, 1)->data, "BTC"));
}

static void
test_a_removed_symbol_makes_a_snapshot (StreamFixture *fixture,
                                        G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) client = NULL;

  stream_fixture_publish (fixture, "BTC XAU");
  client = stream_fixture_open (fixture, NULL, NULL);
  g_assert_true (quotes_watchlist_remove (fixture->list, "XAU", NULL));
  stream_client_wait_for (client, 2);
  stream_client_assert_event (client, 1, "snapshot", "cafe0001.2", "[{\"symbol\":\"BTC\"");
  g_assert_null (strstr (stream_client_get_event (client, 1)->data, "XAU"));
}

static void
test_quiet_streams_are_kept_alive (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const comment = "\n: keepalive\n\n";
  g_autoptr (StreamClient) client = stream_fixture_open (fixture, NULL, NULL);

  fake_clock_advance_us (fixture->clock, SECONDS (14));
  g_assert_null (strstr (stream_client_get_text (client), comment));
  stream_fixture_publish (fixture, "BTC");
  stream_client_wait_for (client, 1);
  fake_clock_advance_us (fixture->clock, SECONDS (14));
  g_assert_null (strstr (stream_client_get_text (client), comment));
  fake_clock_advance_us (fixture->clock, SECONDS (1));
  g_assert_nonnull (strstr (stream_client_get_text (client), comment));
  fake_clock_advance_us (fixture->clock, SECONDS (16));
  g_assert_nonnull (strstr (strstr (stream_client_get_text (client), comment) + 1, comment));
  g_assert_cmpuint (stream_client_get_n_events (client), ==, 1);
}

static void
test_a_filtered_reader_keeps_a_young_id (StreamFixture *fixture,
                                         G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) client = NULL;

  stream_fixture_publish (fixture, "BTC XAU");
  client = stream_fixture_open (fixture, "*symbols=XAU&topics=quotes", NULL);
  stream_fixture_publish (fixture, "BTC");
  stream_client_wait_for (client, 1);
  wait_settle ();
  g_assert_cmpstr (stream_client_get_last_id (client), ==, "cafe0001.1");
  fake_clock_advance_us (fixture->clock, SECONDS (16));
  stream_client_wait_for (client, 1);
  g_assert_cmpstr (stream_client_get_last_id (client), ==, "cafe0001.3");
}

static void
test_a_closed_client_frees_its_place (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) half = stream_fixture_open (fixture, NULL, NULL);
  StreamClient *client = stream_fixture_open (fixture, NULL, NULL);

  g_assert_cmpuint (fixture->n_open, ==, 2);
  stream_client_free (client);
  wait_until (fixture->n_open == 1, 5);
  /* One that has nothing more to say counts as gone. */
  shutdown (stream_client_get_fd (half), SHUT_WR);
  wait_until (fixture->n_open == 0, 5);
  g_assert_true (stream_client_is_eof (half));
}

static void
test_a_client_that_talks_is_closed (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *text = g_strnfill (1024, 'x');
  g_autoptr (StreamClient) client = stream_fixture_open (fixture, NULL, NULL);

  for (guint i = 0; i < 64; i++)
    {
      g_assert_cmpint (send (stream_client_get_fd (client), text, 1024, MSG_NOSIGNAL), ==, 1024);
      wait_settle ();
    }
  g_assert_cmpuint (fixture->n_open, ==, 1);
  g_assert_cmpint (send (stream_client_get_fd (client), text, 1024, MSG_NOSIGNAL), ==, 1024);
  wait_until (fixture->n_open == 0, 5);
}

/* What the stream says is cut into chunks that any reader of chunks understands, however little
 * the socket takes at a time and the client reads. */
static void
test_chunks_are_whole_however_they_are_cut (StreamFixture *fixture,
                                            G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) client = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint64 last = 0;

  fixture->send_buffer = 4096;
  stream_fixture_publish (fixture, "BTC ETH XAU");
  client = stream_fixture_open (fixture, NULL, NULL);
  for (guint i = 0; i < 2000; i++)
    {
      if (i % 3 == 0)
        stream_fixture_publish (fixture, "BTC ETH XAU");
      wait_settle ();
      stream_client_read_some (client, (gsize) g_rand_int_range (rand, 1, 3000));
    }

  for (guint i = 0; i < stream_client_get_n_events (client); i++)
    {
      const StreamEvent *event = stream_client_get_event (client, i);
      guint64 seq = g_ascii_strtoull (event->id + 9, NULL, 10);

      if (g_str_equal (event->type, "gap"))
        continue;
      g_assert_cmpuint (seq, >, last);
      last = seq;
    }
  g_assert_cmpuint (last, >, 100);
}

static void
count_event_cb (G_GNUC_UNUSED const QuotesSseEvent *event, gpointer user_data)
{
  ++*(guint *) user_data;
}

/* The recordings of the earlier system and what we say are one language. */
static void
test_the_recordings_are_understood (void)
{
  static const struct
  {
    const char *name;
    guint n_events;
  } files[] = {
    {"01_warm_connect.sse", 2},         {"02_cold_connect.sse", 1},
    {"03_partial_failure.sse", 1},      {"04_update_event.sse", 3},
    {"05_redis_mode_cold.sse", 1},      {"06_redis_read_failed.sse", 1},
    {"07_malformed_is_ignored.sse", 2}, {"08_compatible_extensions.sse", 2},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *name = g_build_filename ("vectors", "quotes", files[i].name, NULL);
      g_autoptr (GBytes) bytes = NULL;
      guint n_events = 0;
      g_autoptr (QuotesSseParser) parser =
        quotes_sse_parser_new (1 << 20, count_event_cb, &n_events);

      if (!shared_data_require (name))
        return;
      bytes = shared_data_load (name);
      g_assert_true (
        quotes_sse_parser_push (parser, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
      g_assert_cmpuint (n_events, ==, files[i].n_events);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/event-stream/" name, StreamFixture, NULL, stream_fixture_set_up, func,             \
              stream_fixture_tear_down)
  ADD ("begins-with-what-is-known", test_begins_with_what_is_known);
  ADD ("all-begin-with-the-same-bytes", test_all_begin_with_the_same_bytes);
  ADD ("the-head-says-what-it-must", test_the_head_says_what_it_must);
  ADD ("http-1.0-gets-no-chunks", test_http_1_0_gets_no_chunks);
  ADD ("head-gets-the-head-only", test_head_gets_the_head_only);
  ADD ("waits-for-the-first-fetch", test_waits_for_the_first_fetch);
  ADD ("updates-come-one-by-one", test_updates_come_one_by_one);
  ADD ("the-other-path-has-longer-names", test_the_other_path_has_longer_names);
  ADD ("topics-are-filtered", test_topics_are_filtered);
  ADD ("symbols-are-filtered", test_symbols_are_filtered);
  ADD ("whole-snapshots-when-asked-for", test_whole_snapshots_when_asked_for);
  ADD ("filtered-snapshots-when-they-differ", test_filtered_snapshots_when_they_differ);
  ADD ("a-removed-symbol-makes-a-snapshot", test_a_removed_symbol_makes_a_snapshot);
  ADD ("quiet-streams-are-kept-alive", test_quiet_streams_are_kept_alive);
  ADD ("a-filtered-reader-keeps-a-young-id", test_a_filtered_reader_keeps_a_young_id);
  ADD ("a-closed-client-frees-its-place", test_a_closed_client_frees_its_place);
  ADD ("a-client-that-talks-is-closed", test_a_client_that_talks_is_closed);
  ADD ("chunks-are-whole-however-they-are-cut", test_chunks_are_whole_however_they_are_cut);
#undef ADD
  g_test_add_func ("/event-stream/the-recordings-are-understood",
                   test_the_recordings_are_understood);

  return g_test_run ();
}
