/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-gap.h"

/* From the first symbol that is seen: the others come with other providers, or not at all. */
#define DIGEST_US (60 * G_USEC_PER_SEC)

struct _QuotesAlertGap
{
  /* (owned) (element-type utf8 gint64): when what was known at the gap was fetched; 0 = no matter
   */
  GHashTable *awaited;
  GPtrArray *missed; /* (owned) (element-type QuotesAlertFired) */
  gint64 end_us;     /* 0 = none was seen yet */
};

QuotesAlertGap *
quotes_alert_gap_new (void)
{
  QuotesAlertGap *self = g_new0 (QuotesAlertGap, 1);

  self->awaited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->missed = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_alert_fired_unref);

  return self;
}

void
quotes_alert_gap_free (QuotesAlertGap *self)
{
  g_hash_table_unref (self->awaited);
  g_ptr_array_unref (self->missed);
  g_free (self);
}

/**
 * quotes_alert_gap_await:
 * @quote: (nullable): what is known of it now: a quote of the same fetch is none of after the gap
 */
void
quotes_alert_gap_await (QuotesAlertGap *self, const char *symbol, const QuotesQuote *quote)
{
  gint64 *fetched_us = g_new0 (gint64, 1);

  if (quote != NULL)
    *fetched_us = quote->fetched_us;
  g_hash_table_insert (self->awaited, g_strdup (symbol), fetched_us);
  self->end_us = 0;
}

gboolean
quotes_alert_gap_awaits (QuotesAlertGap *self, const char *symbol)
{
  return g_hash_table_contains (self->awaited, symbol);
}

/* Whether @quote is the first fresh one of its symbol. */
gboolean
quotes_alert_gap_is_end (QuotesAlertGap *self, const QuotesQuote *quote)
{
  const gint64 *fetched_us = g_hash_table_lookup (self->awaited, quote->symbol);

  return fetched_us != NULL && quote->stale_reason == QUOTES_STALE_REASON_NONE &&
         quote->fetched_us != *fetched_us;
}

/* The first fresh quote of @symbol was looked at. */
void
quotes_alert_gap_settle (QuotesAlertGap *self, const char *symbol, gint64 monotonic_us)
{
  g_hash_table_remove (self->awaited, symbol);
  if (self->end_us == 0)
    self->end_us = monotonic_us + DIGEST_US;
}

/**
 * quotes_alert_gap_retain:
 * @symbols: (element-type utf8): a set: nobody waits for any other
 */
void
quotes_alert_gap_retain (QuotesAlertGap *self, GHashTable *symbols)
{
  GHashTableIter iter;
  gpointer symbol = NULL;

  g_hash_table_iter_init (&iter, self->awaited);
  while (g_hash_table_iter_next (&iter, &symbol, NULL))
    if (!g_hash_table_contains (symbols, symbol))
      g_hash_table_iter_remove (&iter);
}

void
quotes_alert_gap_add_missed (QuotesAlertGap *self, QuotesAlertFired *fired)
{
  g_ptr_array_add (self->missed, quotes_alert_fired_ref (fired));
}

gboolean
quotes_alert_gap_is_closed (QuotesAlertGap *self)
{
  return g_hash_table_size (self->awaited) == 0 && self->missed->len == 0;
}

gint64
quotes_alert_gap_get_end_us (QuotesAlertGap *self)
{
  return g_hash_table_size (self->awaited) > 0 && self->end_us != 0 ? self->end_us : G_MAXINT64;
}

gboolean
quotes_alert_gap_is_over (QuotesAlertGap *self, gint64 monotonic_us)
{
  if (g_hash_table_size (self->awaited) == 0)
    return self->missed->len > 0;
  return self->end_us != 0 && monotonic_us >= self->end_us;
}

/**
 * quotes_alert_gap_end:
 * @unseen: (out) (transfer full) (element-type utf8 gint64): symbols that were not seen
 *
 * Returns: (transfer full) (element-type QuotesAlertFired): what was missed
 */
GPtrArray *
quotes_alert_gap_end (QuotesAlertGap *self, GHashTable **unseen)
{
  GPtrArray *missed = g_steal_pointer (&self->missed);

  *unseen = g_steal_pointer (&self->awaited);
  self->awaited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->missed = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_alert_fired_unref);
  self->end_us = 0;

  return missed;
}
