/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <libsoup/soup.h>

#include "quotes-clock.h"
#include "quotes-provider.h"

G_BEGIN_DECLS

/**
 * QuotesHttpAnswer:
 * @status: the HTTP status, whatever it is: 404, 302 and 429 are answers too
 * @content_type: (nullable): without its parameters, in lower case
 * @body: decoded, at most 1 MiB; empty rather than %NULL
 * @retry_after_us: how long the host asked us to wait, between 1 s and 1 h (3 days with status
 *   418); -1 = it did not say
 *
 * What a host said. Never written after it was made.
 */
typedef struct
{
  guint status;
  char *content_type;
  GBytes *body;
  gint64 retry_after_us;
} QuotesHttpAnswer;

QuotesHttpAnswer *quotes_http_answer_new (guint status,
                                          const char *content_type,
                                          GBytes *body,
                                          gint64 retry_after_us);
void quotes_http_answer_free (QuotesHttpAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesHttpAnswer, quotes_http_answer_free)

/* What a status that is no success means for the poller. */
QuotesProviderError quotes_http_status_to_error (guint status);

#define QUOTES_TYPE_HTTP (quotes_http_get_type ())
G_DECLARE_FINAL_TYPE (QuotesHttp, quotes_http, QUOTES, HTTP, GObject)

QuotesHttp *quotes_http_new (QuotesClock *clock, const char *contact);
SoupSession *quotes_http_get_session (QuotesHttp *self);
void quotes_http_drop_connections (QuotesHttp *self);
void quotes_http_get_async (QuotesHttp *self,
                            const char *uri,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
QuotesHttpAnswer *quotes_http_get_finish (QuotesHttp *self, GAsyncResult *result, GError **error);

G_END_DECLS
