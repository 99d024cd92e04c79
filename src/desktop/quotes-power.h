/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "quotes-poller.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_POWER (quotes_power_get_type ())
G_DECLARE_FINAL_TYPE (QuotesPower, quotes_power, QUOTES, POWER, GObject)

QuotesPower *quotes_power_new (QuotesPoller *poller, GPowerProfileMonitor *monitor);
QuotesPower *quotes_power_new_default (QuotesPoller *poller);

G_END_DECLS
