/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* For commands that ask one thing after the other: pass quotes_await_cb() with the address of a
 * result that is NULL, then wait for it. */
void quotes_await_cb (GObject *source, GAsyncResult *result, gpointer user_data);
void quotes_await (GAsyncResult **result);

G_END_DECLS
