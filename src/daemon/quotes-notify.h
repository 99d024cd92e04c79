/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Tells systemd, if it asked through $NOTIFY_SOCKET: `READY=1`, `STOPPING=1`. */
void quotes_notify (const char *state);

G_END_DECLS
