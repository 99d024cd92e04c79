/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *quotes_state_dir_dup_path (const char *option);
int quotes_state_dir_open (const char *path, int *lock_fd, GError **error);
gboolean quotes_state_dir_check (const char *path, GError **error);

G_END_DECLS
