/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * QuotesAssetClass:
 *
 * The closed set of wire format 2.1; %QUOTES_ASSET_CLASS_UNKNOWN stands for "ask the provider" and
 * is never written.
 */
typedef enum
{
  QUOTES_ASSET_CLASS_UNKNOWN,
  QUOTES_ASSET_CLASS_CRYPTO,
  QUOTES_ASSET_CLASS_METAL,
  QUOTES_ASSET_CLASS_OIL,
  QUOTES_ASSET_CLASS_INDEX,
  QUOTES_ASSET_CLASS_FX,
  QUOTES_ASSET_CLASS_OTHER,
} QuotesAssetClass;

const char *quotes_asset_class_to_string (QuotesAssetClass asset_class);
QuotesAssetClass quotes_asset_class_from_string (const char *text);

#define QUOTES_TYPE_INSTRUMENT (quotes_instrument_get_type ())

/**
 * QuotesInstrument:
 * @symbol: the key everywhere, e.g. `XAU`; never changes
 * @provider: id of the provider that prices it, e.g. `yahoo`
 * @provider_symbol: the provider's own name for it, e.g. `GC=F`
 * @text: `PROVIDER:NAME`, what the user types and what the settings keep
 * @name: (nullable): display name; %NULL = the provider's, else the symbol
 * @asset_class: %QUOTES_ASSET_CLASS_UNKNOWN = what the provider says
 * @delay_minutes: how old its prices are; -1 = what the provider says
 *
 * One thing that has a price. Immutable and shared between threads.
 */
typedef struct
{
  const char *symbol;
  const char *provider;
  const char *provider_symbol;
  const char *text;
  const char *name;
  QuotesAssetClass asset_class;
  int delay_minutes;
} QuotesInstrument;

GType quotes_instrument_get_type (void);

QuotesInstrument *quotes_instrument_new (const QuotesInstrument *fields);
QuotesInstrument *quotes_instrument_ref (QuotesInstrument *self);
void quotes_instrument_unref (QuotesInstrument *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesInstrument, quotes_instrument_unref)

G_END_DECLS
