/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LoadProcess:
 * @cpu_ns: on a processor since it started, all threads; exact, unlike the ticks of `stat`
 * @resident_kib: its resident memory
 * @n_descriptors: what it has open
 */
typedef struct
{
  guint64 cpu_ns;
  guint64 resident_kib;
  guint n_descriptors;
} LoadProcess;

gboolean load_process_sample (guint pid, LoadProcess *sample);
/* All processors, everything but idling, since the machine started. */
guint64 load_machine_get_busy_ns (void);
guint64 load_self_get_cpu_ns (void);
/* What the kernel holds for all TCP sockets together: bytes. */
guint64 load_machine_get_tcp_memory (void);

G_END_DECLS
