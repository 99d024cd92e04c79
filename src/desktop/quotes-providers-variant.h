/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-archive.h"
#include "quotes-poller.h"

G_BEGIN_DECLS

GVariant *quotes_providers_to_variant (QuotesPoller *poller,
                                       QuotesArchive *archive,
                                       QuotesWatchlist *watchlist);

G_END_DECLS
