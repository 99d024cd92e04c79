/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-network.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* A shorter sleep needs no catching up. */
#define MIN_SLEEP_US G_USEC_PER_SEC
/* Never meant to go off: some centuries. */
#define FAR_AWAY_S ((time_t) 9000000000)

/**
 * QuotesNetwork:
 *
 * Tells the poller whether there is a network and what it costs, and when the machine slept. The
 * kernel says so by cancelling a timer that depends on the date; that works without any bus.
 */
struct _QuotesNetwork
{
  GObject parent_instance;

  QuotesPoller *poller;     /* (owned) */
  GNetworkMonitor *monitor; /* (owned) */
  int timer_fd;             /* -1 = the kernel has no such thing */
  guint timer_id;
  gint64 slept_us; /* since the machine started */
};

G_DEFINE_FINAL_TYPE (QuotesNetwork, quotes_network, G_TYPE_OBJECT)

static gint64
get_us (clockid_t id)
{
  struct timespec time = {0};

  clock_gettime (id, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

/* Only one of the two clocks goes on while the machine sleeps. */
static gint64
get_slept_us (void)
{
  return get_us (CLOCK_BOOTTIME) - get_us (CLOCK_MONOTONIC);
}

static void
arm_timer (QuotesNetwork *self)
{
  const struct itimerspec far_away = {.it_value.tv_sec = FAR_AWAY_S};

  timerfd_settime (self->timer_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &far_away, NULL);
}

/* Somebody set the date, or the machine woke up. */
static gboolean
date_jumped_cb (int fd, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
  QuotesNetwork *self = user_data;
  gint64 slept_us = get_slept_us ();
  guint64 n_expired = 0;

  if (read (fd, &n_expired, sizeof n_expired) < 0 && errno != ECANCELED)
    return G_SOURCE_CONTINUE;
  arm_timer (self);
  if (slept_us - self->slept_us >= MIN_SLEEP_US)
    quotes_poller_wake_up (self->poller);
  else
    quotes_poller_date_changed (self->poller);
  self->slept_us = slept_us;
  return G_SOURCE_CONTINUE;
}

static void
network_changed_cb (QuotesNetwork *self, gboolean is_available)
{
  quotes_poller_set_online (self->poller, is_available);
}

static void
metered_changed_cb (QuotesNetwork *self)
{
  quotes_poller_set_metered (self->poller, g_network_monitor_get_network_metered (self->monitor));
}

static void
quotes_network_dispose (GObject *object)
{
  QuotesNetwork *self = QUOTES_NETWORK (object);

  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_object (&self->monitor);
  g_clear_object (&self->poller);

  G_OBJECT_CLASS (quotes_network_parent_class)->dispose (object);
}

static void
quotes_network_finalize (GObject *object)
{
  int fd = QUOTES_NETWORK (object)->timer_fd;

  if (fd >= 0)
    g_close (fd, NULL);

  G_OBJECT_CLASS (quotes_network_parent_class)->finalize (object);
}

static void
quotes_network_class_init (QuotesNetworkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_network_dispose;
  object_class->finalize = quotes_network_finalize;
}

static void
quotes_network_init (QuotesNetwork *self)
{
  self->slept_us = get_slept_us ();
  self->timer_fd = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (self->timer_fd < 0)
    return;
  self->timer_id = g_unix_fd_add (self->timer_fd, G_IO_IN, date_jumped_cb, self);
  arm_timer (self);
}

/**
 * quotes_network_new:
 * @poller: who is told
 * @monitor: who knows
 *
 * Returns: (transfer full): tells it as long as it lives
 */
QuotesNetwork *
quotes_network_new (QuotesPoller *poller, GNetworkMonitor *monitor)
{
  QuotesNetwork *self = g_object_new (QUOTES_TYPE_NETWORK, NULL);

  self->poller = g_object_ref (poller);
  self->monitor = g_object_ref (monitor);
  g_signal_connect_swapped (monitor, "network-changed", G_CALLBACK (network_changed_cb), self);
  g_signal_connect_swapped (monitor, "notify::network-metered", G_CALLBACK (metered_changed_cb),
                            self);
  network_changed_cb (self, g_network_monitor_get_network_available (monitor));
  metered_changed_cb (self);

  return self;
}
