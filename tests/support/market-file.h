/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-database.h"
#include "quotes-history.h"

G_BEGIN_DECLS

#define MINUTE_US (60 * G_GINT64_CONSTANT (1000000))
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)
/* 2026-02-17T00:00:00Z */
#define TODAY_US (20501 * DAY_US)

/* A `market.db` of its own, with what a test puts into it row by row. */
typedef struct
{
  char *dir;                /* (owned) */
  QuotesDatabase *database; /* (owned): may write */
  QuotesDatabase *reader;   /* (owned) */
} MarketFile;

void market_file_set_up (MarketFile *self, gconstpointer user_data);
void market_file_tear_down (MarketFile *self, gconstpointer user_data);

void market_file_execute (MarketFile *self, const char *sql);
gint64 market_file_ask (MarketFile *self, const char *sql);
/* Its first price was fetched at @fetched_us; 0 = it has none. */
gint64 market_file_add_instrument (MarketFile *self, const char *symbol, gint64 fetched_us);
gint64 market_file_add_source (MarketFile *self, const char *name);
/* Open and close are @price, high and low one more and less. */
void market_file_add_bar (MarketFile *self,
                          const char *symbol,
                          QuotesInterval interval,
                          gint64 start_us,
                          double price);
void market_file_add_tick (MarketFile *self, const char *symbol, gint64 at_us, double price);

G_END_DECLS
