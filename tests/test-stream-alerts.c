/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream-fixture.h"

/* @symbol: (nullable): %NULL = a provider fails */
static void
fire (StreamFixture *fixture, const char *id, const char *symbol)
{
  QuotesAlert fields = QUOTES_ALERT_INIT;
  g_autoptr (QuotesAlert) alert = NULL;
  g_autoptr (QuotesAlertFired) fired = NULL;

  fields.id = id;
  fields.kind = symbol != NULL ? QUOTES_ALERT_STALE : QUOTES_ALERT_PROVIDER;
  fields.symbol = symbol;
  fields.provider = symbol == NULL ? "yahoo" : NULL;
  alert = quotes_alert_new (&fields);
  fired = quotes_alert_fired_new (&(QuotesAlertFired){
    .alert = alert,
    .price = NAN,
    .value = 60,
    .name = "Line\nbreaker",
    .fired_us = 1000000,
  });
  quotes_event_log_append_alert (fixture->log, fired);
}

static void
test_who_asks_for_alerts_gets_them (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) alerts = stream_fixture_open (fixture, "*topics=alerts", NULL);
  g_autoptr (StreamClient) both = stream_fixture_open (fixture, "*topics=quotes,alerts", NULL);
  g_autoptr (StreamClient) rest = stream_fixture_open (fixture, "*topics=quotes,status", NULL);
  g_autoptr (StreamClient) plain = stream_fixture_open (fixture, "topics=alerts", NULL);
  const StreamEvent *event = NULL;

  fire (fixture, "1", "BTC");
  stream_fixture_publish (fixture, "BTC");
  stream_client_wait_for (alerts, 1);
  event = stream_client_get_event (alerts, 0);
  g_assert_cmpstr (event->type, ==, "alerts.fired");
  g_assert_cmpstr (event->id, ==, "cafe0001.1");
  g_assert_nonnull (strstr (event->data, "{\"alert\":{\"id\":\"1\",\"kind\":\"stale\""));
  g_assert_nonnull (strstr (event->data, "\"name\":\"Line\\nbreaker\""));

  stream_client_wait_for (both, 2);
  g_assert_cmpuint (stream_client_count (both, "alerts.fired"), ==, 1);
  stream_client_wait_for (rest, 1);
  stream_client_wait_for (plain, 1);
  g_assert_cmpuint (stream_client_count (rest, "alerts.fired"), ==, 0);
  g_assert_cmpuint (stream_client_count (plain, "alerts.fired"), ==, 0);
}

static void
test_a_filter_holds_for_alerts_too (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) client =
    stream_fixture_open (fixture, "*topics=alerts&symbols=XAU", NULL);

  fire (fixture, "1", "BTC");
  fire (fixture, "2", "XAU");
  /* It concerns everybody. */
  fire (fixture, "3", NULL);
  stream_client_wait_for (client, 2);
  stream_client_assert_event (client, 0, "alerts.fired", "cafe0001.2", "\"id\":\"2\"");
  stream_client_assert_event (client, 1, "alerts.fired", "cafe0001.3", "\"provider\":\"yahoo\"");
}

static void
test_a_reader_goes_on_where_it_was (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) client = NULL;

  for (guint i = 1; i <= 3; i++)
    fire (fixture, (const char *[]){"", "1", "2", "3"}[i], "BTC");
  client = stream_fixture_open (fixture, "*topics=alerts", "cafe0001.1");
  stream_client_wait_for (client, 2);
  stream_client_assert_event (client, 0, "alerts.fired", "cafe0001.2", "\"id\":\"2\"");
  stream_client_assert_event (client, 1, "alerts.fired", "cafe0001.3", "\"id\":\"3\"");
}

/* There is no snapshot of what happened, so that the gap is all that tells. */
static void
test_lost_alerts_are_a_gap (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) restarted = NULL;
  g_autoptr (StreamClient) late = NULL;
  g_autoptr (StreamClient) status = NULL;

  for (guint i = 0; i < QUOTES_EVENT_LOG_MAX_FRAMES + 5; i++)
    fire (fixture, "1", "BTC");
  restarted = stream_fixture_open (fixture, "*topics=alerts", "cafe0002.1");
  late = stream_fixture_open (fixture, "*topics=alerts,status", "cafe0001.1");
  status = stream_fixture_open (fixture, "*topics=status", "cafe0001.1");
  fire (fixture, "2", "BTC");

  stream_client_wait_for (restarted, 2);
  stream_client_assert_event (restarted, 0, "gap", "",
                              "{\"topic\":\"alerts\",\"reason\":\"restart\"}");
  stream_client_assert_event (restarted, 1, "alerts.fired", "cafe0001.4102", "\"id\":\"2\"");
  stream_client_wait_for (late, 2);
  stream_client_assert_event (late, 0, "gap", "", "{\"topic\":\"alerts\",\"reason\":\"window\"}");
  quotes_event_log_append_status (fixture->log, "{}");
  stream_client_wait_for (status, 1);
  g_assert_cmpuint (stream_client_count (status, "gap"), ==, 0);
}

static void
test_who_is_too_slow_is_told (StreamFixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (StreamClient) client = stream_fixture_open (fixture, "*topics=alerts", NULL);

  stream_client_read (client);
  /* All in one turn of the main loop, so that nothing is sent meanwhile. */
  for (guint i = 0; i < QUOTES_EVENT_LOG_MAX_FRAMES + 5; i++)
    fire (fixture, "1", "BTC");
  stream_client_wait_for (client, 1);
  stream_client_assert_event (client, 0, "gap", "", "{\"topic\":\"alerts\",\"reason\":\"slow\"}");
  fire (fixture, "2", "BTC");
  stream_client_wait_for (client, 2);
  stream_client_assert_event (client, 1, "alerts.fired", "cafe0001.4102", "\"id\":\"2\"");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/stream-alerts/" name, StreamFixture, NULL, stream_fixture_set_up, func,            \
              stream_fixture_tear_down)
  ADD ("who-asks-for-alerts-gets-them", test_who_asks_for_alerts_gets_them);
  ADD ("a-filter-holds-for-alerts-too", test_a_filter_holds_for_alerts_too);
  ADD ("a-reader-goes-on-where-it-was", test_a_reader_goes_on_where_it_was);
  ADD ("lost-alerts-are-a-gap", test_lost_alerts_are_a_gap);
  ADD ("who-is-too-slow-is-told", test_who_is_too_slow_is_told);
#undef ADD

  return g_test_run ();
}
