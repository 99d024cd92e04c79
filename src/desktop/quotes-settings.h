/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "quotes-watchlist.h"

G_BEGIN_DECLS

/* Days for which single prices and bars of a minute and of an hour are kept, and the size that they
 * may take. */
typedef struct
{
  int tick_days;
  int minute_days;
  int hour_days;
  int max_mib;
} QuotesHistoryLimits;

#define QUOTES_TYPE_SETTINGS (quotes_settings_get_type ())
G_DECLARE_FINAL_TYPE (QuotesSettings, quotes_settings, QUOTES, SETTINGS, GObject)

QuotesSettings *quotes_settings_new (const char *file, GError **error);
QuotesSettings *quotes_settings_new_for_program (const char *file,
                                                 const char *program,
                                                 GError **error);
void quotes_settings_bind_watchlist (QuotesSettings *self,
                                     QuotesWatchlist *watchlist,
                                     const char *const *defaults);
char **quotes_settings_dup_watchlist (QuotesSettings *self);
void quotes_settings_set_watchlist (QuotesSettings *self, const char *const *texts);
gint64 quotes_settings_get_interval_us (QuotesSettings *self);
gboolean quotes_settings_is_adaptive (QuotesSettings *self);
char **quotes_settings_dup_allowed_hosts (QuotesSettings *self);
char *quotes_settings_dup_contact (QuotesSettings *self);
void quotes_settings_get_history_limits (QuotesSettings *self, QuotesHistoryLimits *limits);
void quotes_settings_flush (QuotesSettings *self);

G_END_DECLS
