/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <string.h>

#include "fake-clock.h"
#include "provider-rig.h"
#include "quotes-yahoo.h"
#include "scripted-upstream.h"
#include "wait.h"

#define SECOND_US G_USEC_PER_SEC
#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define WAIT_S 10
#define SPARK "/v7/finance/spark"
#define CHART "/v8/finance/chart/"
#define JSON "Content-Type: application/json\r\n"
#define SEVEN "GC=F SI=F BZ=F CL=F ^GSPC ^DJI ^IXIC"
/* Of the session that the charts tell: from an hour before the clock's beginning on. */
#define SESSION_START_S 1699996400
#define SESSION_END_S 1700010800

typedef struct
{
  FakeClock *clock;         /* (owned) */
  QuotesHttp *http;         /* (owned) */
  QuotesUpstream *upstream; /* (owned) */
  QuotesProvider *provider; /* (owned) */
  ScriptedUpstream *server; /* (owned) */
  const char *left_out;     /* (nullable): what the sparks do not know */

  QuotesBatch *batch; /* (owned) (nullable): of the last round */
  GError *error;      /* (owned) (nullable) */
  gboolean is_done;
  guint n_charts_before; /* asked for when the last round ended */
  GPtrArray *told;       /* (owned) (element-type QuotesQuote): by ::quotes */
} Fixture;

static guint
count (Fixture *fixture, const char *prefix)
{
  return scripted_visits_count (scripted_upstream_get_visits (fixture->server), prefix);
}

/* A spark of all that is asked for, each at 101.5, without figures of the day. */
static char *
write_spark_cb (const char *target, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *query = g_strdup (strstr (target, "symbols=") + strlen ("symbols="));
  g_auto (GStrv) names = NULL;
  GString *text = g_string_new ("{\"spark\":{\"result\":[");
  guint n = 0;

  *strchr (query, '&') = '\0';
  names = g_strsplit (query, ",", -1);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *name = g_uri_unescape_string (names[i], NULL);

      if (g_strcmp0 (name, fixture->left_out) == 0)
        continue;
      g_string_append_printf (text,
                              "%s{\"symbol\":\"%s\",\"response\":[{\"meta\":{\"symbol\":\"%s\","
                              "\"regularMarketPrice\":101.5,\"regularMarketTime\":%" G_GINT64_FORMAT
                              "}}]}",
                              n++ > 0 ? "," : "", name, name,
                              quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock)) / SECOND_US);
    }
  g_string_append (text, "],\"error\":null}}");
  return g_string_free (text, FALSE);
}

/* A chart at 99.5 with all that a spark leaves out. */
static char *
write_chart_cb (const char *target, gpointer user_data)
{
  Fixture *fixture = user_data;
  const char *start = target + strlen (CHART);
  g_autofree char *name = g_uri_unescape_segment (start, strchr (start, '?'), NULL);

  return g_strdup_printf (
    "{\"chart\":{\"result\":[{\"meta\":{\"symbol\":\"%s\",\"currency\":\"USD\",\"priceHint\":1,"
    "\"instrumentType\":\"FUTURE\",\"fullExchangeName\":\"Exchange\",\"regularMarketPrice\":99.5,"
    "\"regularMarketTime\":%" G_GINT64_FORMAT ",\"regularMarketVolume\":77,\"previousClose\":100,"
    "\"range\":\"1d\",\"dataGranularity\":\"5m\",\"currentTradingPeriod\":{\"regular\":{"
    "\"start\":%d,\"end\":%d}}},\"indicators\":{\"quote\":[{\"open\":[null,98.7]}]}}],"
    "\"error\":null}}",
    name, quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock)) / SECOND_US, SESSION_START_S,
    SESSION_END_S);
}

static void
told_cb (Fixture *fixture, GPtrArray *quotes)
{
  for (guint i = 0; i < quotes->len; i++)
    g_ptr_array_add (fixture->told, quotes_quote_ref (g_ptr_array_index (quotes, i)));
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fixture->clock = fake_clock_new ();
  fixture->http = quotes_http_new (QUOTES_CLOCK (fixture->clock), NULL);
  fixture->server = scripted_upstream_new ();
  scripted_upstream_answer_with (fixture->server, SPARK, write_spark_cb, fixture);
  scripted_upstream_answer_with (fixture->server, CHART, write_chart_cb, fixture);
  fixture->upstream = quotes_upstream_new (fixture->http, QUOTES_CLOCK (fixture->clock),
                                           quotes_yahoo_get_upstream_plan (),
                                           scripted_upstream_get_url (fixture->server));
  fixture->provider = quotes_yahoo_new (fixture->upstream, QUOTES_CLOCK (fixture->clock));
  fixture->told = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  g_signal_connect_swapped (fixture->provider, "quotes", G_CALLBACK (told_cb), fixture);
}

static void
forget (Fixture *fixture)
{
  g_clear_pointer (&fixture->batch, quotes_batch_free);
  g_clear_error (&fixture->error);
  fixture->is_done = FALSE;
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  forget (fixture);
  wait_settle ();
  /* Even while a chart is under way. */
  if (fixture->provider != NULL)
    g_assert_finalize_object (g_steal_pointer (&fixture->provider));
  wait_settle ();
  scripted_upstream_free (g_steal_pointer (&fixture->server));
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->upstream));
  g_assert_finalize_object (g_steal_pointer (&fixture->http));
  g_assert_finalize_object (g_steal_pointer (&fixture->clock));
  g_ptr_array_unref (fixture->told);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->batch = quotes_provider_fetch_finish (QUOTES_PROVIDER (source), result, &fixture->error);
  fixture->n_charts_before = count (fixture, CHART);
  fixture->is_done = TRUE;
}

static void
begin (Fixture *fixture, const char *names, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) instruments = rig_make_instruments ("yahoo", names);

  forget (fixture);
  quotes_provider_fetch_async (fixture->provider, instruments, cancellable, fetched_cb, fixture);
  g_assert_false (fixture->is_done);
}

static void
fetch (Fixture *fixture, const char *names)
{
  begin (fixture, names, NULL);
  wait_until (fixture->is_done, WAIT_S);
}

/* A round, and the charts that follow it: each is told. */
static void
fetch_with_charts (Fixture *fixture, const char *names, guint n_charts)
{
  g_ptr_array_set_size (fixture->told, 0);
  fetch (fixture, names);
  wait_until (fixture->told->len == n_charts, WAIT_S);
  wait_settle ();
}

static void
test_prices_first_then_each_chart_once (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fetch_with_charts (fixture, SEVEN, 7);
  g_assert_cmpuint (fixture->batch->quotes->len, ==, 7);
  g_assert_cmpuint (fixture->batch->n_requests, ==, 1);
  g_assert_cmpuint (fixture->n_charts_before, ==, 0);
  g_assert_cmpuint (count (fixture, SPARK "?symbols=GC%3DF,SI%3DF,BZ%3DF,CL%3DF,%5EGSPC,%5EDJI,"
                                          "%5EIXIC&range=1d&interval=5m"),
                    ==, 1);
  g_assert_cmpuint (count (fixture, CHART), ==, 7);
  g_assert_cmpuint (count (fixture, CHART "%5EGSPC?range=1d&interval=5m&includePrePost=false"), ==,
                    1);
  /* One at a time, on the connection that the spark used. */
  g_assert_cmpuint (scripted_upstream_get_n_connections (fixture->server), ==, 1);

  for (guint i = 0; i < 3; i++)
    fetch_with_charts (fixture, SEVEN, 0);
  g_assert_cmpuint (count (fixture, SPARK), ==, 4);
  g_assert_cmpuint (count (fixture, CHART), ==, 7);
}

static void
test_facts_are_told_at_once_and_stay (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const QuotesQuote *quote = NULL;

  fetch_with_charts (fixture, "GC=F", 1);
  quote = rig_find_quote (fixture->batch, "GC=F");
  g_assert_true (isnan (quote->open));
  g_assert_cmpint (quote->decimals, ==, 2);

  /* The price stays the one of the spark. */
  quote = g_ptr_array_index (fixture->told, 0);
  g_assert_cmpfloat (quote->price, ==, 101.5);
  g_assert_cmpfloat (quote->open, ==, 98.7);
  g_assert_cmpfloat (quote->volume, ==, 77);
  g_assert_cmpfloat (quote->change, ==, 1.5);
  g_assert_cmpint (quote->decimals, ==, 1);
  g_assert_cmpstr (quote->exchange, ==, "Exchange");
  g_assert_cmpint (quote->market_state, ==, QUOTES_MARKET_STATE_REGULAR);

  fetch (fixture, "GC=F");
  g_assert_true (quotes_quote_is_same_news (quote, g_ptr_array_index (fixture->batch->quotes, 0)));
  /* The chart's request is counted in the next round. */
  g_assert_cmpuint (fixture->batch->n_requests, ==, 2);
}

static void
test_charts_come_again_with_the_next_session (Fixture *fixture,
                                              G_GNUC_UNUSED gconstpointer user_data)
{
  fetch_with_charts (fixture, "GC=F", 1);
  fake_clock_advance_us (fixture->clock, 2 * HOUR_US);
  fetch_with_charts (fixture, "GC=F", 0);

  /* The session has ended: once more, and then at most once an hour. */
  fake_clock_advance_us (fixture->clock, HOUR_US + 10 * SECOND_US);
  fetch_with_charts (fixture, "GC=F", 1);
  fake_clock_advance_us (fixture->clock, HOUR_US - 10 * SECOND_US);
  fetch_with_charts (fixture, "GC=F", 0);
  fake_clock_advance_us (fixture->clock, 20 * SECOND_US);
  fetch_with_charts (fixture, "GC=F", 1);
  g_assert_cmpuint (count (fixture, CHART), ==, 3);
}

static char *
name_many (guint n)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (names, "%sS%u", i > 0 ? " " : "", i);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
test_a_spark_holds_20_symbols (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *most = name_many (20);
  g_autofree char *more = name_many (21);

  fetch (fixture, most);
  g_assert_cmpuint (count (fixture, SPARK), ==, 1);
  fetch (fixture, more);
  g_assert_cmpuint (count (fixture, SPARK), ==, 3);
  g_assert_cmpuint (count (fixture, SPARK "?symbols=S20&"), ==, 1);
  g_assert_cmpuint (fixture->batch->quotes->len, ==, 21);
}

static void
test_no_chart_in_front_of_a_price (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  fetch (fixture, SEVEN);
  scripted_upstream_misbehave (fixture->server, SPARK, SCRIPTED_HANG);
  begin (fixture, SEVEN, cancellable);
  wait_until (count (fixture, SPARK) == 2, WAIT_S);
  wait_settle ();
  g_assert_cmpuint (count (fixture, CHART), ==, 0);
  g_cancellable_cancel (cancellable);
  wait_until (fixture->is_done, WAIT_S);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  wait_settle ();
  g_assert_cmpuint (count (fixture, CHART), ==, 0);
}

/* For the rest of the round nothing else is known of them; no price is made up. */
static void
test_bad_charts_fail_no_round (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const struct
  {
    guint status;
    const char *body;
    guint n_charts; /* in the first of two rounds; there is none in the second */
  } cases[] = {
    {200, "{\"chart\":", 2},
    {500, "{}", 2},
    {200, "{\"chart\":{\"result\":[]}}", 2},
    {429, "", 1},
    {403, "<html>", 1},
    {503, "", 1},
    {404, "<html>", 2},
    {200, "<html>", 1},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n_before = count (fixture, CHART);

      g_object_unref (fixture->provider);
      fixture->provider = quotes_yahoo_new (fixture->upstream, QUOTES_CLOCK (fixture->clock));
      scripted_upstream_answer (fixture->server, CHART, cases[i].status, NULL, cases[i].body, -1);
      fetch (fixture, "A B");
      wait_until (count (fixture, CHART) == n_before + cases[i].n_charts, WAIT_S);
      wait_settle ();
      fetch (fixture, "A B");
      g_assert_no_error (fixture->batch->error);
      g_assert_cmpuint (fixture->batch->quotes->len, ==, 2);
      wait_settle ();
      g_assert_cmpuint (count (fixture, CHART), ==, n_before + cases[i].n_charts);
    }
}

static void
test_refused_sparks_are_replaced_by_charts (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const guint statuses[] = {400, 401, 403, 404, 405, 410, 422, 501};

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      guint n_sparks = count (fixture, SPARK);
      guint n_charts = count (fixture, CHART);

      g_object_unref (fixture->provider);
      fixture->provider = quotes_yahoo_new (fixture->upstream, QUOTES_CLOCK (fixture->clock));
      scripted_upstream_answer (fixture->server, SPARK, statuses[i], JSON,
                                "{\"finance\":{\"result\":null,\"error\":{\"code\":\"No\"}}}", -1);
      fetch (fixture, "A B C");
      g_assert_no_error (fixture->batch->error);
      g_assert_cmpuint (fixture->batch->quotes->len, ==, 3);
      g_assert_cmpfloat (rig_find_quote (fixture->batch, "B")->price, ==, 99.5);
      g_assert_cmpfloat (rig_find_quote (fixture->batch, "B")->open, ==, 98.7);
      g_assert_cmpuint (fixture->batch->n_requests, ==, 4);

      /* It is not asked again for an hour, and no chart more than once per round. */
      fetch (fixture, "A B C");
      wait_settle ();
      g_assert_cmpuint (count (fixture, SPARK), ==, n_sparks + 1);
      g_assert_cmpuint (count (fixture, CHART), ==, n_charts + 6);
    }

  scripted_upstream_answer_with (fixture->server, SPARK, write_spark_cb, fixture);
  fake_clock_advance_us (fixture->clock, HOUR_US);
  fetch (fixture, "A B C");
  g_assert_cmpfloat (rig_find_quote (fixture->batch, "B")->price, ==, 101.5);
}

/* Not for an hour: the next spark may be one again. */
static void
test_what_is_no_spark_is_replaced_by_charts (Fixture *fixture,
                                             G_GNUC_UNUSED gconstpointer user_data)
{
  scripted_upstream_answer (fixture->server, SPARK, 200, JSON, "{\"sparks\":[]}", -1);
  fetch (fixture, "A B");
  g_assert_no_error (fixture->batch->error);
  g_assert_cmpfloat (rig_find_quote (fixture->batch, "B")->price, ==, 99.5);

  scripted_upstream_answer_with (fixture->server, SPARK, write_spark_cb, fixture);
  fetch (fixture, "A B");
  g_assert_cmpfloat (rig_find_quote (fixture->batch, "B")->price, ==, 101.5);
}

static void
test_what_refuses_us_is_not_asked_on (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const struct
  {
    guint status;
    const char *body;
    QuotesProviderError error;
    guint n_requests;
  } cases[] = {
    {429, "Edge: Too Many Requests", QUOTES_PROVIDER_ERROR_RATE_LIMITED, 1},
    {200, "Too Many Requests\r\n", QUOTES_PROVIDER_ERROR_RATE_LIMITED, 1},
    {403, "<html>", QUOTES_PROVIDER_ERROR_BLOCKED, 1},
    {200, "<html>", QUOTES_PROVIDER_ERROR_BLOCKED, 1},
    {500, "<html>", QUOTES_PROVIDER_ERROR_HTTP, 1},
    {200, "{\"spark\":NaN}", QUOTES_PROVIDER_ERROR_BAD_DATA, 1},
    /* Spark or we? One chart tells. */
    {200, "[]", QUOTES_PROVIDER_ERROR_BAD_DATA, 2},
    {401, "{\"finance\":{\"error\":{\"code\":\"Unauthorized\"}}}", QUOTES_PROVIDER_ERROR_AUTH, 2},
    {400, "{\"finance\":{\"error\":{\"code\":\"Bad Request\"}}}", QUOTES_PROVIDER_ERROR_HTTP, 2},
    {404, "<html>", QUOTES_PROVIDER_ERROR_HTTP, 2},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n_before = count (fixture, "/");

      scripted_upstream_answer (fixture->server, SPARK, cases[i].status, NULL, cases[i].body, -1);
      scripted_upstream_answer (fixture->server, CHART, cases[i].status, NULL, cases[i].body, -1);
      fetch (fixture, "A B C");
      wait_settle ();
      g_assert_error (fixture->batch->error, QUOTES_PROVIDER_ERROR, (int) cases[i].error);
      g_assert_cmpuint (g_hash_table_size (fixture->batch->symbol_errors), ==, 0);
      g_assert_cmpuint (fixture->batch->n_requests, ==, cases[i].n_requests);
      g_assert_cmpuint (count (fixture, "/"), ==, n_before + cases[i].n_requests);
    }
}

static void
test_unknown_everywhere_is_not_found (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const char *body = "{\"chart\":{\"result\":null,\"error\":{\"code\":\"Not Found\"}}}";

  scripted_upstream_answer (fixture->server, "/", 404, JSON, body, -1);
  scripted_upstream_answer (fixture->server, SPARK, 404, JSON, body, -1);
  scripted_upstream_answer (fixture->server, CHART, 404, JSON, body, -1);
  fetch (fixture, "A B");
  g_assert_no_error (fixture->batch->error);
  g_assert_cmpint (rig_get_symbol_error (fixture->batch, "A"), ==, QUOTES_SYMBOL_ERROR_NOT_FOUND);
  g_assert_cmpint (rig_get_symbol_error (fixture->batch, "B"), ==, QUOTES_SYMBOL_ERROR_NOT_FOUND);
}

static void
test_a_symbol_that_only_charts_know (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const QuotesQuote *quote = NULL;

  fixture->left_out = "B";
  fetch_with_charts (fixture, "A B", 2);
  g_assert_cmpint (rig_get_symbol_error (fixture->batch, "B"), ==, QUOTES_SYMBOL_ERROR_NOT_FOUND);
  quote = g_ptr_array_index (fixture->told, 1);
  g_assert_cmpstr (quote->symbol, ==, "B");
  g_assert_cmpfloat (quote->price, ==, 99.5);

  /* From now on its chart is asked for in each round, after the others' prices. */
  fetch_with_charts (fixture, "A B", 1);
  g_assert_cmpuint (g_hash_table_size (fixture->batch->symbol_errors), ==, 0);
  g_assert_cmpuint (fixture->batch->quotes->len, ==, 1);
  g_assert_cmpuint (fixture->n_charts_before, ==, 2);

  fixture->left_out = NULL;
  fetch_with_charts (fixture, "A B", 0);
  g_assert_cmpfloat (rig_find_quote (fixture->batch, "B")->price, ==, 101.5);
}

static void
test_a_symbol_that_nobody_knows (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fixture->left_out = "B";
  scripted_upstream_answer (fixture->server, CHART "B?", 404, JSON,
                            "{\"chart\":{\"result\":null,\"error\":{\"code\":\"Not Found\"}}}", -1);
  for (guint i = 0; i < 3; i++)
    {
      fetch_with_charts (fixture, "A B", i == 0 ? 1 : 0);
      wait_until (count (fixture, CHART) == 2, WAIT_S);
      g_assert_no_error (fixture->batch->error);
      g_assert_cmpint (rig_get_symbol_error (fixture->batch, "B"), ==,
                       QUOTES_SYMBOL_ERROR_NOT_FOUND);
    }
  wait_settle ();
  g_assert_cmpuint (count (fixture, CHART), ==, 2);
}

static void
test_ends_while_a_chart_is_under_way (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  scripted_upstream_misbehave (fixture->server, CHART, SCRIPTED_HANG);
  fetch (fixture, "A");
  wait_until (count (fixture, CHART) == 1, WAIT_S);
  /* tear_down() asserts the rest. */
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define add(name, func) g_test_add ("/yahoo-provider/" name, Fixture, NULL, set_up, func, tear_down)
  add ("prices-first-then-each-chart-once", test_prices_first_then_each_chart_once);
  add ("facts-are-told-at-once-and-stay", test_facts_are_told_at_once_and_stay);
  add ("charts-come-again-with-the-next-session", test_charts_come_again_with_the_next_session);
  add ("a-spark-holds-20-symbols", test_a_spark_holds_20_symbols);
  add ("no-chart-in-front-of-a-price", test_no_chart_in_front_of_a_price);
  add ("bad-charts-fail-no-round", test_bad_charts_fail_no_round);
  add ("refused-sparks-are-replaced-by-charts", test_refused_sparks_are_replaced_by_charts);
  add ("what-is-no-spark-is-replaced-by-charts", test_what_is_no_spark_is_replaced_by_charts);
  add ("what-refuses-us-is-not-asked-on", test_what_refuses_us_is_not_asked_on);
  add ("unknown-everywhere-is-not-found", test_unknown_everywhere_is_not_found);
  add ("a-symbol-that-only-charts-know", test_a_symbol_that_only_charts_know);
  add ("a-symbol-that-nobody-knows", test_a_symbol_that_nobody_knows);
  add ("ends-while-a-chart-is-under-way", test_ends_while_a_chart_is_under_way);
#undef add

  return g_test_run ();
}
