/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "quotes-history.h"
#include "quotes-instrument.h"
#include "quotes-quote.h"

G_BEGIN_DECLS

#define QUOTES_PROVIDER_ERROR (quotes_provider_error_quark ())
GQuark quotes_provider_error_quark (void);

/**
 * QuotesProviderError:
 * @QUOTES_PROVIDER_ERROR_RATE_LIMITED: 429, 418 or a body that says so: the host wants us to wait
 * @QUOTES_PROVIDER_ERROR_AUTH: 401: the host wants a key or refuses ours
 * @QUOTES_PROVIDER_ERROR_BLOCKED: 403, or a page of script instead of data
 * @QUOTES_PROVIDER_ERROR_BAD_DATA: the answer is not what the API documents
 * @QUOTES_PROVIDER_ERROR_HTTP: any other HTTP status that is not a success
 * @QUOTES_PROVIDER_ERROR_NETWORK: no connection, or it broke
 * @QUOTES_PROVIDER_ERROR_TLS: the certificate is not trusted
 * @QUOTES_PROVIDER_ERROR_TIMEOUT: one of our time limits ran out
 * @QUOTES_PROVIDER_ERROR_TOO_LARGE: the answer is longer than we accept
 * @QUOTES_PROVIDER_ERROR_THROTTLED: our own token bucket for the host is empty; nothing was sent
 * @QUOTES_PROVIDER_ERROR_UNAVAILABLE: 502, 503, 504: often gone a second later; its word is `http`
 * @QUOTES_PROVIDER_ERROR_BROKEN_OFF: the connection was there and broke: often well a second later;
 *   its word is `network`
 * @QUOTES_PROVIDER_ERROR_BARRED: 451: not where we are, until the network changes; its word is
 *   `blocked`
 * @QUOTES_PROVIDER_ERROR_NOT_FOUND: it says that it knows none of several things: it is the host
 * that has lost its way, not all the names; of a history: it has none of that instrument
 */
typedef enum
{
  QUOTES_PROVIDER_ERROR_RATE_LIMITED,
  QUOTES_PROVIDER_ERROR_AUTH,
  QUOTES_PROVIDER_ERROR_BLOCKED,
  QUOTES_PROVIDER_ERROR_BAD_DATA,
  QUOTES_PROVIDER_ERROR_HTTP,
  QUOTES_PROVIDER_ERROR_NETWORK,
  QUOTES_PROVIDER_ERROR_TLS,
  QUOTES_PROVIDER_ERROR_TIMEOUT,
  QUOTES_PROVIDER_ERROR_TOO_LARGE,
  QUOTES_PROVIDER_ERROR_THROTTLED,
  QUOTES_PROVIDER_ERROR_UNAVAILABLE,
  QUOTES_PROVIDER_ERROR_BROKEN_OFF,
  QUOTES_PROVIDER_ERROR_BARRED,
  QUOTES_PROVIDER_ERROR_NOT_FOUND,
} QuotesProviderError;

/* `rate-limited`, `auth`, ...: the stable word for programs. */
const char *quotes_provider_error_to_string (QuotesProviderError code);

/**
 * QuotesSymbolError:
 * @QUOTES_SYMBOL_ERROR_NOT_FOUND: the provider says that there is no such thing, or leaves it out
 * @QUOTES_SYMBOL_ERROR_NO_PRICE: the provider knows it, but gives no price
 * @QUOTES_SYMBOL_ERROR_BAD_DATA: a number that cannot be one (1e400, a string, not finite)
 */
typedef enum
{
  QUOTES_SYMBOL_ERROR_NOT_FOUND = 1,
  QUOTES_SYMBOL_ERROR_NO_PRICE,
  QUOTES_SYMBOL_ERROR_BAD_DATA,
} QuotesSymbolError;

/* `not-found`, `no-price`, `bad-data`. */
const char *quotes_symbol_error_to_string (QuotesSymbolError error);

/**
 * QuotesBatch:
 * @quotes: (element-type QuotesQuote): what came, fresh; may be empty
 * @symbol_errors: (element-type utf8 QuotesSymbolError): what is wrong with single symbols (ours,
 *   not the provider's); copied keys, `GINT_TO_POINTER` values
 * @error: (nullable): a #QuotesProviderError that hit the rest of the request
 * @retry_after_us: how long the host asked us to wait; -1 = it did not say
 * @n_requests: HTTP requests that were sent
 *
 * What one round of asking gave. One round may give prices and an error too.
 */
typedef struct
{
  GPtrArray *quotes;
  GHashTable *symbol_errors;
  GError *error;
  gint64 retry_after_us;
  guint n_requests;
} QuotesBatch;

QuotesBatch *quotes_batch_new (void);
void quotes_batch_free (QuotesBatch *self);
void quotes_batch_take_quote (QuotesBatch *self, QuotesQuote *quote);
void quotes_batch_set_symbol_error (QuotesBatch *self, const char *symbol, QuotesSymbolError error);
void quotes_batch_take_error (QuotesBatch *self, GError *error, gint64 retry_after_us);
void quotes_batch_merge (QuotesBatch *self, QuotesBatch *other);
GHashTable *quotes_batch_list_answered (const QuotesBatch *self);
gboolean quotes_batch_is_blind (const QuotesBatch *self);
void quotes_batch_blame_host (QuotesBatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesBatch, quotes_batch_free)

/**
 * QuotesProviderInfo:
 * @id: `yahoo`; also the `source` of its quotes
 * @label: for people
 * @attribution: (nullable): what its terms want shown beside the data
 * @tier: `official`, `documented`, `unofficial` or `demo`
 * @interval_us: between two rounds by default
 * @backoff_base_us: how long its host is left alone after the first failure
 * @backoff_cap_us: and at most (`providers.md` 3.5)
 */
typedef struct
{
  const char *id;
  const char *label;
  const char *attribution;
  const char *tier;
  gint64 interval_us;
  gint64 backoff_base_us;
  gint64 backoff_cap_us;
} QuotesProviderInfo;

/**
 * QuotesHistoryOffer:
 * @reach_us: for each interval, how long ago a hole may have begun that is filled with such bars; 0
 *   = there are none of them
 * @first_us: for each interval, how far back an instrument is filled of which nothing is kept; 0 =
 *   not at all. A public host has one that is not 0: each is a request.
 *
 * What a provider has of the past.
 */
typedef struct
{
  gint64 reach_us[QUOTES_N_INTERVALS];
  gint64 first_us[QUOTES_N_INTERVALS];
} QuotesHistoryOffer;

/* The most bars that a provider makes of one answer. */
#define QUOTES_HISTORY_BARS_MAX 20000

#define QUOTES_TYPE_PROVIDER (quotes_provider_get_type ())
G_DECLARE_INTERFACE (QuotesProvider, quotes_provider, QUOTES, PROVIDER, GObject)

/**
 * QuotesProvider:
 *
 * Somebody who knows prices. The poller asks one provider at most once at a time.
 *
 * @get_history_offer, @history_async and @history_finish are for those who know the past too; the
 * others have none of the three.
 */
struct _QuotesProviderInterface
{
  GTypeInterface g_iface;

  const QuotesProviderInfo *(*get_info) (QuotesProvider *self);
  gboolean (*serves) (QuotesProvider *self, const QuotesInstrument *instrument);
  void (*fetch_async) (QuotesProvider *self,
                       GPtrArray *instruments,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  QuotesBatch *(*fetch_finish) (QuotesProvider *self, GAsyncResult *result, GError **error);
  const QuotesHistoryOffer *(*get_history_offer) (QuotesProvider *self);
  void (*history_async) (QuotesProvider *self,
                         QuotesInstrument *instrument,
                         QuotesInterval interval,
                         gint64 from_us,
                         gint64 to_us,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
  QuotesHistory *(*history_finish) (QuotesProvider *self, GAsyncResult *result, GError **error);
};

const QuotesProviderInfo *quotes_provider_get_info (QuotesProvider *self);
gboolean quotes_provider_serves (QuotesProvider *self, const QuotesInstrument *instrument);
void quotes_provider_fetch_async (QuotesProvider *self,
                                  GPtrArray *instruments,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
QuotesBatch *quotes_provider_fetch_finish (QuotesProvider *self,
                                           GAsyncResult *result,
                                           GError **error);
gboolean quotes_provider_has_history (QuotesProvider *self);
const QuotesHistoryOffer *quotes_provider_get_history_offer (QuotesProvider *self);
void quotes_provider_history_async (QuotesProvider *self,
                                    QuotesInstrument *instrument,
                                    QuotesInterval interval,
                                    gint64 from_us,
                                    gint64 to_us,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
QuotesHistory *quotes_provider_history_finish (QuotesProvider *self,
                                               GAsyncResult *result,
                                               GError **error);

G_END_DECLS
