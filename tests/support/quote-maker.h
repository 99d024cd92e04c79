/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-snapshot.h"

/* 2026-02-17T09:30:00Z */
#define MAKER_TIME_US (G_GINT64_CONSTANT (1771320600) * G_USEC_PER_SEC)

/* A rising price of an open market; the test changes what it is about. */
static inline QuotesQuote
maker_get_fields (const char *symbol, const char *name)
{
  QuotesQuote fields = QUOTES_QUOTE_INIT;

  fields.symbol = symbol;
  fields.name = name;
  fields.asset_class = QUOTES_ASSET_CLASS_METAL;
  fields.price = 64000.5;
  fields.currency = "USD";
  fields.change = 800.25;
  fields.change_pct = 1.25;
  fields.fetched_us = MAKER_TIME_US;
  fields.source = "fake";
  fields.instrument = "yahoo:X";
  fields.provider_symbol = "X";
  fields.market_state = QUOTES_MARKET_STATE_REGULAR;

  return fields;
}

/* Returns: (transfer full): a snapshot of one quote */
static inline QuotesSnapshot *
maker_snapshot (const QuotesQuote *fields)
{
  GPtrArray *quotes = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);

  g_ptr_array_add (quotes, quotes_quote_new (fields));
  return quotes_snapshot_new (7, MAKER_TIME_US, quotes);
}
