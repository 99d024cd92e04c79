/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fake-clock.h"
#include "quotes-breaker.h"

#define BASE_US (60 * G_USEC_PER_SEC)

typedef struct
{
  FakeClock *clock;       /* (owned) */
  QuotesBreaker *breaker; /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fixture->clock = fake_clock_new ();
  fixture->breaker = quotes_breaker_new (QUOTES_CLOCK (fixture->clock), BASE_US, 15 * BASE_US,
                                         g_rand_new_with_seed (1));
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->breaker));
  g_assert_finalize_object (g_steal_pointer (&fixture->clock));
}

static void
fail (Fixture *fixture, QuotesProviderError code, gint64 retry_after_us)
{
  g_autoptr (GError) error = g_error_new_literal (QUOTES_PROVIDER_ERROR, (int) code, "Told so");

  quotes_breaker_report_failure (fixture->breaker, error, retry_after_us);
}

static void
test_three_failures_open_it (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fail (fixture, QUOTES_PROVIDER_ERROR_HTTP, -1);
  fail (fixture, QUOTES_PROVIDER_ERROR_HTTP, -1);
  g_assert_true (quotes_breaker_try_pass (fixture->breaker));
  fail (fixture, QUOTES_PROVIDER_ERROR_HTTP, -1);
  g_assert_false (quotes_breaker_try_pass (fixture->breaker));

  fake_clock_advance_us (fixture->clock, (gint64) (1.3 * BASE_US));
  g_assert_true (quotes_breaker_try_pass (fixture->breaker));
  g_assert_cmpint (quotes_breaker_get_state (fixture->breaker), ==, QUOTES_BREAKER_HALF_OPEN);
  quotes_breaker_report_success (fixture->breaker);
  g_assert_cmpint (quotes_breaker_get_state (fixture->breaker), ==, QUOTES_BREAKER_CLOSED);
}

static void
test_retry_after_is_a_floor (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 now_us = quotes_clock_get_monotonic_us (QUOTES_CLOCK (fixture->clock));
  gint64 pause_us = 0;

  fail (fixture, QUOTES_PROVIDER_ERROR_RATE_LIMITED, 10 * BASE_US);
  pause_us = quotes_breaker_get_next_try_us (fixture->breaker) - now_us;
  g_assert_cmpint (pause_us, >=, 10 * BASE_US);
  g_assert_cmpint (pause_us, <=, 13 * BASE_US);
}

static void
test_a_failed_probe_doubles_the_pause (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 pause_us = 0;

  fail (fixture, QUOTES_PROVIDER_ERROR_BLOCKED, -1);
  fake_clock_advance_us (fixture->clock, 2 * BASE_US);
  g_assert_true (quotes_breaker_try_pass (fixture->breaker));
  fail (fixture, QUOTES_PROVIDER_ERROR_TIMEOUT, -1);
  pause_us = quotes_breaker_get_next_try_us (fixture->breaker) -
             quotes_clock_get_monotonic_us (QUOTES_CLOCK (fixture->clock));
  g_assert_cmpint (pause_us, >=, (gint64) (1.6 * BASE_US));
  g_assert_cmpint (pause_us, <=, (gint64) (2.6 * BASE_US));
}

static void
test_pauses_scale_and_are_capped (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 pause_us = 0;

  quotes_breaker_set_scale (fixture->breaker, 1 / 30.0);
  for (guint i = 0; i < 12; i++)
    {
      fail (fixture, QUOTES_PROVIDER_ERROR_RATE_LIMITED, -1);
      pause_us = quotes_breaker_get_next_try_us (fixture->breaker) -
                 quotes_clock_get_monotonic_us (QUOTES_CLOCK (fixture->clock));
      fake_clock_advance_us (fixture->clock, pause_us);
      g_assert_true (quotes_breaker_try_pass (fixture->breaker));
    }
  g_assert_cmpint (pause_us, <=, (gint64) (1.3 * 15 * BASE_US / 30));
  g_assert_cmpint (pause_us, >=, (gint64) (0.79 * 15 * BASE_US / 30));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/breaker/three-failures-open-it", Fixture, NULL, set_up, test_three_failures_open_it,
              tear_down);
  g_test_add ("/breaker/retry-after-is-a-floor", Fixture, NULL, set_up, test_retry_after_is_a_floor,
              tear_down);
  g_test_add ("/breaker/a-failed-probe-doubles-the-pause", Fixture, NULL, set_up,
              test_a_failed_probe_doubles_the_pause, tear_down);
  g_test_add ("/breaker/pauses-scale-and-are-capped", Fixture, NULL, set_up,
              test_pauses_scale_and_are_capped, tear_down);

  return g_test_run ();
}
