/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "backfill-fixture.h"

#include "catalog-file.h"

void
backfill_fixture_set_up (BackfillFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const texts[] = {"XAU", "XAG", NULL};
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();

  fixture->clock = fake_clock_new ();
  fixture->yahoo = fake_provider_new ("yahoo");
  fixture->breaker = quotes_breaker_new (QUOTES_CLOCK (fixture->clock), 60 * SECOND_US,
                                         900 * SECOND_US, g_rand_new_with_seed (2));
  fixture->list = quotes_watchlist_new (catalog);
  quotes_watchlist_load (fixture->list, texts);
  fixture->hub = quotes_hub_new (fixture->list, QUOTES_CLOCK (fixture->clock));
  fixture->poller =
    quotes_poller_new (fixture->hub, QUOTES_CLOCK (fixture->clock), g_rand_new_with_seed (1));
  quotes_poller_set_fixed (fixture->poller, TRUE);
  quotes_poller_set_interval (fixture->poller, 30 * SECOND_US);
  quotes_poller_add_provider (fixture->poller, QUOTES_PROVIDER (fixture->yahoo), fixture->breaker);
  fixture->archive = fake_archive_new ();
  fixture->backfill =
    quotes_backfill_new (fixture->hub, fixture->poller, QUOTES_ARCHIVE (fixture->archive),
                         QUOTES_CLOCK (fixture->clock), g_rand_new_with_seed (3));
  quotes_backfill_add_provider (fixture->backfill, QUOTES_PROVIDER (fixture->yahoo),
                                fixture->breaker, TRUE);
}

void
backfill_fixture_tear_down (BackfillFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_backfill_stop (fixture->backfill);
  quotes_poller_stop (fixture->poller);
  if (fake_provider_is_waiting (fixture->yahoo))
    fake_provider_answer (fixture->yahoo, 1);
  if (fake_provider_is_history_waiting (fixture->yahoo))
    fake_provider_fail_history (fixture->yahoo, QUOTES_PROVIDER_ERROR_NETWORK);
  while (fake_archive_get_n_waiting (fixture->archive) > 0)
    fake_archive_fail (fixture->archive);
  backfill_fixture_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->backfill));
  g_assert_finalize_object (g_steal_pointer (&fixture->archive));
  g_assert_finalize_object (g_steal_pointer (&fixture->poller));
  g_assert_finalize_object (g_steal_pointer (&fixture->hub));
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  g_assert_finalize_object (g_steal_pointer (&fixture->breaker));
  g_assert_finalize_object (g_steal_pointer (&fixture->yahoo));
  g_assert_cmpuint (fake_clock_get_n_alarms (fixture->clock), ==, 0);
  g_assert_finalize_object (g_steal_pointer (&fixture->clock));
}

void
backfill_fixture_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

gint64
backfill_fixture_get_real_us (BackfillFixture *fixture)
{
  return quotes_clock_get_real_us (QUOTES_CLOCK (fixture->clock));
}

static QuotesQuote *
make_quote (const QuotesInstrument *instrument, gint64 fetched_us)
{
  QuotesQuote fields = QUOTES_QUOTE_INIT;

  fields.symbol = instrument->symbol;
  fields.name = instrument->symbol;
  fields.currency = "USD";
  fields.source = instrument->provider;
  fields.instrument = instrument->text;
  fields.provider_symbol = instrument->provider_symbol;
  fields.price = 100;
  fields.fetched_us = fetched_us;
  return quotes_quote_new (&fields);
}

static void
adopt (BackfillFixture *fixture, gint64 fetched_us)
{
  GPtrArray *instruments = quotes_watchlist_get_instruments (fixture->list);
  GPtrArray *quotes = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  g_autoptr (QuotesSnapshot) snapshot = NULL;

  for (guint i = 0; i < instruments->len; i++)
    g_ptr_array_add (quotes, make_quote (g_ptr_array_index (instruments, i), fetched_us));
  snapshot = quotes_snapshot_new (0, fetched_us, quotes);
  quotes_hub_adopt_snapshot (fixture->hub, snapshot);
}

void
backfill_fixture_start (BackfillFixture *fixture, gint64 kept_ago_us)
{
  if (kept_ago_us > 0)
    adopt (fixture, backfill_fixture_get_real_us (fixture) - kept_ago_us);
  quotes_backfill_start (fixture->backfill);
  /* What the hub knows need not be asked. */
  g_assert_cmpuint (fake_archive_get_n_waiting (fixture->archive), ==, kept_ago_us > 0 ? 0 : 2);
  while (fake_archive_get_n_waiting (fixture->archive) > 0)
    fake_archive_answer_newest (fixture->archive, 0);
  backfill_fixture_settle ();
  quotes_poller_start (fixture->poller);
  fake_clock_advance_us (fixture->clock, 0);
}

void
backfill_fixture_give_prices (BackfillFixture *fixture)
{
  QuotesBatch *batch = quotes_batch_new ();
  GPtrArray *instruments = NULL;

  while (!fake_provider_is_waiting (fixture->yahoo))
    fake_clock_advance_us (fixture->clock, SECOND_US / 4);
  fixture->priced_us = backfill_fixture_get_real_us (fixture);
  instruments = fake_provider_get_instruments (fixture->yahoo);
  for (guint i = 0; i < instruments->len; i++)
    quotes_batch_take_quote (batch,
                             make_quote (g_ptr_array_index (instruments, i), fixture->priced_us));
  fake_provider_answer_batch (fixture->yahoo, batch);
  backfill_fixture_settle ();
}

static gboolean
is_asked (BackfillFixture *fixture)
{
  return fake_archive_get_n_waiting (fixture->archive) > 0 ||
         fake_provider_is_history_waiting (fixture->yahoo);
}

void
backfill_fixture_run_quietly (BackfillFixture *fixture, gint64 us)
{
  gint64 end_us = backfill_fixture_get_real_us (fixture) + us;

  while (backfill_fixture_get_real_us (fixture) < end_us)
    {
      backfill_fixture_give_prices (fixture);
      fake_clock_advance_us (fixture->clock, 12 * SECOND_US);
      g_assert_false (is_asked (fixture));
    }
}

static gint64
wait_for_question (BackfillFixture *fixture)
{
  gint64 begin_us = backfill_fixture_get_real_us (fixture);

  while (!is_asked (fixture))
    {
      g_assert_cmpint (backfill_fixture_get_real_us (fixture) - begin_us, <, 48 * HOUR_US);
      if (fake_provider_is_waiting (fixture->yahoo))
        backfill_fixture_give_prices (fixture);
      fake_clock_advance_us (fixture->clock, SECOND_US / 4);
    }
  return backfill_fixture_get_real_us (fixture) - begin_us;
}

gint64
backfill_fixture_wait_for_archive (BackfillFixture *fixture)
{
  gint64 priced_us = fixture->priced_us;
  gint64 waited_us = wait_for_question (fixture);

  g_assert_false (fake_provider_is_history_waiting (fixture->yahoo));
  /* The test goes on about the prices that it gave. */
  fixture->priced_us = priced_us;
  return waited_us;
}

gint64
backfill_fixture_wait_for_history (BackfillFixture *fixture)
{
  gint64 priced_us = fixture->priced_us;
  gint64 waited_us = wait_for_question (fixture);

  g_assert_true (fake_provider_is_history_waiting (fixture->yahoo));
  fixture->priced_us = priced_us;
  return waited_us;
}

static void
append_bar (QuotesHistory *history, gint64 start_us, const char *source)
{
  const QuotesBar bar = {start_us, 1, 1, 1, 1, source, FALSE};

  quotes_history_append (history, &bar);
}

void
backfill_fixture_answer_kept (BackfillFixture *fixture, const char *symbol, const char *source)
{
  QuotesHistory *history = quotes_history_new (symbol, "USD", QUOTES_INTERVAL_DAY);

  if (source != NULL)
    append_bar (history, DAY_US, source);
  append_bar (history, 2 * DAY_US, "yahoo");
  fake_archive_answer_history (fixture->archive, history);
  backfill_fixture_settle ();
}

void
backfill_fixture_answer_bars (BackfillFixture *fixture,
                              const char *symbol,
                              QuotesInterval interval,
                              guint n)
{
  QuotesHistory *history = quotes_history_new (symbol, "USD", interval);
  gint64 bar_us = quotes_interval_get_us (interval);
  gint64 last_us = fixture->priced_us / bar_us * bar_us;

  for (guint i = 0; i < n; i++)
    append_bar (history, last_us - (n - 1 - i) * bar_us, "yahoo:chart");
  fake_provider_answer_history (fixture->yahoo, history);
  backfill_fixture_settle ();
}

void
backfill_fixture_start_filled (BackfillFixture *fixture)
{
  backfill_fixture_start (fixture, MINUTE_US);
  backfill_fixture_give_prices (fixture);
  backfill_fixture_wait_for_archive (fixture);
  backfill_fixture_answer_kept (fixture, "XAU", "yahoo:chart");
  backfill_fixture_wait_for_archive (fixture);
  backfill_fixture_answer_kept (fixture, "XAG", "yahoo:chart");
}

void
backfill_fixture_start_gap (BackfillFixture *fixture)
{
  backfill_fixture_start_filled (fixture);
  fake_clock_advance_us (fixture->clock, HOUR_US);
  backfill_fixture_give_prices (fixture);
  backfill_fixture_wait_for_history (fixture);
}
