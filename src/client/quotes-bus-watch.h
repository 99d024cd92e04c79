/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "quotes-client.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_BUS_WATCH (quotes_bus_watch_get_type ())
G_DECLARE_FINAL_TYPE (QuotesBusWatch, quotes_bus_watch, QUOTES, BUS_WATCH, GObject)

QuotesBusWatch *quotes_bus_watch_new (QuotesClient *client, GDBusConnection *connection);

G_END_DECLS
