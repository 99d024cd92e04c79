/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <sqlite3.h>

#include "faulty-disk.h"
#include "store-fixture.h"

/* Row R14 of the reliability promises, of memory: a session asks for it some thousand times. */
#define N_POINTS 200
#define STEP 11

/* SQLite has one allocator for the process. */
static sqlite3_mem_methods real;
static gint n_left;
static gint has_failed;

static gboolean
is_out_of_memory (void)
{
  if (g_atomic_int_get (&n_left) <= 0 || !g_atomic_int_dec_and_test (&n_left))
    return FALSE;
  g_atomic_int_set (&has_failed, TRUE);
  return TRUE;
}

static void *
allocate (int size)
{
  return is_out_of_memory () ? NULL : real.xMalloc (size);
}

static void *
reallocate (void *memory, int size)
{
  return is_out_of_memory () ? NULL : real.xRealloc (memory, size);
}

static void
fail_after (gint n)
{
  g_atomic_int_set (&has_failed, FALSE);
  g_atomic_int_set (&n_left, n);
}

/* Warnings are expected here; of anything worse the test dies as always. */
static void
log_cb (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) != 0)
    g_log_default_handler (domain, level, message, user_data);
}

static void
test_any_allocation_may_fail (void)
{
  int n_failed = 0;

  for (int i = 0; i < N_POINTS; i++)
    {
      StoreFixture fixture = {0};
      guint64 stored = 0;

      /* Half of them while the files are opened. */
      if (i % 2 == 0)
        fail_after (1 + i * STEP / 2);
      store_fixture_set_up (&fixture, NULL);
      if (i % 2 == 1)
        fail_after (1 + i * STEP / 2);
      stored = store_fixture_run_session (&fixture);
      if (g_atomic_int_get (&has_failed))
        n_failed++;
      fail_after (0);
      store_fixture_check_session (&fixture, stored);
      store_fixture_tear_down (&fixture, NULL);
    }
  g_test_message ("%d of %d allocations failed: nothing torn, nothing lost", n_failed, N_POINTS);
  g_assert_cmpint (n_failed, >, N_POINTS / 4);
}

int
main (int argc, char *argv[])
{
  sqlite3_mem_methods failing;

  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_log_set_default_handler (log_cb, NULL);
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_GETMALLOC, &real), ==, SQLITE_OK);
  failing = real;
  failing.xMalloc = allocate;
  failing.xRealloc = reallocate;
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_MALLOC, &failing), ==, SQLITE_OK);

  /* For its speed: it syncs nothing. */
  faulty_disk_install ();
  g_test_add_func ("/store-memory/any-allocation-may-fail", test_any_allocation_may_fail);

  return g_test_run ();
}
