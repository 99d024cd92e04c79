/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-poller.h"

#include "quotes-pacer.h"
#include "quotes-roster.h"
#include "quotes-symbol-watch.h"
#include "quotes-trouble.h"

/* providers.md 3.6: after a sleep or a change of the network, when the network is usable. */
#define CATCH_UP_MIN_S 2.0
#define CATCH_UP_MAX_S 4.5

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
  QuotesRoster *roster;       /* (owned) */
  QuotesPacer *pacer;         /* (owned) */
  QuotesSymbolWatch *symbols; /* (owned) */
  gboolean is_running;
  gboolean is_offline;
  guint alarm_id;
};

enum
{
  SIGNAL_CYCLE,
  SIGNAL_PACE_CHANGED,
  SIGNAL_WOKEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QuotesPoller, quotes_poller, G_TYPE_OBJECT)

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
  gint64 next_us = quotes_roster_get_next_us (self->roster);

  clear_alarm (self);
  if (self->is_running && next_us < G_MAXINT64)
    self->alarm_id = quotes_clock_add_alarm (self->clock, next_us, ask_who_is_due_cb, self);
}

/* Judges how often each provider is asked now, and goes by that. */
static void
adapt (QuotesPoller *self)
{
  gboolean is_other = quotes_roster_judge (self->roster, self->pacer);

  set_alarm (self);
  if (is_other)
    g_signal_emit (self, signals[SIGNAL_PACE_CHANGED], 0);
}

/* Returns: whether the round is over */
static gboolean
take_batch (QuotesPoller *self, QuotesTurn *turn, QuotesBatch *batch)
{
  gint64 interval_us = quotes_turn_get_interval_us (turn);
  gboolean is_over = quotes_turn_end_round (turn, batch);
  QuotesWatchlist *watchlist = quotes_hub_get_watchlist (self->hub);
  g_autoptr (GPtrArray) instruments = quotes_turn_list_instruments (turn, watchlist, NULL);
  g_autoptr (GHashTable) troubles =
    quotes_trouble_list (batch, instruments, is_over, quotes_turn_is_offline (turn));

  quotes_pacer_note_batch (self->pacer, turn, batch, is_over);
  quotes_symbol_watch_report_batch (self->symbols, batch, watchlist,
                                    quotes_clock_get_monotonic_us (self->clock));
  quotes_hub_set_troubles (self->hub, troubles, interval_us);
  quotes_hub_take_quotes (self->hub, batch->quotes, interval_us);

  return is_over;
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QuotesPoller) self = QUOTES_POLLER (user_data);
  QuotesProvider *provider = QUOTES_PROVIDER (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesBatch) batch = quotes_provider_fetch_finish (provider, result, &error);
  /* NULL after dispose */
  QuotesTurn *turn = quotes_roster_find (self->roster, provider);
  gboolean is_over = FALSE;

  if (turn == NULL)
    return;
  if (batch == NULL || !self->is_running)
    quotes_turn_drop_round (turn);
  else
    is_over = take_batch (self, turn, batch);
  adapt (self);
  if (is_over)
    g_signal_emit (self, signals[SIGNAL_CYCLE], 0);
}

/* What came between the rounds. */
static void
told_cb (QuotesPoller *self, GPtrArray *quotes, QuotesProvider *provider)
{
  QuotesTurn *turn = quotes_roster_find (self->roster, provider);

  if (turn == NULL || !self->is_running)
    return;
  for (guint i = 0; i < quotes->len; i++)
    quotes_symbol_watch_report_ok (self->symbols,
                                   ((QuotesQuote *) g_ptr_array_index (quotes, i))->symbol);
  quotes_hub_take_quotes (self->hub, quotes, quotes_turn_get_interval_us (turn));
}

static void
take_turn (QuotesPoller *self, QuotesTurn *turn)
{
  g_autoptr (GPtrArray) again = quotes_turn_steal_second_try (turn);
  g_autoptr (GPtrArray) instruments =
    again != NULL
      ? g_ptr_array_ref (again)
      : quotes_turn_list_instruments (turn, quotes_hub_get_watchlist (self->hub), self->symbols);

  if (instruments->len > 0 && !quotes_turn_may_ask (turn, instruments))
    return;
  if (again == NULL)
    quotes_turn_plan (turn);
  if (instruments->len > 0)
    quotes_provider_fetch_async (quotes_turn_get_provider (turn), instruments,
                                 quotes_turn_begin_round (turn, instruments), fetched_cb,
                                 g_object_ref (self));
}

static void
ask_who_is_due_cb (gpointer user_data)
{
  QuotesPoller *self = QUOTES_POLLER (user_data);
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);

  self->alarm_id = 0;
  adapt (self);
  for (guint i = 0; i < quotes_roster_get_n_turns (self->roster); i++)
    if (quotes_turn_get_due_us (quotes_roster_get_turn (self->roster, i)) <= now_us)
      take_turn (self, quotes_roster_get_turn (self->roster, i));
  set_alarm (self);
}

static void
watchlist_changed_cb (QuotesPoller *self, QuotesInstrument *added, QuotesInstrument *removed)
{
  if (removed != NULL)
    quotes_symbol_watch_forget (self->symbols, removed->symbol);
  if (added != NULL)
    {
      const char *symbols[] = {added->symbol, NULL};

      quotes_poller_refresh (self, symbols);
    }
  adapt (self);
}

static void
quotes_poller_dispose (GObject *object)
{
  QuotesPoller *self = QUOTES_POLLER (object);

  if (self->clock != NULL)
    quotes_poller_stop (self);
  quotes_roster_clear (self->roster);
  g_clear_pointer (&self->pacer, quotes_pacer_free);
  g_clear_object (&self->hub);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_poller_parent_class)->dispose (object);
}

static void
quotes_poller_finalize (GObject *object)
{
  QuotesPoller *self = QUOTES_POLLER (object);

  quotes_roster_free (self->roster);
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

  /**
   * QuotesPoller::pace-changed:
   * @self: the poller
   *
   * Emitted when some provider is asked more or less often than before, or for another reason: the
   * statuses are new.
   */
  signals[SIGNAL_PACE_CHANGED] =
    g_signal_new ("pace-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  /**
   * QuotesPoller::woken:
   * @self: the poller
   *
   * Emitted when connections that were open are worth nothing any more.
   */
  signals[SIGNAL_WOKEN] = g_signal_new ("woken", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
quotes_poller_init (QuotesPoller *self)
{
  self->roster = quotes_roster_new ();
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
  self->pacer = quotes_pacer_new (hub, self->symbols, clock);
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
  QuotesTurn *turn = NULL;

  g_return_if_fail (QUOTES_IS_POLLER (self));

  turn = quotes_turn_new (provider, breaker, self->clock, self->random);
  quotes_roster_take_turn (self->roster, turn);
  g_signal_connect_object (provider, "quotes", G_CALLBACK (told_cb), self, G_CONNECT_SWAPPED);
  adapt (self);
}

/**
 * quotes_poller_set_public:
 * @provider: one that was added
 * @is_public: whether it asks a public host, which is then treated with more care; not by default
 */
void
quotes_poller_set_public (QuotesPoller *self, QuotesProvider *provider, gboolean is_public)
{
  QuotesTurn *turn = quotes_roster_find (self->roster, provider);

  g_return_if_fail (turn != NULL);
  quotes_turn_set_public (turn, is_public);
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

  quotes_pacer_set_interval (self->pacer, interval_us);
  adapt (self);
}

static void
set_condition (QuotesPoller *self, gboolean *condition, gboolean value)
{
  if (*condition == value)
    return;
  *condition = value;
  adapt (self);
}

/* Whether the interval is kept, whatever the markets and the machine do; not by default. */
void
quotes_poller_set_fixed (QuotesPoller *self, gboolean is_fixed)
{
  g_return_if_fail (QUOTES_IS_POLLER (self));

  set_condition (self, &quotes_pacer_get_conditions (self->pacer)->is_fixed, is_fixed);
}

/* Whether anybody looks at the prices; so it is taken to be in the beginning. Who comes gets new
 * prices at once. */
void
quotes_poller_set_watched (QuotesPoller *self, gboolean is_watched)
{
  g_return_if_fail (QUOTES_IS_POLLER (self));

  set_condition (self, &quotes_pacer_get_conditions (self->pacer)->is_unwatched, !is_watched);
}

/* Whether the network costs money. */
void
quotes_poller_set_metered (QuotesPoller *self, gboolean is_metered)
{
  g_return_if_fail (QUOTES_IS_POLLER (self));

  set_condition (self, &quotes_pacer_get_conditions (self->pacer)->is_metered, is_metered);
}

/* Whether the machine saves power. */
void
quotes_poller_set_power_saver (QuotesPoller *self, gboolean is_power_saver)
{
  g_return_if_fail (QUOTES_IS_POLLER (self));

  set_condition (self, &quotes_pacer_get_conditions (self->pacer)->is_power_saver, is_power_saver);
}

/* Somebody set the date: openings and closings are at other times now. The rhythm stays. */
void
quotes_poller_date_changed (QuotesPoller *self)
{
  g_return_if_fail (QUOTES_IS_POLLER (self));

  adapt (self);
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
  quotes_roster_stop (self->roster);
}

static void
catch_up (QuotesPoller *self, gboolean only_public)
{
  double pause_s = g_rand_double_range (self->random, CATCH_UP_MIN_S, CATCH_UP_MAX_S);
  gint64 at_us = quotes_clock_get_monotonic_us (self->clock) + (gint64) (pause_s * G_USEC_PER_SEC);

  quotes_roster_catch_up (self->roster, at_us, only_public);
  adapt (self);
  g_signal_emit (self, signals[SIGNAL_WOKEN], 0);
}

/* The machine slept: everybody is asked once, in 2 to 5 s. */
void
quotes_poller_wake_up (QuotesPoller *self)
{
  g_return_if_fail (QUOTES_IS_POLLER (self));

  catch_up (self, FALSE);
}

/**
 * quotes_poller_set_online:
 * @is_online: whether there is a network; so it is taken to be in the beginning
 *
 * Without a network public hosts are only probed, once a minute; when it comes back, they are asked
 * once, in 2 to 5 s.
 */
void
quotes_poller_set_online (QuotesPoller *self, gboolean is_online)
{
  g_return_if_fail (QUOTES_IS_POLLER (self));

  if (self->is_offline == !is_online)
    return;
  self->is_offline = !is_online;
  quotes_roster_set_offline (self->roster, self->is_offline);
  if (is_online)
    catch_up (self, TRUE);
  set_alarm (self);
  /* Offline is a pace, too. */
  g_signal_emit (self, signals[SIGNAL_PACE_CHANGED], 0);
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

  quotes_roster_hurry (self->roster, quotes_hub_get_watchlist (self->hub), self->symbols, symbols);
  set_alarm (self);
}

/**
 * quotes_poller_dup_statuses:
 *
 * Returns: (transfer full) (element-type QuotesProviderStatus): one per provider
 */
GPtrArray *
quotes_poller_dup_statuses (QuotesPoller *self)
{
  g_return_val_if_fail (QUOTES_IS_POLLER (self), NULL);

  return quotes_roster_dup_statuses (self->roster, quotes_hub_get_watchlist (self->hub),
                                     self->is_running);
}

/**
 * quotes_poller_dup_pending:
 *
 * Returns: (transfer full) (element-type QuotesPending): what has no price yet
 */
GPtrArray *
quotes_poller_dup_pending (QuotesPoller *self)
{
  g_return_val_if_fail (QUOTES_IS_POLLER (self), NULL);

  return quotes_pending_list (self->hub, self->symbols, self->clock);
}
