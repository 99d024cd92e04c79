/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-yahoo.h"

#include <glib/gi18n.h>

#include "quotes-history-asker.h"
#include "quotes-yahoo-book.h"
#include "quotes-yahoo-facts.h"
#include "quotes-yahoo-history.h"
#include "quotes-yahoo-parse.h"

/* More are refused. */
#define SYMBOLS_PER_SPARK 20
#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
/* How long charts are asked for prices after sparks were refused and charts were not. */
#define CHARTS_ONLY_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

/**
 * QuotesYahoo:
 *
 * Prices of everything that Yahoo Finance knows, from its unofficial API: one spark for up to 20
 * symbols in each round. Between the rounds, one chart per symbol and session brings what a spark
 * leaves out.
 *
 * When sparks are refused as such, or know none of the symbols, the charts are asked for the
 * prices, one symbol at a time. There is no way through cookies, crumbs or consent pages.
 */
struct _QuotesYahoo
{
  GObject parent_instance;

  QuotesUpstream *upstream; /* (owned) */
  QuotesClock *clock;       /* (owned) */
  QuotesYahooBook *book;    /* (owned) */
  QuotesYahooFacts *facts;  /* (owned) */
  QuotesHistoryAsker *past; /* (owned) */
  gint64 charts_until_us;   /* monotonic: when a spark is worth another try */
  guint first_chart;        /* so that each symbol gets its turn when not all can be asked */
};

static void quotes_yahoo_provider_init (QuotesProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (QuotesYahoo,
                               quotes_yahoo,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (QUOTES_TYPE_PROVIDER,
                                                      quotes_yahoo_provider_init))

static const QuotesProviderInfo *
quotes_yahoo_get_info (G_GNUC_UNUSED QuotesProvider *provider)
{
  static const QuotesProviderInfo info = {
    .id = "yahoo",
    .label = "Yahoo Finance (unofficial)",
    .attribution = "Yahoo Finance (unofficial), for personal use only",
    .tier = "unofficial",
    .interval_us = 30 * G_USEC_PER_SEC,
    .backoff_base_us = 120 * G_USEC_PER_SEC,
    .backoff_cap_us = 30 * 60 * G_USEC_PER_SEC,
  };

  return &info;
}

static gboolean
quotes_yahoo_serves (G_GNUC_UNUSED QuotesProvider *provider, const QuotesInstrument *instrument)
{
  return g_str_equal (instrument->provider, "yahoo");
}

/* One round: sparks, chunk after chunk; then charts, if those were no help. */
typedef struct
{
  GPtrArray *instruments; /* (owned) */
  guint n_sparked;        /* how many of them a spark was asked for */
  guint n_known;          /* how many of them it knew */
  guint n_chunk;          /* size of the chunk under way */
  gboolean is_refused;    /* sparks are */
  gboolean is_charting;
  guint n_charted;    /* how many of them a chart was asked for, from first_chart on */
  guint n_priced;     /* how many of them it knew */
  QuotesBatch *batch; /* (owned) */
} Round;

static void
round_free (gpointer data)
{
  Round *self = data;

  g_ptr_array_unref (self->instruments);
  g_clear_pointer (&self->batch, quotes_batch_free);
  g_free (self);
}

static QuotesInstrument *
round_get_chart (QuotesYahoo *self, const Round *round, guint i)
{
  return g_ptr_array_index (round->instruments, (self->first_chart + i) % round->instruments->len);
}

/* What the book knows now of all that has been asked for. */
static void
report (QuotesYahoo *self, Round *round)
{
  gint64 real_us = quotes_clock_get_real_us (self->clock);
  guint n_asked = round->is_charting ? round->n_charted : round->n_sparked;

  for (guint i = 0; i < n_asked; i++)
    quotes_yahoo_book_report (self->book,
                              round->is_charting ? round_get_chart (self, round, i)
                                                 : g_ptr_array_index (round->instruments, i),
                              real_us, round->batch);
}

/* Which way the next rounds take, after one that went by charts. */
static void
remember_charts (QuotesYahoo *self, const Round *round)
{
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);

  /* For a single symbol a refusal may mean that nothing is known of it. */
  if (round->is_refused && round->n_priced > 1 && self->charts_until_us <= now_us)
    self->charts_until_us = now_us + CHARTS_ONLY_US;
  self->first_chart += MAX (round->n_charted, 1);
}

/* Ends the round. @error: (transfer full) (nullable): what hit the rest of it */
static void
return_batch (GTask *task, GError *error, gint64 retry_after_us)
{
  QuotesYahoo *self = g_task_get_source_object (task);
  Round *round = g_task_get_task_data (task);

  report (self, round);
  if (round->is_charting)
    remember_charts (self, round);
  round->batch->n_requests += quotes_yahoo_facts_steal_n_requests (self->facts) +
                              quotes_history_asker_steal_n_requests (self->past);
  if (error != NULL)
    quotes_batch_take_error (round->batch, error, retry_after_us);
  else
    quotes_yahoo_facts_resume (self->facts, round->instruments);
  g_task_return_pointer (task, g_steal_pointer (&round->batch), (GDestroyNotify) quotes_batch_free);
}

/* Takes what came instead of an answer. */
static void
return_failure (GTask *task, GError *error)
{
  QuotesYahoo *self = g_task_get_source_object (task);
  Round *round = g_task_get_task_data (task);
  gboolean is_throttled =
    g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_THROTTLED);

  if (error->domain != QUOTES_PROVIDER_ERROR)
    {
      g_task_return_error (task, error);
      return;
    }
  if (!is_throttled)
    round->batch->n_requests++;
  return_batch (task, error, is_throttled ? quotes_upstream_get_wait_us (self->upstream) : -1);
}

/* Returns: (transfer full) (nullable): %NULL when the round is over */
static QuotesHttpAnswer *
take_answer (GTask *task, GObject *source, GAsyncResult *result)
{
  QuotesYahoo *self = g_task_get_source_object (task);
  Round *round = g_task_get_task_data (task);
  GError *error = NULL;
  QuotesHttpAnswer *answer = quotes_upstream_get_finish (QUOTES_UPSTREAM (source), result, &error);

  if (self->upstream == NULL)
    {
      g_clear_error (&error);
      g_clear_pointer (&answer, quotes_http_answer_free);
      error = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Closed"));
    }
  if (answer == NULL)
    return_failure (task, error);
  else
    round->batch->n_requests++;
  return answer;
}

static void ask_chart (GTask *task);

static void
chart_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  QuotesYahoo *self = g_task_get_source_object (task);
  Round *round = g_task_get_task_data (task);
  g_autoptr (QuotesHttpAnswer) answer = take_answer (task, source, result);
  const QuotesInstrument *instrument = NULL;
  GError *error = NULL;
  QuotesYahooMeta *meta = NULL;

  if (answer == NULL)
    return;

  instrument = round_get_chart (self, round, round->n_charted);
  meta = quotes_yahoo_read_chart (answer, instrument->provider_symbol,
                                  quotes_clock_get_real_us (self->clock), &error);
  /* A status that another symbol has not met is about this one. */
  if (g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_HTTP) &&
      round->n_priced > 0)
    {
      g_clear_error (&error);
      quotes_yahoo_book_take_chart (self->book, instrument, NULL, QUOTES_SYMBOL_ERROR_NOT_FOUND,
                                    quotes_clock_get_monotonic_us (self->clock));
    }
  else if (error == NULL)
    {
      round->n_priced += meta != NULL;
      quotes_yahoo_book_take_chart (self->book, instrument, meta,
                                    meta != NULL ? 0 : QUOTES_SYMBOL_ERROR_NOT_FOUND,
                                    quotes_clock_get_monotonic_us (self->clock));
    }
  if (error != NULL)
    {
      return_batch (task, error, answer->retry_after_us);
      return;
    }

  round->n_charted++;
  if (round->n_charted < round->instruments->len)
    ask_chart (g_steal_pointer (&task));
  else
    return_batch (task, NULL, -1);
}

/* Takes over @task. */
static void
ask_chart (GTask *task)
{
  QuotesYahoo *self = g_task_get_source_object (task);
  Round *round = g_task_get_task_data (task);
  g_autofree char *path =
    quotes_yahoo_facts_build_path (round_get_chart (self, round, round->n_charted));

  quotes_upstream_get_async (self->upstream, path, g_task_get_cancellable (task), chart_answered_cb,
                             task);
}

/* Takes over @task. */
static void
begin_charts (GTask *task)
{
  QuotesYahoo *self = g_task_get_source_object (task);
  Round *round = g_task_get_task_data (task);

  round->is_charting = TRUE;
  for (guint i = 0; i < round->instruments->len; i++)
    quotes_yahoo_book_take_spark (self->book, g_ptr_array_index (round->instruments, i), NULL);
  ask_chart (task);
}

static void ask_spark (GTask *task);

/* @metas: (nullable): what the spark of the chunk says; %NULL when it was refused */
static void
take_chunk (QuotesYahoo *self, Round *round, GHashTable *metas)
{
  for (guint i = 0; i < round->n_chunk; i++)
    {
      const QuotesInstrument *instrument =
        g_ptr_array_index (round->instruments, round->n_sparked + i);
      gpointer name = NULL;
      gpointer meta = NULL;

      if (metas != NULL &&
          g_hash_table_steal_extended (metas, instrument->provider_symbol, &name, &meta))
        round->n_known++;
      g_free (name);
      quotes_yahoo_book_take_spark (self->book, instrument, meta);
    }
  round->n_sparked += round->n_chunk;
}

static void
spark_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  QuotesYahoo *self = g_task_get_source_object (task);
  Round *round = g_task_get_task_data (task);
  g_autoptr (QuotesHttpAnswer) answer = take_answer (task, source, result);
  g_autoptr (GHashTable) metas = NULL;
  GError *error = NULL;

  if (answer == NULL)
    return;

  metas = quotes_yahoo_read_spark (answer, quotes_clock_get_real_us (self->clock), &error);
  if (error != NULL && !quotes_yahoo_is_refusal_of_spark (answer, error))
    {
      return_batch (task, error, answer->retry_after_us);
      return;
    }

  round->is_refused |= answer->status >= 400;
  take_chunk (self, round, metas);
  if (round->n_sparked < round->instruments->len && (error == NULL || round->n_known > 0))
    ask_spark (g_steal_pointer (&task));
  else if (round->n_known == 0)
    begin_charts (g_steal_pointer (&task));
  else
    return_batch (task, NULL, -1);
  g_clear_error (&error);
}

/* Takes over @task. */
static void
ask_spark (GTask *task)
{
  QuotesYahoo *self = g_task_get_source_object (task);
  Round *round = g_task_get_task_data (task);
  g_autofree char *path = NULL;

  round->n_chunk = MIN (round->instruments->len - round->n_sparked, SYMBOLS_PER_SPARK);
  path = quotes_yahoo_build_spark_path (round->instruments, round->n_sparked, round->n_chunk);
  quotes_upstream_get_async (self->upstream, path, g_task_get_cancellable (task), spark_answered_cb,
                             task);
}

static void
quotes_yahoo_fetch_async (QuotesProvider *provider,
                          GPtrArray *instruments,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  QuotesYahoo *self = QUOTES_YAHOO (provider);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Round *round = g_new0 (Round, 1);

  g_task_set_source_tag (task, quotes_yahoo_fetch_async);
  round->instruments = g_ptr_array_ref (instruments);
  round->batch = quotes_batch_new ();
  g_task_set_task_data (task, round, round_free);

  quotes_yahoo_facts_pause (self->facts);
  quotes_yahoo_book_begin_round (self->book, instruments);
  if (self->charts_until_us > quotes_clock_get_monotonic_us (self->clock))
    begin_charts (g_steal_pointer (&task));
  else
    ask_spark (g_steal_pointer (&task));
}

static QuotesBatch *
quotes_yahoo_fetch_finish (QuotesProvider *provider, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, provider), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Minutes go back eight days, hours two years. A year of a future's hours is two thirds of the
 * longest answer that we take; whoever wants more may get days instead. */
static const QuotesHistoryOffer *
quotes_yahoo_get_history_offer (G_GNUC_UNUSED QuotesProvider *provider)
{
  static const QuotesHistoryOffer offer = {
    .reach_us = {[QUOTES_INTERVAL_MINUTE] = 5 * DAY_US,
                 [QUOTES_INTERVAL_HOUR] = 700 * DAY_US,
                 [QUOTES_INTERVAL_DAY] = 20000 * DAY_US},
    .first_us = {[QUOTES_INTERVAL_HOUR] = 366 * DAY_US},
  };

  return &offer;
}

static void
quotes_yahoo_history_async (QuotesProvider *provider,
                            QuotesInstrument *instrument,
                            QuotesInterval interval,
                            gint64 from_us,
                            gint64 to_us,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (provider, cancellable, callback, user_data);
  g_autofree char *path = quotes_yahoo_build_history_path (instrument, interval, from_us, to_us);

  g_task_set_source_tag (task, quotes_yahoo_history_async);
  quotes_history_asker_ask (QUOTES_YAHOO (provider)->past, task, path, instrument, interval);
}

static QuotesHistory *
quotes_yahoo_history_finish (QuotesProvider *provider, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, provider), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
quotes_yahoo_provider_init (QuotesProviderInterface *iface)
{
  iface->get_info = quotes_yahoo_get_info;
  iface->serves = quotes_yahoo_serves;
  iface->fetch_async = quotes_yahoo_fetch_async;
  iface->fetch_finish = quotes_yahoo_fetch_finish;
  iface->get_history_offer = quotes_yahoo_get_history_offer;
  iface->history_async = quotes_yahoo_history_async;
  iface->history_finish = quotes_yahoo_history_finish;
}

static void
facts_told_cb (QuotesYahoo *self, GPtrArray *quotes)
{
  g_signal_emit_by_name (self, "quotes", quotes);
}

static void
quotes_yahoo_dispose (GObject *object)
{
  QuotesYahoo *self = QUOTES_YAHOO (object);

  if (self->facts != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->facts, self);
      g_object_run_dispose (G_OBJECT (self->facts));
    }
  g_clear_object (&self->facts);
  g_clear_object (&self->upstream);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_yahoo_parent_class)->dispose (object);
}

static void
quotes_yahoo_finalize (GObject *object)
{
  g_object_unref (QUOTES_YAHOO (object)->past);
  quotes_yahoo_book_unref (QUOTES_YAHOO (object)->book);

  G_OBJECT_CLASS (quotes_yahoo_parent_class)->finalize (object);
}

static void
quotes_yahoo_class_init (QuotesYahooClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_yahoo_dispose;
  object_class->finalize = quotes_yahoo_finalize;
}

static void
quotes_yahoo_init (QuotesYahoo *self)
{
  self->book = quotes_yahoo_book_new ();
}

/* Nothing is documented; the figures are far below what was seen to be refused (providers.md 3.5).
 */
const QuotesUpstreamPlan *
quotes_yahoo_get_upstream_plan (void)
{
  static const QuotesUpstreamPlan plan = {
    .name = "yahoo",
    .base_url = "https://query1.finance.yahoo.com",
    .requests_per_minute = 6,
    .burst = 8,
    .min_spacing_us = 300 * 1000,
    .max_spacing_us = 800 * 1000,
  };

  return &plan;
}

/**
 * quotes_yahoo_new:
 *
 * Returns: (transfer full): a provider that asks @upstream
 */
QuotesProvider *
quotes_yahoo_new (QuotesUpstream *upstream, QuotesClock *clock)
{
  QuotesYahoo *self = g_object_new (QUOTES_TYPE_YAHOO, NULL);

  self->upstream = g_object_ref (upstream);
  self->clock = g_object_ref (clock);
  self->facts = quotes_yahoo_facts_new (upstream, clock, self->book);
  self->past = quotes_history_asker_new (upstream, clock, quotes_yahoo_parse_history);
  g_signal_connect_swapped (self->facts, "quotes", G_CALLBACK (facts_told_cb), self);

  return QUOTES_PROVIDER (self);
}
