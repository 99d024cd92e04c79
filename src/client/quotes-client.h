/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

#include "quotes-client-status.h"
#include "quotes-snapshot.h"

G_BEGIN_DECLS

#define QUOTES_CLIENT_ERROR (quotes_client_error_quark ())
GQuark quotes_client_error_quark (void);

/**
 * QuotesClientError:
 * @QUOTES_CLIENT_ERROR_UNAVAILABLE: the service does not answer and could not be started; exit 69
 * @QUOTES_CLIENT_ERROR_BAD_ADDRESS: the address is neither `unix:PATH` nor an `http://` URL; exit 2
 * @QUOTES_CLIENT_ERROR_BAD_ANSWER: the service answered something that we do not understand
 * @QUOTES_CLIENT_ERROR_INVALID_INSTRUMENT: no provider could have a thing of this name
 * @QUOTES_CLIENT_ERROR_UNKNOWN_SYMBOL: the list has no instrument of this symbol
 * @QUOTES_CLIENT_ERROR_NO_QUOTE: the instrument is in the list, but has no price yet
 * @QUOTES_CLIENT_ERROR_NO_HISTORY: nothing is kept of the past there
 * @QUOTES_CLIENT_ERROR_LIST_FULL: remove an instrument first
 * @QUOTES_CLIENT_ERROR_LIMITS_EXCEEDED: we ask too much at once; ask again later
 * @QUOTES_CLIENT_ERROR_INVALID_ARGUMENT: an argument is too long or not of the right kind
 * @QUOTES_CLIENT_ERROR_INVALID_ALERT: an alert cannot be like that
 * @QUOTES_CLIENT_ERROR_UNKNOWN_ALERT: there is no alert of this id
 * @QUOTES_CLIENT_ERROR_REFUSED: the service refused for another reason, which the message tells
 *
 * The messages are for people, translated and complete.
 */
typedef enum
{
  QUOTES_CLIENT_ERROR_UNAVAILABLE,
  QUOTES_CLIENT_ERROR_BAD_ADDRESS,
  QUOTES_CLIENT_ERROR_BAD_ANSWER,
  QUOTES_CLIENT_ERROR_INVALID_INSTRUMENT,
  QUOTES_CLIENT_ERROR_UNKNOWN_SYMBOL,
  QUOTES_CLIENT_ERROR_NO_QUOTE,
  QUOTES_CLIENT_ERROR_NO_HISTORY,
  QUOTES_CLIENT_ERROR_LIST_FULL,
  QUOTES_CLIENT_ERROR_LIMITS_EXCEEDED,
  QUOTES_CLIENT_ERROR_INVALID_ARGUMENT,
  QUOTES_CLIENT_ERROR_INVALID_ALERT,
  QUOTES_CLIENT_ERROR_UNKNOWN_ALERT,
  QUOTES_CLIENT_ERROR_REFUSED,
} QuotesClientError;

#define QUOTES_TYPE_CLIENT (quotes_client_get_type ())
G_DECLARE_INTERFACE (QuotesClient, quotes_client, QUOTES, CLIENT, GObject)

/**
 * QuotesClient:
 *
 * The running service as another program sees it, over D-Bus or over HTTP. Lives on the default
 * main context. All answers are immutable values of core.
 *
 * Signals:
 *
 * `::changed (QuotesSnapshot *snapshot)`: while watching, the whole list in its order, after each
 * change and once per connection. Over the bus @snapshot carries the service's version; over HTTP
 * the events have none, and the version only counts what came.
 *
 * `::state-changed (gboolean connected, const char *reason)`: while watching, that the service was
 * reached, or lost. @reason says in words why it was lost, translated; %NULL when @connected. It
 * tries again by itself.
 */
struct _QuotesClientInterface
{
  GTypeInterface g_iface;

  void (*list_async) (QuotesClient *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  QuotesSnapshot *(*list_finish) (QuotesClient *self, GAsyncResult *result, GError **error);
  void (*add_async) (QuotesClient *self,
                     const char *instrument,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data);
  char *(*add_finish) (QuotesClient *self, GAsyncResult *result, GError **error);
  void (*remove_async) (QuotesClient *self,
                        const char *symbol,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  gboolean (*remove_finish) (QuotesClient *self, GAsyncResult *result, GError **error);
  void (*refresh_async) (QuotesClient *self,
                         const char *const *symbols,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
  gboolean (*refresh_finish) (QuotesClient *self, GAsyncResult *result, GError **error);
  void (*status_async) (QuotesClient *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  QuotesClientStatus *(*status_finish) (QuotesClient *self, GAsyncResult *result, GError **error);
  void (*start_watching) (QuotesClient *self);
  void (*stop_watching) (QuotesClient *self);
};

/* Finds the service and makes the client for it: @address %NULL = the session bus, or the Unix
 * socket when there is no bus; `unix:PATH` or `http://HOST:PORT` otherwise. Does not ask the
 * service anything yet, so it only fails for an address that cannot be one. */
void quotes_client_open_async (const char *address,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
QuotesClient *quotes_client_open_finish (GAsyncResult *result, GError **error);

/* The list as it is now. The service is started if it can be. */
void quotes_client_list_async (QuotesClient *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
QuotesSnapshot *quotes_client_list_finish (QuotesClient *self,
                                           GAsyncResult *result,
                                           GError **error);

/* Puts an instrument on the list; returns its symbol (transfer full). Adding it twice succeeds. */
void quotes_client_add_async (QuotesClient *self,
                              const char *instrument,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
char *quotes_client_add_finish (QuotesClient *self, GAsyncResult *result, GError **error);

void quotes_client_remove_async (QuotesClient *self,
                                 const char *symbol,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean quotes_client_remove_finish (QuotesClient *self, GAsyncResult *result, GError **error);

/* Asks for new prices now; @symbols (nullable) = %NULL or empty for all. Does not wait for them. */
void quotes_client_refresh_async (QuotesClient *self,
                                  const char *const *symbols,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean quotes_client_refresh_finish (QuotesClient *self, GAsyncResult *result, GError **error);

void quotes_client_status_async (QuotesClient *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
QuotesClientStatus *quotes_client_status_finish (QuotesClient *self,
                                                 GAsyncResult *result,
                                                 GError **error);

/* From now on ::changed and ::state-changed are emitted, until quotes_client_stop_watching() or the
 * last reference. Connects, reconnects with growing pauses, and tells the service that somebody
 * looks (Hold). Calling it twice is the same as once. */
void quotes_client_start_watching (QuotesClient *self);
void quotes_client_stop_watching (QuotesClient *self);

G_END_DECLS
