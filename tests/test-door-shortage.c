/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "door-fixture.h"
#include "wait.h"

#define GET(target) "GET " target " HTTP/1.1\r\n" DOOR_HOST "\r\n"

/* Another process, since it must not run out of descriptors itself: connects @n times, says so on
 * @done, and closes them all when @done is closed. */
static pid_t
fork_crowd (guint16 port, guint n, int *done)
{
  struct sockaddr_in address = {
    .sin_family = AF_INET, .sin_port = htons (port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  int ends[2];
  char c = 'x';
  pid_t child = 0;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, ends), ==, 0);
  child = fork ();
  if (child == 0)
    {
      close (ends[0]);
      for (guint i = 0; i < n; i++)
        if (connect (socket (AF_INET, SOCK_STREAM, 0), (struct sockaddr *) &address,
                     sizeof address) != 0)
          _exit (2);
      if (write (ends[1], &c, 1) != 1 || read (ends[1], &c, 1) != 0)
        _exit (3);
      _exit (0);
    }
  close (ends[1]);
  *done = ends[0];
  return child;
}

static gboolean
took_byte (int fd)
{
  char c;

  return recv (fd, &c, 1, MSG_DONTWAIT) > 0;
}

/* How many turns the main loop makes by itself. */
static guint
count_turns (guint max)
{
  guint n = 0;

  while (n < max && g_main_context_iteration (NULL, FALSE))
    n++;
  return n;
}

/* Valgrind accepts first and looks at the limit afterwards, so the caller is lost. */
static gboolean
limits_descriptors_itself (void)
{
  const char *preload = g_getenv ("LD_PRELOAD");

  if (preload == NULL || strstr (preload, "vgpreload") == NULL)
    return FALSE;

  g_test_skip ("valgrind has its own idea of the descriptor limit");
  return TRUE;
}

static void
test_c1_running_out_of_descriptors (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  struct rlimit before;
  struct rlimit tight;
  guint n_crowd = 200;
  guint n_room = 40;
  int done = -1;
  pid_t child = 0;
  int status = 0;
  QuotesDoorCounters counters;

  if (limits_descriptors_itself ())
    return;

  child = fork_crowd (fixture->port, n_crowd, &done);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  tight = before;
  tight.rlim_cur = count_descriptors () + n_room;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &tight), ==, 0);
  wait_until (took_byte (done), 10);
  wait_until (door_fixture_count (fixture).n_accepted == n_crowd, 10);
  counters = door_fixture_count (fixture);
  g_assert_cmpuint (counters.n_full, >, n_crowd - n_room - 10);
  g_assert_cmpuint (counters.n_waiting, ==, n_crowd - counters.n_full);

  /* Still short of them, and not a busy loop. */
  g_assert_cmpuint (count_turns (1000), <, 10);

  close (done);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
  wait_until (door_fixture_count (fixture).n_waiting == 0, 10);
  fake_clock_advance_us (fixture->clock, 2 * G_USEC_PER_SEC);
  door_fixture_check_served (fixture, GET ("/"));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
}

/* Not even the spare descriptor can be had back: callers wait in the backlog, we do not spin. */
static void
test_c1_without_a_spare_one (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  struct rlimit before;
  struct rlimit tight;
  g_autoptr (RawClient) client = NULL;
  g_autofree char *request = door_fixture_dup_request (fixture, GET ("/"));

  if (limits_descriptors_itself ())
    return;

  client = raw_client_new (fixture->port);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  tight = before;
  tight.rlim_cur = 4;
  raw_client_send (client, request, -1);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &tight), ==, 0);
  g_assert_cmpuint (count_turns (1000), <, 10);
  fake_clock_advance_us (fixture->clock, G_USEC_PER_SEC);
  g_assert_cmpuint (count_turns (1000), <, 10);
  g_assert_cmpuint (door_fixture_count (fixture).n_accepted, <=, 1);

  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
  fake_clock_advance_us (fixture->clock, G_USEC_PER_SEC);
  g_assert_cmpuint (raw_get_status (raw_client_read_all (client)), ==, 200);
}

#define ADD(path, function)                                                                        \
  g_test_add (path, DoorFixture, NULL, door_fixture_set_up, function, door_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/rules/C1-running-out-of-descriptors", test_c1_running_out_of_descriptors);
  ADD ("/rules/C1-without-a-spare-one", test_c1_without_a_spare_one);

  return g_test_run ();
}
