/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-event-log.h"

#include <string.h>

#include "fake-clock.h"
#include "quotes-json.h"
#include "quotes-sse-parser.h"

#define RUN 0xcafe0001

typedef struct
{
  FakeClock *clock;    /* (owned) */
  QuotesEventLog *log; /* (owned) */
  guint64 version;
  guint n_appended;
  /* What a client understood. */
  GPtrArray *events; /* (owned) (element-type utf8): `type|id|data` */
} Fixture;

static void
count_appended_cb (Fixture *fixture)
{
  fixture->n_appended++;
}

static void
use_log (Fixture *fixture, gboolean stamp_frames)
{
  g_clear_object (&fixture->log);
  fixture->log = quotes_event_log_new (QUOTES_CLOCK (fixture->clock), RUN, stamp_frames);
  g_signal_connect_swapped (fixture->log, "appended", G_CALLBACK (count_appended_cb), fixture);
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fixture->clock = fake_clock_new ();
  fixture->events = g_ptr_array_new_with_free_func (g_free);
  use_log (fixture, FALSE);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->log));
  g_assert_finalize_object (g_steal_pointer (&fixture->clock));
  g_ptr_array_unref (fixture->events);
}

static QuotesQuote *
make_quote (const char *symbol, const char *name, double price)
{
  QuotesQuote fields = QUOTES_QUOTE_INIT;

  fields.symbol = symbol;
  fields.name = name;
  fields.price = price;
  fields.currency = "USD";
  fields.source = "fake";
  fields.instrument = "fake:X";
  fields.provider_symbol = "X";
  return quotes_quote_new (&fields);
}

/* Appends a version in which all of @symbols have changed. */
static QuotesSnapshot *
append (Fixture *fixture, const char *const *symbols, gboolean list_changed)
{
  g_autoptr (GPtrArray) changed =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  GPtrArray *quotes = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  QuotesSnapshot *snapshot = NULL;

  fixture->version++;
  for (gsize i = 0; symbols[i] != NULL; i++)
    {
      QuotesQuote *quote = make_quote (symbols[i], symbols[i], (double) fixture->version);

      g_ptr_array_add (quotes, quote);
      g_ptr_array_add (changed, quotes_quote_ref (quote));
    }
  snapshot = quotes_snapshot_new (fixture->version, 1, quotes);
  quotes_event_log_append_version (fixture->log, snapshot, changed, list_changed);
  return snapshot;
}

static const char *const two_symbols[] = {"BTC", "XAU", NULL};

static void
note_event_cb (const QuotesSseEvent *event, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpuint (strlen (event->data), ==, event->size);
  g_ptr_array_add (fixture->events,
                   g_strdup_printf ("%s|%s|%s", event->type, event->last_event_id, event->data));
}

static void
read_bytes (Fixture *fixture, GBytes *bytes)
{
  g_autoptr (QuotesSseParser) parser = quotes_sse_parser_new (1 << 20, note_event_cb, fixture);

  g_assert_true (
    quotes_sse_parser_push (parser, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
}

static const char *
get_event (Fixture *fixture, guint i)
{
  g_assert_cmpuint (i, <, fixture->events->len);
  return g_ptr_array_index (fixture->events, i);
}

static void
test_numbers_the_frames_of_a_version (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesSnapshot) first = append (fixture, two_symbols, TRUE);
  g_autoptr (QuotesSnapshot) second = append (fixture, two_symbols, FALSE);

  g_assert_cmpuint (fixture->n_appended, ==, 2);
  g_assert_cmpuint (quotes_event_log_get_head (fixture->log), ==, 5);
  g_assert_cmpuint (quotes_event_log_get_frame (fixture->log, 1)->topics, ==,
                    QUOTES_TOPIC_LIST | QUOTES_TOPIC_SNAPSHOTS);
  g_assert_cmpuint (quotes_event_log_get_frame (fixture->log, 2)->topics, ==, QUOTES_TOPIC_UPDATES);
  g_assert_cmpuint (quotes_event_log_get_frame (fixture->log, 4)->topics, ==,
                    QUOTES_TOPIC_SNAPSHOTS);
  for (guint64 seq = 1; seq < 5; seq++)
    read_bytes (fixture, quotes_event_log_get_bytes (fixture->log, seq, QUOTES_FLAVOR_PLAIN));
  g_assert_cmpuint (fixture->events->len, ==, 4);
  g_assert_true (g_str_has_prefix (get_event (fixture, 0), "snapshot|cafe0001.1|[{\"symbol\":"));
  g_assert_true (
    g_str_has_prefix (get_event (fixture, 1), "update|cafe0001.2|{\"symbol\":\"BTC\""));
  g_assert_true (
    g_str_has_prefix (get_event (fixture, 2), "update|cafe0001.3|{\"symbol\":\"XAU\""));
  g_assert_true (g_str_has_prefix (get_event (fixture, 3), "snapshot|cafe0001.4|["));
}

static void
test_formats_each_flavor_once (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesSnapshot) snapshot = append (fixture, two_symbols, FALSE);
  GBytes *plain = quotes_event_log_get_bytes (fixture->log, 1, QUOTES_FLAVOR_PLAIN);
  GBytes *chunked = quotes_event_log_get_bytes (fixture->log, 1, QUOTES_FLAVOR_CHUNKED);
  g_autofree char *expected = NULL;
  gsize size = 0;

  g_assert_true (plain == quotes_event_log_get_bytes (fixture->log, 1, QUOTES_FLAVOR_PLAIN));
  expected =
    g_strdup_printf ("%x\r\n%.*s\r\n", (guint) g_bytes_get_size (plain),
                     (int) g_bytes_get_size (plain), (const char *) g_bytes_get_data (plain, NULL));
  g_assert_cmpmem (g_bytes_get_data (chunked, &size), g_bytes_get_size (chunked), expected,
                   strlen (expected));
  read_bytes (fixture, quotes_event_log_get_bytes (fixture->log, 1, QUOTES_FLAVOR_MULTIPLEXED));
  g_assert_true (g_str_has_prefix (get_event (fixture, 0), "quotes.update|cafe0001.1|{"));
}

static void
test_holds_so_many_frames (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  guint64 n = QUOTES_EVENT_LOG_MAX_FRAMES + 100;

  for (guint64 i = 0; i < n; i++)
    quotes_event_log_append_status (fixture->log, "{}");

  g_assert_cmpuint (quotes_event_log_get_head (fixture->log), ==, n + 1);
  g_assert_cmpuint (quotes_event_log_get_tail (fixture->log), ==, 101);
  read_bytes (fixture, quotes_event_log_get_bytes (fixture->log, 101, QUOTES_FLAVOR_PLAIN));
  g_assert_cmpstr (get_event (fixture, 0), ==, "status|cafe0001.101|{}");
}

static gsize
count_bytes (Fixture *fixture)
{
  guint64 head = quotes_event_log_get_head (fixture->log);
  gsize size = 0;

  for (guint64 seq = quotes_event_log_get_tail (fixture->log); seq < head; seq++)
    size += quotes_event_log_get_frame (fixture->log, seq)->size;
  return size;
}

/* Also when readers of two flavors want everything. */
static void
test_holds_so_many_bytes (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *text = g_strnfill (64 * 1024, 'x');

  for (guint i = 0; i < 200; i++)
    {
      guint64 seq = quotes_event_log_get_head (fixture->log);

      quotes_event_log_append_status (fixture->log, text);
      quotes_event_log_get_bytes (fixture->log, seq, QUOTES_FLAVOR_PLAIN);
      if (i % 2 == 0)
        quotes_event_log_get_bytes (fixture->log, seq, QUOTES_FLAVOR_CHUNKED);
      g_assert_cmpuint (count_bytes (fixture), <=,
                        QUOTES_EVENT_LOG_MAX_BYTES + 2 * (64 * 1024 + 100));
    }
  g_assert_cmpuint (
    quotes_event_log_get_head (fixture->log) - quotes_event_log_get_tail (fixture->log), >=, 20);
}

static void
test_keeps_what_came_last_however_large (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *text = g_strnfill (QUOTES_EVENT_LOG_MAX_BYTES + 1, 'x');

  quotes_event_log_append_status (fixture->log, "{}");
  quotes_event_log_append_status (fixture->log, text);
  g_assert_cmpuint (quotes_event_log_get_tail (fixture->log), ==, 2);
  g_assert_cmpuint (quotes_event_log_get_head (fixture->log), ==, 3);
}

static void
test_a_version_of_thousands_is_one_snapshot (Fixture *fixture,
                                             G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) symbols = NULL;
  g_autoptr (QuotesSnapshot) snapshot = NULL;

  for (guint i = 0; i < 1500; i++)
    {
      g_autofree char *symbol = g_strdup_printf ("S%u", i);

      g_strv_builder_add (builder, symbol);
    }
  symbols = g_strv_builder_end (builder);
  snapshot = append (fixture, (const char *const *) symbols, FALSE);

  g_assert_cmpuint (quotes_event_log_get_head (fixture->log), ==, 2);
  g_assert_cmpuint (quotes_event_log_get_frame (fixture->log, 1)->topics, ==,
                    QUOTES_TOPIC_LIST | QUOTES_TOPIC_SNAPSHOTS);
}

static void
test_stamps_with_the_time_of_the_version (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const stamp = ",\"ts_us\":1700000000000000,\"seq\":1}";
  g_autoptr (QuotesSnapshot) snapshot = NULL;
  g_autoptr (GBytes) later = NULL;

  use_log (fixture, TRUE);
  snapshot = append (fixture, two_symbols, FALSE);
  fake_clock_advance_us (fixture->clock, 5 * G_USEC_PER_SEC);
  for (guint64 seq = 1; seq <= 3; seq++)
    read_bytes (fixture, quotes_event_log_get_bytes (fixture->log, seq, QUOTES_FLAVOR_PLAIN));
  later = quotes_event_log_dup_snapshot (fixture->log, snapshot, NULL, 3, QUOTES_FLAVOR_PLAIN);
  read_bytes (fixture, later);

  for (guint i = 0; i < 4; i++)
    {
      const char *first = strstr (get_event (fixture, i), stamp);

      g_assert_nonnull (first);
      g_assert_true ((strstr (first + 1, stamp) != NULL) == (i >= 2));
    }
}

static void
test_a_snapshot_to_begin_with_has_the_id_of_a_frame (Fixture *fixture,
                                                     G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GHashTable) symbols = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (QuotesSnapshot) snapshot = append (fixture, two_symbols, TRUE);
  g_autoptr (GBytes) bytes = NULL;

  g_hash_table_add (symbols, (gpointer) "XAU");
  g_hash_table_add (symbols, (gpointer) "NONE");
  quotes_event_log_append_status (fixture->log, "{\"a\":1}");
  bytes = quotes_event_log_dup_snapshot (fixture->log, snapshot, symbols, 2, QUOTES_FLAVOR_PLAIN);
  read_bytes (fixture, bytes);
  g_assert_true (
    g_str_has_prefix (get_event (fixture, 0), "snapshot|cafe0001.2|[{\"symbol\":\"XAU\""));
  g_assert_null (strstr (get_event (fixture, 0), "BTC"));

  read_bytes (fixture, quotes_event_log_get_status (fixture->log, 3, QUOTES_FLAVOR_PLAIN));
  g_assert_cmpstr (get_event (fixture, 1), ==, "status||{\"a\":1}");
  g_assert_null (quotes_event_log_get_status (fixture->log, 2, QUOTES_FLAVOR_PLAIN));
}

static void
test_nothing_breaks_out_of_its_event (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const name = "x\n\ndata: x\r\rid: 9\r\n\r\nevent: y\xe2\x80\xa8z";
  g_autoptr (GPtrArray) changed =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  GPtrArray *quotes = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  g_autoptr (QuotesSnapshot) snapshot = NULL;
  g_autoptr (GBytes) json = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_ptr_array_add (changed, make_quote ("A", name, 1.0));
  snapshot = quotes_snapshot_new (1, 1, quotes);
  quotes_event_log_append_version (fixture->log, snapshot, changed, FALSE);
  read_bytes (fixture, quotes_event_log_get_bytes (fixture->log, 1, QUOTES_FLAVOR_PLAIN));

  g_assert_cmpuint (fixture->events->len, ==, 1);
  json = g_bytes_new_static (strchr (get_event (fixture, 0), '{'),
                             strlen (strchr (get_event (fixture, 0), '{')));
  node = quotes_json_parse (json, 1 << 20, NULL);
  g_assert_cmpstr (quotes_json_object_get_string (quotes_json_get_object (node), "name"), ==, name);
}

static void
test_line_ends_of_any_kind_stay_data (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char data[] = "a\n\ndata: x\rb\r\nc\0d\r";
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;

  quotes_event_write (text, "n.1:_-", "i.2:_-", data, sizeof data - 1);
  bytes = quotes_event_encode (text, QUOTES_FLAVOR_PLAIN);
  read_bytes (fixture, bytes);

  g_assert_cmpuint (fixture->events->len, ==, 1);
  g_assert_cmpstr (get_event (fixture, 0), ==,
                   "n.1:_-|i.2:_-|a\n\ndata: x\nb\nc\xef\xbf\xbd"
                   "d\n");
}

static void
test_names_and_ids_are_words (G_GNUC_UNUSED Fixture *fixture, gconstpointer user_data)
{
  if (g_test_subprocess ())
    {
      g_autoptr (GString) text = g_string_new (NULL);

      quotes_event_write (text, g_strcmp0 (user_data, "name") == 0 ? "a\nb" : "a",
                          g_strcmp0 (user_data, "id") == 0 ? "1\n\ndata: x" : NULL, "", 0);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/event-log/numbers-the-frames-of-a-version", test_numbers_the_frames_of_a_version);
  ADD ("/event-log/formats-each-flavor-once", test_formats_each_flavor_once);
  ADD ("/event-log/holds-so-many-frames", test_holds_so_many_frames);
  ADD ("/event-log/holds-so-many-bytes", test_holds_so_many_bytes);
  ADD ("/event-log/keeps-what-came-last-however-large", test_keeps_what_came_last_however_large);
  ADD ("/event-log/a-version-of-thousands-is-one-snapshot",
       test_a_version_of_thousands_is_one_snapshot);
  ADD ("/event-log/stamps-with-the-time-of-the-version", test_stamps_with_the_time_of_the_version);
  ADD ("/event-log/a-snapshot-to-begin-with-has-the-id-of-a-frame",
       test_a_snapshot_to_begin_with_has_the_id_of_a_frame);
  ADD ("/rules/D4-nothing-breaks-out-of-its-event", test_nothing_breaks_out_of_its_event);
  ADD ("/rules/D4-line-ends-of-any-kind-stay-data", test_line_ends_of_any_kind_stay_data);
  g_test_add ("/rules/D4-names-are-words", Fixture, "name", set_up, test_names_and_ids_are_words,
              tear_down);
  g_test_add ("/rules/D4-ids-are-words", Fixture, "id", set_up, test_names_and_ids_are_words,
              tear_down);
#undef ADD

  return g_test_run ();
}
