/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-coingecko.h"

#include <glib/gi18n.h>

#include "quotes-answer.h"
#include "quotes-coingecko-history.h"
#include "quotes-coingecko-parse.h"
#include "quotes-history-asker.h"

/* Where the public host has its API. */
#define ROOT "/api/v3"
/* The most rows that a page has. */
#define IDS_PER_REQUEST 250

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
/* How long the poorer API is used after the better one refused. */
#define FALLBACK_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

/**
 * QuotesCoingecko:
 *
 * Prices of coins, from the keyless API: one `/coins/markets` for up to 250 of them. If that is
 * refused as such, `/simple/price` is asked, which knows less.
 */
struct _QuotesCoingecko
{
  GObject parent_instance;

  QuotesUpstream *upstream; /* (owned) */
  QuotesClock *clock;       /* (owned) */
  QuotesHistoryAsker *past; /* (owned) */
  gint64 fallback_until_us; /* monotonic: when `/coins/markets` is worth another try */
  gboolean has_no_root;     /* the API of this host of `--upstream` is not below ROOT */
};

static void quotes_coingecko_provider_init (QuotesProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (QuotesCoingecko,
                               quotes_coingecko,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (QUOTES_TYPE_PROVIDER,
                                                      quotes_coingecko_provider_init))

static const QuotesProviderInfo *
quotes_coingecko_get_info (G_GNUC_UNUSED QuotesProvider *provider)
{
  static const QuotesProviderInfo info = {
    .id = "coingecko",
    .label = "CoinGecko",
    .attribution = "Data provided by CoinGecko",
    .tier = "documented",
    .interval_us = 30 * G_USEC_PER_SEC,
    .backoff_base_us = 60 * G_USEC_PER_SEC,
    .backoff_cap_us = 15 * 60 * G_USEC_PER_SEC,
  };

  return &info;
}

static gboolean
quotes_coingecko_serves (G_GNUC_UNUSED QuotesProvider *provider, const QuotesInstrument *instrument)
{
  return g_str_equal (instrument->provider, "coingecko");
}

/* One round: chunk after chunk. */
typedef struct
{
  GPtrArray *instruments; /* (owned) */
  GPtrArray *chunk;       /* (owned) (nullable): what the request under way is about */
  guint n_done;
  gboolean is_fallback;
  gboolean has_no_root;
  QuotesBatch *batch; /* (owned) */
} Round;

static void
round_free (gpointer data)
{
  Round *self = data;

  g_ptr_array_unref (self->instruments);
  g_clear_pointer (&self->chunk, g_ptr_array_unref);
  g_clear_pointer (&self->batch, quotes_batch_free);
  g_free (self);
}

static void
round_begin_chunk (Round *self)
{
  g_clear_pointer (&self->chunk, g_ptr_array_unref);
  self->chunk = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_instrument_unref);
  for (guint i = self->n_done; i < self->instruments->len && self->chunk->len < IDS_PER_REQUEST;
       i++)
    g_ptr_array_add (self->chunk, quotes_instrument_ref (g_ptr_array_index (self->instruments, i)));
}

static char *
round_build_path (const Round *self)
{
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < self->chunk->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (self->chunk, i);

      if (i > 0)
        g_string_append_c (ids, ',');
      g_string_append_uri_escaped (ids, instrument->provider_symbol, NULL, FALSE);
    }

  return g_strconcat (
    self->has_no_root ? "" : ROOT,
    self->is_fallback ? "/simple/price?ids=" : "/coins/markets?vs_currency=usd&ids=", ids->str,
    self->is_fallback ? "&vs_currencies=usd&include_24hr_change=true&include_last_updated_at=true"
                      : "&per_page=250&price_change_percentage=24h",
    NULL);
}

/* Whether it is this API that is refused, and not we. A 403 that is JSON comes from the API itself,
 * any other from what stands in front of the whole host. */
static gboolean
is_refusal_of_api (const QuotesHttpAnswer *answer, const GError *error)
{
  g_autoptr (JsonNode) root = NULL;

  if (!g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_HTTP) &&
      !g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_BLOCKED))
    return FALSE;

  switch (answer->status)
    {
    case 400:
    case 404:
    case 405:
    case 410:
    case 422:
    case 501:
      return TRUE;
    case 403:
      root = quotes_answer_parse (answer, "", NULL);
      return root != NULL;
    default:
      return FALSE;
    }
}

static void ask_next (GTask *task);

static void
return_batch (GTask *task)
{
  QuotesCoingecko *self = g_task_get_source_object (task);
  Round *round = g_task_get_task_data (task);

  round->batch->n_requests += quotes_history_asker_steal_n_requests (self->past);
  g_task_return_pointer (task, g_steal_pointer (&round->batch), (GDestroyNotify) quotes_batch_free);
}

/* No answer: what was got before stays good. */
static void
return_failure (GTask *task, GError *error)
{
  QuotesCoingecko *self = g_task_get_source_object (task);
  Round *round = g_task_get_task_data (task);
  gint64 wait_us = -1;

  if (error->domain != QUOTES_PROVIDER_ERROR)
    {
      g_task_return_error (task, error);
      return;
    }

  if (g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_THROTTLED) &&
      self->upstream != NULL)
    wait_us = quotes_upstream_get_wait_us (self->upstream);
  else
    round->batch->n_requests++;
  quotes_batch_take_error (round->batch, error, wait_us);
  return_batch (task);
}

/* Which API the next rounds ask, by what this answer says of the one that was asked. */
static void
remember_api (QuotesCoingecko *self, const Round *round, gboolean is_refused, gboolean is_good)
{
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);

  if (is_good)
    self->has_no_root = round->has_no_root;
  if (is_refused || (is_good && !round->is_fallback))
    self->fallback_until_us = 0;
  else if (is_good && self->fallback_until_us <= now_us)
    self->fallback_until_us = now_us + FALLBACK_US;
}

/* Where to ask next after a refusal. A stand-in may have the API at its own root, as the address
 * that its user gave may hold the whole path; then the poorer API is left. */
static void
go_elsewhere (QuotesCoingecko *self, Round *round, const QuotesHttpAnswer *answer)
{
  gboolean may_be_misplaced = answer->status == 404 &&
                              !quotes_upstream_is_public (self->upstream) &&
                              round->has_no_root == self->has_no_root;

  if (may_be_misplaced)
    {
      round->has_no_root = !self->has_no_root;
      return;
    }

  round->has_no_root = self->has_no_root;
  round->is_fallback = TRUE;
}

static void
fetch_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  QuotesCoingecko *self = g_task_get_source_object (task);
  Round *round = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (QuotesHttpAnswer) answer =
    quotes_upstream_get_finish (QUOTES_UPSTREAM (source), result, &error);
  g_autoptr (QuotesBatch) batch = NULL;
  gboolean is_refused = FALSE;

  if (answer == NULL || self->upstream == NULL)
    {
      return_failure (
        task, error != NULL ? error : g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Closed")));
      return;
    }

  batch = quotes_coingecko_parse (answer, round->chunk, quotes_clock_get_real_us (self->clock));
  batch->n_requests = 1;
  is_refused = is_refusal_of_api (answer, batch->error);
  remember_api (self, round, is_refused, batch->error == NULL);
  if (is_refused && !round->is_fallback)
    {
      go_elsewhere (self, round, answer);
      round->batch->n_requests++;
      ask_next (g_steal_pointer (&task));
      return;
    }

  round->n_done += round->chunk->len;
  quotes_batch_merge (round->batch, batch);
  if (batch->error != NULL || round->n_done >= round->instruments->len)
    return_batch (task);
  else
    ask_next (g_steal_pointer (&task));
}

/* Takes over @task. */
static void
ask_next (GTask *task)
{
  QuotesCoingecko *self = g_task_get_source_object (task);
  Round *round = g_task_get_task_data (task);
  g_autofree char *path = NULL;

  round_begin_chunk (round);
  path = round_build_path (round);
  quotes_upstream_get_async (self->upstream, path, g_task_get_cancellable (task), fetch_answered_cb,
                             task);
}

static void
quotes_coingecko_fetch_async (QuotesProvider *provider,
                              GPtrArray *instruments,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  QuotesCoingecko *self = QUOTES_COINGECKO (provider);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Round *round = g_new0 (Round, 1);

  g_task_set_source_tag (task, quotes_coingecko_fetch_async);
  round->instruments = g_ptr_array_ref (instruments);
  round->batch = quotes_batch_new ();
  round->has_no_root = self->has_no_root;
  round->is_fallback = self->fallback_until_us > quotes_clock_get_monotonic_us (self->clock);
  g_task_set_task_data (task, round, round_free);
  ask_next (g_steal_pointer (&task));
}

static QuotesBatch *
quotes_coingecko_fetch_finish (QuotesProvider *provider, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, provider), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Without a key: points five minutes apart in the last day, an hour in the last 90. */
static const QuotesHistoryOffer *
quotes_coingecko_get_history_offer (G_GNUC_UNUSED QuotesProvider *provider)
{
  static const QuotesHistoryOffer offer = {
    .reach_us = {[QUOTES_INTERVAL_MINUTE] = DAY_US,
                 [QUOTES_INTERVAL_HOUR] = 90 * DAY_US,
                 [QUOTES_INTERVAL_DAY] = 365 * DAY_US},
    .first_us = {[QUOTES_INTERVAL_HOUR] = 90 * DAY_US},
  };

  return &offer;
}

static void
quotes_coingecko_history_async (QuotesProvider *provider,
                                QuotesInstrument *instrument,
                                QuotesInterval interval,
                                gint64 from_us,
                                G_GNUC_UNUSED gint64 to_us,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  QuotesCoingecko *self = QUOTES_COINGECKO (provider);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *chart = quotes_coingecko_build_history_path (
    instrument, from_us, quotes_clock_get_real_us (self->clock));
  g_autofree char *path = g_strconcat (self->has_no_root ? "" : ROOT, chart, NULL);

  g_task_set_source_tag (task, quotes_coingecko_history_async);
  quotes_history_asker_ask (self->past, task, path, instrument, interval);
}

static QuotesHistory *
quotes_coingecko_history_finish (QuotesProvider *provider, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, provider), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
quotes_coingecko_provider_init (QuotesProviderInterface *iface)
{
  iface->get_info = quotes_coingecko_get_info;
  iface->serves = quotes_coingecko_serves;
  iface->fetch_async = quotes_coingecko_fetch_async;
  iface->fetch_finish = quotes_coingecko_fetch_finish;
  iface->get_history_offer = quotes_coingecko_get_history_offer;
  iface->history_async = quotes_coingecko_history_async;
  iface->history_finish = quotes_coingecko_history_finish;
}

static void
quotes_coingecko_dispose (GObject *object)
{
  QuotesCoingecko *self = QUOTES_COINGECKO (object);

  g_clear_object (&self->upstream);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_coingecko_parent_class)->dispose (object);
}

static void
quotes_coingecko_finalize (GObject *object)
{
  g_object_unref (QUOTES_COINGECKO (object)->past);

  G_OBJECT_CLASS (quotes_coingecko_parent_class)->finalize (object);
}

static void
quotes_coingecko_class_init (QuotesCoingeckoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_coingecko_dispose;
  object_class->finalize = quotes_coingecko_finalize;
}

static void
quotes_coingecko_init (G_GNUC_UNUSED QuotesCoingecko *self)
{
}

/* Keyless, the limit is per address and shared with whoever else uses it (providers.md 3.5). */
const QuotesUpstreamPlan *
quotes_coingecko_get_upstream_plan (void)
{
  static const QuotesUpstreamPlan plan = {
    .name = "coingecko",
    .base_url = "https://api.coingecko.com",
    .requests_per_minute = 5,
    .burst = 5,
    .min_spacing_us = 300 * 1000,
    .max_spacing_us = 800 * 1000,
  };

  return &plan;
}

/**
 * quotes_coingecko_new:
 *
 * Returns: (transfer full): a provider that asks @upstream
 */
QuotesProvider *
quotes_coingecko_new (QuotesUpstream *upstream, QuotesClock *clock)
{
  QuotesCoingecko *self = g_object_new (QUOTES_TYPE_COINGECKO, NULL);

  self->upstream = g_object_ref (upstream);
  self->clock = g_object_ref (clock);
  self->past = quotes_history_asker_new (upstream, clock, quotes_coingecko_parse_history);

  return QUOTES_PROVIDER (self);
}
