/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fake-provider.h"

struct _FakeProvider
{
  GObject parent_instance;

  QuotesProviderInfo info;
  GTask *task;            /* (owned) (nullable): the fetch that waits for its answer */
  GPtrArray *instruments; /* (owned) (nullable): of the last fetch */
  guint n_fetches;
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

static void
fake_provider_provider_init (QuotesProviderInterface *iface)
{
  iface->get_info = fake_provider_get_info;
  iface->serves = fake_provider_serves;
  iface->fetch_async = fake_provider_fetch_async;
  iface->fetch_finish = fake_provider_fetch_finish;
}

static void
fake_provider_finalize (GObject *object)
{
  FakeProvider *self = FAKE_PROVIDER (object);

  g_assert_null (self->task);
  g_clear_pointer (&self->instruments, g_ptr_array_unref);

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
