/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "alerts-fixture.h"

#include "catalog-file.h"

void
alerts_fixture_set_up (AlertsFixture *self)
{
  static const char *const texts[] = {"BTC", "XAU", NULL};
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();

  self->clock = fake_clock_new ();
  self->list = quotes_watchlist_new (catalog);
  quotes_watchlist_load (self->list, texts);
  self->hub = quotes_hub_new (self->list, QUOTES_CLOCK (self->clock));
  self->alerts = quotes_alerts_new (self->hub, NULL, QUOTES_CLOCK (self->clock));
}

void
alerts_fixture_tear_down (AlertsFixture *self)
{
  g_assert_finalize_object (g_steal_pointer (&self->alerts));
  g_assert_finalize_object (g_steal_pointer (&self->hub));
  g_assert_finalize_object (g_steal_pointer (&self->list));
  g_assert_cmpuint (fake_clock_get_n_alarms (self->clock), ==, 0);
  g_assert_finalize_object (g_steal_pointer (&self->clock));
}

void
alerts_fixture_publish (AlertsFixture *self, const char *symbol, double price)
{
  const QuotesInstrument *instrument = quotes_watchlist_lookup (self->list, symbol);
  g_autoptr (GPtrArray) quotes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  QuotesQuote fields = QUOTES_QUOTE_INIT;

  fields.symbol = symbol;
  fields.name = instrument->name != NULL ? instrument->name : symbol;
  fields.currency = "USD";
  fields.source = "fake";
  fields.instrument = instrument->text;
  fields.provider_symbol = instrument->provider_symbol;
  fields.price = price;
  fields.decimals = 2;
  fields.market_state = QUOTES_MARKET_STATE_ALWAYS;
  fields.fetched_us = quotes_clock_get_real_us (QUOTES_CLOCK (self->clock));
  g_ptr_array_add (quotes, quotes_quote_new (&fields));
  quotes_hub_take_quotes (self->hub, quotes, 30 * (gint64) G_USEC_PER_SEC);
}

const char *
alerts_fixture_add_above (AlertsFixture *self, const char *symbol, double level)
{
  QuotesAlert fields = QUOTES_ALERT_INIT;
  g_autoptr (GError) error = NULL;
  const QuotesAlert *alert = NULL;

  fields.kind = QUOTES_ALERT_ABOVE;
  fields.symbol = symbol;
  fields.level = level;
  fields.is_repeating = TRUE;
  fields.cooldown_us = 0;
  fields.hysteresis_percent = 0;
  alert = quotes_alerts_add (self->alerts, &fields, &error);
  g_assert_no_error (error);
  return alert->id;
}
