/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "quotes-client.h"

G_BEGIN_DECLS

#define QUOTES_TYPE_HTTP_CLIENT (quotes_http_client_get_type ())
G_DECLARE_FINAL_TYPE (QuotesHttpClient, quotes_http_client, QUOTES, HTTP_CLIENT, GObject)

/* @address: `unix:PATH` or `http://HOST:PORT` */
QuotesClient *quotes_http_client_new (const char *address, GError **error);

/* Where a service without `--state-dir` puts its Unix socket (contract 1). */
char *quotes_http_client_dup_default_address (void);

G_END_DECLS
