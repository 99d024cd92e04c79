/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-quote-variant.h"

static void
add_text (GVariantBuilder *builder, const char *member, const char *value)
{
  if (value != NULL)
    g_variant_builder_add (builder, "{sv}", member, g_variant_new_string (value));
}

static void
add_number (GVariantBuilder *builder, const char *member, double value)
{
  if (isfinite (value))
    g_variant_builder_add (builder, "{sv}", member, g_variant_new_double (value));
}

static void
add_count (GVariantBuilder *builder, const char *member, int value)
{
  g_variant_builder_add (builder, "{sv}", member, g_variant_new_int32 (value));
}

static void
add_flag (GVariantBuilder *builder, const char *member, gboolean value)
{
  g_variant_builder_add (builder, "{sv}", member, g_variant_new_boolean (value));
}

static void
add_time (GVariantBuilder *builder, const char *member, gint64 value_us)
{
  if (value_us > 0)
    g_variant_builder_add (builder, "{sv}", member, g_variant_new_int64 (value_us));
}

/**
 * quotes_quote_to_variant:
 * @self: a quote
 *
 * Returns: (transfer floating): an `a{sv}` with the member names of the JSON (contract 3), in which
 *   unknown members are absent
 */
GVariant *
quotes_quote_to_variant (const QuotesQuote *self)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "symbol", self->symbol);
  add_text (&builder, "name", self->name);
  add_text (&builder, "asset_class", quotes_asset_class_to_string (self->asset_class));
  add_number (&builder, "price", self->price);
  add_text (&builder, "currency", self->currency);
  add_number (&builder, "change", self->change);
  add_number (&builder, "change_pct", self->change_pct);
  add_time (&builder, "ts_iso", self->fetched_us);
  add_text (&builder, "source", self->source);
  add_flag (&builder, "is_delayed", self->is_delayed);
  add_count (&builder, "delay_minutes", self->delay_minutes);
  add_text (&builder, "instrument", self->instrument);
  add_text (&builder, "provider_symbol", self->provider_symbol);
  add_number (&builder, "previous_close", self->previous_close);
  add_number (&builder, "open", self->open);
  add_number (&builder, "high", self->high);
  add_number (&builder, "low", self->low);
  add_number (&builder, "volume", self->volume);
  add_text (&builder, "change_basis", quotes_change_basis_to_string (self->change_basis));
  add_text (&builder, "market_state", quotes_market_state_to_string (self->market_state));
  add_text (&builder, "exchange", self->exchange);
  add_text (&builder, "exchange_timezone", self->exchange_timezone);
  add_time (&builder, "quote_time", self->quote_time_us);
  add_text (&builder, "quoted_as", self->quoted_as);
  add_count (&builder, "decimals", self->decimals);
  add_flag (&builder, "stale", self->stale_reason != QUOTES_STALE_REASON_NONE);
  add_text (&builder, "stale_reason", quotes_stale_reason_to_string (self->stale_reason));

  return g_variant_builder_end (&builder);
}

/**
 * quotes_quotes_to_variant:
 * @quotes: (element-type QuotesQuote): quotes
 *
 * Returns: (transfer floating): an `aa{sv}` in the same order
 */
GVariant *
quotes_quotes_to_variant (GPtrArray *quotes)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < quotes->len; i++)
    g_variant_builder_add_value (&builder, quotes_quote_to_variant (g_ptr_array_index (quotes, i)));

  return g_variant_builder_end (&builder);
}
