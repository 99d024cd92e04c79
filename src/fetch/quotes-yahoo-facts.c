/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-yahoo-facts.h"

#include "quotes-yahoo-parse.h"

/* After a host has refused, or was not there: nobody waits for a chart. */
#define REFUSED_PAUSE_US (G_GINT64_CONSTANT (300) * G_USEC_PER_SEC)

/**
 * QuotesYahooFacts:
 *
 * Asks for charts between the rounds, one after another, and never in front of a price: it waits
 * while a round is under way, it takes only what the host's limit can spare, and whatever goes
 * wrong here fails no round.
 *
 * The facts are in the quotes of the next round anyway. But the first ones should be seen soon, and
 * some prices come from charts only, so ::quotes tells them at once.
 */
struct _QuotesYahooFacts
{
  GObject parent_instance;

  QuotesUpstream *upstream;  /* (owned) */
  QuotesClock *clock;        /* (owned) */
  QuotesYahooBook *book;     /* (owned) */
  GPtrArray *instruments;    /* (owned) (nullable) (element-type QuotesInstrument) */
  GCancellable *cancellable; /* (owned) */
  gboolean is_paused;
  gboolean is_asking;
  guint first; /* where the search begins, so that no symbol is stuck behind a bad one */
  guint n_requests;
  gint64 not_before_us; /* monotonic */
  guint idle_id;
};

enum
{
  SIGNAL_QUOTES,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QuotesYahooFacts, quotes_yahoo_facts, G_TYPE_OBJECT)

/* One chart under way. It does not keep us alive. */
typedef struct
{
  GWeakRef facts;
  QuotesInstrument *instrument; /* (owned) */
} Request;

static Request *
request_new (QuotesYahooFacts *facts, QuotesInstrument *instrument)
{
  Request *self = g_new0 (Request, 1);

  g_weak_ref_init (&self->facts, facts);
  self->instrument = quotes_instrument_ref (instrument);
  return self;
}

static void
request_free (Request *self)
{
  g_weak_ref_clear (&self->facts);
  quotes_instrument_unref (self->instrument);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
tell_quote (QuotesYahooFacts *self, const QuotesInstrument *instrument)
{
  g_autoptr (GPtrArray) quotes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  QuotesSymbolError error = 0;
  QuotesQuote *quote = quotes_yahoo_book_make_quote (
    self->book, instrument, quotes_clock_get_real_us (self->clock), &error);

  if (quote == NULL)
    return;
  g_ptr_array_add (quotes, quote);
  g_signal_emit (self, signals[SIGNAL_QUOTES], 0, quotes);
}

/* What says something of one symbol only; anything else is about the host or the way to it. */
static gboolean
is_about_symbol (const GError *error)
{
  return g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_BAD_DATA) ||
         g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_HTTP) ||
         g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_TOO_LARGE);
}

static void
take_error (QuotesYahooFacts *self,
            const QuotesInstrument *instrument,
            const GError *error,
            gint64 retry_after_us)
{
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);

  if (is_about_symbol (error))
    quotes_yahoo_book_take_chart (self->book, instrument, NULL, QUOTES_SYMBOL_ERROR_NOT_FOUND,
                                  now_us);
  else if (!g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_THROTTLED))
    self->not_before_us = now_us + MAX (retry_after_us, REFUSED_PAUSE_US);
  self->first++;
}

static void
take_answer (QuotesYahooFacts *self,
             const QuotesInstrument *instrument,
             const QuotesHttpAnswer *answer)
{
  g_autoptr (GError) error = NULL;
  QuotesYahooMeta *meta = quotes_yahoo_read_chart (answer, instrument->provider_symbol,
                                                   quotes_clock_get_real_us (self->clock), &error);

  self->n_requests++;
  if (error != NULL)
    {
      take_error (self, instrument, error, answer->retry_after_us);
      return;
    }
  quotes_yahoo_book_take_chart (self->book, instrument, meta,
                                meta != NULL ? 0 : QUOTES_SYMBOL_ERROR_NOT_FOUND,
                                quotes_clock_get_monotonic_us (self->clock));
  tell_quote (self, instrument);
}

static void ask_next (QuotesYahooFacts *self);

static void
chart_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (QuotesYahooFacts) self = g_weak_ref_get (&request->facts);
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesHttpAnswer) answer =
    quotes_upstream_get_finish (QUOTES_UPSTREAM (source), result, &error);

  if (self == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;

  self->is_asking = FALSE;
  if (answer != NULL)
    take_answer (self, request->instrument, answer);
  else
    take_error (self, request->instrument, error, -1);
  if (answer != NULL)
    ask_next (self);
}

static QuotesInstrument *
find_next (QuotesYahooFacts *self)
{
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);
  gint64 real_us = quotes_clock_get_real_us (self->clock);

  for (guint i = 0; i < self->instruments->len; i++)
    {
      QuotesInstrument *instrument =
        g_ptr_array_index (self->instruments, (self->first + i) % self->instruments->len);

      if (quotes_yahoo_book_needs_chart (self->book, instrument, now_us, real_us))
        return instrument;
    }
  return NULL;
}

static void
ask_next (QuotesYahooFacts *self)
{
  g_autofree char *path = NULL;
  QuotesInstrument *instrument = NULL;

  if (self->is_paused || self->is_asking || self->upstream == NULL ||
      quotes_clock_get_monotonic_us (self->clock) < self->not_before_us ||
      !quotes_upstream_has_spare (self->upstream))
    return;
  instrument = find_next (self);
  if (instrument == NULL)
    return;

  self->is_asking = TRUE;
  path = quotes_yahoo_facts_build_path (instrument);
  quotes_upstream_get_async (self->upstream, path, self->cancellable, chart_answered_cb,
                             request_new (self, instrument));
}

static void
be_idle_cb (gpointer user_data)
{
  QuotesYahooFacts *self = QUOTES_YAHOO_FACTS (user_data);

  self->idle_id = 0;
  ask_next (self);
}

static void
quotes_yahoo_facts_dispose (GObject *object)
{
  QuotesYahooFacts *self = QUOTES_YAHOO_FACTS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_clear_object (&self->upstream);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_yahoo_facts_parent_class)->dispose (object);
}

static void
quotes_yahoo_facts_finalize (GObject *object)
{
  QuotesYahooFacts *self = QUOTES_YAHOO_FACTS (object);

  quotes_yahoo_book_unref (self->book);
  g_clear_pointer (&self->instruments, g_ptr_array_unref);
  g_object_unref (self->cancellable);

  G_OBJECT_CLASS (quotes_yahoo_facts_parent_class)->finalize (object);
}

static void
quotes_yahoo_facts_class_init (QuotesYahooFactsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_yahoo_facts_dispose;
  object_class->finalize = quotes_yahoo_facts_finalize;

  /**
   * QuotesYahooFacts::quotes:
   * @self: the object
   * @quotes: (element-type QuotesQuote): what a chart has completed, or priced
   */
  signals[SIGNAL_QUOTES] = g_signal_new ("quotes", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
}

static void
quotes_yahoo_facts_init (QuotesYahooFacts *self)
{
  self->cancellable = g_cancellable_new ();
  self->is_paused = TRUE;
}

/**
 * quotes_yahoo_facts_new:
 *
 * Returns: (transfer full): one that waits for its first quotes_yahoo_facts_resume()
 */
QuotesYahooFacts *
quotes_yahoo_facts_new (QuotesUpstream *upstream, QuotesClock *clock, QuotesYahooBook *book)
{
  QuotesYahooFacts *self = g_object_new (QUOTES_TYPE_YAHOO_FACTS, NULL);

  self->upstream = g_object_ref (upstream);
  self->clock = g_object_ref (clock);
  self->book = quotes_yahoo_book_ref (book);

  return self;
}

/* A chart that is under way is left alone, but no other one is asked for. */
void
quotes_yahoo_facts_pause (QuotesYahooFacts *self)
{
  g_return_if_fail (QUOTES_IS_YAHOO_FACTS (self));

  self->is_paused = TRUE;
  g_clear_handle_id (&self->idle_id, g_source_remove);
}

/**
 * quotes_yahoo_facts_resume:
 * @instruments: (element-type QuotesInstrument): whose charts are looked after from now on
 *
 * Begins when the main loop has nothing better to do: the prices of the round go out first.
 */
void
quotes_yahoo_facts_resume (QuotesYahooFacts *self, GPtrArray *instruments)
{
  g_return_if_fail (QUOTES_IS_YAHOO_FACTS (self));

  g_ptr_array_ref (instruments);
  g_clear_pointer (&self->instruments, g_ptr_array_unref);
  self->instruments = instruments;
  self->is_paused = FALSE;
  if (self->idle_id == 0)
    self->idle_id = g_idle_add_once (be_idle_cb, self);
}

/* Returns: how many requests were answered since the last call */
guint
quotes_yahoo_facts_steal_n_requests (QuotesYahooFacts *self)
{
  guint n_requests = 0;

  g_return_val_if_fail (QUOTES_IS_YAHOO_FACTS (self), 0);

  n_requests = self->n_requests;
  self->n_requests = 0;
  return n_requests;
}

char *
quotes_yahoo_facts_build_path (const QuotesInstrument *instrument)
{
  g_autofree char *name = g_uri_escape_string (instrument->provider_symbol, NULL, FALSE);

  return g_strconcat ("/v8/finance/chart/", name, "?range=1d&interval=5m&includePrePost=false",
                      NULL);
}
