/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-instrument.h"

G_DEFINE_BOXED_TYPE (QuotesInstrument,
                     quotes_instrument,
                     quotes_instrument_ref,
                     quotes_instrument_unref)

static const char *const asset_classes[] = {
  [QUOTES_ASSET_CLASS_CRYPTO] = "crypto", [QUOTES_ASSET_CLASS_METAL] = "metal",
  [QUOTES_ASSET_CLASS_OIL] = "oil",       [QUOTES_ASSET_CLASS_INDEX] = "index",
  [QUOTES_ASSET_CLASS_FX] = "fx",         [QUOTES_ASSET_CLASS_OTHER] = "other",
};

/**
 * quotes_asset_class_to_string:
 *
 * Returns: (transfer none): the word on the wire; `other` for what is unknown, as the set is closed
 */
const char *
quotes_asset_class_to_string (QuotesAssetClass asset_class)
{
  g_return_val_if_fail ((gsize) asset_class < G_N_ELEMENTS (asset_classes), "other");

  return asset_class == QUOTES_ASSET_CLASS_UNKNOWN ? "other" : asset_classes[asset_class];
}

QuotesAssetClass
quotes_asset_class_from_string (const char *text)
{
  for (gsize i = 1; i < G_N_ELEMENTS (asset_classes); i++)
    if (g_strcmp0 (text, asset_classes[i]) == 0)
      return (QuotesAssetClass) i;

  return QUOTES_ASSET_CLASS_UNKNOWN;
}

/* Texts are interned and counted: the same few names recur in every quote, and what a peer sends
 * must not stay for ever. */
static const char *
intern (const char *text)
{
  return text != NULL ? g_ref_string_new_intern (text) : NULL;
}

static void
release (const char *text)
{
  if (text != NULL)
    g_ref_string_release ((char *) text);
}

/**
 * quotes_instrument_new:
 * @fields: a filled struct; texts are copied
 *
 * Returns: (transfer full): a new instrument
 */
QuotesInstrument *
quotes_instrument_new (const QuotesInstrument *fields)
{
  QuotesInstrument *self = NULL;

  g_return_val_if_fail (fields->symbol != NULL && fields->provider != NULL, NULL);
  g_return_val_if_fail (fields->provider_symbol != NULL && fields->text != NULL, NULL);

  self = g_atomic_rc_box_new (QuotesInstrument);
  *self = *fields;
  self->symbol = intern (fields->symbol);
  self->provider = intern (fields->provider);
  self->provider_symbol = intern (fields->provider_symbol);
  self->text = intern (fields->text);
  self->name = intern (fields->name);

  return self;
}

QuotesInstrument *
quotes_instrument_ref (QuotesInstrument *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  QuotesInstrument *self = data;

  release (self->symbol);
  release (self->provider);
  release (self->provider_symbol);
  release (self->text);
  release (self->name);
}

void
quotes_instrument_unref (QuotesInstrument *self)
{
  g_atomic_rc_box_release_full (self, clear);
}
