/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "quotes-alert.h"

G_BEGIN_DECLS

void quotes_alert_append_json (const QuotesAlert *self, GString *text);
void quotes_alert_fired_append_json (const QuotesAlertFired *self, GString *text);
gboolean quotes_alert_read_json (JsonObject *object, QuotesAlert *fields, const char **member);

/**
 * QuotesAlertPatch:
 * @has_enabled: whether @is_enabled was said
 * @is_enabled: whether it may fire from now on
 * @has_snooze: whether @snooze_us was said
 * @snooze_us: for how long it does not fire; 0 = it is woken
 *
 * What is to be changed of an alert; something always is.
 */
typedef struct
{
  gboolean has_enabled;
  gboolean is_enabled;
  gboolean has_snooze;
  gint64 snooze_us;
} QuotesAlertPatch;

gboolean quotes_alert_patch_read_json (JsonObject *object,
                                       QuotesAlertPatch *patch,
                                       const char **member);

G_END_DECLS
