/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>
#include <math.h>

#include "quote-maker.h"
#include "quotes-argument.h"
#include "quotes-csv.h"
#include "quotes-history-format.h"
#include "quotes-lookup.h"
#include "test-locale.h"

static const QuotesBar bars[] = {
  {MAKER_TIME_US, 1.5, 3, -1, 2.25, "yahoo:chart", FALSE},
  {MAKER_TIME_US + 60250000, 64000.125, 1e21, 0.00001, 64000.5, "=evil", TRUE},
};

static void
assert_history_is_written (void)
{
  g_autoptr (QuotesHistory) history = quotes_history_new ("X\"Y", "USD", QUOTES_INTERVAL_MINUTE);
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GString) csv = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bars); i++)
    quotes_history_append (history, &bars[i]);
  quotes_history_format_append_json (history, json);
  quotes_history_format_append_csv (history, csv);
  g_assert_cmpstr (
    json->str, ==,
    "{\"symbol\":\"X\\\"Y\",\"currency\":\"USD\",\"interval\":\"1m\",\"bars\":["
    "{\"t\":\"2026-02-17T09:30:00+00:00\",\"o\":1.5,\"h\":3,\"l\":-1,\"c\":2.25,"
    "\"source\":\"yahoo:chart\"},"
    "{\"t\":\"2026-02-17T09:31:00.250000+00:00\",\"o\":64000.125,\"h\":1e21,\"l\":0.00001,"
    "\"c\":64000.5,\"source\":\"=evil\",\"roll\":true}]}\n");
  g_assert_cmpstr (
    csv->str, ==,
    "time,open,high,low,close,currency,source\r\n"
    "2026-02-17T09:30:00+00:00,1.5,3,-1,2.25,USD,yahoo:chart\r\n"
    "2026-02-17T09:31:00.250000+00:00,64000.125,1e21,0.00001,64000.5,USD,\"'=evil\"\r\n");
}

static void
test_history (void)
{
  static const char *const names[] = {"de_DE", "ar_EG"};

  assert_history_is_written ();
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      TestLocale locale = {0};

      if (test_locale_begin (&locale, names[i]))
        assert_history_is_written ();
      test_locale_end (&locale);
    }
}

static void
test_empty_history (void)
{
  g_autoptr (QuotesHistory) history = quotes_history_new ("X", NULL, QUOTES_INTERVAL_DAY);
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GString) csv = g_string_new (NULL);

  quotes_history_format_append_json (history, json);
  quotes_history_format_append_csv (history, csv);
  g_assert_cmpstr (json->str, ==,
                   "{\"symbol\":\"X\",\"currency\":null,\"interval\":\"1d\",\"bars\":[]}\n");
  g_assert_cmpstr (csv->str, ==, "time,open,high,low,close,currency,source\r\n");
}

static void
test_records (void)
{
  g_autoptr (QuotesRecordPage) page = quotes_record_page_new (QUOTES_INTERVAL_TICK);
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GString) csv = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bars); i++)
    {
      const QuotesRecord record = {i == 0 ? "A,B" : "XAU", i == 0 ? NULL : "USD", bars[i]};

      quotes_record_page_append (page, &record);
    }
  quotes_records_format_append_json (page, json);
  quotes_records_format_append_csv_headings (csv);
  quotes_records_format_append_csv (page, csv);
  g_assert_cmpstr (json->str, ==,
                   "{\"t\":\"2026-02-17T09:30:00+00:00\",\"symbol\":\"A,B\",\"o\":1.5,\"h\":3,"
                   "\"l\":-1,\"c\":2.25,\"currency\":null,\"source\":\"yahoo:chart\"}\n"
                   "{\"t\":\"2026-02-17T09:31:00.250000+00:00\",\"symbol\":\"XAU\","
                   "\"o\":64000.125,\"h\":1e21,\"l\":0.00001,\"c\":64000.5,\"currency\":\"USD\","
                   "\"source\":\"=evil\",\"roll\":true}\n");
  g_assert_cmpstr (csv->str, ==,
                   "time,symbol,open,high,low,close,currency,source\r\n"
                   "2026-02-17T09:30:00+00:00,\"A,B\",1.5,3,-1,2.25,,yahoo:chart\r\n"
                   "2026-02-17T09:31:00.250000+00:00,XAU,64000.125,1e21,0.00001,64000.5,USD,"
                   "\"'=evil\"\r\n");
}

static void
test_csv_cells (void)
{
  static const struct
  {
    const char *text;
    const char *row;
  } rows[] = {
    {NULL, "1,,2\r\n"},
    {"", "1,,2\r\n"},
    {"plain", "1,plain,2\r\n"},
    {"a,b", "1,\"a,b\",2\r\n"},
    {"a\"b", "1,\"a\"\"b\",2\r\n"},
    {"a\r\nb", "1,\"a\r\nb\",2\r\n"},
    {"-1", "1,\"'-1\",2\r\n"},
    {"\tx", "1,\"'\tx\",2\r\n"},
    {"é", "1,é,2\r\n"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);

      quotes_csv_append_number (out, 1);
      quotes_csv_append_text (out, rows[i].text);
      quotes_csv_append_number (out, 2);
      quotes_csv_end_row (out);
      g_assert_cmpstr (out->str, ==, rows[i].row);
    }
}

static void
test_durations (void)
{
  static const struct
  {
    const char *text;
    gint64 seconds; /* 0 = it is none */
  } rows[] = {
    {"1s", 1},
    {"90s", 90},
    {"15m", 900},
    {"1h", 3600},
    {"2d", 172800},
    {"1w", 604800},
    {"3650d", 315360000},
    {"3651d", 0},
    {"999999999s", 0},
    {"9999999999s", 0},
    {"", 0},
    {"m", 0},
    {"15", 0},
    {"15M", 0},
    {"1.5h", 0},
    {"-1h", 0},
    {"0m", 0},
    {" 1h", 0},
    {"1h ", 0},
    {"1hh", 0},
    {"1 h", 0},
    {"1mo", 0},
    {"\xd9\xa1h", 0},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 duration_us = -1;
      gboolean is_read = quotes_argument_read_duration (rows[i].text, &duration_us);

      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (is_read, ==, rows[i].seconds != 0);
      g_assert_cmpint (duration_us, ==, is_read ? rows[i].seconds * G_USEC_PER_SEC : -1);
    }
}

static void
test_numbers (void)
{
  static const char *const wrong[] = {"",     "-",     ".5",   "1,5", "1.5x", " 1",
                                      "1 ",   "+1",    "0x10", "inf", "-inf", "nan",
                                      "1e99", "1.2.3", "--1",  "1e",  "ten"};
  TestLocale locale = {0};
  double number = 0;

  g_assert_true (quotes_argument_read_number ("2400.50", &number));
  g_assert_cmpfloat (number, ==, 2400.5);
  g_assert_true (quotes_argument_read_number ("-37.63", &number));
  g_assert_cmpfloat (number, ==, -37.63);
  g_assert_true (quotes_argument_read_number ("1e3", &number));
  g_assert_cmpfloat (number, ==, 1000);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_test_message ("%s", wrong[i]);
      g_assert_false (quotes_argument_read_number (wrong[i], &number));
      g_assert_cmpfloat (number, ==, 1000);
    }

  g_assert_true (quotes_argument_read_percent ("1.5%", &number));
  g_assert_cmpfloat (number, ==, 1.5);
  g_assert_true (quotes_argument_read_percent ("3", &number));
  g_assert_false (quotes_argument_read_percent ("0", &number));
  g_assert_false (quotes_argument_read_percent ("-1", &number));
  g_assert_false (quotes_argument_read_percent ("%", &number));

  if (test_locale_begin (&locale, "de_DE"))
    {
      g_assert_true (quotes_argument_read_number ("0.25", &number));
      g_assert_cmpfloat (number, ==, 0.25);
      g_assert_false (quotes_argument_read_number ("0,25", &number));
    }
  test_locale_end (&locale);
}

static void
test_since (void)
{
  static const struct
  {
    const char *text;
    gint64 us; /* 0 = it is none */
  } rows[] = {
    /* 2026-02-17 began in Berlin at 23:00 UTC of the day before. */
    {"2026-02-17", MAKER_TIME_US - G_GINT64_CONSTANT (37800000000)},
    {"2026-02-17T10:30", MAKER_TIME_US},
    {"2026-02-17T10:30:00", MAKER_TIME_US},
    {"2026-02-17T09:30:00Z", MAKER_TIME_US},
    {"2026-02-17T09:30:00.5Z", MAKER_TIME_US + 500000},
    {"2026-02-17T09:30:00+00:00", MAKER_TIME_US},
    {"1h", MAKER_TIME_US - G_GINT64_CONSTANT (3600000000)},
    {"", 0},
    {"yesterday", 0},
    {"17.02.2026", 0},
    {"2026-02-30", 0},
    {"2026-2-17", 0},
    {"1066-10-14", 0},
    {"7", 0},
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 since_us = -1;
      gboolean is_read = quotes_argument_read_since (rows[i].text, zone, MAKER_TIME_US, &since_us);

      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (is_read, ==, rows[i].us != 0);
      g_assert_cmpint (since_us, ==, is_read ? rows[i].us : -1);
    }
}

static void
test_lookup (void)
{
  const QuotesQuote fields = maker_get_fields ("XAU", "Gold");
  g_autoptr (QuotesSnapshot) list = maker_snapshot (&fields);

  g_assert_cmpstr (quotes_lookup_symbol (list, "xau"), ==, "XAU");
  g_assert_cmpstr (quotes_lookup_symbol (list, "XAU"), ==, "XAU");
  g_assert_cmpstr (quotes_lookup_symbol (list, "nope"), ==, "nope");
  g_assert_null (quotes_lookup_quote (list, "nope"));
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add_func ("/ctl-history/" name, func)
  ADD ("programs-get-plain-numbers-in-every-locale", test_history);
  ADD ("an-empty-history-is-written", test_empty_history);
  ADD ("a-record-is-a-line", test_records);
  ADD ("cells-are-quoted-when-they-need-it", test_csv_cells);
  ADD ("durations-have-a-unit", test_durations);
  ADD ("numbers-are-those-of-programs", test_numbers);
  ADD ("since-is-a-day-a-time-or-a-duration", test_since);
  ADD ("symbols-are-found-in-any-case", test_lookup);
#undef ADD

  return g_test_run ();
}
