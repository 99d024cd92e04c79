/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "quotes-client.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_BUS_CLIENT (quotes_bus_client_get_type ())
G_DECLARE_FINAL_TYPE (QuotesBusClient, quotes_bus_client, QUOTES, BUS_CLIENT, GObject)

QuotesClient *quotes_bus_client_new (GDBusConnection *connection);

G_END_DECLS
