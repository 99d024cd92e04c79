/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <string.h>

#include "provider-rig.h"
#include "quotes-yahoo-parse.h"
#include "quotes-yahoo-quote.h"

#define NOW_S 1700000000
#define NOW_US (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)
#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
/* The regular session of the index in the fixtures. */
#define OPEN_S (1699938000 + 34200)
#define CLOSE_S (1699938000 + 57600)

static QuotesBatch *
parse_spark (const char *file, const char *names)
{
  g_autoptr (QuotesHttpAnswer) answer = rig_load_answer (file, 200);
  g_autoptr (GPtrArray) instruments = rig_make_instruments ("yahoo", names);

  return quotes_yahoo_parse_spark (answer, instruments, NOW_US);
}

static QuotesBatch *
parse_chart (const char *file, const char *name)
{
  g_autoptr (QuotesHttpAnswer) answer = rig_load_answer (file, 200);
  g_autoptr (QuotesInstrument) instrument = rig_make_instrument ("yahoo", name);

  return quotes_yahoo_parse_chart (answer, instrument, NOW_US);
}

/* A chart of `X` with @members in its meta. */
static QuotesBatch *
parse_meta (const char *members)
{
  g_autofree char *text = g_strconcat ("{\"chart\":{\"result\":[{\"meta\":{\"symbol\":\"X\",",
                                       members, "}}],\"error\":null}}", NULL);
  g_autoptr (QuotesHttpAnswer) answer = rig_make_answer (text, 200, "application/json");
  g_autoptr (QuotesInstrument) instrument = rig_make_instrument ("yahoo", "X");

  return quotes_yahoo_parse_chart (answer, instrument, NOW_US);
}

static QuotesQuote *
parse_good_meta (const char *members)
{
  g_autoptr (QuotesBatch) batch = parse_meta (members);

  g_assert_no_error (batch->error);
  g_assert_cmpuint (batch->quotes->len, ==, 1);
  return quotes_quote_ref (g_ptr_array_index (batch->quotes, 0));
}

static void
test_a_spark_is_matched_by_symbol (void)
{
  g_autoptr (QuotesBatch) batch = parse_spark ("yahoo/spark.json", "GC=F CL=F ^GSPC EURUSD=X");
  const QuotesQuote *gold = rig_find_quote (batch, "GC=F");
  const QuotesQuote *index = rig_find_quote (batch, "^GSPC");
  const QuotesQuote *euro = rig_find_quote (batch, "EURUSD=X");

  g_assert_no_error (batch->error);
  g_assert_cmpuint (batch->quotes->len, ==, 3);
  g_assert_cmpint (rig_get_symbol_error (batch, "CL=F"), ==, QUOTES_SYMBOL_ERROR_NOT_FOUND);

  g_assert_cmpfloat (gold->price, ==, 1971.3);
  g_assert_cmpfloat (gold->change, ==, 21.1);
  g_assert_cmpfloat (gold->change_pct, ==, 1.08);
  g_assert_cmpint (gold->change_basis, ==, QUOTES_CHANGE_BASIS_PREVIOUS_CLOSE);
  g_assert_cmpfloat (gold->volume, ==, 131072);
  g_assert_cmpstr (gold->name, ==, "Gold Dec 23");
  g_assert_cmpstr (gold->exchange, ==, "COMEX");
  g_assert_cmpstr (gold->exchange_timezone, ==, "America/New_York");
  g_assert_cmpstr (gold->source, ==, "yahoo");
  g_assert_cmpint (gold->market_state, ==, QUOTES_MARKET_STATE_REGULAR);
  g_assert_cmpint (gold->delay_minutes, ==, 10);
  g_assert_cmpint (gold->feed_delay_minutes, ==, 10);
  g_assert_cmpint (gold->fetched_us, ==, NOW_US);
  g_assert_cmpint (gold->quote_time_us, ==, NOW_US - 620 * G_USEC_PER_SEC);
  g_assert_cmpstr (gold->contract, ==, "Gold Dec 23");
  g_assert_cmpint (gold->opens_us, ==, G_GINT64_CONSTANT (1699938000) * G_USEC_PER_SEC);
  g_assert_cmpint (gold->closes_us, ==, G_GINT64_CONSTANT (1700024340) * G_USEC_PER_SEC);

  /* Rounded, but changed from what was not; a 0 that says nothing is unknown. */
  g_assert_cmpfloat (index->price, ==, 4495.7);
  g_assert_cmpfloat (index->previous_close, ==, 4411.55);
  g_assert_cmpfloat (index->change, ==, 84.15);
  g_assert_cmpfloat (index->high, ==, 4508.67);
  g_assert_true (isnan (index->low) && isnan (index->volume));
  g_assert_cmpint (index->asset_class, ==, QUOTES_ASSET_CLASS_INDEX);
  g_assert_cmpint (index->market_state, ==, QUOTES_MARKET_STATE_POST);
  g_assert_null (index->contract);
  g_assert_cmpint (index->opens_us, ==, (gint64) OPEN_S * G_USEC_PER_SEC);
  g_assert_cmpint (index->closes_us, ==, (gint64) CLOSE_S * G_USEC_PER_SEC);

  g_assert_cmpfloat (euro->price, ==, 1.0876);
  g_assert_cmpint (euro->decimals, ==, 4);
  g_assert_cmpint (euro->asset_class, ==, QUOTES_ASSET_CLASS_FX);
  g_assert_cmpint (euro->market_state, ==, QUOTES_MARKET_STATE_UNKNOWN);
}

static void
test_a_bare_spark_gives_a_bare_quote (void)
{
  g_autoptr (QuotesBatch) batch = parse_spark ("yahoo/spark-bare.json", "GC=F SI=F");
  const QuotesQuote *gold = rig_find_quote (batch, "GC=F");

  g_assert_cmpfloat (gold->price, ==, 1971.38);
  g_assert_cmpint (gold->decimals, ==, 2);
  g_assert_cmpstr (gold->name, ==, "GC=F");
  g_assert_cmpint (gold->quote_time_us, ==, 0);
  g_assert_cmpint (gold->change_basis, ==, QUOTES_CHANGE_BASIS_UNKNOWN);
  g_assert_true (isnan (gold->change) && isnan (gold->change_pct) && isnan (gold->high));
  g_assert_cmpint (rig_get_symbol_error (batch, "SI=F"), ==, QUOTES_SYMBOL_ERROR_NO_PRICE);
}

static void
test_a_chart_says_more (void)
{
  g_autoptr (QuotesBatch) gold = parse_chart ("yahoo/chart-gold.json", "GC=F");
  g_autoptr (QuotesBatch) other = parse_chart ("yahoo/chart-gold.json", "SI=F");
  g_autoptr (QuotesBatch) month = parse_chart ("yahoo/chart-month.json", "^GSPC");
  g_autoptr (QuotesBatch) empty = parse_chart ("yahoo/chart-without-bars.json", "GC=F");
  const QuotesQuote *index = rig_find_quote (month, "^GSPC");

  g_assert_cmpfloat (rig_find_quote (gold, "GC=F")->open, ==, 1953.4);
  g_assert_cmpint (rig_get_symbol_error (other, "SI=F"), ==, QUOTES_SYMBOL_ERROR_NOT_FOUND);
  g_assert_cmpfloat (index->previous_close, ==, 4411.55);
  g_assert_cmpfloat (index->open, ==, 4458.9);
  g_assert_true (isnan (rig_find_quote (empty, "GC=F")->open));
}

static void
test_the_previous_close_is_yesterdays (void)
{
  static const struct
  {
    const char *members;
    double close;
  } cases[] = {
    {"\"previousClose\":99.5,\"fulldayChange\":2,\"chartPreviousClose\":97,\"range\":\"1d\"", 99.5},
    {"\"fulldayChange\":2.1,\"chartPreviousClose\":97,\"range\":\"1d\"", 97.9},
    {"\"chartPreviousClose\":97,\"range\":\"1d\",\"regularMarketChangePercent\":25", 97},
    {"\"chartPreviousClose\":97,\"range\":\"5d\",\"regularMarketChangePercent\":25", 80},
    {"\"previousClose\":\"99.5\",\"regularMarketChangePercent\":25", 80},
    {"\"previousClose\":null,\"regularMarketChangePercent\":-100", NAN},
    {"\"chartPreviousClose\":97,\"range\":\"\"", NAN},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *members =
        g_strconcat ("\"regularMarketPrice\":100,", cases[i].members, NULL);
      g_autoptr (QuotesQuote) quote = parse_good_meta (members);

      if (isnan (cases[i].close))
        g_assert_true (isnan (quote->previous_close) && isnan (quote->change));
      else
        g_assert_cmpfloat (quote->previous_close, ==, cases[i].close);
    }
}

static void
test_a_change_across_zero_is_unknown (void)
{
  static const struct
  {
    double price;
    double close;
    double change;
    double change_pct;
  } cases[] = {
    {-37.63, 18.27, -55.9, -305.97}, /* oil futures, 20 April 2020 */
    {-30, -40, 10, 25},
    {-50, -40, -10, -25},
    {10.01, -37.63, NAN, NAN},
    {5, 0, NAN, NAN},
    {0, 5, -5, -100},
    {7, 7, 0, 0},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *members = g_strdup_printf (
        "\"regularMarketPrice\":%.2f,\"previousClose\":%.2f", cases[i].price, cases[i].close);
      g_autoptr (QuotesQuote) quote = parse_good_meta (members);

      g_assert_cmpfloat (quote->price, ==, cases[i].price);
      g_assert_cmpfloat (quote->previous_close, ==, cases[i].close);
      g_assert_true (isnan (quote->change) == isnan (cases[i].change));
      if (isnan (cases[i].change))
        continue;
      g_assert_cmpfloat (quote->change, ==, cases[i].change);
      g_assert_cmpfloat (quote->change_pct, ==, cases[i].change_pct);
    }
}

static void
test_minor_units_become_major (void)
{
  static const char *const units[][2] = {
    {"GBp", "GBP"}, {"GBX", "GBP"}, {"ZAc", "ZAR"}, {"ILA", "ILS"}};
  g_autoptr (QuotesBatch) batch = parse_chart ("yahoo/chart-pence.json", "BARC.L");
  const QuotesQuote *bank = rig_find_quote (batch, "BARC.L");

  g_assert_cmpfloat (bank->price, ==, 1.4138);
  g_assert_cmpfloat (bank->previous_close, ==, 1.3962);
  g_assert_cmpfloat (bank->change, ==, 0.0176);
  g_assert_cmpfloat (bank->change_pct, ==, 1.26);
  g_assert_cmpfloat (bank->open, ==, 1.397);
  g_assert_cmpfloat (bank->high, ==, 1.4215);
  g_assert_cmpfloat (bank->volume, ==, 51200345);
  g_assert_cmpint (bank->decimals, ==, 4);

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autofree char *members =
        g_strdup_printf ("\"regularMarketPrice\":250,\"currency\":\"%s\"", units[i][0]);
      g_autoptr (QuotesQuote) quote = parse_good_meta (members);

      g_assert_cmpfloat (quote->price, ==, 2.5);
      g_assert_cmpstr (quote->currency, ==, units[i][1]);
      g_assert_cmpstr (quote->quoted_as, ==, units[i][0]);
    }
}

static void
test_decimals_are_those_of_the_hint (void)
{
  static const struct
  {
    const char *members;
    int decimals;
    double price;
  } cases[] = {
    {"\"priceHint\":0", 0, 12},        {"\"priceHint\":4", 4, 12.3456},
    {"\"priceHint\":40", 12, 12.3456}, {"\"priceHint\":-3", 0, 12},
    {"\"priceHint\":\"4\"", 2, 12.35}, {"\"priceHint\":null", 2, 12.35},
    {"\"priceHint\":1e300", 2, 12.35}, {"\"priceHint\":12,\"currency\":\"GBp\"", 12, 0.123456},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *members =
        g_strconcat ("\"regularMarketPrice\":12.3456,", cases[i].members, NULL);
      g_autoptr (QuotesQuote) quote = parse_good_meta (members);

      g_assert_cmpint (quote->decimals, ==, cases[i].decimals);
      g_assert_cmpfloat (quote->price, ==, cases[i].price);
    }
}

static void
test_times_are_believed_within_reason (void)
{
  static const struct
  {
    const char *text;
    gint64 time_us;
  } cases[] = {
    {"1699999990", NOW_US - 10 * G_USEC_PER_SEC},
    {"1699999990250", NOW_US - 9750000},
    {"1700000060", NOW_US + 60 * G_USEC_PER_SEC},
    {"1700000061", 0},
    {"1700000061000", 0},
    {"-5", 0},
    {"\"1699999990\"", 0},
    {"1e400", 0},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *members =
        g_strconcat ("\"regularMarketPrice\":1,\"regularMarketTime\":", cases[i].text, NULL);
      g_autoptr (QuotesQuote) quote = parse_good_meta (members);

      g_assert_cmpint (quote->quote_time_us, ==, cases[i].time_us);
    }
}

static QuotesMarketState
get_state_at (const char *file, const char *name, gint64 seconds)
{
  g_autoptr (QuotesHttpAnswer) answer = rig_load_answer (file, 200);
  g_autoptr (QuotesYahooMeta) meta = quotes_yahoo_read_chart (answer, name, NOW_US, NULL);

  return quotes_yahoo_meta_get_state (meta, seconds * G_USEC_PER_SEC);
}

static void
test_the_state_follows_from_the_periods (void)
{
  const char *file = "yahoo/chart-month.json";
  g_autoptr (QuotesQuote) coin =
    parse_good_meta ("\"regularMarketPrice\":1,\"instrumentType\":\"CRYPTOCURRENCY\"");

  g_assert_cmpint (get_state_at (file, "^GSPC", OPEN_S - 5 * 3600), ==, QUOTES_MARKET_STATE_PRE);
  g_assert_cmpint (get_state_at (file, "^GSPC", OPEN_S - 1), ==, QUOTES_MARKET_STATE_PRE);
  g_assert_cmpint (get_state_at (file, "^GSPC", OPEN_S), ==, QUOTES_MARKET_STATE_REGULAR);
  g_assert_cmpint (get_state_at (file, "^GSPC", CLOSE_S), ==, QUOTES_MARKET_STATE_POST);
  g_assert_cmpint (get_state_at (file, "^GSPC", CLOSE_S + 4 * 3600), ==,
                   QUOTES_MARKET_STATE_CLOSED);
  g_assert_cmpint (get_state_at (file, "^GSPC", OPEN_S - 6 * 3600), ==, QUOTES_MARKET_STATE_CLOSED);
  g_assert_cmpint (coin->market_state, ==, QUOTES_MARKET_STATE_ALWAYS);
  g_assert_cmpint (coin->asset_class, ==, QUOTES_ASSET_CLASS_CRYPTO);
}

static void
test_without_a_price_the_newest_bar_counts (void)
{
  const char *bars = "\"currency\":\"USD\"}, \"timestamp\":[1699999000,1699999300,1699999600],"
                     "\"indicators\":{\"quote\":[{\"close\":[1.5,2.5,null]}]},\"x\":{\"y\":1";
  g_autofree char *with_null = g_strconcat ("\"regularMarketPrice\":null,", bars, NULL);
  g_autofree char *with_text = g_strconcat ("\"regularMarketPrice\":\"9\",", bars, NULL);
  g_autoptr (QuotesQuote) quote = parse_good_meta (with_null);
  g_autoptr (QuotesQuote) absent = parse_good_meta (bars);
  g_autoptr (QuotesBatch) invalid = parse_meta (with_text);
  g_autoptr (QuotesBatch) none = parse_meta ("\"currency\":\"USD\"");

  g_assert_cmpfloat (quote->price, ==, 2.5);
  g_assert_cmpint (quote->quote_time_us, ==, NOW_US - 700 * G_USEC_PER_SEC);
  g_assert_cmpfloat (absent->price, ==, 2.5);
  g_assert_cmpint (rig_get_symbol_error (invalid, "X"), ==, QUOTES_SYMBOL_ERROR_BAD_DATA);
  g_assert_cmpint (rig_get_symbol_error (none, "X"), ==, QUOTES_SYMBOL_ERROR_NO_PRICE);
}

static void
test_texts_are_cleaned (void)
{
  g_autofree char *long_name = g_strnfill (1000, 'n');
  g_autofree char *members = g_strconcat (
    "\"regularMarketPrice\":1,\"shortName\":\"", long_name, "\",\"currency\":\"<b>\",",
    "\"exchangeName\":\"A\\u0007\\u202eB\",\"exchangeTimezoneName\":\"../etc passwd\"", NULL);
  g_autoptr (QuotesQuote) quote = parse_good_meta (members);
  g_autoptr (QuotesQuote) lone =
    parse_good_meta ("\"regularMarketPrice\":1,\"longName\":\"\\ud800 \",\"shortName\":\"S\"");

  g_assert_cmpuint (strlen (quote->name), ==, 200);
  g_assert_cmpstr (quote->exchange, ==, "AB");
  g_assert_null (quote->exchange_timezone);
  g_assert_cmpuint (strlen (quote->currency), ==, 3);
  g_assert_true (g_utf8_validate (lone->name, -1, NULL));
}

static QuotesYahooMeta *
read_chart (const char *file, const char *name)
{
  g_autoptr (QuotesHttpAnswer) answer = rig_load_answer (file, 200);

  return quotes_yahoo_read_chart (answer, name, NOW_US, NULL);
}

static void
test_facts_complete_a_later_spark (void)
{
  g_autoptr (QuotesYahooMeta) facts = read_chart ("yahoo/chart-gold.json", "GC=F");
  g_autoptr (QuotesInstrument) gold = rig_make_instrument ("yahoo", "GC=F");
  g_autoptr (QuotesHttpAnswer) answer = rig_load_answer ("yahoo/spark-bare.json", 200);
  gint64 later_us = NOW_US + 60 * G_USEC_PER_SEC;
  g_autoptr (GHashTable) metas = quotes_yahoo_read_spark (answer, later_us, NULL);
  QuotesYahooMeta *spark = g_hash_table_lookup (metas, "GC=F");
  QuotesSymbolError error = 0;
  g_autoptr (QuotesQuote) quote = NULL;
  g_autoptr (QuotesQuote) tomorrow = NULL;

  spark->price = 1980;
  quote = quotes_yahoo_quote_new (spark, facts, gold, later_us, &error);
  g_assert_cmpfloat (quote->price, ==, 1980);
  g_assert_cmpfloat (quote->open, ==, 1953.4);
  g_assert_cmpfloat (quote->high, ==, 1980);
  g_assert_cmpfloat (quote->low, ==, 1947.6);
  g_assert_cmpfloat (quote->change, ==, 29.8);
  g_assert_cmpstr (quote->exchange, ==, "COMEX");
  g_assert_cmpstr (quote->currency, ==, "USD");
  g_assert_cmpint (quote->market_state, ==, QUOTES_MARKET_STATE_REGULAR);

  /* A chart that does not say when its price was made is as old as it is. */
  facts->quote_time = NAN;
  g_clear_pointer (&quote, quotes_quote_unref);
  quote = quotes_yahoo_quote_new (spark, facts, gold, later_us, &error);
  g_assert_cmpfloat (quote->open, ==, 1953.4);

  /* The figures of a day are not those of the next. */
  spark->quote_time = NOW_S + 24 * 3600;
  spark->fetched_us = NOW_US + 24 * HOUR_US;
  tomorrow = quotes_yahoo_quote_new (spark, facts, gold, spark->fetched_us, &error);
  g_assert_true (isnan (tomorrow->open) && isnan (tomorrow->change));
  g_assert_cmpstr (tomorrow->exchange, ==, "COMEX");
}

/* (transfer full) (nullable): which contract the quote is of */
static char *
dup_contract (const char *spark_members, const char *chart_members)
{
  g_autofree char *spark_text =
    g_strconcat ("{\"chart\":{\"result\":[{\"meta\":{\"symbol\":\"GC=F\",", spark_members,
                 "}}],\"error\":null}}", NULL);
  g_autofree char *chart_text =
    g_strconcat ("{\"chart\":{\"result\":[{\"meta\":{\"symbol\":\"GC=F\",", chart_members,
                 "}}],\"error\":null}}", NULL);
  g_autoptr (QuotesHttpAnswer) spark_answer = rig_make_answer (spark_text, 200, NULL);
  g_autoptr (QuotesHttpAnswer) chart_answer = rig_make_answer (chart_text, 200, NULL);
  g_autoptr (QuotesYahooMeta) spark = quotes_yahoo_read_chart (spark_answer, "GC=F", NOW_US, NULL);
  g_autoptr (QuotesYahooMeta) chart = quotes_yahoo_read_chart (chart_answer, "GC=F", NOW_US, NULL);
  g_autoptr (QuotesInstrument) gold = rig_make_instrument ("yahoo", "GC=F");
  QuotesSymbolError error = 0;
  g_autoptr (QuotesQuote) quote = quotes_yahoo_quote_new (spark, chart, gold, NOW_US, &error);

  return g_strdup (quote->contract);
}

static void
test_a_roll_changes_the_contract (void)
{
  const char *chart = "\"instrumentType\":\"FUTURE\",\"shortName\":\"Gold Dec 26\"";
  static const struct
  {
    const char *spark;
    const char *contract;
  } cases[] = {
    {"\"regularMarketPrice\":1,\"instrumentType\":\"FUTURE\",\"shortName\":\"Gold Dec 26\"",
     "Gold Dec 26"},
    /* The facts are still those of the old one. */
    {"\"regularMarketPrice\":1,\"instrumentType\":\"FUTURE\",\"shortName\":\"Gold Feb 27\"",
     "Gold Feb 27"},
    {"\"regularMarketPrice\":1,\"shortName\":\"Gold Feb 27\"", "Gold Feb 27"},
    {"\"regularMarketPrice\":1", "Gold Dec 26"},
    {"\"regularMarketPrice\":1,\"instrumentType\":\"FUTURE\",\"longName\":\"Gold\"", "Gold Dec 26"},
    {"\"regularMarketPrice\":1,\"instrumentType\":\"EQUITY\",\"shortName\":\"Gold Ltd\"", NULL},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *contract = dup_contract (cases[i].spark, chart);

      g_assert_cmpstr (contract, ==, cases[i].contract);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/yahoo/a-spark-is-matched-by-symbol", test_a_spark_is_matched_by_symbol);
  g_test_add_func ("/yahoo/a-bare-spark-gives-a-bare-quote", test_a_bare_spark_gives_a_bare_quote);
  g_test_add_func ("/yahoo/a-chart-says-more", test_a_chart_says_more);
  g_test_add_func ("/yahoo/the-previous-close-is-yesterdays",
                   test_the_previous_close_is_yesterdays);
  g_test_add_func ("/yahoo/a-change-across-zero-is-unknown", test_a_change_across_zero_is_unknown);
  g_test_add_func ("/yahoo/minor-units-become-major", test_minor_units_become_major);
  g_test_add_func ("/yahoo/decimals-are-those-of-the-hint", test_decimals_are_those_of_the_hint);
  g_test_add_func ("/yahoo/times-are-believed-within-reason",
                   test_times_are_believed_within_reason);
  g_test_add_func ("/yahoo/the-state-follows-from-the-periods",
                   test_the_state_follows_from_the_periods);
  g_test_add_func ("/yahoo/without-a-price-the-newest-bar-counts",
                   test_without_a_price_the_newest_bar_counts);
  g_test_add_func ("/yahoo/texts-are-cleaned", test_texts_are_cleaned);
  g_test_add_func ("/yahoo/facts-complete-a-later-spark", test_facts_complete_a_later_spark);
  g_test_add_func ("/yahoo/a-roll-changes-the-contract", test_a_roll_changes_the_contract);

  return g_test_run ();
}
