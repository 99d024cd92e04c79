/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "door-fixture.h"
#include "wait.h"

#define GET(target) "GET " target " HTTP/1.1\r\n" DOOR_HOST "\r\n"
#define GET_FROM(host) "GET / HTTP/1.1\r\nHost: " host "\r\n\r\n"
#define POST_JSON(lines)                                                                           \
  "POST /x HTTP/1.1\r\n" DOOR_HOST "Content-Type: application/json\r\n" lines "\r\n"

/* libsoup must see what the judge saw. */
static void
test_what_passes_arrives_unchanged (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *host = g_strdup_printf ("127.0.0.1:%u", fixture->port);

  door_fixture_check_served (fixture, GET ("/api/v1/widgets/quotes/%5EFTSE?x=%20y&z"));
  g_assert_cmpstr (fixture->method, ==, "GET");
  g_assert_cmpstr (fixture->path, ==, "/api/v1/widgets/quotes/%5EFTSE");
  g_assert_cmpstr (fixture->query, ==, "x=%20y&z");
  g_assert_cmpstr (fixture->host, ==, host);
  g_assert_cmpuint (fixture->body_size, ==, 0);
  g_assert_cmpint (fixture->peer.kind, ==, QUOTES_PEER_LOOPBACK);
  g_assert_cmpint (fixture->peer.uid, ==, geteuid ());

  door_fixture_check_served (fixture, POST_JSON ("Content-Length: 002\r\n") "{}...");
  g_assert_cmpstr (fixture->method, ==, "POST");
  g_assert_cmpuint (fixture->body_size, ==, 2);

  door_fixture_check_served (fixture, GET ("/caf%C3%A9/%252e"));
  g_assert_cmpstr (fixture->path, ==, "/caf%C3%A9/%252e");
}

/* Runs as another user in a child process; returns what came over the wire. */
static char *
exchange_as (DoorFixture *fixture, uid_t uid, const char *request)
{
  g_autofree char *text = door_fixture_dup_request (fixture, request);
  g_autoptr (GString) received = NULL;
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons (fixture->port),
                                .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  int ends[2];
  char buffer[4096];
  ssize_t n = 0;
  pid_t child = 0;
  gboolean is_done = FALSE;
  int status = 0;

  g_assert_cmpint (pipe (ends), ==, 0);
  child = fork ();
  if (child == 0)
    {
      int fd = -1;

      if (setgroups (0, NULL) != 0 || setresgid (uid, uid, uid) != 0 ||
          setresuid (uid, uid, uid) != 0)
        _exit (2);
      /* A socket belongs to whoever made it. */
      fd = socket (AF_INET, SOCK_STREAM, 0);
      if (connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
        _exit (3);
      n = send (fd, text, strlen (text), 0);
      while ((n = recv (fd, buffer, sizeof buffer, 0)) > 0)
        n = write (ends[1], buffer, (size_t) n);
      _exit (0);
    }
  close (ends[1]);
  received = g_string_new (NULL);
  g_unix_set_fd_nonblocking (ends[0], TRUE, NULL);
  wait_until ((n = read (ends[0], buffer, sizeof buffer)) >= 0
                ? (g_string_append_len (received, buffer, n), is_done = n == 0)
                : is_done,
              10);
  close (ends[0]);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
  return g_strdup (received->str);
}

static void
test_b2_other_users_are_refused (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *received = NULL;
  g_autofree char *code = NULL;
  g_autofree char *refused = NULL;
  g_autofree char *refused_code = NULL;

  door_fixture_check_served (fixture, GET ("/api/v1/status"));
  if (geteuid () != 0)
    {
      g_test_skip ("only root can become another user");
      return;
    }

  received = exchange_as (fixture, 65534, GET ("/api/v1/status"));
  code = raw_dup_code (received);
  g_assert_cmpuint (raw_get_status (received), ==, 401);
  g_assert_cmpstr (code, ==, "auth");
  g_assert_cmpuint (raw_count_answers (received), ==, 1);

  /* Who sends rubbish is not asked for a name. */
  refused = exchange_as (fixture, 65534, GET_FROM ("evil.example"));
  refused_code = raw_dup_code (refused);
  g_assert_cmpstr (refused_code, ==, "bad_host");
  g_assert_cmpuint (fixture->n_served, ==, 1);
}

static void
test_b1_only_loopback (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const addresses[] = {
    "0.0.0.0", "::", "192.168.1.5", "127.0.0.2", "localhost", "127.0.0.1 ", "", "::ffff:127.0.0.1"};

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (quotes_door_listen_tcp (fixture->door, addresses[i], 0, &error));
      g_assert_error (error, QUOTES_DOOR_ERROR, QUOTES_DOOR_ERROR_ADDRESS);
    }
}

static void
test_a_taken_port_is_said (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (quotes_door_listen_tcp (fixture->door, "127.0.0.1", fixture->port, &error));
  g_assert_error (error, QUOTES_DOOR_ERROR, QUOTES_DOOR_ERROR_TAKEN);
}

static void
test_b1_v6_loopback (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RawClient) client = NULL;
  g_autofree char *text = door_fixture_dup_request (fixture, GET_FROM ("[::1]:$P"));

  /* One port for both. */
  if (!quotes_door_listen_tcp (fixture->door, "::1", fixture->port, &error))
    {
      g_assert_error (error, QUOTES_DOOR_ERROR, QUOTES_DOOR_ERROR_ADDRESS);
      g_test_skip ("this machine has no ::1");
      return;
    }
  client = raw_client_new_v6 (fixture->port);
  raw_client_send (client, text, -1);
  g_assert_cmpuint (raw_get_status (raw_client_read_all (client)), ==, 200);
  g_assert_cmpint (fixture->peer.kind, ==, QUOTES_PEER_LOOPBACK);
  g_assert_cmpint (fixture->peer.uid, ==, geteuid ());
}

static guint
unix_status (const char *path, const char *request)
{
  g_autoptr (RawClient) client = raw_client_new_unix (path);

  raw_client_send (client, request, -1);
  return raw_get_status (raw_client_read_all (client));
}

static void
test_b3_unix_socket (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *base = g_dir_make_tmp ("quotes-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (base, "marketwell", NULL);
  g_autofree char *path = g_build_filename (folder, "http.sock", NULL);
  g_autofree char *tcp_request = door_fixture_dup_request (fixture, GET ("/"));
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) taken = NULL;
  mode_t mask = umask (0);
  GStatBuf info;

  g_assert_true (quotes_door_listen_unix (fixture->door, path, &error));
  g_assert_no_error (error);
  umask (mask);
  g_assert_cmpint (g_stat (folder, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0700);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);

  g_assert_cmpuint (unix_status (path, GET_FROM ("localhost")), ==, 200);
  g_assert_cmpint (fixture->peer.kind, ==, QUOTES_PEER_UNIX);
  g_assert_cmpint (fixture->peer.pid, ==, getpid ());
  g_assert_cmpuint (unix_status (path, tcp_request), ==, 200);
  g_assert_cmpuint (unix_status (path, GET_FROM ("evil.example")), ==, 403);

  /* A living one is left alone. */
  g_assert_false (quotes_door_listen_unix (fixture->door, path, &taken));
  g_assert_error (taken, QUOTES_DOOR_ERROR, QUOTES_DOOR_ERROR_TAKEN);
  g_assert_cmpuint (unix_status (path, GET_FROM ("localhost")), ==, 200);

  quotes_door_close (fixture->door);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_rmdir (folder);
  g_rmdir (base);
}

static void
test_b3_a_dead_socket_is_replaced (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *folder = g_dir_make_tmp ("quotes-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "http.sock", NULL);
  g_autoptr (GError) error = NULL;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  strcpy (address.sun_path, path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  close (fd);
  g_assert_true (quotes_door_listen_unix (fixture->door, path, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (unix_status (path, GET_FROM ("localhost")), ==, 200);

  quotes_door_close (fixture->door);
  g_rmdir (folder);
}

/* connect() says "refused" for any file: it must not be taken for a dead socket. */
static void
test_b3_other_files_are_left (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *folder = g_dir_make_tmp ("quotes-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "http.sock", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) open_error = NULL;

  g_assert_true (g_file_set_contents (path, "dear", -1, NULL));
  g_assert_false (quotes_door_listen_unix (fixture->door, path, &error));
  g_assert_error (error, QUOTES_DOOR_ERROR, QUOTES_DOOR_ERROR_TAKEN);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "dear");

  g_unlink (path);
  g_assert_cmpint (g_chmod (folder, 0777), ==, 0);
  g_assert_false (quotes_door_listen_unix (fixture->door, path, &open_error));
  g_assert_error (open_error, QUOTES_DOOR_ERROR, QUOTES_DOOR_ERROR_FAILED);
  g_rmdir (folder);
}

static void
test_a_half_closed_request_is_served (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (RawClient) client = door_fixture_connect (fixture, GET ("/"));

  raw_client_end (client);
  g_assert_cmpuint (raw_get_status (raw_client_read_all (client)), ==, 200);
}

static void
test_a_head_byte_by_byte_is_served (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *text = door_fixture_dup_request (fixture, GET ("/"));
  g_autoptr (RawClient) client = raw_client_new (fixture->port);

  for (const char *at = text; *at != '\0'; at++)
    {
      raw_client_send (client, at, 1);
      wait_settle ();
    }
  g_assert_cmpuint (raw_get_status (raw_client_read_all (client)), ==, 200);
}

static void
test_the_largest_body_is_handed_over (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *body = g_strnfill (65536, 'b');
  g_autofree char *whole = g_strconcat (POST_JSON ("Content-Length: 65536\r\n"), body, NULL);
  g_autoptr (RawClient) client = NULL;

  door_fixture_check_served (fixture, whole);
  g_assert_cmpuint (fixture->body_size, ==, 65536);

  /* The body may come later, and be asked for. */
  client = door_fixture_connect (fixture, POST_JSON ("Content-Length: 65536\r\n"
                                                     "Expect: 100-continue\r\n"));
  raw_client_read_until (client, "100 Continue\r\n");
  raw_client_send (client, body, 65536);
  g_assert_nonnull (strstr (raw_client_read_all (client), "200 OK"));
  g_assert_cmpuint (fixture->n_served, ==, 2);
}

static void
test_a_connection_can_be_taken_over (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *received = door_fixture_exchange (fixture, GET ("/steal"));

  g_assert_cmpstr (received, ==, "stolen");
  g_assert_cmpuint (door_fixture_count (fixture).n_held, ==, 0);
}

#define ADD(path, function)                                                                        \
  g_test_add (path, DoorFixture, NULL, door_fixture_set_up, function, door_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/rules/B1-only-loopback", test_b1_only_loopback);
  ADD ("/rules/B1-v6-loopback", test_b1_v6_loopback);
  ADD ("/rules/B2-other-users-are-refused", test_b2_other_users_are_refused);
  ADD ("/rules/B3-unix-socket", test_b3_unix_socket);
  ADD ("/rules/B3-a-dead-socket-is-replaced", test_b3_a_dead_socket_is_replaced);
  ADD ("/rules/B3-other-files-are-left", test_b3_other_files_are_left);
  ADD ("/door/a-taken-port-is-said", test_a_taken_port_is_said);
  ADD ("/door/what-passes-arrives-unchanged", test_what_passes_arrives_unchanged);
  ADD ("/door/a-half-closed-request-is-served", test_a_half_closed_request_is_served);
  ADD ("/door/a-head-byte-by-byte-is-served", test_a_head_byte_by_byte_is_served);
  ADD ("/door/the-largest-body-is-handed-over", test_the_largest_body_is_handed_over);
  ADD ("/door/a-connection-can-be-taken-over", test_a_connection_can_be_taken_over);

  return g_test_run ();
}
