/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>

#include "catalog-file.h"
#include "fake-clock.h"
#include "fake-provider.h"
#include "quotes-bus-client.h"
#include "quotes-client.h"
#include "quotes-dbus-service.h"
#include "wait.h"

#define PATIENCE 20

/* The real service on a private bus, and our client on another connection to it. */
typedef struct
{
  GTestDBus *bus;             /* (owned) */
  GDBusConnection *near;      /* (owned): the client's */
  GDBusConnection *far;       /* (owned) (nullable): the service's */
  FakeClock *clock;           /* (owned) */
  FakeProvider *provider;     /* (owned) */
  QuotesWatchlist *list;      /* (owned) */
  QuotesHub *hub;             /* (owned) */
  QuotesPoller *poller;       /* (owned) */
  QuotesDbusService *service; /* (owned) */
  QuotesClient *client;       /* (owned) */
  QuotesSnapshot *snapshot;   /* (owned) (nullable): the last that was told */
  guint n_changed;
  guint n_lost;
  guint n_found;
} Fixture;

static GDBusConnection *
connect_to_bus (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (fixture->bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static void
appear (Fixture *fixture)
{
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  fixture->far = connect_to_bus (fixture);
  g_assert_true (quotes_dbus_service_export (fixture->service, fixture->far, &error));
  reply = g_dbus_connection_call_sync (fixture->far, "org.freedesktop.DBus",
                                       "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "RequestName", g_variant_new ("(su)", APP_ID, 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
vanish (Fixture *fixture)
{
  if (fixture->far == NULL)
    return;
  quotes_dbus_service_unexport (fixture->service);
  g_assert_true (g_dbus_connection_close_sync (fixture->far, NULL, NULL));
  g_clear_object (&fixture->far);
}

static void
changed_cb (G_GNUC_UNUSED QuotesClient *client, QuotesSnapshot *snapshot, Fixture *fixture)
{
  fixture->n_changed++;
  g_clear_pointer (&fixture->snapshot, quotes_snapshot_unref);
  fixture->snapshot = quotes_snapshot_ref (snapshot);
}

static void
state_changed_cb (G_GNUC_UNUSED QuotesClient *client,
                  gboolean connected,
                  const char *reason,
                  Fixture *fixture)
{
  g_assert_true (connected == (reason == NULL));
  fixture->n_found += connected ? 1 : 0;
  fixture->n_lost += connected ? 0 : 1;
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const texts[] = {"XAU", "XAG", NULL};
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();
  g_autoptr (QuotesBreaker) breaker = NULL;

  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  fixture->clock = fake_clock_new ();
  fixture->provider = fake_provider_new ("yahoo");
  fixture->list = quotes_watchlist_new (catalog);
  quotes_watchlist_load (fixture->list, texts);
  fixture->hub = quotes_hub_new (fixture->list, QUOTES_CLOCK (fixture->clock));
  fixture->poller =
    quotes_poller_new (fixture->hub, QUOTES_CLOCK (fixture->clock), g_rand_new_with_seed (1));
  breaker = quotes_breaker_new (QUOTES_CLOCK (fixture->clock), 60 * G_USEC_PER_SEC,
                                900 * G_USEC_PER_SEC, g_rand_new_with_seed (2));
  quotes_poller_add_provider (fixture->poller, QUOTES_PROVIDER (fixture->provider), breaker);
  fixture->service = quotes_dbus_service_new (fixture->hub, fixture->poller);
  quotes_poller_start (fixture->poller);
  fake_clock_advance_us (fixture->clock, 0);
  appear (fixture);

  fixture->near = connect_to_bus (fixture);
  fixture->client = quotes_bus_client_new (fixture->near);
  g_signal_connect (fixture->client, "changed", G_CALLBACK (changed_cb), fixture);
  g_signal_connect (fixture->client, "state-changed", G_CALLBACK (state_changed_cb), fixture);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->client));
  vanish (fixture);
  if (fake_provider_is_waiting (fixture->provider))
    fake_provider_answer (fixture->provider, 1);
  wait_settle ();
  quotes_poller_stop (fixture->poller);
  g_dbus_connection_close_sync (fixture->near, NULL, NULL);
  wait_settle ();
  g_clear_object (&fixture->near);
  g_assert_finalize_object (g_steal_pointer (&fixture->service));
  g_assert_finalize_object (g_steal_pointer (&fixture->poller));
  g_assert_finalize_object (g_steal_pointer (&fixture->hub));
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  g_assert_finalize_object (g_steal_pointer (&fixture->provider));
  g_assert_finalize_object (g_steal_pointer (&fixture->clock));
  g_clear_pointer (&fixture->snapshot, quotes_snapshot_unref);
  g_test_dbus_down (fixture->bus);
  g_clear_object (&fixture->bus);
}

static void
answered_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

#define ANSWER_TO(result) wait_until ((result) != NULL, PATIENCE)

static void
publish (Fixture *fixture, double price)
{
  quotes_poller_refresh (fixture->poller, NULL);
  /* A refresh waits for its turn. */
  fake_clock_advance_us (fixture->clock, 60 * G_USEC_PER_SEC);
  wait_until (fake_provider_is_waiting (fixture->provider), PATIENCE);
  fake_provider_answer (fixture->provider, price);
}

static QuotesSnapshot *
list (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  QuotesSnapshot *snapshot = NULL;

  quotes_client_list_async (fixture->client, NULL, answered_cb, &result);
  ANSWER_TO (result);
  snapshot = quotes_client_list_finish (fixture->client, result, &error);
  g_assert_no_error (error);
  return snapshot;
}

static void
test_list (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (QuotesSnapshot) empty = list (fixture);
  g_autoptr (QuotesSnapshot) full = NULL;
  const QuotesQuote *quote = NULL;

  g_assert_cmpuint (empty->version, ==, 0);
  g_assert_cmpuint (empty->quotes->len, ==, 0);
  publish (fixture, 2400.5);
  wait_until (quotes_hub_get_snapshot (fixture->hub)->version == 1, PATIENCE);
  full = list (fixture);
  g_assert_cmpuint (full->version, ==, 1);
  g_assert_cmpuint (full->quotes->len, ==, 2);
  quote = g_ptr_array_index (full->quotes, 0);
  g_assert_cmpstr (quote->symbol, ==, "XAU");
  g_assert_cmpfloat (quote->price, ==, 2400.5);
  g_assert_true (quotes_quote_is_same_news (quote, quotes_hub_lookup (fixture->hub, "XAU")));
}

static char *
add (Fixture *fixture, const char *instrument, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_client_add_async (fixture->client, instrument, NULL, answered_cb, &result);
  ANSWER_TO (result);
  return quotes_client_add_finish (fixture->client, result, error);
}

static gboolean
remove_symbol (Fixture *fixture, const char *symbol, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_client_remove_async (fixture->client, symbol, NULL, answered_cb, &result);
  ANSWER_TO (result);
  return quotes_client_remove_finish (fixture->client, result, error);
}

static gboolean
refresh (Fixture *fixture, const char *const *symbols, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_client_refresh_async (fixture->client, symbols, NULL, answered_cb, &result);
  ANSWER_TO (result);
  return quotes_client_refresh_finish (fixture->client, result, error);
}

static void
test_changing_the_list (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *symbol = add (fixture, "yahoo:aapl", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (symbol, ==, "AAPL");
  g_assert_nonnull (quotes_watchlist_lookup (fixture->list, "AAPL"));
  g_assert_null (add (fixture, "nobody:X", &error));
  g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_INVALID_INSTRUMENT);
  g_clear_error (&error);
  g_assert_true (remove_symbol (fixture, "AAPL", &error));
  g_assert_no_error (error);
  g_assert_false (remove_symbol (fixture, "AAPL", &error));
  g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_UNKNOWN_SYMBOL);
}

static void
test_refresh (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const known[] = {"XAU", NULL};
  static const char *const unknown[] = {"XAU", "NOPE", NULL};
  g_autoptr (GError) error = NULL;

  g_assert_true (refresh (fixture, NULL, &error));
  g_assert_true (refresh (fixture, known, &error));
  g_assert_no_error (error);
  g_assert_false (refresh (fixture, unknown, &error));
  g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_UNKNOWN_SYMBOL);
}

static void
test_too_long_an_argument (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *text = g_strnfill (9000, 'x');
  g_autoptr (GError) error = NULL;

  g_assert_null (add (fixture, text, &error));
  g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_INVALID_ARGUMENT);
}

static void
test_status (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesClientStatus) status = NULL;
  const QuotesClientProvider *provider = NULL;
  const QuotesClientPending *pending = NULL;

  wait_until (fake_provider_is_waiting (fixture->provider), PATIENCE);
  fake_provider_fail (fixture->provider, QUOTES_PROVIDER_ERROR_TIMEOUT, -1);
  wait_settle ();
  quotes_client_status_async (fixture->client, NULL, answered_cb, &result);
  ANSWER_TO (result);
  status = quotes_client_status_finish (fixture->client, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (status->state, ==, "error");
  g_assert_cmpstr (status->program_version, ==, VERSION);
  g_assert_cmpstr (status->transport, ==, "D-Bus");
  g_assert_null (status->address);
  g_assert_cmpuint (status->providers->len, ==, 1);
  provider = g_ptr_array_index (status->providers, 0);
  g_assert_cmpstr (provider->id, ==, "yahoo");
  g_assert_cmpstr (provider->reason, ==, "timeout");
  g_assert_cmpstr (provider->message, ==, "Told so");
  g_assert_cmpuint (provider->n_failures, ==, 1);
  g_assert_cmpuint (provider->n_instruments, ==, 2);
  g_assert_cmpint (provider->interval_us, ==, 30 * G_USEC_PER_SEC);
  g_assert_cmpstr (provider->interval_reason, ==, "regular");
  g_assert_cmpint (provider->last_ok_us, ==, 0);
  g_assert_cmpint (provider->next_try_us, >, 0);
  g_assert_cmpuint (status->pending->len, ==, 2);
  pending = g_ptr_array_index (status->pending, 1);
  g_assert_cmpstr (pending->symbol, ==, "XAG");
  g_assert_cmpstr (pending->instrument, ==, "yahoo:SI=F");
}

static double
get_price (Fixture *fixture, const char *symbol)
{
  const QuotesQuote *quote =
    fixture->snapshot != NULL ? quotes_snapshot_lookup (fixture->snapshot, symbol) : NULL;

  return quote != NULL ? quote->price : -1;
}

static void
test_watch (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  quotes_client_start_watching (fixture->client);
  quotes_client_start_watching (fixture->client);
  wait_until (fixture->n_changed == 1, PATIENCE);
  g_assert_cmpuint (fixture->n_found, ==, 1);
  g_assert_cmpuint (fixture->snapshot->version, ==, 0);
  wait_until (quotes_dbus_service_get_n_holds (fixture->service) == 1, PATIENCE);

  publish (fixture, 10);
  wait_until (get_price (fixture, "XAG") == 10, PATIENCE);
  publish (fixture, 11);
  wait_until (get_price (fixture, "XAG") == 11, PATIENCE);
  g_assert_true (quotes_watchlist_remove (fixture->list, "XAU", &error));
  wait_until (fixture->snapshot->quotes->len == 1, PATIENCE);
  g_assert_cmpfloat (get_price (fixture, "XAG"), ==, 11);
  g_assert_cmpuint (fixture->snapshot->version, ==,
                    quotes_hub_get_snapshot (fixture->hub)->version);

  quotes_client_stop_watching (fixture->client);
  wait_until (quotes_dbus_service_get_n_holds (fixture->service) == 0, PATIENCE);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

static void
test_order_is_that_of_the_list (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const other_order[] = {"XAG", "BRENT", "XAU", NULL};

  publish (fixture, 10);
  quotes_client_start_watching (fixture->client);
  wait_until (get_price (fixture, "XAU") == 10, PATIENCE);
  quotes_watchlist_load (fixture->list, other_order);
  publish (fixture, 12);
  wait_until (get_price (fixture, "BRENT") == 12, PATIENCE);
  for (guint i = 0; other_order[i] != NULL; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (fixture->snapshot->quotes, i);

      g_assert_cmpstr (quote->symbol, ==, other_order[i]);
    }
}

static void
test_watch_survives_the_service (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  publish (fixture, 10);
  quotes_client_start_watching (fixture->client);
  wait_until (get_price (fixture, "XAU") == 10, PATIENCE);
  vanish (fixture);
  wait_until (fixture->n_lost == 1, PATIENCE);
  publish (fixture, 11);
  appear (fixture);
  wait_until (fixture->n_found == 2, PATIENCE);
  wait_until (get_price (fixture, "XAU") == 11, PATIENCE);
}

static void
test_nobody_is_there (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  vanish (fixture);
  quotes_client_list_async (fixture->client, NULL, answered_cb, &result);
  ANSWER_TO (result);
  g_assert_null (quotes_client_list_finish (fixture->client, result, &error));
  g_assert_error (error, QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_UNAVAILABLE);
  quotes_client_start_watching (fixture->client);
  wait_until (fixture->n_lost == 1, PATIENCE);
  appear (fixture);
  wait_until (fixture->n_found == 1, PATIENCE);
}

static void
test_cancelling (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  quotes_client_list_async (fixture->client, cancellable, answered_cb, &result);
  g_cancellable_cancel (cancellable);
  ANSWER_TO (result);
  g_assert_null (quotes_client_list_finish (fixture->client, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/client/bus/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("the-list-is-read", test_list);
  ADD ("the-list-is-changed", test_changing_the_list);
  ADD ("a-refresh-is-asked-for", test_refresh);
  ADD ("too-long-an-argument-is-refused", test_too_long_an_argument);
  ADD ("the-status-is-read", test_status);
  ADD ("changes-are-pushed", test_watch);
  ADD ("the-order-is-that-of-the-list", test_order_is_that_of_the_list);
  ADD ("watching-survives-the-service", test_watch_survives_the_service);
  ADD ("nobody-is-there", test_nobody_is_there);
  ADD ("a-cancelled-question-has-no-answer", test_cancelling);
#undef ADD

  return g_test_run ();
}
