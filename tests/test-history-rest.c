/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fake-archive.h"
#include "http.h"
#include "quotes-history-json.h"
#include "quotes-history-rest.h"
#include "quotes-json.h"
#include "server-fixture.h"
#include "wait.h"

#define QUOTES "/api/v1/widgets/quotes"
#define HISTORY QUOTES "/XAU/history"
#define RECORDS "/api/v1/history"
#define PROBLEM_OF(status, title, code)                                                            \
  "{\"type\":\"about:blank\",\"title\":\"" title "\",\"status\":" #status ",\"code\":\"" code "\""

typedef struct
{
  ServerFixture server;
  FakeArchive *archive; /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  server_fixture_set_up (&fixture->server, data);
  fixture->archive = fake_archive_new ();
  quotes_server_set_archive (fixture->server.server, QUOTES_ARCHIVE (fixture->archive));
}

/* What was still asked is answered after the server is gone. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  server_fixture_tear_down (&fixture->server, data);
  while (fake_archive_get_n_waiting (fixture->archive) > 0)
    {
      g_assert_true (fake_archive_is_cancelled (fixture->archive));
      fake_archive_fail (fixture->archive);
    }
  wait_settle ();
  g_assert_finalize_object (fixture->archive);
}

static HttpExchange *
begin (Fixture *fixture, const char *target)
{
  guint n_waiting = fake_archive_get_n_waiting (fixture->archive);
  HttpExchange *exchange = http_exchange_get (fixture->server.address, target, NULL);

  wait_until (fake_archive_get_n_waiting (fixture->archive) == n_waiting + 1, 5);
  wait_settle ();
  g_assert_cmpstr (exchange->received->str, ==, "");
  return exchange;
}

static const char *
get_body (HttpExchange *exchange)
{
  const char *end = NULL;

  wait_until (exchange->is_closed, 5);
  g_test_message ("%.1000s", exchange->received->str);
  end = strstr (exchange->received->str, "\r\n\r\n");
  g_assert_nonnull (end);
  return end + 4;
}

static void
assert_ok (HttpExchange *exchange, const char *body)
{
  g_assert_cmpstr (get_body (exchange), ==, body);
  g_assert_true (g_str_has_prefix (exchange->received->str, "HTTP/1.1 200 "));
  g_assert_nonnull (strstr (exchange->received->str, "\r\nContent-Type: application/json\r\n"));
}

static void
assert_problem (Fixture *fixture, const char *target, guint status, const char *code)
{
  g_autoptr (HttpAnswer) http = http_get (fixture->server.address, target);

  g_test_message ("%s", target);
  http_answer_assert_problem (http, status, code);
}

static void
assert_asked (Fixture *fixture, const char *target, const char *question)
{
  g_autoptr (HttpExchange) exchange = begin (fixture, target);

  g_test_message ("%s", target);
  g_assert_cmpstr (fake_archive_get_question (fixture->archive), ==, question);
  fake_archive_fail (fixture->archive);
  g_assert_cmpstr (get_body (exchange), ==,
                   PROBLEM_OF (500, "Internal Server Error", "history_failed") "}");
}

static void
test_history (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpExchange) exchange = begin (fixture, HISTORY "?range=5d&points=100");

  g_assert_cmpstr (fake_archive_get_question (fixture->archive), ==, "history XAU 5d 100");
  fake_archive_answer_history (fixture->archive, fake_archive_make_history ("XAU"));
  assert_ok (exchange,
             "{\"symbol\":\"XAU\",\"currency\":\"USD\",\"interval\":\"1m\",\"bars\":["
             "{\"t\":\"2026-01-31T12:00:00+00:00\",\"o\":0.1,\"h\":123456789012.34,\"l\":1e-7,"
             "\"c\":0.30000000000000004,\"source\":\"yahoo\"},"
             "{\"t\":\"2026-01-31T12:01:00+00:00\",\"o\":2899.3,\"h\":2899.3,\"l\":2899.3,"
             "\"c\":2899.3,\"source\":\"yahoo:chart\"},"
             "{\"t\":\"2026-01-31T12:02:00.500000+00:00\",\"o\":2901,\"h\":2902.25,\"l\":2900,"
             "\"c\":2901.5,\"source\":null,\"roll\":true}]}");
}

static void
test_empty (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpExchange) exchange = begin (fixture, QUOTES "/SPX/history");

  g_assert_cmpstr (fake_archive_get_question (fixture->archive), ==, "history SPX 1d 500");
  fake_archive_answer_history (fixture->archive,
                               quotes_history_new ("SPX", NULL, QUOTES_INTERVAL_MINUTE));
  assert_ok (exchange, "{\"symbol\":\"SPX\",\"currency\":null,\"interval\":\"1m\",\"bars\":[]}");
}

static void
test_before_1970 (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  const QuotesBar bars[] = {
    {-1325635200000000, 17.66, 17.66, 17.66, 17.66, "yahoo:chart", FALSE},
    {-500000, 1, 1, 1, 1, "yahoo:chart", FALSE},
    {0, 2, 2, 2, 2, "yahoo:chart", FALSE},
  };
  g_autoptr (HttpExchange) exchange = begin (fixture, HISTORY "?range=max");
  QuotesHistory *history = quotes_history_new ("XAU", "USD", QUOTES_INTERVAL_DAY);
  const char *body = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (bars); i++)
    quotes_history_append (history, &bars[i]);
  fake_archive_answer_history (fixture->archive, history);
  body = get_body (exchange);
  g_assert_nonnull (strstr (body, "[{\"t\":\"1927-12-30T00:00:00+00:00\""));
  g_assert_nonnull (strstr (body, ",{\"t\":\"1969-12-31T23:59:59.500000+00:00\""));
  g_assert_nonnull (strstr (body, ",{\"t\":\"1970-01-01T00:00:00+00:00\""));
}

static void
test_symbols (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  const char *const texts[] = {"yahoo:GC=F", "yahoo:^FTSE", NULL};

  quotes_watchlist_load (quotes_hub_get_watchlist (fixture->server.hub), texts);
  assert_asked (fixture, HISTORY, "history XAU 1d 500");
  assert_asked (fixture, QUOTES "/%5EFTSE/history?points=3", "history ^FTSE 1d 3");
  assert_problem (fixture, QUOTES "/NOPE/history", 404, "unknown_symbol");
  assert_problem (fixture, QUOTES "/xau/history", 404, "unknown_symbol");
  assert_problem (fixture, QUOTES "/a%2Fb/history", 404, "unknown_symbol");
  assert_problem (fixture, QUOTES "/stream/history", 404, "unknown_symbol");
  assert_problem (fixture, QUOTES "/XAU/history/", 404, "not_found");
  assert_problem (fixture, QUOTES "//history", 400, "path");
  g_assert_cmpuint (fake_archive_get_n_waiting (fixture->archive), ==, 0);
}

/* Each is refused before anything is read, and says what is wrong. */
static void
test_bad_queries (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  const struct
  {
    const char *target;
    const char *detail;
  } cases[] = {
    {HISTORY "?range=2d", "range is one of 1d, 5d, 1mo, 3mo, 1y and max"},
    {HISTORY "?points=2", "points is a whole number from 3 to 5000"},
    {HISTORY "?points=5001", "points is a whole number from 3 to 5000"},
    {HISTORY "?points=9&points=9", "a parameter stands there twice"},
    {HISTORY "?limit=9", "there is no such parameter"},
    {QUOTES "/NOPE/history?limit=9", "there is no such parameter"},
    {RECORDS, "interval is one of tick, 1m, 1h and 1d"},
    {RECORDS "?interval=1m&limit=0", "limit is a whole number from 1 to 5000"},
    {RECORDS "?interval=1m&after=x", "after is the next of the page before"},
    {RECORDS "?interval=1m&since=now", "since is a time with its zone, as 2026-01-31T12:00:00Z"},
    {QUOTES "?sparkline=yes", "sparkline is 0 or 1"},
    {QUOTES "?sparkline=1&sparkline=1", "a parameter stands there twice"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HttpAnswer) http = http_get (fixture->server.address, cases[i].target);
      g_autofree char *body = g_strdup_printf (
        PROBLEM_OF (400, "Bad Request", "invalid_argument") ",\"detail\":\"%s\"}", cases[i].detail);

      g_test_message ("%s", cases[i].target);
      g_assert_cmpuint (http->status, ==, 400);
      g_assert_cmpstr (http->body, ==, body);
    }
  g_assert_cmpuint (fake_archive_get_n_waiting (fixture->archive), ==, 0);
}

static void
test_records (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpExchange) exchange = begin (fixture, RECORDS "?interval=1m&after=7&limit=3");
  g_autoptr (HttpExchange) last = NULL;

  g_assert_cmpstr (fake_archive_get_question (fixture->archive), ==,
                   "page 1m -9223372036854775808 7 3");
  fake_archive_answer_page (fixture->archive, fake_archive_make_page (4711));
  assert_ok (
    exchange,
    "{\"interval\":\"1m\",\"records\":["
    "{\"t\":\"2026-01-31T12:00:00+00:00\",\"symbol\":\"XAU\",\"o\":0.1,\"h\":123456789012.34,"
    "\"l\":1e-7,\"c\":0.30000000000000004,\"currency\":\"USD\",\"source\":\"yahoo\"},"
    "{\"t\":\"2026-01-31T12:01:00+00:00\",\"symbol\":\"SPX\",\"o\":2899.3,\"h\":2899.3,"
    "\"l\":2899.3,\"c\":2899.3,\"currency\":\"USD\",\"source\":\"yahoo:chart\"},"
    "{\"t\":\"2026-01-31T12:02:00.500000+00:00\",\"symbol\":\"XAU\",\"o\":2901,"
    "\"h\":2902.25,\"l\":2900,\"c\":2901.5,\"currency\":null,\"source\":null,"
    "\"roll\":true}],\"next\":4711}");

  last = begin (fixture, RECORDS "?interval=tick&since=2026-01-31T12:00:00Z&after=4711");
  g_assert_cmpstr (fake_archive_get_question (fixture->archive), ==,
                   "page tick 1769860800000000 4711 5000");
  fake_archive_answer_page (fixture->archive, quotes_record_page_new (QUOTES_INTERVAL_TICK));
  assert_ok (last, "{\"interval\":\"tick\",\"records\":[],\"next\":null}");
}

/* The list with its sparklines is the list with one member more in each item. */
static void
test_sparklines (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpAnswer) plain = NULL;
  g_autoptr (HttpAnswer) zero = NULL;
  g_autoptr (HttpExchange) exchange = NULL;
  g_autoptr (HttpExchange) failed = NULL;
  g_auto (GStrv) items = NULL;
  g_autofree char *expected = NULL;

  server_fixture_answer (&fixture->server, 2899.3);
  fake_archive_set_stored (fixture->archive, 1);
  plain = http_get (fixture->server.address, QUOTES);
  zero = http_get (fixture->server.address, QUOTES "?sparkline=0");
  g_assert_cmpstr (zero->body, ==, plain->body);
  g_assert_true (g_str_has_prefix (plain->body, "{\"version\":1,\"stored\":1,\"generated\":\""));

  items = g_strsplit (plain->body, "\"stale_reason\":null}", -1);
  g_assert_cmpuint (g_strv_length (items), ==, 3);
  exchange = begin (fixture, QUOTES "?x=y&sparkline=1");
  g_assert_cmpstr (fake_archive_get_question (fixture->archive), ==, "closes 48");
  fake_archive_answer_closes (fixture->archive, fake_archive_make_closes ());
  expected = g_strdup_printf ("%s\"stale_reason\":null,"
                              "\"sparkline\":[0.30000000000000004,2899.3,2901.5]}"
                              "%s\"stale_reason\":null,\"sparkline\":[]}%s",
                              items[0], items[1], items[2]);
  assert_ok (exchange, expected);

  /* The list is worth having in any case. */
  failed = begin (fixture, QUOTES "?sparkline=1");
  fake_archive_fail (fixture->archive);
  g_clear_pointer (&expected, g_free);
  expected = g_strdup_printf ("%s\"stale_reason\":null,\"sparkline\":null}"
                              "%s\"stale_reason\":null,\"sparkline\":null}%s",
                              items[0], items[1], items[2]);
  assert_ok (failed, expected);
}

static void
test_no_archive (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpAnswer) list = NULL;
  g_autoptr (HttpAnswer) status = NULL;

  server_fixture_answer (&fixture->server, 1);
  quotes_server_set_archive (fixture->server.server, NULL);
  assert_problem (fixture, HISTORY, 503, "no_history");
  assert_problem (fixture, RECORDS "?interval=1m", 503, "no_history");
  assert_problem (fixture, QUOTES "/NOPE/history", 404, "unknown_symbol");
  list = http_get (fixture->server.address, QUOTES "?sparkline=1");
  g_assert_cmpuint (list->status, ==, 200);
  g_assert_true (g_str_has_prefix (list->body, "{\"version\":1,\"stored\":null,"));
  g_assert_nonnull (strstr (list->body, "\"sparkline\":null}"));
  status = http_get (fixture->server.address, "/api/v1/status");
  g_assert_nonnull (
    strstr (status->body, ",\"stored\":null,\"storage\":null,\"storage_message\":null,"));
  g_assert_nonnull (strstr (status->body, ",\"requests_today\":null,"));
}

static void
test_methods (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  const char *const targets[] = {HISTORY, RECORDS "?interval=1m"};

  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr (HttpAnswer) refused =
        http_ask (fixture->server.address, "DELETE", targets[i], NULL, NULL);
      g_autofree char *allow = http_answer_dup_header (refused, "Allow");
      g_autofree char *request =
        g_strdup_printf ("HEAD %s HTTP/1.1\r\nHost: %s\r\n\r\n", targets[i],
                         fixture->server.address + strlen ("http://"));
      g_autoptr (HttpExchange) head = NULL;

      http_answer_assert_problem (refused, 405, "method");
      g_assert_cmpstr (allow, ==, "GET, HEAD");

      head = http_exchange_begin (fixture->server.address, request, strlen (request));
      wait_until (fake_archive_get_n_waiting (fixture->archive) == 1, 5);
      if (i == 0)
        fake_archive_answer_history (fixture->archive, fake_archive_make_history ("XAU"));
      else
        fake_archive_answer_page (fixture->archive, fake_archive_make_page (0));
      g_assert_cmpstr (get_body (head), ==, "");
      g_assert_true (g_str_has_prefix (head->received->str, "HTTP/1.1 200 "));
      g_assert_nonnull (strstr (head->received->str, "\r\nContent-Length: "));
    }
}

/* Several wait at once, and each gets its own. */
static void
test_overlapping (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpExchange) gold = begin (fixture, HISTORY);
  g_autoptr (HttpExchange) list = begin (fixture, QUOTES "?sparkline=1");
  g_autoptr (HttpExchange) index = begin (fixture, QUOTES "/SPX/history");

  fake_archive_answer_history (fixture->archive, fake_archive_make_history ("XAU"));
  g_assert_true (g_str_has_prefix (get_body (gold), "{\"symbol\":\"XAU\""));
  g_assert_cmpstr (index->received->str, ==, "");
  fake_archive_answer_closes (fixture->archive, fake_archive_make_closes ());
  g_assert_true (g_str_has_prefix (get_body (list), "{\"version\":0,"));
  fake_archive_answer_history (fixture->archive, fake_archive_make_history ("SPX"));
  g_assert_true (g_str_has_prefix (get_body (index), "{\"symbol\":\"SPX\""));
}

static void
test_busy (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GPtrArray) waiting =
    g_ptr_array_new_with_free_func ((GDestroyNotify) http_exchange_end);
  g_autoptr (HttpAnswer) refused = NULL;
  g_autoptr (HttpAnswer) plain = NULL;
  g_autofree char *retry = NULL;

  for (guint i = 0; i < QUOTES_HISTORY_READS_MAX; i++)
    g_ptr_array_add (waiting, begin (fixture, i % 2 == 0 ? HISTORY : QUOTES "?sparkline=1"));
  refused = http_get (fixture->server.address, HISTORY);
  http_answer_assert_problem (refused, 503, "busy");
  retry = http_answer_dup_header (refused, "Retry-After");
  g_assert_cmpstr (retry, ==, "1");
  assert_problem (fixture, RECORDS "?interval=1m", 503, "busy");
  assert_problem (fixture, QUOTES "?sparkline=1", 503, "busy");
  /* What waits for no disk is answered. */
  plain = http_get (fixture->server.address, QUOTES);
  g_assert_cmpuint (plain->status, ==, 200);

  fake_archive_fail (fixture->archive);
  get_body (g_ptr_array_index (waiting, 0));
  g_ptr_array_add (waiting, begin (fixture, HISTORY));
}

static guint
count_events (HttpExchange *exchange)
{
  guint n = 0;

  for (const char *at = exchange->received->str; (at = strstr (at, "event: status\n")) != NULL;
       at++)
    n++;
  return n;
}

/* How the storage fares is an event at once, how much is stored one a second. */
static void
test_events (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  FakeClock *clock = fixture->server.clock;
  g_autoptr (HttpExchange) exchange = NULL;

  server_fixture_answer (&fixture->server, 1);
  fake_clock_advance_us (clock, 2 * G_USEC_PER_SEC);
  exchange = http_exchange_get (fixture->server.address, "/api/v1/stream?topics=status", NULL);
  wait_until (count_events (exchange) == 1, 5);
  for (guint i = 1; i <= 100; i++)
    fake_archive_set_stored (fixture->archive, i);
  wait_until (count_events (exchange) == 2, 5);
  g_assert_nonnull (strstr (exchange->received->str, ",\"stored\":1,"));
  fake_clock_advance_us (clock, G_USEC_PER_SEC);
  wait_until (strstr (exchange->received->str, ",\"stored\":100,") != NULL, 5);
  g_assert_cmpuint (count_events (exchange), ==, 3);

  fake_archive_set_state (fixture->archive, "full", "Could not write: no space");
  wait_until (strstr (exchange->received->str,
                      ",\"storage\":\"full\",\"storage_message\":\"Could not write: no space\",") !=
                NULL,
              5);
  quotes_server_set_archive (fixture->server.server, NULL);
  wait_until (strstr (exchange->received->str, ",\"storage\":null,") != NULL, 5);
  fake_archive_set_state (fixture->archive, "failed", NULL);
  wait_settle ();
  g_assert_null (strstr (exchange->received->str, "\"failed\""));
}

static QuotesRecordPage *
make_long_page (void)
{
  QuotesRecordPage *page = quotes_record_page_new (QUOTES_INTERVAL_TICK);

  for (guint i = 0; i < QUOTES_RECORD_PAGE_MAX; i++)
    {
      double price = 2899.37 + i * 1.2345;
      const QuotesRecord record = {
        .symbol = "XAU",
        .currency = "USD",
        .bar = {1769860800000000 + i * (gint64) 1234567, price, price, price, price, "yahoo",
                i == 4711},
      };

      quotes_record_page_append (page, &record);
    }
  page->next = QUOTES_RECORD_PAGE_MAX;
  return page;
}

/* Written in slices, it is what it would be in one piece. */
static void
test_long_answer (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QuotesRecordPage) page = make_long_page ();
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autoptr (HttpExchange) exchange = begin (fixture, RECORDS "?interval=tick");
  guint n_turns = 0;

  g_assert_true (quotes_record_page_append_json (page, 0, G_MAXUINT, whole));
  fake_archive_answer_page (fixture->archive, make_long_page ());
  for (; exchange->received->len == 0; n_turns++)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n_turns, >=, 5000 / 250);
  assert_ok (exchange, whole->str);
}

static void
begin_long_answer (Fixture *fixture)
{
  fake_archive_answer_page (fixture->archive, make_long_page ());
  for (guint i = 0; i < 4; i++)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_stop_amid_long_answer (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpExchange) exchange = begin (fixture, RECORDS "?interval=tick");

  begin_long_answer (fixture);
  g_object_run_dispose (G_OBJECT (fixture->server.server));
  wait_until (exchange->is_closed, 5);
  g_assert_cmpstr (exchange->received->str, ==, "");
}

static void
test_gone_amid_long_answer (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  HttpExchange *exchange =
    http_exchange_get (fixture->server.unix_address, RECORDS "?interval=tick", NULL);

  wait_until (fake_archive_get_n_waiting (fixture->archive) == 1, 5);
  begin_long_answer (fixture);
  http_exchange_end (exchange);
  wait_settle ();
  /* Its place is free again. */
  for (guint i = 0; i < QUOTES_HISTORY_READS_MAX; i++)
    assert_asked (fixture, HISTORY, "history XAU 1d 500");
}

/* A client of the Unix socket is noticed when it goes, and its question is not worth an answer. */
static void
test_gone (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  HttpExchange *exchange = http_exchange_get (fixture->server.unix_address, HISTORY, NULL);

  wait_until (fake_archive_get_n_waiting (fixture->archive) == 1, 5);
  wait_settle ();
  g_assert_false (fake_archive_is_cancelled (fixture->archive));
  http_exchange_end (exchange);
  wait_until (fake_archive_is_cancelled (fixture->archive), 5);
  fake_archive_fail (fixture->archive);
  wait_settle ();
}

/* One of TCP may only have nothing more to say; it is noticed by the answer. */
static void
test_gone_over_tcp (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  http_exchange_end (begin (fixture, HISTORY));
  http_exchange_end (begin (fixture, QUOTES "?sparkline=1"));
  wait_settle ();
  fake_archive_answer_history (fixture->archive, fake_archive_make_history ("XAU"));
  fake_archive_answer_closes (fixture->archive, fake_archive_make_closes ());
  wait_settle ();
}

/* tear_down() asserts that they are cancelled. */
static void
test_stop (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpExchange) history = begin (fixture, HISTORY);
  g_autoptr (HttpExchange) list = begin (fixture, QUOTES "?sparkline=1");
  g_autoptr (HttpExchange) records = begin (fixture, RECORDS "?interval=1d");
}

/* They are cut off when the archive has not answered in time; nothing waits for ever. */
static void
test_never_answered (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpExchange) exchange = begin (fixture, HISTORY);

  fake_clock_advance_us (fixture->server.clock, 120 * G_USEC_PER_SEC);
  wait_until (exchange->is_closed, 5);
  wait_until (fake_archive_is_cancelled (fixture->archive), 5);
  g_assert_cmpstr (exchange->received->str, ==, "");
  fake_archive_fail (fixture->archive);
  wait_settle ();
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define add(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  add ("/history-rest/a-history-has-its-bars", test_history);
  add ("/history-rest/nothing-known-is-an-empty-history", test_empty);
  add ("/history-rest/history-did-not-begin-in-1970", test_before_1970);
  add ("/history-rest/only-symbols-of-the-list-have-one", test_symbols);
  add ("/history-rest/what-is-wrong-with-a-query-is-said", test_bad_queries);
  add ("/history-rest/everything-comes-page-by-page", test_records);
  add ("/history-rest/sparklines-are-one-member-more", test_sparklines);
  add ("/history-rest/without-an-archive-there-is-no-history", test_no_archive);
  add ("/history-rest/head-is-get-without-body", test_methods);
  add ("/history-rest/each-gets-its-own-answer", test_overlapping);
  add ("/history-rest/sixteen-wait-and-no-more", test_busy);
  add ("/history-rest/a-stream-says-how-the-storage-fares", test_events);
  add ("/history-rest/a-long-answer-is-written-in-slices", test_long_answer);
  add ("/history-rest/the-server-may-stop-amid-a-long-answer", test_stop_amid_long_answer);
  add ("/history-rest/a-client-may-go-amid-a-long-answer", test_gone_amid_long_answer);
  add ("/history-rest/whoever-goes-is-not-read-for", test_gone);
  add ("/history-rest/whoever-went-gets-no-answer", test_gone_over_tcp);
  add ("/history-rest/the-server-may-stop-while-they-wait", test_stop);
  add ("/history-rest/nobody-waits-for-ever", test_never_answered);
#undef add

  return g_test_run ();
}
