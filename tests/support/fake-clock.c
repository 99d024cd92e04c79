/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fake-clock.h"

typedef struct
{
  guint id;
  gint64 at_us;
  GSourceOnceFunc func;
  gpointer data;
} Alarm;

struct _FakeClock
{
  GObject parent_instance;

  gint64 monotonic_us;
  gint64 real_us;
  GList *alarms; /* (owned) (element-type Alarm) */
  guint last_id;
};

static void fake_clock_clock_init (QuotesClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeClock,
                               fake_clock,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (QUOTES_TYPE_CLOCK, fake_clock_clock_init))

static gint64
fake_clock_get_monotonic_us (QuotesClock *clock)
{
  return FAKE_CLOCK (clock)->monotonic_us;
}

static gint64
fake_clock_get_real_us (QuotesClock *clock)
{
  return FAKE_CLOCK (clock)->real_us;
}

static guint
fake_clock_add_alarm (QuotesClock *clock, gint64 at_us, GSourceOnceFunc func, gpointer data)
{
  FakeClock *self = FAKE_CLOCK (clock);
  Alarm *alarm = g_new0 (Alarm, 1);

  alarm->id = ++self->last_id;
  alarm->at_us = at_us;
  alarm->func = func;
  alarm->data = data;
  self->alarms = g_list_append (self->alarms, alarm);

  return alarm->id;
}

static void
fake_clock_remove_alarm (QuotesClock *clock, guint alarm_id)
{
  FakeClock *self = FAKE_CLOCK (clock);

  for (GList *link = self->alarms; link != NULL; link = link->next)
    if (((Alarm *) link->data)->id == alarm_id)
      {
        g_free (link->data);
        self->alarms = g_list_delete_link (self->alarms, link);
        return;
      }
  g_assert_not_reached ();
}

static void
fake_clock_clock_init (QuotesClockInterface *iface)
{
  iface->get_monotonic_us = fake_clock_get_monotonic_us;
  iface->get_real_us = fake_clock_get_real_us;
  iface->add_alarm = fake_clock_add_alarm;
  iface->remove_alarm = fake_clock_remove_alarm;
}

static void
fake_clock_finalize (GObject *object)
{
  g_list_free_full (FAKE_CLOCK (object)->alarms, g_free);

  G_OBJECT_CLASS (fake_clock_parent_class)->finalize (object);
}

static void
fake_clock_class_init (FakeClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_clock_finalize;
}

static void
fake_clock_init (FakeClock *self)
{
  self->monotonic_us = G_USEC_PER_SEC;
  self->real_us = G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC;
}

FakeClock *
fake_clock_new (void)
{
  return g_object_new (FAKE_TYPE_CLOCK, NULL);
}

static GList *
find_next (FakeClock *self, gint64 end_us)
{
  GList *next = NULL;

  for (GList *link = self->alarms; link != NULL; link = link->next)
    if (((Alarm *) link->data)->at_us <= end_us &&
        (next == NULL || ((Alarm *) link->data)->at_us < ((Alarm *) next->data)->at_us))
      next = link;
  return next;
}

static void
go_to (FakeClock *self, gint64 monotonic_us)
{
  gint64 step_us = MAX (monotonic_us - self->monotonic_us, 0);

  self->monotonic_us += step_us;
  self->real_us += step_us;
}

void
fake_clock_advance_us (FakeClock *self, gint64 us)
{
  gint64 end_us = self->monotonic_us + us;
  GList *next = NULL;

  while ((next = find_next (self, end_us)) != NULL)
    {
      g_autofree Alarm *alarm = next->data;

      self->alarms = g_list_delete_link (self->alarms, next);
      go_to (self, alarm->at_us);
      alarm->func (alarm->data);
    }
  go_to (self, end_us);
}

void
fake_clock_step_real_us (FakeClock *self, gint64 us)
{
  self->real_us += us;
}

guint
fake_clock_get_n_alarms (FakeClock *self)
{
  return g_list_length (self->alarms);
}
