/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>

#include "quotes-options.h"

/* @line: the command line without the program's name, split at spaces. */
static gboolean
parse (QuotesOptions *options, const char *line, GError **error)
{
  g_autofree char *whole = g_strconcat ("marketwelld ", line, NULL);
  g_auto (GStrv) words = g_strsplit (whole, " ", -1);
  g_autofree char **argv = g_memdup2 (words, (g_strv_length (words) + 1) * sizeof (char *));
  int argc = (int) g_strv_length (words) - (*line == '\0');
  char **rest = argv;

  *options = (QuotesOptions){0};
  argv[argc] = NULL;
  return quotes_options_parse (options, &argc, &rest, error);
}

static void
test_defaults (void)
{
  g_auto (QuotesOptions) options = {0};
  g_autoptr (GError) error = NULL;

  g_assert_true (parse (&options, "", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (options.listen_address, ==, "127.0.0.1");
  g_assert_cmpuint (options.listen_port, ==, 18787);
  g_assert_cmpint (options.interval_us, ==, 0);
  g_assert_cmpuint (options.max_streams, ==, 200);
  g_assert_cmpuint (options.max_streams_per_client, ==, 5);
  g_assert_cmpuint (g_hash_table_size (options.upstreams), ==, 0);
  g_assert_null (options.state_dir);
  g_assert_false (options.no_bus || options.no_http || options.demo || options.stamp_frames ||
                  options.verbose || options.version);
}

static void
test_everything (void)
{
  g_auto (QuotesOptions) options = {0};
  g_autoptr (GError) error = NULL;

  g_assert_true (parse (&options,
                        "--listen [::1]:0 --no-http --no-bus --state-dir /tmp/x --interval 0.25 "
                        "--upstream yahoo=http://127.0.0.1:1/base/ "
                        "--upstream=coingecko=https://[::1]:2 --demo --max-streams 10000 "
                        "--max-streams-per-client 0 --stamp-frames --verbose --version",
                        &error));
  g_assert_no_error (error);
  g_assert_cmpstr (options.listen_address, ==, "::1");
  g_assert_cmpuint (options.listen_port, ==, 0);
  g_assert_cmpstr (options.state_dir, ==, "/tmp/x");
  g_assert_cmpint (options.interval_us, ==, 250000);
  g_assert_cmpuint (options.max_streams, ==, 10000);
  g_assert_cmpuint (options.max_streams_per_client, ==, 0);
  g_assert_cmpuint (g_hash_table_size (options.upstreams), ==, 2);
  g_assert_cmpstr (g_hash_table_lookup (options.upstreams, "yahoo"), ==, "http://127.0.0.1:1/base");
  g_assert_cmpstr (g_hash_table_lookup (options.upstreams, "coingecko"), ==, "https://[::1]:2");
  g_assert_true (options.no_bus && options.no_http && options.demo && options.stamp_frames &&
                 options.verbose && options.version);
}

static void
test_last_one_wins (void)
{
  g_auto (QuotesOptions) options = {0};
  g_autoptr (GError) error = NULL;

  g_assert_true (parse (&options,
                        "--listen 127.0.0.1:1 --listen localhost:65535 "
                        "--upstream yahoo=http://a --upstream yahoo=http://b",
                        &error));
  g_assert_no_error (error);
  g_assert_cmpstr (options.listen_address, ==, "127.0.0.1");
  g_assert_cmpuint (options.listen_port, ==, 65535);
  g_assert_cmpstr (g_hash_table_lookup (options.upstreams, "yahoo"), ==, "http://b");
}

static void
test_wrong_values (void)
{
  const char *const lines[] = {
    "--listen",
    "--listen 18787",
    "--listen 127.0.0.1",
    "--listen 127.0.0.1:",
    "--listen 127.0.0.1:65536",
    "--listen 127.0.0.1:-1",
    "--listen 127.0.0.1:1x",
    "--listen ::1:80",
    "--listen [::1]80",
    "--listen []:80",
    "--listen :80",
    "--listen example.org:80",
    "--interval nothing",
    "--interval 0",
    "--interval -1",
    "--interval nan",
    "--interval inf",
    "--interval 0x10",
    "--interval 1e9",
    "--interval 1,5",
    "--interval 5s",
    "--interval=",
    "--max-streams 0",
    "--max-streams -1",
    "--max-streams many",
    "--max-streams 99999999999999999999",
    "--max-streams-per-client -1",
    "--max-streams-per-client 1.5",
    "--upstream yahoo",
    "--upstream =http://127.0.0.1",
    "--upstream yahoo=",
    "--upstream yahoo=ftp://127.0.0.1",
    "--upstream yahoo=127.0.0.1:80",
    "--upstream yahoo=http://",
    "--upstream yahoo=http://a\tb/",
    "--upstream yahoo=http://user:secret@127.0.0.1",
    "--upstream yahoo=http://127.0.0.1/?x=1",
    "--upstream yahoo=http://127.0.0.1/#x",
    "--state-dir=",
    "--no-such-option",
    "argument",
    "with\nnewline",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (QuotesOptions) options = {0};
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", lines[i]);
      g_assert_false (parse (&options, lines[i], &error));
      g_assert_nonnull (error);
      g_assert_null (strchr (error->message, '\n'));
    }
}

/* Rule B1: the message names the option. */
static void
test_only_loopback (void)
{
  const char *const lines[] = {
    "--listen 0.0.0.0:18787",   "--listen 192.168.1.5:18787",        "--listen [::]:18787",
    "--listen [fe80::1]:18787", "--listen [::ffff:127.0.0.1]:18787",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (QuotesOptions) options = {0};
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", lines[i]);
      g_assert_false (parse (&options, lines[i], &error));
      g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
      g_assert_nonnull (strstr (error->message, "--listen"));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/options/defaults-are-those-of-the-contract", test_defaults);
  g_test_add_func ("/options/everything-can-be-given", test_everything);
  g_test_add_func ("/options/the-last-one-wins", test_last_one_wins);
  g_test_add_func ("/options/a-wrong-value-is-one-clear-line", test_wrong_values);
  g_test_add_func ("/options/only-loopback-addresses-are-taken", test_only_loopback);

  return g_test_run ();
}
