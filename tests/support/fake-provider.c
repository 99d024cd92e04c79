/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fake-provider.h"

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

struct _FakeProvider
{
  GObject parent_instance;

  QuotesProviderInfo info;
  GTask *task;            /* (owned) (nullable): the fetch that waits for its answer */
  GPtrArray *instruments; /* (owned) (nullable): of the last fetch */
  guint n_fetches;

  GTask *history_task; /* (owned) (nullable) */
  char *history_words; /* (owned) (nullable): symbol and interval of the last question */
  gint64 history_from_us;
  gint64 history_to_us;
  guint n_histories;
};

static void fake_provider_provider_init (QuotesProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeProvider,
                               fake_provider,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (QUOTES_TYPE_PROVIDER,
                                                      fake_provider_provider_init))

static const QuotesProviderInfo *
fake_provider_get_info (QuotesProvider *provider)
{
  return &FAKE_PROVIDER (provider)->info;
}

static gboolean
fake_provider_serves (QuotesProvider *provider, const QuotesInstrument *instrument)
{
  return g_str_equal (FAKE_PROVIDER (provider)->info.id, instrument->provider);
}

static void
fake_provider_fetch_async (QuotesProvider *provider,
                           GPtrArray *instruments,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  FakeProvider *self = FAKE_PROVIDER (provider);

  g_assert_null (self->task);
  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, fake_provider_fetch_async);
  g_clear_pointer (&self->instruments, g_ptr_array_unref);
  self->instruments = g_ptr_array_ref (instruments);
  self->n_fetches++;
}

static QuotesBatch *
fake_provider_fetch_finish (G_GNUC_UNUSED QuotesProvider *provider,
                            GAsyncResult *result,
                            GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Like Yahoo's. */
static const QuotesHistoryOffer *
fake_provider_get_history_offer (G_GNUC_UNUSED QuotesProvider *provider)
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
fake_provider_history_async (QuotesProvider *provider,
                             QuotesInstrument *instrument,
                             QuotesInterval interval,
                             gint64 from_us,
                             gint64 to_us,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  FakeProvider *self = FAKE_PROVIDER (provider);

  /* Nobody asks for two at once. */
  g_assert_null (self->history_task);
  self->history_task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->history_task, fake_provider_history_async);
  g_free (self->history_words);
  self->history_words =
    g_strdup_printf ("%s %s", instrument->symbol, quotes_interval_to_string (interval));
  self->history_from_us = from_us;
  self->history_to_us = to_us;
  self->n_histories++;
}

static QuotesHistory *
fake_provider_history_finish (G_GNUC_UNUSED QuotesProvider *provider,
                              GAsyncResult *result,
                              GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_provider_provider_init (QuotesProviderInterface *iface)
{
  iface->get_info = fake_provider_get_info;
  iface->serves = fake_provider_serves;
  iface->fetch_async = fake_provider_fetch_async;
  iface->fetch_finish = fake_provider_fetch_finish;
  iface->get_history_offer = fake_provider_get_history_offer;
  iface->history_async = fake_provider_history_async;
  iface->history_finish = fake_provider_history_finish;
}

static void
fake_provider_finalize (GObject *object)
{
  FakeProvider *self = FAKE_PROVIDER (object);

  g_assert_null (self->task);
  g_assert_null (self->history_task);
  g_clear_pointer (&self->instruments, g_ptr_array_unref);
  g_free (self->history_words);

  G_OBJECT_CLASS (fake_provider_parent_class)->finalize (object);
}

static void
fake_provider_class_init (FakeProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_provider_finalize;
}

static void
fake_provider_init (G_GNUC_UNUSED FakeProvider *self)
{
}

FakeProvider *
fake_provider_new (const char *id)
{
  FakeProvider *self = g_object_new (FAKE_TYPE_PROVIDER, NULL);

  self->info = (QuotesProviderInfo){
    .id = g_intern_string (id),
    .label = g_intern_string (id),
    .tier = "demo",
    .interval_us = 30 * G_USEC_PER_SEC,
  };
  return self;
}

gboolean
fake_provider_is_waiting (FakeProvider *self)
{
  return self->task != NULL;
}

guint
fake_provider_get_n_fetches (FakeProvider *self)
{
  return self->n_fetches;
}

GPtrArray *
fake_provider_get_instruments (FakeProvider *self)
{
  return self->instruments;
}

void
fake_provider_answer_batch (FakeProvider *self, QuotesBatch *batch)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  batch->n_requests = 1;
  g_task_return_pointer (task, batch, (GDestroyNotify) quotes_batch_free);
}

void
fake_provider_answer (FakeProvider *self, double price)
{
  QuotesBatch *batch = quotes_batch_new ();

  for (guint i = 0; i < self->instruments->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (self->instruments, i);
      QuotesQuote fields = QUOTES_QUOTE_INIT;

      fields.symbol = instrument->symbol;
      fields.name = instrument->symbol;
      fields.currency = "USD";
      fields.source = self->info.id;
      fields.instrument = instrument->text;
      fields.provider_symbol = instrument->provider_symbol;
      fields.price = price;
      quotes_batch_take_quote (batch, quotes_quote_new (&fields));
    }
  fake_provider_answer_batch (self, batch);
}

void
fake_provider_fail (FakeProvider *self, QuotesProviderError code, gint64 retry_after_us)
{
  QuotesBatch *batch = quotes_batch_new ();

  quotes_batch_take_error (
    batch, g_error_new_literal (QUOTES_PROVIDER_ERROR, (int) code, "Told so"), retry_after_us);
  fake_provider_answer_batch (self, batch);
}

guint
fake_provider_get_n_histories (FakeProvider *self)
{
  return self->n_histories;
}

gboolean
fake_provider_is_history_waiting (FakeProvider *self)
{
  return self->history_task != NULL;
}

gboolean
fake_provider_is_history_cancelled (FakeProvider *self)
{
  return g_cancellable_is_cancelled (g_task_get_cancellable (self->history_task));
}

char *
fake_provider_dup_history_question (FakeProvider *self, gint64 now_us)
{
  return g_strdup_printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, self->history_words,
                          (now_us - self->history_from_us) / G_USEC_PER_SEC,
                          (now_us - self->history_to_us) / G_USEC_PER_SEC);
}

void
fake_provider_answer_history (FakeProvider *self, QuotesHistory *history)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->history_task);

  g_task_return_pointer (task, history, (GDestroyNotify) quotes_history_unref);
}

void
fake_provider_fail_history (FakeProvider *self, QuotesProviderError code)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->history_task);

  g_task_return_new_error (task, QUOTES_PROVIDER_ERROR, (int) code, "Told so");
}
