/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-snapshot.h"

G_DEFINE_BOXED_TYPE (QuotesSnapshot, quotes_snapshot, quotes_snapshot_ref, quotes_snapshot_unref)

/**
 * quotes_snapshot_new:
 * @version: see #QuotesSnapshot
 * @generated_us: microseconds since 1970
 * @quotes: (transfer full) (element-type QuotesQuote): with a free function; not touched any more
 *
 * Returns: (transfer full): a new snapshot
 */
QuotesSnapshot *
quotes_snapshot_new (guint64 version, gint64 generated_us, GPtrArray *quotes)
{
  QuotesSnapshot *self = g_atomic_rc_box_new (QuotesSnapshot);

  self->version = version;
  self->generated_us = generated_us;
  self->quotes = quotes;

  return self;
}

QuotesSnapshot *
quotes_snapshot_ref (QuotesSnapshot *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  QuotesSnapshot *self = data;

  g_ptr_array_unref (self->quotes);
}

void
quotes_snapshot_unref (QuotesSnapshot *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/**
 * quotes_snapshot_lookup:
 *
 * Returns: (transfer none) (nullable): lives as long as @self
 */
QuotesQuote *
quotes_snapshot_lookup (const QuotesSnapshot *self, const char *symbol)
{
  for (guint i = 0; i < self->quotes->len; i++)
    {
      QuotesQuote *quote = g_ptr_array_index (self->quotes, i);

      if (g_str_equal (quote->symbol, symbol))
        return quote;
    }
  return NULL;
}
