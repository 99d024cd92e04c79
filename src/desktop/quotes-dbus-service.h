/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "quotes-archive.h"
#include "quotes-dbus-calls.h"
#include "quotes-hub.h"
#include "quotes-poller.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_DBUS_SERVICE (quotes_dbus_service_get_type ())
G_DECLARE_FINAL_TYPE (QuotesDbusService, quotes_dbus_service, QUOTES, DBUS_SERVICE, GObject)

QuotesDbusService *quotes_dbus_service_new (QuotesHub *hub, QuotesPoller *poller);
gboolean quotes_dbus_service_export (QuotesDbusService *self,
                                     GDBusConnection *connection,
                                     GError **error);
void quotes_dbus_service_unexport (QuotesDbusService *self);
void quotes_dbus_service_set_address (QuotesDbusService *self, const char *address);
void quotes_dbus_service_set_archive (QuotesDbusService *self, QuotesArchive *archive);
guint quotes_dbus_service_get_n_holds (QuotesDbusService *self);
QuotesDbusCalls *quotes_dbus_service_get_calls (QuotesDbusService *self);

G_END_DECLS
