/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "daemon-process.h"
#include "http.h"
#include "quotes-json.h"
#include "remove-tree.h"
#include "scripted-market.h"
#include "wait.h"

/* The real daemon asks a scripted market for the past, keeps it, and shows it. */

#define QUOTES "/api/v1/widgets/quotes"
#define PATIENCE_S 20
#define YAHOO_SYMBOLS 7
#define COINS 2

typedef struct
{
  ScriptedMarket *market; /* (owned) */
  char *dir;              /* (owned) */
  GSubprocess *daemon;    /* (owned) (nullable) */
  char *address;          /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->market = scripted_market_new ();
  fixture->dir = g_dir_make_tmp ("marketwell-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->address = g_strconcat ("unix:", fixture->dir, "/http.sock", NULL);
}

static void
start (Fixture *fixture)
{
  g_autofree char *yahoo =
    g_strconcat ("yahoo=", scripted_upstream_get_url (fixture->market->yahoo), NULL);
  g_autofree char *coingecko =
    g_strconcat ("coingecko=", scripted_upstream_get_url (fixture->market->coingecko), NULL);
  const char *const arguments[] = {"--no-bus",   "--listen", "127.0.0.1:0", "--interval", "0.5",
                                   "--upstream", yahoo,      "--upstream",  coingecko,    NULL};
  char said[4] = "";

  fixture->daemon = daemon_process_spawn (arguments, fixture->dir);
  /* It says that it listens. */
  g_assert_cmpint (g_input_stream_read (g_subprocess_get_stdout_pipe (fixture->daemon), said,
                                        sizeof said, NULL, NULL),
                   >, 0);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_check_finish (G_SUBPROCESS (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
stop (Fixture *fixture)
{
  gboolean has_ended = FALSE;

  g_subprocess_send_signal (fixture->daemon, SIGTERM);
  g_subprocess_wait_check_async (fixture->daemon, NULL, ended_cb, &has_ended);
  wait_until (has_ended, 5);
  g_clear_object (&fixture->daemon);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  stop (fixture);
  scripted_market_free (fixture->market);
  remove_tree (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->address);
}

/* How many bars the history of @symbol has that are from @source, and cost what the past does. */
static guint
count_bars (Fixture *fixture, const char *symbol, const char *range, const char *source)
{
  g_autofree char *target =
    g_strdup_printf (QUOTES "/%s/history?range=%s&points=5000", symbol, range);
  g_autoptr (HttpAnswer) answer = http_get (fixture->address, target);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonArray *bars = NULL;
  guint n = 0;

  g_assert_cmpuint (answer->status, ==, 200);
  bytes = g_bytes_new (answer->body, answer->body_size);
  root = quotes_json_parse (bytes, 1 << 22, NULL);
  bars = quotes_json_object_get_array (quotes_json_get_object (root), "bars");
  for (guint i = 0; i < json_array_get_length (bars); i++)
    {
      JsonObject *bar = quotes_json_get_object (json_array_get_element (bars, i));

      n += g_strcmp0 (quotes_json_object_get_string (bar, "source"), source) == 0 &&
           quotes_json_object_get_number (bar, "c") == SCRIPTED_PAST_PRICE;
    }
  return n;
}

/* Of Yahoo charts with a beginning; the others are about today's session. */
static guint
count_histories (Fixture *fixture)
{
  ScriptedVisits *visits = scripted_upstream_get_visits (fixture->market->yahoo);
  guint n = 0;

  for (guint i = 0; i < scripted_visits_count (visits, SCRIPTED_CHART); i++)
    n += strstr (scripted_visits_get_head (visits, SCRIPTED_CHART, i), "period1=") != NULL;
  return n;
}

static guint
count_coin_histories (Fixture *fixture)
{
  return scripted_upstream_count (fixture->market->coingecko, SCRIPTED_COIN) -
         scripted_upstream_count (fixture->market->coingecko, SCRIPTED_COINS);
}

static void
wait_for_round (Fixture *fixture)
{
  guint n_sparks = scripted_upstream_count (fixture->market->yahoo, SCRIPTED_SPARK);

  wait_until (scripted_upstream_count (fixture->market->yahoo, SCRIPTED_SPARK) > n_sparks,
              PATIENCE_S);
}

/* Looks once in each round: the service takes only so many requests. */
static void
wait_for_bars (Fixture *fixture, const char *symbol, const char *source)
{
  for (guint i = 0; i < 40 && count_bars (fixture, symbol, "1mo", source) == 0; i++)
    wait_for_round (fixture);
  g_assert_cmpuint (count_bars (fixture, symbol, "1mo", source), >, 0);
}

static void
wait_for_the_past (Fixture *fixture)
{
  wait_until (count_histories (fixture) == YAHOO_SYMBOLS, PATIENCE_S);
  wait_until (count_coin_histories (fixture) == COINS, PATIENCE_S);
  /* The last of each. */
  wait_for_bars (fixture, "IXIC", "yahoo:chart");
  wait_for_bars (fixture, "ETH", "coingecko:market_chart");
}

static void
test_a_first_run_has_charts (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  start (fixture);
  wait_for_the_past (fixture);
  /* The hour that goes on, and maybe the one before, have prices of their own. */
  g_assert_cmpuint (count_bars (fixture, "XAU", "1mo", "yahoo:chart"), >=,
                    SCRIPTED_PAST_LENGTH - 2);
  g_assert_cmpuint (count_bars (fixture, "BTC", "1mo", "coingecko:market_chart"), >=,
                    SCRIPTED_PAST_LENGTH - 2);
  /* Two days of hours are a day, at least, that was folded from them. */
  g_assert_cmpuint (count_bars (fixture, "XAU", "max", "yahoo:chart"), >, 0);
  g_assert_cmpuint (count_histories (fixture), ==, YAHOO_SYMBOLS);
  g_assert_cmpuint (count_coin_histories (fixture), ==, COINS);
}

static void
test_a_second_run_asks_for_nothing (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  start (fixture);
  wait_for_the_past (fixture);
  stop (fixture);

  start (fixture);
  for (guint i = 0; i < 6; i++)
    wait_for_round (fixture);
  g_assert_cmpuint (count_histories (fixture), ==, YAHOO_SYMBOLS);
  g_assert_cmpuint (count_coin_histories (fixture), ==, COINS);
  g_assert_cmpuint (count_bars (fixture, "XAU", "1mo", "yahoo:chart"), >=,
                    SCRIPTED_PAST_LENGTH - 2);
}

static void
test_an_added_one_has_its_past (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (HttpAnswer) answer = NULL;

  start (fixture);
  wait_for_the_past (fixture);
  answer = http_ask (fixture->address, "POST", QUOTES, NULL, "{\"instrument\":\"yahoo:AAPL\"}");
  g_assert_cmpuint (answer->status, ==, 201);
  wait_for_bars (fixture, "AAPL", "yahoo:chart");
  g_assert_cmpuint (count_histories (fixture), ==, YAHOO_SYMBOLS + 1);
}

static void
test_what_is_filled_makes_no_event (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  HttpExchange *stream = NULL;

  start (fixture);
  stream = http_exchange_get (fixture->address, QUOTES "/stream", NULL);
  wait_for_the_past (fixture);
  wait_until (strstr (stream->received->str, "event: update") != NULL, PATIENCE_S);
  g_assert_null (strstr (stream->received->str, "\"price\":" G_STRINGIFY (SCRIPTED_PAST_PRICE)));
  g_assert_null (strstr (stream->received->str, "yahoo:chart"));
  http_exchange_end (stream);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define add(name, func) g_test_add ("/filling/" name, Fixture, NULL, set_up, func, tear_down)
  add ("a-first-run-has-charts", test_a_first_run_has_charts);
  add ("a-second-run-asks-for-nothing", test_a_second_run_asks_for_nothing);
  add ("an-added-one-has-its-past", test_an_added_one_has_its_past);
  add ("what-is-filled-makes-no-event", test_what_is_filled_makes_no_event);
#undef add

  return g_test_run ();
}
