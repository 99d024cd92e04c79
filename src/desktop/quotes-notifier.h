/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alerts.h"
#include "quotes-application.h"

G_BEGIN_DECLS

/* Shows the page @uri to the user. */
typedef void (*QuotesNotifierLaunchFunc) (const char *uri, gpointer user_data);

#define QUOTES_TYPE_NOTIFIER (quotes_notifier_get_type ())
G_DECLARE_FINAL_TYPE (QuotesNotifier, quotes_notifier, QUOTES, NOTIFIER, GObject)

QuotesNotifier *quotes_notifier_new (QuotesApplication *application,
                                     QuotesAlerts *alerts,
                                     QuotesClock *clock);
void quotes_notifier_set_address (QuotesNotifier *self, const char *address);
void quotes_notifier_set_launcher (QuotesNotifier *self,
                                   QuotesNotifierLaunchFunc launch,
                                   gpointer user_data);

G_END_DECLS
