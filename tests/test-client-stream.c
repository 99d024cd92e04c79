/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>

#include "scripted-service.h"
#include "wait.h"

#define PATIENCE 20

static void
send_prices (ScriptedService *fixture,
             const char *event,
             const char *id,
             const char *symbol,
             double price)
{
  g_autofree char *item = scripted_service_dup_item (symbol, price);
  gboolean is_snapshot = g_str_equal (event, "snapshot");
  g_autofree char *text =
    g_strdup_printf ("retry: 20\nid: %s\nevent: %s\ndata: %s%s%s\n\n", id, event,
                     is_snapshot ? "[" : "", item, is_snapshot ? "]" : "");

  scripted_service_send (fixture, text);
}

static double
get_price (ScriptedService *fixture, const char *symbol)
{
  const QuotesQuote *quote =
    fixture->snapshot != NULL ? quotes_snapshot_lookup (fixture->snapshot, symbol) : NULL;

  return quote != NULL ? quote->price : -1;
}

static void
begin_watching (ScriptedService *fixture)
{
  scripted_service_say (fixture, 200, "text/event-stream", "");
  quotes_client_start_watching (fixture->client);
  wait_until (fixture->n_streams == 1, PATIENCE);
  send_prices (fixture, "snapshot", "aa.1", "XAU", 10);
  wait_until (get_price (fixture, "XAU") == 10, PATIENCE);
  g_assert_cmpuint (fixture->n_found, ==, 1);
  g_assert_null (fixture->last_event_id);
}

static void
test_watch (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  begin_watching (fixture);
  send_prices (fixture, "update", "aa.2", "XAU", 11);
  wait_until (get_price (fixture, "XAU") == 11, PATIENCE);
  send_prices (fixture, "update", "aa.3", "XAG", 29);
  wait_until (get_price (fixture, "XAG") == 29, PATIENCE);
  g_assert_cmpuint (fixture->snapshot->quotes->len, ==, 2);
  scripted_service_send (fixture,
                         ": keepalive\n\nevent: status\ndata: {}\n\nevent: update\ndata: [[\n\n"
                         "event: snapshot\ndata: {}\n\n");
  send_prices (fixture, "snapshot", "aa.4", "XAG", 30);
  wait_until (get_price (fixture, "XAG") == 30, PATIENCE);
  g_assert_cmpuint (fixture->snapshot->quotes->len, ==, 1);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

static void
test_watch_resumes (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  begin_watching (fixture);
  scripted_service_end_stream (fixture);
  wait_until (fixture->n_lost == 1, PATIENCE);
  wait_until (fixture->n_streams == 2, PATIENCE);
  g_assert_cmpstr (fixture->last_event_id, ==, "aa.1");
  send_prices (fixture, "update", "aa.2", "XAU", 12);
  wait_until (get_price (fixture, "XAU") == 12, PATIENCE);
  g_assert_cmpuint (fixture->n_found, ==, 2);
}

static void
test_watch_of_a_stranger (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  scripted_service_say (fixture, 200, "text/html", "");
  quotes_client_start_watching (fixture->client);
  wait_until (fixture->n_streams == 1, PATIENCE);
  scripted_service_send (fixture, "event: snapshot\ndata: []\n\n");
  wait_until (fixture->n_lost == 1, PATIENCE);
  g_assert_cmpuint (fixture->n_found, ==, 0);
  g_assert_cmpuint (fixture->n_changed, ==, 0);
}

static void
test_watch_of_an_endless_event (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *text = g_strnfill (9 * 1024 * 1024, 'x');

  begin_watching (fixture);
  scripted_service_send (fixture, text);
  wait_until (fixture->n_lost == 1, PATIENCE);
  g_assert_cmpfloat (get_price (fixture, "XAU"), ==, 10);
}

static void
test_stopping (ScriptedService *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  begin_watching (fixture);
  quotes_client_stop_watching (fixture->client);
  send_prices (fixture, "update", "aa.2", "XAU", 11);
  wait_settle ();
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/client/stream/" name, ScriptedService, NULL, scripted_service_set_up, func,        \
              scripted_service_tear_down)
  ADD ("changes-are-pushed", test_watch);
  ADD ("a-stream-is-resumed", test_watch_resumes);
  ADD ("a-stranger-is-not-watched", test_watch_of_a_stranger);
  ADD ("an-endless-event-ends-the-stream", test_watch_of_an_endless_event);
  ADD ("stopping-is-final", test_stopping);
#undef ADD

  return g_test_run ();
}
