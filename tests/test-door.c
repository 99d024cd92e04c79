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
#define GET_WITH(lines) "GET /api/v1/status HTTP/1.1\r\n" DOOR_HOST lines "\r\n"
#define GET_FROM(host) "GET / HTTP/1.1\r\nHost: " host "\r\n\r\n"
#define JSON "Content-Type: application/json\r\n"
#define POST_WITH(lines) "POST /api/v1/widgets/quotes HTTP/1.1\r\n" DOOR_HOST lines "\r\n"
#define STREAM_WITH(lines) "GET /api/v1/widgets/quotes/stream HTTP/1.1\r\n" DOOR_HOST lines "\r\n"
#define SECOND "GET /second HTTP/1.1\r\n" DOOR_HOST "\r\n"

/* What is sent, and what comes back over the wire; status 0 = it is served. */
typedef struct
{
  const char *request;
  guint status;
  const char *code;
} Row;

static const Row a1_rows[] = {
  {"GET / HTTP/1.1\r\n" DOOR_HOST "Host: evil.example\r\n\r\n", 400, "bad_host"},
  {"GET / HTTP/1.1\r\nHost: evil.example\r\n" DOOR_HOST "\r\n", 400, "bad_host"},
  {GET ("/"), 0, NULL},
  {NULL},
};

static const Row a2_rows[] = {
  {GET_FROM ("127.0.0.1:$P"), 0, NULL},
  {GET_FROM ("LOCALHOST:$P"), 0, NULL},
  {GET_FROM ("[::1]:$P"), 0, NULL},
  {GET_FROM ("evil.example:$P"), 403, "bad_host"},
  {GET_FROM ("127.0.0.1.evil.example:$P"), 403, "bad_host"},
  {GET_FROM ("foo.local:$P"), 403, "bad_host"},
  {GET_FROM ("192.168.1.5:$P"), 403, "bad_host"},
  {GET_FROM ("localhost.:$P"), 403, "bad_host"},
  {GET_FROM ("127.0.0.1"), 403, "bad_host"},
  {GET_FROM ("localhost"), 403, "bad_host"},
  {GET_FROM (""), 403, "bad_host"},
  {GET_FROM (":$P"), 403, "bad_host"},
  {NULL},
};

static const Row a3_rows[] = {
  {GET_FROM ("evil.example@127.0.0.1:$P"), 400, "bad_host"},
  {GET_FROM ("127.0.0.1:$P?x="), 400, "bad_host"},
  {GET_FROM ("127.0.0.1:$P#"), 400, "bad_host"},
  {NULL},
};

static const Row a4_rows[] = {
  {GET ("http://evil.example/api/v1/status"), 400, "bad_target"},
  {"OPTIONS * HTTP/1.1\r\n" DOOR_HOST "\r\n", 400, "bad_target"},
  {NULL},
};

static const Row a5_rows[] = {
  {"GET / HTTP/1.0\r\n\r\n", 400, "bad_host"},
  {"GET / HTTP/1.1\r\n\r\n", 400, "bad_host"},
  {"GET / HTTP/1.0\r\n" DOOR_HOST "\r\n", 0, NULL},
  {"\x16\x03\x01\x02", 400, "request"},
  {NULL},
};

static const Row a6_rows[] = {
  {"TRACE / HTTP/1.1\r\n" DOOR_HOST "\r\n", 405, "method"},
  {"FOO / HTTP/1.1\r\n" DOOR_HOST "\r\n", 405, "method"},
  {"CONNECT a:443 HTTP/1.1\r\n" DOOR_HOST "\r\n", 405, "method"},
  {"OPTIONS / HTTP/1.1\r\n" DOOR_HOST "Origin: http://x\r\n\r\n", 405, "method"},
  {"HEAD / HTTP/1.1\r\n" DOOR_HOST "\r\n", 0, NULL},
  {"DELETE /x HTTP/1.1\r\n" DOOR_HOST "\r\n", 0, NULL},
  {NULL},
};

static const Row a7_rows[] = {
  {GET_WITH ("Origin: http://127.0.0.1:$P\r\n"), 0, NULL},
  {GET_WITH ("Origin: http://evil.example\r\n"), 403, "cross_origin"},
  {GET_WITH ("Origin: null\r\n"), 403, "cross_origin"},
  {GET_WITH ("Origin: http://127.0.0.1:9999\r\n"), 403, "cross_origin"},
  {GET_WITH ("Origin: https://127.0.0.1:$P\r\n"), 403, "cross_origin"},
  {NULL},
};

static const Row a8_rows[] = {
  {STREAM_WITH ("Sec-Fetch-Site: same-origin\r\n"), 0, NULL},
  {STREAM_WITH ("Sec-Fetch-Site: cross-site\r\n"), 403, "cross_origin"},
  {STREAM_WITH ("Sec-Fetch-Site: same-site\r\n"), 403, "cross_origin"},
  {GET_WITH ("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"), 403, "cross_origin"},
  {"GET / HTTP/1.1\r\n" DOOR_HOST
   "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n\r\n",
   403, "cross_origin"},
  {"GET / HTTP/1.1\r\n" DOOR_HOST
   "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n\r\n",
   0, NULL},
  {NULL},
};

static const Row a9_rows[] = {
  {POST_WITH (JSON "Content-Length: 2\r\n") "{}", 0, NULL},
  {POST_WITH ("Content-Length: 2\r\nContent-Type: application/json; charset=utf-8\r\n") "{}", 0,
   NULL},
  {POST_WITH ("Content-Length: 2\r\nContent-Type: text/plain\r\n") "{}", 415, "content_type"},
  {POST_WITH ("Content-Length: 2\r\nContent-Type: application/x-www-form-urlencoded\r\n") "{}", 415,
   "content_type"},
  {POST_WITH ("Content-Length: 2\r\n") "{}", 415, "content_type"},
  {NULL},
};

static const Row a10_rows[] = {
  {POST_WITH (JSON "Transfer-Encoding: chunked\r\nContent-Length: 44\r\n") "0\r\n\r\n" SECOND, 400,
   "framing"},
  {POST_WITH (JSON "Content-Length: 44\r\nTransfer-Encoding: chunked\r\n") "0\r\n\r\n" SECOND, 400,
   "framing"},
  {POST_WITH (JSON "Content-Length: 0\r\nContent-Length: 44\r\n") SECOND, 400, "framing"},
  {POST_WITH (JSON "Content-Length: 44\r\nContent-Length: 0\r\n") SECOND, 400, "framing"},
  {POST_WITH (JSON "Content-Length: +5\r\n") "12345", 400, "framing"},
  {POST_WITH (JSON "Content-Length: -1\r\n"), 400, "framing"},
  {POST_WITH (JSON "Content-Length: 99999999999999999999999\r\n"), 400, "framing"},
  {POST_WITH (JSON "Transfer-Encoding: chunked\r\n") "2\r\n{}\r\n0\r\n\r\n" SECOND, 411, "length"},
  {GET_WITH ("X: a\r\n folded\r\n"), 400, "framing"},
  {GET_WITH ("Upgrade: websocket\r\nConnection: Upgrade\r\n"), 400, "upgrade"},
  /* What comes behind a whole request is never served. */
  {GET ("/") SECOND, 0, NULL},
  {POST_WITH (JSON "Content-Length: 2\r\n") "{}" SECOND, 0, NULL},
  {"GET / HTTP/1.1\r\n" DOOR_HOST "Connection: keep-alive\r\n\r\n" SECOND, 0, NULL},
  {NULL},
};

static const Row a13_rows[] = {
  {GET ("/static/../../etc/passwd"), 400, "path"},
  {GET ("/static/%2e%2e/x"), 400, "path"},
  {GET ("/static/..%2f..%2fx"), 400, "path"},
  {GET ("/static/%ff%fe"), 400, "path"},
  {GET ("//api//v1"), 400, "path"},
  {GET ("/api/%00"), 400, "path"},
  {GET ("/api/\\x"), 400, "path"},
  {"HEAD /static/../../etc/passwd HTTP/1.1\r\n" DOOR_HOST "\r\n", 400, "path"},
  /* The routes know no such name. */
  {GET ("/static/%252e%252e/x"), 0, NULL},
  {NULL},
};

static const Row c4_rows[] = {
  {POST_WITH (JSON "Content-Length: 200000000\r\n"), 413, "too_large"},
  {POST_WITH (JSON "Content-Length: 65537\r\n"), 413, "too_large"},
  {POST_WITH (JSON "Transfer-Encoding: chunked\r\n") "2\r\n{}\r\n0\r\n\r\n", 411, "length"},
  {GET_WITH ("Content-Length: 5\r\n") "12345", 400, "body"},
  {NULL},
};

static const Row c5_rows[] = {
  {POST_WITH (JSON "Transfer-Encoding: chunked\r\n") "zz\r\n{}\r\n", 411, "length"},
  {POST_WITH (JSON) "{}", 411, "length"},
  /* Refused by the route, which wants JSON. */
  {POST_WITH (JSON "Content-Length: 0\r\n"), 0, NULL},
  {NULL},
};

static const Row e6_rows[] = {
  {GET_WITH ("X-Forwarded-For: 1.2.3.4\r\n"), 400, "forwarded"},
  {GET_WITH ("Forwarded: for=1.2.3.4\r\n"), 400, "forwarded"},
  {NULL},
};

static void
test_rows (gconstpointer user_data)
{
  DoorFixture fixture = {0};

  door_fixture_set_up (&fixture, NULL);
  for (const Row *row = user_data; row->request != NULL; row++)
    if (row->status == 0)
      door_fixture_check_served (&fixture, row->request);
    else
      door_fixture_check_refused (&fixture, row->request, row->status, row->code);
  door_fixture_tear_down (&fixture, NULL);
}

static void
test_a6_says_what_is_allowed (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *received =
    door_fixture_exchange (fixture, "TRACE / HTTP/1.1\r\n" DOOR_HOST "\r\n");
  g_autofree char *allow = raw_dup_header (received, "allow");

  g_assert_cmpstr (allow, ==, "GET, HEAD, POST, PATCH, DELETE");
}

static char *
dup_repeated (const char *start, const char *text, guint n, const char *end)
{
  GString *all = g_string_new (start);

  for (guint i = 0; i < n; i++)
    g_string_append (all, text);
  g_string_append (all, end);
  return g_string_free (all, FALSE);
}

static void
test_a11_sizes (DoorFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *many = dup_repeated ("GET / HTTP/1.1\r\n" DOOR_HOST, "X: y\r\n", 64, "\r\n");
  g_autofree char *very_many =
    dup_repeated ("GET / HTTP/1.1\r\n" DOOR_HOST, "X: y\r\n", 5000, "\r\n");
  g_autofree char *enough = dup_repeated ("GET / HTTP/1.1\r\n" DOOR_HOST, "X: y\r\n", 63, "\r\n");
  g_autofree char *path = dup_repeated ("GET /", "p", 3072, " HTTP/1.1\r\n" DOOR_HOST "\r\n");
  g_autofree char *endless = dup_repeated ("GET /", "p", 20000, "");
  g_autofree char *huge = dup_repeated ("GET / HTTP/1.1\r\nX: ", "y", 100 * 1024, "\r\n\r\n");

  door_fixture_check_refused (fixture, many, 431, "headers");
  door_fixture_check_refused (fixture, very_many, 431, "headers");
  door_fixture_check_refused (fixture, path, 414, "target");
  door_fixture_check_refused (fixture, endless, 414, "target");
  door_fixture_check_served (fixture, enough);

  {
    /* Longer than anybody drains: the answer may be lost in the reset, the connection ends. */
    g_autofree char *received = door_fixture_exchange (fixture, huge);
    guint status = raw_get_status (received);

    g_assert_true (status == 431 || status == 0);
    g_assert_cmpuint (fixture->n_served, ==, 1);
  }
}

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

  door_fixture_check_served (fixture, POST_WITH (JSON "Content-Length: 002\r\n") "{}...");
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
  g_autoptr (GString) received = g_string_new (NULL);
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
  g_autofree char *open_path = NULL;
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
  g_autofree char *whole = g_strconcat (POST_WITH (JSON "Content-Length: 65536\r\n"), body, NULL);
  g_autoptr (RawClient) client = NULL;

  door_fixture_check_served (fixture, whole);
  g_assert_cmpuint (fixture->body_size, ==, 65536);

  /* The body may come later, and be asked for. */
  client = door_fixture_connect (fixture, POST_WITH (JSON "Content-Length: 65536\r\n"
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

static void
add_rows (const char *path, const Row *rows)
{
  g_test_add_data_func (path, rows, test_rows);
}

#define ADD(path, function)                                                                        \
  g_test_add (path, DoorFixture, NULL, door_fixture_set_up, function, door_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_rows ("/rules/A1-on-the-wire", a1_rows);
  add_rows ("/rules/A2-on-the-wire", a2_rows);
  add_rows ("/rules/A3-on-the-wire", a3_rows);
  add_rows ("/rules/A4-on-the-wire", a4_rows);
  add_rows ("/rules/A5-on-the-wire", a5_rows);
  add_rows ("/rules/A6-on-the-wire", a6_rows);
  add_rows ("/rules/A7-on-the-wire", a7_rows);
  add_rows ("/rules/A8-on-the-wire", a8_rows);
  add_rows ("/rules/A9-on-the-wire", a9_rows);
  add_rows ("/rules/A10-on-the-wire", a10_rows);
  add_rows ("/rules/A13-on-the-wire", a13_rows);
  add_rows ("/rules/C4-on-the-wire", c4_rows);
  add_rows ("/rules/C5-on-the-wire", c5_rows);
  add_rows ("/rules/E6-on-the-wire", e6_rows);
  ADD ("/rules/A6-says-what-is-allowed", test_a6_says_what_is_allowed);
  ADD ("/rules/A11-on-the-wire", test_a11_sizes);
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
