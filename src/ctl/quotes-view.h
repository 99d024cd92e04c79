/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-snapshot.h"
#include "quotes-style.h"

G_BEGIN_DECLS

/**
 * QuotesView:
 * @quotes: (element-type QuotesQuote): what was asked for, in the order in which it was
 * @missing: (element-type utf8): symbols that were asked for and have no quote
 * @has_list: whether the service has ever sent its list
 * @is_connected: whether the service is there
 * @reason: (nullable): why not, in words
 * @updated_us: when the list was made, microseconds since 1970; 0 = never
 *
 * What `watch` shows at one moment. Without a connection every quote in it is stale because of
 * %QUOTES_STALE_REASON_OFFLINE, so that no format can show an old price as a live one. Immutable.
 */
typedef struct
{
  GPtrArray *quotes;
  GPtrArray *missing;
  gboolean has_list;
  gboolean is_connected;
  char *reason;
  gint64 updated_us;
} QuotesView;

QuotesView *quotes_view_new (const QuotesSnapshot *snapshot,
                             const char *const *symbols,
                             gboolean is_connected,
                             const char *reason);
void quotes_view_free (QuotesView *self);
QuotesQuote *quotes_view_lookup (const QuotesView *self, const char *symbol);
QuotesStyle quotes_view_get_style (const QuotesQuote *quote);

/* Writes what `watch` prints when @view has come; @previous (nullable): what it printed last. */
typedef void (*QuotesViewFormat) (const QuotesView *view,
                                  const QuotesView *previous,
                                  QuotesPalette palette,
                                  GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesView, quotes_view_free)

G_END_DECLS
