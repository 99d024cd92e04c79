/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "daemon-process.h"
#include "http.h"
#include "scripted-market.h"
#include "wait.h"

#define QUOTES "/api/v1/widgets/quotes"
#define YAHOO_CLOSED "\"interval_ms\":900000,\"interval_reason\":\"closed\""
#define COINS_REGULAR "\"interval_ms\":30000,\"interval_reason\":\"regular\""
#define ALL_FIXED "\"interval_ms\":20000,\"interval_reason\":\"fixed\""

static gboolean
says (const char *address, const char *text)
{
  g_autoptr (HttpAnswer) http = http_get (address, "/api/v1/status");

  return strstr (http->body, text) != NULL;
}

static DaemonProcess *
start (ScriptedMarket *market, const char *option, const char *value)
{
  g_autofree char *yahoo = g_strconcat ("yahoo=", scripted_upstream_get_url (market->yahoo), NULL);
  g_autofree char *coingecko =
    g_strconcat ("coingecko=", scripted_upstream_get_url (market->coingecko), NULL);
  const char *const arguments[] = {"--no-bus", "--upstream", yahoo, "--upstream",
                                   coingecko,  option,       value, NULL};

  return daemon_process_start (arguments);
}

/* New York is closed; gold and oil, which have hours of their own, are not asked for. */
static void
test_the_hours_reach_the_status (void)
{
  static const char *const others[] = {"XAU", "XAG", "BRENT", "WTI"};
  ScriptedMarket *market = scripted_market_new ();
  DaemonProcess *daemon = NULL;
  const char *address = NULL;

  market->is_closed = TRUE;
  daemon = start (market, NULL, NULL);
  address = daemon_process_get_address (daemon);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *target = g_strconcat (QUOTES "/", others[i], NULL);
      g_autoptr (HttpAnswer) http = http_ask (address, "DELETE", target, NULL, NULL);

      g_assert_cmpuint (http->status, ==, 200);
    }
  wait_until (says (address, YAHOO_CLOSED), 20);
  wait_until (says (address, COINS_REGULAR), 20);

  daemon_process_stop (daemon, 5);
  daemon_process_free (daemon);
  scripted_market_free (market);
}

static void
test_an_interval_of_the_command_line_holds (void)
{
  ScriptedMarket *market = scripted_market_new ();
  DaemonProcess *daemon = NULL;
  const char *address = NULL;

  market->is_closed = TRUE;
  daemon = start (market, "--interval", "20");
  address = daemon_process_get_address (daemon);
  wait_until (says (address, "\"state\":\"ok\",\"version\""), 20);
  g_assert_true (says (address, ALL_FIXED));
  g_assert_false (says (address, "\"interval_reason\":\"closed\""));

  daemon_process_stop (daemon, 5);
  daemon_process_free (daemon);
  scripted_market_free (market);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pace-daemon/the-hours-reach-the-status", test_the_hours_reach_the_status);
  g_test_add_func ("/pace-daemon/an-interval-of-the-command-line-holds",
                   test_an_interval_of_the_command_line_holds);

  return g_test_run ();
}
