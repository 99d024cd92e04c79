/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-clock.h"

G_DEFINE_INTERFACE (QuotesClock, quotes_clock, G_TYPE_OBJECT)

static void
quotes_clock_default_init (G_GNUC_UNUSED QuotesClockInterface *iface)
{
}

/**
 * quotes_clock_get_monotonic_us:
 *
 * Returns: microseconds since some moment in the past; never steps
 */
gint64
quotes_clock_get_monotonic_us (QuotesClock *self)
{
  g_return_val_if_fail (QUOTES_IS_CLOCK (self), 0);

  return QUOTES_CLOCK_GET_IFACE (self)->get_monotonic_us (self);
}

/**
 * quotes_clock_get_real_us:
 *
 * Returns: microseconds since 1970; steps when somebody sets the date
 */
gint64
quotes_clock_get_real_us (QuotesClock *self)
{
  g_return_val_if_fail (QUOTES_IS_CLOCK (self), 0);

  return QUOTES_CLOCK_GET_IFACE (self)->get_real_us (self);
}

/**
 * quotes_clock_add_alarm:
 * @self: a clock
 * @at_us: monotonic time; one in the past goes off at once, but never inside this call
 * @func: called once on the main context
 * @data: for @func; the caller removes the alarm before it goes
 *
 * Returns: an id that is not 0, valid until @func is called
 */
guint
quotes_clock_add_alarm (QuotesClock *self, gint64 at_us, GSourceOnceFunc func, gpointer data)
{
  g_return_val_if_fail (QUOTES_IS_CLOCK (self), 0);

  return QUOTES_CLOCK_GET_IFACE (self)->add_alarm (self, at_us, func, data);
}

void
quotes_clock_remove_alarm (QuotesClock *self, guint alarm_id)
{
  g_return_if_fail (QUOTES_IS_CLOCK (self));

  QUOTES_CLOCK_GET_IFACE (self)->remove_alarm (self, alarm_id);
}

/**
 * QuotesSystemClock:
 *
 * The machine's clocks, and alarms on the main context.
 */
struct _QuotesSystemClock
{
  GObject parent_instance;
};

static void quotes_system_clock_clock_init (QuotesClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (QuotesSystemClock,
                               quotes_system_clock,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (QUOTES_TYPE_CLOCK,
                                                      quotes_system_clock_clock_init))

/* A source that is ready at one moment: g_timeout_add() counts in milliseconds. */
static gboolean
alarm_dispatch (G_GNUC_UNUSED GSource *source, GSourceFunc callback, gpointer user_data)
{
  GSourceOnceFunc func = (GSourceOnceFunc) G_CALLBACK (callback);

  func (user_data);
  return G_SOURCE_REMOVE;
}

static GSourceFuncs alarm_funcs = {.dispatch = alarm_dispatch};

static gint64
quotes_system_clock_get_monotonic_us (G_GNUC_UNUSED QuotesClock *clock)
{
  return g_get_monotonic_time ();
}

static gint64
quotes_system_clock_get_real_us (G_GNUC_UNUSED QuotesClock *clock)
{
  return g_get_real_time ();
}

static guint
quotes_system_clock_add_alarm (G_GNUC_UNUSED QuotesClock *clock,
                               gint64 at_us,
                               GSourceOnceFunc func,
                               gpointer data)
{
  g_autoptr (GSource) source = g_source_new (&alarm_funcs, sizeof (GSource));

  g_source_set_static_name (source, "QuotesClock alarm");
  g_source_set_ready_time (source, MAX (at_us, 0));
  g_source_set_callback (source, (GSourceFunc) G_CALLBACK (func), data, NULL);
  return g_source_attach (source, NULL);
}

static void
quotes_system_clock_remove_alarm (G_GNUC_UNUSED QuotesClock *clock, guint alarm_id)
{
  g_source_remove (alarm_id);
}

static void
quotes_system_clock_clock_init (QuotesClockInterface *iface)
{
  iface->get_monotonic_us = quotes_system_clock_get_monotonic_us;
  iface->get_real_us = quotes_system_clock_get_real_us;
  iface->add_alarm = quotes_system_clock_add_alarm;
  iface->remove_alarm = quotes_system_clock_remove_alarm;
}

static void
quotes_system_clock_class_init (G_GNUC_UNUSED QuotesSystemClockClass *klass)
{
}

static void
quotes_system_clock_init (G_GNUC_UNUSED QuotesSystemClock *self)
{
}

QuotesClock *
quotes_system_clock_new (void)
{
  return g_object_new (QUOTES_TYPE_SYSTEM_CLOCK, NULL);
}
