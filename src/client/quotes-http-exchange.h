/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Sends @message and reads at most @max_size bytes of the answer. Its result is the body of a
 * success; everything else is a #QuotesClientError. */
void quotes_http_exchange_async (SoupSession *session,
                                 SoupMessage *message,
                                 gsize max_size,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GBytes *quotes_http_exchange_finish (SoupSession *session, GAsyncResult *result, GError **error);

GError *quotes_http_translate_error (const GError *error);
GError *quotes_http_translate_status (guint status, GBytes *body);

G_END_DECLS
