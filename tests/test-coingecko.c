/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "fake-clock.h"
#include "provider-rig.h"
#include "quotes-coingecko-parse.h"
#include "quotes-coingecko.h"
#include "scripted-upstream.h"
#include "wait.h"

#define NOW_US (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)
#define SECOND_US G_USEC_PER_SEC
#define WAIT_S 10
#define MARKETS "/api/v3/coins/markets"
#define SIMPLE "/api/v3/simple/price"

static QuotesBatch *
parse (const char *file, const char *names)
{
  g_autoptr (QuotesHttpAnswer) answer = rig_load_answer (file, 200);
  g_autoptr (GPtrArray) instruments = rig_make_instruments ("coingecko", names);

  return quotes_coingecko_parse (answer, instruments, NOW_US);
}

static void
test_markets_give_quotes_by_id (void)
{
  g_autoptr (QuotesBatch) batch =
    parse ("coingecko/markets.json", "bitcoin ethereum pepe void nothing");
  const QuotesQuote *bitcoin = rig_find_quote (batch, "bitcoin");
  const QuotesQuote *pepe = rig_find_quote (batch, "pepe");

  g_assert_no_error (batch->error);
  g_assert_cmpuint (batch->quotes->len, ==, 3);
  g_assert_cmpint (rig_get_symbol_error (batch, "void"), ==, QUOTES_SYMBOL_ERROR_NO_PRICE);
  g_assert_cmpint (rig_get_symbol_error (batch, "nothing"), ==, QUOTES_SYMBOL_ERROR_NOT_FOUND);

  g_assert_cmpstr (bitcoin->name, ==, "Bitcoin");
  g_assert_cmpstr (bitcoin->source, ==, "coingecko");
  g_assert_cmpstr (bitcoin->currency, ==, "USD");
  g_assert_cmpfloat (bitcoin->price, ==, 35541);
  g_assert_cmpfloat (bitcoin->change, ==, -1021.7703);
  g_assert_cmpfloat (bitcoin->change_pct, ==, -2.79);
  g_assert_cmpfloat (bitcoin->high, ==, 36773);
  g_assert_cmpfloat (bitcoin->low, ==, 35201);
  g_assert_cmpint (bitcoin->decimals, ==, 2);
  g_assert_cmpint (bitcoin->change_basis, ==, QUOTES_CHANGE_BASIS_ROLLING_24H);
  g_assert_cmpint (bitcoin->market_state, ==, QUOTES_MARKET_STATE_ALWAYS);
  g_assert_cmpint (bitcoin->asset_class, ==, QUOTES_ASSET_CLASS_CRYPTO);
  g_assert_cmpint (bitcoin->fetched_us, ==, NOW_US);
  g_assert_cmpint (bitcoin->quote_time_us, ==, NOW_US - 21999000);
  /* A day ago is no previous close; the volume is in dollars. */
  g_assert_true (isnan (bitcoin->previous_close) && isnan (bitcoin->volume));

  /* The change follows from the percentage, when only that is known. */
  g_assert_cmpfloat (pepe->price, ==, 1.134e-06);
  g_assert_cmpfloat_with_epsilon (pepe->change, -6.6e-08, 1e-15);
  g_assert_cmpint (pepe->decimals, ==, 9);
  g_assert_cmpint (pepe->quote_time_us, ==, 0);
  g_assert_true (isnan (pepe->high));
}

static void
test_simple_prices_give_quotes (void)
{
  g_autoptr (QuotesBatch) batch =
    parse ("coingecko/simple.json", "ethereum bitcoin pepe status dogecoin");
  const QuotesQuote *bitcoin = rig_find_quote (batch, "bitcoin");
  const QuotesQuote *ethereum = rig_find_quote (batch, "ethereum");

  /* One coin's id is `status`, like the member that errors come in. */
  g_assert_no_error (batch->error);
  g_assert_cmpfloat (rig_find_quote (batch, "status")->price, ==, 0.03281);
  g_assert_cmpfloat (rig_find_quote (batch, "status")->change, ==, 0);
  g_assert_cmpint (rig_find_quote (batch, "status")->decimals, ==, 5);
  g_assert_cmpint (rig_get_symbol_error (batch, "pepe"), ==, QUOTES_SYMBOL_ERROR_NO_PRICE);
  g_assert_cmpint (rig_get_symbol_error (batch, "dogecoin"), ==, QUOTES_SYMBOL_ERROR_NOT_FOUND);

  g_assert_cmpfloat_with_epsilon (bitcoin->change, 35541 - 35541 / (1 - 0.02794491), 1e-6);
  g_assert_cmpfloat (bitcoin->change_pct, ==, -2.79);
  g_assert_cmpint (bitcoin->quote_time_us, ==, NOW_US - 22 * SECOND_US);
  g_assert_true (isnan (ethereum->change) && isnan (ethereum->change_pct));
  g_assert_cmpint (ethereum->change_basis, ==, QUOTES_CHANGE_BASIS_UNKNOWN);
  g_assert_cmpint (ethereum->quote_time_us, ==, 0);
}

typedef struct
{
  FakeClock *clock;         /* (owned) */
  QuotesHttp *http;         /* (owned) */
  QuotesUpstream *upstream; /* (owned) */
  QuotesProvider *provider; /* (owned) */
  ScriptedUpstream *server; /* (owned) */

  QuotesBatch *batch; /* (owned) (nullable): of the last round */
  GError *error;      /* (owned) (nullable) */
  gboolean is_done;
} Fixture;

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fixture->clock = fake_clock_new ();
  fixture->http = quotes_http_new (QUOTES_CLOCK (fixture->clock), NULL);
  fixture->server = scripted_upstream_new ();
  fixture->upstream = quotes_upstream_new (fixture->http, QUOTES_CLOCK (fixture->clock),
                                           quotes_coingecko_get_upstream_plan (),
                                           scripted_upstream_get_url (fixture->server));
  fixture->provider = quotes_coingecko_new (fixture->upstream, QUOTES_CLOCK (fixture->clock));
}

static void
forget (Fixture *fixture)
{
  g_clear_pointer (&fixture->batch, quotes_batch_free);
  g_clear_error (&fixture->error);
  fixture->is_done = FALSE;
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  forget (fixture);
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->provider));
  g_assert_finalize_object (g_steal_pointer (&fixture->upstream));
  g_assert_finalize_object (g_steal_pointer (&fixture->http));
  scripted_upstream_free (g_steal_pointer (&fixture->server));
  g_assert_finalize_object (g_steal_pointer (&fixture->clock));
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->batch = quotes_provider_fetch_finish (QUOTES_PROVIDER (source), result, &fixture->error);
  fixture->is_done = TRUE;
}

static void
begin (Fixture *fixture, const char *names, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) instruments = rig_make_instruments ("coingecko", names);

  forget (fixture);
  quotes_provider_fetch_async (fixture->provider, instruments, cancellable, fetched_cb, fixture);
  g_assert_false (fixture->is_done);
}

static void
fetch (Fixture *fixture, const char *names)
{
  begin (fixture, names, NULL);
  wait_until (fixture->is_done, WAIT_S);
}

static void
answer_file (Fixture *fixture, const char *prefix, guint status, const char *file)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", file, NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  scripted_upstream_answer (fixture->server, prefix, status, "Content-Type: application/json\r\n",
                            text, -1);
}

static guint
count (Fixture *fixture, const char *prefix)
{
  return scripted_visits_count (scripted_upstream_get_visits (fixture->server), prefix);
}

static void
test_a_round_is_one_request (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  answer_file (fixture, MARKETS, 200, "coingecko/markets.json");
  fetch (fixture, "bitcoin ethereum");
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->batch->quotes->len, ==, 2);
  g_assert_cmpuint (fixture->batch->n_requests, ==, 1);
  g_assert_cmpuint (count (fixture, "/"), ==, 1);
  g_assert_cmpuint (count (fixture, MARKETS "?vs_currency=usd&ids=bitcoin,ethereum&per_page=250"
                                            "&price_change_percentage=24h"),
                    ==, 1);
}

static char *
name_many (guint n)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (names, "%scoin-%u", i > 0 ? " " : "", i);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
test_a_page_holds_250_coins (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *most = name_many (250);
  g_autofree char *more = name_many (251);

  scripted_upstream_answer (fixture->server, MARKETS, 200, NULL, "[]", -1);
  fetch (fixture, most);
  g_assert_cmpuint (count (fixture, "/"), ==, 1);
  g_assert_cmpuint (g_hash_table_size (fixture->batch->symbol_errors), ==, 250);
  fetch (fixture, more);
  g_assert_cmpuint (count (fixture, "/"), ==, 3);
  g_assert_cmpuint (count (fixture, MARKETS "?vs_currency=usd&ids=coin-250&"), ==, 1);
  g_assert_cmpuint (g_hash_table_size (fixture->batch->symbol_errors), ==, 251);
  g_assert_cmpuint (fixture->batch->n_requests, ==, 2);
}

static void
test_a_refused_api_is_replaced_for_an_hour (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  answer_file (fixture, MARKETS, 403, "coingecko/wrong-currency.json");
  answer_file (fixture, SIMPLE, 200, "coingecko/simple.json");
  fetch (fixture, "bitcoin");
  g_assert_no_error (fixture->batch->error);
  g_assert_cmpfloat (rig_find_quote (fixture->batch, "bitcoin")->price, ==, 35541);
  g_assert_cmpuint (fixture->batch->n_requests, ==, 2);
  g_assert_cmpuint (count (fixture, SIMPLE "?ids=bitcoin&vs_currencies=usd&include_24hr_change=true"
                                           "&include_last_updated_at=true"),
                    ==, 1);

  fake_clock_advance_us (fixture->clock, 3599 * (gint64) SECOND_US);
  fetch (fixture, "bitcoin");
  g_assert_cmpuint (count (fixture, MARKETS), ==, 1);
  g_assert_cmpuint (count (fixture, SIMPLE), ==, 2);

  answer_file (fixture, MARKETS, 200, "coingecko/markets.json");
  fake_clock_advance_us (fixture->clock, 2 * SECOND_US);
  fetch (fixture, "bitcoin");
  g_assert_cmpuint (count (fixture, MARKETS), ==, 2);
  g_assert_cmpuint (count (fixture, SIMPLE), ==, 2);
}

/* The address that was given may hold the whole path already. */
static void
test_a_stand_in_may_have_the_api_at_its_root (Fixture *fixture,
                                              G_GNUC_UNUSED gconstpointer user_data)
{
  scripted_upstream_answer (fixture->server, "/api", 404, NULL, "{}", -1);
  answer_file (fixture, "/coins/markets", 200, "coingecko/markets.json");
  fetch (fixture, "bitcoin");
  g_assert_no_error (fixture->batch->error);
  g_assert_cmpuint (fixture->batch->quotes->len, ==, 1);
  g_assert_cmpuint (count (fixture, "/api"), ==, 1);
  fetch (fixture, "bitcoin");
  g_assert_cmpuint (count (fixture, "/api"), ==, 1);
  g_assert_cmpuint (count (fixture, "/coins/markets"), ==, 2);
}

static void
test_a_missing_api_is_replaced_too (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  scripted_upstream_answer (fixture->server, "/", 404, NULL, "{}", -1);
  answer_file (fixture, SIMPLE, 200, "coingecko/simple.json");
  fetch (fixture, "bitcoin");
  g_assert_no_error (fixture->batch->error);
  g_assert_cmpfloat (rig_find_quote (fixture->batch, "bitcoin")->price, ==, 35541);
  fetch (fixture, "bitcoin");
  g_assert_cmpuint (count (fixture, SIMPLE), ==, 2);
  g_assert_cmpuint (count (fixture, "/"), ==, 4);
}

static void
test_what_refuses_us_is_not_asked_twice (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const struct
  {
    guint status;
    const char *body;
    QuotesProviderError error;
  } cases[] = {
    {429, "{}", QUOTES_PROVIDER_ERROR_RATE_LIMITED},
    {403, "<html>", QUOTES_PROVIDER_ERROR_BLOCKED},
    {401, "{}", QUOTES_PROVIDER_ERROR_AUTH},
    {500, "{}", QUOTES_PROVIDER_ERROR_HTTP},
    {400, "Throttled", QUOTES_PROVIDER_ERROR_RATE_LIMITED},
    {200, "[{\"id\":5,\"current_price\":\"7\"},null,7]", QUOTES_PROVIDER_ERROR_BAD_DATA},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      scripted_upstream_answer (fixture->server, "/", cases[i].status, "Retry-After: 7\r\n",
                                cases[i].body, -1);
      fetch (fixture, "bitcoin");
      g_assert_error (fixture->batch->error, QUOTES_PROVIDER_ERROR, (int) cases[i].error);
      g_assert_cmpint (fixture->batch->retry_after_us, ==, 7 * SECOND_US);
      g_assert_cmpuint (count (fixture, "/"), ==, i + 1);
    }
}

static void
test_either_shape_is_understood (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  answer_file (fixture, MARKETS, 200, "coingecko/simple.json");
  fetch (fixture, "bitcoin");
  g_assert_cmpfloat (rig_find_quote (fixture->batch, "bitcoin")->price, ==, 35541);
  g_assert_cmpuint (count (fixture, "/"), ==, 1);
}

static void
test_a_round_can_be_cancelled (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  scripted_upstream_misbehave (fixture->server, "/", SCRIPTED_HANG);
  begin (fixture, "bitcoin", cancellable);
  wait_until (count (fixture, "/") == 1, WAIT_S);
  g_cancellable_cancel (cancellable);
  wait_until (fixture->is_done, WAIT_S);
  g_assert_null (fixture->batch);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/coingecko/markets-give-quotes-by-id", test_markets_give_quotes_by_id);
  g_test_add_func ("/coingecko/simple-prices-give-quotes", test_simple_prices_give_quotes);

#define add(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  add ("/coingecko/a-round-is-one-request", test_a_round_is_one_request);
  add ("/coingecko/a-page-holds-250-coins", test_a_page_holds_250_coins);
  add ("/coingecko/a-refused-api-is-replaced-for-an-hour",
       test_a_refused_api_is_replaced_for_an_hour);
  add ("/coingecko/a-stand-in-may-have-the-api-at-its-root",
       test_a_stand_in_may_have_the_api_at_its_root);
  add ("/coingecko/a-missing-api-is-replaced-too", test_a_missing_api_is_replaced_too);
  add ("/coingecko/what-refuses-us-is-not-asked-twice", test_what_refuses_us_is_not_asked_twice);
  add ("/coingecko/either-shape-is-understood", test_either_shape_is_understood);
  add ("/coingecko/a-round-can-be-cancelled", test_a_round_can_be_cancelled);
#undef add

  return g_test_run ();
}
