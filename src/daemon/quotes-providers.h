/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-poller.h"

G_BEGIN_DECLS

gboolean quotes_providers_build (QuotesPoller *poller,
                                 QuotesClock *clock,
                                 GHashTable *upstreams,
                                 const char *contact,
                                 gboolean demo,
                                 GError **error);

G_END_DECLS
