/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-turn.h"

#include "quotes-second-try.h"
#include "quotes-tally.h"

/* What the pauses of the breaker are made for; they shrink with a shorter interval (contract 8). */
#define NOMINAL_INTERVAL_US (30 * G_USEC_PER_SEC)
/* providers.md 3.5: a hiccup is asked about again when there is time enough before the next round.
 */
#define TIME_FOR_SECOND_TRY_US (10 * G_USEC_PER_SEC)
#define SECOND_TRY_MIN_S 0.5
#define SECOND_TRY_MAX_S 1.5
/* And who presses the button again and again is not a reason to ask a public host more often. */
#define HURRY_SPACING_US (10 * G_USEC_PER_SEC)
/* A loop that is busy comes round within this. */
#define LOOP_DELAY_US (G_USEC_PER_SEC / 10)
/* Without a network one probe now and then: the one who says that there is none may be wrong. */
#define PROBE_SPACING_US (60 * G_USEC_PER_SEC)

struct _QuotesTurn
{
  QuotesProvider *provider; /* (owned) */
  QuotesBreaker *breaker;   /* (owned) */
  QuotesClock *clock;       /* (owned) */
  GRand *random;            /* (unowned): the poller's, which outlives us */
  gboolean is_public;
  gboolean is_offline; /* never with a host that is not public: it may be this machine */
  QuotesPace pace;
  guint n_quiet; /* rounds in a row whose prices stood still */

  gint64 due_us;        /* 0 = never asked: at once */
  gint64 not_before_us; /* however much faster the pace gets */
  gint64 attended_us;   /* when its time last came; 0 = never */
  gint64 begun_us;      /* when the last round began; 0 = none did */
  gint64 hurried_us;    /* when somebody was last in a hurry; 0 = never */

  GCancellable *cancellable; /* (owned) (nullable): of the round that is under way */
  QuotesSecondTry second_try;
  QuotesTally tally;
};

/**
 * quotes_turn_new:
 * @breaker: of the provider's host; providers of one host share it
 * @random: (transfer none): for the jitter; outlives the turn
 *
 * Returns: (transfer full): a turn that is due at once
 */
QuotesTurn *
quotes_turn_new (QuotesProvider *provider,
                 QuotesBreaker *breaker,
                 QuotesClock *clock,
                 GRand *random)
{
  QuotesTurn *self = g_new0 (QuotesTurn, 1);

  self->provider = g_object_ref (provider);
  self->breaker = g_object_ref (breaker);
  self->clock = g_object_ref (clock);
  self->random = random;
  self->pace.interval_us = quotes_provider_get_info (provider)->interval_us;

  return self;
}

void
quotes_turn_free (QuotesTurn *self)
{
  quotes_turn_stop (self);
  g_clear_object (&self->cancellable);
  quotes_second_try_clear (&self->second_try);
  g_object_unref (self->provider);
  g_object_unref (self->breaker);
  g_object_unref (self->clock);
  quotes_tally_clear (&self->tally);
  g_free (self);
}

QuotesProvider *
quotes_turn_get_provider (QuotesTurn *self)
{
  return self->provider;
}

/**
 * quotes_turn_list_instruments:
 * @watch: (nullable): if it is given, what it has given up is left out
 *
 * Returns: (transfer full) (element-type QuotesInstrument): what of @watchlist the provider serves
 */
GPtrArray *
quotes_turn_list_instruments (QuotesTurn *self,
                              QuotesWatchlist *watchlist,
                              QuotesSymbolWatch *watch)
{
  GPtrArray *all = quotes_watchlist_get_instruments (watchlist);
  GPtrArray *mine = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_instrument_unref);
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);

  for (guint i = 0; i < all->len; i++)
    {
      QuotesInstrument *instrument = g_ptr_array_index (all, i);

      if (quotes_provider_serves (self->provider, instrument) &&
          (watch == NULL || quotes_symbol_watch_is_due (watch, instrument->symbol, now_us)))
        g_ptr_array_add (mine, quotes_instrument_ref (instrument));
    }
  return mine;
}

gint64
quotes_turn_get_interval_us (QuotesTurn *self)
{
  return self->pace.interval_us;
}

/* Real time of when its time last came. Counted back from now, so that setting the date moves it
 * along; who was never asked has missed nothing. */
gint64
quotes_turn_get_attended_us (QuotesTurn *self)
{
  gint64 ago_us =
    self->attended_us != 0 ? quotes_clock_get_monotonic_us (self->clock) - self->attended_us : 0;

  return quotes_clock_get_real_us (self->clock) - ago_us;
}

guint
quotes_turn_get_n_quiet (QuotesTurn *self)
{
  return self->n_quiet;
}

void
quotes_turn_note_movement (QuotesTurn *self, gboolean has_moved)
{
  self->n_quiet = has_moved ? 0 : self->n_quiet + 1;
}

/* What only gets faster keeps this distance. */
static gint64
get_earliest_us (QuotesTurn *self)
{
  return self->is_public ? MAX (self->not_before_us, self->begun_us + HURRY_SPACING_US)
                         : self->not_before_us;
}

/**
 * quotes_turn_set_pace:
 *
 * A faster pace holds at once: nobody waits for the end of the long pause. A slower one holds from
 * the next round on, so that a short change of mind costs nothing.
 *
 * Returns: whether the interval or its reason is another one
 */
gboolean
quotes_turn_set_pace (QuotesTurn *self, const QuotesPace *pace)
{
  gboolean is_faster = pace->interval_us < self->pace.interval_us;
  gboolean is_other =
    pace->interval_us != self->pace.interval_us || pace->reason != self->pace.reason;

  self->pace = *pace;
  if (is_faster && self->begun_us != 0 && !self->is_offline)
    self->due_us =
      MIN (self->due_us, MAX (self->begun_us + pace->interval_us, get_earliest_us (self)));
  return is_other;
}

static gint64
to_monotonic_us (QuotesTurn *self, gint64 real_us)
{
  return real_us - quotes_clock_get_real_us (self->clock) +
         quotes_clock_get_monotonic_us (self->clock);
}

/**
 * quotes_turn_get_change_us:
 *
 * Returns: when its pace has to be judged anew, if nothing happens before; %G_MAXINT64 = never
 */
gint64
quotes_turn_get_change_us (QuotesTurn *self)
{
  return self->pace.change_us != 0 ? to_monotonic_us (self, self->pace.change_us) : G_MAXINT64;
}

/* When an opening or a closing deserves a round. */
static gint64
get_bell_us (QuotesTurn *self)
{
  if (self->pace.ask_us == 0 || self->is_offline)
    return G_MAXINT64;
  return MAX (to_monotonic_us (self, self->pace.ask_us), get_earliest_us (self));
}

/* What rang until now is answered, if not by a round then by that there can be none. */
static void
attend (QuotesTurn *self)
{
  self->attended_us = quotes_clock_get_monotonic_us (self->clock);
  self->pace.ask_us = 0;
}

/**
 * quotes_turn_set_public:
 * @is_public: whether the host is everybody's: then its pauses are kept in full, and hurry is
 *   limited; a host that the user put in its place is the user's own matter
 */
void
quotes_turn_set_public (QuotesTurn *self, gboolean is_public)
{
  self->is_public = is_public;
}

static gint64
get_planned_us (QuotesTurn *self)
{
  gint64 planned_us = MIN (self->due_us, get_bell_us (self));

  return self->second_try.at_us != 0 ? MIN (self->second_try.at_us, planned_us) : planned_us;
}

/**
 * quotes_turn_get_due_us:
 *
 * Returns: when to ask; %G_MAXINT64 while a round is under way
 */
gint64
quotes_turn_get_due_us (QuotesTurn *self)
{
  return self->cancellable == NULL ? get_planned_us (self) : G_MAXINT64;
}

/* The next turn is counted from this one's beginning, so that a slow answer does not shift the
 * rhythm; what was missed meanwhile is made up for by one round, not by many. The second round is
 * anywhere around its time, so that many machines that start together do not stay together. */
void
quotes_turn_plan (QuotesTurn *self)
{
  double factor = self->due_us == 0 ? g_rand_double_range (self->random, 0.5, 1.5)
                                    : g_rand_double_range (self->random, 0.9, 1.1);
  gint64 pause_us = (gint64) (factor * (double) self->pace.interval_us);
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);
  gint64 lateness_us = now_us - self->due_us;

  if (self->is_offline)
    pause_us = MAX (pause_us, PROBE_SPACING_US);
  /* From when it was due, so that the loop's small delays do not add up; what is later than they
   * are is a gap, and what follows it keeps its distance. So does what follows a bell, which may
   * ring long before. */
  if (lateness_us >= 0 && lateness_us < MIN (pause_us / 2, LOOP_DELAY_US))
    self->due_us += pause_us;
  else
    self->due_us = now_us + pause_us;
  attend (self);
}

/* See quotes_second_try_steal(). */
GPtrArray *
quotes_turn_steal_second_try (QuotesTurn *self)
{
  return quotes_second_try_steal (&self->second_try, quotes_clock_get_monotonic_us (self->clock));
}

/**
 * quotes_turn_may_ask:
 * @instruments: (inout): cut to one when the host is only to be probed
 *
 * Returns: whether the breaker lets us; if not, the turn is due when it will
 */
gboolean
quotes_turn_may_ask (QuotesTurn *self, GPtrArray *instruments)
{
  if (!quotes_breaker_try_pass (self->breaker))
    {
      self->due_us = quotes_breaker_get_next_try_us (self->breaker);
      attend (self);
      return FALSE;
    }
  if (instruments->len > 1 &&
      (self->is_offline || quotes_breaker_get_state (self->breaker) == QUOTES_BREAKER_HALF_OPEN))
    g_ptr_array_set_size (instruments, 1);
  return TRUE;
}

/**
 * quotes_turn_hurry:
 *
 * Makes the turn due now; at a public host not more than once in 10 s.
 */
void
quotes_turn_hurry (QuotesTurn *self)
{
  gint64 at_us = quotes_clock_get_monotonic_us (self->clock);

  if (self->is_public && self->hurried_us != 0)
    at_us = MAX (at_us, self->hurried_us + HURRY_SPACING_US);
  if (self->due_us <= at_us)
    return;
  self->due_us = at_us;
  self->hurried_us = at_us;
}

/**
 * quotes_turn_catch_up:
 * @at_us: monotonic time
 * @only_public: not when the host may be this machine
 *
 * The network is another one, or the machine slept: what is under way is given up, and one round
 * is due at @at_us, however many were missed; not earlier, because a network needs a moment to come
 * up.
 */
void
quotes_turn_catch_up (QuotesTurn *self, gint64 at_us, gboolean only_public)
{
  if (only_public && !self->is_public)
    return;

  quotes_breaker_network_changed (self->breaker);
  quotes_turn_stop (self);
  if (self->due_us == 0)
    return;
  /* Two reasons to catch up make one round. */
  if (self->not_before_us <= quotes_clock_get_monotonic_us (self->clock) || self->due_us > at_us)
    self->due_us = at_us;
  self->not_before_us = self->due_us;
}

/**
 * quotes_turn_set_offline:
 * @is_offline: whether there is no network; a host that is not public does not care
 */
void
quotes_turn_set_offline (QuotesTurn *self, gboolean is_offline)
{
  self->is_offline = is_offline && self->is_public;
  if (!self->is_offline || self->due_us == 0)
    return;
  self->second_try.at_us = 0;
  self->not_before_us = 0;
  self->due_us = MAX (self->due_us, quotes_clock_get_monotonic_us (self->clock) + PROBE_SPACING_US);
}

gboolean
quotes_turn_is_offline (QuotesTurn *self)
{
  return self->is_offline;
}

/**
 * quotes_turn_begin_round:
 * @instruments: (element-type QuotesInstrument): what is asked for
 *
 * Returns: (transfer none): of the request
 */
GCancellable *
quotes_turn_begin_round (QuotesTurn *self, GPtrArray *instruments)
{
  quotes_second_try_note_asked (&self->second_try, instruments);
  self->cancellable = g_cancellable_new ();
  if (!self->second_try.is_one)
    self->begun_us = quotes_clock_get_monotonic_us (self->clock);

  return self->cancellable;
}

void
quotes_turn_drop_round (QuotesTurn *self)
{
  g_clear_object (&self->cancellable);
}

void
quotes_turn_stop (QuotesTurn *self)
{
  self->second_try.at_us = 0;
  g_cancellable_cancel (self->cancellable);
}

/* One second try, some moments later, unless the next round is near. */
static gboolean
plan_second_try (QuotesTurn *self, const QuotesBatch *batch)
{
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);
  double pause_s = 0;

  if (!quotes_second_try_is_wanted (&self->second_try, batch) ||
      quotes_breaker_get_state (self->breaker) != QUOTES_BREAKER_CLOSED || self->is_offline ||
      self->due_us - now_us <= TIME_FOR_SECOND_TRY_US)
    return FALSE;

  pause_s = g_rand_double_range (self->random, SECOND_TRY_MIN_S, SECOND_TRY_MAX_S);
  return quotes_second_try_plan (&self->second_try, batch,
                                 now_us + (gint64) (pause_s * G_USEC_PER_SEC));
}

static void
judge_round (QuotesTurn *self, const QuotesBatch *batch)
{
  double scale =
    self->is_public ? 1.0 : MIN ((double) self->pace.interval_us / NOMINAL_INTERVAL_US, 1.0);
  gboolean is_throttled =
    g_error_matches (batch->error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_THROTTLED);

  quotes_breaker_set_scale (self->breaker, scale);
  if (batch->error != NULL && !is_throttled)
    quotes_breaker_report_failure (self->breaker, batch->error, batch->retry_after_us);
  else if (batch->error == NULL || batch->n_requests > 0)
    quotes_breaker_report_success (self->breaker);

  /* Our own bucket is empty: nothing is wrong with the host. */
  if (!is_throttled || batch->retry_after_us <= 0)
    return;
  self->not_before_us = quotes_clock_get_monotonic_us (self->clock) + batch->retry_after_us;
  self->due_us = MAX (self->due_us, self->not_before_us);
}

/* A price is a better witness than whoever said that there is no network. */
static void
take_for_online (QuotesTurn *self)
{
  if (!self->is_offline)
    return;
  self->is_offline = FALSE;
  self->due_us =
    MIN (self->due_us, quotes_clock_get_monotonic_us (self->clock) + self->pace.interval_us);
}

/**
 * quotes_turn_end_round:
 * @batch: what it gave; gets an error when all its symbols have one
 *
 * Returns: whether the round is over; %FALSE = a part of it is asked again first
 */
gboolean
quotes_turn_end_round (QuotesTurn *self, QuotesBatch *batch)
{
  quotes_turn_drop_round (self);
  quotes_tally_add_answer (&self->tally, batch, quotes_clock_get_real_us (self->clock));
  quotes_batch_blame_host (batch);
  if (batch->quotes->len > 0)
    take_for_online (self);
  if (plan_second_try (self, batch))
    return FALSE;

  self->second_try.is_one = FALSE;
  judge_round (self, batch);
  quotes_tally_end_round (&self->tally, batch);
  return TRUE;
}

static gint64
get_next_try_us (QuotesTurn *self)
{
  gint64 next_us = MAX (get_planned_us (self), quotes_breaker_get_next_try_us (self->breaker));

  return next_us > 0 ? next_us - quotes_clock_get_monotonic_us (self->clock) +
                         quotes_clock_get_real_us (self->clock)
                     : 0;
}

/**
 * quotes_turn_dup_status:
 * @n_instruments: how many it serves now
 * @is_running: whether the poller runs, that is, whether there will be a next try
 *
 * Returns: (transfer full): how it fares
 */
QuotesProviderStatus *
quotes_turn_dup_status (QuotesTurn *self, guint n_instruments, gboolean is_running)
{
  QuotesProviderStatus *status = g_new0 (QuotesProviderStatus, 1);

  status->info = quotes_provider_get_info (self->provider);
  status->n_instruments = n_instruments;
  quotes_tally_fill_status (&self->tally, quotes_breaker_get_state (self->breaker), status);
  status->next_try_us = is_running && n_instruments > 0 ? get_next_try_us (self) : 0;
  status->interval_us = self->pace.interval_us;
  status->interval_reason = quotes_pace_reason_to_string (self->pace.reason);
  if (self->is_offline)
    {
      status->interval_us = MAX (status->interval_us, PROBE_SPACING_US);
      status->interval_reason = quotes_pace_reason_to_string (QUOTES_PACE_OFFLINE);
    }
  status->n_failures = quotes_breaker_get_n_failures (self->breaker);

  return status;
}
