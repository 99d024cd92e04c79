/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-clock.h"

G_BEGIN_DECLS

typedef struct _QuotesDeadlines QuotesDeadlines;
typedef struct _QuotesDeadline QuotesDeadline;

/**
 * QuotesDeadlines:
 *
 * Things that may all wait equally long, so that the first to come is the first whose time is over
 * and none has a timer of its own. Embedded in its owner's struct, as a deadline is in its thing's;
 * both may be moved nowhere while they are in use.
 */
struct _QuotesDeadlines
{
  QuotesClock *clock; /* (unowned), outlives us */
  gint64 length_us;
  GQueue queue; /* (element-type gpointer): the links are in the deadlines */
};

struct _QuotesDeadline
{
  GList link;
  gint64 at_us;
  QuotesDeadlines *deadlines; /* (nullable): NULL = does not wait */
};

void quotes_deadlines_init (QuotesDeadlines *self, QuotesClock *clock, gint64 length_us);
guint quotes_deadlines_get_n (const QuotesDeadlines *self);
gpointer quotes_deadlines_get_first (const QuotesDeadlines *self);
gpointer quotes_deadlines_get_expired (const QuotesDeadlines *self);
void quotes_deadline_start (QuotesDeadline *self, QuotesDeadlines *deadlines, gpointer thing);
void quotes_deadline_stop (QuotesDeadline *self);

G_END_DECLS
