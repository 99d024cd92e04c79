/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "bus-peer.h"
#include "catalog-file.h"
#include "fake-clock.h"
#include "fake-provider.h"
#include "quotes-dbus-service.h"
#include "wait.h"

#define SECOND_US ((gint64) G_USEC_PER_SEC)
#define PATIENCE 20
#define INVALID_ARGS "org.freedesktop.DBus.Error.InvalidArgs"
#define LIMITS_EXCEEDED "org.freedesktop.DBus.Error.LimitsExceeded"
#define N_CALLS 1000

typedef struct
{
  GTestDBus *bus;             /* (owned) */
  GDBusConnection *far;       /* (owned): the service's */
  FakeClock *clock;           /* (owned) */
  FakeProvider *provider;     /* (owned) */
  QuotesWatchlist *list;      /* (owned) */
  QuotesHub *hub;             /* (owned) */
  QuotesPoller *poller;       /* (owned) */
  QuotesDbusService *service; /* (owned) */
  BusPeer caller;
  BusPeer other;
  guint n_holds_changed;
} Fixture;

static void
count_cb (Fixture *fixture)
{
  fixture->n_holds_changed++;
}

static void export(Fixture *fixture)
{
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  fixture->far = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (fixture->bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (quotes_dbus_service_export (fixture->service, fixture->far, &error));
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (fixture->far, "org.freedesktop.DBus",
                                       "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "RequestName", g_variant_new ("(su)", APP_ID, 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
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
  breaker = quotes_breaker_new (QUOTES_CLOCK (fixture->clock), 60 * SECOND_US, 900 * SECOND_US,
                                g_rand_new_with_seed (2));
  quotes_poller_add_provider (fixture->poller, QUOTES_PROVIDER (fixture->provider), breaker);
  fixture->service = quotes_dbus_service_new (fixture->hub, fixture->poller);
  g_signal_connect_swapped (fixture->service, "holds-changed", G_CALLBACK (count_cb), fixture);
  quotes_poller_start (fixture->poller);
  fake_clock_advance_us (fixture->clock, 0);
  export(fixture);
  bus_peer_connect (&fixture->caller, fixture->bus);
  bus_peer_connect (&fixture->other, fixture->bus);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  bus_peer_close (&fixture->caller);
  bus_peer_close (&fixture->other);
  quotes_dbus_service_unexport (fixture->service);
  g_assert_true (g_dbus_connection_close_sync (fixture->far, NULL, NULL));
  g_clear_object (&fixture->far);
  quotes_poller_stop (fixture->poller);
  if (fake_provider_is_waiting (fixture->provider))
    fake_provider_answer (fixture->provider, 1);
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->service));
  g_assert_finalize_object (g_steal_pointer (&fixture->poller));
  g_assert_finalize_object (g_steal_pointer (&fixture->hub));
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  g_assert_finalize_object (g_steal_pointer (&fixture->provider));
  g_assert_finalize_object (g_steal_pointer (&fixture->clock));
  g_test_dbus_down (fixture->bus);
  g_clear_object (&fixture->bus);
}

static guint64
get_version (Fixture *fixture)
{
  return quotes_hub_get_snapshot (fixture->hub)->version;
}

/* The provider answers what it was asked, or is asked first. */
static void
publish (Fixture *fixture, double price)
{
  if (!fake_provider_is_waiting (fixture->provider))
    fake_clock_advance_us (fixture->clock, 60 * SECOND_US);
  g_assert_true (fake_provider_is_waiting (fixture->provider));
  fake_provider_answer (fixture->provider, price);
  wait_settle ();
}

static double
get_price (GVariant *quote)
{
  double price = 0;

  g_assert_true (g_variant_lookup (quote, "price", "d", &price));
  return price;
}

static const char *
get_symbol (GVariant *quote)
{
  const char *symbol = NULL;

  g_assert_true (g_variant_lookup (quote, "symbol", "&s", &symbol));
  return symbol;
}

static void
test_a_snapshot_holds_the_list_in_its_order (Fixture *fixture,
                                             G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GVariant) before = bus_peer_call (&fixture->caller, "GetSnapshot", NULL);
  g_autoptr (GVariant) after = NULL;
  g_autoptr (GVariant) quotes = NULL;
  g_autoptr (GVariant) gold = NULL;
  g_autoptr (GVariant) silver = NULL;
  guint64 version = 1;

  g_assert_cmpstr (g_variant_get_type_string (before), ==, "(taa{sv})");
  g_variant_get (before, "(t@aa{sv})", &version, &quotes);
  g_assert_cmpuint (version, ==, 0);
  g_assert_cmpuint (g_variant_n_children (quotes), ==, 0);
  g_clear_pointer (&quotes, g_variant_unref);

  publish (fixture, 2345.5);
  after = bus_peer_call (&fixture->caller, "GetSnapshot", NULL);
  g_variant_get (after, "(t@aa{sv})", &version, &quotes);
  g_assert_cmpuint (version, ==, get_version (fixture));
  g_assert_cmpuint (version, >, 0);
  g_assert_cmpuint (g_variant_n_children (quotes), ==, 2);
  gold = g_variant_get_child_value (quotes, 0);
  silver = g_variant_get_child_value (quotes, 1);
  g_assert_cmpstr (get_symbol (gold), ==, "XAU");
  g_assert_cmpstr (get_symbol (silver), ==, "XAG");
  g_assert_cmpfloat (get_price (gold), ==, 2345.5);
}

static void
test_one_quote_can_be_had (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) quote = NULL;

  publish (fixture, 30.25);
  answer = bus_peer_call (&fixture->caller, "GetQuote", g_variant_new ("(s)", "XAG"));
  quote = g_variant_get_child_value (answer, 0);
  g_assert_cmpstr (get_symbol (quote), ==, "XAG");
  g_assert_cmpfloat (get_price (quote), ==, 30.25);
  /* Unknown is absent, not 0. */
  g_assert_null (g_variant_lookup_value (quote, "volume", NULL));
}

static void
test_errors_have_the_names_that_are_documented (Fixture *fixture,
                                                G_GNUC_UNUSED gconstpointer user_data)
{
  static const struct
  {
    const char *method;
    const char *arguments;
    const char *name;
  } rows[] = {
    {"GetQuote", "('NOPE',)", APP_ID ".Error.UnknownSymbol"},
    {"GetQuote", "('',)", APP_ID ".Error.UnknownSymbol"},
    {"GetQuote", "('XAU',)", APP_ID ".Error.NoQuote"},
    {"Remove", "('NOPE',)", APP_ID ".Error.UnknownSymbol"},
    {"Refresh", "(['XAU', 'NOPE'],)", APP_ID ".Error.UnknownSymbol"},
    {"Add", "('nobody:X',)", APP_ID ".Error.InvalidInstrument"},
    {"Add", "('yahoo:',)", APP_ID ".Error.InvalidInstrument"},
    {"Add", "('yahoo:A B\\nC',)", APP_ID ".Error.InvalidInstrument"},
    {"Release", "(uint32 77,)", INVALID_ARGS},
    {"Release", "(uint32 0,)", INVALID_ARGS},
    {"Add", "(42,)", INVALID_ARGS},
    {"GetSnapshot", "('surplus',)", INVALID_ARGS},
    {"Sell", "('XAU',)", "org.freedesktop.DBus.Error.UnknownMethod"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s %s", rows[i].method, rows[i].arguments);
      bus_peer_call_fails (&fixture->caller, rows[i].method,
                           g_variant_new_parsed (rows[i].arguments), rows[i].name);
    }
}

static void
test_a_full_list_refuses (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  for (guint i = 2; i < QUOTES_WATCHLIST_MAX; i++)
    {
      g_autofree char *text = g_strdup_printf ("yahoo:T%u", i);
      gboolean added = FALSE;

      g_assert_nonnull (quotes_watchlist_add (fixture->list, text, &added, NULL));
      g_assert_true (added);
    }
  bus_peer_call_fails (&fixture->caller, "Add", g_variant_new ("(s)", "yahoo:MORE"),
                       APP_ID ".Error.ListFull");
}

static void
test_instruments_come_and_go (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const char *symbol = NULL;

  publish (fixture, 1);
  /* The second time changes nothing. */
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GVariant) answer =
        bus_peer_call (&fixture->caller, "Add", g_variant_new ("(s)", "yahoo:aapl"));

      g_variant_get (answer, "(&s)", &symbol);
      g_assert_cmpstr (symbol, ==, "AAPL");
      g_assert_cmpuint (quotes_watchlist_get_instruments (fixture->list)->len, ==, 3);
    }

  g_variant_unref (bus_peer_call (&fixture->caller, "Remove", g_variant_new ("(s)", "XAG")));
  g_assert_null (quotes_watchlist_lookup (fixture->list, "XAG"));
  bus_peer_call_fails (&fixture->caller, "GetQuote", g_variant_new ("(s)", "XAG"),
                       APP_ID ".Error.UnknownSymbol");
}

static void
test_a_refresh_asks_the_provider (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const gold[] = {"XAU", NULL};

  publish (fixture, 1);
  fake_clock_advance_us (fixture->clock, 5 * SECOND_US);
  g_assert_false (fake_provider_is_waiting (fixture->provider));

  g_variant_unref (bus_peer_call (&fixture->caller, "Refresh", g_variant_new ("(^as)", gold)));
  fake_clock_advance_us (fixture->clock, 5 * SECOND_US);
  g_assert_true (fake_provider_is_waiting (fixture->provider));
}

static guint32
hold (BusPeer *peer)
{
  g_autoptr (GVariant) answer = bus_peer_call (peer, "Hold", g_variant_new_parsed ("(@a{sv} {},)"));
  guint32 cookie = 0;

  g_variant_get (answer, "(u)", &cookie);
  g_assert_cmpuint (cookie, !=, 0);
  return cookie;
}

static void
test_a_hold_ends_with_its_owner (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  guint32 first = hold (&fixture->caller);
  guint32 second = hold (&fixture->caller);
  guint32 foreign = hold (&fixture->other);

  g_assert_cmpuint (first, !=, second);
  g_assert_cmpuint (quotes_dbus_service_get_n_holds (fixture->service), ==, 3);
  bus_peer_call_fails (&fixture->caller, "Release", g_variant_new ("(u)", foreign), INVALID_ARGS);
  g_variant_unref (bus_peer_call (&fixture->caller, "Release", g_variant_new ("(u)", first)));
  bus_peer_call_fails (&fixture->caller, "Release", g_variant_new ("(u)", first), INVALID_ARGS);
  g_assert_cmpuint (quotes_dbus_service_get_n_holds (fixture->service), ==, 2);

  bus_peer_close (&fixture->caller);
  wait_until (quotes_dbus_service_get_n_holds (fixture->service) == 1, PATIENCE);
  g_assert_cmpuint (fixture->n_holds_changed, ==, 5);
}

static void
test_holds_are_counted (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  for (guint i = 0; i < 16; i++)
    hold (&fixture->caller);
  bus_peer_call_fails (&fixture->caller, "Hold", g_variant_new_parsed ("(@a{sv} {},)"),
                       LIMITS_EXCEEDED);
  hold (&fixture->other);
  g_assert_cmpuint (quotes_dbus_service_get_n_holds (fixture->service), ==, 17);
}

static gint64
get_time (BusPeer *peer, const char *property)
{
  gint64 value = -1;

  g_variant_dict_lookup (peer->properties, property, "x", &value);
  return value;
}

static void
test_properties_tell_when_they_change (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GVariant) all = bus_peer_get_properties (&fixture->caller);
  g_autoptr (GVariant) providers = NULL;
  g_autoptr (GVariant) yahoo = NULL;
  const char *text = NULL;

  g_assert_true (g_variant_lookup (all, "Version", "&s", &text));
  g_assert_cmpstr (text, ==, VERSION);
  g_assert_true (g_variant_lookup (all, "Address", "&s", &text));
  g_assert_cmpstr (text, ==, "");

  publish (fixture, 1);
  quotes_dbus_service_set_address (fixture->service, "http://127.0.0.1:1");
  wait_until (g_variant_dict_contains (fixture->caller.properties, "Address"), PATIENCE);
  wait_until (get_time (&fixture->caller, "LastUpdate") > 0, PATIENCE);
  publish (fixture, 2);
  wait_until (get_time (&fixture->caller, "NextUpdate") ==
                quotes_poller_get_next_try_us (fixture->poller),
              PATIENCE);

  g_assert_true (g_variant_dict_lookup (fixture->caller.properties, "Address", "&s", &text));
  g_assert_cmpstr (text, ==, "http://127.0.0.1:1");
  g_assert_true (g_variant_dict_lookup (fixture->caller.properties, "State", "&s", &text));
  g_assert_cmpstr (text, ==, quotes_poller_get_state (fixture->poller));
  g_assert_cmpint (get_time (&fixture->caller, "LastUpdate"), ==,
                   quotes_poller_get_last_ok_us (fixture->poller));
  providers = g_variant_dict_lookup_value (fixture->caller.properties, "Providers",
                                           G_VARIANT_TYPE ("a{sa{sv}}"));
  g_assert_nonnull (providers);
  yahoo = g_variant_lookup_value (providers, "yahoo", G_VARIANT_TYPE_VARDICT);
  g_assert_true (g_variant_lookup (yahoo, "state", "&s", &text));
  g_assert_cmpstr (text, ==, "ok");
}

static gboolean
has_reason (BusPeer *peer, const char *reason)
{
  g_autoptr (GVariant) providers =
    g_variant_dict_lookup_value (peer->properties, "Providers", G_VARIANT_TYPE ("a{sa{sv}}"));
  g_autoptr (GVariant) yahoo =
    providers != NULL ? g_variant_lookup_value (providers, "yahoo", G_VARIANT_TYPE_VARDICT) : NULL;
  const char *text = NULL;

  return yahoo != NULL && g_variant_lookup (yahoo, "interval_reason", "&s", &text) &&
         g_str_equal (text, reason);
}

static void
test_another_pace_is_told (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  publish (fixture, 1);
  quotes_poller_set_fixed (fixture->poller, TRUE);
  wait_until (has_reason (&fixture->caller, "fixed"), PATIENCE);
}

static void
count_look_cb (guint *n)
{
  (*n)++;
}

static void
test_who_takes_prices_is_noticed (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GVariant) snapshot = NULL;
  guint n_looks = 0;

  publish (fixture, 1);
  g_signal_connect_swapped (fixture->hub, "looked", G_CALLBACK (count_look_cb), &n_looks);
  snapshot = bus_peer_call (&fixture->caller, "GetSnapshot", NULL);
  g_assert_cmpuint (n_looks, ==, 1);
  g_clear_pointer (&snapshot, g_variant_unref);
  snapshot = bus_peer_call (&fixture->caller, "GetQuote", g_variant_new ("(s)", "XAU"));
  g_assert_cmpuint (n_looks, ==, 2);
  g_signal_handlers_disconnect_by_data (fixture->hub, &n_looks);
}

/* Rule H6: signals that only tell how we fare come at most ten times a second. */
static void
test_many_changes_of_properties_are_few_signals (Fixture *fixture,
                                                 G_GNUC_UNUSED gconstpointer user_data)
{
  gint64 start_us = g_get_monotonic_time ();
  guint most = 0;

  for (guint i = 0; i < 50; i++)
    publish (fixture, 1 + i);
  wait_until (get_time (&fixture->caller, "LastUpdate") ==
                quotes_poller_get_last_ok_us (fixture->poller),
              PATIENCE);
  most = 2 + (guint) ((g_get_monotonic_time () - start_us) / (SECOND_US / 10));
  g_assert_cmpuint (fixture->caller.n_property_signals, <=, most);
}

static GVariant *
get_signal (BusPeer *peer, guint i, guint64 *version, GVariant **removed)
{
  GVariant *changed = NULL;

  g_assert_cmpuint (i, <, peer->signals->len);
  g_variant_get (g_ptr_array_index (peer->signals, i), "(t@aa{sv}@as)", version, &changed, removed);
  return changed;
}

/* 0 = none was told */
static guint64
get_last_version (BusPeer *peer)
{
  g_autoptr (GVariant) removed = NULL;
  g_autoptr (GVariant) changed = NULL;
  guint64 version = 0;

  if (peer->signals->len > 0)
    changed = get_signal (peer, peer->signals->len - 1, &version, &removed);
  return version;
}

static void
assert_signal (BusPeer *peer, guint i, guint64 version, guint n_changed, guint n_removed)
{
  g_autoptr (GVariant) removed = NULL;
  guint64 told = 0;
  g_autoptr (GVariant) changed = get_signal (peer, i, &told, &removed);

  g_assert_cmpuint (told, ==, version);
  g_assert_cmpuint (g_variant_n_children (changed), ==, n_changed);
  g_assert_cmpuint (g_variant_n_children (removed), ==, n_removed);
}

static void
test_each_version_is_told_once (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  guint64 first = 0;

  publish (fixture, 1);
  first = get_version (fixture);
  /* Nothing new is no version. */
  publish (fixture, 1);
  g_assert_cmpuint (get_version (fixture), ==, first);
  publish (fixture, 2);
  g_assert_cmpuint (get_version (fixture), ==, first + 1);
  g_assert_true (quotes_watchlist_remove (fixture->list, "XAG", NULL));
  g_assert_cmpuint (get_version (fixture), ==, first + 2);

  wait_until (fixture->caller.signals->len >= 3, PATIENCE);
  g_variant_unref (bus_peer_call (&fixture->caller, "GetSnapshot", NULL));
  g_assert_cmpuint (fixture->caller.signals->len, ==, 3);
  assert_signal (&fixture->caller, 0, first, 2, 0);
  assert_signal (&fixture->caller, 1, first + 1, 2, 0);
  assert_signal (&fixture->caller, 2, first + 2, 0, 1);
}

static GVariant *
make_string (gsize size)
{
  g_autofree char *text = g_strnfill (size, 'x');

  return g_variant_new ("(s)", text);
}

static GVariant *
make_options (guint n, gsize size)
{
  g_autofree char *text = g_strnfill (size, 'x');
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *key = g_strdup_printf ("option-%u", i);

      g_variant_builder_add (&builder, "{sv}", key, g_variant_new_string (text));
    }
  return g_variant_new ("(a{sv})", &builder);
}

static GVariant *
make_symbols (guint n)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("as"));
  for (guint i = 0; i < n; i++)
    g_variant_builder_add (&builder, "s", "XAU");
  return g_variant_new ("(as)", &builder);
}

static void
test_arguments_have_limits (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  BusPeer *caller = &fixture->caller;

  publish (fixture, 1);
  bus_peer_call_fails (caller, "GetQuote", make_string (1024 * 1024), INVALID_ARGS);
  bus_peer_call_fails (caller, "Add", make_string (8 * 1024 + 1), INVALID_ARGS);
  bus_peer_call_fails (caller, "GetQuote", make_string (8 * 1024), APP_ID ".Error.UnknownSymbol");
  bus_peer_call_fails (caller, "Hold", make_options (65, 1), INVALID_ARGS);
  bus_peer_call_fails (caller, "Hold", make_options (1, 8 * 1024 + 1), INVALID_ARGS);
  g_variant_unref (bus_peer_call (caller, "Hold", make_options (64, 1)));
  bus_peer_call_fails (caller, "Refresh", make_symbols (QUOTES_WATCHLIST_MAX + 1), INVALID_ARGS);
  g_variant_unref (bus_peer_call (caller, "Refresh", make_symbols (QUOTES_WATCHLIST_MAX)));
}

/* The bus has a limit of its own, which says the same with other words. */
typedef struct
{
  guint n_answered;
  guint n_refused;
  guint n_refused_by_bus;
} Flood;

static void
flood_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Flood *flood = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer != NULL)
    {
      flood->n_answered++;
    }
  else
    {
      g_autofree char *name = g_dbus_error_get_remote_error (error);

      g_assert_cmpstr (name, ==, LIMITS_EXCEEDED);
      if (strstr (error->message, "Too much at once") != NULL)
        flood->n_refused++;
      else
        flood->n_refused_by_bus++;
    }
}

static void
test_a_thousand_calls_at_once (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  Flood flood = {0};
  g_autoptr (GVariant) answer = NULL;
  gint64 start_us = 0;

  publish (fixture, 1);
  for (guint i = 0; i < N_CALLS; i++)
    bus_peer_send (&fixture->caller, "GetSnapshot", NULL, flood_answered_cb, &flood);

  /* Another program is answered, and the hub publishes, while the calls still come in. */
  start_us = g_get_monotonic_time ();
  answer = bus_peer_call (&fixture->other, "GetQuote", g_variant_new ("(s)", "XAU"));
  g_test_message ("PROMISE H6 answer_of_others_ms=%.1f",
                  (double) (g_get_monotonic_time () - start_us) / 1000.0);
  publish (fixture, 2);
  wait_until (get_last_version (&fixture->other) == get_version (fixture), PATIENCE);

  wait_until (flood.n_answered + flood.n_refused + flood.n_refused_by_bus == N_CALLS, PATIENCE);
  g_test_message ("PROMISE H6 calls=%u answered=%u refused=%u refused_by_bus=%u", N_CALLS,
                  flood.n_answered, flood.n_refused, flood.n_refused_by_bus);
  g_assert_cmpuint (flood.n_answered, >=, 8);
  g_assert_cmpuint (flood.n_refused, >, 0);

  /* Nothing is held against the caller afterwards. */
  g_variant_unref (bus_peer_call (&fixture->caller, "GetSnapshot", NULL));
}

static void
test_an_unexported_object_is_gone (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GVariant) properties = bus_peer_get_properties (&fixture->caller);

  g_assert_nonnull (properties);
  quotes_dbus_service_unexport (fixture->service);
  bus_peer_call_fails (&fixture->caller, "GetSnapshot", NULL,
                       "org.freedesktop.DBus.Error.UnknownMethod");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_dbus_unset ();

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/dbus-service/a-snapshot-holds-the-list-in-its-order",
       test_a_snapshot_holds_the_list_in_its_order);
  ADD ("/dbus-service/one-quote-can-be-had", test_one_quote_can_be_had);
  ADD ("/dbus-service/errors-have-the-names-that-are-documented",
       test_errors_have_the_names_that_are_documented);
  ADD ("/dbus-service/a-full-list-refuses", test_a_full_list_refuses);
  ADD ("/dbus-service/instruments-come-and-go", test_instruments_come_and_go);
  ADD ("/dbus-service/a-refresh-asks-the-provider", test_a_refresh_asks_the_provider);
  ADD ("/dbus-service/a-hold-ends-with-its-owner", test_a_hold_ends_with_its_owner);
  ADD ("/dbus-service/properties-tell-when-they-change", test_properties_tell_when_they_change);
  ADD ("/dbus-service/another-pace-is-told", test_another_pace_is_told);
  ADD ("/dbus-service/who-takes-prices-is-noticed", test_who_takes_prices_is_noticed);
  ADD ("/dbus-service/each-version-is-told-once", test_each_version_is_told_once);
  ADD ("/dbus-service/an-unexported-object-is-gone", test_an_unexported_object_is_gone);
  ADD ("/rules/H6-arguments-have-limits", test_arguments_have_limits);
  ADD ("/rules/H6-holds-are-counted", test_holds_are_counted);
  ADD ("/rules/H6-many-changes-of-properties-are-few-signals",
       test_many_changes_of_properties_are_few_signals);
  ADD ("/rules/H6-a-thousand-calls-at-once-are-limited-and-the-hub-goes-on",
       test_a_thousand_calls_at_once);
#undef ADD

  return g_test_run ();
}
