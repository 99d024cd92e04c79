/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GError *quotes_bus_error_translate (const GError *error);

G_END_DECLS
