/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "scripted-market.h"

#define HOUR_S 3600

static gint64
get_now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
append_meta (GString *text, const char *symbol, guint price, gboolean is_closed)
{
  gint64 now_s = get_now_s ();
  gint64 opens_s = now_s + (is_closed ? 1 : -1) * HOUR_S;

  g_string_append_printf (
    text,
    "{\"meta\":{\"currency\":\"USD\",\"symbol\":\"%s\",\"exchangeName\":\"%s\","
    "\"fullExchangeName\":\"%s\",\"instrumentType\":\"FUTURE\",\"regularMarketTime\":"
    "%" G_GINT64_FORMAT ",\"gmtoffset\":0,\"timezone\":\"UTC\",\"exchangeTimezoneName\":\"UTC\","
    "\"regularMarketPrice\":%u,\"regularMarketDayHigh\":%u,\"regularMarketDayLow\":%u,"
    "\"regularMarketVolume\":1000,\"shortName\":\"Thing\",\"chartPreviousClose\":19000,"
    "\"previousClose\":19000,\"priceHint\":2,\"currentTradingPeriod\":{\"regular\":{\"timezone\":"
    "\"UTC\","
    "\"start\":%" G_GINT64_FORMAT ",\"end\":%" G_GINT64_FORMAT
    ",\"gmtoffset\":0}},\"dataGranularity\":\"5m\",\"range\":\"1d\"}}",
    symbol, is_closed ? "NYQ" : "CMX", is_closed ? "NYSE" : "COMEX", now_s, price, price + 1,
    price - 1, opens_s, opens_s + 7 * HOUR_S);
}

static char *
make_spark (const char *target, gpointer user_data)
{
  ScriptedMarket *self = user_data;
  guint price = SCRIPTED_YAHOO_BASE + self->n_sparks++;
  const char *list = strstr (target, "symbols=");
  g_autofree char *value = NULL;
  g_autofree char *decoded = NULL;
  g_auto (GStrv) symbols = NULL;
  GString *text = g_string_new ("{\"spark\":{\"result\":[");

  g_assert_nonnull (list);
  list += strlen ("symbols=");
  value = g_strndup (list, strcspn (list, "&"));
  decoded = g_uri_unescape_string (value, NULL);
  g_assert_nonnull (decoded);
  symbols = g_strsplit (decoded, ",", -1);
  for (guint i = 0; symbols[i] != NULL; i++)
    {
      g_string_append_printf (text, "%s{\"symbol\":\"%s\",\"response\":[", i > 0 ? "," : "",
                              symbols[i]);
      append_meta (text, symbols[i], price, self->is_closed);
      g_string_append (text, "]}");
    }
  g_string_append (text, "],\"error\":null}}");

  return g_string_free (text, FALSE);
}

/* When each bar or point of the past began. */
static gint64
get_past_s (guint i, gint64 step_s)
{
  return get_now_s () - (SCRIPTED_PAST_LENGTH - 1 - i) * step_s;
}

/* A chart of bars, without anything that a price needs. */
static char *
make_history (const char *symbol, const char *target)
{
  const char *interval = strstr (target, "interval=");
  gint64 step = 0;
  GString *text = g_string_new (NULL);

  g_assert_nonnull (interval);
  interval += strlen ("interval=");
  step = g_str_has_prefix (interval, "1m")   ? 60
         : g_str_has_prefix (interval, "1h") ? HOUR_S
                                             : 24 * HOUR_S;
  g_string_append_printf (text,
                          "{\"chart\":{\"result\":[{\"meta\":{\"symbol\":\"%s\",\"currency\":"
                          "\"USD\",\"dataGranularity\":\"%.2s\"},\"timestamp\":[",
                          symbol, interval);
  for (guint i = 0; i < SCRIPTED_PAST_LENGTH; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", get_past_s (i, step));
  g_string_append (text, "],\"indicators\":{\"quote\":[{\"close\":[");
  for (guint i = 0; i < SCRIPTED_PAST_LENGTH; i++)
    g_string_append_printf (text, "%s%d", i > 0 ? "," : "", SCRIPTED_PAST_PRICE);
  g_string_append (text, "]}]}}],\"error\":null}}");

  return g_string_free (text, FALSE);
}

static char *
make_points (G_GNUC_UNUSED const char *target, G_GNUC_UNUSED gpointer user_data)
{
  GString *text = g_string_new ("{\"prices\":[");

  for (guint i = 0; i < SCRIPTED_PAST_LENGTH; i++)
    g_string_append_printf (text, "%s[%" G_GINT64_FORMAT ",%d]", i > 0 ? "," : "",
                            get_past_s (i, HOUR_S) * 1000, SCRIPTED_PAST_PRICE);
  g_string_append (text, "],\"market_caps\":[],\"total_volumes\":[]}");

  return g_string_free (text, FALSE);
}

static char *
make_chart (const char *target, gpointer user_data)
{
  ScriptedMarket *self = user_data;
  const char *name = target + strlen (SCRIPTED_CHART "/");
  g_autofree char *value = g_strndup (name, strcspn (name, "?"));
  g_autofree char *symbol = g_uri_unescape_string (value, NULL);
  GString *text = NULL;

  if (strstr (target, "period1=") != NULL)
    return make_history (symbol, target);
  text = g_string_new ("{\"chart\":{\"result\":[");
  append_meta (text, symbol, SCRIPTED_YAHOO_BASE + MAX (self->n_sparks, 1) - 1, self->is_closed);
  g_string_append (text, "],\"error\":null}}");

  return g_string_free (text, FALSE);
}

static void
append_coin (GString *text, const char *id, const char *name, guint price)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S.000Z");

  g_string_append_printf (text,
                          "{\"id\":\"%s\",\"symbol\":\"%s\",\"name\":\"%s\",\"current_price\":%u,"
                          "\"market_cap\":1,\"total_volume\":2,\"high_24h\":%u,\"low_24h\":%u,"
                          "\"price_change_24h\":100.5,\"price_change_percentage_24h\":0.1,"
                          "\"last_updated\":\"%s\"}",
                          id, id, name, price, price + 10, price - 10, time);
}

static char *
make_coins (G_GNUC_UNUSED const char *target, gpointer user_data)
{
  ScriptedMarket *self = user_data;
  guint price = SCRIPTED_COIN_BASE + self->n_coins++;
  GString *text = g_string_new ("[");

  append_coin (text, "bitcoin", "Bitcoin", price);
  g_string_append_c (text, ',');
  append_coin (text, "ethereum", "Ethereum", price);
  g_string_append_c (text, ']');

  return g_string_free (text, FALSE);
}

ScriptedMarket *
scripted_market_new (void)
{
  ScriptedMarket *self = g_new0 (ScriptedMarket, 1);

  self->yahoo = scripted_upstream_new ();
  self->coingecko = scripted_upstream_new ();
  scripted_market_restore (self);

  return self;
}

void
scripted_market_free (ScriptedMarket *self)
{
  scripted_upstream_free (self->yahoo);
  scripted_upstream_free (self->coingecko);
  g_free (self);
}

void
scripted_market_restore (ScriptedMarket *self)
{
  scripted_upstream_forget (self->yahoo);
  scripted_upstream_forget (self->coingecko);
  scripted_upstream_answer_with (self->yahoo, SCRIPTED_SPARK, make_spark, self);
  scripted_upstream_answer_with (self->yahoo, SCRIPTED_CHART, make_chart, self);
  scripted_upstream_answer_with (self->coingecko, SCRIPTED_COINS, make_coins, self);
  scripted_upstream_answer_with (self->coingecko, SCRIPTED_COIN, make_points, self);
}
