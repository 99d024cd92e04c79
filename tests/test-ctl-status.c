/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "quote-maker.h"
#include "quotes-doctor-report.h"
#include "quotes-json.h"
#include "quotes-status-format.h"
#include "quotes-table.h"
#include "quotes-text.h"

#define HOSTILE "A\033[31m\"\\<b>&\n\u202e"

static const QuotesPalette bare = {FALSE, FALSE};

static QuotesClientProvider *
add_provider (QuotesClientStatus *status, const char *id, const char *state, const char *reason)
{
  QuotesClientProvider *provider = quotes_client_status_add_provider (status, id);

  provider->label = g_strdup (HOSTILE);
  provider->state = g_strdup (state);
  provider->reason = g_strdup (reason);
  provider->last_ok_us = MAKER_TIME_US;
  provider->interval_us = 30 * G_USEC_PER_SEC;
  provider->interval_reason = g_strdup ("regular");
  provider->n_instruments = 4;
  return provider;
}

static QuotesClientStatus *
make_status (void)
{
  QuotesClientStatus *status = quotes_client_status_new ("D-Bus");
  QuotesClientProvider *failing = NULL;
  QuotesClientPending *pending = quotes_client_status_add_pending (status, "NOPE");

  status->state = g_strdup ("degraded");
  status->last_update_us = MAKER_TIME_US;
  add_provider (status, "yahoo", "ok", NULL)->attribution = g_strdup ("Data: \033[5mY");
  failing = add_provider (status, "coingecko", "open", "rate-limited");
  failing->next_try_us = MAKER_TIME_US;
  failing->n_failures = 3;
  pending->instrument = g_strdup ("yahoo:NOPE");
  pending->reason = g_strdup ("not-found");
  return status;
}

static void
test_status_for_people (void)
{
  g_autoptr (QuotesClientStatus) status = make_status ();
  g_autoptr (GString) out = g_string_new (NULL);

  quotes_status_format_append_plain (status, MAKER_TIME_US + 5 * G_USEC_PER_SEC,
                                     QUOTES_TABLE_ANY_WIDTH, bare, out);
  g_assert_null (strchr (out->str, '\033'));
  g_assert_nonnull (strstr (out->str, "some providers fail\n"));
  g_assert_nonnull (strstr (out->str, "paused"));
  g_assert_nonnull (strstr (out->str, "it wants to be asked less often\n"));
  g_assert_nonnull (strstr (out->str, "  5 s  "));
  g_assert_nonnull (strstr (out->str, "yahoo:NOPE  unknown to the provider"));
  g_assert_nonnull (strstr (out->str, "\nData: "));
}

static void
test_a_past_that_is_not_kept (void)
{
  static const struct
  {
    const char *storage;
    const char *words;
  } cases[] = {
    {NULL, NULL},
    {"ok", NULL},
    {"full", "not kept: the disk is full\n"},
    {"read-only", "not kept: the disk is read-only\n"},
    {"failed", "not kept: the file cannot be used\n"},
    {"newer", "not kept: the file is of a newer version\n"},
    {"word-of-tomorrow", "word-of-tomorrow\n"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QuotesClientStatus) status = make_status ();
      g_autoptr (GString) out = g_string_new (NULL);

      status->storage = g_strdup (cases[i].storage);
      quotes_status_format_append_plain (status, MAKER_TIME_US, QUOTES_TABLE_ANY_WIDTH, bare, out);
      g_assert_cmpint (strstr (out->str, "History") != NULL, ==, cases[i].words != NULL);
      if (cases[i].words != NULL)
        g_assert_nonnull (strstr (out->str, cases[i].words));
    }
}

static char *
format_pace (gint64 interval_us, const char *reason)
{
  g_autoptr (QuotesClientStatus) status = make_status ();
  QuotesClientProvider *provider = g_ptr_array_index (status->providers, 0);
  GString *out = g_string_new (NULL);

  provider->interval_us = interval_us;
  g_free (provider->interval_reason);
  provider->interval_reason = g_strdup (reason);
  quotes_status_format_append_plain (status, MAKER_TIME_US, QUOTES_TABLE_ANY_WIDTH, bare, out);
  return g_string_free (out, FALSE);
}

static void
test_status_says_how_often (void)
{
  static const struct
  {
    gint64 interval_us;
    const char *reason;
    const char *text;
  } cases[] = {
    {900 * (gint64) G_USEC_PER_SEC, "closed", " 15 min  markets are closed"},
    {120 * (gint64) G_USEC_PER_SEC, "power-saver", " 2 min  saving power"},
    {77 * (gint64) G_USEC_PER_SEC, "unwatched", " 77 s  nobody is watching"},
    {G_USEC_PER_SEC / 10, "fixed", " 100 ms  always the same"},
    {3600 * (gint64) G_USEC_PER_SEC, "brand-new", " 1 h  brand-new"},
  };
  g_autofree char *usual = format_pace (30 * (gint64) G_USEC_PER_SEC, "regular");

  g_assert_nonnull (strstr (usual, " 30 s"));
  g_assert_null (strstr (usual, "as usual"));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = format_pace (cases[i].interval_us, cases[i].reason);

      g_test_message ("%s", text);
      g_assert_nonnull (strstr (text, cases[i].text));
      g_assert_nonnull (strstr (text, "as usual"));
    }
}

static void
test_status_fits (void)
{
  g_autoptr (QuotesClientStatus) status = make_status ();
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;

  quotes_status_format_append_plain (status, MAKER_TIME_US, 40, bare, out);
  lines = g_strsplit (out->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpuint (quotes_text_get_width (lines[i]), <=, 40);
}

static void
test_status_json (void)
{
  g_autoptr (QuotesClientStatus) status = make_status ();
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = NULL;
  JsonObject *provider = NULL;
  gint64 interval_ms = 0;

  quotes_status_format_append_json (status, out);
  g_assert_true (strchr (out->str, '\n') == out->str + out->len - 1);
  bytes = g_bytes_new (out->str, out->len);
  node = quotes_json_parse (bytes, G_MAXSIZE, NULL);
  object = quotes_json_get_object (node);
  g_assert_cmpstr (quotes_json_object_get_string (object, "state"), ==, "degraded");
  g_assert_true (json_object_get_null_member (object, "address"));
  g_assert_true (json_object_get_null_member (object, "next_update"));
  provider = json_array_get_object_element (quotes_json_object_get_array (object, "providers"), 1);
  g_assert_cmpstr (quotes_json_object_get_string (provider, "id"), ==, "coingecko");
  g_assert_cmpstr (quotes_json_object_get_string (provider, "label"), ==, HOSTILE);
  g_assert_cmpstr (quotes_json_object_get_string (provider, "reason"), ==, "rate-limited");
  g_assert_true (quotes_json_object_get_int (provider, "interval_ms", &interval_ms));
  g_assert_cmpint (interval_ms, ==, 30000);
  g_assert_cmpstr (quotes_json_object_get_string (provider, "interval_reason"), ==, "regular");
  g_assert_cmpuint (json_array_get_length (quotes_json_object_get_array (object, "pending")), ==,
                    1);
}

static void
test_new_words_stay (void)
{
  g_assert_cmpstr (quotes_status_format_get_service_words ("brand-new"), ==, "brand-new");
  g_assert_cmpstr (quotes_status_format_get_reason_words (NULL), ==, "");
  g_assert_cmpstr (quotes_status_format_get_symbol_words (NULL), ==, "waiting for a price");
}

static void
test_doctor_judges (void)
{
  g_autoptr (QuotesClientStatus) status = make_status ();
  g_autoptr (QuotesDoctorReport) report = quotes_doctor_report_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;

  quotes_doctor_report_add (report, QUOTES_VERDICT_WARN, "This", "is so", "Do that");
  g_assert_false (quotes_doctor_report_has_failed (report));
  quotes_doctor_report_add_providers (report, status, MAKER_TIME_US + G_USEC_PER_SEC);
  quotes_doctor_report_add_pending (report, status);
  g_assert_true (quotes_doctor_report_has_failed (report));
  quotes_doctor_report_append (report, QUOTES_TABLE_ANY_WIDTH, bare, out);
  g_assert_null (strchr (out->str, '\033'));
  lines = g_strsplit (out->str, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 5);
  g_assert_cmpstr (lines[0], ==, "warn  This: is so. Do that");
  g_assert_true (g_str_has_prefix (lines[1], "ok    A"));
  g_assert_true (g_str_has_suffix (lines[1], ": ok, last answer 1 s ago"));
  g_assert_true (g_str_has_prefix (lines[2], "fail  A"));
  g_assert_nonnull (strstr (lines[2], "paused, it wants to be asked less often, failed 3 times"));
  g_assert_nonnull (strstr (lines[2], "a longer interval asks less often; next try at "));
  g_assert_cmpstr (lines[3], ==,
                   "warn  NOPE: unknown to the provider. Look whether “yahoo:NOPE” is spelled "
                   "right");
}

/* Whatever is wrong, there is something to do about it. */
static void
test_doctor_always_advises (void)
{
  g_autoptr (QuotesClientStatus) status = quotes_client_status_new ("D-Bus");
  g_autoptr (QuotesDoctorReport) report = quotes_doctor_report_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  QuotesClientPending *pending = quotes_client_status_add_pending (status, "XAU");

  pending->instrument = g_strdup ("yahoo:GC=F");
  quotes_doctor_report_add_pending (report, status);
  quotes_doctor_report_append (report, QUOTES_TABLE_ANY_WIDTH, bare, out);
  g_assert_cmpstr (out->str, ==, "warn  XAU: waiting for a price. Wait; it goes on by itself\n");
}

static void
test_doctor_wraps (void)
{
  g_autoptr (QuotesDoctorReport) report = quotes_doctor_report_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  quotes_doctor_report_add (report, QUOTES_VERDICT_FAIL, "Subject", "one two three four five six",
                            NULL);
  quotes_doctor_report_append (report, 30, bare, out);
  g_assert_cmpstr (out->str, ==, "fail  Subject: one two three\n      four five six\n");
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ctl-status/a-past-that-is-not-kept-is-told", test_a_past_that_is_not_kept);
  g_test_add_func ("/ctl-status/people-see-words", test_status_for_people);
  g_test_add_func ("/ctl-status/people-see-how-often", test_status_says_how_often);
  g_test_add_func ("/ctl-status/it-fits-a-narrow-terminal", test_status_fits);
  g_test_add_func ("/ctl-status/json-has-the-names-of-rest", test_status_json);
  g_test_add_func ("/ctl-status/words-that-are-new-stay", test_new_words_stay);
  g_test_add_func ("/ctl-status/doctor-judges-providers-and-instruments", test_doctor_judges);
  g_test_add_func ("/ctl-status/doctor-always-advises", test_doctor_always_advises);
  g_test_add_func ("/ctl-status/doctor-wraps-between-words", test_doctor_wraps);

  return g_test_run ();
}
