/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-backfill.h"

#include "quotes-backfill-lane.h"
#include "quotes-hole.h"

/* What is known of one instrument. */
typedef struct
{
  gint64 seen_us;     /* real time of its last price; 0 = none is known */
  gint64 interval_us; /* between two rounds when that came; 0 = in another run */
  gboolean is_asking; /* the archive, for the last price of other runs */
  gboolean has_price; /* in this run */
} Entry;

/**
 * QuotesBackfill:
 *
 * Finds out of what time no prices were recorded, and has it filled from what the providers tell of
 * the past. It looks when fresh prices have come: they are more important, and show that the host
 * answers. The first price of an instrument in a run shows what was missed since the last run, and
 * whether the instrument was ever filled at all.
 *
 * Bars go into the archive and pass the hub by: no event tells of them, and no alert fires.
 *
 * How far back a run before this one went is told by the quotes that the hub has adopted; it has to
 * have them before the start. The archive is asked only of what is not among them.
 */
struct _QuotesBackfill
{
  GObject parent_instance;

  QuotesHub *hub;            /* (owned) */
  QuotesPoller *poller;      /* (owned) */
  QuotesArchive *archive;    /* (owned) */
  QuotesClock *clock;        /* (owned) */
  GRand *random;             /* (owned) */
  GPtrArray *lanes;          /* (owned) (element-type QuotesBackfillLane) */
  GHashTable *entries;       /* (owned) (element-type utf8 Entry): by symbol */
  GCancellable *cancellable; /* (owned) */
  gboolean is_running;
  gboolean is_paused;
  gboolean is_offline;
};

G_DEFINE_FINAL_TYPE (QuotesBackfill, quotes_backfill, G_TYPE_OBJECT)

static QuotesBackfillLane *
find_lane (QuotesBackfill *self, const QuotesInstrument *instrument)
{
  for (guint i = 0; i < self->lanes->len; i++)
    {
      QuotesBackfillLane *lane = g_ptr_array_index (self->lanes, i);

      if (quotes_provider_serves (quotes_backfill_lane_get_provider (lane), instrument))
        return lane;
    }
  return NULL;
}

static Entry *
ensure_entry (QuotesBackfill *self, const char *symbol)
{
  Entry *entry = g_hash_table_lookup (self->entries, symbol);

  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      g_hash_table_insert (self->entries, g_strdup (symbol), entry);
    }
  return entry;
}

/* One question to the archive. */
typedef struct
{
  QuotesBackfill *self; /* (owned) */
  char *symbol;         /* (owned) */
  gint64 asked_us;      /* real time */
} Question;

static void
question_free (Question *question)
{
  g_object_unref (question->self);
  g_free (question->symbol);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
newest_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GError) error = NULL;
  gint64 newest_us = quotes_archive_read_newest_finish (QUOTES_ARCHIVE (source), result, &error);
  Entry *entry = g_hash_table_lookup (question->self->entries, question->symbol);

  if (entry == NULL)
    return;
  entry->is_asking = FALSE;
  /* A later one was written after we asked, and says nothing of the time before. */
  if (newest_us > 0 && newest_us < question->asked_us)
    entry->seen_us = newest_us;
}

static void
ask_archive (QuotesBackfill *self, Entry *entry, const char *symbol)
{
  Question *question = g_new0 (Question, 1);

  entry->is_asking = TRUE;
  question->self = g_object_ref (self);
  question->symbol = g_strdup (symbol);
  question->asked_us = quotes_clock_get_real_us (self->clock);
  quotes_archive_read_newest_async (self->archive, symbol, self->cancellable, newest_read_cb,
                                    question);
}

/* Finds out when the last price of @instrument came before now. */
static void
begin_watching (QuotesBackfill *self, const QuotesInstrument *instrument)
{
  const QuotesQuote *quote = quotes_hub_lookup (self->hub, instrument->symbol);
  Entry *entry = ensure_entry (self, instrument->symbol);

  if (quote != NULL && g_str_equal (quote->instrument, instrument->text))
    entry->seen_us = quote->fetched_us;
  else
    ask_archive (self, entry, instrument->symbol);
}

static void
forget (QuotesBackfill *self, const char *symbol)
{
  for (guint i = 0; i < self->lanes->len; i++)
    quotes_backfill_lane_remove (g_ptr_array_index (self->lanes, i), symbol);
  g_hash_table_remove (self->entries, symbol);
}

/* After the whole list was read anew. */
static void
compare_list (QuotesBackfill *self)
{
  QuotesWatchlist *list = quotes_hub_get_watchlist (self->hub);
  GPtrArray *instruments = quotes_watchlist_get_instruments (list);
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer symbol = NULL;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &symbol, NULL))
    if (quotes_watchlist_lookup (list, symbol) == NULL)
      g_ptr_array_add (gone, g_strdup (symbol));
  for (guint i = 0; i < gone->len; i++)
    forget (self, g_ptr_array_index (gone, i));

  for (guint i = 0; i < instruments->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (instruments, i);

      if (!g_hash_table_contains (self->entries, instrument->symbol))
        begin_watching (self, instrument);
    }
}

static void
watchlist_changed_cb (QuotesBackfill *self, QuotesInstrument *added, QuotesInstrument *removed)
{
  if (!self->is_running)
    return;
  if (removed != NULL)
    forget (self, removed->symbol);
  if (added != NULL)
    begin_watching (self, added);
  if (added == NULL && removed == NULL)
    compare_list (self);
}

/* @statuses: (element-type QuotesProviderStatus) */
static gint64
find_interval_us (GPtrArray *statuses, QuotesBackfillLane *lane)
{
  const QuotesProviderInfo *info =
    quotes_provider_get_info (quotes_backfill_lane_get_provider (lane));

  for (guint i = 0; i < statuses->len; i++)
    {
      const QuotesProviderStatus *status = g_ptr_array_index (statuses, i);

      if (g_str_equal (status->info->id, info->id))
        return status->interval_us;
    }
  return info->interval_us;
}

static void
take_price (QuotesBackfill *self,
            QuotesBackfillLane *lane,
            QuotesInstrument *instrument,
            gint64 fetched_us,
            gint64 interval_us)
{
  Entry *entry = ensure_entry (self, instrument->symbol);
  gboolean is_first = !entry->has_price;
  gboolean is_hole =
    entry->seen_us != 0 &&
    fetched_us - entry->seen_us > quotes_hole_get_limit_us (entry->interval_us, interval_us);

  /* It is looked at again in the next round. */
  if (entry->is_asking)
    return;
  if (is_first || is_hole)
    quotes_backfill_lane_add (lane, instrument, is_hole ? entry->seen_us : 0, fetched_us, is_first);
  entry->has_price = TRUE;
  entry->seen_us = fetched_us;
  entry->interval_us = interval_us;
}

static void
cycle_cb (QuotesBackfill *self)
{
  QuotesWatchlist *list = quotes_hub_get_watchlist (self->hub);
  QuotesSnapshot *snapshot = quotes_hub_get_snapshot (self->hub);
  g_autoptr (GPtrArray) statuses = NULL;

  if (!self->is_running)
    return;
  statuses = quotes_poller_dup_statuses (self->poller);
  for (guint i = 0; i < snapshot->quotes->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (snapshot->quotes, i);
      QuotesInstrument *instrument = quotes_watchlist_lookup (list, quote->symbol);
      QuotesBackfillLane *lane = instrument != NULL ? find_lane (self, instrument) : NULL;
      const Entry *entry = g_hash_table_lookup (self->entries, quote->symbol);

      /* Stale ones may be of another run. */
      if (lane == NULL || quote->stale_reason != QUOTES_STALE_REASON_NONE ||
          (entry != NULL && entry->has_price && entry->seen_us == quote->fetched_us))
        continue;
      take_price (self, lane, instrument, quote->fetched_us, find_interval_us (statuses, lane));
    }
}

static void
quotes_backfill_dispose (GObject *object)
{
  QuotesBackfill *self = QUOTES_BACKFILL (object);

  quotes_backfill_stop (self);
  if (self->poller != NULL)
    g_signal_handlers_disconnect_by_data (self->poller, self);
  if (self->hub != NULL)
    g_signal_handlers_disconnect_by_data (quotes_hub_get_watchlist (self->hub), self);
  g_ptr_array_set_size (self->lanes, 0);
  g_clear_object (&self->hub);
  g_clear_object (&self->poller);
  g_clear_object (&self->archive);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_backfill_parent_class)->dispose (object);
}

static void
quotes_backfill_finalize (GObject *object)
{
  QuotesBackfill *self = QUOTES_BACKFILL (object);

  g_ptr_array_unref (self->lanes);
  g_hash_table_unref (self->entries);
  g_object_unref (self->cancellable);
  g_rand_free (self->random);

  G_OBJECT_CLASS (quotes_backfill_parent_class)->finalize (object);
}

static void
quotes_backfill_class_init (QuotesBackfillClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_backfill_dispose;
  object_class->finalize = quotes_backfill_finalize;
}

static void
quotes_backfill_init (QuotesBackfill *self)
{
  self->lanes = g_ptr_array_new_with_free_func (g_object_unref);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->cancellable = g_cancellable_new ();
}

/**
 * quotes_backfill_new:
 * @hub: has the prices
 * @poller: says when a round is over, and how far apart they are
 * @archive: has the past
 * @random: (transfer full): for the spacing
 *
 * Returns: (transfer full): one that does not run yet
 */
QuotesBackfill *
quotes_backfill_new (QuotesHub *hub,
                     QuotesPoller *poller,
                     QuotesArchive *archive,
                     QuotesClock *clock,
                     GRand *random)
{
  QuotesBackfill *self = g_object_new (QUOTES_TYPE_BACKFILL, NULL);

  self->hub = g_object_ref (hub);
  self->poller = g_object_ref (poller);
  self->archive = g_object_ref (archive);
  self->clock = g_object_ref (clock);
  self->random = random;
  g_signal_connect_swapped (poller, "cycle", G_CALLBACK (cycle_cb), self);
  g_signal_connect_swapped (quotes_hub_get_watchlist (hub), "changed",
                            G_CALLBACK (watchlist_changed_cb), self);

  return self;
}

static void
hold_lane (QuotesBackfill *self, QuotesBackfillLane *lane)
{
  quotes_backfill_lane_set_held (
    lane, self->is_paused || (self->is_offline && quotes_backfill_lane_is_public (lane)));
}

/**
 * quotes_backfill_add_provider:
 * @provider: one that does not know the past is ignored
 * @breaker: of its host
 * @is_public: whether that is a public host, which is asked less often
 */
void
quotes_backfill_add_provider (QuotesBackfill *self,
                              QuotesProvider *provider,
                              QuotesBreaker *breaker,
                              gboolean is_public)
{
  QuotesBackfillLane *lane = NULL;

  g_return_if_fail (QUOTES_IS_BACKFILL (self));

  if (!quotes_provider_has_history (provider))
    return;
  lane = quotes_backfill_lane_new (provider, breaker, is_public, self->archive, self->clock,
                                   g_rand_new_with_seed (g_rand_int (self->random)));
  hold_lane (self, lane);
  g_ptr_array_add (self->lanes, lane);
}

static void
hold_lanes (QuotesBackfill *self)
{
  for (guint i = 0; i < self->lanes->len; i++)
    hold_lane (self, g_ptr_array_index (self->lanes, i));
}

/* Holes are found all the same, and filled later: on a network that costs money. */
void
quotes_backfill_set_paused (QuotesBackfill *self, gboolean is_paused)
{
  g_return_if_fail (QUOTES_IS_BACKFILL (self));

  self->is_paused = is_paused;
  hold_lanes (self);
}

/* Without a network nothing is asked of public hosts. */
void
quotes_backfill_set_online (QuotesBackfill *self, gboolean is_online)
{
  g_return_if_fail (QUOTES_IS_BACKFILL (self));

  self->is_offline = !is_online;
  hold_lanes (self);
}

/* Before the poller is started, and after the hub has adopted what was kept. */
void
quotes_backfill_start (QuotesBackfill *self)
{
  g_return_if_fail (QUOTES_IS_BACKFILL (self));

  self->is_running = TRUE;
  compare_list (self);
}

/* For good. What is under way is cancelled. */
void
quotes_backfill_stop (QuotesBackfill *self)
{
  g_return_if_fail (QUOTES_IS_BACKFILL (self));

  self->is_running = FALSE;
  g_cancellable_cancel (self->cancellable);
  for (guint i = 0; i < self->lanes->len; i++)
    quotes_backfill_lane_stop (g_ptr_array_index (self->lanes, i));
}
