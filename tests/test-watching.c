/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "poller-fixture.h"
#include "quotes-watching.h"

#define UNWATCHED_US (300 * SECOND_US)
#define BASE_US (30 * SECOND_US)

typedef struct
{
  PollerFixture poller;
  GSimpleAction *page;      /* (owned): enabled while somebody reads it */
  GSimpleAction *widget;    /* (owned) */
  QuotesWatching *watching; /* (owned) */
} Fixture;

static guint
count_enabled (GObject *object)
{
  return g_action_get_enabled (G_ACTION (object));
}

static GSimpleAction *
add_place (Fixture *fixture, const char *name)
{
  GSimpleAction *place = g_simple_action_new (name, NULL);

  g_simple_action_set_enabled (place, FALSE);
  quotes_watching_add (fixture->watching, G_OBJECT (place), "notify::enabled", count_enabled);
  return place;
}

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  poller_fixture_set_up (&fixture->poller, user_data);
  fake_provider_answer (fixture->poller.yahoo, 1);
  fake_provider_answer (fixture->poller.crypto, 1);
  poller_fixture_settle ();
  fixture->watching =
    quotes_watching_new (fixture->poller.poller, QUOTES_CLOCK (fixture->poller.clock));
  fixture->page = add_place (fixture, "page");
  fixture->widget = add_place (fixture, "widget");
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_clear_pointer (&fixture->watching, quotes_watching_free);
  g_assert_finalize_object (fixture->page);
  g_assert_finalize_object (fixture->widget);
  poller_fixture_tear_down (&fixture->poller, user_data);
}

static void
assert_interval (Fixture *fixture, gint64 interval_us)
{
  g_autoptr (GPtrArray) statuses = quotes_poller_dup_statuses (fixture->poller.poller);
  const QuotesProviderStatus *status = g_ptr_array_index (statuses, 0);

  g_assert_cmpint (status->interval_us, ==, interval_us);
}

/* Answers whatever is asked meanwhile. */
static void
advance (Fixture *fixture, int seconds)
{
  for (int i = 0; i < seconds * 10; i++)
    {
      fake_clock_advance_us (fixture->poller.clock, SECOND_US / 10);
      if (fake_provider_is_waiting (fixture->poller.yahoo))
        fake_provider_answer (fixture->poller.yahoo, 1);
      if (fake_provider_is_waiting (fixture->poller.crypto))
        fake_provider_answer (fixture->poller.crypto, 1);
      poller_fixture_settle ();
    }
}

static void
test_the_first_minute_is_watched (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  advance (fixture, 59);
  assert_interval (fixture, BASE_US);
  advance (fixture, 2);
  assert_interval (fixture, UNWATCHED_US);
}

static void
test_who_comes_in_time_stays (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  advance (fixture, 30);
  g_simple_action_set_enabled (fixture->page, TRUE);
  advance (fixture, 600);
  assert_interval (fixture, BASE_US);
}

static void
test_a_page_that_is_loaded_anew_is_no_pause (Fixture *fixture,
                                             G_GNUC_UNUSED gconstpointer user_data)
{
  g_simple_action_set_enabled (fixture->page, TRUE);
  for (guint i = 0; i < 5; i++)
    {
      g_simple_action_set_enabled (fixture->page, FALSE);
      advance (fixture, 50);
      assert_interval (fixture, BASE_US);
      g_simple_action_set_enabled (fixture->page, TRUE);
      advance (fixture, 50);
      assert_interval (fixture, BASE_US);
    }
  /* The minute is counted from when the last one left. */
  g_simple_action_set_enabled (fixture->page, FALSE);
  advance (fixture, 59);
  assert_interval (fixture, BASE_US);
  advance (fixture, 2);
  assert_interval (fixture, UNWATCHED_US);
}

static void
test_one_of_two_is_somebody (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_simple_action_set_enabled (fixture->page, TRUE);
  g_simple_action_set_enabled (fixture->widget, TRUE);
  g_simple_action_set_enabled (fixture->page, FALSE);
  advance (fixture, 120);
  assert_interval (fixture, BASE_US);
  g_simple_action_set_enabled (fixture->widget, FALSE);
  advance (fixture, 61);
  assert_interval (fixture, UNWATCHED_US);
}

static void
test_who_comes_late_is_served_at_once (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  guint n_fetches = 0;

  advance (fixture, 250);
  assert_interval (fixture, UNWATCHED_US);
  n_fetches = fake_provider_get_n_fetches (fixture->poller.yahoo);
  g_simple_action_set_enabled (fixture->widget, TRUE);
  assert_interval (fixture, BASE_US);
  fake_clock_advance_us (fixture->poller.clock, 0);
  g_assert_cmpuint (fake_provider_get_n_fetches (fixture->poller.yahoo), ==, n_fetches + 1);
}

static void
test_an_alert_that_waits_is_somebody (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  QuotesAlerts *alerts = quotes_alerts_new (fixture->poller.hub, fixture->poller.poller,
                                            QUOTES_CLOCK (fixture->poller.clock));
  QuotesAlert fields = QUOTES_ALERT_INIT;
  g_autoptr (GError) error = NULL;
  const QuotesAlert *alert = NULL;

  quotes_watching_add_alerts (fixture->watching, alerts);
  advance (fixture, 61);
  assert_interval (fixture, UNWATCHED_US);

  fields.kind = QUOTES_ALERT_ABOVE;
  fields.symbol = "XAU";
  fields.level = 5000;
  alert = quotes_alerts_add (alerts, &fields, &error);
  g_assert_no_error (error);
  assert_interval (fixture, BASE_US);
  advance (fixture, 300);
  assert_interval (fixture, BASE_US);
  g_assert_true (quotes_alerts_set_enabled (alerts, alert->id, FALSE, NULL));
  advance (fixture, 61);
  assert_interval (fixture, UNWATCHED_US);

  g_clear_pointer (&fixture->watching, quotes_watching_free);
  g_assert_finalize_object (alerts);
}

static void
test_who_asks_now_and_then_is_somebody (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  quotes_watching_add_hub (fixture->watching, fixture->poller.hub);
  advance (fixture, 61);
  assert_interval (fixture, UNWATCHED_US);
  for (guint i = 0; i < 5; i++)
    {
      quotes_hub_note_look (fixture->poller.hub);
      assert_interval (fixture, BASE_US);
      advance (fixture, 50);
      assert_interval (fixture, BASE_US);
    }
  advance (fixture, 11);
  assert_interval (fixture, UNWATCHED_US);

  /* Whoever stays beside them is not forgotten. */
  g_simple_action_set_enabled (fixture->page, TRUE);
  quotes_hub_note_look (fixture->poller.hub);
  advance (fixture, 61);
  assert_interval (fixture, BASE_US);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/watching/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("the-first-minute-is-watched", test_the_first_minute_is_watched);
  ADD ("who-comes-in-time-stays", test_who_comes_in_time_stays);
  ADD ("a-page-that-is-loaded-anew-is-no-pause", test_a_page_that_is_loaded_anew_is_no_pause);
  ADD ("one-of-two-is-somebody", test_one_of_two_is_somebody);
  ADD ("an-alert-that-waits-is-somebody", test_an_alert_that_waits_is_somebody);
  ADD ("who-asks-now-and-then-is-somebody", test_who_asks_now_and_then_is_somebody);
  ADD ("who-comes-late-is-served-at-once", test_who_comes_late_is_served_at_once);
#undef ADD

  return g_test_run ();
}
