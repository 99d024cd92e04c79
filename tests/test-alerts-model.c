/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The alerts against a model that is plain and slow: random paths of prices, with gaps, stale
 * spells, contracts that roll, restarts, sleep and clocks that are set, have to make both fire at
 * the same moments, with the same figures. Whatever the model says, an alert must never fire by a
 * stale price, by a price of another contract, nor twice within its cool-down. */

#include "config.h"

#include <stdlib.h>

#include "alert-model.h"
#include "catalog-file.h"
#include "fake-clock.h"
#include "fake-provider.h"
#include "quotes-alerts.h"

#define N_PATHS 10000
#define SEED 20250301

#define SECOND_US ((gint64) G_USEC_PER_SEC)
#define HOUR_US (3600 * SECOND_US)
#define DAY_US (24 * HOUR_US)
#define INTERVAL_US (30 * SECOND_US)

typedef struct
{
  GRand *random;          /* (unowned) */
  QuotesCatalog *catalog; /* (unowned) */
  FakeClock *clock;       /* (owned) */
  QuotesWatchlist *list;  /* (owned) */
  QuotesHub *hub;         /* (owned) */
  QuotesPoller *poller;   /* (owned) (nullable): only with an alert of a provider */
  FakeProvider *provider; /* (owned) (nullable) */
  QuotesAlerts *alerts;   /* (owned) */
  AlertModel *model;      /* (owned) */
  QuotesAlert *saved;     /* (owned): what a store has */
  GPtrArray *fired;       /* (owned) (element-type QuotesAlertFired) */
  guint n_digested;
  gint64 slept_us;      /* as far as somebody told */
  gint64 last_fired_us; /* of this run, true time; 0 = not in this run */
  QuotesQuote quote;    /* what the next one is like */
  const char *shown[2]; /* the contracts of the last two fresh prices of this run */
  guint n_shown;
} Path;

static gint64
get_awake_us (Path *path)
{
  return quotes_clock_get_monotonic_us (QUOTES_CLOCK (path->clock));
}

static gint64
get_now_us (Path *path)
{
  return get_awake_us (path) + path->slept_us;
}

static gint64
get_real_us (Path *path)
{
  return quotes_clock_get_real_us (QUOTES_CLOCK (path->clock));
}

static gint64
random_us (Path *path, gint64 from_s, gint64 to_s)
{
  return (gint64) g_rand_double_range (path->random, (double) from_s, (double) to_s) * SECOND_US +
         g_rand_int_range (path->random, 0, 1000) * 1000;
}

static double
pick (Path *path, const double *from, guint n)
{
  return from[g_rand_int_range (path->random, 0, (int) n)];
}

#define PICK(path, ...)                                                                            \
  pick (path, (const double[]){__VA_ARGS__}, sizeof ((double[]){__VA_ARGS__}) / sizeof (double))

/* The model is told first, so that what the engine says can be compared with it at once. */
static void
hub_changed_cb (Path *path, G_GNUC_UNUSED QuotesSnapshot *snapshot, GPtrArray *changed)
{
  for (guint i = 0; i < changed->len; i++)
    {
      QuotesQuote *quote = g_ptr_array_index (changed, i);

      if (quote->stale_reason == QUOTES_STALE_REASON_NONE)
        {
          path->shown[0] = path->shown[1];
          path->shown[1] = quote->contract;
          path->n_shown++;
        }
      alert_model_take (path->model, quote, get_now_us (path), get_real_us (path));
    }
}

static gboolean
is_failing (Path *path, gboolean *is_known)
{
  g_autoptr (GPtrArray) statuses = quotes_poller_dup_statuses (path->poller);
  const QuotesProviderStatus *status = g_ptr_array_index (statuses, 0);

  *is_known = !g_str_equal (status->state, "waiting");
  return !g_str_equal (status->state, "ok") && !g_str_equal (status->state, "idle");
}

/* What happened to a provider's alert while nothing else did. */
static void
elapse (Path *path)
{
  AlertModel *model = path->model;
  gint64 due_us = model->failing_since_us + model->alert.window_us;
  gint64 ago_us = get_awake_us (path) - due_us;

  if (model->failing_since_us >= 0 && ago_us >= 0)
    alert_model_take_provider (model, TRUE, due_us, get_now_us (path) - ago_us,
                               get_real_us (path) - ago_us);
}

static void
show_provider (Path *path)
{
  gboolean is_known = FALSE;
  gboolean fails = is_failing (path, &is_known);

  elapse (path);
  if (is_known)
    alert_model_take_provider (path->model, fails, get_awake_us (path), get_now_us (path),
                               get_real_us (path));
}

static void
saved_cb (Path *path, QuotesAlert *alert)
{
  g_clear_pointer (&path->saved, quotes_alert_unref);
  path->saved = quotes_alert_ref (alert);
}

static void
fired_cb (Path *path, QuotesAlertFired *fired)
{
  const QuotesAlert *alert = fired->alert;

  g_ptr_array_add (path->fired, quotes_alert_fired_ref (fired));
  if (alert->is_repeating && path->last_fired_us != 0)
    g_assert_cmpint (get_now_us (path) - path->last_fired_us, >=, alert->cooldown_us);
  path->last_fired_us = get_now_us (path);
  if (alert->kind == QUOTES_ALERT_PROVIDER || alert->kind == QUOTES_ALERT_STALE)
    return;
  g_assert_cmpint (quotes_hub_lookup (path->hub, "XAU")->stale_reason, ==,
                   QUOTES_STALE_REASON_NONE);
  /* That a contract is named for the first time is no roll. */
  if (path->n_shown > 1 && path->shown[0] != NULL)
    g_assert_cmpstr (path->shown[0], ==, path->shown[1]);
}

static void
digest_cb (Path *path, GPtrArray *fired)
{
  path->n_digested += fired->len;
}

static void
start (Path *path)
{
  static const char *const texts[] = {"XAU", NULL};

  path->list = quotes_watchlist_new (path->catalog);
  quotes_watchlist_load (path->list, texts);
  path->hub = quotes_hub_new (path->list, QUOTES_CLOCK (path->clock));
  if (path->model->alert.kind == QUOTES_ALERT_PROVIDER)
    {
      g_autoptr (QuotesBreaker) breaker = quotes_breaker_new (
        QUOTES_CLOCK (path->clock), 60 * SECOND_US, 900 * SECOND_US, g_rand_new_with_seed (2));

      path->provider = fake_provider_new ("yahoo");
      path->poller =
        quotes_poller_new (path->hub, QUOTES_CLOCK (path->clock), g_rand_new_with_seed (1));
      quotes_poller_add_provider (path->poller, QUOTES_PROVIDER (path->provider), breaker);
      g_signal_connect_swapped (path->poller, "cycle", G_CALLBACK (show_provider), path);
    }
  g_signal_connect_swapped (path->hub, "changed", G_CALLBACK (hub_changed_cb), path);
  path->alerts = quotes_alerts_new (path->hub, path->poller, QUOTES_CLOCK (path->clock));
  g_signal_connect_swapped (path->alerts, "saved", G_CALLBACK (saved_cb), path);
  g_signal_connect_swapped (path->alerts, "fired", G_CALLBACK (fired_cb), path);
  g_signal_connect_swapped (path->alerts, "digest", G_CALLBACK (digest_cb), path);
  path->last_fired_us = 0;
  path->n_shown = 0;
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
stop (Path *path)
{
  g_assert_finalize_object (g_steal_pointer (&path->alerts));
  if (path->poller != NULL)
    {
      g_signal_handlers_disconnect_by_data (path->poller, path);
      quotes_poller_stop (path->poller);
      if (fake_provider_is_waiting (path->provider))
        fake_provider_answer (path->provider, 1);
      settle ();
      g_assert_finalize_object (g_steal_pointer (&path->poller));
      g_assert_finalize_object (g_steal_pointer (&path->provider));
    }
  g_assert_finalize_object (g_steal_pointer (&path->hub));
  g_assert_finalize_object (g_steal_pointer (&path->list));
  g_assert_cmpuint (fake_clock_get_n_alarms (path->clock), ==, 0);
}

static void
send_quote (Path *path)
{
  g_autoptr (GPtrArray) quotes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);

  path->quote.fetched_us = get_real_us (path);
  g_ptr_array_add (quotes, quotes_quote_new (&path->quote));
  quotes_hub_take_quotes (path->hub, quotes, INTERVAL_US);
}

/* Mostly small steps, sometimes a jump; always another price, on the cent. */
static void
move_price (Path *path)
{
  double step = PICK (path, 0.01, 0.05, 0.1, 0.2, 0.5, 0.5, 1, 2, 3, 6);
  double price = path->quote.price + (g_rand_boolean (path->random) ? step : -step);

  if (price < 85 || price > 115)
    price = 100 + (price - 100) / 2;
  price = round (price * 100) / 100;
  path->quote.price = price != path->quote.price ? price : price + 0.01;
  if (path->quote.change_basis == QUOTES_CHANGE_BASIS_ROLLING_24H)
    path->quote.change_pct = path->quote.price - 100;
}

static void
tick (Path *path)
{
  move_price (path);
  send_quote (path);
}

/* Nothing comes for so long that the price gets stale. */
static void
wait_long (Path *path)
{
  fake_clock_advance_us (path->clock, random_us (path, 61, 1200));
}

static void
roll (Path *path)
{
  static const char *const contracts[] = {NULL, "Gold Dec 26", "Gold Feb 27"};

  path->quote.contract = contracts[g_rand_int_range (path->random, 0, 3)];
  if (g_rand_int_range (path->random, 0, 4) == 0)
    path->quote.quoted_as = path->quote.quoted_as == NULL ? "GBp" : NULL;
  tick (path);
}

static void
begin_session (Path *path)
{
  if (path->quote.change_basis == QUOTES_CHANGE_BASIS_ROLLING_24H)
    return;
  path->quote.previous_close = g_rand_int_range (path->random, 0, 8) == 0
                                 ? NAN
                                 : path->quote.price + PICK (path, 0, 0.5, -0.5, 2);
  tick (path);
}

static void
switch_it (Path *path)
{
  gboolean is_enabled = !path->model->is_enabled;
  QuotesQuote *quote = quotes_hub_lookup (path->hub, "XAU");

  alert_model_set_enabled (path->model, is_enabled);
  if (is_enabled && quote != NULL && path->poller == NULL)
    alert_model_take (path->model, quote, get_now_us (path), get_real_us (path));
  if (is_enabled && path->poller != NULL)
    show_provider (path);
  g_assert_true (quotes_alerts_set_enabled (path->alerts, path->saved->id, is_enabled, NULL));
}

static void
snooze (Path *path)
{
  gint64 duration_us = g_rand_int_range (path->random, 0, 4) == 0 ? 0 : random_us (path, 10, 1800);

  alert_model_snooze (path->model, get_now_us (path), get_real_us (path), duration_us);
  g_assert_true (quotes_alerts_snooze (path->alerts, path->saved->id, duration_us, NULL));
}

static gint64
random_step_us (Path *path)
{
  return (gint64) PICK (path, -86400, 86400, -3600, 3600, -5, 5) * SECOND_US;
}

/* Somebody sets the clock, and then a price comes. */
static void
set_clock (Path *path)
{
  gint64 step_us = random_step_us (path);

  fake_clock_step_real_us (path->clock, step_us);
  if (ABS (step_us) >= 10 * SECOND_US)
    alert_model_lose_time (path->model);
  tick (path);
}

/* Sometimes a price comes before anybody says that the machine was asleep. */
static void
sleep_long (Path *path)
{
  gint64 slept_us = random_us (path, 20, 7200);
  QuotesQuote *quote = NULL;

  fake_clock_step_real_us (path->clock, slept_us);
  if (path->poller == NULL && g_rand_int_range (path->random, 0, 3) == 0)
    {
      alert_model_lose_time (path->model);
      tick (path);
      fake_clock_advance_us (path->clock, random_us (path, 0, 25));
    }
  quote = quotes_hub_lookup (path->hub, "XAU");
  alert_model_sleep (path->model, get_now_us (path), quote != NULL ? quote->fetched_us : 0);
  path->slept_us += slept_us;
  quotes_alerts_note_gap (path->alerts);
}

static void
leave_and_come (Path *path)
{
  if (path->poller != NULL)
    return;
  alert_model_begin_anew (path->model);
  path->model->is_awaiting = FALSE;
  g_assert_true (quotes_watchlist_remove (path->list, "XAU", NULL));
  g_assert_nonnull (quotes_watchlist_add (path->list, "XAU", &(gboolean){FALSE}, NULL));
  path->n_shown = 0;
}

static void
restart (Path *path)
{
  g_autoptr (QuotesSnapshot) snapshot = quotes_snapshot_ref (quotes_hub_get_snapshot (path->hub));
  g_autoptr (GPtrArray) alerts =
    g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_alert_unref);
  gint64 stopped_us = get_now_us (path);

  g_ptr_array_add (alerts, quotes_alert_ref (path->saved));
  stop (path);
  fake_clock_advance_us (path->clock, random_us (path, 0, 7200));
  if (g_rand_int_range (path->random, 0, 4) == 0)
    fake_clock_step_real_us (path->clock, random_step_us (path));

  start (path);
  alert_model_restart (path->model, stopped_us, get_now_us (path), get_real_us (path));
  quotes_alerts_load (path->alerts, alerts);
  if (path->poller != NULL)
    quotes_poller_start (path->poller);
  else if (g_rand_int_range (path->random, 0, 4) != 0)
    quotes_hub_adopt_snapshot (path->hub, snapshot);
}

static void
ask_provider (Path *path)
{
  fake_clock_advance_us (path->clock, random_us (path, 1, 90));
  settle ();
  if (!fake_provider_is_waiting (path->provider))
    return;
  /* It is well or ill for a while. */
  if (path->quote.volume > 0)
    fake_provider_fail (path->provider, QUOTES_PROVIDER_ERROR_NETWORK, -1);
  else
    fake_provider_answer (path->provider, 100);
  settle ();
  if (g_rand_int_range (path->random, 0, 8) == 0)
    path->quote.volume = -path->quote.volume;
}

/* What has to hold after everything that happens. */
static void
compare (Path *path)
{
  const QuotesAlert *alert = g_ptr_array_index (quotes_alerts_get_list (path->alerts), 0);
  const AlertModel *model = path->model;
  guint n_missed = 0;

  if (path->poller != NULL)
    elapse (path);
  g_assert_cmpuint (path->fired->len, ==, model->fires->len);
  for (guint i = 0; i < path->fired->len; i++)
    {
      const QuotesAlertFired *fired = g_ptr_array_index (path->fired, i);
      const AlertModelFire *expected = &g_array_index (model->fires, AlertModelFire, i);

      g_assert_cmpfloat_with_epsilon (fired->value, expected->value, 1e-6);
      g_assert_cmpint (fired->fired_us, ==, expected->real_us);
      g_assert_cmpint (fired->is_missed, ==, expected->is_missed);
      n_missed += (guint) fired->is_missed;
    }
  g_assert_cmpuint (path->n_digested, ==, n_missed);
  g_assert_cmpuint (alert->n_fired, ==, model->fires->len);
  g_assert_cmpint (alert->is_enabled, ==, model->is_enabled);
  g_assert_cmpint (alert->is_armed, ==, model->is_armed);
  g_assert_cmpint (alert->snoozed_until_us != 0, ==, get_now_us (path) < model->snoozed_until_us);
  /* What a store has is what there is. */
  g_assert_true (alert == path->saved);
}

static void
take_step (Path *path)
{
  int what = g_rand_int_range (path->random, 0, 100);

  if (what < 3)
    roll (path);
  else if (what < 6)
    begin_session (path);
  else if (what < 9)
    wait_long (path);
  else if (what < 12)
    switch_it (path);
  else if (what < 15)
    snooze (path);
  else if (what < 18 && path->poller == NULL)
    set_clock (path);
  else if (what < 20)
    sleep_long (path);
  else if (what < 22)
    restart (path);
  else if (what < 23)
    leave_and_come (path);
  else if (path->poller != NULL)
    ask_provider (path);
  else
    {
      fake_clock_advance_us (path->clock, random_us (path, 1, 40));
      tick (path);
    }
}

static QuotesAlert
make_alert (Path *path, guint i)
{
  QuotesAlert alert = QUOTES_ALERT_INIT;

  alert.kind = (QuotesAlertKind) (i % QUOTES_N_ALERT_KINDS);
  alert.symbol = alert.kind != QUOTES_ALERT_PROVIDER ? "XAU" : NULL;
  alert.provider = alert.kind == QUOTES_ALERT_PROVIDER ? "yahoo" : NULL;
  if (alert.kind == QUOTES_ALERT_ABOVE || alert.kind == QUOTES_ALERT_BELOW)
    alert.level = PICK (path, 95, 97.5, 99.99, 100, 100.37, 103);
  if (alert.kind == QUOTES_ALERT_MOVE || alert.kind == QUOTES_ALERT_CHANGE)
    {
      alert.percent = PICK (path, 0.05, 0.5, 1, 2, 3, 5);
      alert.direction = (QuotesAlertDirection) g_rand_int_range (path->random, 0, 3);
    }
  if (alert.kind == QUOTES_ALERT_MOVE)
    alert.window_us = (gint64) PICK (path, 10, 60, 300, 900, 86400) * SECOND_US;
  if (alert.kind == QUOTES_ALERT_PROVIDER)
    alert.window_us = (gint64) PICK (path, 60, 300, 600) * SECOND_US;
  alert.is_repeating = g_rand_int_range (path->random, 0, 4) != 0;
  alert.cooldown_us = (gint64) PICK (path, 0, 0, 45, 300, 3600) * SECOND_US;
  alert.hysteresis_percent = PICK (path, 0, 0.1, 0.5, 1, 5);
  return alert;
}

static void
begin (Path *path, guint i)
{
  QuotesAlert fields = make_alert (path, i);
  QuotesQuote quote = QUOTES_QUOTE_INIT;
  QuotesQuote *first = NULL;

  path->model = alert_model_new (&fields);
  /* Else the first price would be taken for what it compares with. */
  path->model->is_enabled = FALSE;
  start (path);

  quote.symbol = quote.provider_symbol = quote.name = "XAU";
  quote.instrument = g_intern_string (quotes_watchlist_lookup (path->list, "XAU")->text);
  quote.currency = "USD";
  quote.source = "fake";
  quote.price = 100;
  quote.volume = 1;
  quote.previous_close = PICK (path, 100, 99, 101, NAN);
  quote.contract = g_rand_boolean (path->random) ? "Gold Dec 26" : NULL;
  if (g_rand_int_range (path->random, 0, 5) == 0)
    {
      quote.change_basis = QUOTES_CHANGE_BASIS_ROLLING_24H;
      quote.previous_close = NAN;
      quote.change_pct = 0;
      quote.contract = NULL;
    }
  path->quote = quote;
  if (path->poller != NULL)
    quotes_poller_start (path->poller);
  else if (g_rand_boolean (path->random))
    tick (path);
  if (g_rand_int_range (path->random, 0, 4) == 0)
    wait_long (path);

  path->model->is_enabled = TRUE;
  first = quotes_hub_lookup (path->hub, "XAU");
  if (first != NULL && path->poller == NULL)
    alert_model_take (path->model, first, get_now_us (path), get_real_us (path));
  g_assert_nonnull (quotes_alerts_add (path->alerts, &fields, NULL));
}

static void
run_path (GRand *random, QuotesCatalog *catalog, guint i, guint *n_fires, guint *n_missed)
{
  Path path = {.random = random, .catalog = catalog};
  int n_steps = g_rand_int_range (random, 50, 200);

  path.clock = fake_clock_new ();
  path.fired = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_alert_fired_unref);
  begin (&path, i);
  compare (&path);
  for (int k = 0; k < n_steps; k++)
    {
      take_step (&path);
      compare (&path);
    }
  *n_fires += path.fired->len;
  *n_missed += path.n_digested;

  stop (&path);
  g_assert_finalize_object (g_steal_pointer (&path.clock));
  quotes_alert_unref (path.saved);
  g_ptr_array_unref (path.fired);
  alert_model_free (path.model);
}

/* Fewer where everything is slow: a ninth of them under the sanitizers, a hundredth under valgrind.
 */
static guint
get_n_paths (void)
{
  const char *text = g_getenv ("MARKETWELL_TEST_SLOW");
  double slow = text != NULL ? g_ascii_strtod (text, NULL) : 1;

  return (guint) (N_PATHS / CLAMP (slow * slow, 1, 100));
}

static void
test_as_the_model_says (void)
{
  g_autoptr (QuotesCatalog) catalog = load_shipped_catalog ();
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  guint n_paths = get_n_paths ();
  guint n_fires = 0;
  guint n_missed = 0;

  for (guint i = 0; i < n_paths; i++)
    run_path (random, catalog, i, &n_fires, &n_missed);

  if (n_paths < N_PATHS)
    g_test_message ("Only %u of %d paths, because everything is slow", n_paths, N_PATHS);
  g_test_message ("PROMISE alerts paths=%u fires=%u missed=%u", n_paths, n_fires, n_missed);
  g_assert_cmpuint (n_fires, >, n_paths);
  g_assert_cmpuint (n_missed, >, n_paths / 50);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/alerts/they-fire-exactly-when-the-model-says", test_as_the_model_says);

  return g_test_run ();
}
