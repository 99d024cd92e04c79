/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-http.h"

G_BEGIN_DECLS

/**
 * QuotesUpstreamPlan:
 * @name: `yahoo`; what `--upstream NAME=URL` calls it
 * @base_url: of the public host, without a slash at its end
 * @requests_per_minute: what the public host is asked at most, whoever wants more
 * @burst: how many of them may come at once
 * @min_spacing_us: between two requests to the public host, at least
 * @max_spacing_us: and at most
 *
 * How one public host is treated (`providers.md` 3.5).
 */
typedef struct
{
  const char *name;
  const char *base_url;
  double requests_per_minute;
  double burst;
  gint64 min_spacing_us;
  gint64 max_spacing_us;
} QuotesUpstreamPlan;

#define QUOTES_TYPE_UPSTREAM (quotes_upstream_get_type ())
G_DECLARE_FINAL_TYPE (QuotesUpstream, quotes_upstream, QUOTES, UPSTREAM, GObject)

QuotesUpstream *quotes_upstream_new (QuotesHttp *http,
                                     QuotesClock *clock,
                                     const QuotesUpstreamPlan *plan,
                                     const char *base_url);
gboolean quotes_upstream_is_public (QuotesUpstream *self);
gboolean quotes_upstream_has_spare (QuotesUpstream *self);
gint64 quotes_upstream_get_wait_us (QuotesUpstream *self);
void quotes_upstream_get_async (QuotesUpstream *self,
                                const char *path_and_query,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
QuotesHttpAnswer *quotes_upstream_get_finish (QuotesUpstream *self,
                                              GAsyncResult *result,
                                              GError **error);

G_END_DECLS
