/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* 1 GiB of zeros in about 1 MiB of gzip; @twice: that again in gzip, some KiB. */
GBytes *scripted_bomb_new (gboolean twice);

G_END_DECLS
