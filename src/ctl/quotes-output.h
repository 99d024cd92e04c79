/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Writing to a descriptor that blocks. That the reader is gone is G_IO_ERROR_BROKEN_PIPE. */
gboolean quotes_output_write (int fd, const char *text, gsize size, GError **error);
gboolean quotes_output_write_for_people (int fd, const char *text, GError **error);
guint quotes_output_get_width (int fd);
void quotes_output_get_size (int fd, guint *width, guint *height);

G_END_DECLS
