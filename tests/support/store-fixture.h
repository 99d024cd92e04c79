/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fake-clock.h"
#include "quotes-store.h"

G_BEGIN_DECLS

/* The pause of the store between two tries. */
#define STORE_FIXTURE_RETRY_US (2 * G_USEC_PER_SEC)

#define STORE_FIXTURE_RUN 0x00c0ffee

/* A store in a folder of its own, and what tests do with it. */
typedef struct
{
  char *dir;          /* (owned) */
  char *path;         /* (owned): of market.db */
  FakeClock *clock;   /* (owned) */
  QuotesStore *store; /* (owned) (nullable) */
  guint64 version;    /* of the last one that was appended */
} StoreFixture;

void store_fixture_set_up (StoreFixture *self, gconstpointer user_data);
void store_fixture_tear_down (StoreFixture *self, gconstpointer user_data);
void store_fixture_open (StoreFixture *self);
void store_fixture_close (StoreFixture *self);
void store_fixture_reopen (StoreFixture *self);

/* @fields: what the price is of; appended alone, as the next version */
void store_fixture_append (StoreFixture *self, const QuotesQuote *fields);
/* The same instrument at another price. */
void store_fixture_append_price (StoreFixture *self, const char *symbol, double price);
/* The next version, of so many instruments: S0, S1, ... */
void store_fixture_append_many (StoreFixture *self, guint n_quotes);
void store_fixture_remove (StoreFixture *self, const char *symbol);
QuotesQuote store_fixture_get_fields (StoreFixture *self, const char *symbol, double price);
void store_fixture_let_retry (StoreFixture *self);
void store_fixture_wait_until_stored (StoreFixture *self);
guint64 store_fixture_get_stored (StoreFixture *self);
const char *store_fixture_get_state (StoreFixture *self);

/* Ten versions, and what else a store is asked for, while something fails once; then it is closed.
 * Returns: what was said to be stored */
guint64 store_fixture_run_session (StoreFixture *self);
/* That all of it is there once and whole, and that the store can be opened again, which it is. */
void store_fixture_check_session (StoreFixture *self, guint64 stored);

/* One value of the closed or open file, as text; (transfer full) (nullable) */
char *store_fixture_ask (StoreFixture *self, const char *sql);
#define store_fixture_assert(fixture, sql, expected)                                               \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *store_fixture_answer_ = store_fixture_ask ((fixture), (sql));                 \
    g_assert_cmpstr (store_fixture_answer_, ==, (expected));                                       \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
