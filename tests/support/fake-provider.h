/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-provider.h"

G_BEGIN_DECLS

/* A provider that answers when the test says so, and never by itself. */
#define FAKE_TYPE_PROVIDER (fake_provider_get_type ())
G_DECLARE_FINAL_TYPE (FakeProvider, fake_provider, FAKE, PROVIDER, GObject)

FakeProvider *fake_provider_new (const char *id);
gboolean fake_provider_is_waiting (FakeProvider *self);
guint fake_provider_get_n_fetches (FakeProvider *self);
/* (transfer none): the instruments of the fetch that waits, or of the last one */
GPtrArray *fake_provider_get_instruments (FakeProvider *self);
/* Answers with one quote per instrument asked for, all at @price. */
void fake_provider_answer (FakeProvider *self, double price);
void fake_provider_answer_batch (FakeProvider *self, QuotesBatch *batch);
void fake_provider_fail (FakeProvider *self, QuotesProviderError code, gint64 retry_after_us);

/* What it is asked of the past, as `XAU 1h AGO_S BEFORE_S`: how long ago it begins and ends, by
 * @now_us. */
guint fake_provider_get_n_histories (FakeProvider *self);
gboolean fake_provider_is_history_waiting (FakeProvider *self);
gboolean fake_provider_is_history_cancelled (FakeProvider *self);
/* (transfer full) */
char *fake_provider_dup_history_question (FakeProvider *self, gint64 now_us);
/* Takes @history. */
void fake_provider_answer_history (FakeProvider *self, QuotesHistory *history);
void fake_provider_fail_history (FakeProvider *self, QuotesProviderError code);

G_END_DECLS
