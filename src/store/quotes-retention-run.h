/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-database.h"
#include "quotes-history.h"

G_BEGIN_DECLS

/* What a run does, one after another. */
typedef enum
{
  QUOTES_RETENTION_PHASE_NEWEST, /* only finds out what is the newest */
  QUOTES_RETENTION_PHASE_TICKS,  /* single prices that are too old */
  QUOTES_RETENTION_PHASE_MINUTES,
  QUOTES_RETENTION_PHASE_HOURS,
  QUOTES_RETENTION_PHASE_SIZE,   /* whatever is the oldest, if there is too much */
  QUOTES_RETENTION_PHASE_VACUUM, /* gives the space back */
  QUOTES_RETENTION_PHASE_DONE,
} QuotesRetentionPhase;

/**
 * QuotesRetentionRun:
 * @phase: what the next step is about
 * @cutoffs_us: by interval, when what is older is too old; of days nothing is
 * @future_us: what is later was recorded while the date was wrong
 * @max_bytes: how large the file may be
 * @n_rows, @n_pages: of one step; adapted to how long the steps take
 * @n_left: how many single prices may still be deleted for their age; -1 = not counted yet
 * @scanned_id: up to where single prices have been looked at
 * @old_id: up to where all of them may go
 * @next_id: the instrument that is the next one
 * @is_shrinking: there was too much, and so there will be until there is some room
 * @wants_checkpoint: the next step puts what was written into the file
 * @newest_us: when the last single price was fetched; 0 = there is none
 * @n_steps, @worst_us: how many there were, and how long the slowest took
 * @n_deleted: by interval
 *
 * One round of throwing away what is old, in steps. What one step leaves off with is where the next
 * one begins; between two of them the writer does other things.
 */
typedef struct
{
  QuotesRetentionPhase phase;
  gint64 cutoffs_us[QUOTES_N_INTERVALS];
  gint64 future_us;
  gint64 max_bytes;
  guint n_rows;
  guint n_pages;

  gint64 n_left;
  gint64 scanned_id;
  gint64 old_id;
  gint64 next_id;
  gboolean is_shrinking;
  gboolean wants_checkpoint;

  gint64 newest_us;
  guint n_steps;
  gint64 worst_us;
  gint64 n_deleted[QUOTES_N_INTERVALS];
} QuotesRetentionRun;

void quotes_retention_run_init (QuotesRetentionRun *self);
gboolean quotes_retention_run_step (QuotesDatabase *database, gpointer data, GError **error);
gboolean quotes_retention_run_is_done (const QuotesRetentionRun *self);

G_END_DECLS
