/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-demo.h"

#include "quotes-decimal.h"
#include "quotes-demo-history.h"

/* Most prices move in a round, but not all: that is what the fan-out has to cope with. */
#define P_MOVE 0.8
/* Of the price, in one round. */
#define MAX_STEP 0.0008

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

/**
 * QuotesDemo:
 *
 * Made-up prices for running without a network: a random walk, the same for the same seed. It
 * stands in for every other provider, and says `demo` as the source of each quote.
 */
struct _QuotesDemo
{
  GObject parent_instance;

  QuotesClock *clock; /* (owned) */
  GRand *random;      /* (owned) */
  GHashTable *prices; /* (owned) (element-type utf8 double): by `PROVIDER:NAME` */
};

static void quotes_demo_provider_init (QuotesProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (QuotesDemo,
                               quotes_demo,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (QUOTES_TYPE_PROVIDER,
                                                      quotes_demo_provider_init))

/* Where the walk begins; plausible, not true. */
static const struct
{
  const char *text;
  double price;
} starts[] = {
  {"coingecko:bitcoin", 64000}, {"coingecko:ethereum", 3100}, {"yahoo:GC=F", 2400},
  {"yahoo:SI=F", 29},           {"yahoo:BZ=F", 82},           {"yahoo:CL=F", 78},
  {"yahoo:^GSPC", 5300},        {"yahoo:^DJI", 39000},        {"yahoo:^IXIC", 16800},
};

static double
get_start (const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    if (g_str_equal (starts[i].text, text))
      return starts[i].price;

  return 10 + g_str_hash (text) % 49000 / 100.0;
}

static const QuotesProviderInfo *
quotes_demo_get_info (G_GNUC_UNUSED QuotesProvider *provider)
{
  static const QuotesProviderInfo info = {
    .id = "demo",
    .label = "Demo (made-up prices)",
    .tier = "demo",
    .interval_us = 2 * G_USEC_PER_SEC,
    .backoff_base_us = G_USEC_PER_SEC,
    .backoff_cap_us = G_USEC_PER_SEC,
  };

  return &info;
}

static gboolean
quotes_demo_serves (G_GNUC_UNUSED QuotesProvider *provider,
                    G_GNUC_UNUSED const QuotesInstrument *instrument)
{
  return TRUE;
}

static double
walk (QuotesDemo *self, const QuotesInstrument *instrument)
{
  double *price = g_hash_table_lookup (self->prices, instrument->text);

  if (price == NULL)
    {
      price = g_new (double, 1);
      *price = get_start (instrument->text);
      g_hash_table_insert (self->prices, g_strdup (instrument->text), price);
    }
  else if (g_rand_double (self->random) < P_MOVE)
    {
      *price *= 1 + g_rand_double_range (self->random, -MAX_STEP, MAX_STEP);
    }
  return *price;
}

static QuotesQuote *
make_quote (QuotesDemo *self, const QuotesInstrument *instrument)
{
  double close = get_start (instrument->text);
  double price = quotes_decimal_round (walk (self, instrument), 2);
  double change = quotes_decimal_subtract (price, close);
  QuotesQuote fields = QUOTES_QUOTE_INIT;

  fields.symbol = instrument->symbol;
  fields.name = instrument->name != NULL ? instrument->name : instrument->symbol;
  if (instrument->asset_class != QUOTES_ASSET_CLASS_UNKNOWN)
    fields.asset_class = instrument->asset_class;
  fields.price = price;
  fields.currency = "USD";
  fields.change = quotes_decimal_round (change, 2);
  fields.change_pct = quotes_decimal_round (change / close * 100, 2);
  fields.change_basis = QUOTES_CHANGE_BASIS_PREVIOUS_CLOSE;
  fields.previous_close = close;
  fields.fetched_us = quotes_clock_get_real_us (self->clock);
  fields.quote_time_us = fields.fetched_us;
  fields.source = "demo";
  fields.instrument = instrument->text;
  fields.provider_symbol = instrument->provider_symbol;
  fields.delay_minutes = MAX (instrument->delay_minutes, 0);
  fields.is_delayed = fields.delay_minutes > 0;
  fields.market_state = fields.asset_class == QUOTES_ASSET_CLASS_CRYPTO
                          ? QUOTES_MARKET_STATE_ALWAYS
                          : QUOTES_MARKET_STATE_REGULAR;
  fields.exchange = "Demo";
  fields.exchange_timezone = "UTC";

  return quotes_quote_new (&fields);
}

static void
quotes_demo_fetch_async (QuotesProvider *provider,
                         GPtrArray *instruments,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  QuotesDemo *self = QUOTES_DEMO (provider);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  QuotesBatch *batch = quotes_batch_new ();

  g_task_set_source_tag (task, quotes_demo_fetch_async);
  for (guint i = 0; i < instruments->len; i++)
    quotes_batch_take_quote (batch, make_quote (self, g_ptr_array_index (instruments, i)));
  g_task_return_pointer (task, batch, (GDestroyNotify) quotes_batch_free);
}

static QuotesBatch *
quotes_demo_fetch_finish (QuotesProvider *provider, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, provider), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static const QuotesHistoryOffer *
quotes_demo_get_history_offer (G_GNUC_UNUSED QuotesProvider *provider)
{
  /* All charts are there at once, and a thousand instruments do not drown the archive. */
  static const QuotesHistoryOffer offer = {
    .reach_us = {[QUOTES_INTERVAL_MINUTE] = 5 * DAY_US,
                 [QUOTES_INTERVAL_HOUR] = 90 * DAY_US,
                 [QUOTES_INTERVAL_DAY] = 5000 * DAY_US},
    .first_us = {[QUOTES_INTERVAL_MINUTE] = DAY_US,
                 [QUOTES_INTERVAL_HOUR] = 31 * DAY_US,
                 [QUOTES_INTERVAL_DAY] = 366 * DAY_US},
  };

  return &offer;
}

static void
quotes_demo_history_async (QuotesProvider *provider,
                           QuotesInstrument *instrument,
                           QuotesInterval interval,
                           gint64 from_us,
                           gint64 to_us,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  QuotesDemo *self = QUOTES_DEMO (provider);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const double *price = g_hash_table_lookup (self->prices, instrument->text);
  double start = get_start (instrument->text);

  g_task_set_source_tag (task, quotes_demo_history_async);
  g_task_return_pointer (
    task,
    quotes_demo_make_history (instrument, start, price != NULL ? *price : start, interval, from_us,
                              to_us, quotes_clock_get_real_us (self->clock)),
    (GDestroyNotify) quotes_history_unref);
}

static QuotesHistory *
quotes_demo_history_finish (QuotesProvider *provider, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, provider), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
quotes_demo_provider_init (QuotesProviderInterface *iface)
{
  iface->get_info = quotes_demo_get_info;
  iface->serves = quotes_demo_serves;
  iface->fetch_async = quotes_demo_fetch_async;
  iface->fetch_finish = quotes_demo_fetch_finish;
  iface->get_history_offer = quotes_demo_get_history_offer;
  iface->history_async = quotes_demo_history_async;
  iface->history_finish = quotes_demo_history_finish;
}

static void
quotes_demo_dispose (GObject *object)
{
  g_clear_object (&QUOTES_DEMO (object)->clock);

  G_OBJECT_CLASS (quotes_demo_parent_class)->dispose (object);
}

static void
quotes_demo_finalize (GObject *object)
{
  QuotesDemo *self = QUOTES_DEMO (object);

  g_rand_free (self->random);
  g_hash_table_unref (self->prices);

  G_OBJECT_CLASS (quotes_demo_parent_class)->finalize (object);
}

static void
quotes_demo_class_init (QuotesDemoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_demo_dispose;
  object_class->finalize = quotes_demo_finalize;
}

static void
quotes_demo_init (QuotesDemo *self)
{
  self->prices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * quotes_demo_new:
 * @seed: the same seed gives the same prices
 *
 * Returns: (transfer full): a provider of made-up prices
 */
QuotesProvider *
quotes_demo_new (QuotesClock *clock, guint32 seed)
{
  QuotesDemo *self = g_object_new (QUOTES_TYPE_DEMO, NULL);

  self->clock = g_object_ref (clock);
  self->random = g_rand_new_with_seed (seed);

  return QUOTES_PROVIDER (self);
}
