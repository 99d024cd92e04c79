/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* json-glib 1.6 reads `{'a':1}`, `var x = 1;`, `0x10`, `01`, `"\q"` and `{}{}`; RFC 8259 does not.
 * So the bytes are read by a scanner first that knows the tokens, the depth and that there is one
 * value; the parser then checks the rest. */
gboolean quotes_json_scan (const char *data, gsize size, GString **patched, GError **error);

G_END_DECLS
