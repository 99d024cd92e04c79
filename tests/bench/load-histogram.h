/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Steps of 1/128 of a value: a percentile is right to better than one percent. */
#define LOAD_HISTOGRAM_STEPS 128
#define LOAD_HISTOGRAM_SIZE (LOAD_HISTOGRAM_STEPS * 40)

/**
 * LoadHistogram:
 *
 * Counts microseconds. Zeroed memory is an empty one.
 */
typedef struct
{
  guint64 buckets[LOAD_HISTOGRAM_SIZE];
  guint64 n;
  guint64 max;
} LoadHistogram;

void load_histogram_add (LoadHistogram *self, gint64 us);
guint64 load_histogram_get_percentile (const LoadHistogram *self, double percent);
/* Appends `,"name":{"n":...,"p50":...,...}`. */
void load_histogram_append_json (const LoadHistogram *self, GString *json, const char *name);

G_END_DECLS
