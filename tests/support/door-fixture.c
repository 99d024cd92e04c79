/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "door-fixture.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wait.h"

#define BIG_SIZE (4 * 1024 * 1024)

static void
answer (SoupServerMessage *message, char *text, gsize size)
{
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_TAKE, text, size);
}

static void
note_request (DoorFixture *self, SoupServerMessage *message, const char *path)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  GUri *uri = soup_server_message_get_uri (message);

  self->n_served++;
  g_free (self->method);
  g_free (self->path);
  g_free (self->query);
  g_free (self->host);
  self->method = g_strdup (soup_server_message_get_method (message));
  self->path = g_strdup (path);
  self->query = g_strdup (g_uri_get_query (uri));
  self->host = g_strdup (soup_message_headers_get_one (headers, "Host"));
  self->body_size = (gsize) soup_server_message_get_request_body (message)->length;
}

static void
request_cb (G_GNUC_UNUSED SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            G_GNUC_UNUSED GHashTable *query,
            gpointer user_data)
{
  DoorFixture *self = user_data;
  QuotesVisitor *visitor = quotes_visitor_from_message (message);

  note_request (self, message, path);
  g_assert_nonnull (visitor);
  self->peer = *quotes_visitor_get_peer (visitor);
  quotes_visitor_set_body_read (visitor);
  if (g_str_equal (path, "/big"))
    answer (message, g_strnfill (BIG_SIZE, 'x'), BIG_SIZE);
  else if (g_str_equal (path, "/steal"))
    {
      int fd = quotes_visitor_steal_fd (visitor, message);

      g_assert_cmpint (fd, >=, 0);
      g_assert_cmpint (send (fd, "stolen", 6, MSG_NOSIGNAL), ==, 6);
      close (fd);
    }
  else
    answer (message, g_strdup ("served"), 6);
}

void
door_fixture_set_up (DoorFixture *self, gconstpointer user_data)
{
  QuotesDoorLimits limits = QUOTES_DOOR_LIMITS_INIT;
  g_autoptr (GError) error = NULL;

  limits.max_connections = 10000;
  if (user_data != NULL)
    limits = *(const QuotesDoorLimits *) user_data;
  self->clock = fake_clock_new ();
  self->epoll = quotes_epoll_new (&error);
  g_assert_no_error (error);
  self->soup = soup_server_new ("raw-paths", TRUE, NULL);
  soup_server_add_handler (self->soup, NULL, request_cb, self, NULL);
  self->door = quotes_door_new (self->soup, self->epoll, QUOTES_CLOCK (self->clock), &limits);
  g_assert_true (quotes_door_listen_tcp (self->door, "127.0.0.1", 0, &error));
  g_assert_no_error (error);
  self->port = quotes_door_get_port (self->door);
}

void
door_fixture_tear_down (DoorFixture *self, G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_door_close (self->door);
  soup_server_disconnect (self->soup);
  wait_settle ();
  g_assert_cmpuint (door_fixture_count (self).n_held, ==, 0);
  g_assert_finalize_object (self->door);
  g_assert_finalize_object (self->soup);
  g_clear_pointer (&self->epoll, quotes_epoll_free);
  g_assert_cmpuint (fake_clock_get_n_alarms (self->clock), ==, 0);
  g_assert_finalize_object (self->clock);
  g_free (self->method);
  g_free (self->path);
  g_free (self->query);
  g_free (self->host);
}

char *
door_fixture_dup_request (DoorFixture *self, const char *request)
{
  GString *text = g_string_new (request);
  g_autofree char *port = g_strdup_printf ("%u", self->port);

  g_string_replace (text, "$P", port, 0);
  return g_string_free (text, FALSE);
}

char *
door_fixture_exchange (DoorFixture *self, const char *request)
{
  g_autofree char *text = door_fixture_dup_request (self, request);

  return raw_exchange (self->port, text);
}

/* Sends without waiting for an answer. */
RawClient *
door_fixture_connect (DoorFixture *self, const char *request)
{
  g_autofree char *text = door_fixture_dup_request (self, request);
  RawClient *client = raw_client_new (self->port);

  raw_client_send (client, text, -1);
  return client;
}

/* One answer on the wire, of our form, and nothing that reached the server behind. */
void
door_fixture_check_refused (DoorFixture *self, const char *request, guint status, const char *code)
{
  guint n_served = self->n_served;
  g_autofree char *received = door_fixture_exchange (self, request);
  g_autofree char *found = raw_dup_code (received);
  g_autofree char *type = raw_dup_header (received, "content-type");
  g_autofree char *connection = raw_dup_header (received, "connection");
  g_autofree char *allow_origin = raw_dup_header (received, "access-control-allow-origin");
  g_autofree char *server = raw_dup_header (received, "server");

  if (raw_get_status (received) != status)
    g_test_message ("%s\n-> %s", request, received);
  g_assert_cmpuint (raw_get_status (received), ==, status);
  if (!g_str_has_prefix (request, "HEAD "))
    g_assert_cmpstr (found, ==, code);
  g_assert_cmpuint (raw_count_answers (received), ==, 1);
  g_assert_cmpstr (type, ==, "application/problem+json");
  g_assert_cmpstr (connection, ==, "close");
  g_assert_null (allow_origin);
  g_assert_null (server);
  g_assert_null (strstr (received, "evil.example"));
  g_assert_cmpuint (self->n_served, ==, n_served);
}

void
door_fixture_check_served (DoorFixture *self, const char *request)
{
  guint n_served = self->n_served;
  g_autofree char *received = door_fixture_exchange (self, request);
  g_autofree char *connection = raw_dup_header (received, "connection");

  if (raw_get_status (received) != 200)
    g_test_message ("%s\n-> %s", request, received);
  g_assert_cmpuint (raw_get_status (received), ==, 200);
  g_assert_cmpuint (raw_count_answers (received), ==, 1);
  g_assert_cmpstr (connection, ==, "close");
  g_assert_cmpuint (self->n_served, ==, n_served + 1);
}

QuotesDoorCounters
door_fixture_count (DoorFixture *self)
{
  QuotesDoorCounters counters;

  quotes_door_get_counters (self->door, &counters);
  return counters;
}

guint
count_descriptors (void)
{
  GDir *dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n++;
  g_dir_close (dir);
  return n;
}
