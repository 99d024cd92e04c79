/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-snapshot.h"

G_BEGIN_DECLS

GVariant *quotes_quote_to_variant (const QuotesQuote *self);
GVariant *quotes_quotes_to_variant (GPtrArray *quotes);

G_END_DECLS
