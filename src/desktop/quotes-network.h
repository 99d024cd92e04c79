/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "quotes-poller.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_NETWORK (quotes_network_get_type ())
G_DECLARE_FINAL_TYPE (QuotesNetwork, quotes_network, QUOTES, NETWORK, GObject)

QuotesNetwork *quotes_network_new (QuotesPoller *poller, GNetworkMonitor *monitor);

G_END_DECLS
