/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "quotes-json.h"
#include "quotes-sse-parser.h"
#include "shared-data.h"

#define MAX_SIZE (1024 * 1024)

/* All events as one text, in which no two different lists look alike. */
static void
write_event (GString *text, const char *type, const char *data, gsize size, const char *id)
{
  static const char hex[] = "0123456789abcdef";
  g_autofree char *escaped_type = g_strescape (type, NULL);
  g_autofree char *escaped_id = g_strescape (id, NULL);

  g_string_append_printf (text, "[%s][%s][%" G_GSIZE_FORMAT "][", escaped_type, escaped_id, size);
  for (gsize i = 0; i < size; i++)
    {
      /* Not printf, which would take most of the time of the exhaustive tests. */
      g_string_append_c (text, hex[(guchar) data[i] >> 4]);
      g_string_append_c (text, hex[(guchar) data[i] & 15]);
    }
  g_string_append (text, "]\n");
}

static void
write_event_cb (const QuotesSseEvent *event, gpointer user_data)
{
  g_assert_cmpint (event->data[event->size], ==, '\0');
  write_event (user_data, event->type, event->data, event->size, event->last_event_id);
}

typedef struct
{
  char *events; /* (owned) */
  char *id;     /* (owned) */
  gint64 retry_ms;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_free (outcome->events);
  g_free (outcome->id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
assert_outcome (const Outcome *outcome, const Outcome *expected)
{
  g_assert_cmpstr (outcome->events, ==, expected->events);
  g_assert_cmpstr (outcome->id, ==, expected->id);
  g_assert_cmpint (outcome->retry_ms, ==, expected->retry_ms);
}

/* Parses @bytes in pieces that end where @is_cut says. */
static void
parse (const char *bytes,
       gsize size,
       gboolean (*is_cut) (gsize at, gpointer data),
       gpointer data,
       Outcome *outcome)
{
  GString *text = g_string_new (NULL);
  g_autoptr (QuotesSseParser) parser = quotes_sse_parser_new (MAX_SIZE, write_event_cb, text);
  gsize begin = 0;

  for (gsize end = 1; end <= size; end++)
    if (end == size || is_cut (end, data))
      {
        /* A copy of its own, so that reading past the piece is seen. */
        g_autofree char *piece = g_memdup2 (bytes + begin, end - begin);

        g_assert_true (quotes_sse_parser_push (parser, piece, end - begin));
        begin = end;
      }

  outcome->events = g_string_free (text, FALSE);
  outcome->id = g_strdup (quotes_sse_parser_get_last_event_id (parser));
  outcome->retry_ms = quotes_sse_parser_get_retry_ms (parser);
}

static gboolean
cut_at (gsize at, gpointer data)
{
  return at == *(gsize *) data;
}

static gboolean
cut_every (gsize at, gpointer data)
{
  return at % *(gsize *) data == 0;
}

static gboolean
cut_at_random (G_GNUC_UNUSED gsize at, gpointer data)
{
  return g_rand_int_range (data, 0, 4) == 0;
}

/* However the bytes are cut, the same must come out. */
static void
assert_parses_to (const char *bytes, gsize size, const Outcome *expected)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20);

  for (gsize at = 0; at <= MIN (size, 4096); at++)
    {
      g_auto (Outcome) outcome = {0};

      parse (bytes, size, cut_at, &at, &outcome);
      assert_outcome (&outcome, expected);
    }
  for (gsize length = 1; length <= 3; length++)
    {
      g_auto (Outcome) outcome = {0};

      parse (bytes, size, cut_every, &length, &outcome);
      assert_outcome (&outcome, expected);
    }
  for (guint i = 0; i < 20; i++)
    {
      g_auto (Outcome) outcome = {0};

      parse (bytes, size, cut_at_random, random, &outcome);
      assert_outcome (&outcome, expected);
    }
}

static void
write_expected (JsonObject *expect, Outcome *expected)
{
  JsonArray *events = quotes_json_object_get_array (expect, "events");
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (events); i++)
    {
      JsonObject *event = json_array_get_object_element (events, i);
      const char *data = quotes_json_object_get_string (event, "data");

      write_event (text, quotes_json_object_get_string (event, "type"), data, strlen (data),
                   quotes_json_object_get_string (event, "lastEventId"));
    }
  expected->events = g_string_free (text, FALSE);
  expected->id = g_strdup (quotes_json_object_get_string (expect, "final_last_event_id"));
  if (!quotes_json_object_get_int (expect, "retry_ms", &expected->retry_ms))
    expected->retry_ms = -1;
}

static void
test_vectors_hold_at_every_cut (void)
{
  g_autofree char *path = shared_data_build_path ("vectors/sse-vectors.json");
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  JsonArray *vectors = NULL;
  guint n_parsed = 0;
  gsize size = 0;

  if (!shared_data_require ("vectors/sse-vectors.json"))
    return;
  g_file_get_contents (path, &text, &size, &error);
  g_assert_no_error (error);
  bytes = g_bytes_new (text, size);
  root = quotes_json_parse (bytes, G_MAXINT, &error);
  g_assert_no_error (error);

  vectors = quotes_json_object_get_array (quotes_json_get_object (root), "vectors");
  for (guint i = 0; i < json_array_get_length (vectors); i++)
    {
      JsonObject *vector = json_array_get_object_element (vectors, i);
      const char *id = quotes_json_object_get_string (vector, "id");
      const char *base64 = quotes_json_object_get_string (vector, "input_b64");
      g_auto (Outcome) expected = {0};
      g_autofree guchar *input = NULL;

      /* Their data holds NUL, which JSON strings of C cannot: see the test below. */
      if (g_str_equal (id, "null-char") || g_str_equal (id, "field-parsing"))
        continue;
      if (!g_str_equal (quotes_json_object_get_string (vector, "class"), "parse") || base64 == NULL)
        continue;

      g_test_message ("%s", id);
      input = g_base64_decode (base64, &size);
      write_expected (quotes_json_object_get_object (vector, "expect"), &expected);
      assert_parses_to ((const char *) input, size, &expected);
      n_parsed++;
    }
  g_assert_cmpuint (n_parsed, >=, 30);
}

static void
test_recorded_streams_hold_at_every_cut (void)
{
  g_autofree char *dir_path = shared_data_build_path ("vectors/quotes");
  g_autoptr (GDir) dir = NULL;
  const char *name = NULL;

  if (!shared_data_require ("vectors/quotes"))
    return;
  dir = g_dir_open (dir_path, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir_path, name, NULL);
      g_autofree char *text = NULL;
      g_auto (Outcome) whole = {0};
      gsize never = 0;
      gsize size = 0;

      if (!g_str_has_suffix (name, ".sse"))
        continue;
      g_assert_true (g_file_get_contents (path, &text, &size, NULL));
      parse (text, size, cut_at, &never, &whole);
      assert_parses_to (text, size, &whole);
    }
}

static void
assert_events (const char *bytes, gsize size, const char *data, gsize data_size)
{
  GString *text = g_string_new (NULL);
  g_auto (Outcome) expected = {.id = g_strdup (""), .retry_ms = -1};

  write_event (text, "message", data, data_size, "");
  expected.events = g_string_free (text, FALSE);
  assert_parses_to (bytes, size, &expected);
}

static void
test_data_may_hold_nul (void)
{
  static const char nul[] = "data:\0\n\n";
  static const char fields[] = "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\r"
                               "data_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n";

  assert_events (nul, sizeof nul - 1, "\0", 1);
  assert_events (fields, sizeof fields - 1, "\0\n 2\n1\n3\n\n4", 11);
}

static void
test_too_long_is_refused_and_a_restart_heals (void)
{
  GString *text = g_string_new (NULL);
  g_autoptr (QuotesSseParser) parser = quotes_sse_parser_new (16, write_event_cb, text);
  static const char good[] = "id: 7\ndata: x\n\n";
  static const char long_line[] = "data: 0123456789abcdef";
  static const char many_lines[] = "data: 01234\ndata: 01234\ndata: 01234\ndata: 01234\n\n";

  g_assert_true (quotes_sse_parser_push (parser, good, strlen (good)));
  g_assert_false (quotes_sse_parser_push (parser, long_line, strlen (long_line)));
  g_assert_false (quotes_sse_parser_push (parser, good, strlen (good)));
  quotes_sse_parser_restart (parser);
  g_assert_false (quotes_sse_parser_push (parser, many_lines, strlen (many_lines)));
  quotes_sse_parser_restart (parser);
  g_assert_true (quotes_sse_parser_push (parser, "data: y\n\n", 9));

  g_assert_cmpstr (text->str, ==, "[message][7][1][78]\n[message][7][1][79]\n");
  g_string_free (text, TRUE);
}

static void
test_restart_forgets_half_an_event_and_keeps_the_id (void)
{
  GString *text = g_string_new (NULL);
  g_autoptr (QuotesSseParser) parser = quotes_sse_parser_new (64, write_event_cb, text);

  g_assert_true (quotes_sse_parser_push (parser, "id: 1\ndata: a\n\nid: 2\ndata: b\nev", 31));
  quotes_sse_parser_restart (parser);
  g_assert_cmpstr (quotes_sse_parser_get_last_event_id (parser), ==, "1");
  g_assert_true (quotes_sse_parser_push (parser,
                                         "\xef\xbb\xbf"
                                         "data: c\n\n",
                                         12));

  g_assert_cmpstr (text->str, ==, "[message][1][1][61]\n[message][1][1][63]\n");
  g_string_free (text, TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sse-parser/vectors-hold-at-every-cut", test_vectors_hold_at_every_cut);
  g_test_add_func ("/sse-parser/recorded-streams-hold-at-every-cut",
                   test_recorded_streams_hold_at_every_cut);
  g_test_add_func ("/sse-parser/data-may-hold-nul", test_data_may_hold_nul);
  g_test_add_func ("/sse-parser/too-long-is-refused-and-a-restart-heals",
                   test_too_long_is_refused_and_a_restart_heals);
  g_test_add_func ("/sse-parser/restart-forgets-half-an-event-and-keeps-the-id",
                   test_restart_forgets_half_an_event_and_keeps_the_id);

  return g_test_run ();
}
