/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean quotes_request_path_is_good (const char *path, gsize size);
gboolean quotes_request_query_is_good (const char *query, gsize size);

G_END_DECLS
