/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "load-histogram.h"

#include <math.h>

static guint
get_bucket (guint64 value)
{
  guint shift, bucket;

  if (value < LOAD_HISTOGRAM_STEPS)
    return (guint) value;
  /* So that what is left of the value lies between STEPS and 2 x STEPS - 1. */
  shift = g_bit_storage (value) - g_bit_storage (LOAD_HISTOGRAM_STEPS);
  bucket = LOAD_HISTOGRAM_STEPS * (shift + 1) + (guint) ((value >> shift) - LOAD_HISTOGRAM_STEPS);
  return MIN (bucket, LOAD_HISTOGRAM_SIZE - 1);
}

static guint64
get_middle (guint bucket)
{
  guint shift;

  if (bucket < LOAD_HISTOGRAM_STEPS)
    return bucket;
  shift = bucket / LOAD_HISTOGRAM_STEPS - 1;
  return ((guint64) (LOAD_HISTOGRAM_STEPS + bucket % LOAD_HISTOGRAM_STEPS) << shift) +
         (((guint64) 1 << shift) >> 1);
}

void
load_histogram_add (LoadHistogram *self, gint64 us)
{
  guint64 value = us > 0 ? (guint64) us : 0;

  self->buckets[get_bucket (value)]++;
  self->n++;
  self->max = MAX (self->max, value);
}

/**
 * load_histogram_get_percentile:
 *
 * Returns: the value that @percent of all do not exceed; 0 when there is none
 */
guint64
load_histogram_get_percentile (const LoadHistogram *self, double percent)
{
  guint64 wanted = (guint64) MAX (1, ceil (percent / 100 * (double) self->n));
  guint64 seen = 0;

  for (guint i = 0; i < LOAD_HISTOGRAM_SIZE && self->n > 0; i++)
    {
      seen += self->buckets[i];
      if (seen >= wanted)
        return MIN (get_middle (i), self->max);
    }

  return self->max;
}

void
load_histogram_append_json (const LoadHistogram *self, GString *json, const char *name)
{
  g_string_append_printf (
    json,
    ",\"%s\":{\"n\":%" G_GUINT64_FORMAT ",\"p50\":%" G_GUINT64_FORMAT ",\"p90\":%" G_GUINT64_FORMAT
    ",\"p99\":%" G_GUINT64_FORMAT ",\"p999\":%" G_GUINT64_FORMAT ",\"max\":%" G_GUINT64_FORMAT "}",
    name, self->n, load_histogram_get_percentile (self, 50),
    load_histogram_get_percentile (self, 90), load_histogram_get_percentile (self, 99),
    load_histogram_get_percentile (self, 99.9), self->max);
}
