/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-private.h"

#include "quotes-private-records.h"

struct _QuotesPrivate
{
  QuotesClock *clock;            /* (owned) */
  QuotesStoreLane *lane;         /* (owned) */
  QuotesPrivateChanges *changes; /* (owned) */
  GHashTable *calls;             /* (owned) (element-type utf8 guint64): requests by provider */
  char *day;                     /* (owned): on which they were made */
  QuotesPrivateFunc changed;
  gpointer owner; /* (unowned) */
};

static gpointer
take_private (gpointer owner)
{
  QuotesPrivate *self = owner;

  return quotes_private_changes_are_empty (self->changes)
           ? NULL
           : quotes_private_changes_take (self->changes);
}

static gboolean
write_private_in_worker (QuotesDatabase *database, gpointer data, GError **error)
{
  return quotes_private_changes_write (data, database, error);
}

static void
private_returned (gpointer owner, gpointer data, gboolean is_written)
{
  QuotesPrivate *self = owner;

  if (!is_written)
    quotes_private_changes_give_back (self->changes, quotes_private_changes_take (data));
}

static void
private_changes_free (gpointer data)
{
  quotes_private_changes_free (data);
}

static void
lane_changed (gpointer user_data)
{
  QuotesPrivate *self = user_data;

  self->changed (self->owner);
}

static const QuotesStoreLaneFuncs private_funcs = {
  .take = take_private,
  .job = write_private_in_worker,
  .returned = private_returned,
  .changed = lane_changed,
  .free_data = private_changes_free,
};

/* `2026-02-17`, in UTC. */
char *
quotes_private_dup_day (QuotesClock *clock)
{
  g_autoptr (GDateTime) now =
    g_date_time_new_from_unix_utc (quotes_clock_get_real_us (clock) / G_USEC_PER_SEC);

  return g_date_time_format (now, "%Y-%m-%d");
}

/**
 * quotes_private_new:
 * @owner: a GObject, which the jobs keep alive; it owns the other
 * @clock: for its pauses, and for what day it is
 * @calls: (element-type utf8 guint64): requests of today that are known already
 * @changed: called with @owner when the state is another one, or something was written
 */
QuotesPrivate *
quotes_private_new (GObject *owner,
                    QuotesClock *clock,
                    GHashTable *calls,
                    QuotesPrivateFunc changed)
{
  QuotesPrivate *self = g_new0 (QuotesPrivate, 1);

  self->clock = g_object_ref (clock);
  self->owner = owner;
  self->changed = changed;
  self->calls = g_hash_table_ref (calls);
  self->day = quotes_private_dup_day (clock);
  self->changes = quotes_private_changes_new ();
  self->lane =
    quotes_store_lane_new (owner, self, QUOTES_STORE_FILE_PRIVATE, clock, &private_funcs);
  return self;
}

void
quotes_private_free (QuotesPrivate *self)
{
  quotes_store_lane_free (self->lane);
  quotes_private_changes_free (self->changes);
  g_hash_table_unref (self->calls);
  g_free (self->day);
  g_object_unref (self->clock);
  g_free (self);
}

QuotesStoreLane *
quotes_private_get_lane (QuotesPrivate *self)
{
  return self->lane;
}

/* As quotes_store_save_alert(). */
void
quotes_private_save_alert (QuotesPrivate *self, QuotesAlert *alert)
{
  if (quotes_store_lane_is_off (self->lane))
    return;
  quotes_private_changes_save_alert (self->changes, alert);
  quotes_store_lane_kick (self->lane);
}

/* As quotes_store_remove_alert(). */
void
quotes_private_remove_alert (QuotesPrivate *self, const char *id)
{
  if (quotes_store_lane_is_off (self->lane))
    return;
  quotes_private_changes_remove_alert (self->changes, id);
  quotes_store_lane_kick (self->lane);
}

static guint64 *
ensure_calls (QuotesPrivate *self, const char *provider)
{
  g_autofree char *day = quotes_private_dup_day (self->clock);
  guint64 *n = NULL;

  if (!g_str_equal (day, self->day))
    {
      g_hash_table_remove_all (self->calls);
      g_free (self->day);
      self->day = g_steal_pointer (&day);
    }
  n = g_hash_table_lookup (self->calls, provider);
  if (n == NULL)
    {
      n = g_new0 (guint64, 1);
      g_hash_table_insert (self->calls, g_strdup (provider), n);
    }
  return n;
}

/* As quotes_store_count_calls(). */
void
quotes_private_count_calls (QuotesPrivate *self,
                            const char *provider,
                            guint64 n_requests,
                            guint64 n_failures)
{
  if (n_requests == 0 && n_failures == 0)
    return;
  *ensure_calls (self, provider) += n_requests;
  if (quotes_store_lane_is_off (self->lane))
    return;
  quotes_private_changes_count_calls (self->changes, self->day, provider, n_requests, n_failures);
  quotes_store_lane_kick (self->lane);
}

/* As quotes_store_get_calls_today(). */
guint64
quotes_private_get_calls_today (QuotesPrivate *self, const char *provider)
{
  return *ensure_calls (self, provider);
}
