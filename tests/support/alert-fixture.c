/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "alert-fixture.h"

#include "catalog-file.h"

#define INTERVAL_US (30 * ALERT_SECOND_US)

static void
saved_cb (AlertFixture *fixture, QuotesAlert *alert)
{
  fixture->n_saved++;
  g_hash_table_replace (fixture->saved, (gpointer) alert->id, quotes_alert_ref (alert));
}

static void
removed_cb (AlertFixture *fixture, const char *id)
{
  g_hash_table_remove (fixture->saved, id);
}

static void
fired_cb (AlertFixture *fixture, QuotesAlertFired *fired)
{
  fixture->n_fired++;
  g_clear_pointer (&fixture->last, quotes_alert_fired_unref);
  fixture->last = quotes_alert_fired_ref (fired);
}

static void
digest_cb (AlertFixture *fixture, GPtrArray *fired)
{
  fixture->n_digests++;
  g_clear_pointer (&fixture->last_digest, g_ptr_array_unref);
  fixture->last_digest = g_ptr_array_ref (fired);
}

static void
changed_cb (AlertFixture *fixture)
{
  fixture->n_changed++;
}

static void
start (AlertFixture *fixture)
{
  static const char *const texts[] = {"BTC", "XAU", NULL};
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();

  fixture->list = quotes_watchlist_new (catalog);
  quotes_watchlist_load (fixture->list, texts);
  fixture->hub = quotes_hub_new (fixture->list, QUOTES_CLOCK (fixture->clock));
  fixture->alerts = quotes_alerts_new (fixture->hub, NULL, QUOTES_CLOCK (fixture->clock));
  g_signal_connect_swapped (fixture->alerts, "saved", G_CALLBACK (saved_cb), fixture);
  g_signal_connect_swapped (fixture->alerts, "removed", G_CALLBACK (removed_cb), fixture);
  g_signal_connect_swapped (fixture->alerts, "fired", G_CALLBACK (fired_cb), fixture);
  g_signal_connect_swapped (fixture->alerts, "digest", G_CALLBACK (digest_cb), fixture);
  g_signal_connect_swapped (fixture->alerts, "changed", G_CALLBACK (changed_cb), fixture);
}

static void
stop (AlertFixture *fixture)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->alerts));
  g_assert_finalize_object (g_steal_pointer (&fixture->hub));
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  g_assert_cmpuint (fake_clock_get_n_alarms (fixture->clock), ==, 0);
}

void
alert_fixture_set_up (AlertFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  QuotesQuote gold = QUOTES_QUOTE_INIT;

  fixture->clock = fake_clock_new ();
  /* Keys live in the values. */
  fixture->saved =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) quotes_alert_unref);
  start (fixture);

  gold.symbol = "XAU";
  gold.name = "Gold";
  gold.currency = "USD";
  gold.source = "fake";
  gold.instrument = quotes_watchlist_lookup (fixture->list, "XAU")->text;
  gold.instrument = g_intern_string (gold.instrument);
  gold.provider_symbol = "GC=F";
  gold.market_state = QUOTES_MARKET_STATE_REGULAR;
  fixture->gold = gold;
}

void
alert_fixture_tear_down (AlertFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  stop (fixture);
  g_assert_finalize_object (g_steal_pointer (&fixture->clock));
  g_hash_table_unref (fixture->saved);
  g_clear_pointer (&fixture->last, quotes_alert_fired_unref);
  g_clear_pointer (&fixture->last_digest, g_ptr_array_unref);
}

void
alert_fixture_take_quote (AlertFixture *fixture, const QuotesQuote *fields)
{
  g_autoptr (GPtrArray) quotes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  QuotesQuote quote = *fields;

  quote.fetched_us = quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock));
  g_ptr_array_add (quotes, quotes_quote_new (&quote));
  quotes_hub_take_quotes (fixture->hub, quotes, INTERVAL_US);
}

void
alert_fixture_take (AlertFixture *fixture, double price)
{
  fixture->gold.price = price;
  fake_clock_advance_us (fixture->clock, ALERT_SECOND_US);
  alert_fixture_take_quote (fixture, &fixture->gold);
}

QuotesAlert *
alert_fixture_add (AlertFixture *fixture, const QuotesAlert *fields)
{
  g_autoptr (GError) error = NULL;
  QuotesAlert *alert = quotes_alerts_add (fixture->alerts, fields, &error);

  g_assert_no_error (error);
  g_assert_nonnull (alert);
  return alert;
}

/* The first one. */
QuotesAlert *
alert_fixture_get (AlertFixture *fixture)
{
  return g_ptr_array_index (quotes_alerts_get_list (fixture->alerts), 0);
}

void
alert_fixture_restart (AlertFixture *fixture, gboolean is_stored)
{
  g_autoptr (QuotesSnapshot) snapshot =
    quotes_snapshot_ref (quotes_hub_get_snapshot (fixture->hub));
  g_autoptr (GPtrArray) alerts =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_alert_unref);
  GHashTableIter iter;
  gpointer alert = NULL;

  g_hash_table_iter_init (&iter, fixture->saved);
  while (g_hash_table_iter_next (&iter, NULL, &alert))
    g_ptr_array_add (alerts, quotes_alert_ref (alert));

  stop (fixture);
  start (fixture);
  quotes_alerts_load (fixture->alerts, alerts);
  if (is_stored)
    quotes_hub_adopt_snapshot (fixture->hub, snapshot);
}
