/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "provider-rig.h"
#include "quotes-coingecko-parse.h"
#include "quotes-yahoo-parse.h"

/* What goes wrong, for every parser of a provider alike. */

#define NOW_US (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

/* Both are asked for `A` and `B`; the chart only for `A`. */
static QuotesBatch *
parse_spark (const QuotesHttpAnswer *answer)
{
  g_autoptr (GPtrArray) instruments = rig_make_instruments ("yahoo", "A B");

  return quotes_yahoo_parse_spark (answer, instruments, NOW_US);
}

static QuotesBatch *
parse_chart (const QuotesHttpAnswer *answer)
{
  g_autoptr (QuotesInstrument) instrument = rig_make_instrument ("yahoo", "A");

  return quotes_yahoo_parse_chart (answer, instrument, NOW_US);
}

static QuotesBatch *
parse_coins (const QuotesHttpAnswer *answer)
{
  g_autoptr (GPtrArray) instruments = rig_make_instruments ("coingecko", "A B");

  return quotes_coingecko_parse (answer, instruments, NOW_US);
}

typedef QuotesBatch *(*Parse) (const QuotesHttpAnswer *answer);

static const Parse parsers[] = {parse_spark, parse_chart, parse_coins};

static void
assert_error (Parse parse, const QuotesHttpAnswer *answer, QuotesProviderError code)
{
  g_autoptr (QuotesBatch) batch = parse (answer);

  g_assert_error (batch->error, QUOTES_PROVIDER_ERROR, (int) code);
  g_assert_cmpint (batch->retry_after_us, ==, answer->retry_after_us);
  g_assert_cmpuint (batch->quotes->len, ==, 0);
  g_assert_cmpuint (g_hash_table_size (batch->symbol_errors), ==, 0);
}

static void
test_what_is_no_json_is_judged_by_status_and_words (void)
{
  static const struct
  {
    guint status;
    const char *type;
    const char *text;
    QuotesProviderError error;
  } cases[] = {
    {429, "text/plain", "Edge: Too Many Requests", QUOTES_PROVIDER_ERROR_RATE_LIMITED},
    {200, "text/plain", "Too Many Requests\r\n", QUOTES_PROVIDER_ERROR_RATE_LIMITED},
    {200, NULL, "  Edge: Too Many Requests", QUOTES_PROVIDER_ERROR_RATE_LIMITED},
    {200, "text/plain", "Throttled", QUOTES_PROVIDER_ERROR_RATE_LIMITED},
    {503, "text/plain", "throttled\n", QUOTES_PROVIDER_ERROR_RATE_LIMITED},
    {429, "text/html", "<html>slow down</html>", QUOTES_PROVIDER_ERROR_RATE_LIMITED},
    {418, NULL, "", QUOTES_PROVIDER_ERROR_RATE_LIMITED},
    {401, "text/plain", "Unauthorized", QUOTES_PROVIDER_ERROR_AUTH},
    {403, "text/html", "<!DOCTYPE html>", QUOTES_PROVIDER_ERROR_BLOCKED},
    {403, NULL, "", QUOTES_PROVIDER_ERROR_BLOCKED},
    {451, "application/json", "{}", QUOTES_PROVIDER_ERROR_BARRED},
    {200, "text/html", "\n <!doctype html><script>1</script>", QUOTES_PROVIDER_ERROR_BLOCKED},
    {200, "text/html", "window.location = '/'", QUOTES_PROVIDER_ERROR_BLOCKED},
    {200, "application/json", "<html>Throttled</html>", QUOTES_PROVIDER_ERROR_BLOCKED},
    {502, "text/html", "<html>Will be right back</html>", QUOTES_PROVIDER_ERROR_UNAVAILABLE},
    {503, NULL, "", QUOTES_PROVIDER_ERROR_UNAVAILABLE},
    {500, "text/html", "<html>", QUOTES_PROVIDER_ERROR_HTTP},
    {404, "text/html", "<html>", QUOTES_PROVIDER_ERROR_HTTP},
    {302, NULL, "", QUOTES_PROVIDER_ERROR_HTTP},
    {200, "application/json", "", QUOTES_PROVIDER_ERROR_BAD_DATA},
    {200, "application/json", "null", QUOTES_PROVIDER_ERROR_BAD_DATA},
    {200, "application/json", "\"text\"", QUOTES_PROVIDER_ERROR_BAD_DATA},
    {200, "application/json", "{\"spark\":", QUOTES_PROVIDER_ERROR_BAD_DATA},
    {200, "application/json", "{\"chart\":[]}", QUOTES_PROVIDER_ERROR_BAD_DATA},
    {200, "application/json", "[{\"a\":NaN}]", QUOTES_PROVIDER_ERROR_BAD_DATA},
    {500, "application/json", "{\"a\":", QUOTES_PROVIDER_ERROR_HTTP},
    {200, "application/json", "{\"message\":\"hello\"}", QUOTES_PROVIDER_ERROR_BAD_DATA},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (parsers); k++)
      {
        g_autoptr (QuotesHttpAnswer) answer =
          rig_make_answer (cases[i].text, cases[i].status, cases[i].type);

        answer->retry_after_us = 119 * G_USEC_PER_SEC;
        assert_error (parsers[k], answer, cases[i].error);
      }
}

static void
test_errors_of_yahoo (void)
{
  static const struct
  {
    const char *file;
    guint status;
    QuotesProviderError error;
  } cases[] = {
    {"yahoo/bad-request.json", 400, QUOTES_PROVIDER_ERROR_HTTP},
    {"yahoo/bad-request.json", 200, QUOTES_PROVIDER_ERROR_HTTP},
    {"yahoo/unauthorized.json", 401, QUOTES_PROVIDER_ERROR_AUTH},
    {"yahoo/unauthorized.json", 200, QUOTES_PROVIDER_ERROR_AUTH},
    {"yahoo/no-such-api.json", 404, QUOTES_PROVIDER_ERROR_HTTP},
    {"yahoo/not-found.json", 429, QUOTES_PROVIDER_ERROR_RATE_LIMITED},
    {"yahoo/not-found.json", 500, QUOTES_PROVIDER_ERROR_HTTP},
    {"yahoo/right-back.html", 200, QUOTES_PROVIDER_ERROR_BLOCKED},
    {"yahoo/right-back.html", 504, QUOTES_PROVIDER_ERROR_UNAVAILABLE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QuotesHttpAnswer) answer = rig_load_answer (cases[i].file, cases[i].status);

      assert_error (parse_spark, answer, cases[i].error);
      assert_error (parse_chart, answer, cases[i].error);
    }
}

static void
test_errors_of_coingecko (void)
{
  static const struct
  {
    const char *file;
    guint status;
    QuotesProviderError error;
  } cases[] = {
    {"coingecko/too-many.json", 429, QUOTES_PROVIDER_ERROR_RATE_LIMITED},
    {"coingecko/too-many.json", 200, QUOTES_PROVIDER_ERROR_RATE_LIMITED},
    {"coingecko/no-key.json", 401, QUOTES_PROVIDER_ERROR_AUTH},
    {"coingecko/no-key.json", 200, QUOTES_PROVIDER_ERROR_AUTH},
    {"coingecko/wrong-currency.json", 422, QUOTES_PROVIDER_ERROR_HTTP},
    {"coingecko/wrong-currency.json", 200, QUOTES_PROVIDER_ERROR_HTTP},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QuotesHttpAnswer) answer = rig_load_answer (cases[i].file, cases[i].status);

      assert_error (parse_coins, answer, cases[i].error);
    }
}

static void
test_unknown_symbols_are_no_error_of_the_answer (void)
{
  static const guint statuses[] = {200, 404};

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (QuotesHttpAnswer) answer = rig_load_answer ("yahoo/not-found.json", statuses[i]);
      g_autoptr (QuotesBatch) chart = parse_chart (answer);
      g_autoptr (QuotesBatch) spark = parse_spark (answer);

      g_assert_no_error (chart->error);
      g_assert_no_error (spark->error);
      g_assert_cmpint (rig_get_symbol_error (chart, "A"), ==, QUOTES_SYMBOL_ERROR_NOT_FOUND);
      g_assert_cmpint (rig_get_symbol_error (spark, "B"), ==, QUOTES_SYMBOL_ERROR_NOT_FOUND);
    }
}

/* An answer in which `A` has @price and `B` has 2.5; of the parser number @k. */
static char *
write_prices (gsize k, const char *price)
{
  if (k == 0)
    return g_strconcat ("{\"spark\":{\"result\":[{\"symbol\":\"A\",\"response\":[{\"meta\":{"
                        "\"regularMarketPrice\":",
                        price,
                        "}}]},{\"symbol\":\"B\",\"response\":[{\"meta\":{"
                        "\"regularMarketPrice\":2.5}}]}],\"error\":null}}",
                        NULL);
  if (k == 1)
    return g_strconcat ("{\"chart\":{\"result\":[{\"meta\":{\"symbol\":\"A\","
                        "\"regularMarketPrice\":",
                        price, "}}],\"error\":null}}", NULL);
  if (k == 2)
    return g_strconcat ("[{\"id\":\"A\",\"current_price\":", price,
                        "},{\"id\":\"B\",\"current_price\":2.5}]", NULL);
  return g_strconcat ("{\"A\":{\"usd\":", price, "},\"B\":{\"usd\":2.5}}", NULL);
}

static void
test_impossible_prices_are_refused (void)
{
  static const Parse writers[] = {parse_spark, parse_chart, parse_coins, parse_coins};
  static const struct
  {
    const char *price;
    QuotesSymbolError error;
  } cases[] = {
    {"1e400", QUOTES_SYMBOL_ERROR_BAD_DATA},
    {"-1e400", QUOTES_SYMBOL_ERROR_BAD_DATA},
    {"99999999999999999999", QUOTES_SYMBOL_ERROR_BAD_DATA},
    {"9223372036854775808", QUOTES_SYMBOL_ERROR_BAD_DATA},
    {"\"1.5\"", QUOTES_SYMBOL_ERROR_BAD_DATA},
    {"true", QUOTES_SYMBOL_ERROR_BAD_DATA},
    {"[1]", QUOTES_SYMBOL_ERROR_BAD_DATA},
    {"null", QUOTES_SYMBOL_ERROR_NO_PRICE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (writers); k++)
      {
        g_autofree char *text = write_prices (k, cases[i].price);
        g_autoptr (QuotesHttpAnswer) answer = rig_make_answer (text, 200, "application/json");
        g_autoptr (QuotesBatch) batch = writers[k](answer);

        g_assert_no_error (batch->error);
        g_assert_null (rig_find_quote (batch, "A"));
        g_assert_cmpint (rig_get_symbol_error (batch, "A"), ==, (int) cases[i].error);
        /* The sibling is none the worse. */
        if (writers[k] != parse_chart)
          g_assert_cmpfloat (rig_find_quote (batch, "B")->price, ==, 2.5);
      }
  for (gsize k = 0; k < G_N_ELEMENTS (writers); k++)
    {
      g_autofree char *text = write_prices (k, "NaN");
      g_autoptr (QuotesHttpAnswer) answer = rig_make_answer (text, 200, "application/json");

      assert_error (writers[k], answer, QUOTES_PROVIDER_ERROR_BAD_DATA);
    }
}

static void
test_deep_answers_are_errors (void)
{
  g_autofree char *few = g_strnfill (33, '[');
  g_autofree char *many = g_strnfill (100000, '[');
  g_autoptr (GString) objects = g_string_new (NULL);
  const char *texts[] = {few, many, NULL};

  for (guint i = 0; i < 100000; i++)
    g_string_append (objects, "{\"a\":");
  texts[2] = objects->str;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (parsers); k++)
      {
        g_autoptr (QuotesHttpAnswer) answer = rig_make_answer (texts[i], 200, "application/json");

        assert_error (parsers[k], answer, QUOTES_PROVIDER_ERROR_BAD_DATA);
      }
}

static void
test_long_answers_are_errors (void)
{
  g_autofree char *text = g_strnfill (1024 * 1024 + 1, ' ');
  g_autoptr (QuotesHttpAnswer) answer = NULL;

  text[0] = '[';
  text[1] = ']';
  answer = rig_make_answer (text, 200, "application/json");
  for (gsize k = 0; k < G_N_ELEMENTS (parsers); k++)
    assert_error (parsers[k], answer, QUOTES_PROVIDER_ERROR_TOO_LARGE);
}

/* What the host writes could be anything, and the message goes to terminals. */
static void
test_messages_repeat_nothing_of_the_answer (void)
{
  g_autoptr (QuotesHttpAnswer) answer =
    rig_make_answer ("{\"chart\":{\"error\":{\"code\":\"EVIL\",\"description\":\"EVIL\"}}}", 400,
                     "application/json");
  g_autoptr (QuotesBatch) batch = parse_chart (answer);

  g_assert_null (strstr (batch->error->message, "EVIL"));
  g_assert_nonnull (strstr (batch->error->message, "Yahoo Finance"));
  g_assert_nonnull (strstr (batch->error->message, "400"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/answers/what-is-no-json-is-judged-by-status-and-words",
                   test_what_is_no_json_is_judged_by_status_and_words);
  g_test_add_func ("/answers/errors-of-yahoo", test_errors_of_yahoo);
  g_test_add_func ("/answers/errors-of-coingecko", test_errors_of_coingecko);
  g_test_add_func ("/answers/unknown-symbols-are-no-error-of-the-answer",
                   test_unknown_symbols_are_no_error_of_the_answer);
  g_test_add_func ("/answers/long-answers-are-errors", test_long_answers_are_errors);
  g_test_add_func ("/answers/messages-repeat-nothing-of-the-answer",
                   test_messages_repeat_nothing_of_the_answer);
  g_test_add_func ("/rules/D6-impossible-prices-are-refused-and-siblings-stay",
                   test_impossible_prices_are_refused);
  g_test_add_func ("/rules/F6-deep-answers-are-provider-errors", test_deep_answers_are_errors);

  return g_test_run ();
}
