/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert-state.h"

G_BEGIN_DECLS

/**
 * QuotesAlertList:
 * @alerts: (element-type QuotesAlert): oldest first
 * @saved: (element-type QuotesAlert): what nobody was told of yet
 * @fired: (element-type QuotesAlertFired): likewise
 * @is_changed: whether somebody could see a difference
 *
 * The alerts with what is remembered of each, and what has to be told when all is done.
 */
typedef struct
{
  GPtrArray *alerts;
  GPtrArray *saved;
  GPtrArray *fired;
  gboolean is_changed;

  GPtrArray *states; /* (element-type QuotesAlertState): in step with @alerts */
  guint64 last_id;
} QuotesAlertList;

QuotesAlertList *quotes_alert_list_new (void);
void quotes_alert_list_free (QuotesAlertList *self);
QuotesAlert *quotes_alert_list_get (QuotesAlertList *self, guint i);
QuotesAlertState *quotes_alert_list_get_state (QuotesAlertList *self, guint i);
gboolean quotes_alert_list_find (QuotesAlertList *self, const char *id, guint *i);
char *quotes_alert_list_dup_next_id (QuotesAlertList *self, gint64 real_us);
void quotes_alert_list_take (QuotesAlertList *self, QuotesAlert *alert, QuotesAlertState *state);
void quotes_alert_list_remove (QuotesAlertList *self, guint i);
void quotes_alert_list_replace (QuotesAlertList *self, guint i, const QuotesAlert *fields);
void quotes_alert_list_settle (QuotesAlertList *self, guint i);
QuotesAlertFired *quotes_alert_list_fire (QuotesAlertList *self, guint i, QuotesAlertFired *fields);
void quotes_alert_list_forget (QuotesAlertList *self, guint i);
gboolean quotes_alert_list_steal_news (QuotesAlertList *self, GPtrArray **saved, GPtrArray **fired);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesAlertList, quotes_alert_list_free)

G_END_DECLS
