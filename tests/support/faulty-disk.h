/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the whole process sees as its disk through SQLite, until the end of the process. */
void faulty_disk_install (void);
/* The @n_th from now on of all writes, syncs, truncations and openings fails with @code of SQLite;
 * 0 = none. */
void faulty_disk_fail_once (int n_th, int code);
/* Every write and every growth fails with @code from now on; 0 = none does. */
void faulty_disk_fail_all (int code);
/* Whether what faulty_disk_fail_once() asked for has happened. */
gboolean faulty_disk_has_failed (void);

G_END_DECLS
