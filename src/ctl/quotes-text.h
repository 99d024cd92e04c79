/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text as a terminal sees it: in cells, left to right or not, and never in command of it. */
char *quotes_text_clean (const char *text);
gboolean quotes_text_is_rtl (const char *text);
guint quotes_text_get_width (const char *text);
char *quotes_text_truncate (const char *text, guint width);
char *quotes_text_isolate (const char *text);
char *quotes_text_to_charset (const char *text, const char *charset);

G_END_DECLS
