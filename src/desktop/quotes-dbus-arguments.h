/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean quotes_dbus_arguments_check (GVariant *arguments, GError **error);

G_END_DECLS
