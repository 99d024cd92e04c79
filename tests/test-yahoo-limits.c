/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "fake-clock.h"
#include "provider-rig.h"
#include "quotes-yahoo.h"
#include "scripted-upstream.h"
#include "wait.h"

/* What a public host is asked for when its bucket is small. */

#define WAIT_S 10
#define SPARK "/v7/finance/spark"
#define CHART "/v8/finance/chart/"
#define BURST 4
#define MINUTE_US (60 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  FakeClock *clock;         /* (owned) */
  QuotesHttp *http;         /* (owned) */
  QuotesUpstream *upstream; /* (owned) */
  QuotesProvider *provider; /* (owned) */
  ScriptedUpstream *server; /* (owned) */

  QuotesBatch *batch; /* (owned) (nullable): of the last round */
} Fixture;

static char *
write_chart_cb (const char *target, G_GNUC_UNUSED gpointer user_data)
{
  const char *start = target + strlen (CHART);
  g_autofree char *name = g_strndup (start, (gsize) (strchr (start, '?') - start));

  return g_strdup_printf ("{\"chart\":{\"result\":[{\"meta\":{\"symbol\":\"%s\","
                          "\"regularMarketPrice\":99.5}}],\"error\":null}}",
                          name);
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  QuotesUpstreamPlan plan = {.name = "yahoo", .requests_per_minute = 2, .burst = BURST};

  fixture->clock = fake_clock_new ();
  fixture->http = quotes_http_new (QUOTES_CLOCK (fixture->clock), NULL);
  fixture->server = scripted_upstream_new ();
  scripted_upstream_answer_with (fixture->server, CHART, write_chart_cb, NULL);
  /* A public host of its own. */
  plan.base_url = scripted_upstream_get_url (fixture->server);
  fixture->upstream =
    quotes_upstream_new (fixture->http, QUOTES_CLOCK (fixture->clock), &plan, NULL);
  fixture->provider = quotes_yahoo_new (fixture->upstream, QUOTES_CLOCK (fixture->clock));
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_clear_pointer (&fixture->batch, quotes_batch_free);
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->provider));
  g_assert_finalize_object (g_steal_pointer (&fixture->upstream));
  g_assert_finalize_object (g_steal_pointer (&fixture->http));
  scripted_upstream_free (g_steal_pointer (&fixture->server));
  g_assert_finalize_object (g_steal_pointer (&fixture->clock));
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->batch = quotes_provider_fetch_finish (QUOTES_PROVIDER (source), result, NULL);
  g_assert_nonnull (fixture->batch);
}

static void
fetch (Fixture *fixture, const char *names)
{
  g_autoptr (GPtrArray) instruments = rig_make_instruments ("yahoo", names);

  g_clear_pointer (&fixture->batch, quotes_batch_free);
  quotes_provider_fetch_async (fixture->provider, instruments, NULL, fetched_cb, fixture);
  wait_until (fixture->batch != NULL, WAIT_S);
}

static guint
count (Fixture *fixture, const char *prefix)
{
  return scripted_visits_count (scripted_upstream_get_visits (fixture->server), prefix);
}

static void
test_charts_leave_tokens_for_prices (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  scripted_upstream_answer (fixture->server, SPARK, 200, NULL,
                            "{\"spark\":{\"result\":[{\"symbol\":\"A\",\"response\":[{\"meta\":{"
                            "\"regularMarketPrice\":1}}]},{\"symbol\":\"B\",\"response\":[{"
                            "\"meta\":{\"regularMarketPrice\":2}}]}],\"error\":null}}",
                            -1);
  fetch (fixture, "A B");
  wait_until (count (fixture, CHART) == 1, WAIT_S);
  wait_settle ();
  for (guint i = 0; i < 2; i++)
    {
      fetch (fixture, "A B");
      wait_settle ();
      g_assert_no_error (fixture->batch->error);
      g_assert_cmpuint (fixture->batch->quotes->len, ==, 2);
    }
  g_assert_cmpuint (count (fixture, CHART), ==, 1);

  /* When there is plenty again, the other one is asked for. */
  fake_clock_advance_us (fixture->clock, 10 * MINUTE_US);
  fetch (fixture, "A B");
  wait_until (count (fixture, CHART) == 2, WAIT_S);
}

static void
test_each_symbol_gets_its_turn (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  scripted_upstream_answer (fixture->server, SPARK, 404, NULL, "", -1);
  fetch (fixture, "A B C D E");
  g_assert_error (fixture->batch->error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_THROTTLED);
  g_assert_cmpint (fixture->batch->retry_after_us, >, 0);
  g_assert_cmpint (fixture->batch->retry_after_us, <=, MINUTE_US / 2 + 1);
  g_assert_cmpuint (fixture->batch->n_requests, ==, BURST);
  /* What came before the bucket was empty is good, and nothing is said of the rest. */
  g_assert_cmpuint (fixture->batch->quotes->len, ==, 3);
  g_assert_nonnull (rig_find_quote (fixture->batch, "C"));
  g_assert_cmpuint (g_hash_table_size (fixture->batch->symbol_errors), ==, 0);

  fake_clock_advance_us (fixture->clock, MINUTE_US);
  fetch (fixture, "A B C D E");
  g_assert_cmpuint (count (fixture, SPARK), ==, 1);
  g_assert_cmpuint (fixture->batch->quotes->len, ==, 2);
  g_assert_nonnull (rig_find_quote (fixture->batch, "D"));
  g_assert_nonnull (rig_find_quote (fixture->batch, "E"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/yahoo-limits/charts-leave-tokens-for-prices", Fixture, NULL, set_up,
              test_charts_leave_tokens_for_prices, tear_down);
  g_test_add ("/yahoo-limits/each-symbol-gets-its-turn", Fixture, NULL, set_up,
              test_each_symbol_gets_its_turn, tear_down);

  return g_test_run ();
}
