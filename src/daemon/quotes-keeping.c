/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-keeping.h"

/* What is counted of a provider already. */
typedef struct
{
  guint64 n_requests;
  guint n_failures;
} Counted;

struct _QuotesKeeping
{
  guint32 run;
  QuotesStore *store;    /* (owned) */
  QuotesHub *hub;        /* (owned) */
  QuotesPoller *poller;  /* (owned) */
  GHashTable *providers; /* (owned) (element-type utf8 Counted): by id */
};

static void
hub_changed_cb (QuotesKeeping *self,
                QuotesSnapshot *snapshot,
                GPtrArray *changed,
                const char *const *removed)
{
  quotes_store_append (self->store, snapshot, changed, removed);
}

static void
count_calls (QuotesKeeping *self, const QuotesProviderStatus *status)
{
  Counted *counted = g_hash_table_lookup (self->providers, status->info->id);
  guint n_failures = 0;

  if (counted == NULL)
    {
      counted = g_new0 (Counted, 1);
      g_hash_table_insert (self->providers, g_strdup (status->info->id), counted);
    }
  /* A good round sets them back to none. */
  if (status->n_failures > counted->n_failures)
    n_failures = status->n_failures - counted->n_failures;
  quotes_store_count_calls (self->store, status->info->id, status->n_requests - counted->n_requests,
                            n_failures);
  counted->n_requests = status->n_requests;
  counted->n_failures = status->n_failures;
}

static void
cycle_cb (QuotesKeeping *self)
{
  g_autoptr (GPtrArray) statuses = quotes_poller_dup_statuses (self->poller);

  for (guint i = 0; i < statuses->len; i++)
    count_calls (self, g_ptr_array_index (statuses, i));
  quotes_store_touch (self->store, quotes_hub_get_snapshot (self->hub));
}

static guint32
make_run (void)
{
  guint32 run = 0;

  while (run == 0)
    run = g_random_int ();
  return run;
}

static QuotesStore *
open_store (guint32 run,
            const char *state_dir,
            QuotesSettings *settings,
            QuotesClock *clock,
            GError **error)
{
  QuotesHistoryLimits limits = {0};
  QuotesStoreOptions options = {.run = run};

  quotes_settings_get_history_limits (settings, &limits);
  options.tick_days = limits.tick_days;
  options.minute_days = limits.minute_days;
  options.hour_days = limits.hour_days;
  options.max_bytes = (gint64) limits.max_mib * 1024 * 1024;
  return quotes_store_open (state_dir, clock, &options, error);
}

/**
 * quotes_keeping_new:
 * @state_dir: which only this process uses
 * @settings: how long things are kept
 * @hub: its versions are kept from now on
 * @poller: whose requests are counted
 * @error: return location for a state folder that is none
 *
 * Returns: (transfer full) (nullable): has to be freed before its collaborators
 */
QuotesKeeping *
quotes_keeping_new (const char *state_dir,
                    QuotesSettings *settings,
                    QuotesHub *hub,
                    QuotesPoller *poller,
                    QuotesClock *clock,
                    GError **error)
{
  guint32 run = make_run ();
  QuotesStore *store = open_store (run, state_dir, settings, clock, error);
  QuotesKeeping *self = NULL;

  if (store == NULL)
    return NULL;

  self = g_new0 (QuotesKeeping, 1);
  self->run = run;
  self->store = store;
  self->hub = g_object_ref (hub);
  self->poller = g_object_ref (poller);
  self->providers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_signal_connect_swapped (hub, "changed", G_CALLBACK (hub_changed_cb), self);
  g_signal_connect_swapped (poller, "cycle", G_CALLBACK (cycle_cb), self);

  return self;
}

/* Shows the prices of last time, to those who are to learn of them too. */
void
quotes_keeping_adopt (QuotesKeeping *self)
{
  g_autoptr (QuotesSnapshot) snapshot = quotes_store_dup_snapshot (self->store);

  if (snapshot->quotes->len > 0)
    quotes_hub_adopt_snapshot (self->hub, snapshot);
}

/* Closes the store, if that is not done: blocks for a moment. */
void
quotes_keeping_free (QuotesKeeping *self)
{
  g_signal_handlers_disconnect_by_data (self->hub, self);
  g_signal_handlers_disconnect_by_data (self->poller, self);
  quotes_store_close (self->store);
  g_object_unref (self->store);
  g_object_unref (self->hub);
  g_object_unref (self->poller);
  g_hash_table_unref (self->providers);
  g_free (self);
}

/* Names this run; never 0. */
guint32
quotes_keeping_get_run (QuotesKeeping *self)
{
  return self->run;
}

QuotesStore *
quotes_keeping_get_store (QuotesKeeping *self)
{
  return self->store;
}

QuotesArchive *
quotes_keeping_get_archive (QuotesKeeping *self)
{
  return QUOTES_ARCHIVE (self->store);
}

/* Once, when no more prices come. @callback is called when all is written and the files are closed;
 * its source is the store. */
void
quotes_keeping_close (QuotesKeeping *self, GAsyncReadyCallback callback, gpointer user_data)
{
  quotes_store_close_async (self->store, NULL, callback, user_data);
}
