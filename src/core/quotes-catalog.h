/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "quotes-error.h"
#include "quotes-instrument.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_CATALOG (quotes_catalog_get_type ())
G_DECLARE_FINAL_TYPE (QuotesCatalog, quotes_catalog, QUOTES, CATALOG, GObject)

QuotesCatalog *quotes_catalog_new (const char *data, gsize size, GError **error);
void quotes_catalog_withdraw_provider (QuotesCatalog *self, const char *provider);
char **quotes_catalog_dup_default_texts (QuotesCatalog *self);
QuotesInstrument *quotes_catalog_resolve (QuotesCatalog *self, const char *text, GError **error);

G_END_DECLS
