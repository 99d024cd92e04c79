/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define QUOTES_TYPE_CLOCK (quotes_clock_get_type ())
G_DECLARE_INTERFACE (QuotesClock, quotes_clock, QUOTES, CLOCK, GObject)

/**
 * QuotesClock:
 *
 * Where time comes from. Everything that waits, ages or schedules is given one, so that a test
 * decides what time it is. Intervals and deadlines use the monotonic time only; the real time is
 * for showing and storing.
 */
struct _QuotesClockInterface
{
  GTypeInterface g_iface;

  gint64 (*get_monotonic_us) (QuotesClock *self);
  gint64 (*get_real_us) (QuotesClock *self);
  guint (*add_alarm) (QuotesClock *self, gint64 at_us, GSourceOnceFunc func, gpointer data);
  void (*remove_alarm) (QuotesClock *self, guint alarm_id);
};

gint64 quotes_clock_get_monotonic_us (QuotesClock *self);
gint64 quotes_clock_get_real_us (QuotesClock *self);
guint quotes_clock_add_alarm (QuotesClock *self, gint64 at_us, GSourceOnceFunc func, gpointer data);
void quotes_clock_remove_alarm (QuotesClock *self, guint alarm_id);

#define QUOTES_TYPE_SYSTEM_CLOCK (quotes_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (QuotesSystemClock, quotes_system_clock, QUOTES, SYSTEM_CLOCK, GObject)

QuotesClock *quotes_system_clock_new (void);

G_END_DECLS
