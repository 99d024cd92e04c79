/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-retention-size.h"

#include "quotes-bars-table.h"
#include "quotes-retention-rows.h"

/* Of one step: the commit comes after it. */
#define STEP_WORK_US (10 * 1000)
#define DAY_US (86400 * G_GINT64_CONSTANT (1000000))

typedef struct
{
  gint64 n_pages;
  gint64 n_free;
  gint64 page_size;
} Size;

static gboolean
measure (QuotesDatabase *database, Size *size, GError **error)
{
  return quotes_retention_ask_for (database, "PRAGMA page_count", &size->n_pages, error) &&
         quotes_retention_ask_for (database, "PRAGMA freelist_count", &size->n_free, error) &&
         quotes_retention_ask_for (database, "PRAGMA page_size", &size->page_size, error);
}

/* Some room is left below the limit: what comes in until the next look has to fit in, too. */
static gint64
get_high (const QuotesRetentionRun *self)
{
  return self->max_bytes / 16 * 15;
}

static gint64
get_low (const QuotesRetentionRun *self)
{
  return self->max_bytes / 8 * 7;
}

/* *has_deleted: whether there was anything of that length */
static gboolean
shrink_bars (QuotesRetentionRun *self,
             QuotesDatabase *database,
             QuotesInterval interval,
             gboolean *has_deleted,
             GError **error)
{
  gint64 slice_us = interval == QUOTES_INTERVAL_MINUTE ? DAY_US : 30 * DAY_US;
  gint64 end_us = g_get_monotonic_time () + STEP_WORK_US;
  gint64 oldest_us = G_MAXINT64;
  g_autoptr (GArray) instruments = quotes_bars_load_instruments (database, 0, error);

  if (instruments == NULL)
    return FALSE;
  for (guint i = 0; i < instruments->len; i++)
    {
      gint64 start_us = 0;

      if (!quotes_retention_find_oldest_bar (
            database, interval, g_array_index (instruments, QuotesBarsInstrument, i).id, &start_us,
            error))
        return FALSE;
      if (start_us != QUOTES_BARS_NEVER)
        oldest_us = MIN (oldest_us, start_us);
    }
  *has_deleted = oldest_us != G_MAXINT64;
  if (!*has_deleted)
    return TRUE;

  for (guint i = 0; i < instruments->len && g_get_monotonic_time () < end_us; i++)
    if (!quotes_retention_delete_bars (
          database, interval, g_array_index (instruments, QuotesBarsInstrument, i).id,
          oldest_us + slice_us, self->n_rows, &self->n_deleted[interval], error))
      return FALSE;
  return TRUE;
}

/* Single prices first: the bars still tell what they were. */
static gboolean
shrink (QuotesRetentionRun *self, QuotesDatabase *database, gboolean *has_deleted, GError **error)
{
  gint64 first = 0;

  if (!quotes_retention_find_oldest_tick (database, &first, error))
    return FALSE;
  if (first != 0)
    {
      *has_deleted = TRUE;
      return quotes_retention_delete_ticks (database, first + self->n_rows - 1,
                                            &self->n_deleted[QUOTES_INTERVAL_TICK], error);
    }
  return shrink_bars (self, database, QUOTES_INTERVAL_MINUTE, has_deleted, error) &&
         (*has_deleted || shrink_bars (self, database, QUOTES_INTERVAL_HOUR, has_deleted, error));
}

/* *is_done: there is no more than there may be, or nothing more to throw away */
gboolean
quotes_retention_limit_size (QuotesRetentionRun *self,
                             QuotesDatabase *database,
                             gboolean *is_done,
                             GError **error)
{
  Size size = {0};
  gint64 used = 0;
  gboolean is_too_much = FALSE;
  gboolean has_deleted = FALSE;

  if (!measure (database, &size, error))
    return FALSE;
  used = (size.n_pages - size.n_free) * size.page_size;
  is_too_much = used > (self->is_shrinking ? get_low (self) : get_high (self));
  if (is_too_much && !self->is_shrinking)
    {
      self->is_shrinking = TRUE;
      self->wants_checkpoint = TRUE;
      *is_done = FALSE;
      return TRUE;
    }
  if (is_too_much && !shrink (self, database, &has_deleted, error))
    return FALSE;
  *is_done = !has_deleted;
  return TRUE;
}

/**
 * quotes_retention_vacuum:
 * @is_done: (out): there is no space to give back
 *
 * The space is given back when the file is near its limit, or a quarter of it is empty: else it is
 * soon needed again. Only a checkpoint makes the file itself smaller.
 */
gboolean
quotes_retention_vacuum (QuotesRetentionRun *self,
                         QuotesDatabase *database,
                         gboolean *is_done,
                         GError **error)
{
  Size size = {0};

  if (!measure (database, &size, error))
    return FALSE;
  *is_done = size.n_free == 0 ||
             (size.n_pages * size.page_size <= get_high (self) && size.n_free <= size.n_pages / 4);
  if (!*is_done)
    {
      g_autofree char *sql = g_strdup_printf ("PRAGMA incremental_vacuum(%u)", self->n_pages);

      return quotes_database_execute (database, sql, error);
    }
  return TRUE;
}
