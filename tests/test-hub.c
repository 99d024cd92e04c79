/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "catalog-file.h"
#include "fake-clock.h"
#include "quotes-hub.h"
#include "quotes-quote-json.h"

#define INTERVAL_US (30 * G_USEC_PER_SEC)

typedef struct
{
  FakeClock *clock;      /* (owned) */
  QuotesWatchlist *list; /* (owned) */
  QuotesHub *hub;        /* (owned) */
  guint n_changed;
  guint n_last_changed;
  char *last_removed; /* (owned) (nullable) */
} Fixture;

static void
count_changed_cb (QuotesHub *hub,
                  QuotesSnapshot *snapshot,
                  GPtrArray *changed,
                  GStrv removed,
                  gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_true (quotes_hub_get_snapshot (hub) == snapshot);
  fixture->n_changed++;
  fixture->n_last_changed = changed->len;
  g_free (fixture->last_removed);
  fixture->last_removed = g_strdup (removed[0]);
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const texts[] = {"BTC", "XAU", NULL};
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();

  fixture->clock = fake_clock_new ();
  fixture->list = quotes_watchlist_new (catalog);
  quotes_watchlist_load (fixture->list, texts);
  fixture->hub = quotes_hub_new (fixture->list, QUOTES_CLOCK (fixture->clock));
  g_signal_connect (fixture->hub, "changed", G_CALLBACK (count_changed_cb), fixture);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->hub));
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  g_assert_cmpuint (fake_clock_get_n_alarms (fixture->clock), ==, 0);
  g_assert_finalize_object (g_steal_pointer (&fixture->clock));
  g_free (fixture->last_removed);
}

static void
take (Fixture *fixture, const char *symbol, double price, gint64 quote_time_us)
{
  const QuotesInstrument *instrument = quotes_watchlist_lookup (fixture->list, symbol);
  g_autoptr (GPtrArray) quotes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  QuotesQuote fields = QUOTES_QUOTE_INIT;

  fields.symbol = symbol;
  fields.name = symbol;
  fields.currency = "USD";
  fields.source = "fake";
  fields.instrument = instrument->text;
  fields.provider_symbol = instrument->provider_symbol;
  fields.price = price;
  fields.market_state = QUOTES_MARKET_STATE_REGULAR;
  fields.quote_time_us = quote_time_us;
  fields.fetched_us = quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock));
  g_ptr_array_add (quotes, quotes_quote_new (&fields));
  quotes_hub_take_quotes (fixture->hub, quotes, INTERVAL_US);
}

static void
test_same_price_is_not_news (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 first_us = 0;

  take (fixture, "XAU", 2400.5, 0);
  first_us = quotes_hub_lookup (fixture->hub, "XAU")->fetched_us;
  fake_clock_advance_us (fixture->clock, INTERVAL_US);
  take (fixture, "XAU", 2400.5, 0);

  g_assert_cmpuint (fixture->n_changed, ==, 1);
  g_assert_cmpuint (quotes_hub_get_snapshot (fixture->hub)->version, ==, 1);
  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->fetched_us, ==, first_us + INTERVAL_US);
}

static void
test_one_symbol_keeps_the_others (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  take (fixture, "XAU", 2400.5, 0);
  take (fixture, "BTC", 97000, 0);

  g_assert_cmpuint (fixture->n_last_changed, ==, 1);
  g_assert_cmpuint (quotes_hub_get_snapshot (fixture->hub)->quotes->len, ==, 2);
  g_assert_cmpfloat (quotes_hub_lookup (fixture->hub, "XAU")->price, ==, 2400.5);
}

/* Of everything that the tests take. */
static void
set_trouble (Fixture *fixture, QuotesStaleReason reason)
{
  g_autoptr (GHashTable) reasons = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (reasons, (gpointer) "XAU", GINT_TO_POINTER (reason));
  g_hash_table_insert (reasons, (gpointer) "BTC", GINT_TO_POINTER (reason));
  quotes_hub_set_troubles (fixture->hub, reasons, INTERVAL_US);
}

static void
test_one_trouble_of_many_is_one_version (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  take (fixture, "XAU", 2400.5, 0);
  take (fixture, "BTC", 97000, 0);
  set_trouble (fixture, QUOTES_STALE_REASON_PROVIDER_ERROR);
  fake_clock_advance_us (fixture->clock, 61 * G_USEC_PER_SEC);
  g_assert_cmpuint (fixture->n_changed, ==, 3);

  set_trouble (fixture, QUOTES_STALE_REASON_RATE_LIMITED);
  g_assert_cmpuint (fixture->n_changed, ==, 4);
  g_assert_cmpuint (fixture->n_last_changed, ==, 2);
  set_trouble (fixture, QUOTES_STALE_REASON_RATE_LIMITED);
  g_assert_cmpuint (fixture->n_changed, ==, 4);
}

static void
test_becomes_stale_on_time_with_the_reason (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  take (fixture, "XAU", 2400.5, 0);
  set_trouble (fixture, QUOTES_STALE_REASON_RATE_LIMITED);
  fake_clock_advance_us (fixture->clock, 60 * G_USEC_PER_SEC - 1);
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  fake_clock_advance_us (fixture->clock, G_USEC_PER_SEC);

  g_assert_cmpuint (fixture->n_changed, ==, 2);
  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_RATE_LIMITED);
  g_assert_cmpfloat (quotes_hub_lookup (fixture->hub, "XAU")->price, ==, 2400.5);
  take (fixture, "XAU", 2400.5, 0);
  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_NONE);
}

static void
test_an_old_market_time_is_stale (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 now_us = quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock));

  take (fixture, "XAU", 2400.5, now_us - 299 * G_USEC_PER_SEC);
  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_NONE);
  fake_clock_advance_us (fixture->clock, 2 * G_USEC_PER_SEC);
  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_OLD);
}

/* Ten minutes late by the exchange's terms, whatever the list says of the delay. */
static void
test_a_late_feed_is_not_stale (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 now_us = quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock));
  g_autoptr (GPtrArray) quotes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  QuotesQuote fields = QUOTES_QUOTE_INIT;

  take (fixture, "XAU", 2400.5, now_us - 610 * G_USEC_PER_SEC);
  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_OLD);

  fields = *quotes_hub_lookup (fixture->hub, "XAU");
  fields.feed_delay_minutes = 10;
  fields.stale_reason = QUOTES_STALE_REASON_NONE;
  g_ptr_array_add (quotes, quotes_quote_new (&fields));
  quotes_hub_take_quotes (fixture->hub, quotes, INTERVAL_US);
  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_NONE);
}

static void
test_an_overtaken_answer_is_ignored (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 now_us = quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock));

  take (fixture, "XAU", 2400.5, now_us);
  take (fixture, "XAU", 1.0, now_us - G_USEC_PER_SEC);
  g_assert_cmpfloat (quotes_hub_lookup (fixture->hub, "XAU")->price, ==, 2400.5);
}

static void
test_removal_is_a_version (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  take (fixture, "XAU", 2400.5, 0);
  g_assert_true (quotes_watchlist_remove (fixture->list, "XAU", NULL));

  g_assert_cmpuint (fixture->n_changed, ==, 2);
  g_assert_cmpstr (fixture->last_removed, ==, "XAU");
  g_assert_cmpuint (quotes_hub_get_snapshot (fixture->hub)->quotes->len, ==, 0);
}

static void
test_adopted_quotes_are_stale (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesSnapshot) stored = NULL;

  take (fixture, "XAU", 2400.5, 0);
  stored = quotes_snapshot_ref (quotes_hub_get_snapshot (fixture->hub));
  g_assert_true (quotes_watchlist_remove (fixture->list, "XAU", NULL));
  g_assert_nonnull (quotes_watchlist_add (fixture->list, "XAU", &(gboolean){FALSE}, NULL));
  quotes_hub_adopt_snapshot (fixture->hub, stored);

  g_assert_cmpint (quotes_hub_lookup (fixture->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_STORED);
}

/* Its symbol, or the symbol of another thing, may have come into the list since. */
static void
test_only_the_same_instrument_is_adopted (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GPtrArray) quotes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  g_autoptr (QuotesSnapshot) stored = NULL;
  QuotesQuote fields = QUOTES_QUOTE_INIT;

  take (fixture, "BTC", 1, 0);
  fields = *quotes_hub_lookup (fixture->hub, "BTC");
  fields.symbol = "XAU";
  g_ptr_array_add (quotes, quotes_quote_new (&fields));
  fields.symbol = "NOT-LISTED";
  g_ptr_array_add (quotes, quotes_quote_new (&fields));
  stored = quotes_snapshot_new (0, 0, g_steal_pointer (&quotes));
  quotes_hub_adopt_snapshot (fixture->hub, stored);

  g_assert_null (quotes_hub_lookup (fixture->hub, "XAU"));
  g_assert_null (quotes_hub_lookup (fixture->hub, "NOT-LISTED"));
  g_assert_cmpuint (quotes_hub_get_snapshot (fixture->hub)->quotes->len, ==, 1);
}

static void
test_writes_the_wire_form (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GString) text = g_string_new (NULL);

  take (fixture, "XAU", 2400.5, 0);
  quotes_quote_append_json (quotes_hub_lookup (fixture->hub, "XAU"), NULL, text);
  g_assert_true (g_str_has_prefix (
    text->str, "{\"symbol\":\"XAU\",\"name\":\"XAU\",\"asset_class\":\"other\",\"price\":2400.5,"
               "\"currency\":\"USD\",\"change\":null,\"change_pct\":null,"
               "\"ts_iso\":\"2023-11-14T22:13:20+00:00\",\"source\":\"fake\","
               "\"is_delayed\":false,\"delay_minutes\":0,\"instrument\":\"yahoo:GC=F\""));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/hub/same-price-is-not-news", test_same_price_is_not_news);
  ADD ("/hub/one-symbol-keeps-the-others", test_one_symbol_keeps_the_others);
  ADD ("/hub/one-trouble-of-many-is-one-version", test_one_trouble_of_many_is_one_version);
  ADD ("/hub/becomes-stale-on-time-with-the-reason", test_becomes_stale_on_time_with_the_reason);
  ADD ("/hub/an-old-market-time-is-stale", test_an_old_market_time_is_stale);
  ADD ("/hub/a-late-feed-is-not-stale", test_a_late_feed_is_not_stale);
  ADD ("/hub/an-overtaken-answer-is-ignored", test_an_overtaken_answer_is_ignored);
  ADD ("/hub/removal-is-a-version", test_removal_is_a_version);
  ADD ("/hub/adopted-quotes-are-stale", test_adopted_quotes_are_stale);
  ADD ("/hub/only-the-same-instrument-is-adopted", test_only_the_same_instrument_is_adopted);
  ADD ("/quote/writes-the-wire-form", test_writes_the_wire_form);
#undef ADD

  return g_test_run ();
}
