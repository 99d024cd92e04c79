/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-schema.h"

/* Times are microseconds since 1970; NULL is unknown. `ticks` are in the order of their ids, not of
 * their times, because the clock may be set back. `instruments.contract` is the last one known: by
 * it the first price of another one is recognized. */
static const char *const market_migrations[] = {
  "CREATE TABLE runs ("
  "  id INTEGER PRIMARY KEY,"
  "  epoch TEXT NOT NULL,"
  "  started_us INTEGER NOT NULL"
  ");"
  "CREATE TABLE versions ("
  "  run INTEGER NOT NULL REFERENCES runs (id),"
  "  version INTEGER NOT NULL,"
  "  at_us INTEGER NOT NULL,"
  "  n_ticks INTEGER NOT NULL,"
  "  PRIMARY KEY (run, version)"
  ") WITHOUT ROWID;"
  "CREATE TABLE sources ("
  "  id INTEGER PRIMARY KEY,"
  "  name TEXT NOT NULL UNIQUE"
  ");"
  "CREATE TABLE instruments ("
  "  id INTEGER PRIMARY KEY,"
  "  symbol TEXT NOT NULL UNIQUE,"
  "  instrument TEXT NOT NULL,"
  "  name TEXT NOT NULL,"
  "  asset_class TEXT NOT NULL,"
  "  currency TEXT NOT NULL,"
  "  contract TEXT"
  ");"
  "CREATE TABLE quotes ("
  "  instrument_id INTEGER PRIMARY KEY REFERENCES instruments (id),"
  "  price REAL NOT NULL,"
  "  change REAL,"
  "  change_pct REAL,"
  "  fetched_us INTEGER NOT NULL,"
  "  source_id INTEGER NOT NULL REFERENCES sources (id),"
  "  is_delayed INTEGER NOT NULL,"
  "  delay_minutes INTEGER NOT NULL,"
  "  feed_delay_minutes INTEGER NOT NULL,"
  "  provider_symbol TEXT NOT NULL,"
  "  previous_close REAL,"
  "  open REAL,"
  "  high REAL,"
  "  low REAL,"
  "  volume REAL,"
  "  change_basis TEXT,"
  "  market_state TEXT NOT NULL,"
  "  exchange TEXT,"
  "  exchange_timezone TEXT,"
  "  quote_time_us INTEGER,"
  "  quoted_as TEXT,"
  "  contract TEXT,"
  "  opens_us INTEGER,"
  "  closes_us INTEGER,"
  "  decimals INTEGER NOT NULL"
  ");"
  "CREATE TABLE ticks ("
  "  id INTEGER PRIMARY KEY,"
  "  run INTEGER NOT NULL,"
  "  version INTEGER NOT NULL,"
  "  instrument_id INTEGER NOT NULL,"
  "  at_us INTEGER NOT NULL,"
  "  price REAL NOT NULL,"
  "  source_id INTEGER NOT NULL,"
  "  is_roll INTEGER NOT NULL"
  ");"
  "CREATE TABLE bars ("
  "  interval TEXT NOT NULL,"
  "  instrument_id INTEGER NOT NULL,"
  "  start_us INTEGER NOT NULL,"
  "  open REAL NOT NULL,"
  "  high REAL NOT NULL,"
  "  low REAL NOT NULL,"
  "  close REAL NOT NULL,"
  "  source_id INTEGER NOT NULL,"
  "  is_roll INTEGER NOT NULL,"
  "  PRIMARY KEY (interval, instrument_id, start_us)"
  ") WITHOUT ROWID;"
  "CREATE TABLE gaps ("
  "  run INTEGER NOT NULL,"
  "  from_version INTEGER NOT NULL,"
  "  to_version INTEGER NOT NULL,"
  "  n_rows INTEGER NOT NULL,"
  "  reason TEXT NOT NULL"
  ");",
};

static const char *const market_tables[] = {
  "bars", "gaps", "instruments", "quotes", "runs", "sources", "ticks", "versions", NULL,
};

/* The id of an alert is its rowid, so that it is never used twice: AUTOINCREMENT remembers the
 * highest even when it is gone. */
static const char *const private_migrations[] = {
  "CREATE TABLE alerts ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  kind TEXT NOT NULL,"
  "  symbol TEXT,"
  "  provider TEXT,"
  "  level REAL,"
  "  percent REAL,"
  "  direction TEXT NOT NULL,"
  "  window_us INTEGER NOT NULL,"
  "  is_repeating INTEGER NOT NULL,"
  "  cooldown_us INTEGER NOT NULL,"
  "  hysteresis_percent REAL NOT NULL,"
  "  note TEXT,"
  "  is_enabled INTEGER NOT NULL,"
  "  snoozed_until_us INTEGER NOT NULL,"
  "  created_us INTEGER NOT NULL,"
  "  fired_us INTEGER NOT NULL,"
  "  n_fired INTEGER NOT NULL,"
  "  is_armed INTEGER NOT NULL"
  ");"
  "CREATE TABLE calls ("
  "  day TEXT NOT NULL,"
  "  provider TEXT NOT NULL,"
  "  n_requests INTEGER NOT NULL,"
  "  n_failures INTEGER NOT NULL,"
  "  PRIMARY KEY (day, provider)"
  ") WITHOUT ROWID;",
};

static const char *const private_tables[] = {"alerts", "calls", NULL};

/* "Mwdb" and "Mwpr". */
const QuotesSchema quotes_schema_market = {
  .application_id = 0x4d776462,
  .n_migrations = G_N_ELEMENTS (market_migrations),
  .migrations = market_migrations,
  .tables = market_tables,
};

const QuotesSchema quotes_schema_private = {
  .application_id = 0x4d777072,
  .n_migrations = G_N_ELEMENTS (private_migrations),
  .migrations = private_migrations,
  .tables = private_tables,
};
