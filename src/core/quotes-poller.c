/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-poller.h"

#include "quotes-symbol-watch.h"

/* What the pauses of the breaker are made for; they shrink with a shorter interval (contract 8). */
#define NOMINAL_INTERVAL_US (30 * G_USEC_PER_SEC)

/* One provider and its turn. */
typedef struct
{
  QuotesProvider *provider;  /* (owned) */
  QuotesBreaker *breaker;    /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable): of the round that is under way */
  gint64 due_us;             /* monotonic */
  gint64 last_ok_us;         /* real */
  GError *error;             /* (owned) (nullable): of the last round */
  guint64 n_requests;
  guint64 n_rounds;
  guint64 n_invalid;
} Turn;

/**
 * QuotesPoller:
 *
 * The one timer: asks each provider when it is due, never twice at once, and tells the hub.
 */
struct _QuotesPoller
{
  GObject parent_instance;

  QuotesHub *hub;             /* (owned) */
  QuotesClock *clock;         /* (owned) */
  GRand *random;              /* (owned) */
  GPtrArray *turns;           /* (owned) (element-type Turn) */
  QuotesSymbolWatch *symbols; /* (owned) */
  gint64 interval_us;         /* 0 = what each provider likes */
  gboolean is_running;
  guint alarm_id;
};

enum
{
  SIGNAL_CYCLE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QuotesPoller, quotes_poller, G_TYPE_OBJECT)

static void
turn_free (gpointer data)
{
  Turn *self = data;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->provider);
  g_clear_object (&self->breaker);
  g_clear_error (&self->error);
  g_free (self);
}

void
quotes_provider_status_free (QuotesProviderStatus *self)
{
  g_free (self->message);
  g_free (self);
}

void
quotes_pending_free (QuotesPending *self)
{
  g_free (self->symbol);
  g_free (self->instrument);
  g_free (self);
}

static gint64
get_interval_us (QuotesPoller *self, Turn *turn)
{
  return self->interval_us > 0 ? self->interval_us
                               : quotes_provider_get_info (turn->provider)->interval_us;
}

/* (element-type QuotesInstrument): what it serves; with @only_due, without those that were given up
 */
static GPtrArray *
list_instruments (QuotesPoller *self, Turn *turn, gboolean only_due)
{
  GPtrArray *all = quotes_watchlist_get_instruments (quotes_hub_get_watchlist (self->hub));
  GPtrArray *mine = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_instrument_unref);
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);

  for (guint i = 0; i < all->len; i++)
    {
      QuotesInstrument *instrument = g_ptr_array_index (all, i);

      if (quotes_provider_serves (turn->provider, instrument) &&
          (!only_due || quotes_symbol_watch_is_due (self->symbols, instrument->symbol, now_us)))
        g_ptr_array_add (mine, quotes_instrument_ref (instrument));
    }
  return mine;
}

static void
clear_alarm (QuotesPoller *self)
{
  guint alarm_id = self->alarm_id;

  self->alarm_id = 0;
  if (alarm_id != 0)
    quotes_clock_remove_alarm (self->clock, alarm_id);
}

static void ask_who_is_due_cb (gpointer user_data);

static void
set_alarm (QuotesPoller *self)
{
  gint64 next_us = G_MAXINT64;

  clear_alarm (self);
  for (guint i = 0; i < self->turns->len; i++)
    {
      const Turn *turn = g_ptr_array_index (self->turns, i);

      if (turn->cancellable == NULL)
        next_us = MIN (next_us, turn->due_us);
    }
  if (self->is_running && next_us < G_MAXINT64)
    self->alarm_id = quotes_clock_add_alarm (self->clock, next_us, ask_who_is_due_cb, self);
}

static QuotesStaleReason
get_stale_reason (const GError *error)
{
  return g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_RATE_LIMITED)
           ? QUOTES_STALE_REASON_RATE_LIMITED
           : QUOTES_STALE_REASON_PROVIDER_ERROR;
}

static void
report_symbol_errors (QuotesPoller *self, Turn *turn, QuotesBatch *batch)
{
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);
  GHashTableIter iter;
  gpointer key = NULL;
  gpointer value = NULL;

  g_hash_table_iter_init (&iter, batch->symbol_errors);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      QuotesSymbolError code = GPOINTER_TO_INT (value);
      gboolean is_invalid = code == QUOTES_SYMBOL_ERROR_BAD_DATA;

      turn->n_invalid += is_invalid;
      quotes_symbol_watch_report_error (self->symbols, key, code, now_us);
      quotes_hub_set_trouble (self->hub, key,
                              is_invalid ? QUOTES_STALE_REASON_PROVIDER_ERROR
                                         : QUOTES_STALE_REASON_UNKNOWN_SYMBOL,
                              get_interval_us (self, turn));
    }
}

/* A failed provider's quotes stay; when their time is over they say why no newer ones came. */
static void
report_error (QuotesPoller *self, Turn *turn, QuotesBatch *batch)
{
  g_autoptr (GPtrArray) instruments = list_instruments (self, turn, FALSE);

  for (guint i = 0; i < instruments->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (instruments, i);
      gboolean has_come = FALSE;

      for (guint k = 0; k < batch->quotes->len && !has_come; k++)
        {
          const QuotesQuote *quote = g_ptr_array_index (batch->quotes, k);

          has_come = g_str_equal (quote->symbol, instrument->symbol);
        }
      if (!has_come)
        quotes_hub_set_trouble (self->hub, instrument->symbol, get_stale_reason (batch->error),
                                get_interval_us (self, turn));
    }
}

static void
judge_round (QuotesPoller *self, Turn *turn, const QuotesBatch *batch)
{
  double scale = MIN ((double) get_interval_us (self, turn) / NOMINAL_INTERVAL_US, 1.0);

  quotes_breaker_set_scale (turn->breaker, scale);
  if (batch->error == NULL)
    quotes_breaker_report_success (turn->breaker);
  else if (!g_error_matches (batch->error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_THROTTLED))
    quotes_breaker_report_failure (turn->breaker, batch->error, batch->retry_after_us);
  else if (batch->retry_after_us > 0)
    /* Our own bucket is empty: nothing is wrong with the host. */
    turn->due_us =
      MAX (turn->due_us, quotes_clock_get_monotonic_us (self->clock) + batch->retry_after_us);
}

static void
take_batch (QuotesPoller *self, Turn *turn, QuotesBatch *batch)
{
  for (guint i = 0; i < batch->quotes->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (batch->quotes, i);

      quotes_symbol_watch_report_ok (self->symbols, quote->symbol);
    }
  quotes_hub_take_quotes (self->hub, batch->quotes, get_interval_us (self, turn));
  report_symbol_errors (self, turn, batch);
  if (batch->error != NULL)
    report_error (self, turn, batch);

  turn->n_requests += batch->n_requests;
  if (batch->quotes->len > 0)
    turn->last_ok_us = quotes_clock_get_real_us (self->clock);
  judge_round (self, turn, batch);
  g_clear_error (&turn->error);
  turn->error = g_steal_pointer (&batch->error);
}

static Turn *
find_turn (QuotesPoller *self, QuotesProvider *provider)
{
  for (guint i = 0; i < self->turns->len; i++)
    {
      Turn *turn = g_ptr_array_index (self->turns, i);

      if (turn->provider == provider)
        return turn;
    }
  return NULL;
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QuotesPoller) self = QUOTES_POLLER (user_data);
  QuotesProvider *provider = QUOTES_PROVIDER (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesBatch) batch = quotes_provider_fetch_finish (provider, result, &error);
  /* NULL after dispose */
  Turn *turn = find_turn (self, provider);

  if (turn == NULL)
    return;
  g_clear_object (&turn->cancellable);
  if (batch == NULL || !self->is_running)
    return;

  turn->n_rounds++;
  take_batch (self, turn, batch);
  set_alarm (self);
  g_signal_emit (self, signals[SIGNAL_CYCLE], 0);
}

/* The next turn is counted from this one's beginning, so that a slow answer does not shift the
 * rhythm; what was missed meanwhile is made up for by one round, not by many. */
static void
plan_next (QuotesPoller *self, Turn *turn)
{
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);
  double factor = turn->due_us == 0 ? g_rand_double_range (self->random, 0.5, 1.5)
                                    : g_rand_double_range (self->random, 0.9, 1.1);

  turn->due_us = now_us + (gint64) (factor * (double) get_interval_us (self, turn));
}

static void
take_turn (QuotesPoller *self, Turn *turn)
{
  g_autoptr (GPtrArray) instruments = list_instruments (self, turn, TRUE);

  if (instruments->len == 0)
    {
      plan_next (self, turn);
      return;
    }
  if (!quotes_breaker_try_pass (turn->breaker))
    {
      turn->due_us = quotes_breaker_get_next_try_us (turn->breaker);
      return;
    }
  if (quotes_breaker_get_state (turn->breaker) == QUOTES_BREAKER_HALF_OPEN)
    g_ptr_array_set_size (instruments, 1);

  plan_next (self, turn);
  turn->cancellable = g_cancellable_new ();
  quotes_provider_fetch_async (turn->provider, instruments, turn->cancellable, fetched_cb,
                               g_object_ref (self));
}

static void
ask_who_is_due_cb (gpointer user_data)
{
  QuotesPoller *self = QUOTES_POLLER (user_data);
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);

  self->alarm_id = 0;
  for (guint i = 0; i < self->turns->len; i++)
    {
      Turn *turn = g_ptr_array_index (self->turns, i);

      if (turn->cancellable == NULL && turn->due_us <= now_us)
        take_turn (self, turn);
    }
  set_alarm (self);
}

static void
watchlist_changed_cb (QuotesPoller *self, QuotesInstrument *added, QuotesInstrument *removed)
{
  const char *symbols[] = {NULL, NULL};

  if (removed != NULL)
    quotes_symbol_watch_forget (self->symbols, removed->symbol);
  if (added == NULL)
    return;
  symbols[0] = added->symbol;
  quotes_poller_refresh (self, symbols);
}

static void
quotes_poller_dispose (GObject *object)
{
  QuotesPoller *self = QUOTES_POLLER (object);

  if (self->clock != NULL)
    quotes_poller_stop (self);
  g_ptr_array_set_size (self->turns, 0);
  g_clear_object (&self->hub);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_poller_parent_class)->dispose (object);
}

static void
quotes_poller_finalize (GObject *object)
{
  QuotesPoller *self = QUOTES_POLLER (object);

  g_ptr_array_unref (self->turns);
  g_rand_free (self->random);
  quotes_symbol_watch_free (self->symbols);

  G_OBJECT_CLASS (quotes_poller_parent_class)->finalize (object);
}

static void
quotes_poller_class_init (QuotesPollerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_poller_dispose;
  object_class->finalize = quotes_poller_finalize;

  /**
   * QuotesPoller::cycle:
   * @self: the poller
   *
   * Emitted after each round of a provider, when the hub has its quotes: the statuses are new.
   */
  signals[SIGNAL_CYCLE] = g_signal_new ("cycle", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
quotes_poller_init (QuotesPoller *self)
{
  self->turns = g_ptr_array_new_with_free_func (turn_free);
  self->symbols = quotes_symbol_watch_new ();
}

/**
 * quotes_poller_new:
 * @hub: who is told
 * @clock: the clock
 * @random: (transfer full): for the jitter
 *
 * Returns: (transfer full): a poller that does not run yet
 */
QuotesPoller *
quotes_poller_new (QuotesHub *hub, QuotesClock *clock, GRand *random)
{
  QuotesPoller *self = g_object_new (QUOTES_TYPE_POLLER, NULL);

  self->hub = g_object_ref (hub);
  self->clock = g_object_ref (clock);
  self->random = random;
  g_signal_connect_object (quotes_hub_get_watchlist (hub), "changed",
                           G_CALLBACK (watchlist_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * quotes_poller_add_provider:
 * @breaker: of the provider's host; providers of one host share it
 */
void
quotes_poller_add_provider (QuotesPoller *self, QuotesProvider *provider, QuotesBreaker *breaker)
{
  Turn *turn = NULL;

  g_return_if_fail (QUOTES_IS_POLLER (self));

  turn = g_new0 (Turn, 1);
  turn->provider = g_object_ref (provider);
  turn->breaker = g_object_ref (breaker);
  g_ptr_array_add (self->turns, turn);
  set_alarm (self);
}

/**
 * quotes_poller_set_interval:
 * @interval_us: between two rounds; 0 = what each provider likes
 */
void
quotes_poller_set_interval (QuotesPoller *self, gint64 interval_us)
{
  g_return_if_fail (QUOTES_IS_POLLER (self));
  g_return_if_fail (interval_us >= 0);

  self->interval_us = interval_us;
}

/* The first fetch is at once. */
void
quotes_poller_start (QuotesPoller *self)
{
  g_return_if_fail (QUOTES_IS_POLLER (self));

  self->is_running = TRUE;
  set_alarm (self);
}

/* Cancels what is under way. */
void
quotes_poller_stop (QuotesPoller *self)
{
  g_return_if_fail (QUOTES_IS_POLLER (self));

  self->is_running = FALSE;
  clear_alarm (self);
  for (guint i = 0; i < self->turns->len; i++)
    g_cancellable_cancel (((Turn *) g_ptr_array_index (self->turns, i))->cancellable);
}

static gboolean
is_wanted (const QuotesInstrument *instrument, const char *const *symbols)
{
  return symbols == NULL || symbols[0] == NULL || g_strv_contains (symbols, instrument->symbol);
}

/**
 * quotes_poller_refresh:
 * @self: a poller
 * @symbols: (nullable) (array zero-terminated=1): what to ask for; empty = everything
 *
 * Makes the providers of @symbols due now. Breakers and token buckets hold as ever.
 */
void
quotes_poller_refresh (QuotesPoller *self, const char *const *symbols)
{
  g_return_if_fail (QUOTES_IS_POLLER (self));

  for (guint i = 0; i < self->turns->len; i++)
    {
      Turn *turn = g_ptr_array_index (self->turns, i);
      g_autoptr (GPtrArray) instruments = list_instruments (self, turn, FALSE);

      for (guint k = 0; k < instruments->len; k++)
        {
          const QuotesInstrument *instrument = g_ptr_array_index (instruments, k);

          if (!is_wanted (instrument, symbols))
            continue;
          quotes_symbol_watch_hurry (self->symbols, instrument->symbol);
          turn->due_us = MIN (turn->due_us, quotes_clock_get_monotonic_us (self->clock));
        }
    }
  set_alarm (self);
}

static const char *
get_turn_state (Turn *turn, guint n_instruments)
{
  QuotesBreakerState state = quotes_breaker_get_state (turn->breaker);

  if (n_instruments == 0)
    return "idle";
  if (state != QUOTES_BREAKER_CLOSED)
    return quotes_breaker_state_to_string (state);
  if (turn->error != NULL)
    return "error";
  return turn->n_rounds == 0 ? "waiting" : "ok";
}

/* Monotonic to real time, for people. */
static gint64
to_real_us (QuotesPoller *self, gint64 monotonic_us)
{
  return monotonic_us - quotes_clock_get_monotonic_us (self->clock) +
         quotes_clock_get_real_us (self->clock);
}

static gint64
get_turn_next_us (QuotesPoller *self, const Turn *turn)
{
  gint64 next_us = MAX (turn->due_us, quotes_breaker_get_next_try_us (turn->breaker));

  return self->is_running && next_us > 0 ? to_real_us (self, next_us) : 0;
}

/**
 * quotes_poller_dup_statuses:
 *
 * Returns: (transfer full) (element-type QuotesProviderStatus): one per provider
 */
GPtrArray *
quotes_poller_dup_statuses (QuotesPoller *self)
{
  GPtrArray *statuses =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_provider_status_free);

  g_return_val_if_fail (QUOTES_IS_POLLER (self), statuses);

  for (guint i = 0; i < self->turns->len; i++)
    {
      Turn *turn = g_ptr_array_index (self->turns, i);
      g_autoptr (GPtrArray) instruments = list_instruments (self, turn, FALSE);
      QuotesProviderStatus *status = g_new0 (QuotesProviderStatus, 1);

      status->info = quotes_provider_get_info (turn->provider);
      status->state = get_turn_state (turn, instruments->len);
      if (turn->error != NULL)
        {
          status->reason =
            quotes_provider_error_to_string ((QuotesProviderError) turn->error->code);
          status->message = g_strdup (turn->error->message);
        }
      status->last_ok_us = turn->last_ok_us;
      status->next_try_us = get_turn_next_us (self, turn);
      status->interval_us = get_interval_us (self, turn);
      status->n_failures = quotes_breaker_get_n_failures (turn->breaker);
      status->n_requests = turn->n_requests;
      status->n_rounds = turn->n_rounds;
      status->n_invalid = turn->n_invalid;
      status->n_instruments = instruments->len;
      g_ptr_array_add (statuses, status);
    }
  return statuses;
}

/**
 * quotes_poller_dup_pending:
 *
 * Returns: (transfer full) (element-type QuotesPending): what has no price yet
 */
GPtrArray *
quotes_poller_dup_pending (QuotesPoller *self)
{
  GPtrArray *pending = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_pending_free);
  GPtrArray *all = NULL;

  g_return_val_if_fail (QUOTES_IS_POLLER (self), pending);

  all = quotes_watchlist_get_instruments (quotes_hub_get_watchlist (self->hub));
  for (guint i = 0; i < all->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (all, i);
      QuotesPending *item = NULL;
      gint64 next_us = 0;

      if (quotes_hub_lookup (self->hub, instrument->symbol) != NULL)
        continue;
      next_us = quotes_symbol_watch_get_next_check_us (self->symbols, instrument->symbol);
      item = g_new0 (QuotesPending, 1);
      item->symbol = g_strdup (instrument->symbol);
      item->instrument = g_strdup (instrument->text);
      item->reason = quotes_symbol_watch_get_reason (self->symbols, instrument->symbol);
      item->next_check_us = next_us != 0 ? to_real_us (self, next_us) : 0;
      g_ptr_array_add (pending, item);
    }
  return pending;
}

/**
 * quotes_poller_get_state:
 *
 * Returns: (transfer none): `waiting` (no answer yet), `ok`, `degraded` (a provider fails), `error`
 *   (all of them do) or `idle` (nothing is wanted)
 */
const char *
quotes_poller_get_state (QuotesPoller *self)
{
  guint n_busy = 0;
  guint n_ok = 0;
  guint n_waiting = 0;

  g_return_val_if_fail (QUOTES_IS_POLLER (self), NULL);

  for (guint i = 0; i < self->turns->len; i++)
    {
      Turn *turn = g_ptr_array_index (self->turns, i);
      g_autoptr (GPtrArray) instruments = list_instruments (self, turn, FALSE);
      const char *state = get_turn_state (turn, instruments->len);

      n_busy += instruments->len > 0;
      n_ok += g_str_equal (state, "ok");
      n_waiting += g_str_equal (state, "waiting");
    }
  if (n_busy == 0)
    return "idle";
  if (n_ok == n_busy)
    return "ok";
  if (n_ok > 0)
    return "degraded";
  return n_waiting > 0 ? "waiting" : "error";
}

/**
 * quotes_poller_get_last_ok_us:
 *
 * Returns: real time of the newest round that gave a price; 0 = none did
 */
gint64
quotes_poller_get_last_ok_us (QuotesPoller *self)
{
  gint64 last_us = 0;

  g_return_val_if_fail (QUOTES_IS_POLLER (self), 0);

  for (guint i = 0; i < self->turns->len; i++)
    last_us = MAX (last_us, ((Turn *) g_ptr_array_index (self->turns, i))->last_ok_us);
  return last_us;
}

/**
 * quotes_poller_get_next_try_us:
 *
 * Returns: real time of the next round of any provider; 0 = none is planned
 */
gint64
quotes_poller_get_next_try_us (QuotesPoller *self)
{
  gint64 next_us = 0;

  g_return_val_if_fail (QUOTES_IS_POLLER (self), 0);

  for (guint i = 0; i < self->turns->len; i++)
    {
      gint64 turn_us = get_turn_next_us (self, g_ptr_array_index (self->turns, i));

      if (turn_us != 0 && (next_us == 0 || turn_us < next_us))
        next_us = turn_us;
    }
  return next_us;
}
