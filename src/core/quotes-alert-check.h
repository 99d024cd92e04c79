/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert.h"

G_BEGIN_DECLS

#define QUOTES_ALERT_SNOOZE_MAX_US (31 * 24 * G_GINT64_CONSTANT (3600000000))

gboolean quotes_alert_check (const QuotesAlert *alert, GError **error);
gboolean quotes_alert_check_snooze (gint64 duration_us, GError **error);
void quotes_alert_clean (QuotesAlert *fields);

G_END_DECLS
