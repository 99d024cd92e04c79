/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>

#include "quote-maker.h"
#include "quotes-archive-client.h"
#include "scripted-bus.h"
#include "scripted-service.h"
#include "wait.h"

#define PATIENCE 20

static void
answered_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

static QuotesHistory *
ask_for_history (QuotesClient *client, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_archive_client_history_async (QUOTES_ARCHIVE_CLIENT (client), "^FT/SE?", QUOTES_RANGE_1MO,
                                       77, NULL, answered_cb, &result);
  wait_until (result != NULL, PATIENCE);
  return quotes_archive_client_history_finish (QUOTES_ARCHIVE_CLIENT (client), result, error);
}

static QuotesRecordPage *
ask_for_records (QuotesClient *client, gint64 since_us, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_archive_client_records_async (QUOTES_ARCHIVE_CLIENT (client), QUOTES_INTERVAL_HOUR,
                                       since_us, 40, 500, cancellable, answered_cb, &result);
  wait_until (result != NULL, PATIENCE);
  return quotes_archive_client_records_finish (QUOTES_ARCHIVE_CLIENT (client), result, error);
}

static void
assert_bar (const QuotesBar *bar, gint64 start_us, double close, const char *source)
{
  g_assert_cmpint (bar->start_us, ==, start_us);
  g_assert_cmpfloat (bar->open, ==, 1.5);
  g_assert_cmpfloat (bar->high, ==, 3);
  g_assert_cmpfloat (bar->low, ==, -1);
  g_assert_cmpfloat (bar->close, ==, close);
  g_assert_cmpstr (bar->source, ==, source);
}

static void
assert_history (const QuotesHistory *history, const char *symbol)
{
  g_assert_cmpstr (history->symbol, ==, symbol);
  g_assert_cmpstr (history->currency, ==, "USD");
  g_assert_cmpint (history->interval, ==, QUOTES_INTERVAL_HOUR);
  g_assert_cmpuint (history->bars->len, ==, 2);
  assert_bar (&g_array_index (history->bars, QuotesBar, 0), MAKER_TIME_US, 2, "yahoo:chart");
  assert_bar (&g_array_index (history->bars, QuotesBar, 1),
              MAKER_TIME_US + G_GINT64_CONSTANT (3600250000), 2.5, "yahoo");
  g_assert_false (g_array_index (history->bars, QuotesBar, 0).is_roll);
  g_assert_true (g_array_index (history->bars, QuotesBar, 1).is_roll);
}

#define BAR_MEMBERS "\"o\":1.5,\"h\":3,\"l\":-1,"
#define FIRST_BAR                                                                                  \
  "{\"t\":\"2026-02-17T09:30:00+00:00\"," BAR_MEMBERS "\"c\":2,\"source\":\"yahoo:chart\"}"

static void
test_http_history (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesHistory) history = NULL;

  scripted_service_say (
    fixture, 200, "application/json",
    "{\"symbol\":\"FTSE\",\"currency\":\"USD\",\"interval\":\"1h\",\"bars\":[" FIRST_BAR
    ",{\"t\":\"2026-02-17T10:30:00.25+00:00\"," BAR_MEMBERS
    "\"c\":2.5,\"source\":\"yahoo\",\"roll\":true}]}");
  history = ask_for_history (fixture->client, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->requested, ==, "GET " SCRIPTED_LIST_PATH "/^FT/SE?/history ");
  g_assert_cmpstr (fixture->query, ==, "range=1mo&points=77");
  assert_history (history, "FTSE");
}

static void
test_bus_history (ScriptedBus *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesHistory) history = NULL;

  scripted_bus_say (
    fixture, "('USD', '1h', [(int64 1771320600000000, 1.5, 3.0, -1.0, 2.0, 'yahoo:chart', false),"
             "(1771324200250000, 1.5, 3.0, -1.0, 2.5, 'yahoo', true)])");
  history = ask_for_history (fixture->client, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->called, ==, APP_ID ".Quotes1.GetHistory ('^FT/SE?', '1mo', uint32 77)");
  assert_history (history, "^FT/SE?");
}

/* A history without a price has no currency. */
static void
test_empty_histories (void)
{
  ScriptedService service = {0};
  ScriptedBus bus = {0};

  scripted_service_set_up (&service, NULL);
  scripted_bus_set_up (&bus, NULL);
  scripted_service_say (&service, 200, "application/json",
                        "{\"symbol\":\"X\",\"currency\":null,\"interval\":\"1m\",\"bars\":[]}");
  scripted_bus_say (&bus, "('', '1m', @a(xddddsb) [])");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QuotesHistory) history =
        ask_for_history (i == 0 ? service.client : bus.client, &error);

      g_assert_no_error (error);
      g_assert_null (history->currency);
      g_assert_cmpuint (history->bars->len, ==, 0);
    }
  scripted_bus_tear_down (&bus, NULL);
  scripted_service_tear_down (&service, NULL);
}

static char *
wrap_history (const char *bars)
{
  return g_strdup_printf (
    "{\"symbol\":\"X\",\"currency\":\"USD\",\"interval\":\"1h\",\"bars\":[%s]}", bars);
}

static void
assert_bad_history (ScriptedService *fixture, const char *body)
{
  g_autoptr (GError) error = NULL;

  g_test_message ("%.200s", body);
  scripted_service_say (fixture, 200, "application/json", body);
  g_assert_null (ask_for_history (fixture->client, &error));
  g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER);
}

static void
test_http_strange_histories (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const bodies[] = {
    "",
    "[]",
    "{}",
    "{\"symbol\":1,\"currency\":\"USD\",\"interval\":\"1h\",\"bars\":[]}",
    "{\"symbol\":\"X\",\"currency\":\"USD\",\"interval\":\"2h\",\"bars\":[]}",
    "{\"symbol\":\"X\",\"currency\":\"USD\",\"interval\":null,\"bars\":[]}",
    "{\"symbol\":\"X\",\"currency\":\"USD\",\"interval\":\"1h\",\"bars\":{}}",
    "{\"symbol\":\"X\",\"currency\":\"USD\",\"interval\":\"1h\"}",
  };
  static const char *const bars[] = {
    "1",
    "null",
    "{}",
    "{\"t\":\"yesterday\"," BAR_MEMBERS "\"c\":2,\"source\":\"x\"}",
    "{\"t\":1771320600," BAR_MEMBERS "\"c\":2,\"source\":\"x\"}",
    "{\"t\":null," BAR_MEMBERS "\"c\":2,\"source\":\"x\"}",
    "{\"t\":\"2026-02-17T09:30:00Z\"," BAR_MEMBERS "\"c\":\"2\",\"source\":\"x\"}",
    "{\"t\":\"2026-02-17T09:30:00Z\"," BAR_MEMBERS "\"c\":null,\"source\":\"x\"}",
    "{\"t\":\"2026-02-17T09:30:00Z\"," BAR_MEMBERS "\"c\":1e999,\"source\":\"x\"}",
    "{\"t\":\"2026-02-17T09:30:00Z\",\"o\":[],\"h\":1,\"l\":1,\"c\":1,\"source\":\"x\"}",
    FIRST_BAR "," FIRST_BAR,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    assert_bad_history (fixture, bodies[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (bars); i++)
    {
      g_autofree char *body = wrap_history (bars[i]);

      assert_bad_history (fixture, body);
    }
}

static void
test_bus_strange_histories (ScriptedBus *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const replies[] = {
    "()",
    "('USD', '1h')",
    "('USD', '2h', @a(xddddsb) [])",
    "('USD', uint32 1, @a(xddddsb) [])",
    "('USD', '1h', @a(xdddds) [])",
    "('USD', '1h', [(int64 1, nan, 1.0, 1.0, 1.0, 'x', false)])",
    "('USD', '1h', [(int64 1, 1.0, 1.0, 1.0, -inf, 'x', false)])",
    "('USD', '1h', [(int64 9223372036854775807, 1.0, 1.0, 1.0, 1.0, 'x', false)])",
    "('USD', '1h', [(int64 -9223372036854775808, 1.0, 1.0, 1.0, 1.0, 'x', false)])",
    "('USD', '1h', [(int64 2, 1.0, 1.0, 1.0, 1.0, '', false), (2, 1.0, 1.0, 1.0, 1.0, '', false)])",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", replies[i]);
      scripted_bus_say (fixture, replies[i]);
      g_assert_null (ask_for_history (fixture->client, &error));
      g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER);
    }
}

static void
test_bus_too_many_bars (ScriptedBus *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  for (gint64 n_bars = QUOTES_HISTORY_POINTS_MAX; n_bars <= QUOTES_HISTORY_POINTS_MAX + 1; n_bars++)
    {
      GVariantBuilder builder;
      g_autoptr (GError) error = NULL;
      g_autoptr (QuotesHistory) history = NULL;

      g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(xddddsb)"));
      for (gint64 i = 1; i <= n_bars; i++)
        g_variant_builder_add (&builder, "(xddddsb)", i, 1.0, 1.0, 1.0, 1.0, "x", FALSE);
      scripted_bus_take (fixture, g_variant_new ("(ssa(xddddsb))", "USD", "1m", &builder));
      history = ask_for_history (fixture->client, &error);
      if (n_bars <= QUOTES_HISTORY_POINTS_MAX)
        g_assert_cmpuint (history->bars->len, ==, QUOTES_HISTORY_POINTS_MAX);
      else
        g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER);
    }
}

static void
test_http_too_many_records (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GString) body = g_string_new ("{\"interval\":\"1h\",\"next\":null,\"records\":[");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i <= QUOTES_RECORD_PAGE_MAX; i++)
    g_string_append_printf (body,
                            "%s{\"t\":\"2026-02-17T09:30:00Z\",\"symbol\":\"X\"," BAR_MEMBERS
                            "\"c\":1,\"currency\":\"USD\",\"source\":\"x\"}",
                            i == 0 ? "" : ",");
  g_string_append (body, "]}");
  scripted_service_say (fixture, 200, "application/json", body->str);
  g_assert_null (ask_for_records (fixture->client, 0, NULL, &error));
  g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER);
}

static void
assert_page (const QuotesRecordPage *page)
{
  const QuotesRecord *record = NULL;

  g_assert_cmpint (page->interval, ==, QUOTES_INTERVAL_HOUR);
  g_assert_cmpuint (page->records->len, ==, 1);
  record = &g_array_index (page->records, QuotesRecord, 0);
  g_assert_cmpstr (record->symbol, ==, "XAU");
  g_assert_cmpstr (record->currency, ==, "USD");
  assert_bar (&record->bar, MAKER_TIME_US, 2, "yahoo");
  g_assert_true (record->bar.is_roll);
  g_assert_cmpint (page->next, ==, 41);
}

#define PAGE                                                                                       \
  "{\"interval\":\"1h\",\"records\":[{\"t\":\"2026-02-17T09:30:00+00:00\",\"symbol\":"             \
  "\"XAU\"," BAR_MEMBERS "\"c\":2,\"currency\":\"USD\",\"source\":\"yahoo\",\"roll\":true}],"      \
  "\"next\":41}"

static void
test_http_records (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesRecordPage) page = NULL;

  scripted_service_say (fixture, 200, "application/json", PAGE);
  page = ask_for_records (fixture->client, MAKER_TIME_US, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->requested, ==, "GET /api/v1/history ");
  g_assert_cmpstr (fixture->query, ==,
                   "interval=1h&after=40&limit=500&since=2026-02-17T09%3A30%3A00%2B00%3A00");
  assert_page (page);
}

static void
test_bus_records (ScriptedBus *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesRecordPage) page = NULL;

  scripted_bus_say (fixture, "([(int64 1771320600000000, 'XAU', 1.5, 3.0, -1.0, 2.0, 'USD',"
                             " 'yahoo', true)], int64 41)");
  page = ask_for_records (fixture->client, MAKER_TIME_US, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->called, ==,
                   APP_ID
                   ".Quotes1.GetRecords ('1h', int64 1771320600000000, int64 40, uint32 500)");
  assert_page (page);
}

static void
test_http_strange_pages (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const bodies[] = {
    "{}",
    "{\"interval\":\"1m\",\"records\":[],\"next\":null}",
    "{\"interval\":\"1h\",\"records\":[]}",
    "{\"interval\":\"1h\",\"records\":[],\"next\":40}",
    "{\"interval\":\"1h\",\"records\":[],\"next\":-1}",
    "{\"interval\":\"1h\",\"records\":[],\"next\":\"41\"}",
    "{\"interval\":\"1h\",\"records\":[],\"next\":41.5}",
    "{\"interval\":\"1h\",\"records\":[{}],\"next\":null}",
    "{\"interval\":\"1h\",\"records\":[" FIRST_BAR "],\"next\":null}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bodies[i]);
      scripted_service_say (fixture, 200, "application/json", bodies[i]);
      g_assert_null (ask_for_records (fixture->client, 0, NULL, &error));
      g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER);
    }
}

static void
test_bus_strange_pages (ScriptedBus *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const replies[] = {
    "()",
    "(@a(xsddddssb) [],)",
    "(@a(xsddddssb) [], int64 40)",
    "(@a(xsddddssb) [], int64 -1)",
    "([(int64 1, '', 1.0, 1.0, 1.0, 1.0, 'USD', 'x', false)], int64 0)",
    "([(int64 1, 'X', 1.0, inf, 1.0, 1.0, 'USD', 'x', false)], int64 0)",
    "([(int64 1, 'X', 1.0, 1.0, 1.0, 1.0, 'USD', 'x')], int64 0)",

  };

  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", replies[i]);
      scripted_bus_say (fixture, replies[i]);
      g_assert_null (ask_for_records (fixture->client, 0, NULL, &error));
      g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER);
    }
}

static void
test_http_too_often (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesRecordPage) page = NULL;

  scripted_service_say (fixture, 200, "application/json", PAGE);
  fixture->n_too_many = 3;
  page = ask_for_records (fixture->client, 0, NULL, &error);
  g_assert_no_error (error);
  assert_page (page);
  g_assert_cmpuint (fixture->n_too_many, ==, 0);

  /* But not for ever. */
  fixture->n_too_many = 1000;
  g_assert_null (ask_for_records (fixture->client, 0, NULL, &error));
  g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_LIMITS_EXCEEDED);
  g_assert_cmpuint (fixture->n_too_many, >, 900);
}

static void
test_http_cancelled_pause (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  /* No Retry-After: a second. */
  scripted_service_say (fixture, 429, "application/json", "{}");
  quotes_archive_client_records_async (QUOTES_ARCHIVE_CLIENT (fixture->client),
                                       QUOTES_INTERVAL_HOUR, 0, 0, 1, cancellable, answered_cb,
                                       &result);
  wait_until (fixture->requested != NULL, PATIENCE);
  g_cancellable_cancel (cancellable);
  wait_until (result != NULL, PATIENCE);
  g_assert_null (
    quotes_archive_client_records_finish (QUOTES_ARCHIVE_CLIENT (fixture->client), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_http_no_history (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) of_history = NULL;
  g_autoptr (GError) of_records = NULL;

  scripted_service_say (fixture, 503, "application/problem+json", "{\"code\":\"no_history\"}");
  g_assert_null (ask_for_history (fixture->client, &of_history));
  g_assert_null (ask_for_records (fixture->client, 0, NULL, &of_records));
  g_assert_error (of_history, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_NO_HISTORY);
  g_assert_error (of_records, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_NO_HISTORY);
}

static void
test_bus_refusals (ScriptedBus *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const struct
  {
    const char *name;
    QuotesClientError code;
  } rows[] = {
    {APP_ID ".Error.NoHistory", QUOTES_CLIENT_ERROR_NO_HISTORY},
    {APP_ID ".Error.UnknownSymbol", QUOTES_CLIENT_ERROR_UNKNOWN_SYMBOL},
    {"org.freedesktop.DBus.Error.InvalidArgs", QUOTES_CLIENT_ERROR_INVALID_ARGUMENT},
    {"org.freedesktop.DBus.Error.UnknownMethod", QUOTES_CLIENT_ERROR_REFUSED},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      scripted_bus_fail (fixture, rows[i].name);
      g_assert_null (ask_for_history (fixture->client, &error));
      g_assert_error (error, QUOTES_CLIENT_ERROR, (int) rows[i].code);
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

#define ADD_HTTP(name, func)                                                                       \
  g_test_add ("/client-archive/http/" name, ScriptedService, NULL, scripted_service_set_up, func,  \
              scripted_service_tear_down)
#define ADD_BUS(name, func)                                                                        \
  g_test_add ("/client-archive/bus/" name, ScriptedBus, NULL, scripted_bus_set_up, func,           \
              scripted_bus_tear_down)
  ADD_HTTP ("a-history-is-read", test_http_history);
  ADD_BUS ("a-history-is-read", test_bus_history);
  ADD_HTTP ("strange-histories-are-not-believed", test_http_strange_histories);
  ADD_BUS ("strange-histories-are-not-believed", test_bus_strange_histories);
  ADD_BUS ("5000-bars-are-the-most", test_bus_too_many_bars);
  ADD_HTTP ("5000-records-are-the-most", test_http_too_many_records);
  ADD_HTTP ("a-page-is-read", test_http_records);
  ADD_BUS ("a-page-is-read", test_bus_records);
  ADD_HTTP ("strange-pages-are-not-believed", test_http_strange_pages);
  ADD_BUS ("strange-pages-are-not-believed", test_bus_strange_pages);
  ADD_HTTP ("too-often-is-waited-out", test_http_too_often);
  ADD_HTTP ("a-pause-can-be-cancelled", test_http_cancelled_pause);
  ADD_HTTP ("that-nothing-is-kept-is-told", test_http_no_history);
  ADD_BUS ("refusals-are-told-apart", test_bus_refusals);
#undef ADD_HTTP
#undef ADD_BUS
  g_test_add_func ("/client-archive/an-empty-history-is-one", test_empty_histories);

  return g_test_run ();
}
