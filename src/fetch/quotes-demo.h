/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-clock.h"
#include "quotes-provider.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_DEMO (quotes_demo_get_type ())
G_DECLARE_FINAL_TYPE (QuotesDemo, quotes_demo, QUOTES, DEMO, GObject)

QuotesProvider *quotes_demo_new (QuotesClock *clock, guint32 seed);

G_END_DECLS
