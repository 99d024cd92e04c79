/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "quotes-error.h"

G_BEGIN_DECLS

void quotes_dbus_return_error (GDBusMethodInvocation *invocation,
                               const GError *error,
                               const char *text);
void quotes_dbus_return_code (GDBusMethodInvocation *invocation,
                              QuotesError code,
                              const char *text);

G_END_DECLS
