/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-archive.h"
#include "quotes-dbus-callers.h"
#include "quotes-watchlist.h"

G_BEGIN_DECLS

/**
 * QuotesDbusHistory:
 *
 * The methods of `Quotes1` that ask for the past. Their answers wait until the archive has read
 * them, and count as calls of their callers until then (rule H6).
 */
typedef struct _QuotesDbusHistory QuotesDbusHistory;

QuotesDbusHistory *quotes_dbus_history_new (QuotesWatchlist *watchlist);
void quotes_dbus_history_free (QuotesDbusHistory *self);
void quotes_dbus_history_set_archive (QuotesDbusHistory *self, QuotesArchive *archive);
QuotesArchive *quotes_dbus_history_get_archive (QuotesDbusHistory *self);
void quotes_dbus_history_get_history (QuotesDbusHistory *self,
                                      QuotesDbusCallers *callers,
                                      GDBusMethodInvocation *invocation,
                                      GVariant *arguments);
void quotes_dbus_history_get_records (QuotesDbusHistory *self,
                                      QuotesDbusCallers *callers,
                                      GDBusMethodInvocation *invocation,
                                      GVariant *arguments);
void quotes_dbus_history_refuse (QuotesDbusHistory *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesDbusHistory, quotes_dbus_history_free)

G_END_DECLS
