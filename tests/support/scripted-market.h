/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "scripted-upstream.h"

G_BEGIN_DECLS

/**
 * ScriptedMarket:
 *
 * Yahoo and CoinGecko on loopback. Every answer moves every price by one: the n-th spark says
 * %SCRIPTED_YAHOO_BASE + n, the n-th list of coins %SCRIPTED_COIN_BASE + n, so that whoever sees a
 * price knows which request it came from. Of the past all prices are %SCRIPTED_PAST_PRICE.
 */
typedef struct
{
  ScriptedUpstream *yahoo;     /* (owned) */
  ScriptedUpstream *coingecko; /* (owned) */
  guint n_sparks;
  guint n_coins;
  gboolean is_closed; /* Yahoo's exchange is New York's, and opens in an hour */
} ScriptedMarket;

#define SCRIPTED_YAHOO_BASE 20000
#define SCRIPTED_COIN_BASE 100000
#define SCRIPTED_SPARK "/v7/finance/spark"
#define SCRIPTED_CHART "/v8/finance/chart"
#define SCRIPTED_COINS "/api/v3/coins/markets"
/* What follows is the coin's id and what it is asked for; of the past that is its price. */
#define SCRIPTED_COIN "/api/v3/coins/"
#define SCRIPTED_PAST_PRICE 15000
/* So many bars or points until now, an hour or whatever is asked for apart. */
#define SCRIPTED_PAST_LENGTH 48

ScriptedMarket *scripted_market_new (void);
void scripted_market_free (ScriptedMarket *self);
/* Makes them answer, after they did something else. */
void scripted_market_restore (ScriptedMarket *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScriptedMarket, scripted_market_free)

G_END_DECLS
