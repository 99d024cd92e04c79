/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-clock.h"
#include "quotes-store-worker.h"

G_BEGIN_DECLS

/**
 * QuotesStoreLaneFuncs:
 * @take: (transfer full) (nullable): all that waits, as the data of one job; %NULL = nothing does
 * @job: writes that
 * @returned: it is written, or not and has to wait again; what is taken out of the data is not
 * freed by @free_data
 * @changed: called after @returned, and when the state is another one
 *
 * What a lane asks its owner for, on the main context.
 */
typedef struct
{
  gpointer (*take) (gpointer user_data);
  QuotesStoreJob job;
  void (*returned) (gpointer user_data, gpointer data, gboolean is_written);
  void (*changed) (gpointer user_data);
  GDestroyNotify free_data;
} QuotesStoreLaneFuncs;

/**
 * QuotesStoreLane:
 *
 * The way of what is new into one file: one job at a time, which takes all that waits by then, and
 * again two seconds after it failed, until it works.
 */
typedef struct _QuotesStoreLane QuotesStoreLane;

QuotesStoreLane *quotes_store_lane_new (GObject *owner,
                                        gpointer user_data,
                                        QuotesStoreFile file,
                                        QuotesClock *clock,
                                        const QuotesStoreLaneFuncs *funcs);
void quotes_store_lane_free (QuotesStoreLane *self);
void quotes_store_lane_set_worker (QuotesStoreLane *self, QuotesStoreWorker *worker);
void quotes_store_lane_fail (QuotesStoreLane *self, const GError *error);
void quotes_store_lane_switch_off (QuotesStoreLane *self);
void quotes_store_lane_kick (QuotesStoreLane *self);
void quotes_store_lane_flush (QuotesStoreLane *self);
void quotes_store_lane_stop_retrying (QuotesStoreLane *self);
gboolean quotes_store_lane_is_off (QuotesStoreLane *self);
gboolean quotes_store_lane_is_busy (QuotesStoreLane *self);
const char *quotes_store_lane_get_state (QuotesStoreLane *self);
const char *quotes_store_lane_get_message (QuotesStoreLane *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesStoreLane, quotes_store_lane_free)

G_END_DECLS
