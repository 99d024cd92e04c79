/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "quotes-archive-client.h"

G_BEGIN_DECLS

/* How #QuotesHttpClient is a #QuotesArchiveClient. */
void quotes_http_archive_iface_init (QuotesArchiveClientInterface *iface);

G_END_DECLS
