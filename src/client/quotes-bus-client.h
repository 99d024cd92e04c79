/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "quotes-client.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_BUS_CLIENT (quotes_bus_client_get_type ())
G_DECLARE_FINAL_TYPE (QuotesBusClient, quotes_bus_client, QUOTES, BUS_CLIENT, GObject)

QuotesClient *quotes_bus_client_new (GDBusConnection *connection);

/* For the interfaces of the client that live in files of their own. Calls @method of our object;
 * the result of @task, which is taken, is the reply, of @type. */
void quotes_bus_client_call (QuotesBusClient *self,
                             const char *interface,
                             const char *method,
                             GVariant *arguments,
                             const char *type,
                             GTask *task);
GVariant *quotes_bus_client_call_finish (QuotesBusClient *self,
                                         GAsyncResult *result,
                                         GError **error);

G_END_DECLS
