/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-provider.h"

#include <glib/gi18n.h>

G_DEFINE_QUARK (quotes_provider_error, quotes_provider_error)

G_DEFINE_INTERFACE (QuotesProvider, quotes_provider, G_TYPE_OBJECT)

static void
quotes_provider_default_init (QuotesProviderInterface *iface)
{
  /**
   * QuotesProvider::quotes:
   * @self: the provider
   * @quotes: (element-type QuotesQuote): as in a #QuotesBatch
   *
   * Something came outside the rounds. Emitted on the main context.
   */
  g_signal_new ("quotes", G_TYPE_FROM_INTERFACE (iface), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
}

const char *
quotes_provider_error_to_string (QuotesProviderError code)
{
  static const char *const words[] = {
    [QUOTES_PROVIDER_ERROR_RATE_LIMITED] = "rate-limited",
    [QUOTES_PROVIDER_ERROR_AUTH] = "auth",
    [QUOTES_PROVIDER_ERROR_BLOCKED] = "blocked",
    [QUOTES_PROVIDER_ERROR_BAD_DATA] = "bad-data",
    [QUOTES_PROVIDER_ERROR_HTTP] = "http",
    [QUOTES_PROVIDER_ERROR_NETWORK] = "network",
    [QUOTES_PROVIDER_ERROR_TLS] = "tls",
    [QUOTES_PROVIDER_ERROR_TIMEOUT] = "timeout",
    [QUOTES_PROVIDER_ERROR_TOO_LARGE] = "too-large",
    [QUOTES_PROVIDER_ERROR_THROTTLED] = "throttled",
    [QUOTES_PROVIDER_ERROR_UNAVAILABLE] = "http",
    [QUOTES_PROVIDER_ERROR_BROKEN_OFF] = "network",
    [QUOTES_PROVIDER_ERROR_BARRED] = "blocked",
    [QUOTES_PROVIDER_ERROR_NOT_FOUND] = "not-found",
  };

  g_return_val_if_fail ((gsize) code < G_N_ELEMENTS (words), NULL);

  return words[code];
}

const char *
quotes_symbol_error_to_string (QuotesSymbolError error)
{
  static const char *const words[] = {
    [QUOTES_SYMBOL_ERROR_NOT_FOUND] = "not-found",
    [QUOTES_SYMBOL_ERROR_NO_PRICE] = "no-price",
    [QUOTES_SYMBOL_ERROR_BAD_DATA] = "bad-data",
  };

  g_return_val_if_fail ((gsize) error < G_N_ELEMENTS (words), NULL);

  return words[error];
}

QuotesBatch *
quotes_batch_new (void)
{
  QuotesBatch *self = g_new0 (QuotesBatch, 1);

  self->quotes = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
  self->symbol_errors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->retry_after_us = -1;

  return self;
}

void
quotes_batch_free (QuotesBatch *self)
{
  g_ptr_array_unref (self->quotes);
  g_hash_table_unref (self->symbol_errors);
  g_clear_error (&self->error);
  g_free (self);
}

void
quotes_batch_take_quote (QuotesBatch *self, QuotesQuote *quote)
{
  g_ptr_array_add (self->quotes, quote);
}

void
quotes_batch_set_symbol_error (QuotesBatch *self, const char *symbol, QuotesSymbolError error)
{
  g_hash_table_replace (self->symbol_errors, g_strdup (symbol), GINT_TO_POINTER (error));
}

/**
 * quotes_batch_take_error:
 * @error: (transfer full): a #QuotesProviderError
 * @retry_after_us: what the host asked for, or -1
 */
void
quotes_batch_take_error (QuotesBatch *self, GError *error, gint64 retry_after_us)
{
  g_clear_error (&self->error);
  self->error = error;
  self->retry_after_us = retry_after_us;
}

/**
 * quotes_batch_merge:
 * @other: what a further request gave; its error, if any, is the newer one
 */
void
quotes_batch_merge (QuotesBatch *self, QuotesBatch *other)
{
  GHashTableIter iter;
  gpointer symbol = NULL;
  gpointer code = NULL;

  for (guint i = 0; i < other->quotes->len; i++)
    g_ptr_array_add (self->quotes, quotes_quote_ref (g_ptr_array_index (other->quotes, i)));

  g_hash_table_iter_init (&iter, other->symbol_errors);
  while (g_hash_table_iter_next (&iter, &symbol, &code))
    quotes_batch_set_symbol_error (self, symbol, GPOINTER_TO_INT (code));

  if (other->error != NULL)
    quotes_batch_take_error (self, g_error_copy (other->error), other->retry_after_us);
  self->n_requests += other->n_requests;
}

/**
 * quotes_batch_list_answered:
 *
 * Returns: (transfer full) (element-type utf8 utf8): the set of the symbols that got a quote or an
 *   error of their own; valid as long as @self is
 */
GHashTable *
quotes_batch_list_answered (const QuotesBatch *self)
{
  GHashTable *answered = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer symbol = NULL;

  for (guint i = 0; i < self->quotes->len; i++)
    g_hash_table_add (answered,
                      (gpointer) ((QuotesQuote *) g_ptr_array_index (self->quotes, i))->symbol);
  g_hash_table_iter_init (&iter, self->symbol_errors);
  while (g_hash_table_iter_next (&iter, &symbol, NULL))
    g_hash_table_add (answered, symbol);

  return answered;
}

/**
 * quotes_batch_is_blind:
 *
 * Returns: whether a host that was asked for several things knows none of them; the names are not
 * to blame then
 */
gboolean
quotes_batch_is_blind (const QuotesBatch *self)
{
  return self->quotes->len == 0 && g_hash_table_size (self->symbol_errors) > 1;
}

static gboolean
has_only_unknown_symbols (const QuotesBatch *self)
{
  GHashTableIter iter;
  gpointer code = NULL;

  g_hash_table_iter_init (&iter, self->symbol_errors);
  while (g_hash_table_iter_next (&iter, NULL, &code))
    if (GPOINTER_TO_INT (code) != QUOTES_SYMBOL_ERROR_NOT_FOUND)
      return FALSE;
  return TRUE;
}

/**
 * quotes_batch_blame_host:
 *
 * What is an error of every symbol becomes one of the host: it has to show, and the host is left
 * alone for a while.
 */
void
quotes_batch_blame_host (QuotesBatch *self)
{
  if (self->error != NULL || !quotes_batch_is_blind (self))
    return;

  self->error = has_only_unknown_symbols (self)
                  ? g_error_new_literal (QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_NOT_FOUND,
                                         _ ("Could not find any of the symbols"))
                  : g_error_new_literal (QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_BAD_DATA,
                                         _ ("Could not read the price of any of the symbols"));
}

const QuotesProviderInfo *
quotes_provider_get_info (QuotesProvider *self)
{
  g_return_val_if_fail (QUOTES_IS_PROVIDER (self), NULL);

  return QUOTES_PROVIDER_GET_IFACE (self)->get_info (self);
}

gboolean
quotes_provider_serves (QuotesProvider *self, const QuotesInstrument *instrument)
{
  g_return_val_if_fail (QUOTES_IS_PROVIDER (self), FALSE);

  return QUOTES_PROVIDER_GET_IFACE (self)->serves (self, instrument);
}

/**
 * quotes_provider_fetch_async:
 * @self: a provider
 * @instruments: (element-type QuotesInstrument): at least one, all of them served; the provider
 * keeps a reference as long as it needs them
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called on the main context, never inside this call
 * @user_data: for @callback
 */
void
quotes_provider_fetch_async (QuotesProvider *self,
                             GPtrArray *instruments,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_PROVIDER (self));
  g_return_if_fail (instruments != NULL && instruments->len > 0);

  QUOTES_PROVIDER_GET_IFACE (self)->fetch_async (self, instruments, cancellable, callback,
                                                 user_data);
}

/**
 * quotes_provider_fetch_finish:
 *
 * Returns: (transfer full): what came and what went wrong; %NULL only when it was cancelled
 */
QuotesBatch *
quotes_provider_fetch_finish (QuotesProvider *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QUOTES_IS_PROVIDER (self), NULL);

  return QUOTES_PROVIDER_GET_IFACE (self)->fetch_finish (self, result, error);
}

/* Whether it knows the past too. */
gboolean
quotes_provider_has_history (QuotesProvider *self)
{
  g_return_val_if_fail (QUOTES_IS_PROVIDER (self), FALSE);

  return QUOTES_PROVIDER_GET_IFACE (self)->history_async != NULL;
}

/**
 * quotes_provider_get_history_offer:
 *
 * Returns: (transfer none) (nullable): %NULL when it does not know the past
 */
const QuotesHistoryOffer *
quotes_provider_get_history_offer (QuotesProvider *self)
{
  g_return_val_if_fail (QUOTES_IS_PROVIDER (self), NULL);

  return quotes_provider_has_history (self)
           ? QUOTES_PROVIDER_GET_IFACE (self)->get_history_offer (self)
           : NULL;
}

/**
 * quotes_provider_history_async:
 * @self: a provider that has history
 * @instrument: what it serves
 * @interval: one that it offers
 * @from_us: real time: the bars may begin earlier
 * @to_us: real time: they may go on until now
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called on the main context, never inside this call
 * @user_data: for @callback
 *
 * Asks for bars, with one request at most. It takes only what the prices leave of the host's limit:
 * %QUOTES_PROVIDER_ERROR_THROTTLED means that nothing was sent.
 */
void
quotes_provider_history_async (QuotesProvider *self,
                               QuotesInstrument *instrument,
                               QuotesInterval interval,
                               gint64 from_us,
                               gint64 to_us,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (quotes_provider_has_history (self));
  g_return_if_fail (instrument != NULL && from_us < to_us);

  QUOTES_PROVIDER_GET_IFACE (self)->history_async (self, instrument, interval, from_us, to_us,
                                                   cancellable, callback, user_data);
}

/**
 * quotes_provider_history_finish:
 *
 * Returns: (transfer full): the bars, maybe none; %NULL with a #QuotesProviderError, or when it was
 *   cancelled
 */
QuotesHistory *
quotes_provider_history_finish (QuotesProvider *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (quotes_provider_has_history (self), NULL);

  return QUOTES_PROVIDER_GET_IFACE (self)->history_finish (self, result, error);
}
