/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert.h"

G_BEGIN_DECLS

GVariant *quotes_alert_to_variant (const QuotesAlert *self);
GVariant *quotes_alerts_to_variant (GPtrArray *alerts);
GVariant *quotes_alert_fired_to_variant (const QuotesAlertFired *self);
gboolean quotes_alert_read_variant (GVariant *variant, QuotesAlert *fields, GError **error);

G_END_DECLS
