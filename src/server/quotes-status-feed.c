/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-status-feed.h"

#define PAUSE_US G_USEC_PER_SEC

struct _QuotesStatusFeed
{
  QuotesClock *clock; /* (owned) */
  QuotesStatusSay functions;
  gpointer user_data; /* (unowned), outlives us */
  char *essence;      /* (owned) (nullable): of what was said last */
  gint64 free_us;     /* monotonic time from which times alone may be said again */
  guint alarm_id;
};

/**
 * quotes_status_feed_new:
 * @clock: the clock
 * @functions: what is called
 * @user_data: for @functions; outlives the feed
 */
QuotesStatusFeed *
quotes_status_feed_new (QuotesClock *clock, const QuotesStatusSay *functions, gpointer user_data)
{
  QuotesStatusFeed *self = g_new0 (QuotesStatusFeed, 1);

  self->clock = g_object_ref (clock);
  self->functions = *functions;
  self->user_data = user_data;

  return self;
}

static void
clear_alarm (QuotesStatusFeed *self)
{
  guint alarm_id = self->alarm_id;

  self->alarm_id = 0;
  if (alarm_id != 0)
    quotes_clock_remove_alarm (self->clock, alarm_id);
}

void
quotes_status_feed_free (QuotesStatusFeed *self)
{
  clear_alarm (self);
  g_object_unref (self->clock);
  g_free (self->essence);
  g_free (self);
}

/* Takes @essence. */
static void
say (QuotesStatusFeed *self, char *essence)
{
  clear_alarm (self);
  g_free (self->essence);
  self->essence = essence;
  self->free_us = quotes_clock_get_monotonic_us (self->clock) + PAUSE_US;
  self->functions.say (self->user_data);
}

static char *
dup_essence (QuotesStatusFeed *self)
{
  GString *text = g_string_new (NULL);

  self->functions.append_essence (self->user_data, text);
  return g_string_free (text, FALSE);
}

static void
pause_over_cb (gpointer user_data)
{
  QuotesStatusFeed *self = user_data;

  self->alarm_id = 0;
  say (self, dup_essence (self));
}

/* The status may have changed. */
void
quotes_status_feed_note (QuotesStatusFeed *self)
{
  g_autofree char *essence = dup_essence (self);

  if (g_strcmp0 (essence, self->essence) != 0 ||
      quotes_clock_get_monotonic_us (self->clock) >= self->free_us)
    say (self, g_steal_pointer (&essence));
  else if (self->alarm_id == 0)
    self->alarm_id = quotes_clock_add_alarm (self->clock, self->free_us, pause_over_cb, self);
}
