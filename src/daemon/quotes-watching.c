/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-watching.h"

/* How long somebody who left is taken to be there. */
#define LEAVING_US (60 * G_USEC_PER_SEC)

/* Where watchers come from. */
typedef struct
{
  GObject *object; /* (owned) */
  gulong handler_id;
  QuotesWatchersFunc count; /* NULL = its signal is one who looks in passing */
} Place;

struct _QuotesWatching
{
  QuotesPoller *poller; /* (owned) */
  QuotesClock *clock;   /* (owned) */
  GPtrArray *places;    /* (owned) (element-type Place) */
  gboolean is_watched;
  guint alarm_id; /* nobody is there any more; 0 = somebody is, or they have been gone for long */
};

static void
place_free (gpointer data)
{
  Place *self = data;

  g_signal_handler_disconnect (self->object, self->handler_id);
  g_object_unref (self->object);
  g_free (self);
}

static guint
count_watchers (QuotesWatching *self)
{
  guint n_watchers = 0;

  for (guint i = 0; i < self->places->len; i++)
    {
      const Place *place = g_ptr_array_index (self->places, i);

      if (place->count != NULL)
        n_watchers += place->count (place->object);
    }
  return n_watchers;
}

static void
clear_alarm (QuotesWatching *self)
{
  guint alarm_id = self->alarm_id;

  self->alarm_id = 0;
  if (alarm_id != 0)
    quotes_clock_remove_alarm (self->clock, alarm_id);
}

static void
gone_for_long_cb (gpointer user_data)
{
  QuotesWatching *self = user_data;

  self->alarm_id = 0;
  self->is_watched = FALSE;
  quotes_poller_set_watched (self->poller, FALSE);
}

static void
wait_for_somebody (QuotesWatching *self)
{
  self->alarm_id = quotes_clock_add_alarm (
    self->clock, quotes_clock_get_monotonic_us (self->clock) + LEAVING_US, gone_for_long_cb, self);
}

static void
note_somebody (QuotesWatching *self)
{
  clear_alarm (self);
  self->is_watched = TRUE;
  quotes_poller_set_watched (self->poller, TRUE);
}

static void
looked_cb (QuotesWatching *self)
{
  note_somebody (self);
  if (count_watchers (self) == 0)
    wait_for_somebody (self);
}

static void
count_changed_cb (QuotesWatching *self)
{
  if (count_watchers (self) > 0)
    {
      note_somebody (self);
    }
  else if (self->is_watched && self->alarm_id == 0)
    {
      wait_for_somebody (self);
    }
}

/**
 * quotes_watching_new:
 *
 * Begins as if somebody had just left: who starts the service is often about to look.
 *
 * Returns: (transfer full): one that knows no place yet
 */
QuotesWatching *
quotes_watching_new (QuotesPoller *poller, QuotesClock *clock)
{
  QuotesWatching *self = g_new0 (QuotesWatching, 1);

  self->poller = g_object_ref (poller);
  self->clock = g_object_ref (clock);
  self->places = g_ptr_array_new_with_free_func (place_free);
  self->is_watched = TRUE;
  quotes_poller_set_watched (poller, TRUE);
  wait_for_somebody (self);

  return self;
}

void
quotes_watching_free (QuotesWatching *self)
{
  clear_alarm (self);
  g_ptr_array_unref (self->places);
  g_object_unref (self->poller);
  g_object_unref (self->clock);
  g_free (self);
}

static void
add_place (QuotesWatching *self,
           GObject *object,
           const char *signal,
           GCallback callback,
           QuotesWatchersFunc count)
{
  Place *place = g_new0 (Place, 1);

  place->object = g_object_ref (object);
  place->count = count;
  place->handler_id = g_signal_connect_swapped (object, signal, callback, self);
  g_ptr_array_add (self->places, place);
}

/**
 * quotes_watching_add:
 * @object: where watchers come from
 * @signal: its signal, without arguments that matter, that @count may give another number
 * @count: how many there are
 */
void
quotes_watching_add (QuotesWatching *self,
                     GObject *object,
                     const char *signal,
                     QuotesWatchersFunc count)
{
  add_place (self, object, signal, G_CALLBACK (count_changed_cb), count);
  count_changed_cb (self);
}

/* Who takes the prices as they are, with one question, watches for a minute. */
void
quotes_watching_add_hub (QuotesWatching *self, QuotesHub *hub)
{
  add_place (self, G_OBJECT (hub), "looked", G_CALLBACK (looked_cb), NULL);
}

static guint
count_waiting (GObject *alerts)
{
  return quotes_alerts_wants_prices (QUOTES_ALERTS (alerts));
}

/* An alert that waits for a price watches. */
void
quotes_watching_add_alerts (QuotesWatching *self, QuotesAlerts *alerts)
{
  quotes_watching_add (self, G_OBJECT (alerts), "changed", count_waiting);
}

static guint
count_readers (GObject *server)
{
  return quotes_server_get_n_streams (QUOTES_SERVER (server));
}

/* Who reads a stream watches. */
void
quotes_watching_add_server (QuotesWatching *self, QuotesServer *server)
{
  quotes_watching_add (self, G_OBJECT (server), "streams-changed", count_readers);
}

static guint
count_holds (GObject *service)
{
  return quotes_dbus_service_get_n_holds (QUOTES_DBUS_SERVICE (service));
}

/* Who has a hold on the bus watches. */
void
quotes_watching_add_service (QuotesWatching *self, QuotesDbusService *service)
{
  quotes_watching_add (self, G_OBJECT (service), "holds-changed", count_holds);
}
