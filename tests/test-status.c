/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "catalog-file.h"
#include "fake-archive.h"
#include "fake-clock.h"
#include "fake-provider.h"
#include "quotes-json.h"
#include "quotes-metrics.h"
#include "quotes-status-feed.h"
#include "quotes-status-json.h"
#include "wait.h"

typedef struct
{
  FakeClock *clock;
  QuotesHub *hub;
  FakeProvider *provider;
  QuotesPoller *poller;
  QuotesStatusSources sources;
  QuotesStatusFeed *feed;
  guint n_said;
} Fixture;

static void
append_essence (gpointer user_data, GString *text)
{
  Fixture *fixture = user_data;

  quotes_status_append_essence (&fixture->sources, text);
}

static void
say (gpointer user_data)
{
  ((Fixture *) user_data)->n_said++;
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  const char *const texts[] = {"yahoo:GC=F", "yahoo:SI=F", NULL};
  const QuotesStatusSay functions = {.append_essence = append_essence, .say = say};
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();
  g_autoptr (QuotesWatchlist) watchlist = quotes_watchlist_new (catalog);
  g_autoptr (QuotesBreaker) breaker = NULL;

  fixture->clock = fake_clock_new ();
  quotes_watchlist_load (watchlist, texts);
  fixture->hub = quotes_hub_new (watchlist, QUOTES_CLOCK (fixture->clock));
  fixture->poller =
    quotes_poller_new (fixture->hub, QUOTES_CLOCK (fixture->clock), g_rand_new_with_seed (1));
  fixture->provider = fake_provider_new ("yahoo");
  breaker = quotes_breaker_new (QUOTES_CLOCK (fixture->clock), G_USEC_PER_SEC, G_USEC_PER_SEC,
                                g_rand_new_with_seed (1));
  quotes_poller_add_provider (fixture->poller, QUOTES_PROVIDER (fixture->provider), breaker);
  fixture->sources = (QuotesStatusSources){
    .hub = fixture->hub,
    .poller = fixture->poller,
    .address = "http://127.0.0.1:18787",
    .streams = {.n_open = 3, .n_opened = 7, .n_closed = 4, .n_refused = 2},
    .max_streams = 200,
  };
  fixture->feed = quotes_status_feed_new (QUOTES_CLOCK (fixture->clock), &functions, fixture);
  quotes_poller_start (fixture->poller);
  fake_clock_advance_us (fixture->clock, 1);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  if (fake_provider_is_waiting (fixture->provider))
    fake_provider_answer (fixture->provider, 1);
  wait_settle ();
  quotes_status_feed_free (fixture->feed);
  g_assert_finalize_object (fixture->poller);
  g_assert_finalize_object (fixture->provider);
  g_assert_finalize_object (fixture->hub);
  g_assert_finalize_object (fixture->clock);
}

static void
answer (Fixture *fixture, double price)
{
  fake_provider_answer (fixture->provider, price);
  wait_settle ();
}

/* One of two answers comes, the other is unknown to the provider. */
static void
answer_half (Fixture *fixture)
{
  QuotesBatch *batch = quotes_batch_new ();
  QuotesQuote fields = QUOTES_QUOTE_INIT;

  fields.symbol = "XAU";
  fields.name = "Gold";
  fields.currency = "USD";
  fields.source = "yahoo";
  fields.instrument = "yahoo:GC=F";
  fields.provider_symbol = "GC=F";
  fields.price = 2899.3;
  quotes_batch_take_quote (batch, quotes_quote_new (&fields));
  quotes_batch_set_symbol_error (batch, "XAG", QUOTES_SYMBOL_ERROR_NOT_FOUND);
  fake_provider_answer_batch (fixture->provider, batch);
  wait_settle ();
}

static JsonNode *
parse (GString *text)
{
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (text);
  g_autoptr (GError) error = NULL;
  JsonNode *node = quotes_json_parse (bytes, 1 << 20, &error);

  g_assert_no_error (error);
  g_assert_nonnull (quotes_json_get_object (node));
  return node;
}

static JsonNode *
parse_status (Fixture *fixture)
{
  GString *text = g_string_new (NULL);

  quotes_status_append_json (&fixture->sources, text);
  g_assert_null (strchr (text->str, '\n'));
  return parse (text);
}

static void
assert_member_int (JsonObject *object, const char *member, gint64 expected)
{
  gint64 value = -1;

  g_test_message ("%s", member);
  g_assert_true (quotes_json_object_get_int (object, member, &value));
  g_assert_cmpint (value, ==, expected);
}

static void
test_status (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *status = NULL;
  JsonObject *item = NULL;

  answer_half (fixture);
  node = parse_status (fixture);
  status = quotes_json_get_object (node);
  g_assert_cmpstr (quotes_json_object_get_string (status, "state"), ==, "ok");
  assert_member_int (status, "version", 1);
  g_assert_true (json_object_get_null_member (status, "stored"));
  g_assert_cmpstr (quotes_json_object_get_string (status, "address"), ==, "http://127.0.0.1:18787");
  g_assert_cmpstr (quotes_json_object_get_string (status, "program_version"), ==, VERSION);
  g_assert_nonnull (quotes_json_object_get_string (status, "last_update"));
  g_assert_nonnull (quotes_json_object_get_string (status, "next_update"));

  item = json_array_get_object_element (quotes_json_object_get_array (status, "providers"), 0);
  g_assert_cmpstr (quotes_json_object_get_string (item, "id"), ==, "yahoo");
  g_assert_cmpstr (quotes_json_object_get_string (item, "state"), ==, "ok");
  g_assert_cmpstr (quotes_json_object_get_string (item, "last_ok"), ==,
                   "2023-11-14T22:13:20.000001+00:00");
  g_assert_true (json_object_get_null_member (item, "reason"));
  g_assert_true (json_object_get_null_member (item, "attribution"));
  assert_member_int (item, "interval_ms", 30000);
  g_assert_cmpstr (quotes_json_object_get_string (item, "interval_reason"), ==, "regular");
  assert_member_int (item, "failures", 0);
  assert_member_int (item, "requests", 1);
  assert_member_int (item, "rounds", 1);
  assert_member_int (item, "invalid", 0);
  assert_member_int (item, "instruments", 2);

  item = json_array_get_object_element (quotes_json_object_get_array (status, "pending"), 0);
  g_assert_cmpstr (quotes_json_object_get_string (item, "symbol"), ==, "XAG");
  g_assert_cmpstr (quotes_json_object_get_string (item, "instrument"), ==, "yahoo:SI=F");
  g_assert_cmpstr (quotes_json_object_get_string (item, "reason"), ==, "not-found");
  g_assert_true (json_object_get_null_member (item, "next_check"));

  item = quotes_json_object_get_object (status, "streams");
  assert_member_int (item, "open", 3);
  assert_member_int (item, "max", 200);
  assert_member_int (item, "opened", 7);
  assert_member_int (item, "refused", 2);
}

static void
test_failure (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *provider = NULL;

  fixture->sources.address = NULL;
  fake_provider_fail (fixture->provider, QUOTES_PROVIDER_ERROR_TIMEOUT, -1);
  wait_settle ();
  node = parse_status (fixture);
  g_assert_true (json_object_get_null_member (quotes_json_get_object (node), "address"));
  g_assert_true (json_object_get_null_member (quotes_json_get_object (node), "last_update"));
  provider = json_array_get_object_element (
    quotes_json_object_get_array (quotes_json_get_object (node), "providers"), 0);
  g_assert_cmpstr (quotes_json_object_get_string (provider, "reason"), ==, "timeout");
  g_assert_cmpstr (quotes_json_object_get_string (provider, "message"), ==, "Told so");
  assert_member_int (provider, "failures", 1);
}

static void
test_list (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  GString *text = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  JsonObject *list = NULL;
  JsonArray *quotes = NULL;

  quotes_list_append_json (quotes_hub_get_snapshot (fixture->hub), NULL, text);
  g_assert_cmpstr (text->str, ==,
                   "{\"version\":0,\"stored\":null,\"generated\":null,\"quotes\":[]}");
  g_string_truncate (text, 0);

  answer (fixture, 10.5);
  quotes_list_append_json (quotes_hub_get_snapshot (fixture->hub), NULL, text);
  node = parse (text);
  list = quotes_json_get_object (node);
  assert_member_int (list, "version", 1);
  g_assert_true (json_object_get_null_member (list, "stored"));
  g_assert_cmpstr (quotes_json_object_get_string (list, "generated"), ==,
                   "2023-11-14T22:13:20.000001+00:00");
  quotes = quotes_json_object_get_array (list, "quotes");
  g_assert_cmpuint (json_array_get_length (quotes), ==, 2);
  g_assert_cmpfloat (
    quotes_json_object_get_number (json_array_get_object_element (quotes, 1), "price"), ==, 10.5);
}

static void
test_storage (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (FakeArchive) archive = fake_archive_new ();
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (JsonNode) none = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *status = NULL;

  answer (fixture, 1);
  fixture->sources.archive = QUOTES_ARCHIVE (archive);
  none = parse_status (fixture);
  status = quotes_json_get_object (none);
  g_assert_true (json_object_get_null_member (status, "stored"));
  g_assert_cmpstr (quotes_json_object_get_string (status, "storage"), ==, "ok");
  g_assert_true (json_object_get_null_member (status, "storage_message"));

  fake_archive_set_stored (archive, 4711);
  fake_archive_set_calls_today (archive, 815);
  fake_archive_set_state (archive, "full", "No space \"left\"");
  node = parse_status (fixture);
  status = quotes_json_get_object (node);
  assert_member_int (status, "stored", 4711);
  g_assert_cmpstr (quotes_json_object_get_string (status, "storage"), ==, "full");
  g_assert_cmpstr (quotes_json_object_get_string (status, "storage_message"), ==,
                   "No space \"left\"");
  assert_member_int (
    json_array_get_object_element (quotes_json_object_get_array (status, "providers"), 0),
    "requests_today", 815);

  quotes_list_append_json (quotes_hub_get_snapshot (fixture->hub), QUOTES_ARCHIVE (archive), list);
  g_assert_true (g_str_has_prefix (list->str, "{\"version\":1,\"stored\":4711,"));
}

/* Of the storage the state hurries, what is stored does not. */
static void
test_storage_pace (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (FakeArchive) archive = fake_archive_new ();

  answer (fixture, 1);
  fixture->sources.archive = QUOTES_ARCHIVE (archive);
  g_signal_connect_swapped (archive, "changed", G_CALLBACK (quotes_status_feed_note),
                            fixture->feed);
  for (guint i = 1; i <= 1000; i++)
    {
      fake_archive_set_stored (archive, i);
      fake_clock_advance_us (fixture->clock, 5000);
    }
  /* The first one at once, then one in each of five seconds. */
  g_assert_cmpuint (fixture->n_said, ==, 6);

  fake_clock_advance_us (fixture->clock, 10 * G_USEC_PER_SEC);
  fake_archive_set_stored (archive, 1001);
  g_assert_cmpuint (fixture->n_said, ==, 7);
  fake_archive_set_state (archive, "full", NULL);
  g_assert_cmpuint (fixture->n_said, ==, 8);
  fake_archive_set_state (archive, "ok", NULL);
  g_assert_cmpuint (fixture->n_said, ==, 9);
}

static void
test_metrics (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  const QuotesDoorCounters door = {.n_accepted = 12, .n_held = 1, .n_full = 5};
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;
  const char *const expected[] = {
    "marketwell_build_info{version=\"" VERSION "\"} 1",
    "marketwell_quotes_version 1",
    "marketwell_quotes 1",
    "marketwell_quotes_stale 0",
    "marketwell_provider_up{provider=\"yahoo\"} 1",
    "marketwell_provider_last_success_timestamp_seconds{provider=\"yahoo\"} 1700000000",
    "marketwell_provider_requests_total{provider=\"yahoo\"} 1",
    "marketwell_provider_invalid_total{provider=\"yahoo\"} 0",
    "marketwell_streams_open 3",
    "marketwell_streams_refused_total 2",
    "marketwell_connections_accepted_total 12",
    "marketwell_connections_held 1",
    "marketwell_connections_full_total 5",
    "marketwell_requests_rate_limited_total 9",
  };

  answer_half (fixture);
  quotes_metrics_append (&fixture->sources, &door, 9, text);
  lines = g_strsplit (text->str, "\n", -1);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_test_message ("%s", expected[i]);
      g_assert_true (g_strv_contains ((const char *const *) lines, expected[i]));
    }
}

/* Every sample has a HELP and a TYPE before it, and counters are called so. */
static void
test_metrics_form (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  const QuotesDoorCounters door = {0};
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GRegex) regex = g_regex_new ("^(# HELP (\\w+) [^\n]+\n# TYPE \\2 (counter|gauge)\n"
                                          "(\\2(\\{\\w+=\"[^\"\n]+\"\\})? [0-9]+\n)+)+$",
                                          0, 0, NULL);
  g_auto (GStrv) lines = NULL;

  quotes_metrics_append (&fixture->sources, &door, 0, text);
  g_assert_true (g_regex_match (regex, text->str, 0, NULL));
  lines = g_strsplit (text->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "# TYPE "))
      g_assert_cmpint (g_str_has_suffix (lines[i], " counter"), ==,
                       strstr (lines[i], "_total ") != NULL);
}

static void
test_feed_pace (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  answer (fixture, 1);
  quotes_status_feed_note (fixture->feed);
  g_assert_cmpuint (fixture->n_said, ==, 1);

  /* Many rounds in which only times change: one in a second, the last of them not forgotten. */
  for (guint i = 0; i < 100; i++)
    {
      quotes_status_feed_note (fixture->feed);
      fake_clock_advance_us (fixture->clock, 9000);
    }
  g_assert_cmpuint (fixture->n_said, ==, 1);
  fake_clock_advance_us (fixture->clock, 100000);
  g_assert_cmpuint (fixture->n_said, ==, 2);

  /* And then silence, until the next round. */
  fake_clock_advance_us (fixture->clock, 10 * G_USEC_PER_SEC);
  g_assert_cmpuint (fixture->n_said, ==, 2);
  quotes_status_feed_note (fixture->feed);
  g_assert_cmpuint (fixture->n_said, ==, 3);
}

static void
test_feed_hurry (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  answer (fixture, 1);
  quotes_status_feed_note (fixture->feed);
  quotes_status_feed_note (fixture->feed);
  g_assert_cmpuint (fixture->n_said, ==, 1);

  quotes_poller_refresh (fixture->poller, NULL);
  fake_clock_advance_us (fixture->clock, 1);
  fake_provider_fail (fixture->provider, QUOTES_PROVIDER_ERROR_NETWORK, -1);
  wait_settle ();
  quotes_status_feed_note (fixture->feed);
  g_assert_cmpuint (fixture->n_said, ==, 2);

  /* What was put off before it has been said with it. */
  fake_clock_advance_us (fixture->clock, G_USEC_PER_SEC / 2);
  g_assert_cmpuint (fixture->n_said, ==, 2);
}

static void
test_another_pace_is_essential (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GString) before = g_string_new (NULL);
  g_autoptr (GString) same = g_string_new (NULL);
  g_autoptr (GString) after = g_string_new (NULL);

  answer_half (fixture);
  /* The same interval for another reason. */
  quotes_poller_set_metered (fixture->poller, TRUE);
  quotes_status_append_essence (&fixture->sources, before);
  quotes_status_append_essence (&fixture->sources, same);
  quotes_poller_set_power_saver (fixture->poller, TRUE);
  quotes_status_append_essence (&fixture->sources, after);
  g_assert_cmpstr (before->str, ==, same->str);
  g_assert_cmpstr (before->str, !=, after->str);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define add(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  add ("/status/it-says-everything-a-client-reads", test_status);
  add ("/status/a-failure-has-a-reason-and-words", test_failure);
  add ("/status/the-list-has-a-version-and-its-items", test_list);
  add ("/status/storage-says-how-it-fares", test_storage);
  add ("/status/what-is-stored-is-said-once-a-second", test_storage_pace);
  add ("/status/metrics-count", test_metrics);
  add ("/status/metrics-have-the-form-of-prometheus", test_metrics_form);
  add ("/status/times-alone-are-said-once-a-second", test_feed_pace);
  add ("/status/news-is-said-at-once", test_feed_hurry);
  add ("/status/another-pace-is-news", test_another_pace_is_essential);
#undef add

  return g_test_run ();
}
