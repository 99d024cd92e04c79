/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many prices a window remembers at most, on either side. */
#define QUOTES_ALERT_WINDOW_MAX 2048

/**
 * QuotesAlertWindow:
 *
 * The lowest and the highest price within the last so many microseconds. A price counts from when
 * it came until another one came, or until it was not believed any more: a quiet market is one at
 * that price, and not one without a price.
 *
 * Only prices that can still become the lowest or the highest are kept. When these are too many
 * (a day of nothing but falling prices), prices that stop counting within the same 1/1024 of the
 * window become one, which counts as long as the last of them: so the window may be too long by
 * 0.1 %, and is never too short.
 */
typedef struct _QuotesAlertWindow QuotesAlertWindow;

QuotesAlertWindow *quotes_alert_window_new (gint64 length_us);
void quotes_alert_window_free (QuotesAlertWindow *self);
void quotes_alert_window_clear (QuotesAlertWindow *self);
gboolean quotes_alert_window_is_empty (QuotesAlertWindow *self);
/* @price counts from now on. */
void quotes_alert_window_add (QuotesAlertWindow *self, gint64 now_us, double price);
/* @price counted until a time that is over; only for an empty window. */
void quotes_alert_window_add_past (QuotesAlertWindow *self, gint64 until_us, double price);
/* The last price counts no longer. */
void quotes_alert_window_end (QuotesAlertWindow *self, gint64 now_us);
/* Whether a price counts now. */
gboolean quotes_alert_window_has_price (QuotesAlertWindow *self);
/* Forgets what is too old; returns whether anything is left. */
gboolean quotes_alert_window_look (QuotesAlertWindow *self,
                                   gint64 now_us,
                                   double *lowest,
                                   double *highest);
guint quotes_alert_window_get_n_prices (QuotesAlertWindow *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesAlertWindow, quotes_alert_window_free)

G_END_DECLS
