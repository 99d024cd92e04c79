/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "door-fixture.h"
#include "wait.h"

#define GET(target) "GET " target " HTTP/1.1\r\n" DOOR_HOST "\r\n"
#define HALF "GET / HTTP/1.1\r\nX: "
#define POST_HALF                                                                                  \
  "POST /x HTTP/1.1\r\n" DOOR_HOST "Content-Type: application/json\r\nContent-Length: "            \
  "100\r\n\r\n{"

#define CAP 20

static const QuotesDoorLimits capped = {
  .max_connections = CAP,
  .head_deadline_us = 10 * G_USEC_PER_SEC,
  .body_deadline_us = 10 * G_USEC_PER_SEC,
  .answer_deadline_us = 30 * G_USEC_PER_SEC,
};

static void
advance_s (DoorFixture *fixture, double seconds)
{
  wait_settle ();
  fake_clock_advance_us (fixture->clock, (gint64) (seconds * G_USEC_PER_SEC));
  wait_settle ();
}

/* Lets everything that waits for a deadline of the door have it. */
static void
let_time_pass (DoorFixture *fixture)
{
  for (guint i = 0; i < 90; i++)
    advance_s (fixture, 0.5);
}

static double
get_slowness (void)
{
  const char *text = g_getenv ("MARKETWELL_TEST_SLOW");

  return text != NULL ? MAX (g_ascii_strtod (text, NULL), 1.0) : 1.0;
}

static GPtrArray *
connect_many (DoorFixture *fixture, guint n, const char *bytes)
{
  GPtrArray *clients = g_ptr_array_new_with_free_func ((GDestroyNotify) raw_client_free);

  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_add (clients, door_fixture_connect (fixture, bytes));
      wait_settle ();
    }
  return clients;
}

static void
test_c2_one_too_many (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GPtrArray) clients = connect_many (fixture, CAP, "");
  gint64 start_us = 0;
  g_autoptr (RawClient) late = NULL;
  const char *received = NULL;
  g_autofree char *retry_after = NULL;
  g_autofree char *code = NULL;
  g_autofree char *request = door_fixture_dup_request (fixture, GET ("/"));

  wait_until (door_fixture_count (fixture).n_waiting == CAP, 10);
  start_us = g_get_monotonic_time ();
  late = raw_client_new (fixture->port);
  received = raw_client_read_all (late);
  g_assert_cmpfloat ((double) (g_get_monotonic_time () - start_us), <, 50000 * get_slowness ());
  retry_after = raw_dup_header (received, "retry-after");
  code = raw_dup_code (received);
  g_assert_cmpuint (raw_get_status (received), ==, 503);
  g_assert_cmpstr (code, ==, "full");
  g_assert_cmpstr (retry_after, ==, "5");
  g_assert_cmpuint (door_fixture_count (fixture).n_full, ==, 1);

  /* The others are as they were. */
  for (guint i = 0; i < CAP; i++)
    {
      g_assert_true (raw_client_poll (clients->pdata[i]));
      g_assert_cmpuint (raw_client_get_n_received (clients->pdata[i]), ==, 0);
    }
  raw_client_send (clients->pdata[0], request, -1);
  g_assert_cmpuint (raw_get_status (raw_client_read_all (clients->pdata[0])), ==, 200);

  /* And its place is free for the next one. */
  door_fixture_check_served (fixture, GET ("/"));
}

/* Even when it has sent its request already, the answer arrives. */
static void
test_c2_a_refused_request_is_not_reset (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GPtrArray) clients = connect_many (fixture, CAP, "");

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (RawClient) late = door_fixture_connect (fixture, GET ("/"));

      g_assert_cmpuint (raw_get_status (raw_client_read_all (late)), ==, 503);
      g_assert_false (raw_client_was_reset (late));
    }
  g_assert_cmpuint (fixture->n_served, ==, 0);
  g_assert_cmpuint (door_fixture_count (fixture).n_waiting, ==, clients->len);
}

static void
test_c2_streams_count (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_door_set_n_streams (fixture->door, CAP);
  door_fixture_check_refused (fixture, GET ("/"), 503, "full");
  quotes_door_set_n_streams (fixture->door, CAP - 1);
  door_fixture_check_served (fixture, GET ("/"));
}

static void
test_c3_half_a_head (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (RawClient) client = door_fixture_connect (fixture, HALF);
  g_autofree char *code = NULL;

  wait_until (door_fixture_count (fixture).n_waiting == 1, 10);
  advance_s (fixture, 9);
  g_assert_true (raw_client_poll (client));
  g_assert_cmpuint (raw_client_get_n_received (client), ==, 0);
  advance_s (fixture, 2);
  code = raw_dup_code (raw_client_read_all (client));
  g_assert_cmpuint (raw_get_status (raw_client_get_received (client)), ==, 408);
  g_assert_cmpstr (code, ==, "timeout");
  g_assert_cmpuint (door_fixture_count (fixture).n_timed_out, ==, 1);
}

/* The deadline is absolute: each line of a drip does not begin it anew. */
static void
test_c3_a_line_a_second (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (RawClient) client = door_fixture_connect (fixture, "GET / HTTP/1.1\r\n");
  guint n_lines = 0;

  wait_until (door_fixture_count (fixture).n_waiting == 1, 10);
  while (raw_client_poll (client) && n_lines < 20)
    {
      raw_client_send (client, "X: y\r\n", -1);
      advance_s (fixture, 1);
      n_lines++;
    }
  g_assert_cmpuint (n_lines, >=, 9);
  g_assert_cmpuint (n_lines, <=, 11);
  g_assert_cmpuint (raw_get_status (raw_client_get_received (client)), ==, 408);
}

/* A browser connects in advance; a 408 would be read as the answer to its first request. */
static void
test_c3_silence (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (RawClient) client = raw_client_new (fixture->port);

  wait_until (door_fixture_count (fixture).n_waiting == 1, 10);
  advance_s (fixture, 9);
  g_assert_true (raw_client_poll (client));
  advance_s (fixture, 2);
  g_assert_cmpstr (raw_client_read_all (client), ==, "");
  g_assert_false (raw_client_was_reset (client));
}

static void
test_c3_half_a_body (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (RawClient) client = door_fixture_connect (fixture, POST_HALF);

  wait_until (door_fixture_count (fixture).n_held == 1, 10);
  advance_s (fixture, 9);
  g_assert_true (raw_client_poll (client));
  advance_s (fixture, 2);
  g_assert_cmpstr (raw_client_read_all (client), ==, "");
  wait_until (door_fixture_count (fixture).n_held == 0, 10);
  g_assert_cmpuint (fixture->n_served, ==, 0);
  g_assert_cmpuint (door_fixture_count (fixture).n_timed_out, ==, 1);
}

static void
test_c3_a_dripping_body (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (RawClient) client = door_fixture_connect (fixture, POST_HALF);
  guint n_bytes = 0;

  wait_until (door_fixture_count (fixture).n_held == 1, 10);
  while (raw_client_poll (client) && n_bytes < 20)
    {
      raw_client_send (client, " ", -1);
      advance_s (fixture, 1);
      n_bytes++;
    }
  g_assert_cmpuint (n_bytes, >=, 9);
  g_assert_cmpuint (n_bytes, <=, 11);
  g_assert_cmpuint (fixture->n_served, ==, 0);
}

/* Half a body and the end of it is no request. */
static void
test_c3_a_cut_body (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (RawClient) client = door_fixture_connect (fixture, POST_HALF);

  raw_client_end (client);
  g_assert_cmpuint (raw_get_status (raw_client_read_all (client)), !=, 200);
  g_assert_cmpuint (fixture->n_served, ==, 0);
  wait_until (door_fixture_count (fixture).n_held == 0, 10);
}

static void
test_an_answer_is_not_offered_for_ever (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (RawClient) client = door_fixture_connect (fixture, GET ("/big"));

  wait_until (fixture->n_served == 1, 10);
  advance_s (fixture, 29);
  g_assert_cmpuint (door_fixture_count (fixture).n_held, ==, 1);
  advance_s (fixture, 2);
  wait_until (door_fixture_count (fixture).n_held == 0, 10);
  raw_client_read_all (client);
  g_assert_cmpuint (raw_client_get_n_received (client), <, 4 * 1024 * 1024);
}

static void
test_a_reader_gets_all_of_an_answer (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (RawClient) client = door_fixture_connect (fixture, GET ("/big"));

  raw_client_read_all (client);
  g_assert_cmpuint (raw_client_get_n_received (client), >, 4 * 1024 * 1024);
}

/* After so many pieces, or so many bytes: the kernel decides which comes first, as it puts small
 * pieces together once the other end has some to acknowledge. */
static void
test_too_many_pieces_are_refused (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (RawClient) client = door_fixture_connect (fixture, HALF);
  guint status = 0;
  guint n = 0;

  while (raw_client_poll (client) && n < 17000)
    {
      raw_client_send (client, "y", 1);
      wait_settle ();
      n++;
    }
  status = raw_get_status (raw_client_read_all (client));
  g_assert_true (status == 408 || status == 431);
  g_assert_cmpuint (n, >, 1000);
}

static void
test_half_a_head_and_the_end_is_dropped (DoorFixture *fixture,
                                         G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (RawClient) client = door_fixture_connect (fixture, HALF);

  wait_until (door_fixture_count (fixture).n_waiting == 1, 10);
  raw_client_end (client);
  wait_until (door_fixture_count (fixture).n_waiting == 0, 10);
  g_assert_cmpstr (raw_client_read_all (client), ==, "");
}

/* Those who neither read nor go are a bounded number, for a bounded time. */
static void
test_few_linger_and_not_long (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GPtrArray) clients =
    connect_many (fixture, 100, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");

  wait_until (door_fixture_count (fixture).n_refused == 100, 10);
  g_assert_cmpuint (door_fixture_count (fixture).n_lingering, ==, 64);
  advance_s (fixture, 2);
  g_assert_cmpuint (door_fixture_count (fixture).n_lingering, ==, 0);
  for (guint i = 0; i < clients->len; i++)
    g_assert_cmpuint (raw_get_status (raw_client_read_all (clients->pdata[i])), ==, 403);
}

static void
test_a_quiet_door_sleeps (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_cmpuint (fake_clock_get_n_alarms (fixture->clock), ==, 0);
  door_fixture_check_served (fixture, GET ("/"));
  door_fixture_check_refused (fixture, "rubbish", 400, "request");
  advance_s (fixture, 1);
  g_assert_cmpuint (fake_clock_get_n_alarms (fixture->clock), ==, 0);
}

static void
test_descriptors_come_back (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const requests[] = {GET ("/"), "rubbish", "", HALF, POST_HALF, GET ("/steal")};
  guint n_before = 0;

  door_fixture_check_served (fixture, GET ("/"));
  let_time_pass (fixture);
  n_before = count_descriptors ();
  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (RawClient) client =
        door_fixture_connect (fixture, requests[i % G_N_ELEMENTS (requests)]);

      wait_settle ();
      raw_client_poll (client);
    }
  let_time_pass (fixture);
  wait_until (door_fixture_count (fixture).n_held == 0, 10);
  g_assert_cmpuint (door_fixture_count (fixture).n_waiting, ==, 0);
  g_assert_cmpuint (count_descriptors (), ==, n_before);
}

/* Many wait, and whoever asks is served as if they were not there. */
static void
test_a_storm_of_half_heads_passes (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const guint n = 400;
  g_autoptr (GPtrArray) clients = connect_many (fixture, n, HALF);

  wait_until (door_fixture_count (fixture).n_waiting == n, 10);
  door_fixture_check_served (fixture, GET ("/"));
  let_time_pass (fixture);
  g_assert_cmpuint (door_fixture_count (fixture).n_waiting, ==, 0);
  g_assert_cmpuint (door_fixture_count (fixture).n_timed_out, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (raw_get_status (raw_client_read_all (clients->pdata[i])), ==, 408);
}

static void
test_closing_drops_those_who_wait (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (RawClient) silent = raw_client_new (fixture->port);
  g_autoptr (RawClient) half = door_fixture_connect (fixture, HALF);
  g_autoptr (RawClient) posting = door_fixture_connect (fixture, POST_HALF);
  g_autofree char *rest = g_strnfill (99, ' ');

  wait_until (door_fixture_count (fixture).n_waiting == 2, 10);
  wait_until (door_fixture_count (fixture).n_held == 1, 10);
  quotes_door_close (fixture->door);
  g_assert_cmpstr (raw_client_read_all (silent), ==, "");
  g_assert_cmpstr (raw_client_read_all (half), ==, "");

  /* What libsoup has begun is finished. */
  raw_client_send (posting, rest, -1);
  g_assert_cmpuint (raw_get_status (raw_client_read_all (posting)), ==, 200);
}

#define ADD(path, limits, function)                                                                \
  g_test_add (path, DoorFixture, limits, door_fixture_set_up, function, door_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/rules/C2-one-too-many", &capped, test_c2_one_too_many);
  ADD ("/rules/C2-a-refused-request-is-not-reset", &capped, test_c2_a_refused_request_is_not_reset);
  ADD ("/rules/C2-streams-count", &capped, test_c2_streams_count);
  ADD ("/rules/C3-half-a-head", NULL, test_c3_half_a_head);
  ADD ("/rules/C3-a-line-a-second", NULL, test_c3_a_line_a_second);
  ADD ("/rules/C3-silence", NULL, test_c3_silence);
  ADD ("/rules/C3-half-a-body", NULL, test_c3_half_a_body);
  ADD ("/rules/C3-a-dripping-body", NULL, test_c3_a_dripping_body);
  ADD ("/rules/C3-a-cut-body", NULL, test_c3_a_cut_body);
  ADD ("/door/an-answer-is-not-offered-for-ever", NULL, test_an_answer_is_not_offered_for_ever);
  ADD ("/door/a-reader-gets-all-of-an-answer", NULL, test_a_reader_gets_all_of_an_answer);
  ADD ("/door/too-many-pieces-are-refused", NULL, test_too_many_pieces_are_refused);
  ADD ("/door/half-a-head-and-the-end-is-dropped", NULL, test_half_a_head_and_the_end_is_dropped);
  ADD ("/door/few-linger-and-not-long", NULL, test_few_linger_and_not_long);
  ADD ("/door/a-quiet-door-sleeps", NULL, test_a_quiet_door_sleeps);
  ADD ("/door/descriptors-come-back", NULL, test_descriptors_come_back);
  ADD ("/door/a-storm-of-half-heads-passes", NULL, test_a_storm_of_half_heads_passes);
  ADD ("/door/closing-drops-those-who-wait", NULL, test_closing_drops_those_who_wait);

  return g_test_run ();
}
