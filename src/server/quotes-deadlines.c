/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-deadlines.h"

void
quotes_deadlines_init (QuotesDeadlines *self, QuotesClock *clock, gint64 length_us)
{
  self->clock = clock;
  self->length_us = length_us;
  g_queue_init (&self->queue);
}

guint
quotes_deadlines_get_n (const QuotesDeadlines *self)
{
  return self->queue.length;
}

/* Returns: (transfer none) (nullable): the thing that has waited longest */
gpointer
quotes_deadlines_get_first (const QuotesDeadlines *self)
{
  return self->queue.head != NULL ? self->queue.head->data : NULL;
}

/**
 * quotes_deadlines_get_expired:
 *
 * Returns: (transfer none) (nullable): a thing whose time is over; the same one until it stops or
 *   starts anew
 */
gpointer
quotes_deadlines_get_expired (const QuotesDeadlines *self)
{
  const QuotesDeadline *first = (const QuotesDeadline *) self->queue.head;

  /* The link is the first member. */
  if (first == NULL || first->at_us > quotes_clock_get_monotonic_us (self->clock))
    return NULL;
  return first->link.data;
}

/* Starts waiting, in the first place or anew and maybe elsewhere. */
void
quotes_deadline_start (QuotesDeadline *self, QuotesDeadlines *deadlines, gpointer thing)
{
  quotes_deadline_stop (self);

  self->link = (GList){.data = thing};
  self->at_us = quotes_clock_get_monotonic_us (deadlines->clock) + deadlines->length_us;
  self->deadlines = deadlines;
  g_queue_push_tail_link (&deadlines->queue, &self->link);
}

void
quotes_deadline_stop (QuotesDeadline *self)
{
  if (self->deadlines == NULL)
    return;

  g_queue_unlink (&self->deadlines->queue, &self->link);
  self->deadlines = NULL;
}
