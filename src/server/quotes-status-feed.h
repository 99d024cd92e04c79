/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-clock.h"

G_BEGIN_DECLS

/**
 * QuotesStatusSay:
 * @append_essence: writes what is worth an event at once when it changes
 * @say: sends the status of this moment
 */
typedef struct
{
  void (*append_essence) (gpointer user_data, GString *text);
  void (*say) (gpointer user_data);
} QuotesStatusSay;

/**
 * QuotesStatusFeed:
 *
 * When the status is sent: at once when something other than times changed, else at most once a
 * second, so that a hundred rounds a second do not double the events.
 */
typedef struct _QuotesStatusFeed QuotesStatusFeed;

QuotesStatusFeed *quotes_status_feed_new (QuotesClock *clock,
                                          const QuotesStatusSay *functions,
                                          gpointer user_data);
void quotes_status_feed_free (QuotesStatusFeed *self);
void quotes_status_feed_note (QuotesStatusFeed *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesStatusFeed, quotes_status_feed_free)

G_END_DECLS
