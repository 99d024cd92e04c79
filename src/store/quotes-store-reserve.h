/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * QuotesStoreReserve:
 *
 * A file of nothing, `reserve` in the state folder, that is given up when the disk is full: SQLite
 * needs room even to remove something. For the writer's thread only.
 */
typedef struct _QuotesStoreReserve QuotesStoreReserve;

QuotesStoreReserve *quotes_store_reserve_new (const char *dir);
void quotes_store_reserve_free (QuotesStoreReserve *self);
gboolean quotes_store_reserve_give_up (QuotesStoreReserve *self);
void quotes_store_reserve_ensure (QuotesStoreReserve *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesStoreReserve, quotes_store_reserve_free)

G_END_DECLS
