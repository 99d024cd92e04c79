/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether the figures below mean what they say: not under a checker that keeps freed memory. */
gboolean memory_is_measurable (void);
/* @pid: 0 = this process */
gint64 memory_get_resident_kib (int pid);
/* The most that this process had since memory_forget_peak(). */
gint64 memory_get_peak_kib (void);
void memory_forget_peak (void);

G_END_DECLS
