/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * QuotesClientProvider:
 * @id: `yahoo`
 * @label: for people; the id when the service did not say
 * @state: `idle`, `ok`, `waiting`, `error`, `open` or `half-open`
 * @reason: (nullable): the stable word of its last error
 * @message: (nullable): its last error in words
 * @attribution: (nullable): what its terms want shown beside the data
 * @last_ok_us, @next_try_us: microseconds since 1970; 0 = never, none
 * @interval_us: between two rounds; 0 = unknown
 * @interval_reason: (nullable): the stable word for why it is that long
 */
typedef struct
{
  char *id;
  char *label;
  char *state;
  char *reason;
  char *message;
  char *attribution;
  gint64 last_ok_us;
  gint64 next_try_us;
  gint64 interval_us;
  char *interval_reason;
  guint n_failures;
  guint n_instruments;
} QuotesClientProvider;

/**
 * QuotesClientPending:
 * @symbol: an instrument of the list without a price
 * @instrument: `PROVIDER:NAME`
 * @reason: (nullable): the stable word for why; %NULL = nobody has answered yet
 * @next_check_us: microseconds since 1970; 0 = with the next round
 */
typedef struct
{
  char *symbol;
  char *instrument;
  char *reason;
  gint64 next_check_us;
} QuotesClientPending;

#define QUOTES_TYPE_CLIENT_STATUS (quotes_client_status_get_type ())

/**
 * QuotesClientStatus:
 * @state: the stable word of quotes_poller_get_state()
 * @address: (nullable): where the service answers over HTTP, e.g. `http://127.0.0.1:18787`
 * @program_version: (nullable): the service's own version
 * @transport: how we reached it: `D-Bus`, `unix:PATH` or a URL
 * @storage: (nullable): how keeping the past fares, `ok`, `full`, ...; %NULL = nothing is kept
 * @last_update_us, @next_update_us: microseconds since 1970; 0 = never, none
 * @providers: (element-type QuotesClientProvider)
 * @pending: (element-type QuotesClientPending)
 *
 * How the service fares, as it was when asked. Immutable.
 */
typedef struct
{
  char *state;
  char *address;
  char *program_version;
  char *transport;
  char *storage;
  gint64 last_update_us;
  gint64 next_update_us;
  GPtrArray *providers;
  GPtrArray *pending;
} QuotesClientStatus;

GType quotes_client_status_get_type (void);

QuotesClientStatus *quotes_client_status_new (const char *transport);
QuotesClientStatus *quotes_client_status_ref (QuotesClientStatus *self);
void quotes_client_status_unref (QuotesClientStatus *self);
QuotesClientProvider *quotes_client_status_add_provider (QuotesClientStatus *self, const char *id);
QuotesClientPending *quotes_client_status_add_pending (QuotesClientStatus *self,
                                                       const char *symbol);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesClientStatus, quotes_client_status_unref)

G_END_DECLS
