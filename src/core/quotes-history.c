/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-history.h"

#define SECOND_US G_GINT64_CONSTANT (1000000)
#define DAY_US (86400 * SECOND_US)

G_DEFINE_BOXED_TYPE (QuotesHistory, quotes_history, quotes_history_ref, quotes_history_unref)

static const struct
{
  const char *name;
  gint64 us;
} intervals[QUOTES_N_INTERVALS] = {
  [QUOTES_INTERVAL_TICK] = {"tick", 0},
  [QUOTES_INTERVAL_MINUTE] = {"1m", 60 * SECOND_US},
  [QUOTES_INTERVAL_HOUR] = {"1h", 3600 * SECOND_US},
  [QUOTES_INTERVAL_DAY] = {"1d", DAY_US},
};

/* The finest bars of which a screen can still show most. */
static const struct
{
  const char *name;
  gint64 us;
  QuotesInterval interval;
} ranges[QUOTES_N_RANGES] = {
  [QUOTES_RANGE_1D] = {"1d", DAY_US, QUOTES_INTERVAL_MINUTE},
  [QUOTES_RANGE_5D] = {"5d", 5 * DAY_US, QUOTES_INTERVAL_MINUTE},
  [QUOTES_RANGE_1MO] = {"1mo", 31 * DAY_US, QUOTES_INTERVAL_HOUR},
  [QUOTES_RANGE_3MO] = {"3mo", 92 * DAY_US, QUOTES_INTERVAL_HOUR},
  [QUOTES_RANGE_1Y] = {"1y", 366 * DAY_US, QUOTES_INTERVAL_DAY},
  [QUOTES_RANGE_MAX] = {"max", G_MAXINT64, QUOTES_INTERVAL_DAY},
};

const char *
quotes_interval_to_string (QuotesInterval interval)
{
  g_return_val_if_fail (interval < QUOTES_N_INTERVALS, NULL);

  return intervals[interval].name;
}

gboolean
quotes_interval_from_string (const char *text, QuotesInterval *interval)
{
  for (guint i = 0; i < QUOTES_N_INTERVALS; i++)
    if (g_str_equal (intervals[i].name, text))
      {
        *interval = (QuotesInterval) i;
        return TRUE;
      }
  return FALSE;
}

/* 0 for single prices. */
gint64
quotes_interval_get_us (QuotesInterval interval)
{
  g_return_val_if_fail (interval < QUOTES_N_INTERVALS, 0);

  return intervals[interval].us;
}

const char *
quotes_range_to_string (QuotesRange range)
{
  g_return_val_if_fail (range < QUOTES_N_RANGES, NULL);

  return ranges[range].name;
}

gboolean
quotes_range_from_string (const char *text, QuotesRange *range)
{
  for (guint i = 0; i < QUOTES_N_RANGES; i++)
    if (g_str_equal (ranges[i].name, text))
      {
        *range = (QuotesRange) i;
        return TRUE;
      }
  return FALSE;
}

/* %G_MAXINT64 = as far back as there is something. */
gint64
quotes_range_get_us (QuotesRange range)
{
  g_return_val_if_fail (range < QUOTES_N_RANGES, 0);

  return ranges[range].us;
}

/* Of what bars its history is made. */
QuotesInterval
quotes_range_get_interval (QuotesRange range)
{
  g_return_val_if_fail (range < QUOTES_N_RANGES, QUOTES_INTERVAL_DAY);

  return ranges[range].interval;
}

/**
 * quotes_history_new:
 * @currency: (nullable): of the prices
 *
 * Returns: (transfer full): an empty one, for quotes_history_append()
 */
QuotesHistory *
quotes_history_new (const char *symbol, const char *currency, QuotesInterval interval)
{
  QuotesHistory *self = g_atomic_rc_box_new0 (QuotesHistory);

  self->symbol = g_strdup (symbol);
  self->currency = g_strdup (currency);
  self->interval = interval;
  self->bars = g_array_new (FALSE, FALSE, sizeof (QuotesBar));
  self->texts = g_string_chunk_new (64);

  return self;
}

QuotesHistory *
quotes_history_ref (QuotesHistory *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  QuotesHistory *self = data;

  g_free (self->symbol);
  g_free (self->currency);
  g_array_unref (self->bars);
  g_string_chunk_free (self->texts);
}

void
quotes_history_unref (QuotesHistory *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/**
 * quotes_history_append:
 * @bar: copied, with its text; later than all before
 *
 * Only for who makes the history, before anybody else has it.
 */
void
quotes_history_append (QuotesHistory *self, const QuotesBar *bar)
{
  QuotesBar copy = *bar;

  copy.source = bar->source != NULL ? g_string_chunk_insert_const (self->texts, bar->source) : NULL;
  g_array_append_val (self->bars, copy);
}
