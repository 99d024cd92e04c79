/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-rate-limit.h"

static guint
take_many (QuotesRateLimit *limit, const char *key, guint n, gint64 now_us)
{
  guint n_passed = 0;

  for (guint i = 0; i < n; i++)
    n_passed += quotes_rate_limit_take (limit, key, now_us) == 0;
  return n_passed;
}

static void
test_burst (void)
{
  g_autoptr (QuotesRateLimit) limit = quotes_rate_limit_new (0);

  g_assert_cmpuint (take_many (limit, "uid:1000", 60, 0), ==, 40);
  g_assert_cmpuint (quotes_rate_limit_get_n_refused (limit), ==, 20);
  g_assert_cmpuint (quotes_rate_limit_take (limit, "uid:1000", 0), ==, 1);
  /* Another client is not touched by it. */
  g_assert_cmpuint (quotes_rate_limit_take (limit, "unix:7", 0), ==, 0);
}

static void
test_refill (void)
{
  g_autoptr (QuotesRateLimit) limit = quotes_rate_limit_new (0);

  take_many (limit, "uid:1000", 60, 0);
  g_assert_cmpuint (take_many (limit, "uid:1000", 60, G_USEC_PER_SEC), ==, 20);
  g_assert_cmpuint (take_many (limit, "uid:1000", 60, 9 * G_USEC_PER_SEC), ==, 40);
}

static void
test_all (void)
{
  g_autoptr (QuotesRateLimit) limit = quotes_rate_limit_new (0);
  guint n_passed = 0;

  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *key = g_strdup_printf ("unix:%u", i);

      n_passed += take_many (limit, key, 30, 0);
    }
  g_assert_cmpuint (n_passed, ==, 200);

  /* A client that the others kept out has not paid for that. */
  g_assert_cmpuint (take_many (limit, "unix:9", 60, G_USEC_PER_SEC), ==, 40);
}

static void
test_keys (void)
{
  g_autoptr (QuotesRateLimit) limit = quotes_rate_limit_new (0);
  gint64 now_us = 0;

  take_many (limit, "old", 40, now_us);
  for (guint i = 0; i < 3 * QUOTES_RATE_MAX_KEYS; i++)
    {
      g_autofree char *key = g_strdup_printf ("unix:%u", i);

      /* Slow enough for the bucket of all, and `used` is never the oldest. */
      now_us += 20000;
      quotes_rate_limit_take (limit, key, now_us);
      if (i % 100 == 0)
        quotes_rate_limit_take (limit, "used", now_us);
      g_assert_cmpuint (quotes_rate_limit_get_n_keys (limit), <=, QUOTES_RATE_MAX_KEYS);
    }
  g_assert_cmpuint (quotes_rate_limit_get_n_keys (limit), ==, QUOTES_RATE_MAX_KEYS);
}

static void
test_oldest (void)
{
  g_autoptr (QuotesRateLimit) limit = quotes_rate_limit_new (0);
  gint64 now_us = 0;

  take_many (limit, "first", 40, now_us);
  take_many (limit, "second", 40, now_us);
  /* Every one of them waits for the bucket of all, which says nothing about who is remembered. */
  for (guint i = 0; i < QUOTES_RATE_MAX_KEYS - 1; i++)
    {
      g_autofree char *key = g_strdup_printf ("unix:%u", i);

      quotes_rate_limit_take (limit, key, now_us);
    }
  g_assert_cmpuint (quotes_rate_limit_get_n_keys (limit), ==, QUOTES_RATE_MAX_KEYS);

  /* `first` was forgotten and has a new bucket; `second` is still remembered as empty. */
  now_us = G_USEC_PER_SEC;
  g_assert_cmpuint (take_many (limit, "second", 60, now_us), ==, 20);
  g_assert_cmpuint (take_many (limit, "first", 60, now_us), ==, 40);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rate-limit/a-burst-of-forty-passes", test_burst);
  g_test_add_func ("/rate-limit/twenty-a-second-come-back", test_refill);
  g_test_add_func ("/rate-limit/all-together-have-a-limit", test_all);
  g_test_add_func ("/rate-limit/the-table-never-grows-over-its-limit", test_keys);
  g_test_add_func ("/rate-limit/who-asked-longest-ago-is-forgotten", test_oldest);

  return g_test_run ();
}
