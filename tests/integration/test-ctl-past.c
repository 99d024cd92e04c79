/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "ctl-world.h"
#include "quotes-json.h"
#include "scripted-service.h"
#include "wait.h"

#define PATIENCE 20

/* Runs the command, which has to end with @code. Returns: (transfer full): what it wrote */
static char *
run (CtlWorld *world, int code, const char *const *arguments)
{
  g_auto (CtlOutcome) outcome = {0};

  ctl_world_run (world, arguments, &outcome);
  g_test_message ("marketwell %s %s: %d\n%.2000s%s", arguments[0],
                  arguments[1] != NULL ? arguments[1] : "", outcome.code, outcome.out, outcome.err);
  g_assert_cmpint (outcome.code, ==, code);
  if (code != 0)
    {
      g_assert_true (g_str_has_prefix (outcome.err, "marketwell: "));
      return g_steal_pointer (&outcome.err);
    }
  g_assert_cmpstr (outcome.err, ==, "");
  return g_steal_pointer (&outcome.out);
}

#define RUN(world, ...) run (world, 0, (const char *[]){__VA_ARGS__, NULL})
#define RUN_WRONG(world, code, ...) run (world, code, (const char *[]){__VA_ARGS__, NULL})

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (const char *p = strchr (text, '\n'); p != NULL; p = strchr (p + 1, '\n'))
    n++;
  return n;
}

/* What is seen may not be on the disk yet. */
static void
wait_for_records (CtlWorld *world, guint n_lines)
{
  gint64 end_us =
    g_get_monotonic_time () + (gint64) (PATIENCE * ctl_get_slowness () * (double) G_USEC_PER_SEC);

  for (;;)
    {
      g_autofree char *text = RUN (world, "export");

      if (count_lines (text) >= n_lines)
        return;
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (50000);
    }
}

static JsonNode *
parse (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  JsonNode *node = quotes_json_parse (bytes, G_MAXSIZE, NULL);

  g_assert_nonnull (node);
  return node;
}

static void
test_history (gconstpointer data)
{
  g_autoptr (CtlWorld) world = ctl_world_new (data);
  g_autofree char *chart = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *json = NULL;
  g_autofree char *csv = NULL;
  g_autofree char *unknown = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = NULL;
  const char *first = NULL;

  ctl_world_start_daemon (world, "0.2");
  wait_for_records (world, 1 + 9 * 2);

  chart = RUN (world, "history", "xau");
  g_assert_true (g_str_has_prefix (chart, "Gold (XAU) \u00b7 1 day"));
  g_assert_nonnull (strstr (chart, "\u25c2"));
  g_assert_null (strchr (chart, '\033'));
  plain = RUN (world, "history", "XAU", "--ascii", "--range=max");
  g_assert_nonnull (strstr (plain, "<"));
  g_assert_null (strstr (plain, "\u25c2"));

  json = RUN (world, "history", "XAU", "--json");
  node = parse (json);
  object = quotes_json_get_object (node);
  g_assert_cmpstr (quotes_json_object_get_string (object, "symbol"), ==, "XAU");
  g_assert_cmpstr (quotes_json_object_get_string (object, "currency"), ==, "USD");
  g_assert_cmpstr (quotes_json_object_get_string (object, "interval"), ==, "1m");
  g_assert_cmpuint (json_array_get_length (quotes_json_object_get_array (object, "bars")), >, 0);
  csv = RUN (world, "history", "XAU", "--csv", "--range=1y");
  g_assert_true (g_str_has_prefix (csv, "time,open,high,low,close,currency,source\r\n"));
  first = strstr (csv, ",USD,demo");
  g_assert_nonnull (first);

  unknown = RUN_WRONG (world, 1, "history", "NOPE");
  g_assert_nonnull (strstr (unknown, "“NOPE”"));
}

static void
test_usage (gconstpointer data)
{
  g_autoptr (CtlWorld) world = ctl_world_new (data);

  g_free (RUN_WRONG (world, 2, "history"));
  g_free (RUN_WRONG (world, 2, "history", "XAU", "BTC"));
  g_free (RUN_WRONG (world, 2, "history", "XAU", "--range=2d"));
  g_free (RUN_WRONG (world, 2, "history", "XAU", "--points=0"));
  g_free (RUN_WRONG (world, 2, "history", "XAU", "--points=5001"));
  g_free (RUN_WRONG (world, 2, "history", "XAU", "--json", "--csv"));
  g_free (RUN_WRONG (world, 2, "export", "XAU"));
  g_free (RUN_WRONG (world, 2, "export", "--since=yesterday"));
  g_free (RUN_WRONG (world, 2, "export", "--interval=2m"));
  g_free (RUN_WRONG (world, 2, "export", "--json", "--csv"));
  g_free (RUN_WRONG (world, 2, "alert"));
  g_free (RUN_WRONG (world, 2, "alert", "nonsense"));
  g_free (RUN_WRONG (world, 2, "alert", "add", "XAU", "above"));
  g_free (RUN_WRONG (world, 2, "alert", "add", "XAU", "above", "1,5"));
  g_free (RUN_WRONG (world, 2, "alert", "list", "XAU"));
  g_free (RUN_WRONG (world, 2, "alert", "remove"));
  g_free (RUN_WRONG (world, 2, "alert", "snooze", "1", "--for=soon"));
  g_free (RUN_WRONG (world, 69, "history", "XAU"));
  g_free (RUN_WRONG (world, 69, "export"));
  g_free (RUN_WRONG (world, 69, "alert", "list"));
}

static void
test_export (gconstpointer data)
{
  g_autoptr (CtlWorld) world = ctl_world_new (data);
  g_autofree char *csv = NULL;
  g_autofree char *json = NULL;
  g_autofree char *days = NULL;
  g_autofree char *future = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) recorded = NULL;

  ctl_world_start_daemon (world, "600");
  wait_for_records (world, 10);
  csv = RUN (world, "export", "--csv", "--since=1d");
  g_assert_cmpuint (count_lines (csv), ==, 10);
  g_assert_true (g_str_has_prefix (csv, "time,symbol,open,high,low,close,currency,source\r\n20"));
  json = RUN (world, "export", "--json");
  lines = g_strsplit (json, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 10);
  for (guint i = 0; i < 9; i++)
    {
      g_autoptr (JsonNode) node = parse (lines[i]);

      g_assert_nonnull (quotes_json_object_get_string (quotes_json_get_object (node), "symbol"));
    }
  days = RUN (world, "export", "--interval=1d", "--json");
  /* One day of each is recorded; those before may be filled in at any time. */
  recorded = g_strsplit (days, "\"source\":\"demo\"", -1);
  g_assert_cmpuint (g_strv_length (recorded) - 1, ==, 9);
  future = RUN (world, "export", "--since=2999-01-01");
  g_assert_cmpstr (future, ==, "time,symbol,open,high,low,close,currency,source\r\n");
}

/* A reader that has enough. */
static void
test_closed_pipe (gconstpointer data)
{
  g_autoptr (CtlWorld) world = ctl_world_new (data);
  g_autoptr (CtlWatch) watch = NULL;

  ctl_world_start_daemon (world, "600");
  wait_for_records (world, 10);
  watch = ctl_watch_start (world, (const char *[]){"export", NULL});
  ctl_watch_close (watch);
  g_assert_cmpint (ctl_watch_wait_for_end (watch), ==, 0);
  g_assert_cmpstr (ctl_watch_get_errors (watch), ==, "");
}

/* A service that fails in the middle: what came stands there, and the end says that it is not all.
 */
static void
test_broken_export (void)
{
  g_autoptr (CtlWorld) world = ctl_world_new ("socket");
  ScriptedService service = {0};
  g_autofree char *address = NULL;
  g_autoptr (CtlWatch) watch = NULL;

  scripted_service_set_up (&service, NULL);
  /* The second page is the first again. */
  scripted_service_say (&service, 200, "application/json",
                        "{\"interval\":\"tick\",\"records\":[{\"t\":\"2026-02-17T09:30:00+00:00\","
                        "\"symbol\":\"XAU\",\"o\":1,\"h\":1,\"l\":1,\"c\":1,\"currency\":\"USD\","
                        "\"source\":\"demo\"}],\"next\":41}");
  address = g_strconcat ("--address=", service.address, NULL);
  watch = ctl_watch_start (world, (const char *[]){"export", "--json", address, NULL});
  g_assert_nonnull (strstr (ctl_watch_wait_for_line (watch, 0), "\"symbol\":\"XAU\""));
  g_assert_cmpint (ctl_watch_wait_for_end (watch), ==, 1);
  g_assert_true (g_str_has_prefix (ctl_watch_get_errors (watch), "marketwell: "));
  g_assert_cmpuint (watch->lines->len, ==, 1);
  g_assert_nonnull (strstr (service.query, "after=41&limit="));
  g_clear_pointer (&watch, ctl_watch_free);
  scripted_service_tear_down (&service, NULL);
}

/* Over the socket between two times over the bus: if those are the same, nothing was filled in
 * meanwhile, and it has to be the same, too. */
static gboolean
agree (CtlWorld *world, const char *const *words, const char *address)
{
  g_autofree char *before = RUN (world, words[0], words[1], words[2]);
  g_autofree char *over_socket = RUN (world, words[0], words[1], words[2], address);
  g_autofree char *after = RUN (world, words[0], words[1], words[2]);

  if (!g_str_equal (before, after))
    return FALSE;
  g_assert_cmpstr (before, ==, over_socket);
  return TRUE;
}

static void
test_agreement (gconstpointer data)
{
  static const char *const questions[][3] = {
    {"history", "XAU", "--json"},
    {"history", "XAU", "--csv"},
    {"export", "--json", "--interval=tick"},
    {"export", "--csv", "--interval=1h"},
  };
  g_autoptr (CtlWorld) world = ctl_world_new (data);
  g_autofree char *address = ctl_world_dup_unix_option (world);
  gint64 end_us =
    g_get_monotonic_time () + (gint64) (PATIENCE * ctl_get_slowness () * (double) G_USEC_PER_SEC);

  ctl_world_start_daemon (world, "600");
  wait_for_records (world, 10);
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    while (!agree (world, questions[i], address))
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
}

/* Returns: (transfer full) (array zero-terminated=1): the ids of `alert list --json` */
static char **
read_ids (const char *text)
{
  g_autoptr (JsonNode) node = parse (text);
  JsonArray *alerts = quotes_json_object_get_array (quotes_json_get_object (node), "alerts");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < json_array_get_length (alerts); i++)
    g_strv_builder_add (builder,
                        quotes_json_object_get_string (
                          quotes_json_get_object (json_array_get_element (alerts, i)), "id"));
  return g_strv_builder_end (builder);
}

/* What one way sets, the other shows and takes away. */
static void
test_alerts (gconstpointer data)
{
  g_autoptr (CtlWorld) world = ctl_world_new (data);
  g_autofree char *address = ctl_world_dup_unix_option (world);
  g_autofree char *added = NULL;
  g_autofree char *other = NULL;
  g_autofree char *table = NULL;
  g_autofree char *over_bus = NULL;
  g_autofree char *over_socket = NULL;
  g_autofree char *refused = NULL;
  g_autofree char *unknown = NULL;
  g_autofree char *left = NULL;
  g_auto (GStrv) ids = NULL;

  ctl_world_start_daemon (world, "600");
  added = RUN (world, "alert", "add", "xau", "above", "1000000", "--note=up");
  g_assert_nonnull (strstr (added, ": XAU rises to 1000000.00 USD\n"));
  other = RUN (world, "alert", "add", "BTC", "below", "-5", "--repeat", "--cooldown=2h", address);
  g_assert_nonnull (strstr (other, ": BTC falls to \u22125.00 USD\n"));
  g_free (RUN (world, "alert", "add", "demo", "failing", "--for", "10m"));
  g_free (RUN (world, "alert", "add", "ETH", "move", "2%", "--within=15m", "--direction=down"));
  over_bus = RUN (world, "alert", "list", "--json");
  over_socket = RUN (world, "alert", "list", "--json", address);
  g_assert_cmpstr (over_bus, ==, over_socket);
  g_assert_nonnull (strstr (over_bus, "\"cooldown_s\":7200"));

  ids = read_ids (over_bus);
  g_assert_cmpuint (g_strv_length (ids), ==, 4);
  refused = RUN_WRONG (world, 1, "alert", "add", "NOPE", "stale");
  g_assert_nonnull (strstr (refused, "“NOPE”"));
  g_free (RUN (world, "alert", "disable", ids[0], address));
  g_free (RUN (world, "alert", "snooze", ids[1], "--for=1d"));
  table = RUN (world, "alert", "list", address);
  g_assert_nonnull (strstr (table, "off"));
  g_assert_nonnull (strstr (table, "snoozed until"));
  g_assert_nonnull (strstr (table, "ETH falls by 2% within 15 min"));
  g_free (RUN (world, "alert", "enable", ids[0]));
  g_free (RUN (world, "alert", "snooze", ids[1], "--for=0", address));
  g_free (RUN (world, "alert", "remove", ids[0], ids[1], ids[2], address));
  unknown = RUN_WRONG (world, 1, "alert", "remove", ids[0], ids[3]);
  g_assert_nonnull (strstr (unknown, ids[0]));
  left = RUN (world, "alert", "list");
  g_assert_true (g_str_has_prefix (left, "There are no alerts"));
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    GTestDataFunc func;
  } tests[] = {
    {"a-history-is-drawn-and-written", test_history},
    {"wrong-usage-is-told-apart", test_usage},
    {"everything-is-exported", test_export},
    {"an-export-ends-with-its-reader", test_closed_pipe},
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *bus = g_strconcat ("/ctl-past/bus/", tests[i].name, NULL);
      g_autofree char *socket = g_strconcat ("/ctl-past/socket/", tests[i].name, NULL);

      g_test_add_data_func (bus, "bus", tests[i].func);
      g_test_add_data_func (socket, "socket", tests[i].func);
    }
  g_test_add_func ("/ctl-past/an-export-that-breaks-off-says-so", test_broken_export);
  g_test_add_data_func ("/ctl-past/alerts-are-the-same-on-both-ways", "bus", test_alerts);
  g_test_add_data_func ("/ctl-past/the-bus-and-the-socket-agree", "bus", test_agreement);

  return g_test_run ();
}
