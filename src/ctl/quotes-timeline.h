/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-history.h"

G_BEGIN_DECLS

/**
 * QuotesTimeline:
 *
 * Where each bar of a history stands from left to right. Time runs evenly; but when most of it was
 * without bars, as of a stock over some days, the long holes are drawn in, so that what there is
 * has the room.
 */
typedef struct _QuotesTimeline QuotesTimeline;

/* @width: in dots */
QuotesTimeline *quotes_timeline_new (const QuotesHistory *history, guint width);
void quotes_timeline_free (QuotesTimeline *self);
int quotes_timeline_get_x (const QuotesTimeline *self, guint bar);
gboolean quotes_timeline_is_broken (const QuotesTimeline *self, guint bar);
int quotes_timeline_find_x (const QuotesTimeline *self, gint64 time_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesTimeline, quotes_timeline_free)

/**
 * QuotesTimeTick:
 * @time_us: a round time where we are
 * @label: (owned): it, for people
 */
typedef struct
{
  gint64 time_us;
  char *label;
} QuotesTimeTick;

/* How many distances there are between ticks, from a minute to twenty years. */
guint quotes_time_ticks_get_n_steps (void);
/* Returns: (transfer full) (nullable) (element-type QuotesTimeTick): those from @first_us to
 * @last_us; %NULL when there would be too many */
GArray *quotes_time_ticks_new (guint step,
                               gint64 first_us,
                               gint64 last_us,
                               GTimeZone *zone,
                               guint n_max);

G_END_DECLS
