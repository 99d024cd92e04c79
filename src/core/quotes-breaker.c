/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-breaker.h"

#include <math.h>

/* providers.md 3.5: a host that fails three ticks in a row is left alone for a while. */
#define TICKS_TO_OPEN 3
/* The pauses grow by one step with every opening and shrink by one with so many good ticks. */
#define GOOD_TICKS_PER_STEP 10
#define MAX_STEPS 16
/* A host that bars the place we are at (451) is asked again when the network has changed, or after
 * a day in case nobody tells us. */
#define BARRED_PAUSE_US (G_GINT64_CONSTANT (24) * 3600 * G_USEC_PER_SEC)

/**
 * QuotesBreaker:
 *
 * Whether one host may be asked now. Closed: yes. Open: not before a moment. Half-open: one request
 * is out to see whether it is well again.
 */
struct _QuotesBreaker
{
  GObject parent_instance;

  QuotesClock *clock; /* (owned) */
  GRand *random;      /* (owned) */
  gint64 base_us;
  gint64 cap_us;
  double scale;

  QuotesBreakerState state;
  gint64 next_try_us; /* monotonic; 0 unless open */
  guint n_failures;   /* ticks since the last good one */
  guint n_steps;      /* openings that are not forgotten yet */
  guint n_good;       /* ticks since the last step was forgotten */
  gboolean is_about_network;
};

G_DEFINE_FINAL_TYPE (QuotesBreaker, quotes_breaker, G_TYPE_OBJECT)

const char *
quotes_breaker_state_to_string (QuotesBreakerState state)
{
  static const char *const words[] = {"closed", "open", "half-open"};

  g_return_val_if_fail ((gsize) state < G_N_ELEMENTS (words), NULL);

  return words[state];
}

static void
quotes_breaker_dispose (GObject *object)
{
  g_clear_object (&QUOTES_BREAKER (object)->clock);

  G_OBJECT_CLASS (quotes_breaker_parent_class)->dispose (object);
}

static void
quotes_breaker_finalize (GObject *object)
{
  g_rand_free (QUOTES_BREAKER (object)->random);

  G_OBJECT_CLASS (quotes_breaker_parent_class)->finalize (object);
}

static void
quotes_breaker_class_init (QuotesBreakerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_breaker_dispose;
  object_class->finalize = quotes_breaker_finalize;
}

static void
quotes_breaker_init (QuotesBreaker *self)
{
  self->scale = 1;
}

/**
 * quotes_breaker_new:
 * @clock: the clock
 * @base_us: the first pause
 * @cap_us: the longest pause, unless the host asks for a longer one
 * @random: (transfer full): so that many machines do not come back together
 *
 * Returns: (transfer full): a closed breaker
 */
QuotesBreaker *
quotes_breaker_new (QuotesClock *clock, gint64 base_us, gint64 cap_us, GRand *random)
{
  QuotesBreaker *self = g_object_new (QUOTES_TYPE_BREAKER, NULL);

  self->clock = g_object_ref (clock);
  self->base_us = base_us;
  self->cap_us = cap_us;
  self->random = random;

  return self;
}

/**
 * quotes_breaker_set_scale:
 * @scale: factor of every pause; who polls each second means seconds (contract 8)
 */
void
quotes_breaker_set_scale (QuotesBreaker *self, double scale)
{
  g_return_if_fail (QUOTES_IS_BREAKER (self));
  g_return_if_fail (scale > 0);

  self->scale = scale;
}

/**
 * quotes_breaker_try_pass:
 *
 * Asks to send now. When the pause is over this makes the breaker half-open, and the caller sends
 * one request about one symbol.
 *
 * Returns: whether the caller may send; it then has to report how it went
 */
gboolean
quotes_breaker_try_pass (QuotesBreaker *self)
{
  g_return_val_if_fail (QUOTES_IS_BREAKER (self), FALSE);

  if (self->state == QUOTES_BREAKER_OPEN &&
      quotes_clock_get_monotonic_us (self->clock) >= self->next_try_us)
    {
      self->state = QUOTES_BREAKER_HALF_OPEN;
      self->next_try_us = 0;
    }
  return self->state != QUOTES_BREAKER_OPEN;
}

void
quotes_breaker_report_success (QuotesBreaker *self)
{
  g_return_if_fail (QUOTES_IS_BREAKER (self));

  self->state = QUOTES_BREAKER_CLOSED;
  self->n_failures = 0;
  if (self->n_steps > 0 && ++self->n_good >= GOOD_TICKS_PER_STEP)
    {
      self->n_steps--;
      self->n_good = 0;
    }
}

static gboolean
opens_at_once (const GError *error)
{
  return g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_RATE_LIMITED) ||
         g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_BLOCKED);
}

/* What another network may cure. */
static gboolean
is_about_network (const GError *error)
{
  static const QuotesProviderError codes[] = {
    QUOTES_PROVIDER_ERROR_NETWORK, QUOTES_PROVIDER_ERROR_BROKEN_OFF, QUOTES_PROVIDER_ERROR_TIMEOUT,
    QUOTES_PROVIDER_ERROR_TLS,     QUOTES_PROVIDER_ERROR_BARRED,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, QUOTES_PROVIDER_ERROR, (int) codes[i]))
      return TRUE;
  return FALSE;
}

static void
open_breaker (QuotesBreaker *self, gint64 retry_after_us)
{
  double pause_us = MIN ((double) self->base_us * pow (2, self->n_steps), (double) self->cap_us);

  pause_us = MAX (pause_us, (double) retry_after_us);
  /* Never earlier than the host asked for: the spread begins there. */
  pause_us *= retry_after_us > 0 && pause_us <= (double) retry_after_us
                ? g_rand_double_range (self->random, 1.0, 1.3)
                : g_rand_double_range (self->random, 0.8, 1.3);
  if (retry_after_us > 0)
    pause_us = MAX (pause_us, (double) retry_after_us);

  self->state = QUOTES_BREAKER_OPEN;
  self->next_try_us =
    quotes_clock_get_monotonic_us (self->clock) + (gint64) (pause_us * self->scale);
  self->n_steps = MIN (self->n_steps + 1, MAX_STEPS);
  self->n_good = 0;
}

static void
bar (QuotesBreaker *self)
{
  self->state = QUOTES_BREAKER_OPEN;
  self->next_try_us = quotes_clock_get_monotonic_us (self->clock) + BARRED_PAUSE_US;
  self->n_good = 0;
}

/**
 * quotes_breaker_report_failure:
 * @error: a #QuotesProviderError
 * @retry_after_us: what the host asked for, or -1
 */
void
quotes_breaker_report_failure (QuotesBreaker *self, const GError *error, gint64 retry_after_us)
{
  g_return_if_fail (QUOTES_IS_BREAKER (self));

  self->n_failures++;
  self->is_about_network = retry_after_us <= 0 && is_about_network (error);
  if (g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_BARRED))
    bar (self);
  else if (self->state == QUOTES_BREAKER_HALF_OPEN || self->n_failures >= TICKS_TO_OPEN ||
           retry_after_us > 0 || opens_at_once (error))
    open_breaker (self, retry_after_us);
}

/**
 * quotes_breaker_network_changed:
 *
 * Ends the pause, if it was the network that failed and not the host that asked for it.
 */
void
quotes_breaker_network_changed (QuotesBreaker *self)
{
  g_return_if_fail (QUOTES_IS_BREAKER (self));

  if (self->state == QUOTES_BREAKER_OPEN && self->is_about_network)
    self->next_try_us = MIN (self->next_try_us, quotes_clock_get_monotonic_us (self->clock));
}

QuotesBreakerState
quotes_breaker_get_state (QuotesBreaker *self)
{
  g_return_val_if_fail (QUOTES_IS_BREAKER (self), QUOTES_BREAKER_CLOSED);

  return self->state;
}

/**
 * quotes_breaker_get_next_try_us:
 *
 * Returns: monotonic time; 0 unless it is open
 */
gint64
quotes_breaker_get_next_try_us (QuotesBreaker *self)
{
  g_return_val_if_fail (QUOTES_IS_BREAKER (self), 0);

  return self->next_try_us;
}

guint
quotes_breaker_get_n_failures (QuotesBreaker *self)
{
  g_return_val_if_fail (QUOTES_IS_BREAKER (self), 0);

  return self->n_failures;
}
