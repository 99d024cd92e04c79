/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "catalog-file.h"
#include "quotes-symbol-watch.h"

#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

typedef struct
{
  QuotesWatchlist *list;    /* (owned) */
  QuotesSymbolWatch *watch; /* (owned) */
  gint64 now_us;
} Fixture;

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const texts[] = {"XAU", "XAG", NULL};
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();

  fixture->list = quotes_watchlist_new (catalog);
  quotes_watchlist_load (fixture->list, texts);
  fixture->watch = quotes_symbol_watch_new ();
  fixture->now_us = 1000;
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_symbol_watch_free (fixture->watch);
  g_assert_finalize_object (fixture->list);
}

/* A round in which nobody knew @symbols. */
static void
miss (Fixture *fixture, const char *const *symbols)
{
  g_autoptr (QuotesBatch) batch = quotes_batch_new ();

  for (gsize i = 0; symbols[i] != NULL; i++)
    quotes_batch_set_symbol_error (batch, symbols[i], QUOTES_SYMBOL_ERROR_NOT_FOUND);
  quotes_symbol_watch_report_batch (fixture->watch, batch, fixture->list, fixture->now_us);
}

static gboolean
is_due (Fixture *fixture, const char *symbol)
{
  return quotes_symbol_watch_is_due (fixture->watch, symbol, fixture->now_us);
}

static void
test_the_pauses_grow (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const symbols[] = {"XAU", NULL};
  static const int hours[] = {1, 6, 24, 24};

  miss (fixture, symbols);
  miss (fixture, symbols);
  g_assert_true (is_due (fixture, "XAU"));
  for (gsize i = 0; i < G_N_ELEMENTS (hours); i++)
    {
      miss (fixture, symbols);
      fixture->now_us += hours[i] * HOUR_US - 1;
      g_assert_false (is_due (fixture, "XAU"));
      g_assert_cmpstr (quotes_symbol_watch_get_reason (fixture->watch, "XAU"), ==,
                       "unknown-symbol");
      fixture->now_us++;
      g_assert_true (is_due (fixture, "XAU"));
    }
  quotes_symbol_watch_report_ok (fixture->watch, "XAU");
  g_assert_null (quotes_symbol_watch_get_reason (fixture->watch, "XAU"));
}

static void
test_a_host_that_knows_nothing_is_to_blame_itself (Fixture *fixture,
                                                   G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const symbols[] = {"XAU", "XAG", NULL};

  for (guint i = 0; i < 10; i++)
    miss (fixture, symbols);
  g_assert_true (is_due (fixture, "XAU"));
  g_assert_true (is_due (fixture, "XAG"));
  g_assert_cmpstr (quotes_symbol_watch_get_reason (fixture->watch, "XAU"), ==, "not-found");
}

static void
test_what_was_removed_is_not_kept (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const symbols[] = {"XAU", NULL};

  g_assert_true (quotes_watchlist_remove (fixture->list, "XAU", NULL));
  miss (fixture, symbols);
  g_assert_null (quotes_symbol_watch_get_reason (fixture->watch, "XAU"));
}

static void
test_who_is_in_a_hurry_is_asked_for (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const symbols[] = {"XAU", NULL};

  for (guint i = 0; i < 3; i++)
    miss (fixture, symbols);
  g_assert_false (is_due (fixture, "XAU"));
  quotes_symbol_watch_hurry (fixture->watch, "XAU");
  g_assert_true (is_due (fixture, "XAU"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/symbol-watch/the-pauses-grow", test_the_pauses_grow);
  ADD ("/symbol-watch/a-host-that-knows-nothing-is-to-blame-itself",
       test_a_host_that_knows_nothing_is_to_blame_itself);
  ADD ("/symbol-watch/what-was-removed-is-not-kept", test_what_was_removed_is_not_kept);
  ADD ("/symbol-watch/who-is-in-a-hurry-is-asked-for", test_who_is_in_a_hurry_is_asked_for);
#undef ADD

  return g_test_run ();
}
