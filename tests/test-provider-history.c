/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fake-clock.h"
#include "provider-rig.h"
#include "quotes-coingecko.h"
#include "quotes-yahoo.h"
#include "scripted-upstream.h"
#include "wait.h"

/* How the providers ask for the past; what they make of the answers is tested apart. */

#define WAIT_S 10
#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define DAY_US (24 * HOUR_US)
#define COINS "[{\"id\":\"A\",\"current_price\":5}]"
#define POINTS "{\"prices\":[[1699995603041,35500.5],[1699995901000,35610.25]]}"
#define BARS                                                                                       \
  "{\"chart\":{\"result\":[{\"meta\":{\"symbol\":\"A\",\"currency\":\"USD\"},\"timestamp\":"       \
  "[1699995600],\"indicators\":{\"quote\":[{\"close\":[5.5]}]}}]}}"

typedef struct
{
  FakeClock *clock;         /* (owned) */
  QuotesHttp *http;         /* (owned) */
  QuotesUpstream *upstream; /* (owned) */
  QuotesProvider *provider; /* (owned) */
  ScriptedUpstream *server; /* (owned) */
  gint64 now_us;            /* real time */

  QuotesHistory *history; /* (owned) (nullable) */
  QuotesBatch *batch;     /* (owned) (nullable) */
  GError *error;          /* (owned) (nullable) */
  gboolean is_done;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  fixture->clock = fake_clock_new ();
  fixture->now_us = quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock));
  fixture->http = quotes_http_new (QUOTES_CLOCK (fixture->clock), NULL);
  fixture->server = scripted_upstream_new ();
  scripted_upstream_answer (fixture->server, "/v8/finance/chart/", 200, NULL, BARS, -1);
  scripted_upstream_answer (fixture->server, "/api/v3/coins/A/market_chart", 200, NULL, POINTS, -1);
  g_assert_null (user_data);
}

static void
forget (Fixture *fixture)
{
  g_clear_pointer (&fixture->history, quotes_history_unref);
  g_clear_pointer (&fixture->batch, quotes_batch_free);
  g_clear_error (&fixture->error);
  fixture->is_done = FALSE;
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  forget (fixture);
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->provider));
  g_assert_finalize_object (g_steal_pointer (&fixture->upstream));
  g_assert_finalize_object (g_steal_pointer (&fixture->http));
  scripted_upstream_free (g_steal_pointer (&fixture->server));
  g_assert_finalize_object (g_steal_pointer (&fixture->clock));
}

/* One that stands in for the public host, or a public host of its own with @burst tokens. */
static void
build (Fixture *fixture, gboolean is_yahoo, double burst)
{
  QuotesUpstreamPlan plan = {
    .name = "any",
    .base_url = scripted_upstream_get_url (fixture->server),
    .requests_per_minute = 6,
    .burst = MAX (burst, 1),
  };

  fixture->upstream = quotes_upstream_new (fixture->http, QUOTES_CLOCK (fixture->clock), &plan,
                                           burst > 0 ? NULL : plan.base_url);
  fixture->provider = is_yahoo
                        ? quotes_yahoo_new (fixture->upstream, QUOTES_CLOCK (fixture->clock))
                        : quotes_coingecko_new (fixture->upstream, QUOTES_CLOCK (fixture->clock));
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->history =
    quotes_provider_history_finish (QUOTES_PROVIDER (source), result, &fixture->error);
  fixture->is_done = TRUE;
}

static void
begin (Fixture *fixture, QuotesInterval interval, gint64 ago_us, GCancellable *cancellable)
{
  const char *id = quotes_provider_get_info (fixture->provider)->id;
  g_autoptr (QuotesInstrument) instrument = rig_make_instrument (id, "A");

  forget (fixture);
  quotes_provider_history_async (fixture->provider, instrument, interval, fixture->now_us - ago_us,
                                 fixture->now_us, cancellable, asked_cb, fixture);
  g_assert_false (fixture->is_done);
}

static void
ask (Fixture *fixture, QuotesInterval interval, gint64 ago_us)
{
  begin (fixture, interval, ago_us, NULL);
  wait_until (fixture->is_done, WAIT_S);
  g_assert_true ((fixture->history == NULL) == (fixture->error != NULL));
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->batch = quotes_provider_fetch_finish (QUOTES_PROVIDER (source), result, NULL);
  fixture->is_done = TRUE;
}

static void
fetch (Fixture *fixture)
{
  const char *id = quotes_provider_get_info (fixture->provider)->id;
  g_autoptr (GPtrArray) instruments = rig_make_instruments (id, "A");

  forget (fixture);
  quotes_provider_fetch_async (fixture->provider, instruments, NULL, fetched_cb, fixture);
  wait_until (fixture->is_done, WAIT_S);
}

static void
test_yahoo_is_asked_for_the_hole (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  build (fixture, TRUE, 0);
  ask (fixture, QUOTES_INTERVAL_HOUR, 2 * HOUR_US);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->history->bars->len, ==, 1);
  g_assert_cmpstr (g_array_index (fixture->history->bars, QuotesBar, 0).source, ==, "yahoo:chart");
  g_assert_cmpuint (scripted_upstream_count (fixture->server,
                                             "/v8/finance/chart/A?interval=1h&period1=1699992800"
                                             "&period2=1700000000&includePrePost=false"),
                    ==, 1);
}

static void
test_coingecko_is_asked_for_days (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  build (fixture, FALSE, 0);
  ask (fixture, QUOTES_INTERVAL_HOUR, 3 * DAY_US);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->history->bars->len, ==, 1);
  g_assert_cmpuint (scripted_upstream_count (fixture->server,
                                             "/api/v3/coins/A/market_chart?vs_currency=usd&days=3"),
                    ==, 1);

  /* A stand-in that has its API elsewhere, as the prices have found out. */
  scripted_upstream_answer (fixture->server, "/api/v3/", 404, NULL, "{}", -1);
  scripted_upstream_answer (fixture->server, "/coins/markets", 200, NULL, COINS, -1);
  scripted_upstream_answer (fixture->server, "/coins/A/market_chart", 200, NULL, POINTS, -1);
  fetch (fixture);
  g_assert_no_error (fixture->batch->error);
  ask (fixture, QUOTES_INTERVAL_MINUTE, HOUR_US);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (
    scripted_upstream_count (fixture->server, "/coins/A/market_chart?vs_currency=usd&days=1"), ==,
    1);
}

static void
test_prices_have_the_tokens (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  /* Half of them is kept, and one more has to be there. */
  build (fixture, TRUE, 4);
  for (guint i = 0; i < 2; i++)
    {
      ask (fixture, QUOTES_INTERVAL_HOUR, HOUR_US);
      g_assert_no_error (fixture->error);
    }
  ask (fixture, QUOTES_INTERVAL_HOUR, HOUR_US);
  g_assert_error (fixture->error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_THROTTLED);
  g_assert_cmpuint (scripted_upstream_count (fixture->server, "/"), ==, 2);

  fake_clock_advance_us (fixture->clock, 10 * G_USEC_PER_SEC);
  ask (fixture, QUOTES_INTERVAL_HOUR, HOUR_US);
  g_assert_no_error (fixture->error);
}

static void
test_requests_are_counted (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  for (guint is_yahoo = 0; is_yahoo < 2; is_yahoo++)
    {
      guint n_before = scripted_upstream_count (fixture->server, "/");

      build (fixture, is_yahoo == 1, 0);
      scripted_upstream_answer (fixture->server, "/api/v3/coins/markets", 200, NULL, COINS, -1);
      ask (fixture, QUOTES_INTERVAL_HOUR, HOUR_US);
      ask (fixture, QUOTES_INTERVAL_DAY, HOUR_US);
      fetch (fixture);
      g_assert_cmpuint (fixture->batch->n_requests, ==,
                        scripted_upstream_count (fixture->server, "/") - n_before);
      g_assert_cmpuint (fixture->batch->n_requests, >=, 3);
      if (is_yahoo == 1)
        break;
      wait_settle ();
      g_assert_finalize_object (g_steal_pointer (&fixture->provider));
      g_assert_finalize_object (g_steal_pointer (&fixture->upstream));
    }
}

static void
test_failures_have_their_code (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const struct
  {
    guint status;
    const char *body;
    QuotesProviderError error;
  } cases[] = {
    {404, "{\"chart\":{\"result\":null,\"error\":{\"code\":\"Not Found\"}}}",
     QUOTES_PROVIDER_ERROR_NOT_FOUND},
    {429, "Too Many Requests", QUOTES_PROVIDER_ERROR_RATE_LIMITED},
    {200, "{}", QUOTES_PROVIDER_ERROR_BAD_DATA},
    {503, "", QUOTES_PROVIDER_ERROR_UNAVAILABLE},
  };

  build (fixture, TRUE, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      scripted_upstream_answer (fixture->server, "/v8/finance/chart/", cases[i].status, NULL,
                                cases[i].body, -1);
      ask (fixture, QUOTES_INTERVAL_HOUR, HOUR_US);
      g_assert_error (fixture->error, QUOTES_PROVIDER_ERROR, (int) cases[i].error);
    }
  scripted_upstream_misbehave (fixture->server, "/v8/finance/chart/", SCRIPTED_RESET);
  ask (fixture, QUOTES_INTERVAL_HOUR, HOUR_US);
  g_assert_cmpint (fixture->error->domain, ==, QUOTES_PROVIDER_ERROR);
}

static void
test_a_request_can_be_cancelled (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  build (fixture, TRUE, 0);
  scripted_upstream_misbehave (fixture->server, "/v8/finance/chart/", SCRIPTED_HANG);
  begin (fixture, QUOTES_INTERVAL_HOUR, HOUR_US, cancellable);
  wait_until (scripted_upstream_count (fixture->server, "/") == 1, WAIT_S);
  g_cancellable_cancel (cancellable);
  wait_until (fixture->is_done, WAIT_S);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define add(name, func)                                                                            \
  g_test_add ("/provider-history/" name, Fixture, NULL, set_up, func, tear_down)
  add ("yahoo-is-asked-for-the-hole", test_yahoo_is_asked_for_the_hole);
  add ("coingecko-is-asked-for-days", test_coingecko_is_asked_for_days);
  add ("prices-have-the-tokens", test_prices_have_the_tokens);
  add ("requests-are-counted", test_requests_are_counted);
  add ("failures-have-their-code", test_failures_have_their_code);
  add ("a-request-can-be-cancelled", test_a_request_can_be_cancelled);
#undef add

  return g_test_run ();
}
