/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "catalog-file.h"
#include "poller-fixture.h"
#include "quotes-network.h"
#include "wait.h"

/* A monitor that says what the test wants. */
#define FAKE_TYPE_MONITOR (fake_monitor_get_type ())
G_DECLARE_FINAL_TYPE (FakeMonitor, fake_monitor, FAKE, MONITOR, GObject)

struct _FakeMonitor
{
  GObject parent_instance;

  gboolean is_available;
  gboolean is_metered;
};

typedef enum
{
  PROP_NETWORK_AVAILABLE = 1,
  PROP_NETWORK_METERED,
  PROP_CONNECTIVITY,
} FakeMonitorProperty;

static void
fake_monitor_initable_init (G_GNUC_UNUSED GInitableIface *iface)
{
}

static void
fake_monitor_monitor_init (G_GNUC_UNUSED GNetworkMonitorInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeMonitor,
                               fake_monitor,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, fake_monitor_initable_init)
                                 G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR,
                                                        fake_monitor_monitor_init))

static void
fake_monitor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((FakeMonitorProperty) id)
    {
    case PROP_NETWORK_AVAILABLE:
      g_value_set_boolean (value, FAKE_MONITOR (object)->is_available);
      break;
    case PROP_NETWORK_METERED:
      g_value_set_boolean (value, FAKE_MONITOR (object)->is_metered);
      break;
    case PROP_CONNECTIVITY:
      g_value_set_enum (value, G_NETWORK_CONNECTIVITY_FULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
fake_monitor_class_init (FakeMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = fake_monitor_get_property;
  g_object_class_override_property (object_class, PROP_NETWORK_AVAILABLE, "network-available");
  g_object_class_override_property (object_class, PROP_NETWORK_METERED, "network-metered");
  g_object_class_override_property (object_class, PROP_CONNECTIVITY, "connectivity");
}

static void
fake_monitor_init (G_GNUC_UNUSED FakeMonitor *self)
{
}

static void
fake_monitor_set_available (FakeMonitor *self, gboolean is_available)
{
  self->is_available = is_available;
  g_signal_emit_by_name (self, "network-changed", is_available);
}

static void
fake_monitor_set_metered (FakeMonitor *self, gboolean is_metered)
{
  self->is_metered = is_metered;
  g_object_notify (G_OBJECT (self), "network-metered");
}

static void
test_the_poller_hears_of_the_network (void)
{
  static const char *const texts[] = {"XAU", "XAG", NULL};
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();
  FakeClock *clock = fake_clock_new ();
  FakeProvider *provider = fake_provider_new ("yahoo");
  FakeMonitor *monitor = g_object_new (FAKE_TYPE_MONITOR, NULL);
  g_autoptr (QuotesWatchlist) list = quotes_watchlist_new (catalog);
  g_autoptr (QuotesBreaker) breaker =
    quotes_breaker_new (QUOTES_CLOCK (clock), G_USEC_PER_SEC, G_USEC_PER_SEC, g_rand_new ());
  g_autoptr (QuotesHub) hub = NULL;
  QuotesPoller *poller = NULL;
  QuotesNetwork *network = NULL;

  quotes_watchlist_load (list, texts);
  hub = quotes_hub_new (list, QUOTES_CLOCK (clock));
  poller = quotes_poller_new (hub, QUOTES_CLOCK (clock), g_rand_new_with_seed (1));
  quotes_poller_add_provider (poller, QUOTES_PROVIDER (provider), breaker);
  quotes_poller_set_public (poller, QUOTES_PROVIDER (provider), TRUE);
  /* It says so from the beginning: the first round is a probe. */
  network = quotes_network_new (poller, G_NETWORK_MONITOR (monitor));
  quotes_poller_start (poller);
  fake_clock_advance_us (clock, 0);
  g_assert_cmpuint (fake_provider_get_instruments (provider)->len, ==, 1);
  fake_provider_fail (provider, QUOTES_PROVIDER_ERROR_NETWORK, -1);
  wait_settle ();
  fake_clock_advance_us (clock, 50 * G_USEC_PER_SEC);
  g_assert_false (fake_provider_is_waiting (provider));

  fake_monitor_set_available (monitor, TRUE);
  fake_clock_advance_us (clock, 5 * G_USEC_PER_SEC);
  g_assert_true (fake_provider_is_waiting (provider));
  g_assert_cmpuint (fake_provider_get_instruments (provider)->len, ==, 2);

  g_assert_finalize_object (network);
  fake_monitor_set_available (monitor, FALSE);
  quotes_poller_stop (poller);
  fake_provider_answer (provider, 1);
  wait_settle ();
  g_assert_finalize_object (poller);
  g_assert_finalize_object (monitor);
  g_clear_object (&hub);
  g_clear_object (&breaker);
  g_assert_finalize_object (provider);
  g_assert_finalize_object (clock);
}

static void
assert_reason (PollerFixture *fixture, const char *reason)
{
  g_autoptr (GPtrArray) statuses = quotes_poller_dup_statuses (fixture->poller);
  const QuotesProviderStatus *status = g_ptr_array_index (statuses, 0);

  g_assert_cmpstr (status->interval_reason, ==, reason);
}

static void
test_the_poller_hears_what_it_costs (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  FakeMonitor *monitor = g_object_new (FAKE_TYPE_MONITOR, NULL);
  QuotesNetwork *network = NULL;

  fake_provider_answer (fixture->yahoo, 1);
  poller_fixture_settle ();
  assert_reason (fixture, "regular");
  /* It costs from the beginning. */
  monitor->is_available = TRUE;
  monitor->is_metered = TRUE;
  network = quotes_network_new (fixture->poller, G_NETWORK_MONITOR (monitor));
  assert_reason (fixture, "metered");
  fake_monitor_set_metered (monitor, FALSE);
  assert_reason (fixture, "regular");
  fake_monitor_set_metered (monitor, TRUE);
  assert_reason (fixture, "metered");
  g_assert_finalize_object (network);
  fake_monitor_set_metered (monitor, FALSE);
  assert_reason (fixture, "metered");
  g_assert_finalize_object (monitor);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/network-monitor/the-poller-hears-of-the-network",
                   test_the_poller_hears_of_the_network);
  g_test_add ("/network-monitor/the-poller-hears-what-it-costs", PollerFixture, NULL,
              poller_fixture_set_up, test_the_poller_hears_what_it_costs, poller_fixture_tear_down);

  return g_test_run ();
}
