/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "quotes-error.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_DBUS_CALLERS (quotes_dbus_callers_get_type ())
G_DECLARE_FINAL_TYPE (QuotesDbusCallers, quotes_dbus_callers, QUOTES, DBUS_CALLERS, GObject)

QuotesDbusCallers *quotes_dbus_callers_new (GDBusConnection *connection);
gboolean quotes_dbus_callers_begin_call (QuotesDbusCallers *self, const char *sender);
void quotes_dbus_callers_end_call (QuotesDbusCallers *self, const char *sender);
guint32 quotes_dbus_callers_hold (QuotesDbusCallers *self, const char *sender);
gboolean quotes_dbus_callers_release (QuotesDbusCallers *self, const char *sender, guint32 cookie);
guint quotes_dbus_callers_get_n_holds (QuotesDbusCallers *self);

G_END_DECLS
