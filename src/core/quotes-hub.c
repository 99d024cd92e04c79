/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-hub.h"

/* Contract 4. */
#define FETCH_AGE_MIN_US (60 * G_USEC_PER_SEC)
#define QUOTE_AGE_MIN_US (300 * G_USEC_PER_SEC)
#define MINUTE_US (60 * G_USEC_PER_SEC)

/* What is known of one symbol. */
typedef struct
{
  QuotesQuote *quote;     /* (owned): the last good one, never stale by itself */
  QuotesQuote *published; /* (owned) (nullable): what the snapshot shows of it */
  gint64 fetched_us;      /* monotonic time of the last good fetch; 0 = adopted */
  gint64 interval_us;
  QuotesStaleReason trouble; /* why no newer one came */
} Entry;

/**
 * QuotesHub:
 *
 * The newest quote of every symbol of the watchlist, and the one place that says it changed.
 *
 * A provider that fails leaves its quotes where they are, with their own times; they become stale
 * on time, even when nothing is fetched any more.
 */
struct _QuotesHub
{
  GObject parent_instance;

  QuotesWatchlist *watchlist; /* (owned) */
  QuotesClock *clock;         /* (owned) */
  GHashTable *entries;        /* (owned) (element-type utf8 Entry): keys live in the quotes */
  QuotesSnapshot *snapshot;   /* (owned) */
  guint alarm_id;
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_LOOKED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QuotesHub, quotes_hub, G_TYPE_OBJECT)

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_clear_pointer (&self->quote, quotes_quote_unref);
  g_clear_pointer (&self->published, quotes_quote_unref);
  g_free (self);
}

static gint64
get_fetch_limit_us (const Entry *entry)
{
  return MAX (2 * entry->interval_us, FETCH_AGE_MIN_US);
}

/* How long the market's own time stays believable; -1 = for ever. */
static gint64
get_quote_limit_us (const Entry *entry)
{
  const QuotesQuote *quote = entry->quote;

  if (quote->market_state != QUOTES_MARKET_STATE_REGULAR || quote->quote_time_us == 0)
    return -1;
  return MAX (quote->delay_minutes, quote->feed_delay_minutes) * MINUTE_US +
         MAX (3 * entry->interval_us, QUOTE_AGE_MIN_US);
}

/* Says whether the quote is stale now and, while it is not, when it will be (monotonic time). */
static QuotesStaleReason
judge_entry (QuotesHub *self, const Entry *entry, gint64 *fresh_until_us)
{
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);
  gint64 quote_limit_us = get_quote_limit_us (entry);

  if (entry->fetched_us == 0)
    return QUOTES_STALE_REASON_STORED;

  *fresh_until_us = entry->fetched_us + get_fetch_limit_us (entry);
  if (now_us > *fresh_until_us)
    return entry->trouble != QUOTES_STALE_REASON_NONE ? entry->trouble : QUOTES_STALE_REASON_OLD;

  if (quote_limit_us >= 0)
    {
      gint64 age_us = quotes_clock_get_real_us (self->clock) - entry->quote->quote_time_us;

      if (age_us > quote_limit_us)
        return QUOTES_STALE_REASON_OLD;
      *fresh_until_us = MIN (*fresh_until_us, now_us + quote_limit_us - age_us);
    }
  return QUOTES_STALE_REASON_NONE;
}

static void refresh (QuotesHub *self, GStrv removed);

static void
became_stale_cb (gpointer user_data)
{
  QuotesHub *self = QUOTES_HUB (user_data);

  self->alarm_id = 0;
  refresh (self, NULL);
}

static void
clear_alarm (QuotesHub *self)
{
  guint alarm_id = self->alarm_id;

  self->alarm_id = 0;
  if (alarm_id != 0)
    quotes_clock_remove_alarm (self->clock, alarm_id);
}

static void
set_alarm (QuotesHub *self, gint64 fresh_until_us)
{
  clear_alarm (self);
  if (fresh_until_us < G_MAXINT64)
    self->alarm_id =
      quotes_clock_add_alarm (self->clock, fresh_until_us + 1000, became_stale_cb, self);
}

/* What the entry shows now: a new one only when somebody could tell it from the old one. */
static gboolean
publish_entry (QuotesHub *self, Entry *entry, gint64 *fresh_until_us)
{
  gint64 until_us = G_MAXINT64;
  QuotesStaleReason reason = judge_entry (self, entry, &until_us);
  g_autoptr (QuotesQuote) quote = quotes_quote_with_stale_reason (entry->quote, reason);
  gboolean is_news =
    entry->published == NULL || !quotes_quote_is_same_news (entry->published, quote);

  if (reason == QUOTES_STALE_REASON_NONE)
    *fresh_until_us = MIN (*fresh_until_us, until_us);
  g_clear_pointer (&entry->published, quotes_quote_unref);
  entry->published = g_steal_pointer (&quote);

  return is_news;
}

/* Makes the snapshot anew from the entries. It gets a new version, and ::changed is emitted, only
 * when something other than times differs. */
static void
refresh (QuotesHub *self, GStrv removed)
{
  char *none[] = {NULL};
  GPtrArray *instruments = quotes_watchlist_get_instruments (self->watchlist);
  GPtrArray *quotes = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  g_autoptr (GPtrArray) changed =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  g_autoptr (QuotesSnapshot) snapshot = NULL;
  gint64 fresh_until_us = G_MAXINT64;
  guint64 version = self->snapshot->version;

  for (guint i = 0; i < instruments->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (instruments, i);
      Entry *entry = g_hash_table_lookup (self->entries, instrument->symbol);

      if (entry == NULL)
        continue;
      if (publish_entry (self, entry, &fresh_until_us))
        g_ptr_array_add (changed, quotes_quote_ref (entry->published));
      g_ptr_array_add (quotes, quotes_quote_ref (entry->published));
    }

  if (changed->len > 0 || removed != NULL)
    version++;
  snapshot = quotes_snapshot_new (version, quotes_clock_get_real_us (self->clock), quotes);
  g_clear_pointer (&self->snapshot, quotes_snapshot_unref);
  self->snapshot = quotes_snapshot_ref (snapshot);
  set_alarm (self, fresh_until_us);

  if (changed->len > 0 || removed != NULL)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0, snapshot, changed,
                   removed != NULL ? removed : none);
}

static void
watchlist_changed_cb (QuotesHub *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) removed = NULL;
  GHashTableIter iter;
  gpointer symbol = NULL;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &symbol, NULL))
    if (quotes_watchlist_lookup (self->watchlist, symbol) == NULL)
      {
        g_strv_builder_add (builder, symbol);
        g_hash_table_iter_remove (&iter);
      }

  removed = g_strv_builder_end (builder);
  refresh (self, removed[0] != NULL ? removed : NULL);
}

static void
quotes_hub_dispose (GObject *object)
{
  QuotesHub *self = QUOTES_HUB (object);

  clear_alarm (self);
  g_clear_object (&self->watchlist);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_hub_parent_class)->dispose (object);
}

static void
quotes_hub_finalize (GObject *object)
{
  QuotesHub *self = QUOTES_HUB (object);

  g_hash_table_unref (self->entries);
  quotes_snapshot_unref (self->snapshot);

  G_OBJECT_CLASS (quotes_hub_parent_class)->finalize (object);
}

static void
quotes_hub_class_init (QuotesHubClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_hub_dispose;
  object_class->finalize = quotes_hub_finalize;

  /**
   * QuotesHub::changed:
   * @self: the hub
   * @snapshot: the new version
   * @changed: (element-type QuotesQuote): what differs from the version before, or is new
   * @removed: (array zero-terminated=1): symbols that are gone
   *
   * Emitted on the main context once per version, after the hub's state is complete.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, QUOTES_TYPE_SNAPSHOT, G_TYPE_PTR_ARRAY, G_TYPE_STRV);

  /**
   * QuotesHub::looked:
   * @self: the hub
   *
   * Somebody took prices as they are, without waiting for the next ones; see
   * quotes_hub_note_look().
   */
  signals[SIGNAL_LOOKED] = g_signal_new ("looked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
quotes_hub_init (QuotesHub *self)
{
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  self->snapshot = quotes_snapshot_new (
    0, 0, g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref));
}

QuotesHub *
quotes_hub_new (QuotesWatchlist *watchlist, QuotesClock *clock)
{
  QuotesHub *self = g_object_new (QUOTES_TYPE_HUB, NULL);

  self->watchlist = g_object_ref (watchlist);
  self->clock = g_object_ref (clock);
  g_signal_connect_object (watchlist, "changed", G_CALLBACK (watchlist_changed_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * quotes_hub_get_snapshot:
 *
 * Returns: (transfer none): valid until control returns to the main loop
 */
QuotesSnapshot *
quotes_hub_get_snapshot (QuotesHub *self)
{
  g_return_val_if_fail (QUOTES_IS_HUB (self), NULL);

  return self->snapshot;
}

QuotesWatchlist *
quotes_hub_get_watchlist (QuotesHub *self)
{
  g_return_val_if_fail (QUOTES_IS_HUB (self), NULL);

  return self->watchlist;
}

/**
 * quotes_hub_lookup:
 *
 * Returns: (transfer none) (nullable): valid until control returns to the main loop
 */
QuotesQuote *
quotes_hub_lookup (QuotesHub *self, const char *symbol)
{
  const Entry *entry = NULL;

  g_return_val_if_fail (QUOTES_IS_HUB (self), NULL);

  entry = g_hash_table_lookup (self->entries, symbol);
  return entry != NULL ? entry->published : NULL;
}

/* Called for each question from outside that prices answer: a script that asks every half minute is
 * somebody who watches, too. */
void
quotes_hub_note_look (QuotesHub *self)
{
  g_return_if_fail (QUOTES_IS_HUB (self));

  g_signal_emit (self, signals[SIGNAL_LOOKED], 0);
}

/* An answer that overtook a newer one is good for its fetch time only. */
static gboolean
is_out_of_order (const QuotesQuote *old, const QuotesQuote *quote)
{
  return old->quote_time_us != 0 && quote->quote_time_us != 0 &&
         quote->quote_time_us < old->quote_time_us && g_str_equal (old->source, quote->source);
}

static Entry *
ensure_entry (QuotesHub *self, const char *symbol)
{
  Entry *entry = g_hash_table_lookup (self->entries, symbol);

  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      g_hash_table_insert (self->entries, g_strdup (symbol), entry);
    }
  return entry;
}

static void
take_quote (QuotesHub *self, QuotesQuote *quote, gint64 interval_us)
{
  const QuotesInstrument *instrument = quotes_watchlist_lookup (self->watchlist, quote->symbol);
  g_autoptr (QuotesQuote) good = NULL;
  Entry *entry = NULL;

  /* Removed, or removed and added as another thing, while the request was under way. */
  if (instrument == NULL || !g_str_equal (instrument->text, quote->instrument))
    return;

  entry = ensure_entry (self, quote->symbol);
  if (entry->quote != NULL && is_out_of_order (entry->quote, quote))
    {
      QuotesQuote fields = *entry->quote;

      fields.fetched_us = quote->fetched_us;
      good = quotes_quote_new (&fields);
    }
  else
    {
      good = quotes_quote_ref (quote);
    }

  g_clear_pointer (&entry->quote, quotes_quote_unref);
  entry->quote = g_steal_pointer (&good);
  entry->fetched_us = quotes_clock_get_monotonic_us (self->clock);
  entry->interval_us = interval_us;
  entry->trouble = QUOTES_STALE_REASON_NONE;
}

/**
 * quotes_hub_take_quotes:
 * @self: a hub
 * @quotes: (element-type QuotesQuote): fresh from a provider; those that the list does not want are
 *   ignored
 * @interval_us: when the next ones are planned, which says when these get stale
 */
void
quotes_hub_take_quotes (QuotesHub *self, GPtrArray *quotes, gint64 interval_us)
{
  g_return_if_fail (QUOTES_IS_HUB (self));

  for (guint i = 0; i < quotes->len; i++)
    take_quote (self, g_ptr_array_index (quotes, i), interval_us);
  refresh (self, NULL);
}

/**
 * quotes_hub_adopt_snapshot:
 * @self: a hub
 * @snapshot: from the store or another machine
 *
 * Takes over what we have nothing newer for. It is stale, with its own times, until a provider
 * answers.
 */
void
quotes_hub_adopt_snapshot (QuotesHub *self, QuotesSnapshot *snapshot)
{
  g_return_if_fail (QUOTES_IS_HUB (self));

  for (guint i = 0; i < snapshot->quotes->len; i++)
    {
      QuotesQuote *quote = g_ptr_array_index (snapshot->quotes, i);
      const QuotesInstrument *instrument = quotes_watchlist_lookup (self->watchlist, quote->symbol);
      Entry *entry = NULL;

      /* The symbol may be another thing's by now. */
      if (instrument == NULL || !g_str_equal (instrument->text, quote->instrument) ||
          g_hash_table_contains (self->entries, quote->symbol))
        continue;
      entry = ensure_entry (self, quote->symbol);
      entry->quote = quotes_quote_with_stale_reason (quote, QUOTES_STALE_REASON_NONE);
    }
  refresh (self, NULL);
}

/* Says whether what is shown of @entry changes: it is stale already, for another reason. */
static gboolean
set_trouble (Entry *entry, QuotesStaleReason reason, gint64 interval_us)
{
  entry->interval_us = interval_us;
  if (entry->trouble == reason)
    return FALSE;
  entry->trouble = reason;
  return entry->published != NULL && entry->published->stale_reason != QUOTES_STALE_REASON_NONE;
}

/**
 * quotes_hub_set_troubles:
 * @self: a hub
 * @reasons: (element-type utf8 QuotesStaleReason): by symbol, what to say when its quote gets stale
 *   because no newer one comes; `GINT_TO_POINTER` values
 * @interval_us: between two tries
 *
 * The quotes stay as they are until their time is over. A symbol without a quote is ignored.
 */
void
quotes_hub_set_troubles (QuotesHub *self, GHashTable *reasons, gint64 interval_us)
{
  gboolean is_shown = FALSE;
  GHashTableIter iter;
  gpointer symbol = NULL;
  gpointer reason = NULL;

  g_return_if_fail (QUOTES_IS_HUB (self));

  g_hash_table_iter_init (&iter, reasons);
  while (g_hash_table_iter_next (&iter, &symbol, &reason))
    {
      Entry *entry = g_hash_table_lookup (self->entries, symbol);

      if (entry != NULL && set_trouble (entry, GPOINTER_TO_INT (reason), interval_us))
        is_shown = TRUE;
    }
  /* One new version for all of them. */
  if (is_shown)
    refresh (self, NULL);
}
