/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fake-clock.h"
#include "quotes-upstream.h"
#include "scripted-upstream.h"
#include "wait.h"

#define SECOND_US ((gint64) G_USEC_PER_SEC)
#define WAIT_S 10

typedef struct
{
  FakeClock *clock;         /* (owned) */
  QuotesHttp *http;         /* (owned) */
  ScriptedUpstream *server; /* (owned) */
  QuotesUpstreamPlan plan;
  QuotesUpstream *upstream; /* (owned) */

  guint n_answers;
  guint n_throttled;
  guint n_cancelled;
} Fixture;

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fixture->clock = fake_clock_new ();
  fixture->http = quotes_http_new (QUOTES_CLOCK (fixture->clock), NULL);
  fixture->server = scripted_upstream_new ();
  scripted_upstream_answer (fixture->server, "/", 200, NULL, "{}", -1);
  fixture->plan = (QuotesUpstreamPlan){
    .name = "yahoo",
    .base_url = scripted_upstream_get_url (fixture->server),
    .requests_per_minute = 6,
    .burst = 8,
    .min_spacing_us = 300 * 1000,
    .max_spacing_us = 800 * 1000,
  };
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->upstream));
  g_assert_finalize_object (g_steal_pointer (&fixture->http));
  scripted_upstream_free (g_steal_pointer (&fixture->server));
  g_assert_cmpuint (fake_clock_get_n_alarms (fixture->clock), ==, 0);
  g_assert_finalize_object (g_steal_pointer (&fixture->clock));
}

/* The host of the plan itself, or one in its place. */
static void
build (Fixture *fixture, gboolean is_public)
{
  g_autofree char *url = g_strconcat (scripted_upstream_get_url (fixture->server), "//", NULL);

  fixture->upstream = quotes_upstream_new (fixture->http, QUOTES_CLOCK (fixture->clock),
                                           &fixture->plan, is_public ? NULL : url);
  g_assert_true (quotes_upstream_is_public (fixture->upstream) == is_public);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesHttpAnswer) answer =
    quotes_upstream_get_finish (QUOTES_UPSTREAM (source), result, &error);

  if (answer != NULL)
    fixture->n_answers++;
  else if (g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_THROTTLED))
    fixture->n_throttled++;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fixture->n_cancelled++;
  else
    g_assert_no_error (error);
}

static guint
get_n_done (Fixture *fixture)
{
  return fixture->n_answers + fixture->n_throttled + fixture->n_cancelled;
}

static void
begin (Fixture *fixture, const char *path, GCancellable *cancellable)
{
  quotes_upstream_get_async (fixture->upstream, path, cancellable, answered_cb, fixture);
}

static void
get (Fixture *fixture, const char *path)
{
  guint n_done = get_n_done (fixture);

  begin (fixture, path, NULL);
  g_assert_cmpuint (get_n_done (fixture), ==, n_done);
  wait_until (get_n_done (fixture) == n_done + 1, WAIT_S);
}

static void
test_a_replaced_host_has_no_limits (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  build (fixture, FALSE);
  for (guint i = 0; i < 30; i++)
    begin (fixture, "/v7/finance/spark?symbols=a", NULL);
  wait_until (fixture->n_answers == 30, WAIT_S);
  g_assert_cmpuint (scripted_upstream_count (fixture->server, "/v7/finance/spark?symbols=a"), ==,
                    30);
  g_assert_true (quotes_upstream_has_spare (fixture->upstream));
  g_assert_cmpint (quotes_upstream_get_wait_us (fixture->upstream), ==, 0);
}

static void
test_an_empty_bucket_sends_nothing (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fixture->plan.min_spacing_us = 0;
  fixture->plan.max_spacing_us = 0;
  build (fixture, TRUE);
  for (guint i = 0; i < 12; i++)
    get (fixture, "/");
  g_assert_cmpuint (fixture->n_answers, ==, 8);
  g_assert_cmpuint (fixture->n_throttled, ==, 4);
  g_assert_cmpuint (scripted_upstream_count (fixture->server, "/"), ==, 8);

  g_assert_cmpint (quotes_upstream_get_wait_us (fixture->upstream), >, 9 * SECOND_US);
  fake_clock_advance_us (fixture->clock, quotes_upstream_get_wait_us (fixture->upstream));
  get (fixture, "/");
  get (fixture, "/");
  g_assert_cmpuint (fixture->n_answers, ==, 9);
  g_assert_cmpuint (fixture->n_throttled, ==, 5);
}

static void
test_requests_are_spaced (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  build (fixture, TRUE);
  for (guint i = 0; i < 5; i++)
    begin (fixture, "/", NULL);
  for (guint i = 1; i < 5; i++)
    {
      guint n_ms = 0;

      wait_until (scripted_upstream_count (fixture->server, "/") == i, WAIT_S);
      wait_until (fixture->n_answers == i, WAIT_S);
      while (scripted_upstream_count (fixture->server, "/") == i)
        {
          g_assert_cmpuint (n_ms, <=, 800);
          fake_clock_advance_us (fixture->clock, 1000);
          n_ms++;
          wait_settle ();
        }
      g_assert_cmpuint (n_ms, >=, 299);
    }
  wait_until (fixture->n_answers == 5, WAIT_S);
}

static void
test_a_waiting_request_can_be_cancelled (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  build (fixture, TRUE);
  get (fixture, "/");
  begin (fixture, "/second", cancellable);
  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (fixture->n_cancelled, ==, 0);
  wait_until (fixture->n_cancelled == 1, WAIT_S);
  fake_clock_advance_us (fixture->clock, SECOND_US);
  wait_settle ();
  g_assert_cmpuint (scripted_upstream_count (fixture->server, "/second"), ==, 0);
}

/* An hour of rounds and the charts of many symbols: a price never finds the bucket empty. */
static void
test_what_can_wait_leaves_tokens_for_prices (Fixture *fixture,
                                             G_GNUC_UNUSED gconstpointer user_data)
{
  guint n_charts = 0;

  fixture->plan.min_spacing_us = 0;
  fixture->plan.max_spacing_us = 0;
  build (fixture, TRUE);
  for (guint round = 0; round < 120; round++)
    {
      get (fixture, "/v7/finance/spark");
      g_assert_cmpuint (fixture->n_throttled, ==, 0);
      while (n_charts < 100 && quotes_upstream_has_spare (fixture->upstream))
        {
          get (fixture, "/v8/finance/chart");
          n_charts++;
        }
      /* The shortest rounds that there are at the default interval. */
      fake_clock_advance_us (fixture->clock, (round == 0 ? 15 : 27) * SECOND_US);
    }
  g_assert_cmpuint (scripted_upstream_count (fixture->server, "/v8/finance/chart"), ==, 100);
  g_assert_cmpuint (scripted_upstream_count (fixture->server, "/v7/finance/spark"), ==, 120);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/upstream/a-replaced-host-has-no-limits", test_a_replaced_host_has_no_limits);
  ADD ("/upstream/an-empty-bucket-sends-nothing", test_an_empty_bucket_sends_nothing);
  ADD ("/upstream/requests-are-spaced", test_requests_are_spaced);
  ADD ("/upstream/a-waiting-request-can-be-cancelled", test_a_waiting_request_can_be_cancelled);
  ADD ("/upstream/what-can-wait-leaves-tokens-for-prices",
       test_what_can_wait_leaves_tokens_for_prices);
#undef ADD

  return g_test_run ();
}
