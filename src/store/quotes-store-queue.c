/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-store-queue.h"

/* However small they are: a transaction of more takes no less time for each. */
#define BATCH_VERSIONS_MAX 256

struct _QuotesStoreQueue
{
  GQueue versions; /* (element-type QuotesStoreVersion) */
  GArray *gaps;    /* (owned) (element-type QuotesStoreGap) */
  guint n_ticks;
};

static void
version_free (gpointer data)
{
  QuotesStoreVersion *self = data;

  g_ptr_array_unref (self->quotes);
  g_strfreev (self->removed);
  g_free (self);
}

void
quotes_store_batch_free (QuotesStoreBatch *self)
{
  g_ptr_array_unref (self->versions);
  g_array_unref (self->gaps);
  g_free (self);
}

QuotesStoreQueue *
quotes_store_queue_new (void)
{
  QuotesStoreQueue *self = g_new0 (QuotesStoreQueue, 1);

  g_queue_init (&self->versions);
  self->gaps = g_array_new (FALSE, FALSE, sizeof (QuotesStoreGap));
  return self;
}

void
quotes_store_queue_free (QuotesStoreQueue *self)
{
  g_queue_clear_full (&self->versions, version_free);
  g_array_unref (self->gaps);
  g_free (self);
}

/* @changed, @removed: as of QuotesHub::changed */
void
quotes_store_queue_push (QuotesStoreQueue *self,
                         QuotesSnapshot *snapshot,
                         GPtrArray *changed,
                         const char *const *removed)
{
  QuotesStoreVersion *version = g_new0 (QuotesStoreVersion, 1);

  version->version = snapshot->version;
  version->at_us = snapshot->generated_us;
  version->quotes = g_ptr_array_ref (changed);
  version->removed = g_strdupv ((char **) removed);
  for (guint i = 0; i < changed->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (changed, i);

      if (quote->stale_reason == QUOTES_STALE_REASON_NONE)
        version->n_ticks++;
    }
  self->n_ticks += version->n_ticks;
  g_queue_push_tail (&self->versions, version);
}

/* Those that were under way when later ones were given up come after them, but belong before. */
static void
note_gap (QuotesStoreQueue *self, const QuotesStoreVersion *version, const char *reason)
{
  QuotesStoreGap gap = {version->version, version->version, version->n_ticks, reason};
  guint i = 0;

  while (i < self->gaps->len &&
         g_array_index (self->gaps, QuotesStoreGap, i).to_version < version->version)
    i++;
  g_array_insert_val (self->gaps, i, gap);
}

static void
join_gaps (QuotesStoreQueue *self)
{
  for (guint i = self->gaps->len; i > 1; i--)
    {
      QuotesStoreGap *gap = &g_array_index (self->gaps, QuotesStoreGap, i - 2);
      const QuotesStoreGap *next = gap + 1;

      if (gap->to_version + 1 != next->from_version)
        continue;
      gap->to_version = next->to_version;
      gap->n_ticks += next->n_ticks;
      g_array_remove_index (self->gaps, i - 1);
    }
}

/**
 * quotes_store_queue_trim:
 * @self: a queue
 * @n_ticks_max: how many prices may wait
 * @reason: a literal: why not all of them can
 *
 * Gives up the oldest versions, whole ones, and notes a gap. The newest one stays in any case.
 *
 * Returns: how many prices were given up
 */
guint
quotes_store_queue_trim (QuotesStoreQueue *self, guint n_ticks_max, const char *reason)
{
  guint n_before = self->n_ticks;

  while (self->n_ticks > n_ticks_max && self->versions.length > 1)
    {
      QuotesStoreVersion *version = g_queue_pop_head (&self->versions);

      self->n_ticks -= version->n_ticks;
      note_gap (self, version, reason);
      version_free (version);
    }
  join_gaps (self);
  return n_before - self->n_ticks;
}

gboolean
quotes_store_queue_is_empty (QuotesStoreQueue *self)
{
  return self->versions.length == 0 && self->gaps->len == 0;
}

guint
quotes_store_queue_get_n_ticks (QuotesStoreQueue *self)
{
  return self->n_ticks;
}

/**
 * quotes_store_queue_take:
 * @n_ticks_max: about how many prices; at least one version is taken
 *
 * Returns: (transfer full): the oldest
 */
QuotesStoreBatch *
quotes_store_queue_take (QuotesStoreQueue *self, guint n_ticks_max)
{
  QuotesStoreBatch *batch = g_new0 (QuotesStoreBatch, 1);
  guint n_ticks = 0;

  batch->versions = g_ptr_array_new_with_free_func (version_free);
  while (self->versions.length > 0 && n_ticks < n_ticks_max &&
         batch->versions->len < BATCH_VERSIONS_MAX)
    {
      QuotesStoreVersion *version = g_queue_pop_head (&self->versions);

      n_ticks += version->n_ticks;
      g_ptr_array_add (batch->versions, version);
    }
  self->n_ticks -= n_ticks;
  batch->gaps = g_steal_pointer (&self->gaps);
  self->gaps = g_array_new (FALSE, FALSE, sizeof (QuotesStoreGap));
  return batch;
}

/* @batch: (transfer full): the last one that was taken; it could not be written */
void
quotes_store_queue_give_back (QuotesStoreQueue *self, QuotesStoreBatch *batch)
{
  while (batch->versions->len > 0)
    {
      QuotesStoreVersion *version =
        g_ptr_array_steal_index (batch->versions, batch->versions->len - 1);

      self->n_ticks += version->n_ticks;
      g_queue_push_head (&self->versions, version);
    }
  g_array_prepend_vals (self->gaps, batch->gaps->data, batch->gaps->len);
  quotes_store_batch_free (batch);
}
