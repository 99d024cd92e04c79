/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store-fixture.h"

#include <sqlite3.h>

#include "remove-tree.h"
#include "wait.h"

void
store_fixture_open (StoreFixture *self)
{
  const QuotesStoreOptions options = {.run = STORE_FIXTURE_RUN};
  g_autoptr (GError) error = NULL;

  self->store = quotes_store_open (self->dir, QUOTES_CLOCK (self->clock), &options, &error);
  g_assert_no_error (error);
  self->version = 0;
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *is_closed = user_data;

  g_assert_true (quotes_store_close_finish (QUOTES_STORE (source), result, NULL));
  *is_closed = TRUE;
}

void
store_fixture_close (StoreFixture *self)
{
  gboolean is_closed = FALSE;

  quotes_store_close_async (self->store, NULL, closed_cb, &is_closed);
  wait_until (is_closed, 10);
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&self->store));
}

/* The clock goes on, so that the next run is another one. */
void
store_fixture_reopen (StoreFixture *self)
{
  store_fixture_close (self);
  fake_clock_advance_us (self->clock, G_USEC_PER_SEC);
  store_fixture_open (self);
}

void
store_fixture_set_up (StoreFixture *self, G_GNUC_UNUSED gconstpointer user_data)
{
  self->dir = g_dir_make_tmp ("marketwell-store-XXXXXX", NULL);
  self->path = g_build_filename (self->dir, "market.db", NULL);
  self->clock = fake_clock_new ();
  store_fixture_open (self);
}

void
store_fixture_tear_down (StoreFixture *self, G_GNUC_UNUSED gconstpointer user_data)
{
  if (self->store != NULL)
    store_fixture_close (self);
  g_assert_cmpuint (fake_clock_get_n_alarms (self->clock), ==, 0);
  g_assert_finalize_object (g_steal_pointer (&self->clock));
  remove_tree (self->dir);
  g_free (self->dir);
  g_free (self->path);
}

QuotesQuote
store_fixture_get_fields (StoreFixture *self, const char *symbol, double price)
{
  QuotesQuote fields = QUOTES_QUOTE_INIT;

  fields.symbol = symbol;
  fields.name = symbol;
  fields.price = price;
  fields.currency = "USD";
  fields.source = "fake";
  fields.instrument = "fake:X";
  fields.provider_symbol = "X";
  fields.fetched_us = quotes_clock_get_real_us (QUOTES_CLOCK (self->clock));
  return fields;
}

static void
append (StoreFixture *self, GPtrArray *quotes, const char *const *removed)
{
  gint64 now_us = quotes_clock_get_real_us (QUOTES_CLOCK (self->clock));
  g_autoptr (QuotesSnapshot) snapshot =
    quotes_snapshot_new (++self->version, now_us, g_ptr_array_ref (quotes));

  quotes_store_append (self->store, snapshot, quotes, removed);
}

static GPtrArray *
new_quotes (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);
}

void
store_fixture_append (StoreFixture *self, const QuotesQuote *fields)
{
  const char *const none[] = {NULL};
  g_autoptr (GPtrArray) quotes = new_quotes ();

  g_ptr_array_add (quotes, quotes_quote_new (fields));
  append (self, quotes, none);
}

void
store_fixture_append_price (StoreFixture *self, const char *symbol, double price)
{
  const QuotesQuote fields = store_fixture_get_fields (self, symbol, price);

  store_fixture_append (self, &fields);
}

void
store_fixture_append_many (StoreFixture *self, guint n_quotes)
{
  const char *const none[] = {NULL};
  g_autoptr (GPtrArray) quotes = new_quotes ();

  for (guint i = 0; i < n_quotes; i++)
    {
      g_autofree char *symbol = g_strdup_printf ("S%u", i);
      const QuotesQuote fields =
        store_fixture_get_fields (self, symbol, 100 + i + (double) self->version / 64);

      g_ptr_array_add (quotes, quotes_quote_new (&fields));
    }
  append (self, quotes, none);
}

void
store_fixture_remove (StoreFixture *self, const char *symbol)
{
  const char *const removed[] = {symbol, NULL};
  g_autoptr (GPtrArray) quotes = new_quotes ();

  append (self, quotes, removed);
}

guint64
store_fixture_get_stored (StoreFixture *self)
{
  return quotes_archive_get_stored (QUOTES_ARCHIVE (self->store));
}

const char *
store_fixture_get_state (StoreFixture *self)
{
  return quotes_archive_get_state (QUOTES_ARCHIVE (self->store));
}

/* A try that was under way when the disk became good again may still fail, and the next one comes
 * by the clock. */
void
store_fixture_let_retry (StoreFixture *self)
{
  if (!g_str_equal (quotes_archive_get_state (QUOTES_ARCHIVE (self->store)), "ok"))
    fake_clock_advance_us (self->clock, STORE_FIXTURE_RETRY_US);
}

void
store_fixture_wait_until_stored (StoreFixture *self)
{
  wait_until (store_fixture_get_stored (self) == self->version ||
                (store_fixture_let_retry (self), FALSE),
              20);
}

guint64
store_fixture_run_session (StoreFixture *self)
{
  guint64 stored = 0;

  for (int i = 0; i < 10; i++)
    {
      store_fixture_append_many (self, 7);
      quotes_store_count_calls (self->store, "yahoo", 1, 0);
      for (int j = 0; j < 200 && store_fixture_get_stored (self) < self->version &&
                      g_str_equal (store_fixture_get_state (self), "ok");
           j++)
        {
          g_main_context_iteration (NULL, FALSE);
          g_usleep (50);
        }
      /* Long enough for another try. */
      if (i == 4)
        fake_clock_advance_us (self->clock, 2 * G_USEC_PER_SEC);
    }
  stored = store_fixture_get_stored (self);
  store_fixture_close (self);
  return stored;
}

void
store_fixture_check_session (StoreFixture *self, guint64 stored)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT count(*) FROM versions WHERE version <= %" G_GUINT64_FORMAT, stored);
  g_autofree char *expected = g_strdup_printf ("%" G_GUINT64_FORMAT, stored);

  store_fixture_assert (self, "PRAGMA quick_check(1)", "ok");
  if (stored > 0)
    {
      store_fixture_assert (self, sql, expected);
      store_fixture_assert (self,
                            "SELECT count(*) FROM versions WHERE n_ticks <> 7 OR 7 <> (SELECT"
                            " count(*) FROM ticks WHERE ticks.run = versions.run AND"
                            " ticks.version = versions.version)",
                            "0");
    }
  store_fixture_open (self);
  g_assert_cmpstr (store_fixture_get_state (self), ==, "ok");
  g_assert_null (quotes_archive_get_message (QUOTES_ARCHIVE (self->store)));
}

char *
store_fixture_ask (StoreFixture *self, const char *sql)
{
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;
  char *answer = NULL;

  g_assert_cmpint (sqlite3_open_v2 (self->path, &handle, SQLITE_OPEN_READWRITE, NULL), ==,
                   SQLITE_OK);
  if (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (handle));
  if (sqlite3_step (statement) == SQLITE_ROW)
    answer = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  sqlite3_close (handle);
  return answer;
}
