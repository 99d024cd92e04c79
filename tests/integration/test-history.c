/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "daemon-process.h"
#include "http.h"
#include "quotes-json.h"
#include "wait.h"

#define QUOTES "/api/v1/widgets/quotes"
#define PATIENCE 20

/* Made-up prices that stay as they are: the second round comes after half a day. */
static const char *const still[] = {"--demo", "--no-bus", "--interval", "86400", NULL};
static const char *const lively[] = {"--demo", "--no-bus", "--interval", "0.5", NULL};

typedef struct
{
  DaemonProcess *daemon;
  const char *address;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->daemon = daemon_process_start (data);
  fixture->address = daemon_process_get_address (fixture->daemon);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  daemon_process_stop (fixture->daemon, 2);
  daemon_process_free (fixture->daemon);
}

/* Returns: (transfer full): the answer, whose object is *object */
static JsonNode *
get_object (Fixture *fixture, const char *target, JsonObject **object)
{
  g_autoptr (HttpAnswer) http = http_get (fixture->address, target);
  g_autoptr (GBytes) bytes = g_bytes_new (http->body, http->body_size);
  g_autoptr (GError) error = NULL;
  JsonNode *node = quotes_json_parse (bytes, 1 << 22, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (http->status, ==, 200);
  *object = quotes_json_get_object (node);
  g_assert_nonnull (*object);
  return node;
}

static gint64
get_count (JsonObject *object, const char *member)
{
  gint64 value = 0;

  return quotes_json_object_get_int (object, member, &value) ? value : 0;
}

/* Returns: what the newest status says; 0 = nothing */
static gint64
read_stored (HttpExchange *stream)
{
  const char *member = g_strrstr (stream->received->str, ",\"stored\":");

  return member != NULL ? g_ascii_strtoll (member + strlen (",\"stored\":"), NULL, 10) : 0;
}

static void
wait_until_stored (Fixture *fixture, gint64 version)
{
  g_autoptr (HttpExchange) stream =
    http_exchange_get (fixture->address, "/api/v1/stream?topics=status", NULL);

  wait_until (read_stored (stream) >= version, PATIENCE);
}

static double
get_last_close (Fixture *fixture, const char *symbol)
{
  g_autofree char *target = g_strdup_printf (QUOTES "/%s/history?points=3", symbol);
  JsonObject *history = NULL;
  g_autoptr (JsonNode) node = get_object (fixture, target, &history);
  JsonArray *bars = quotes_json_object_get_array (history, "bars");
  guint n_bars = json_array_get_length (bars);

  g_assert_cmpstr (quotes_json_object_get_string (history, "symbol"), ==, symbol);
  g_assert_nonnull (quotes_json_object_get_string (history, "currency"));
  g_assert_cmpuint (n_bars, >, 0);
  g_assert_cmpuint (n_bars, <=, 3);
  return quotes_json_object_get_number (json_array_get_object_element (bars, n_bars - 1), "c");
}

/* What is stored ends with what is shown. */
static void
test_last_close (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  JsonObject *list = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonArray *quotes = NULL;

  wait_until_stored (fixture, 1);
  node = get_object (fixture, QUOTES "?sparkline=1", &list);
  quotes = quotes_json_object_get_array (list, "quotes");
  g_assert_cmpuint (json_array_get_length (quotes), ==, 9);
  for (guint i = 0; i < json_array_get_length (quotes); i++)
    {
      JsonObject *quote = json_array_get_object_element (quotes, i);
      JsonArray *sparkline = quotes_json_object_get_array (quote, "sparkline");
      double price = quotes_json_object_get_number (quote, "price");
      guint n = json_array_get_length (sparkline);

      g_assert_cmpfloat (get_last_close (fixture, quotes_json_object_get_string (quote, "symbol")),
                         ==, price);
      g_assert_cmpuint (n, >, 0);
      g_assert_cmpuint (n, <=, 48);
      g_assert_cmpfloat (quotes_json_array_get_number (sparkline, n - 1), ==, price);
    }
}

static double
get_price (JsonObject *list, const char *symbol)
{
  JsonArray *quotes = quotes_json_object_get_array (list, "quotes");

  for (guint i = 0; i < json_array_get_length (quotes); i++)
    {
      JsonObject *quote = json_array_get_object_element (quotes, i);

      if (g_str_equal (quotes_json_object_get_string (quote, "symbol"), symbol))
        return quotes_json_object_get_number (quote, "price");
    }
  g_assert_not_reached ();
}

/* Returns: whether both looks were at one version, of which all was stored */
static gboolean
is_same_version (JsonObject *before, JsonObject *after)
{
  gint64 stored = get_count (before, "stored");

  g_assert_cmpint (stored, <=, get_count (before, "version"));
  return stored == get_count (before, "version") && stored == get_count (after, "version");
}

/* The same while prices move. */
static void
test_lively (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  gint64 n_wanted = 2;
  guint n_compared = 0;
  guint n_looks = 0;

  while (n_compared < 3)
    {
      JsonObject *before = NULL;
      JsonObject *after = NULL;
      g_autoptr (JsonNode) first = NULL;
      g_autoptr (JsonNode) second = NULL;
      double close = 0;

      wait_until_stored (fixture, n_wanted);
      first = get_object (fixture, QUOTES, &before);
      close = get_last_close (fixture, "BTC");
      second = get_object (fixture, QUOTES, &after);
      n_wanted = get_count (after, "version") + 1;
      /* A price may have come between the looks, but not always. */
      g_assert_cmpuint (n_looks++, <, 30);
      if (!is_same_version (before, after))
        continue;
      g_assert_cmpfloat (get_price (before, "BTC"), ==, close);
      n_compared++;
    }
}

/* Pages of four are together what one large page is. */
static void
test_pages (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GString) pieces = g_string_new (NULL);
  g_autoptr (HttpAnswer) whole = NULL;
  const char *records = NULL;
  gint64 after = 0;
  guint n_pages = 0;

  wait_until_stored (fixture, 1);
  do
    {
      g_autofree char *target =
        g_strdup_printf ("/api/v1/history?interval=tick&limit=4&after=%" G_GINT64_FORMAT, after);
      g_autoptr (HttpAnswer) http = http_get (fixture->address, target);
      const char *end = NULL;

      g_assert_cmpuint (http->status, ==, 200);
      g_assert_true (g_str_has_prefix (http->body, "{\"interval\":\"tick\",\"records\":["));
      end = strstr (http->body, "],\"next\":");
      g_assert_nonnull (end);
      records = strchr (http->body, '[') + 1;
      g_string_append_printf (pieces, "%s%.*s", n_pages > 0 ? "," : "", (int) (end - records),
                              records);
      after = g_ascii_strtoll (end + strlen ("],\"next\":"), NULL, 10);
      n_pages++;
      g_assert_cmpuint (n_pages, <=, 3);
    }
  while (after != 0);
  g_assert_cmpuint (n_pages, ==, 3);

  g_string_prepend (pieces, "{\"interval\":\"tick\",\"records\":[");
  g_string_append (pieces, "],\"next\":null}");
  whole = http_get (fixture->address, "/api/v1/history?interval=tick");
  g_assert_cmpstr (whole->body, ==, pieces->str);
}

/* Whoever reads the stream learns that what it has seen is stored, without a further price. */
static void
test_stored_in_stream (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpExchange) exchange =
    http_exchange_get (fixture->address, "/api/v1/stream?topics=status", NULL);
  g_autoptr (HttpExchange) later = NULL;

  wait_until (strstr (exchange->received->str, ",\"stored\":1,\"storage\":\"ok\",") != NULL,
              PATIENCE);
  /* Who comes later has it in its first status. */
  later = http_exchange_get (fixture->address, "/api/v1/stream?topics=status", NULL);
  wait_until (strstr (later->received->str, "event: status\n") != NULL, PATIENCE);
  wait_until (strstr (later->received->str, "\n\n") != NULL, PATIENCE);
  g_assert_nonnull (strstr (later->received->str, ",\"stored\":1,"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define add(name, data, func) g_test_add (name, Fixture, data, set_up, func, tear_down)
  add ("/history-daemon/the-last-close-is-the-price", still, test_last_close);
  add ("/history-daemon/the-last-close-moves-with-the-price", lively, test_lively);
  add ("/history-daemon/pages-are-together-the-whole", still, test_pages);
  add ("/history-daemon/a-stream-says-what-is-stored", still, test_stored_in_stream);
#undef add

  return g_test_run ();
}
