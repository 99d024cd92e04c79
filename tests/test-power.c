/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "poller-fixture.h"
#include "quotes-power.h"

/* A monitor that says what the test wants. */
#define FAKE_TYPE_PROFILES (fake_profiles_get_type ())
G_DECLARE_FINAL_TYPE (FakeProfiles, fake_profiles, FAKE, PROFILES, GObject)

struct _FakeProfiles
{
  GObject parent_instance;

  gboolean is_saving;
};

typedef enum
{
  PROP_POWER_SAVER_ENABLED = 1,
} FakeProfilesProperty;

static void
fake_profiles_initable_init (G_GNUC_UNUSED GInitableIface *iface)
{
}

static void
fake_profiles_monitor_init (G_GNUC_UNUSED GPowerProfileMonitorInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeProfiles,
                               fake_profiles,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, fake_profiles_initable_init)
                                 G_IMPLEMENT_INTERFACE (G_TYPE_POWER_PROFILE_MONITOR,
                                                        fake_profiles_monitor_init))

static void
fake_profiles_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((FakeProfilesProperty) id)
    {
    case PROP_POWER_SAVER_ENABLED:
      g_value_set_boolean (value, FAKE_PROFILES (object)->is_saving);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
fake_profiles_class_init (FakeProfilesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = fake_profiles_get_property;
  g_object_class_override_property (object_class, PROP_POWER_SAVER_ENABLED, "power-saver-enabled");
}

static void
fake_profiles_init (G_GNUC_UNUSED FakeProfiles *self)
{
}

static void
set_saving (FakeProfiles *self, gboolean is_saving)
{
  self->is_saving = is_saving;
  g_object_notify (G_OBJECT (self), "power-saver-enabled");
}

static void
assert_pace (PollerFixture *fixture, int interval_s, const char *reason)
{
  g_autoptr (GPtrArray) statuses = quotes_poller_dup_statuses (fixture->poller);
  const QuotesProviderStatus *status = g_ptr_array_index (statuses, 0);

  g_assert_cmpstr (status->interval_reason, ==, reason);
  g_assert_cmpint (status->interval_us, ==, interval_s * SECOND_US);
}

static void
test_the_poller_hears_of_the_profile (PollerFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  FakeProfiles *profiles = g_object_new (FAKE_TYPE_PROFILES, NULL);
  QuotesPower *power = NULL;

  fake_provider_answer (fixture->yahoo, 1);
  poller_fixture_settle ();
  /* It saves from the beginning. */
  profiles->is_saving = TRUE;
  power = quotes_power_new (fixture->poller, G_POWER_PROFILE_MONITOR (profiles));
  assert_pace (fixture, 120, "power-saver");
  set_saving (profiles, FALSE);
  assert_pace (fixture, 30, "regular");
  set_saving (profiles, TRUE);
  assert_pace (fixture, 120, "power-saver");

  g_assert_finalize_object (power);
  set_saving (profiles, FALSE);
  assert_pace (fixture, 120, "power-saver");
  g_assert_finalize_object (profiles);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/power/the-poller-hears-of-the-profile", PollerFixture, NULL, poller_fixture_set_up,
              test_the_poller_hears_of_the_profile, poller_fixture_tear_down);

  return g_test_run ();
}
