/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <signal.h>
#include <string.h>

#include "ctl-world.h"
#include "quotes-json.h"
#include "wait.h"

#define PATIENCE 20
/* The promise of the bars, and the test's own share of a busy machine. */
#define REACTION_US (100 * 1000)

static gboolean
is_on_bus (const CtlWorld *world)
{
  return world->bus != NULL;
}

/* The rows of a table of commands: what is typed, how it ends, and what it says then. */
typedef struct
{
  const char *arguments[4];
  int code;
  const char *out;
  const char *err;
} Row;

static void
check_rows (CtlWorld *world, const Row *rows, gsize n_rows)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      g_auto (CtlOutcome) outcome = {0};

      ctl_world_run (world, rows[i].arguments, &outcome);
      g_test_message ("marketwell %s: %d\n%s%s", rows[i].arguments[0], outcome.code, outcome.out,
                      outcome.err);
      g_assert_cmpint (outcome.code, ==, rows[i].code);
      if (rows[i].out != NULL)
        g_assert_nonnull (strstr (outcome.out, rows[i].out));
      else
        g_assert_cmpstr (outcome.out, ==, "");
      if (rows[i].err != NULL)
        g_assert_nonnull (strstr (outcome.err, rows[i].err));
      else
        g_assert_cmpstr (outcome.err, ==, "");
    }
}

static void
test_commands (gconstpointer data)
{
  static const Row rows[] = {
    {{"list"}, 0, "XAU     Gold", NULL},
    {{"list", "--csv"}, 0, "symbol,name,asset_class,price,", NULL},
    {{"add", "yahoo:aapl", "nobody:X"}, 1, "AAPL is on the list\n", "“nobody:X”"},
    {{"add", "yahoo:AAPL"}, 0, "AAPL is on the list\n", NULL},
    {{"refresh"}, 0, "", NULL},
    {{"refresh", "XAU", "AAPL"}, 0, "", NULL},
    {{"refresh", "NOPE"}, 1, NULL, "“NOPE” is not in the list"},
    {{"remove", "AAPL"}, 0, "AAPL is no longer on the list\n", NULL},
    {{"remove", "AAPL", "NOPE"}, 1, NULL, "“AAPL” is not in the list"},
    {{"status"}, 0, "Demo", NULL},
    {{"doctor"}, 0, "ok    Instruments: all have a price\n", NULL},
    {{"--version"}, 0, "marketwell " VERSION "\n", NULL},
    {{"watch", "--help"}, 0, "[SYMBOL…]", NULL},
    {{"--help"}, 0, "doctor", NULL},
  };
  g_autoptr (CtlWorld) world = ctl_world_new (data);

  ctl_world_start_daemon (world, "0.2");
  check_rows (world, rows, G_N_ELEMENTS (rows));
}

static JsonNode *
run_json (CtlWorld *world, const char *command, const char *address)
{
  const char *arguments[] = {command, "--json", address, NULL};
  g_auto (CtlOutcome) outcome = {0};
  g_autoptr (GBytes) bytes = NULL;
  JsonNode *node = NULL;

  ctl_world_run (world, arguments, &outcome);
  g_assert_cmpint (outcome.code, ==, 0);
  bytes = g_bytes_new (outcome.out, strlen (outcome.out));
  node = quotes_json_parse (bytes, G_MAXSIZE, NULL);
  g_assert_nonnull (node);
  return node;
}

static void
test_json (gconstpointer data)
{
  g_autoptr (CtlWorld) world = ctl_world_new (data);
  g_autoptr (JsonNode) list = NULL;
  g_autoptr (JsonNode) status = NULL;
  JsonObject *object = NULL;

  ctl_world_start_daemon (world, "0.2");
  list = run_json (world, "list", NULL);
  object = quotes_json_get_object (list);
  g_assert_cmpuint (json_array_get_length (quotes_json_object_get_array (object, "quotes")), ==, 9);
  status = run_json (world, "status", NULL);
  object = quotes_json_get_object (status);
  g_assert_cmpstr (quotes_json_object_get_string (object, "state"), ==, "ok");
  g_assert_cmpstr (quotes_json_object_get_string (object, "program_version"), ==, VERSION);
  if (is_on_bus (world))
    g_assert_cmpstr (quotes_json_object_get_string (object, "transport"), ==, "D-Bus");
  else
    g_assert_true (g_str_has_prefix (quotes_json_object_get_string (object, "transport"), "unix:"));
}

/* Nothing changes between the questions. */
static void
test_agreement (gconstpointer data)
{
  g_autoptr (CtlWorld) world = ctl_world_new (data);
  g_autofree char *socket = ctl_world_dup_unix_option (world);
  g_autofree char *url = NULL;
  g_autoptr (JsonNode) over_bus = NULL;
  g_autoptr (JsonNode) over_socket = NULL;
  g_autoptr (JsonNode) over_url = NULL;
  g_autoptr (JsonNode) status = NULL;

  ctl_world_start_daemon (world, "600");
  status = run_json (world, "status", NULL);
  url = g_strconcat (
    "--address=", quotes_json_object_get_string (quotes_json_get_object (status), "address"), NULL);
  over_bus = run_json (world, "list", NULL);
  over_socket = run_json (world, "list", socket);
  over_url = run_json (world, "list", url);
  json_object_remove_member (quotes_json_get_object (over_bus), "generated");
  json_object_remove_member (quotes_json_get_object (over_socket), "generated");
  json_object_remove_member (quotes_json_get_object (over_url), "generated");
  g_assert_true (json_node_equal (over_bus, over_socket));
  g_assert_true (json_node_equal (over_bus, over_url));
}

static void
test_usage (gconstpointer data)
{
  static const Row rows[] = {
    {{NULL}, 2, NULL, "marketwell --help"},
    {{"nonsense"}, 2, NULL, "“nonsense”"},
    {{"list", "--nonsense"}, 2, NULL, "--nonsense"},
    {{"list", "XAU"}, 2, NULL, "“XAU”"},
    {{"list", "--json", "--csv"}, 2, NULL, "--csv"},
    {{"add"}, 2, NULL, "“marketwell add --help”"},
    {{"remove"}, 2, NULL, "“remove”"},
    {{"watch", "--format=nonsense"}, 2, NULL, "“nonsense”"},
    {{"--color=nonsense", "list"}, 2, NULL, "“nonsense”"},
    {{"list", "--address=nonsense"}, 2, NULL, "unix:PATH"},
  };
  g_autoptr (CtlWorld) world = ctl_world_new (data);

  check_rows (world, rows, G_N_ELEMENTS (rows));
}

static void
test_unavailable (gconstpointer data)
{
  static const Row rows[] = {
    {{"list"}, 69, NULL, "marketwell: "},
    {{"add", "yahoo:AAPL"}, 69, NULL, "marketwell: "},
    {{"remove", "XAU"}, 69, NULL, "marketwell: "},
    {{"refresh"}, 69, NULL, "marketwell: "},
    {{"status"}, 69, NULL, "marketwell: "},
    {{"list", "--address=http://127.0.0.1:1"}, 69, NULL, "marketwell: "},
    {{"doctor"}, 1, "fail  Service: ", NULL},
  };
  g_autoptr (CtlWorld) world = ctl_world_new (data);

  check_rows (world, rows, G_N_ELEMENTS (rows));
}

static void
test_first_lines (gconstpointer data)
{
  static const struct
  {
    const char *format;
    guint line;
    const char *begins;
    const char *has;
  } rows[] = {
    {"--format=plain", 0, NULL, "BTC  "},
    {"--format=json", 0, "[{\"symbol\":\"BTC\"", "\"stale\":false"},
    {"--format=waybar", 0, "{\"text\":\"BTC ", "\"class\":\""},
    {"--format=i3bar", 0, "{\"version\":1}", NULL},
    {"--format=i3bar", 1, "[", NULL},
    {"--format=i3bar", 2, "[{\"name\":\"marketwell\",\"instance\":\"BTC\"", "\"instance\":\"ETH\""},
    {"--format=i3bar", 3, ",[{\"name\":\"marketwell\",\"instance\":\"BTC\"", NULL},
    {"--format=polybar", 0, NULL, "BTC "},
    /* Not a terminal: plain. */
    {"--color=auto", 0, NULL, "BTC  "},
  };
  g_autoptr (CtlWorld) world = ctl_world_new (data);

  ctl_world_start_daemon (world, "0.2");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (CtlWatch) watch =
        ctl_watch_start (world, (const char *[]){"watch", rows[i].format, "BTC", "ETH", NULL});
      const char *line = ctl_watch_wait_for_line (watch, rows[i].line);

      if (rows[i].begins != NULL)
        g_assert_true (g_str_has_prefix (line, rows[i].begins));
      if (rows[i].has != NULL)
        g_assert_nonnull (strstr (line, rows[i].has));
      g_assert_null (strstr (line, "XAU"));
      g_assert_null (strchr (line, '\033'));
    }
}

/* Between what the bus says and what the bar gets, whatever way the command uses. */
static void
check_reaction (CtlWorld *world, const char *address)
{
  g_autoptr (CtlWatch) watch =
    ctl_watch_start (world, (const char *[]){"watch", "--format=waybar", address, NULL});

  ctl_watch_wait_for_line (watch, 0);
  for (guint i = 0; i < 5; i++)
    {
      guint n_lines = watch->lines->len;
      gint64 published_us = ctl_world_wait_for_signal (world);
      gint64 late_us = 0;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (JsonNode) node = NULL;
      const char *line = ctl_watch_wait_for_line (watch, n_lines);

      late_us = g_get_monotonic_time () - published_us;
      g_test_message ("A line came after %.1f ms", (double) late_us / 1000);
      g_assert_cmpfloat ((double) late_us, <=, REACTION_US * ctl_get_slowness ());
      bytes = g_bytes_new (line, strlen (line));
      node = quotes_json_parse (bytes, G_MAXSIZE, NULL);
      g_assert_nonnull (node);
    }
}

static void
test_reaction (gconstpointer data)
{
  g_autoptr (CtlWorld) world = ctl_world_new (data);
  g_autofree char *address = ctl_world_dup_unix_option (world);

  ctl_world_start_daemon (world, "0.5");
  check_reaction (world, NULL);
  check_reaction (world, address);
}

static void
test_restart (gconstpointer data)
{
  g_autoptr (CtlWorld) world = ctl_world_new (data);
  g_autoptr (CtlWatch) watch = NULL;
  guint first_offline = 0;

  ctl_world_start_daemon (world, "0.2");
  watch = ctl_watch_start (world, (const char *[]){"watch", "--format=waybar", NULL});
  g_assert_null (strstr (ctl_watch_wait_for_line (watch, 0), "\"class\":\"offline\""));
  ctl_world_kill_daemon (world);
  first_offline = ctl_watch_wait_for_text (watch, 1, "\"class\":\"offline\"");
  /* The last values stay, and say that they are old. */
  g_assert_nonnull (strstr (ctl_watch_wait_for_line (watch, first_offline), "BTC "));
  ctl_world_start_daemon (world, "0.2");
  wait_until (strstr (ctl_watch_wait_for_line (watch, watch->lines->len - 1), "offline") == NULL,
              PATIENCE * 2);
}

static void
test_watch_before_the_service (gconstpointer data)
{
  g_autoptr (CtlWorld) world = ctl_world_new (data);
  g_autoptr (CtlWatch) watch =
    ctl_watch_start (world, (const char *[]){"watch", "--format=json", NULL});

  g_assert_cmpstr (ctl_watch_wait_for_line (watch, 0), ==, "[]");
  ctl_world_start_daemon (world, "0.2");
  ctl_watch_wait_for_text (watch, 1, "[{\"symbol\":\"BTC\"");
}

static void
test_reader_goes (gconstpointer data)
{
  g_autoptr (CtlWorld) world = ctl_world_new (data);
  g_autoptr (CtlWatch) watch = NULL;

  /* So slow that no second line would show it. */
  ctl_world_start_daemon (world, "600");
  watch = ctl_watch_start (world, (const char *[]){"watch", "--format=plain", NULL});
  ctl_watch_wait_for_line (watch, 8);
  ctl_watch_close (watch);
  g_assert_cmpint (ctl_watch_wait_for_end (watch), ==, 0);
  g_assert_cmpstr (ctl_watch_get_errors (watch), ==, "");
}

static void
test_signals (gconstpointer data)
{
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  g_autoptr (CtlWorld) world = ctl_world_new (data);

  ctl_world_start_daemon (world, "0.2");
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      g_autoptr (CtlWatch) watch =
        ctl_watch_start (world, (const char *[]){"watch", "--format=plain", NULL});

      ctl_watch_wait_for_line (watch, 0);
      g_subprocess_send_signal (watch->process, signals[i]);
      g_assert_cmpint (ctl_watch_wait_for_end (watch), ==, 0);
    }
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    GTestDataFunc func;
  } tests[] = {
    {"every-command-works", test_commands},
    {"json-is-for-programs", test_json},
    {"wrong-usage-ends-with-2", test_usage},
    {"no-service-ends-with-69", test_unavailable},
    {"every-format-has-its-first-line", test_first_lines},
    {"watch-survives-the-service", test_restart},
    {"watch-waits-for-the-service", test_watch_before_the_service},
    {"watch-ends-with-its-reader", test_reader_goes},
    {"signals-end-it-with-0", test_signals},
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *bus = g_strconcat ("/ctl/bus/", tests[i].name, NULL);
      g_autofree char *socket = g_strconcat ("/ctl/socket/", tests[i].name, NULL);

      g_test_add_data_func (bus, "bus", tests[i].func);
      g_test_add_data_func (socket, "socket", tests[i].func);
    }
  g_test_add_data_func ("/ctl/the-bus-the-socket-and-the-url-agree", "bus", test_agreement);
  g_test_add_data_func ("/ctl/a-bar-has-its-line-within-100-ms", "bus", test_reaction);

  return g_test_run ();
}
