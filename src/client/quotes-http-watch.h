/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <libsoup/soup.h>

#include "quotes-client.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_HTTP_WATCH (quotes_http_watch_get_type ())
G_DECLARE_FINAL_TYPE (QuotesHttpWatch, quotes_http_watch, QUOTES, HTTP_WATCH, GObject)

QuotesHttpWatch *quotes_http_watch_new (QuotesClient *client, SoupSession *session, GUri *uri);

G_END_DECLS
