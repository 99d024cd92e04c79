/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert.h"

G_BEGIN_DECLS

/* What a person reads of an alert that fired, in the user's language, with numbers as its locale
 * writes them. Plain text of one line each, whatever came from outside. */
char *quotes_alert_fired_dup_title (const QuotesAlertFired *self);
char *quotes_alert_fired_dup_body (const QuotesAlertFired *self);
/* (element-type QuotesAlertFired): a list of several */
char *quotes_alerts_fired_dup_body (GPtrArray *fired);

G_END_DECLS
